"""The loads of a company: what each brought, whether it counts, and the button that takes it back."""

import polars as pl
import streamlit as st

from errors import Refusal
from pages.parts import freshness, look, notice, refreshing, rights, tables
from pages.parts.page import Visit
from pipelines import flow

LABELS = {
    "load_id": "Load",
    "file_name": "File",
    "contracts": "Extracts",
    "lines_in": "Lines in",
    "accepted": "Accepted",
    "set_aside": "Set aside",
    "ignored": "Ignored",
    "state": "Counts?",
    "loaded_at": "Landed",
    "who": "By",
}


def board(visit: Visit) -> None:
    """Draws every load there ever was, newest first; a picked one can be undone. Below them how fresh each source is."""
    said = flow.status(visit.company)
    rows = [_row(load) for load in reversed(said["loads"])]
    if not rows:
        look.note("Nothing has been landed yet. Begin on the Upload page.")
        return
    units = dict.fromkeys(("lines_in", "accepted", "set_aside", "ignored"), "count")
    picked = tables.show(
        visit,
        pl.DataFrame(rows),
        name="loads",
        title="Loads",
        labels=LABELS,
        units=units,
        pick=True,
        note="Pick a load to see why it was read so, or to undo it.",
    )
    if picked:
        _detail(visit, next(load for load in said["loads"] if load["load_id"] == picked["load_id"]))
    refreshing.bar(visit)
    freshness.board(visit)
    ledger = said["ledger"]
    with st.container(key="panel_ledger"):
        look.title("Ledger")
        look.note(f"{ledger['act_count']} acts. {ledger['because']}")


def _row(load: dict) -> dict:
    sums = {
        name: sum(counts[name] for counts in load["counts"])
        for name in ("lines_in", "accepted", "set_aside", "ignored")
    }
    state = "in the build" if load["is_in_build"] else "from the next refresh"
    if not load["is_in_force"]:
        state = "undone, still in the build" if load["is_in_build"] else "undone"
    contracts = ", ".join(counts["contract"] for counts in load["counts"] if counts["contract"])
    named = {name: load[name] for name in ("load_id", "file_name")}
    return {**named, "contracts": contracts, **sums, "state": state, "loaded_at": load["loaded_at"], "who": load["who"]}


def _detail(visit: Visit, load: dict) -> None:
    with st.container(key="panel_load"):
        look.title(f"Load {load['load_id']}", load["file_name"])
        look.pairs(
            {
                "SHA-256 of the bytes": load["file_hash"],
                "Size": f"{visit.words.count(load['size_bytes'])} bytes",
                "Source": load["source"],
            }
        )
        for sentence in load["because"]:
            look.note(sentence)
        if (
            load["is_in_force"]
            and rights.need(visit, "upload")
            and st.button("Undo this load", key=f"undo_{load['load_id']}", icon=":material/undo:")
        ):
            try:
                flow.undo(visit.company, load["load_id"], who=visit.viewer.who)
            except Refusal as refused:
                notice.refusal(refused)
                return
            st.toast("Undone. Every figure is as before at the next refresh.", icon=":material/undo:")
            st.rerun()
