"""Who must be there to review what machines say, in the busiest hour at the end of the busiest month."""

import math

import polars as pl
import streamlit as st

from models.ai_economics.review import ALL, Queue, queues
from models.ai_economics.world import World
from pages.parts import export, look, tables
from pages.parts.page import Visit

LABELS = {
    "use_case_name": "Use case",
    "review_count": "Reviews in the hour",
    "review_minutes": "Minutes of each",
    "people_count": "People at work",
    "rostered_count": "On the payroll",
    "wait_text": "Mean wait",
    "in_time_share": "Begin in time",
    "shorter_text": "Wait with one fewer",
}
UNITS = {
    "review_count": "number",
    "review_minutes": "number",
    "people_count": "count",
    "rostered_count": "count",
    "in_time_share": "share",
}


def panel(visit: Visit, world: World) -> None:
    """Draws the reviewers that each use case needs, and what one queue for all of them would need."""
    found = queues(world)
    with st.container(key="panel_ai_review"):
        look.title(
            "People who review, at the month-end peak", "the busiest hour at the end of the first year's busiest month"
        )
        if not found:
            look.note("No case of these use cases is reviewed.")
            return
        frame = pl.DataFrame([_row(visit, one) for one in found], schema=list(LABELS), orient="row")
        look.note(_said(visit, world, found))
        tables.small(visit, frame, labels=LABELS, units=UNITS)
        look.note(
            "Erlang C; a review takes the fewer minutes the more have been done, down to a least share. The plan pays the minutes of "
            "reviews, not the time in which people only stand ready, and no delay that a queue causes."
        )
        with st.container(horizontal=True, gap="small", key="tools_ai_review"):
            export.buttons(visit, frame, name="reviewers", title="People who review", key="export_ai_review", labels=LABELS,
                           units=UNITS)  # fmt: skip


def _row(visit: Visit, one: Queue) -> tuple[object, ...]:
    return (
        one.name, one.reviews, one.minutes, int(one.people), int(one.rostered), _wait(visit, one.wait_minutes), one.in_time_share,
        _wait(visit, one.wait_with_one_fewer),
    )  # fmt: skip


def _wait(visit: Visit, minutes: float) -> str:
    if not math.isfinite(minutes):
        return "only grows"
    return "under a minute" if minutes < 1 else f"{visit.words.number(minutes, places=0)} min"


def _said(visit: Visit, world: World, found: list[Queue]) -> str:
    """How many people apart and together, and the target that they keep."""
    words, apart = visit.words, [one for one in found if one.name != ALL]
    share = words.share(float(world["ai_review_in_time_share"].mean()))
    target = words.number(float(world["ai_review_target_minutes"].mean()), places=0)
    people = int(sum(one.people for one in apart))
    said = (
        f"For {share} of reviews to begin within {target} minutes it takes {words.plural(people, 'reviewer')} at work"
    )
    together = next((one for one in found if one.name == ALL), None)
    return (
        f"{said}."
        if together is None
        else f"{said}, each use case apart; {int(together.people)} if one queue serves all."
    )
