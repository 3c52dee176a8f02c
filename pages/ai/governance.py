"""Governance pack: business, machinery, registers, autonomy and the decisions asked of the council, on one sheet."""

from pages.parts import acting, at_desk, governance
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Governance pack",
    question="Does AI pay, does it work, is it under control, how far may it act, and what has the council to decide?",
    audience="executive",
    needs=("order_lines",),
    icon=":material/account_balance:",
    order=80,
)


def render(visit: Visit) -> None:
    """The pack and its sheet, which say the same."""
    desk = at_desk.desk(visit)
    acting.said(desk)
    governance.board(visit, desk)
