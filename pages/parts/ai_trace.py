"""From the net value down to its rows, and from a row to the decision, the measured effect or the assumption that it comes from."""

from typing import Any

import polars as pl
import streamlit as st

from pages.parts import look, tables
from pages.parts.ai_head import LEDGER, Head
from pages.parts.ai_must_be_true import own
from pages.parts.ask import ask, between, has_rows, mart
from pages.parts.grid import SHOWN_AT_MOST
from pages.parts.page import Visit

COLUMNS = [
    "month_date", "earning_source_name", "use_case_name", "mechanism_name", "net_earned_amount", "benefit_amount", "error_cost_amount",
    "rework_amount", "review_amount", "ai_cost_amount", "evidence_grade", "source_grade",
]  # fmt: skip
LABELS = {
    "month_date": "Month",
    "earning_source_name": "Comes from",
    "use_case_name": "Use case",
    "mechanism_name": "What",
    "net_earned_amount": "Net",
    "benefit_amount": "Benefit",
    "error_cost_amount": "Errors",
    "rework_amount": "Rework",
    "review_amount": "Review",
    "ai_cost_amount": "Cost of AI",
    "evidence_grade": "Evidence",
    "source_grade": "Source of cost",
    "proposal_id": "Decision",
}
DECISION = [
    "proposal_id", "proposed_date", "decider_name", "proposer_name", "order_id", "po_id", "sku_name", "site_name", "customer_name",
    "supplier_name", "benefit_amount", "error_cost_amount", "handling_amount", "horizon_date", "outcome_text",
]  # fmt: skip


# The lines that a decision rests on: the column of the decision that names them, and their table.
LINES = {"po_id": "marts.purchase_lines", "order_id": "marts.order_lines"}
LINE = [
    "sku_name",
    "site_name",
    "ordered_date",
    "due_date",
    "ordered_qty",
    "received_qty",
    "shipped_qty",
    "ordered_amount",
    "net_amount",
]
DEPENDS = """
    select moved.assumption_name as assumption, held.meaning_text, held.assumed_number, held.unit_name, held.source_grade, held.source_text,
        moved.elasticity_number
    from scores.ai_dependences as moved
    left join raw.assumptions as held on held.assumption_name = moved.assumption_name
    where moved.affected_name = ?
    order by abs(moved.elasticity_number) desc nulls last, moved.assumption_name
"""
MOVES = {
    "assumption": "Assumption",
    "meaning_text": "Means",
    "assumed_number": "Value",
    "unit_name": "Unit",
    "source_grade": "Grade",
    "source_text": "Source",
    "elasticity_number": "Per cent for a per cent",
}


def rows(visit: Visit, head: Head | None) -> None:
    """Draws the rows of the net value, the largest either way first; a picked one leads on to where it comes from."""
    if head is None:
        return
    found = mart(visit, LEDGER, where={"month_date": between(head.since, head.until)}, order_by=("ledger_row_key",))
    found = found.with_columns(pl.col("mechanism_name").str.replace_all("_", " ")).sort(
        pl.col("net_earned_amount").abs(), descending=True, nulls_last=True, maintain_order=True
    )
    picked = tables.show(
        visit, found, name="ai_rows", title="Every row of the net value, the largest either way first", columns=COLUMNS, labels=LABELS,
        source=LEDGER, pick=True, chosen=head.chosen, note=f"Pick a row to see where it comes from.{left(visit, found)}",
    )  # fmt: skip
    if picked:
        _origin(visit, picked)


def left(visit: Visit, found: pl.DataFrame) -> str:
    """What the rows that are not drawn come to, in a sentence; empty where all are."""
    rest = found.slice(SHOWN_AT_MOST)["net_earned_amount"]
    if rest.is_empty():
        return ""
    return f" The other {visit.words.count(rest.len())} come to {visit.words.money(rest.sum())} net; the downloads hold all."


def _origin(visit: Visit, row: dict[str, Any]) -> None:
    """Where one row comes from: the decision, its outcome and its lines of files, or how the effect was measured or the cost accrued."""
    if row["proposal_id"] and has_rows(visit, "marts.decisions"):
        found = mart(visit, "marts.decisions", where={"proposal_id": row["proposal_id"]})
        if found.height:
            known = {name: found[name][0] for name in DECISION if found[name][0] is not None}
            tables.detail(visit, known, title="The decision and what came of it", name="ai_origin")
            _lines(visit, known)
            _way(visit, "decisions", "Every proposal", tab="all")
            return
    with st.container(key="panel_ai_origin"):
        look.title("Where it comes from")
        look.note(origin(row))
    match row["earning_source_name"]:
        case "use case":
            _way(visit, "value", "How it was measured", tab="measured")
        case "accrued cost" if has_rows(visit, "scores.ai_dependences"):
            _rests_on(visit, str(row["mechanism_name"]))
        case "accrued cost":
            _way(visit, "assumptions", "Assumptions")
        case _:
            _way(visit, "cost", "Calls and bills", tab="usage")


def _lines(visit: Visit, known: dict[str, Any]) -> None:
    """The lines of the order or purchase that the decision was about, each with the file and line that it came from."""
    for column, table in LINES.items():
        if column in known and has_rows(visit, table):
            found = mart(visit, table, where={column: known[column]}, order_by=("line_key",))
            files = ask(visit, "select load_id, file_name from raw.loads").unique("load_id")
            shown = found.join(files, on="load_id", how="left")
            tables.show(
                visit, shown, name=f"ai_{column}", title=f"The lines of {known[column]}", source=table,
                columns=[*(name for name in LINE if name in shown.columns), "file_name", "line_no"],
                labels={"file_name": "File", "line_no": "Line of the file"},
            )  # fmt: skip


def _rests_on(visit: Visit, line: str) -> None:
    """The assumptions that an accrued line rests on, the strongest first; a click opens one in full."""
    found = ask(visit, DEPENDS, (line,))
    own_words = [row["meaning_text"] or own(row["assumption"]) for row in found.iter_rows(named=True)]
    found = found.with_columns(meaning_text=pl.Series(own_words, dtype=pl.String))
    if found.is_empty():
        _way(visit, "assumptions", "Assumptions")
        return
    tables.show(
        visit, found, name="ai_rests_on", title=f"What {line} rests on", source="scores.ai_dependences", columns=list(MOVES), labels=MOVES,
        links={"assumption": "assumptions"}, note="How many per cent the line moves when the assumption is one per cent higher.",
    )  # fmt: skip


def origin(row: dict[str, Any]) -> str:
    """Where a row that is no decision comes from, in a sentence.

    >>> origin(
    ...     {
    ...         "earning_source_name": "accrued cost",
    ...         "mechanism_name": "connectors",
    ...         "use_case_name": "Copilot",
    ...         "source_grade": "assumption",
    ...     }
    ... )
    'Connectors of Copilot: no bill tells it yet, so it is accrued at what was planned at the end of the month (grade: assumption).'
    """
    what = str(row["mechanism_name"])
    said = f"{what[0].upper() + what[1:]} of {row['use_case_name']}"
    if row["earning_source_name"] == "accrued cost":
        return f"{said}: no bill tells it yet, so it is accrued at what was planned at the end of the month (grade: {row['source_grade']})."
    if row["earning_source_name"] == "use case":
        return (
            f"{said}: its measured effect times the cases of the month, at what was assumed at the end of it "
            f"(evidence {row['evidence_grade']})."
        )
    if what == "human review":
        return f"{said}: minutes of the work log at the wage of the month, of a use case whose effect nobody measured."
    return f"{said}: what calls cost by the usage log, or by the bill where there is one (grade {row['source_grade']})."


def _way(visit: Visit, address: str, label: str, **query: str) -> None:
    door = visit.door(address)
    if door is not None:
        st.page_link(
            door, label=label, icon=":material/arrow_forward:", query_params={"company": visit.company.name, **query}
        )
