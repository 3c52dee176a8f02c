"""Use cases: every use of AI that runs or could, with its controls and budget, what it has earned, and which comes next."""

from pages.parts import (
    acting,
    address,
    ai_registry,
    ai_registry_control,
    ai_registry_detail,
    ai_registry_form,
    ai_registry_next,
    at_desk,
)
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Use cases",
    question="Which uses of AI run or could, under which controls and budgets, what has each earned, and which comes next?",
    audience="executive",
    needs=("order_lines",),
    icon=":material/category:",
    order=30,
)
TABS = {"registry": "Registry", "next": "Which comes next", "own": "One of our own"}


def render(visit: Visit) -> None:
    """The registry and one of it in full; the ranking; a form for a use case of one's own."""
    desk = at_desk.desk(visit)
    acting.said(desk)
    tab = address.tabs("tab", TABS)
    held = ai_registry.registry(visit, desk)
    if tab == "registry":
        picked = ai_registry.table(visit, held)
        if picked is not None:
            ai_registry_detail.panel(visit, picked)
            ai_registry_control.panel(visit, desk, picked)
            ai_registry_form.stage(visit, desk, picked)
    elif tab == "next":
        ai_registry_next.board(visit)
    else:
        ai_registry_form.own(visit, desk, held)
