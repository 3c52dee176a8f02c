"""Workflows on the way from manual work to agents: the stage each works on, the one it has earned, and whether decisions got better."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from metrics.definition import definition
from pages.parts import empty, look, tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit
from pages.parts.words import Words

FLOWS, SUCCESS = "marts.roadmap_workflows", "marts.roadmap_success"
STAGES = ("manual", "AI-assisted", "AI-powered automation", "autonomous agents")
MEANT = {
    "manual": "People do it. Value: the baseline. Risk: it does not grow with the business.",
    "AI-assisted": "AI looks things up and advises; people decide. Order entry, summaries. Risk: answers are believed unread.",
    "AI-powered automation": "AI prepares the whole step and a person approves it. Purchases, letters, releases. "
    "Risk: approvals become a habit.",
    "autonomous agents": "Agents act alone on bounded tasks, under a policy, and hand on the rest. Rebalancing, triage, service. "
    "Risk: control, compliance, accountability.",
}
STANDS = {True: "ahead of its evidence", False: "earned"}
COLUMNS = {
    "workflow_name": 180, "worked_said": 170, "earned_said": 170, "stands_said": 170, "handled_said": 190, "volume_said": 230,
    "measured_by": 170,
}  # fmt: skip
LABELS = {
    "workflow_name": "Workflow", "worked_said": "Works as", "earned_said": "Has earned", "stands_said": "Stands",
    "volume_said": "Volume of a year", "handled_said": "AI at this stage, beside all", "measured_by": "Measured by",
    "owner_name": "Answers for it", "because_text": "Evidence",
    "delay_text": "What waiting costs", "range_text": "What may be done without asking", "risk_text": "Main risk",
    "verdict_said": "Verdict", "success_name": "Measure", "then_said": "Then", "now_said": "Now",
    "then_count": "Decisions then", "now_count": "Decisions now",
}  # fmt: skip
FULL = (
    "worked_said",
    "earned_said",
    "handled_said",
    "because_text",
    "owner_name",
    "measured_by",
    "delay_text",
    "range_text",
    "risk_text",
)
NOTE = (
    "A stage after AI-assisted is earned only where minutes, errors, rework or a forecast surely got better and control was kept: a use "
    "case by what it saved itself, agents by what their workflow saved or a forecast on which they act. At this stage: the cases and "
    "proposals that AI worked on so in the last 90 days, beside all that came in. Where a workflow works ahead of its evidence, the next "
    "step back is the safe one."
)
QUESTION = "Is it a success? Decisions faster, more alike, cheaper in time, control no weaker"
SUCCESS_COLUMNS = {
    "verdict_said": 110, "success_name": 330, "then_said": 90, "now_said": 90, "then_count": 120, "now_count": 120,
}  # fmt: skip
JUDGED = (
    "The first 90 days with decisions against the last 90. Better or worse is said only where the interval of the difference "
    "leaves out nought."
)
UNITS = {"hours": "h", "minutes": "min"}
MARKS = {"better": "▲ better", "worse": "▼ worse"}


def board(visit: Visit) -> None:
    """Draws the workflows with their stages, what the stages mean, and the four measures of success."""
    if visit.build is None or not has_rows(visit, FLOWS):
        empty.nothing("No roadmap was built yet.", key="roadmap", fix="Refresh once on the Upload page.")
        return
    rows = flows(visit)
    picked = tables.show(
        visit, rows, name="roadmap_flows", title=headline(rows), columns=COLUMNS, labels=LABELS, source=FLOWS, note=NOTE, pick=True,
    )  # fmt: skip
    ahead = rows.filter("is_ahead")
    one = picked or (ahead if ahead.height else rows).row(0, named=True)
    tables.detail(visit, one, title=one["workflow_name"], columns=FULL, labels=LABELS, name="roadmap_flow")
    tables.show(visit, success(visit), name="roadmap_success", title=QUESTION, columns=SUCCESS_COLUMNS, labels=LABELS,
                source=SUCCESS, note=JUDGED)  # fmt: skip
    with st.expander("What the stages mean"):
        look.pairs({stage.capitalize().replace("Ai-", "AI-"): meant for stage, meant in MEANT.items()})


def flows(visit: Visit) -> pl.DataFrame:
    """The workflows in their order, with stages and volume in words."""
    found = mart(visit, FLOWS, order_by=("workflow_no",))
    told, words = found.to_dicts(), visit.words
    return found.with_columns(
        worked_said=pl.Series([STAGES[row["worked_stage_no"] - 1] for row in told], dtype=pl.String),
        earned_said=pl.Series([STAGES[row["earned_stage_no"] - 1] for row in told], dtype=pl.String),
        stands_said=pl.Series([stands(row["worked_stage_no"], row["is_ahead"]) for row in told], dtype=pl.String),
        volume_said=pl.Series(
            [f"{words.count(row['yearly_count'])} {row['volume_name']}" for row in told], dtype=pl.String
        ),
        handled_said=pl.Series([handled(words, row) for row in told], dtype=pl.String),
        measured_by=pl.Series([definition(row["metric_name"]).title for row in told], dtype=pl.String),
    )


def stands(worked_no: int, is_ahead: bool) -> str:
    """How a workflow stands, in words.

    >>> stands(1, False), stands(3, True), stands(4, False)
    ('not begun', 'ahead of its evidence', 'earned')
    """
    return "not begun" if worked_no == 1 else STANDS[is_ahead]


def handled(words: Words, row: Mapping[str, Any]) -> str:
    """How many cases and proposals AI worked on at the stage of a workflow, beside all that came in; they are no parts of each other.

    >>> w = Words("en_GB", "EUR", "Europe/Berlin")
    >>> handled(w, {"worked_stage_no": 3, "handled_count": 30, "recent_count": 1200})
    '30 beside 1,200'
    >>> handled(w, {"worked_stage_no": 1}), handled(w, {"worked_stage_no": 2})
    ('none', 'known after the next refresh')
    """
    if row["worked_stage_no"] == 1:
        return "none"
    if "handled_count" not in row:  # a build from before it was counted
        return "known after the next refresh"
    return f"{words.count(row['handled_count'])} beside {words.count(row['recent_count'])}"


def headline(rows: pl.DataFrame) -> str:
    """How many workflows run with AI, and how many of them ahead of their evidence."""
    begun, ahead = rows.filter(pl.col("worked_stage_no") > 1).height, rows.filter("is_ahead").height
    return f"Workflows: {begun} of {rows.height} work with AI, {ahead} ahead of their evidence"


def success(visit: Visit) -> pl.DataFrame:
    """The four measures of success, with what was then and what is now in words."""
    found = mart(visit, SUCCESS, order_by=("measure_no",))
    told, words = found.to_dicts(), visit.words
    return found.with_columns(
        then_said=pl.Series(
            [measured(words, row["then_number"], row["counted_in_code"]) for row in told], dtype=pl.String
        ),
        now_said=pl.Series(
            [measured(words, row["now_number"], row["counted_in_code"]) for row in told], dtype=pl.String
        ),
        verdict_said=pl.Series(
            [MARKS.get(row["success_verdict_code"], row["success_verdict_code"]) for row in told], dtype=pl.String
        ),
    )


def measured(words: Words, number: float | None, unit: str) -> str:
    """A measure in words; what is no share stands in its unit.

    >>> w = Words("en_GB", "EUR", "Europe/Berlin")
    >>> measured(w, 2.289, "hours"), measured(w, 0.55, "share"), measured(w, 1.2, "days"), measured(w, None, "minutes")
    ('2.29 h', '55.0%', '1.2 days', 'no data')
    """
    if unit == "share" or number is None:
        return words.share(number)
    return f"{words.number(number)} {UNITS.get(unit, unit)}"
