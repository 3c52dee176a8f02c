"""The row of a table that is looked at: the first one until somebody picks another, and walked by J and K like the inbox."""

from typing import Any

import polars as pl
import streamlit as st

from pages.parts import tables
from pages.parts.page import Visit


def table(visit: Visit, frame: pl.DataFrame, *, name: str, title: str, **told: Any) -> dict[str, Any] | None:
    """Draws a table that is walked by J and K, and gives the row that is looked at; None where it has no rows.

    Args:
        name, title, told: as `pages.parts.tables.show` takes them.
    """
    first(name)
    row = tables.show(visit, frame, name=name, title=title, pick=True, **told)
    if frame.is_empty():
        return None
    keys(name, frame.height)
    return row or frame.row(0, named=True)


def first(name: str) -> None:
    """Before a table of that name is drawn with `pick`: mark its first row, if nobody has touched it yet."""
    st.session_state.setdefault(f"table_{name}", _row(0))


def keys(name: str, count: int) -> None:
    """After it: buttons to the next and the previous of its rows (keys J and K)."""
    rows = (st.session_state.get(f"table_{name}") or {}).get("selection", {}).get("rows") or [-1]
    with st.container(horizontal=True, gap="small", key=f"tools_walk_{name}"):
        for label, key, to in (("Next", "J", rows[0] + 1), ("Previous", "K", rows[0] - 1)):
            st.button(label, key=f"{label.lower()}_{name}", shortcut=key, type="tertiary", disabled=not 0 <= to < count,
                      on_click=_go, args=(name, to))  # fmt: skip


def _go(name: str, to: int) -> None:
    st.session_state[f"table_{name}"] = _row(to)


def _row(number: int) -> dict[str, Any]:
    return {"selection": {"rows": [number], "columns": [], "cells": []}}
