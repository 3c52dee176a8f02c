"""Numbers on cards: value, change in words, a small trend; the card leads to its page, the corner to its receipt."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from metrics.definition import definition
from pages.parts import receipt
from pages.parts.chosen import Chosen
from pages.parts.figures import Figure, figure
from pages.parts.kept import Kept, place
from pages.parts.page import Visit
from pages.parts.spark import spark
from pages.parts.trends import trend

SPARK_POINTS = 12
FACES: Kept[str] = Kept(at_most=1000)


def strip(
    visit: Visit, chosen: Chosen, numbers: Sequence[str | Figure], *, to: Mapping[str, str] | None = None
) -> None:
    """One row of cards, at most seven; each opens its receipt, or the page named in `to` with the same filters."""
    with st.grid(max(len(numbers), 4), min_column_width=140, gap="xsmall", key="kpi_strip"):
        for nth, number in enumerate(numbers[:7]):
            with st.container(key=f"kpi_card_{nth}", gap=None):
                card(visit, chosen, number, nth=nth, to=(to or {}).get(_name(number)))


def card(visit: Visit, chosen: Chosen, number: str | Figure, *, nth: int, to: str | None = None) -> None:
    """One card, 84 px high."""
    now = number if isinstance(number, Figure) else figure(visit, number, chosen)
    door = visit.door(to) if to and to != visit.here else None
    with st.container(key=f"kpi_go_{nth}", gap=None):
        if door is not None:
            st.page_link(
                door, label=now.title, icon="", query_params={"company": visit.company.name, **chosen.query_params()}
            )
            opened = False
        else:
            opened = st.button(now.title, key=f"kpi_open_{nth}", type="tertiary")
    asked = st.button(
        f"Receipt of {now.title}",
        key=f"kpi_why_{nth}",
        icon=":material/receipt_long:",
        type="tertiary",
        help=now.question or None,
    )
    key = (*place(visit), visit.words, now.title, now.sql, repr(now.params), repr(chosen), now.because)
    st.html(FACES.get(key, lambda: _face(visit, chosen, number, now)))
    if opened or asked:
        receipt.show(visit, now)


def number(visit: Visit, shown: Figure, *, key: str, label: str | None = None) -> None:
    """One number as text that opens its receipt."""
    text = label or visit.words.value(shown.value, shown.unit, shown.because)
    if st.button(text, key=key, type="tertiary", help=f"Receipt of {shown.title}"):
        receipt.show(visit, shown)


def _face(visit: Visit, chosen: Chosen, number: str | Figure, now: Figure) -> str:
    before = None
    if isinstance(number, str) and chosen.earlier and definition(number).date is not None:
        before = figure(visit, number, chosen.earlier)
    words, line = visit.words, _spark(visit, chosen, number)
    if now.value is None:
        said = escape(now.because or "nothing to divide by", quote=True)
        why = f'<div class="cd-kpi-change" title="{said}">{said}</div>'
        return f'<div class="cd-kpi"><div class="cd-kpi-value cd-none">no data</div>{why}</div>'
    exact = escape(words.exact(now.value, now.unit))
    value = f'<div class="cd-kpi-value" title="{exact}">{escape(words.value(now.value, now.unit))}</div>'
    return f'<div class="cd-kpi">{value}<div>{line}</div><div class="cd-kpi-change">{_moved(visit, chosen, now, before)}</div></div>'


def _moved(visit: Visit, chosen: Chosen, now: Figure, before: Figure | None) -> str:
    """The last line of a card: the change in words, with what it is compared to under the pointer."""
    left_out = " · ".join(f"all {column.split('_')[0]}s" for column in now.not_applied)
    if before is None or chosen.before is None:
        return escape(left_out or visit.words.plural(now.row_count, "row"))
    change = visit.words.change(now.value, before.value, now.unit, now.better)
    against = escape(f"against {visit.words.exact(before.value, before.unit)}, {visit.words.span(*chosen.before)}")
    if not change.arrow:
        return f'<span title="{against}">nothing earlier to compare</span>'
    said = f'<span class="cd-{change.tone}" title="{against}">{change.arrow} {escape(change.word)} {escape(change.text)}</span>'
    return f"{said} {escape(left_out)}"


def _spark(visit: Visit, chosen: Chosen, number: str | Figure) -> str:
    if isinstance(number, Figure) or definition(number).date is None:
        return ""
    line = trend(visit, number, chosen, at_least=SPARK_POINTS)
    if definition(number).kind == "sum":
        line = line.filter("is_whole") if line.height else line
    points = [None if value is None else float(value) for value in line["value"].to_list()] if line.height else []
    known = [value for value in points if value is not None]
    if len(known) < 2:
        return ""
    unit = definition(number).unit
    said = [visit.words.value(value, unit) for value in (known[0], known[-1], min(known), max(known))]
    return spark(points, f"Trend from {said[0]} to {said[1]}, between {said[2]} and {said[3]}")


def _name(number: Any) -> str:
    return number if isinstance(number, str) else number.name
