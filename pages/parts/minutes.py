"""How many minutes somebody has looked at a thing before they decided on it: what the decision took, for its outcome."""

import time

import streamlit as st

LOOKED = "looked_at_since"
# Who goes to lunch with a case open has not thought about it for an hour.
MOST = 20.0


def looks_at(subject: str) -> None:
    """From now on this is what is looked at, unless it is already."""
    if st.session_state.get(LOOKED, ("", 0.0))[0] != subject:
        st.session_state[LOOKED] = (subject, time.monotonic())


def spent(subject: str) -> float:
    """The minutes since it began to be looked at, 20 at most; 0 where it is not what is looked at. The next count begins at none."""
    at, since = st.session_state.get(LOOKED, ("", 0.0))
    if at != subject:
        return 0.0
    st.session_state[LOOKED] = (subject, time.monotonic())
    return round(min((time.monotonic() - since) / 60, MOST), 2)
