"""The way back from what was just proposed: an author may withdraw it, by one key, as long as it has not left the house."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from decisions.desk import Desk
from decisions.proposal import Proposal
from errors import Refusal
from pages.parts import acting, minutes

MADE = "just_proposed"


def propose(said: str, desk: Desk, *wishes: Proposal, by: Callable[..., Any] | None = None) -> None:
    """Propose the wishes and remember them for the run that follows; to be used as a button's `on_click`.

    Args:
        said: what was done, for people.
        by: what proposes them all, given the desk and their list; one wish needs none.
    """
    before = {wish.proposal_id() for wish in wishes if is_made(desk, wish)}
    if by is None:
        acting.act(said, "", desk.propose, wishes[0], minutes=minutes.spent(wishes[0].case_id))
    else:
        acting.act(said, "", by, desk, list(wishes))
    if not isinstance(st.session_state.get(acting.SAID), Refusal):
        st.session_state[MADE] = [name for wish in wishes if (name := wish.proposal_id()) not in before]


def is_made(desk: Desk, wish: Proposal) -> bool:
    """Whether this very wish stands already, proposed by whomever."""
    standing = desk.book.standings.get(wish.proposal_id())
    return standing is not None and standing.state not in ("declined", "withdrawn", "expired")


def draw(desk: Desk) -> None:
    """Draws the button (key U), once, in the run after something was proposed."""
    names = [name for name in st.session_state.pop(MADE, []) if name in desk.book.standings]
    if names:
        st.button("Undo", key="proposed_undo", shortcut="U", type="tertiary", on_click=acting.act,
                  args=("Withdrawn; it stands as it did before.", "", _withdraw, desk, names))  # fmt: skip


def _withdraw(desk: Desk, names: list[str]) -> None:
    for name in names:
        desk.withdraw(name)
