"""How a model stands, in a line or two: who speaks, how it did against its rival, and whether its bands held."""

from typing import Any

import streamlit as st

from pages.parts import notice
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

STATUS = {
    "in use": ("in use", "green", ":material/check_circle:"),
    "fallback": ("its rival speaks", "orange", ":material/swap_horiz:"),
    "blocked": ("blocked: the data is too poor", "red", ":material/block:"),
    "off": ("switched off", "gray", ":material/toggle_off:"),
    "failed": ("failed", "red", ":material/error:"),
}


def line(visit: Visit, code: str) -> None:
    """Draws one line about a model, with a way to its card; nothing where this build has no such model."""
    run = run_of(visit, code)
    if run is None:
        return
    word, colour, icon = STATUS[run["run_status_code"]]
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"standing_{code}"):
        st.badge(word, color=colour, icon=icon)  # type: ignore[arg-type]  # one of the colours that a badge knows
        st.caption(notice.plain(f"{run['model_name']}: {run['because_text']}"))
        door = visit.door("models")
        if door is not None and visit.here != "models":
            query = {"company": visit.company.name, "model": run["model_name"]}
            st.page_link(door, label="Model health", icon="", query_params=query)


def run_of(visit: Visit, code: str) -> dict[str, Any] | None:
    """The row of a model in this build; None where there is none."""
    if not has_rows(visit, "marts.model_health"):
        return None
    found = mart(visit, "marts.model_health", where={"model_code": code})
    return found.row(0, named=True) if found.height else None


def covered(visit: Visit, code: str) -> str:
    """How many days fell within the 80 % band at the latest look back, in words; empty where nobody looked."""
    found = mart(
        visit,
        "scores.backtests",
        where={"model_code": code, "variant_name": "model", "scope_name": "all", "measure_name": "covered_80"},
        order_by=("-origin_date",),
        limit=1,
    )
    if not found.height:
        return ""
    share = visit.words.value(found["measured_number"][0], "share")
    said = "Half of the weeks fall into the inner band, 8 in 10 into the next, 19 in 20 into the widest."
    return f"{said} Of the days of the last four weeks {share} fell into the 8-in-10 band of their day (whole counts make it wider)."
