"""What decisions earned: by kind, person, agent and policy, with what is counted as a gain and what is not, and why."""

import polars as pl

from decisions.policy_text import packaged
from metrics.definition import definitions
from pages.parts import address, empty, kpi, tables, told
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
    "matured_count": "Known",
    "right_share": "Right",
    "override_count": "Overrides",
    "benefit_amount": "Benefit",
    "counted_amount": "Counted",
    "not_counted_amount": "Not counted",
    "error_cost_amount": "Errors cost",
    "override_gain_amount": "Overrides added",
    "decision_minutes": "Minutes",
    "handling_amount": "Minutes cost",
    "neighbour_name": "Watched beside it",
    "because_text": "Because",
    "verdict_name": "Overrides",
    "mean_amount": "Each adds",
    "low_amount": "at least",
    "high_amount": "at most",
    "verdict_text": "How sure that is",
}
ONE = ["proposed_date", "action_kind_code", "sku_name", "decider_name", "benefit_amount", "is_right", "decided_qty", "suggested_qty",
       "override_gain_amount", "outcome_text", "site_name", "decision_state_code", "is_override", "decision_minutes"]  # fmt: skip
ONE_LABELS = {
    **LABELS,
    "proposed_date": "Proposed",
    "sku_name": "Article",
    "site_name": "At",
    "is_override": "Override",
    "decided_qty": "Decided",
    "suggested_qty": "Suggested",
    "decision_state_code": "Stands",
    "override_gain_amount": "The override added",
    "is_right": "Right",
    "outcome_text": "What came of it",
}
SUMMED = ["decision_count", "matured_count", "right_share", "override_count", "counted_amount", "benefit_amount", "not_counted_amount",
          "error_cost_amount", "override_gain_amount", "decision_minutes", "handling_amount"]  # fmt: skip
MEANT = (
    "Benefit is measured against doing nothing, on decisions whose outcome is known; it is not counted where a neighbour's number got "
    "worse meanwhile. Overrides added: what changing the suggested quantity brought, above the suggestion."
)
NONE = "No decision has matured yet: its horizon must pass before anybody can say what it earned."


def board(visit: Visit) -> None:
    """Draws the numbers, the sums by whatever is chosen, whose overrides help, and every outcome behind them."""
    if visit.build is None or not has_rows(visit, DECISIONS):
        empty.nothing(NONE, key="earned")
        return
    chosen = Chosen(None, None, "none", {}, {}, {})
    kpi.strip(visit, chosen, [name for name in NUMBERS if name in definitions()])
    by = address.tabs("by", BY)
    facts = _readable(mart(visit, SOURCE))
    sums = facts.group_by(by).agg(pl.col(SUMS).sum()).sort("counted_amount", descending=True, nulls_last=True)
    sums = sums.with_columns(right_share=pl.col("right_count") / pl.col("matured_count"))
    money = f"money in {visit.company.reporting_currency}"
    tables.show(visit, sums, name="earned", title=f"What decisions earned, {money}", columns=[by, *SUMMED], labels=LABELS,
                source=SOURCE, note=MEANT)  # fmt: skip
    _people(visit, facts)
    _not_counted(visit, facts)
    found = _readable(mart(visit, DECISIONS, where={"is_matured": True}, order_by=("-benefit_amount",), limit=2000))
    tables.show(
        visit,
        found,
        name="outcomes",
        title=f"Every decision whose outcome is known, {money}",
        columns=ONE,
        labels=ONE_LABELS,
        source=DECISIONS,
    )


def _readable(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with kinds of action called as the policies call them."""
    titles = {kind: policy.title for kind, policy in packaged().items()}
    return frame.with_columns(pl.col("action_kind_code").replace(titles))


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
            "verdict_text",
        ]
        told.told(visit, people.sort("mean_amount", descending=True, nulls_last=True), name="overrides", title="Whose overrides help",
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
        told.told(
            visit,
            found,
            name="not_counted",
            title="Gains that are not counted, and why",
            columns=columns,
            labels=LABELS,
            source=SOURCE,
        )
