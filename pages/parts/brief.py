"""A brief in words: sentences in which every number opens its receipt and every name leads somewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.parts import kpi
from pages.parts.figures import Figure
from pages.parts.notice import plain
from pages.parts.page import Visit


@dataclass(frozen=True)
class Link:
    """A few words that lead to a page, with address parameters (`{"supplier": ["S1"]}`)."""

    text: str
    page: str
    query: Any = None


def lines(visit: Visit, said: Sequence[Sequence[str | Figure | Link]], *, key: str = "brief") -> None:
    """Draws sentences; each is a list of words, figures and links."""
    for place, sentence in enumerate(said):
        with st.container(horizontal=True, gap=None, vertical_alignment="center", key=f"brief_{key}_{place}"):
            for spot, part in enumerate(sentence):
                _part(visit, part, f"{key}_{place}_{spot}")


def _part(visit: Visit, part: str | Figure | Link, key: str) -> None:
    if isinstance(part, Figure):
        kpi.number(visit, part, key=f"number_{key}")
    elif isinstance(part, Link) and (door := visit.door(part.page)) is not None:
        query = {"company": visit.company.name, **(part.query or {})}
        st.page_link(door, label=plain(part.text), icon="", query_params=query)
    else:
        _words(part.text if isinstance(part, Link) else str(part), key)


def _words(text: str, key: str) -> None:
    """Plain words; a full stop or comma sticks to the number before it."""
    stuck = text[:1] in ".,;:)!?%"
    with st.container(key=f"{'glue' if stuck else 'words'}_{key}", width="content"):
        st.markdown(plain(text.strip()), width="content")
