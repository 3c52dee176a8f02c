"""The receipt of a number: what it means, how it was made, from which files, and a recompute that must give it again."""

from typing import Any

import polars as pl
import streamlit as st

from metrics.receipt import query_hash
from metrics.sql import Query
from pages.parts import export, look, sensitive
from pages.parts.ask import ask
from pages.parts.chosen import Chosen
from pages.parts.figures import Figure, open_rows, recomputed, same
from pages.parts.grid import QUIET, grid
from pages.parts.notice import plain
from pages.parts.page import Visit
from pipelines.graph import feeding

ROWS_SHOWN = 200
LOADS = "select file_name, contract, source, accepted, set_aside, loaded_at, who from raw.loads order by loaded_at desc, contract"


def show(visit: Visit, number: Figure) -> None:
    """Opens the receipt in a drawer."""

    @st.dialog(f"Receipt · {plain(number.title)}", width=720, position="right", icon=":material/receipt_long:")
    def drawer() -> None:
        look.drawer()
        body(visit, number)

    drawer()


def body(visit: Visit, number: Figure) -> None:
    """The receipt itself, wherever it stands."""
    st.html(f'<div class="cd-big">{visit.words.exact(number.value, number.unit, number.because)}</div>')
    if number.question:
        look.note(number.question)
    _recompute(visit, number)
    look.title("What it means")
    look.pairs(_meaning(visit, number))
    look.title("What it covers")
    look.pairs(_cover(visit, number))
    look.title(
        "Rows behind it",
        f"the first {ROWS_SHOWN} of {visit.words.count(number.row_count)}"
        if number.row_count > ROWS_SHOWN
        else "all of them",
    )
    _rows(visit, number)
    look.title("Files behind it", "the nearest to these rows first")
    loads(visit, number.reads)
    with st.expander("SQL", icon=":material/code:"):
        st.code(_spelt(number.sql, number.params), language="sql", wrap_lines=True)


def table_button(
    visit: Visit, frame: pl.DataFrame, *, title: str, source: str, chosen: Chosen | None, key: str
) -> None:
    """A button that opens the receipt of a whole table."""
    if st.button("Receipt", key=key, icon=":material/receipt_long:", type="tertiary"):
        _table_drawer(visit, frame, title, source, chosen)


def loads(visit: Visit, table: str) -> None:
    """The files of this build whose rows a table is made of, the nearest extract first; every file for a table of its own."""
    nearest = {name: place for place, name in enumerate(feeding(table))}
    found = ask(visit, LOADS)
    if nearest:
        found = found.filter(pl.col("contract").is_in(list(nearest)))
        found = found.sort(pl.col("contract").replace_strict(nearest, return_dtype=pl.Int64), maintain_order=True)
    if found.is_empty():
        look.note("No file is on record for it.")
        return
    grid(
        visit,
        found,
        key=f"receipt_loads_{table.replace('.', '_')}",
        alt="Files behind this number",
        height=min(35 * (found.height + 1) + 3, 180),
    )


def _table_drawer(visit: Visit, frame: pl.DataFrame, title: str, source: str, chosen: Chosen | None) -> None:
    @st.dialog(f"Receipt · {plain(title)}", width=720, position="right", icon=":material/receipt_long:")
    def drawer() -> None:
        look.drawer()
        look.title("What it covers")
        filters = "; ".join(chosen.in_words(visit.words)) if chosen else "as chosen on the page"
        look.pairs(
            {"Table": source, "Rows shown": visit.words.count(frame.height), "Filters": filters, **_build(visit)}
        )
        look.title("Files behind it", "the nearest to these rows first")
        loads(visit, source)

    drawer()


def _recompute(visit: Visit, number: Figure) -> None:
    if not st.button("Recompute", key="receipt_recompute", icon=":material/calculate:"):
        return
    again = recomputed(visit, number)
    if same(again, number.value):
        st.success(
            f"Computed again from the build: {visit.words.exact(again, number.unit)}. The same.",
            icon=":material/check_circle:",
        )
    else:
        st.error(
            f"Computed again: {visit.words.exact(again, number.unit)}, which differs. Please report it with build {visit.build.build_id}.",
            icon=":material/error:",
        )


def _meaning(visit: Visit, number: Figure) -> dict[str, str]:
    metric = number.metric
    if metric is None:
        return {"Definition": number.question or f"counted straight off {number.reads}", "Unit": number.unit}
    return {
        "Definition": f"{metric.name}, version {metric.version}",
        "Formula": metric.formula,
        "Counts": "every row" if metric.where in ("true", "") else f"rows where {metric.where}",
        "Above the line": visit.words.exact(number.numerator, "number"),
        "Below the line": visit.words.exact(number.denominator, "number"),
        "Beware": metric.caution,
        "Owner": metric.owner,
        "Source": metric.source,
    }


def _cover(visit: Visit, number: Figure) -> dict[str, str]:
    cover = {
        "Filters": "; ".join(number.filters) or "none",
        "Rows": visit.words.count(number.row_count),
        "Table": number.reads,
    }
    if number.not_applied:
        cover["Not cut by"] = ", ".join(number.not_applied) + " (this number does not know it)"
    if number.metric is not None:
        cover["Question hash"] = query_hash(number.metric, Query(number.sql, number.params))[:16]
    return {**cover, **_build(visit)}


def _build(visit: Visit) -> dict[str, str]:
    facts = visit.facts
    return {
        "Build": str(facts.get("build_id", visit.build.build_id)),
        "Built": f"{visit.words.ago(facts.get('built_at'))} ({visit.words.instant(facts.get('built_at'))})",
        "Data to": visit.words.date(visit.as_of),
    }


def _rows(visit: Visit, number: Figure) -> None:
    some = open_rows(visit, number, ROWS_SHOWN)
    if some.is_empty():
        look.note("No row passes these filters.")
        return
    shown = [column for column in some.columns if column not in QUIET]
    grid(visit, some.select(shown), key="receipt_rows", alt=f"Rows behind {number.title}", height=246)
    if left_out := sensitive.said(visit, some.columns):
        look.note(left_out)
    with st.container(horizontal=True, key="tools_receipt"):
        export.buttons(
            visit,
            lambda: open_rows(visit, number, 100_000),
            name=number.name,
            title=number.title,
            key="receipt_export",
            source=number.reads,
            more={"Filters": "; ".join(number.filters), **_meaning(visit, number)},
        )


def _spelt(sql: str, params: tuple[Any, ...]) -> str:
    """The statement as it was asked, with its parameters listed in their order."""
    return sql + "".join(f"\n-- ?{place}: {value!r}" for place, value in enumerate(params, start=1))
