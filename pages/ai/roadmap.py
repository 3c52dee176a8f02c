"""Roadmap: which phase the company is in by what its data show, what the next one asks for, and how far each workflow has come."""

from pages.parts import (
    acting,
    address,
    at_desk,
    register_goals,
    roadmap_domains,
    roadmap_layers,
    roadmap_phases,
    roadmap_workflows,
)
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Roadmap",
    question="Which phase of AI are we in by what the data show, what does the next one ask for, and what has each workflow earned?",
    audience="executive",
    needs=("order_lines",),
    icon=":material/signpost:",
    order=70,
)
TABS = {
    "phases": "Phases",
    "domains": "Domains",
    "workflows": "Workflows",
    "layers": "Capabilities",
    "decisions": "Decision map",
    "goals": "Goals",
}


def render(visit: Visit) -> None:
    """The phases with their criteria first; then the domains, the workflows, the layers, the decisions and the goals that they rest on."""
    desk = at_desk.desk(visit)
    acting.said(desk)
    tab = address.tabs("tab", TABS)
    if tab == "goals":
        register_goals.board(visit, desk)
        roadmap_phases.door(visit, "use_cases", "What the next use case adds to the cost", {"tab": "next"})
        return
    if tab == "domains":
        roadmap_domains.board(visit, desk)
        return
    boards = {
        "phases": roadmap_phases.board,
        "workflows": roadmap_workflows.board,
        "layers": roadmap_layers.board,
        "decisions": roadmap_layers.decisions,
    }
    boards[tab](visit)
