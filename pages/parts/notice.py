"""Every box with which a page speaks to a person, and the boundary where a crash becomes an incident number."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
import streamlit as st

from errors import Refusal
from pages.parts.page import Visit
from pipelines.version import code_version
from store.engine import NotThere

log = logging.getLogger("crossdock.pages")
OUR_FAULT = "The fault is ours, not your data's. The other pages and the last build still work. Name the number when you report it."
OLDER = Refusal(
    "This build was made by another version of Crossdock.",
    "It does not hold all that this page reads.",
    "Press Refresh now once on the Upload page; the files are all still here.",
)
NOT_HELD = (KeyError, pl.exceptions.ColumnNotFoundError, *NotThere)
OTHER_CODE = "This build was made by another version of Crossdock. Press *Refresh now* on the Upload page; the files are all still here."


def refusal(refused: Refusal, *, key: str = "box_refusal") -> None:
    """The one box in which the product says no: what, why, and how to put it right."""
    with st.container(key=key, border=True):
        st.markdown(f":material/block: **{plain(refused.what)}**")
        st.markdown(f"{plain(refused.why)}")
        st.markdown(f"**What you can do:** {plain(refused.fix)}")


def older(visit: Visit, place: str, error: Exception) -> None:
    """The same box for a build that another version made and that lacks a table or a column; what it lacks is logged."""
    log.warning("%s reads what build %s does not hold: %s", place, visit.build.build_id, error)
    refusal(OLDER, key=f"box_refusal_{secrets.token_hex(3)}")  # several panels of a page may lack something
    door = visit.door("upload")
    if door is not None and visit.here != "upload":
        query = {"company": visit.company.name}
        st.page_link(door, label="Refresh on the Upload page", icon=":material/refresh:", query_params=query)


def crashed(visit: Visit | None, place: str, error: Exception) -> str:
    """A short incident number, after logging the crash under it together with the build id."""
    number = secrets.token_hex(3).upper()
    build_id = visit.build.build_id if visit is not None and visit.build is not None else "no build"
    log.error("incident %s on %s, build %s", number, place, build_id, exc_info=error)
    return number


@contextmanager
def guarded(visit: Visit | None, place: str) -> Iterator[None]:
    """Let one page or panel fail alone: a refusal becomes its box, a crash an incident number; the rest goes on.

    A table or column that is missing is no crash where another version of the product made the build: one refresh brings it.
    """
    try:
        yield
    except Refusal as refused:
        refusal(refused)
    except Exception as error:  # noqa: BLE001  the boundary: whatever broke is logged, and told as a number
        if visit is not None and isinstance(error, NOT_HELD) and _is_of_other_code(visit):
            older(visit, place, error)
            return
        number = crashed(visit, place, error)
        with st.container(key=f"box_incident_{number}", border=True):
            st.markdown(f":material/error: **This part could not be shown. Incident {number}.**")
            st.markdown(OTHER_CODE if _is_of_other_code(visit) else OUR_FAULT)


def _is_of_other_code(visit: Visit | None) -> bool:
    return visit is not None and visit.build is not None and visit.facts.get("code_version") != code_version()


def info(text: str) -> None:
    """A quiet remark."""
    st.caption(plain(text))


def good(text: str) -> None:
    """Something went well."""
    st.success(plain(text), icon=":material/check_circle:")


def warn(text: str) -> None:
    """Something deserves a look before going on."""
    st.warning(plain(text), icon=":material/warning:")


def plain(text: object) -> str:
    """Text out of data or files, made harmless for Markdown: it is shown letter by letter.

    >>> plain("**bold** $x$ [a](b) :red[x]")
    '\\\\*\\\\*bold\\\\*\\\\* \\\\$x\\\\$ \\\\[a\\\\](b) \\\\:red\\\\[x\\\\]'
    """
    return "".join("\\" + letter if letter in "\\`*_{}[]<>#$|~:" else letter for letter in str(text))
