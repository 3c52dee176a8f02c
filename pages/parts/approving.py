"""The queue of what waits for somebody's yes, and the buttons under what is looked at."""

from decimal import Decimal
from typing import Any

import streamlit as st

from decisions.desk import Desk
from decisions.standing import Standing
from pages.parts import acting, look, proposals, tables
from pages.parts.page import Visit

COLUMNS = [
    "kind_name",
    "title_text",
    "moved_amount",
    "gain_amount",
    "proposer_name",
    "act_by_date",
    "expires_at",
    "proposal_id",
]
WHY_NOT = {
    "stock is enough": "the stock is enough",
    "demand will fall": "demand will fall",
    "wrong data": "the data is wrong",
    "too dear": "it is too dear",
    "better option": "another option is better",
    "other": "another reason",
}
WHY_CHANGED = {
    "promotion": "a promotion is coming",
    "customer news": "news from a customer",
    "supplier news": "news from a supplier",
    "space": "no space",
    "rounding": "whole pallets",
    "judgement": "judgement",
}


def queue(visit: Visit, desk: Desk) -> None:
    """Draws what waits, the most urgent first, beside the proposal that is looked at."""
    waiting = sorted(
        proposals.newest_first(desk.book, "pending"),
        key=lambda s: (s.expires_at, -(s.proposal.gain_amount or Decimal(0))),
    )
    picked = tables.show(
        visit,
        proposals.rows(desk.book, waiting),
        name="waiting",
        title="Waiting for somebody's yes, the most urgent first",
        columns=COLUMNS,
        labels=proposals.LABELS,
        pick=True,
    )
    if not waiting:
        return
    chosen = next((s for s in waiting if picked and s.proposal_id == picked["proposal_id"]), waiting[0])
    with st.container(key="panel_proposal"):
        proposals.full(visit, chosen)
        buttons(desk, chosen)


def buttons(desk: Desk, standing: Standing) -> None:
    """Approve, decline, change and hand on; each says what came of it, and can be taken back."""
    name, title = standing.proposal_id, standing.proposal.title or standing.proposal.kind
    if desk.person.who in standing.authors:
        look.note("You proposed or changed it, so somebody else approves it.")
    with st.container(horizontal=True, gap="small", key="proposal_acts"):
        st.button(
            "Approve",
            key="do_approve",
            shortcut="A",
            type="primary",
            disabled=desk.person.who in standing.authors,
            on_click=acting.act,
            args=(f"Approved: {title}.", name, desk.approve, name, standing.content_hash),
        )
        with st.popover("Decline", key="do_decline_why"):
            code = st.selectbox("Why not?", list(WHY_NOT), format_func=WHY_NOT.__getitem__, key="decline_code")
            text = st.text_input("In your words", key="decline_text")
            _button(
                "Decline it",
                "do_decline",
                "D",
                f"Declined: {title}.",
                name,
                desk.decline,
                name,
                reason_code=code,
                reason=text,
            )
        if standing.proposal.qty is not None:
            with st.popover("Change", key="do_change_how"):
                _change(desk, standing)
        with st.popover("Hand on", key="do_delegate_to"):
            to = st.text_input("To whom?", key="delegate_to", help="The name that they sign in with.")
            _button(
                "Hand it on", "do_delegate", None, f"Handed to {to}.", name, desk.delegate, name, to, disabled=not to
            )
        if desk.person.who in standing.authors:
            _button("Withdraw", "do_withdraw", None, "Withdrawn.", name, desk.withdraw, name)


def _change(desk: Desk, standing: Standing) -> None:
    """Another quantity, with a reason; what has been approved of the former one is void."""
    proposal = standing.proposal
    before = proposal.qty or Decimal(0)
    qty = Decimal(str(st.number_input("Quantity", min_value=0.0, value=float(before), step=1.0, key="change_qty")))
    code = st.selectbox("Why?", list(WHY_CHANGED), format_func=WHY_CHANGED.__getitem__, key="change_code")
    text = st.text_input("In your words", key="change_text")
    moved = proposal.moved_amount * qty / before if before else proposal.moved_amount
    _button(
        "Change it",
        "do_change",
        None,
        f"Changed to {qty:f}; it is judged anew.",
        standing.proposal_id,
        desk.modify,
        standing.proposal_id,
        {**proposal.action, "qty": qty},
        moved_amount=moved,
        reason_code=code,
        reason=text,
        disabled=qty == before,
    )


def _button(
    label: str,
    key: str,
    shortcut: str | None,
    done: str,
    subject: str,
    do: Any,
    *args: Any,
    disabled: bool = False,
    **kwargs: Any,
) -> None:
    st.button(
        label,
        key=key,
        shortcut=shortcut,
        disabled=disabled,
        on_click=acting.act,
        args=(done, subject, do, *args),
        kwargs=kwargs,
    )
