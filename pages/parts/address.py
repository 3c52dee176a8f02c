"""The address bar as the one place where choices are kept: read before a widget is drawn, written when a person changes it.

Streamlit's own `bind="query-params"` is not used: it writes names instead of ids, and drops the parameters of a link
from one page to another where both bind the same word.
"""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

MEMORY = "address_memory"
LAST_PAGE = "address_page"


def arrive(here: str, words: Iterable[str]) -> None:
    """Bring the choices made on other pages along: a bare address reached from inside the product gets them back.

    A link that says anything itself is left as it is, and so is a bare address on the same page (that is a reset, or the back button).
    """
    came_from = st.session_state.get(LAST_PAGE)
    st.session_state[LAST_PAGE] = here
    words = tuple(words)
    if came_from in (None, here) or any(word in st.query_params for word in words):
        return
    for word, values in st.session_state.get(MEMORY, {}).items():
        if word in words:
            write(word, values)


def values(word: str) -> list[str]:
    """What the address says under a word; nobody has checked it yet."""
    return st.query_params.get_all(word)


def value(word: str, allowed: Iterable[str], default: str) -> str:
    """The one value under a word if it is allowed, else the default."""
    said = values(word)
    return said[-1] if said and said[-1] in tuple(allowed) else default


def write(word: str, said: Sequence[str]) -> None:
    """Put values under a word into the address and into the session's memory; no values take the word away."""
    memory = st.session_state.setdefault(MEMORY, {})
    if said:
        st.query_params[word] = list(said)
        memory[word] = list(said)
    else:
        st.query_params.pop(word, None)
        memory.pop(word, None)


def settle(choices: Mapping[str, Sequence[str]]) -> None:
    """Make address and memory say what was understood: what a link brought goes along, what nobody knows is dropped."""
    memory = st.session_state.setdefault(MEMORY, {})
    for word, said in choices.items():
        if values(word) != list(said):
            write(word, said)
        elif said:
            memory[word] = list(said)
        else:
            memory.pop(word, None)


def tabs(word: str, titles: Mapping[str, str]) -> str:
    """Draws the tabs of a page and gives the open one; it lives in the address, and only its own content is drawn."""
    open_now = value(word, titles, next(iter(titles)))
    key = f"tab_{word}"
    st.session_state[key] = open_now
    st.segmented_control(
        "Part of the page",
        list(titles),
        format_func=titles.__getitem__,
        key=key,
        on_change=lambda: write(word, [st.session_state[key] or open_now]),
        label_visibility="collapsed",
    )
    return open_now
