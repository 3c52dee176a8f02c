"""Which model answers: what a use case's calls cost all on its strongest model, behind a router, or as a cascade."""

import polars as pl
import streamlit as st

from models.ai_economics.model_ways import CASCADE, STRONGEST, Compared, compared
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import World
from pages.parts import export, look, tables
from pages.parts.page import Visit

LABELS = {
    "way_name": "Way",
    "case_text": "Calls of a case",
    "month_amount": "A month",
    "saved_share": "Saved against the strongest",
}
UNITS = {"month_amount": "money", "saved_share": "share"}
NOTE = (
    "First year at mean prices; as good as the strongest model, because what the weaker one cannot answer is asked of the strongest. "
    "Change how the models share the cases on the page Use cases; a wrong answer that nobody notices is priced as an error there."
)


def panel(visit: Visit, world: World, case: UseCase) -> None:
    """Draws the ways of a use case beside each other, or why there is nothing to compare."""
    found = compared(world, case)
    with st.container(key="panel_ai_routing"):
        look.title("Which model answers", f"{case.name}: one model, a router or a cascade")
        if found is None:
            look.note(
                "There is nothing to choose between: no model that is cheaper than its own has a price in this programme, "
                "or its own has none."
            )
            return
        frame = pl.DataFrame(
            [(way.name, _exact(visit, way.case_cost), way.month_cost, way.saved_share) for way in found.ways],
            schema={name: pl.Float64 if name in UNITS else pl.String for name in LABELS},
            orient="row",
        )
        look.note(_said(visit, found))
        tables.small(visit, frame, labels=LABELS, units=UNITS)
        look.note(NOTE)
        with st.container(horizontal=True, gap="small", key="tools_ai_routing"):
            export.buttons(visit, frame, name="model_ways", title="Which model answers", key="export_ai_routing", labels=LABELS,
                           units=UNITS)  # fmt: skip


def _exact(visit: Visit, cost: float) -> str:
    """A cost that may lie far below a cent."""
    return visit.words.money_exact(cost, places=4)


def _said(visit: Visit, found: Compared) -> str:
    """Between which models, who needs the stronger one, which way is cheapest, and when a cascade stops to save."""
    words, costs = visit.words, {way.name: way for way in found.ways}
    best = min(found.ways, key=lambda way: way.month_cost)
    whence = "assumed, grade C" if found.is_assumed else "the share that the use case gives it"
    saved = costs[STRONGEST].month_cost - best.month_cost
    cheapest = (
        "Nothing is cheaper than the strongest model alone."
        if saved <= 0
        else f"Cheapest: {best.name}, {words.money(saved)} a month less than all on {found.strong}."
    )
    limit = (
        f"A {CASCADE} saves as long as fewer than {words.share(found.most_passed_on)} need it."
        if found.most_passed_on > 0
        else f"A {CASCADE} never saves: the weaker model and its judge cost more than the strongest."
    )
    return f"{found.weak} first, {found.strong} for {words.share(found.passed_on)} of the cases ({whence}). {cheapest} {limit}"
