"""What leaves the house: approved actions as files for the ERP, and where each export stands."""

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from decisions.desk import Desk
from decisions.dispatch import possible_formats, ready, send_off
from decisions.exports.outbox import Export, outbox
from decisions.standing import Standing
from pages.parts import acting, look, proposals, tables
from pages.parts.page import Visit
from store import exports

COLUMNS = ["title_text", "moved_amount", "proposer_name", "approver_name", "proposed_at", "proposal_id"]
LABELS = {"batch_id": "Batch", "state_name": "Stands", "file_name": "File", "line_count": "Actions", "queued_at": "Exported",
          "actor_name": "By", "because_text": "Because"}  # fmt: skip


def board(visit: Visit, desk: Desk) -> None:
    """Draws what is approved and has not left, by kind of action, and the exports that have."""
    waiting = ready(desk.book)
    if not waiting:
        with st.container(key="panel_nothing_ready"):
            look.title("Ready to leave")
            look.note("Nothing approved waits to be exported.")
    for kind, standings in waiting.items():
        _kind(visit, desk, kind, standings)
    _sent(visit, desk)


def _kind(visit: Visit, desk: Desk, kind: str, standings: list[Standing]) -> None:
    """One kind of action: the approved proposals, a format, and the button that writes the file."""
    title = desk.book.policy(kind).title
    tables.show(visit, proposals.rows(desk.book, standings), name=f"ready_{kind}", title=f"Ready to leave: {title.lower()}",
                columns=COLUMNS, labels=proposals.LABELS)  # fmt: skip
    names = possible_formats(kind)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key=f"send_{kind}"):
        form = st.selectbox("Format", list(names), format_func=names.__getitem__, key=f"format_{kind}", width=220)
        done = f"Exported: {len(standings)} of «{title}» as {names[form]}. The file lies below."
        st.button("Export", key=f"export_{kind}", type="primary", on_click=acting.act,
                  args=(done, "", _send, visit, desk, standings, form))  # fmt: skip


def _send(visit: Visit, desk: Desk, standings: list[Standing], form: str) -> None:
    send_off(desk, visit.company, standings, form, at=dt.datetime.now(dt.UTC))


def _sent(visit: Visit, desk: Desk) -> None:
    """Every export, the latest first, with its file, and what its receiver has said."""
    found = sorted(outbox(desk.book.export_acts).values(), key=lambda one: one.queued_at, reverse=True)
    rows = [
        (
            one.batch_id,
            one.state,
            one.file_name,
            len(one.proposal_ids),
            one.queued_at,
            one.queued_by,
            one.because or None,
        )
        for one in found
    ]
    schema: dict[str, Any] = {"batch_id": pl.String, "state_name": pl.String, "file_name": pl.String, "line_count": pl.Int64,
              "queued_at": pl.Datetime("us", "UTC"), "actor_name": pl.String, "because_text": pl.String}  # fmt: skip
    frame = pl.DataFrame(rows[:2000], schema=schema, orient="row")
    picked = tables.show(
        visit, frame, name="exports", title="What has left, the latest first", labels=LABELS, pick=True
    )
    if picked:
        one = next(one for one in found if one.batch_id == picked["batch_id"])
        _one(visit, desk, one)


def _one(visit: Visit, desk: Desk, one: Export) -> None:
    """One export: its file to fetch, and the buttons by which a person says what became of it."""
    with st.container(key="panel_export"):
        look.title(one.file_name, one.state)
        if one.file_name in exports.names(visit.company):
            content = exports.kept(visit.company, one.file_name, one.file_hash)
            st.download_button("Fetch the file", content, one.file_name, key="fetch_export", icon=":material/download:")
        else:
            look.note("The file is not in this company's folder; the act that recorded it is.")
        if one.state in ("queued", "sent"):
            with st.container(horizontal=True, gap="small", key="export_acts"):
                said = {"because": "A person said so."}
                for label, kind in (("The ERP has it", "acknowledge"), ("It could not be read", "export_failed")):
                    noted, ids = f"Noted: {label.lower()}.", one.proposal_ids
                    st.button(label, key=f"told_{kind}", on_click=acting.act,
                              args=(noted, "", desk.told_of_export, kind, one.batch_id, ids, said))  # fmt: skip
