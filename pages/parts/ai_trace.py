"""From the net value down to its rows, and from a row to the decision, the measured effect or the assumption that it comes from."""

from typing import Any

import streamlit as st

from pages.parts import look, tables
from pages.parts.ai_head import LEDGER, Head
from pages.parts.ask import between, has_rows, mart
from pages.parts.page import Visit

ROWS_AT_MOST = 2000
COLUMNS = [
    "month_date", "earning_source_name", "use_case_name", "mechanism_name", "net_earned_amount", "benefit_amount", "error_cost_amount",
    "rework_amount", "review_amount", "ai_cost_amount", "evidence_grade", "source_grade", "proposal_id",
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


def rows(visit: Visit, head: Head | None) -> None:
    """Draws every row of the net value, the largest gain first; a picked one leads on to where it comes from."""
    if head is None:
        return
    found = mart(
        visit, LEDGER, where={"month_date": between(head.since, head.until)}, order_by=("-net_earned_amount", "ledger_row_key"),
        limit=ROWS_AT_MOST,
    )  # fmt: skip
    picked = tables.show(
        visit, found, name="ai_rows", title="Every row of the net value, the largest first", columns=COLUMNS, labels=LABELS,
        source=LEDGER, pick=True, note="Pick a row to see where it comes from. The receipt of Net verified value lists all of them.",
    )  # fmt: skip
    if picked:
        _origin(visit, picked)


def _origin(visit: Visit, row: dict[str, Any]) -> None:
    """Where one row comes from: the decision with its outcome, or in words how the effect was measured or the cost accrued."""
    if row["proposal_id"] and has_rows(visit, "marts.decisions"):
        found = mart(visit, "marts.decisions", where={"proposal_id": row["proposal_id"]})
        if found.height:
            known = {name: found[name][0] for name in DECISION if found[name][0] is not None}
            tables.detail(visit, known, title="The decision and what came of it", name="ai_origin")
            _way(visit, "decisions", "Every proposal", tab="all")
            return
    with st.container(key="panel_ai_origin"):
        look.title("Where it comes from")
        look.note(origin(row))
    if row["earning_source_name"] == "use case":
        _way(visit, "value", "How it was measured", tab="measured")
    else:
        _way(visit, "assumptions", "Assumptions")


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
    'Connectors of Copilot: no bill tells it yet, so it is accrued as planned (grade: assumption).'
    """
    what = str(row["mechanism_name"])
    said = f"{what[0].upper() + what[1:]} of {row['use_case_name']}"
    if row["earning_source_name"] == "accrued cost":
        return f"{said}: no bill tells it yet, so it is accrued as planned (grade: {row['source_grade']})."
    if row["earning_source_name"] == "use case":
        return f"{said}: its measured effect times the cases of the month (evidence {row['evidence_grade']})."
    return f"{said}: what calls cost by the usage log, or by the bill where there is one (grade {row['source_grade']})."


def _way(visit: Visit, address: str, label: str, **query: str) -> None:
    door = visit.door(address)
    if door is not None:
        st.page_link(
            door, label=label, icon=":material/arrow_forward:", query_params={"company": visit.company.name, **query}
        )
