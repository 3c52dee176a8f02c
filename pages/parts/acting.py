"""Buttons that do something at the desk: what came of it is said at the top of the page, with the way back."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from decisions.desk import Desk
from errors import Refusal
from pages.parts import notice
from pages.parts.notice import plain

SAID = "acted"


def act(done: str, subject: str, do: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Do it, and keep what to say of it for the run that follows: to be used as a button's `on_click`.

    Args:
        done: what was done, for people.
        subject: the case or proposal that it was done to, for undoing; empty where there is no way back.
        do: a method of the desk.
    """
    try:
        do(*args, **kwargs)
    except Refusal as refused:
        st.session_state[SAID] = refused
    else:
        st.session_state[SAID] = (done, subject)


def tell(done: str) -> None:
    """Say this on the run that follows, where what was done is known only afterwards."""
    st.session_state[SAID] = (done, "")


def said(desk: Desk) -> None:
    """Draws what the last click came to, once, with a button that takes it back (key U)."""
    last = st.session_state.pop(SAID, None)
    if last is None:
        return
    if isinstance(last, Refusal):
        notice.refusal(last)
        return
    done, subject = last
    with st.container(key="acted", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/check_circle: {plain(done)}")
        if subject:
            undone = "Taken back; it stands where it stood before."
            st.button(
                "Undo",
                key="acted_undo",
                shortcut="U",
                type="tertiary",
                on_click=act,
                args=(undone, "", desk.take_back, subject),
            )
