"""What decisions earned: by kind, person, agent and policy, with what is counted as a gain and what is not, and why."""

import polars as pl

from metrics.definition import definitions
from pages.parts import address, empty, kpi, tables
from pages.parts.ask import has_rows, mart
from pages.parts.chosen import Chosen
from pages.parts.page import Visit

SOURCE, DECISIONS = "marts.decision_value", "marts.decisions"
NUMBERS = [
    "decisions_made",
    "acceptance_share",
    "override_share",
    "benefit_earned",
    "wrong_share",
    "minutes_per_decision",
    "approval_time",
]
BY = {
    "decider_name": "By person and agent",
    "action_kind_code": "By kind of action",
    "policy_version_no": "By policy version",
    "month_date": "By month",
}
SUMS = ("decision_count", "matured_count", "right_count", "override_count", "benefit_amount", "counted_amount", "not_counted_amount",
        "error_cost_amount", "override_gain_amount", "decision_minutes", "handling_amount")  # fmt: skip
LABELS = {
    "decider_name": "Decided by",
    "action_kind_code": "Kind of action",
    "policy_version_no": "Policy version",
    "month_date": "Month",
    "is_agent": "Agent",
    "decision_count": "Decisions",
    "matured_count": "Outcome known",
    "right_count": "Right",
    "override_count": "Overrides",
    "benefit_amount": "Better than doing nothing",
    "counted_amount": "Counted as gain",
    "not_counted_amount": "Not counted",
    "error_cost_amount": "Cost of errors",
    "override_gain_amount": "What overrides added",
    "decision_minutes": "Minutes",
    "handling_amount": "Cost of the minutes",
    "neighbour_name": "Watched beside it",
    "because_text": "Because",
    "verdict_name": "Overrides",
    "mean_amount": "Each adds",
    "low_amount": "at least",
    "high_amount": "at most",
    "verdict_text": "How sure that is",
}
ONE = ["proposed_date", "action_kind_code", "sku_name", "site_name", "decider_name", "is_override", "decided_qty", "suggested_qty",
       "decision_state_code", "benefit_amount", "override_gain_amount", "is_right", "decision_minutes", "outcome_text"]  # fmt: skip
ONE_LABELS = {
    **LABELS,
    "proposed_date": "Proposed",
    "is_override": "Override",
    "decided_qty": "Decided",
    "suggested_qty": "Suggested",
    "decision_state_code": "Stands",
    "override_gain_amount": "The override added",
    "is_right": "Right",
    "outcome_text": "What came of it",
}
NONE = "No decision has matured yet: its horizon must pass before anybody can say what it earned."


def board(visit: Visit) -> None:
    """Draws the numbers, the sums by whatever is chosen, whose overrides help, and every outcome behind them."""
    if visit.build is None or not has_rows(visit, DECISIONS):
        empty.nothing(NONE, key="earned")
        return
    chosen = Chosen(None, None, "none", {}, {}, {})
    kpi.strip(visit, chosen, [name for name in NUMBERS if name in definitions()])
    by = address.tabs("by", BY)
    facts = mart(visit, SOURCE)
    sums = facts.group_by(by).agg(pl.col(SUMS).sum()).sort("counted_amount", descending=True, nulls_last=True)
    tables.show(visit, sums, name="earned", title="What decisions earned", labels=LABELS, source=SOURCE)
    _people(visit, facts)
    _not_counted(visit, facts)
    found = mart(visit, DECISIONS, where={"is_matured": True}, order_by=("-benefit_amount",), limit=2000)
    tables.show(
        visit,
        found,
        name="outcomes",
        title="Every decision whose outcome is known",
        columns=ONE,
        labels=ONE_LABELS,
        source=DECISIONS,
    )


def _people(visit: Visit, facts: pl.DataFrame) -> None:
    """Whose changes of the suggested quantity help, hurt, or cannot be told from chance."""
    people = facts.filter(pl.col("verdict_name").is_not_null()).unique(
        ["decider_name", "action_kind_code"], maintain_order=True
    )
    if people.height:
        columns = [
            "decider_name",
            "action_kind_code",
            "verdict_name",
            "mean_amount",
            "low_amount",
            "high_amount",
            "verdict_text",
        ]
        tables.show(visit, people.sort("mean_amount", descending=True, nulls_last=True), name="overrides", title="Whose overrides help",
                    columns=columns, labels={**LABELS, "verdict_name": "They"}, source=SOURCE)  # fmt: skip


def _not_counted(visit: Visit, facts: pl.DataFrame) -> None:
    """Gains that are not counted because a neighbour's number got worse at the same time."""
    found = facts.filter(pl.col("not_counted_amount") > 0).sort("not_counted_amount", descending=True)
    if found.height:
        columns = [
            "month_date",
            "action_kind_code",
            "decider_name",
            "benefit_amount",
            "not_counted_amount",
            "neighbour_name",
            "because_text",
        ]
        tables.show(
            visit,
            found,
            name="not_counted",
            title="Gains that are not counted, and why",
            columns=columns,
            labels=LABELS,
            source=SOURCE,
        )
