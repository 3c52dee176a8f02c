"""What leaves the house: approved actions as files for the ERP, and where each export stands."""

from typing import Any

import polars as pl
import streamlit as st

from decisions.answering import take_answers
from decisions.delivery import deliver
from decisions.desk import Desk
from decisions.dispatch import possible_formats, ready, recall, send_off
from decisions.exports.outbox import QUEUED, SENT, WEBHOOK, Export, due, may_be_cancelled, outbox
from decisions.exports.webhook import webhook_of
from decisions.standing import Standing
from pages.parts import acting, look, picked, proposals, tables
from pages.parts.page import Visit
from store import exports

COLUMNS = ["title_text", "moved_amount", "proposer_name", "approver_name", "proposed_at", "proposal_id"]
POST = "post"
SCHEMA: dict[str, Any] = {"state_name": pl.String, "file_name": pl.String, "way_name": pl.String, "line_count": pl.Int64,
          "queued_at": pl.Datetime("us", "UTC"), "actor_name": pl.String, "because_text": pl.String, "batch_id": pl.String}  # fmt: skip
LABELS = {"state_name": "Stands", "file_name": "File", "way_name": "Way", "line_count": "Actions", "queued_at": "Exported",
          "actor_name": "By", "because_text": "Because", "batch_id": "Batch"}  # fmt: skip


def board(visit: Visit, desk: Desk) -> None:
    """Draws what is approved and has not left, by kind of action, and the exports that have."""
    waiting = ready(desk.book)
    if not waiting:
        with st.container(key="panel_nothing_ready"):
            look.title("Ready to leave")
            look.note("Nothing approved waits to be exported.")
    for kind, standings in waiting.items():
        _kind(visit, desk, kind, standings)
    _by_hand(visit, desk)
    _sent(visit, desk)


def _kind(visit: Visit, desk: Desk, kind: str, standings: list[Standing]) -> None:
    """One kind of action: the approved proposals, a way out, and the button that writes the file or posts it."""
    title = desk.book.policy(kind).title
    tables.show(visit, proposals.rows(desk.book, standings), name=f"ready_{kind}", title=f"Ready to leave: {title.lower()}",
                columns=COLUMNS, labels=proposals.LABELS)  # fmt: skip
    by_name = {one.proposal_id: one for one in standings}
    if len(standings) > 1:
        stay = st.multiselect("Leave out", list(by_name), format_func=lambda name: by_name[name].proposal.title, key=f"stay_{kind}",
                              placeholder="nothing: all of them leave")  # fmt: skip
        standings = [one for one in standings if one.proposal_id not in stay]
    names = possible_formats(kind) | ({POST: "Post it to the ERP (signed JSON)"} if visit.company.webhook else {})
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key=f"send_{kind}"):
        form = st.selectbox("Format", list(names), format_func=names.__getitem__, key=f"format_{kind}", width=260)
        done = f"Exported: {len(standings)} of «{title}» as {names[form]}. The file lies below."
        st.button("Export", key=f"export_{kind}", type="primary", disabled=not standings, on_click=acting.act,
                  args=(done, "", send, visit, desk, standings, form))  # fmt: skip


def _by_hand(visit: Visit, desk: Desk) -> None:
    """What was approved and no file carries out: somebody does it and says so here."""
    book = desk.book
    ready_now = [
        one for one in book.standings.values() if one.state == "approved" and one.proposal.kind != "policy_change"
    ]
    mine = [one for one in ready_now if not book.policy(one.proposal.kind).is_exported]
    if not mine:
        return
    picked.first("by_hand")
    row = tables.show(visit, proposals.rows(book, mine), name="by_hand", title="To be done by hand", columns=COLUMNS,
                      labels=proposals.LABELS, pick=True)  # fmt: skip
    one = book.standing(row["proposal_id"]) if row else mine[0]
    title = one.proposal.title or one.proposal.kind
    st.button(f"Done: {title}", key="by_hand_done", on_click=acting.act,
              args=(f"Noted as done: {title}.", "", desk.complete, one.proposal_id))  # fmt: skip


def send(visit: Visit, desk: Desk, standings: list[Standing], form: str) -> None:
    """Write the file, and post it where the webhook was chosen; a batch that could not be posted is due again later."""
    if form != POST:
        send_off(desk, visit.company, standings, form, at=desk.now())
        return
    webhook_of(visit.company.webhook)  # settings that are wrong are told before anything waits for them
    send_off(desk, visit.company, standings, "json", at=desk.now(), channel=WEBHOOK)
    deliver(desk, visit.company)


def _sent(visit: Visit, desk: Desk) -> None:
    """Every export, the latest first, with its file, and what its receiver has said."""
    found = sorted(outbox(desk.book.export_acts).values(), key=lambda one: one.queued_at, reverse=True)
    _due(visit, desk, found)
    if found:
        _answer(visit, desk)
    frame = pl.DataFrame([_row(one) for one in found[:2000]], schema=SCHEMA, orient="row")
    title = "What has left, the latest first"
    row = tables.show(visit, frame, name="exports", title=title, labels=LABELS, pick=True)
    if row:
        _one(visit, desk, next(one for one in found if one.batch_id == row["batch_id"]))


def _answer(visit: Visit, desk: Desk) -> None:
    """Where a supplier's answer is brought in; what it said stands at the top of the page then."""
    with st.expander("Bring a supplier's answer (X12 855 or 997)", key="export_answer", icon=":material/reply:"):
        file = st.file_uploader("The file that came back", key="answer_file", max_upload_size=5)
        st.button("Take it in", key="take_answer", disabled=file is None, on_click=_taken, args=(visit, desk, file))


def _taken(visit: Visit, desk: Desk, file: Any) -> None:
    said: list[str] = []
    acting.act("", "", lambda: said.extend(take_answers(desk, visit.company, file.getvalue())))
    if said:
        acting.tell(" ".join(said))


def _row(one: Export) -> tuple[Any, ...]:
    way = "posted" if one.channel == WEBHOOK else "file"
    return (
        one.state,
        one.file_name,
        way,
        len(one.proposal_ids),
        one.queued_at,
        one.queued_by,
        one.because or None,
        one.batch_id,
    )


def _due(visit: Visit, desk: Desk, found: list[Export]) -> None:
    """What waits for the webhook to answer, and the button that tries once more what is due."""
    waiting = [one for one in found if one.next_try_at is not None]
    if not waiting:
        return
    now = due(waiting, desk.now())
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="panel_due"):
        st.button("Post what is due", key="post_due", disabled=not now, on_click=acting.act,
                  args=("Posted; how each stands is said below.", "", deliver, desk, visit.company))  # fmt: skip
        next_try = min(one.next_try_at for one in waiting if one.next_try_at is not None)
        look.note(
            f"{len(waiting)} could not be posted yet, {len(now)} of them are due; next try {visit.words.instant(next_try)}."
        )


def _one(visit: Visit, desk: Desk, one: Export) -> None:
    """One export: its file to fetch, and the buttons by which a person says what became of it or calls it back."""
    with st.container(key="panel_export"):
        look.title(one.file_name, one.state)
        look.note(f"SHA-256 {one.file_hash} · key {one.key}")
        if one.file_name in exports.names(visit.company):
            content = exports.kept(visit.company, one.file_name, one.file_hash)
            # Whoever has the file may hand it to the ERP, so from then on it counts as sent.
            st.download_button("Fetch the file", content, one.file_name, key="fetch_export", icon=":material/download:",
                               on_click=_fetched if one.state == QUEUED else "ignore", args=(desk, one))  # fmt: skip
        else:
            look.note("The file is not in this company's folder; the act that recorded it is.")
        with st.container(horizontal=True, gap="small", key="export_acts"):
            if one.state in (QUEUED, SENT):
                for label, kind in (("The ERP has it", "acknowledge"), ("It could not be read", "export_failed")):
                    noted = f"Noted: {label.lower()}."
                    st.button(label, key=f"told_{kind}", on_click=acting.act, args=(
                        noted, "", desk.told_of_export, kind, one.batch_id, one.proposal_ids, {"because": "A person said so."}
                    ))  # fmt: skip
            if not may_be_cancelled(one):
                _call_back(visit, desk, one)


def _fetched(desk: Desk, one: Export) -> None:
    acting.act("Fetched: it counts as sent from now on.", "", desk.told_of_export, "export_sent", one.batch_id,
               one.proposal_ids, {"because": "A person fetched the file."})  # fmt: skip


def _call_back(visit: Visit, desk: Desk, one: Export) -> None:
    """Nobody has fetched it yet, so it may still stay here."""
    with st.popover("Call it back", key="call_back_why"):
        why = st.text_input("Why?", key="call_back_reason")
        done = "Called back: its actions are approved as before and may leave again."
        st.button("Call back", key="call_back", disabled=not why, on_click=acting.act,
                  args=(done, "", recall, desk, visit.company, one.batch_id, why))  # fmt: skip
