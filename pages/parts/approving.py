"""The queue of what waits for somebody's yes, and the buttons under what is looked at."""

from decimal import Decimal
from typing import Any

import streamlit as st

from decisions import checks
from decisions.desk import Desk
from decisions.standing import Standing
from errors import Refusal
from pages.parts import acting, identity, look, minutes, picked, proposals
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
ASKED = "declining"
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
    all_waiting = proposals.newest_first(desk.book, "pending")
    waiting = sorted(
        [one for one in all_waiting if not one.is_expired(desk.now())],
        key=lambda s: (s.expires_at, -(s.proposal.gain_amount or Decimal(0))),
    )
    if not waiting:
        with st.container(key="panel_none_waiting"):
            look.title("Waiting for somebody's yes")
            look.note("Nothing waits. What somebody proposes and a policy does not let through by itself comes here.")
        return
    if over := len(all_waiting) - len(waiting):
        look.note(f"{over} more have run out of time; nobody can approve them any more.")
    title, rows = "Waiting for somebody's yes, the most urgent first", proposals.rows(desk.book, waiting)
    row = picked.table(visit, rows, name="waiting", title=title, columns=COLUMNS, labels=proposals.LABELS)
    chosen = next((one for one in waiting if row and one.proposal_id == row["proposal_id"]), waiting[0])
    with st.container(key="panel_proposal"):
        proposals.full(visit, chosen, lambda: buttons(visit, desk, chosen))


def buttons(visit: Visit, desk: Desk, standing: Standing, *, yes: str = "A", no: str | None = "D") -> None:
    """Approve (key `yes`), decline (key `no`, if one is given), change and hand on; each says what came of it, and can be taken back."""
    name, title = standing.proposal_id, standing.proposal.title or standing.proposal.kind
    minutes.looks_at(name)
    why = _why_not(desk, standing)
    if why:
        look.note(f"You cannot approve it. {why}")
    if desk.book.policy(standing.proposal.kind).version != standing.policy_version:
        look.note(
            "The policy has changed since it was proposed; it is judged by the one in force when somebody approves it."
        )
    with st.container(horizontal=True, gap="small", key="proposal_acts"):
        st.button(
            "Approve",
            key="do_approve",
            shortcut=yes,
            type="primary",
            disabled=bool(why),
            on_click=_approve,
            args=(desk, standing, f"Approved: {title}."),
        )
        st.button("Decline", key="do_decline_why", shortcut=no, on_click=_ask, args=(name,))
        if standing.proposal.qty is not None:
            with st.popover("Change", key="do_change_how"):
                _change(desk, standing)
        if others := _others(visit, desk, standing):
            with st.popover("Hand on", key="do_delegate_to"):
                to = st.selectbox("To whom?", others, key="delegate_to")
                _button("Hand it on", "do_delegate", None, f"Handed to {to}.", name, desk.delegate, name, to)
        if desk.person.who in standing.authors:
            _button("Withdraw", "do_withdraw", None, "Withdrawn.", name, desk.withdraw, name)
    _reasons(desk, name, title)


def _ask(name: str) -> None:
    """Ask for the reason of a decline, or stop asking."""
    st.session_state[ASKED] = None if st.session_state.get(ASKED) == name else name


def _reasons(desk: Desk, name: str, title: str) -> None:
    """Draws the reasons for declining, each under a figure key, once Decline was pressed for this very proposal."""
    if st.session_state.get(ASKED) != name:
        return
    with st.container(key="decline_reasons", gap="xxsmall"):
        look.note("Why is it declined? A reason decides, Decline again keeps it waiting.")
        text = st.text_input("In your words, if you like", key="decline_text")
        for nth, (code, words) in enumerate(WHY_NOT.items(), start=1):
            st.button(words, key=f"do_decline_{nth}", shortcut=str(nth), type="tertiary", on_click=_decline,
                      args=(desk, name, f"Declined: {title}.", code, text))  # fmt: skip


def _approve(desk: Desk, standing: Standing, done: str) -> None:
    name = standing.proposal_id
    acting.act(done, name, desk.approve, name, standing.content_hash, minutes=minutes.spent(name))


def _decline(desk: Desk, name: str, done: str, code: str, reason: str) -> None:
    acting.act(done, name, desk.decline, name, reason_code=code, reason=reason, minutes=minutes.spent(name))


def _others(visit: Visit, desk: Desk, standing: Standing) -> list[str]:
    """Who else may approve it, as far as roles say; nobody where the viewer may not hand it on."""
    if _why_not(desk, standing):
        return []
    others = (*standing.authors, desk.person.who)
    return [who for who in identity.who_have(standing.approver_roles, visit.company.name) if who not in others]


def _why_not(desk: Desk, standing: Standing) -> str:
    """Why the viewer cannot approve it, in a sentence; empty where they can. The desk asks again at the moment of the act."""
    if any(one.who == desk.person.who for one in standing.approvals):
        wanted = standing.approvals_wanted - len(standing.approvals)
        return f"You have approved it already; {'one more person has' if wanted == 1 else f'{wanted} more people have'} to."
    try:
        checks.may_approve(desk.book, standing, desk.person, standing.content_hash, None)
    except Refusal as refused:
        return refused.why
    return ""


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
