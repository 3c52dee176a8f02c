"""A short table whose sentences are read in full: words wrap, every value is said in words, downloads and receipt stand below."""

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from pages.parts import export, look, receipt, tables
from pages.parts.page import Visit

AT_MOST = 20


def told(
    visit: Visit,
    frame: pl.DataFrame,
    *,
    name: str,
    title: str,
    source: str,
    columns: Sequence[str],
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    note: str = "",
) -> None:
    """Draws the table in a panel; for twenty rows at most, and it says so where the downloads hold more.

    Args:
        name: short and unique on the page; names the download too.
        source: the table of the build that the rows came from; the receipt tells it.
        note: what is said after the title.
    """
    with st.container(key=f"panel_{name}"):
        look.title(title, note)
        tables.small(visit, frame.head(AT_MOST).select(columns), labels=labels, units=units)
        if frame.height > AT_MOST:
            look.note(f"{AT_MOST} of {frame.height:,} rows; the downloads hold all.")
        with st.container(horizontal=True, gap="small", key=f"tools_{name}", vertical_alignment="center"):
            export.buttons(visit, frame, name=name, title=title, source=source, key=f"export_{name}", labels=labels,
                           units=units)  # fmt: skip
            receipt.table_button(visit, frame, title=title, source=source, chosen=None, key=f"receipt_{name}")
