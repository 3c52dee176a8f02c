"""Risks and controls: what can go wrong, what is done against it, who answers for it, what the data show, and what it costs."""

from pages.parts import (
    acting,
    address,
    at_desk,
    register_cases,
    register_data_classes,
    register_goals,
    register_sites,
    register_ways_back,
    registers,
)
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Risks and controls",
    question="What can go wrong with AI, which controls are in place, who answers for them, and what do the data say to it?",
    audience="executive",
    needs=("order_lines",),
    icon=":material/shield:",
    order=60,
)
TABS = {
    "risks": "Risks",
    "controls": "Controls",
    "cases": "Controls of use cases",
    "ownership": "Ownership",
    "data": "Data",
    "goals": "Goals",
    "watch": "Watch list",
}
REGISTERS = {
    "risks": ("risks", "site_ai_risks", "vendors"),
    "controls": ("security_baseline", "edge_controls", "edge_policy"),
    "ownership": ("ownership", "capability_gap", "training"),
    "data": ("residency", "data_classes"),
    "goals": ("goals",),
    "watch": ("watch_list",),
}


def render(visit: Visit) -> None:
    """The count of all registers first; then one question a tab: its rows, the picked one in full, and the form that keeps it."""
    desk = at_desk.desk(visit)
    acting.said(desk)
    found = registers.rows(visit, desk)
    registers.head(visit, found)
    tab = address.tabs("tab", TABS)
    if tab == "cases":
        register_cases.board(visit)
        return
    if tab == "goals":
        register_goals.board(visit, desk)
    registers.board(visit, desk, found, REGISTERS[tab])
    if tab == "risks":
        register_sites.board(visit)
        register_ways_back.board(visit, desk)
    elif tab == "data":
        register_data_classes.board(visit)
