"""What else can be done with a case: take it, let it sleep for a week, or dismiss it with a reason; all by one key each."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import streamlit as st

from decisions.desk import Desk
from pages.parts import acting, inbox, look
from pages.parts.page import Visit

SNOOZE_DAYS = 7
ASKED = "case_dismissing"
WHY_NOT = (
    "already handled",
    "not worth it",
    "wrong: the data is not right",
    "wrong: no such risk",
    "known and accepted",
)


def buttons(visit: Visit, desk: Desk, case: Mapping[str, Any]) -> None:
    """Draws the buttons; Dismiss asks for its reason first."""
    name, at_risk = case["case_id"], case["at_risk_amount"] or Decimal(0)
    until = (visit.as_of or dt.date.min) + dt.timedelta(days=SNOOZE_DAYS)
    mine = desk.person.who
    st.button("Assign to me", key="case_assign", shortcut="S", on_click=acting.act,
              args=(f"{mine} has it now.", name, desk.assign, name, mine))  # fmt: skip
    said = f"It sleeps until {visit.words.day(until)}, unless its money changes by more than a fifth."
    st.button("Snooze", key="case_snooze", shortcut="Z", on_click=_put, help=f"Until {visit.words.date(until)}",
              args=(said, name, desk.snooze, until, at_risk))  # fmt: skip
    st.button("Dismiss", key="case_dismiss_why", shortcut="D", on_click=_ask, args=(name,))


def reasons(desk: Desk, case: Mapping[str, Any]) -> None:
    """Draws the reasons for dismissing the case, each under a figure key, once Dismiss was pressed for it."""
    name = case["case_id"]
    if st.session_state.get(ASKED) != name:
        return
    with st.container(key="case_reasons", gap="xxsmall"):
        look.note("Why is it dismissed? A reason decides, D again keeps the case.")
        for nth, why in enumerate(WHY_NOT, start=1):
            st.button(why, key=f"case_dismiss_{nth}", shortcut=str(nth), type="tertiary", on_click=_put,
                      args=(f"Dismissed: {why}.", name, desk.dismiss, why))  # fmt: skip


def _ask(name: str) -> None:
    """Ask for a reason, or stop asking."""
    st.session_state[ASKED] = None if st.session_state.get(ASKED) == name else name


def _put(said: str, name: str, do: Callable[..., Any], *args: Any) -> None:
    acting.act(said, name, do, name, *args)
    inbox.leaves(name)
