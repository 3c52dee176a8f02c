"""The ledger as people read it: every act with who and when, whether all seals hold, and the page that an auditor wants."""

import polars as pl
import streamlit as st

from decisions.desk import Desk
from pages.parts import day_roots, look, tables
from pages.parts.notice import plain
from pages.parts.page import Visit
from pipelines.flow import ledger_of

WORDS = {
    "propose": "proposed",
    "assume": "assumed",
    "use_case": "changed a use case",
    "ai_control": "switched a control",
    "set_price": "set a price",
    "technique": "chose a technique",
    "close_month": "closed a month",
    "set_target": "set a target",
    "keep_register": "kept a register",
    "modify": "changed",
    "approve": "approved",
    "decline": "declined",
    "withdraw": "withdrawn",
    "expire": "expired",
    "delegate": "handed on",
    "export": "exported",
    "export_sent": "sent",
    "export_failed": "could not be sent",
    "export_cancelled": "called back",
    "acknowledge": "acknowledged by the source system",
    "compensate": "undone",
    "complete": "done",
    "assign": "assigned",
    "snooze": "snoozed",
    "dismiss": "dismissed",
    "take_back": "taken back",
    "autonomy": "autonomy set",
    "freeze": "frozen",
    "thaw": "thawed",
    "refused": "refused",
    "agent_run": "an agent looked",
    "load": "file landed",
    "undo": "file taken out",
    "refresh": "refreshed",
    "pin": "model pinned",
    "access": "roles and sign-ins noted",
}


def acts(visit: Visit, desk: Desk) -> None:
    """Draws the acts, the latest first; verify checks every seal and link."""
    said = ledger_of(visit.company).acts()
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="ledger_tools"):
        asked = st.button("Verify every seal", key="verify_ledger", icon=":material/verified_user:")
        look.note(
            f"{len(said):,} acts. Each is sealed with the hash of the one before; none can be changed or taken out."
        )
    if asked:
        found = ledger_of(visit.company).verify()
        sign = ":material/check_circle:" if found.is_intact else ":material/error:"
        st.markdown(f"{sign} {plain(found.because)}")
    frame = pl.DataFrame(
        {
            "act_no": [act.act_no for act in said],
            "acted_at": [act.at for act in said],
            "actor_name": [act.who for act in said],
            "activity_name": [WORDS.get(act.kind, act.kind) for act in said],
            "title_text": [_about(desk, act.subject) for act in said],
            "reason_text": [_why(act.payload) for act in said],
            "act_hash": [act.act_hash[:16] for act in said],
        }
    ).reverse()
    labels = {
        "act_no": "No.",
        "acted_at": "When",
        "actor_name": "Who",
        "activity_name": "Did",
        "title_text": "What",
        "reason_text": "Why",
        "act_hash": "Seal",
    }
    title = "Every act, the latest first"
    picked = tables.show(visit, frame.head(2000), name="acts", title=title, labels=labels, pick=True)
    if picked:
        day_roots.proven(said, picked["act_no"])
    day_roots.board(visit, said)


def _about(desk: Desk, subject: str) -> str:
    standing = desk.book.standings.get(subject)
    return (standing.proposal.title or standing.proposal.kind) if standing else subject


def _why(payload: dict) -> str:
    verdict = payload.get("verdict") or {}
    return str(
        payload.get("reason") or payload.get("reason_code") or payload.get("because") or verdict.get("because") or ""
    )
