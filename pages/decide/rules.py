"""Rules: who may do what, up to which limit, how far agents are trusted, and what a change would have done."""

from pages.parts import acting, address, agents, ai_policy, at_desk, calendar, policies
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Rules",
    question="Who may do what up to which limit, how far is each agent trusted, and what would a change have done?",
    audience="approver, executive, analyst, auditor",
    icon=":material/policy:",
    order=30,
    opens_without_build=True,
)
TABS = {
    "policies": "Policies",
    "change": "Change a policy",
    "agents": "Agents",
    "trace": "What agents did",
    "ai": "AI policy",
}


def render(visit: Visit) -> None:
    """Policies in words, a change replayed before it is proposed, the agents with their dial and traces, and the one policy for AI."""
    desk = at_desk.desk(visit)
    acting.said(desk)
    tab = address.tabs("tab", TABS)
    if tab in ("policies", "change"):
        if tab == "policies":
            calendar.board(visit, desk)
        kind = policies.pick(desk)
        (policies.told if tab == "policies" else policies.change)(visit, desk, kind)
    elif tab == "ai":
        ai_policy.board(visit, desk)
    elif tab == "agents":
        agents.board(visit, desk)
    else:
        agents.traces(visit, desk)
