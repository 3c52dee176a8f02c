"""Placement: where each use case should run, what each way costs, what forbids it, where the choice turns, and who decided."""

from pages.parts import (
    acting,
    address,
    ai_registry,
    at_desk,
    placement_estate,
    placement_map,
    placement_one,
    placement_pilots,
    placement_ready,
    placement_record,
    placement_technique,
)
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Placement",
    question="Where should each use case of AI run, what does each way cost, what forbids it, and at which point would another be better?",
    audience="executive",
    needs=("order_lines",),
    icon=":material/hub:",
    order=50,
)
TABS = {
    "map": "Map",
    "one": "One use case",
    "estate": "Lines and machines",
    "pilots": "Pilots",
    "ready": "Ready for AI",
    "technique": "Which technique",
    "records": "Decisions",
}


def render(visit: Visit) -> None:
    """The map first; then one use case, what all share, pilots, how ready data and work are, the technique, the records."""
    desk = at_desk.desk(visit)
    acting.said(desk)
    tab = address.tabs("tab", TABS)
    if tab == "ready":
        placement_ready.board(visit)
        return
    held = ai_registry.registry(visit, desk)
    if tab == "technique":
        placement_technique.board(visit, desk, held)
    elif tab == "map":
        placement_map.board(visit, desk, held)
    elif tab == "one":
        placement_one.board(visit, desk, held)
    elif tab == "pilots":
        placement_pilots.board(visit, held)
    elif tab == "estate":
        placement_estate.board(visit, desk)
    else:
        placement_record.board(visit, desk, held)
