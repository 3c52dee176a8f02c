"""Upload: what is in this file, what is wrong with it, and what would change if it counted?"""

import streamlit as st

from pages.parts import arrival, begin, refreshing, rights, unlocks
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Upload",
    question="What is in this file, what is wrong with it, and does it count from now on?",
    audience="analyst",
    icon=":material/upload_file:",
    order=10,
    opens_without_build=True,
    roles=frozenset({"analyst", "administrator"}),
)


def render(visit: Visit) -> None:
    """Files are dropped, looked at and, once a person agrees, put in force; nothing counts before the next refresh."""
    if rights.need(visit, "upload"):
        drop(visit)
    refreshing.bar(visit)
    unlocks.board(visit)
    if rights.allowed_everywhere(visit.viewer, "upload"):
        with st.expander("Begin another company", icon=":material/add_business:"):
            begin.form(visit.door("upload"))


def drop(visit: Visit) -> None:
    """The place where files are dropped, with a card for each."""
    files = st.file_uploader(
        "Drop extracts here: CSV, TSV, Excel, Parquet or JSON lines, also gzipped",
        accept_multiple_files=True,
        key="upload_files",
        help="Every byte is kept. Nothing changes in the numbers before you put a file in force and refresh.",
    )
    for place, file in enumerate(files[: arrival.FILES_AT_MOST]):
        arrival.card(visit, file, place=place)
