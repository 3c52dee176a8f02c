"""Proposals as rows and in full: what is wanted, what it rests on, how its quantity came about, and what the policy says."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import streamlit as st

from decisions.book import Book
from decisions.proposal import Proposal
from decisions.proposers.words import worded_by
from decisions.standing import Standing
from pages.parts import look, tables
from pages.parts.notice import plain
from pages.parts.page import Visit
from pages.parts.sensitive import closed

SCHEMA: dict[str, Any] = {
    "proposal_id": pl.String,
    "kind_name": pl.String,
    "title_text": pl.String,
    "state_name": pl.String,
    "moved_amount": pl.Decimal(18, 4),
    "gain_amount": pl.Decimal(18, 4),
    "proposer_name": pl.String,
    "approver_name": pl.String,
    "proposed_at": pl.Datetime("us", "UTC"),
    "expires_at": pl.Datetime("us", "UTC"),
    "act_by_date": pl.Date,
    "hands_on_minutes": pl.Float64,
    "reason_text": pl.String,
    "case_id": pl.String,
}
LABELS = {
    "kind_name": "Kind",
    "title_text": "What",
    "state_name": "Stands",
    "moved_amount": "Money moved",
    "gain_amount": "Expected gain",
    "proposer_name": "Proposed by",
    "approver_name": "Approved by",
    "proposed_at": "Proposed",
    "expires_at": "Waits until",
    "act_by_date": "Act by",
    "hands_on_minutes": "Minutes",
    "reason_text": "Reason",
    "proposal_id": "ID",
}


def rows(book: Book, standings: Sequence[Standing]) -> pl.DataFrame:
    """One row a proposal, in the order given."""
    return pl.DataFrame([_row(book, standing) for standing in standings], schema=SCHEMA, orient="row")


def newest_first(book: Book, *states: str) -> list[Standing]:
    """The proposals in these states, or all of them, the latest first."""
    found = [standing for standing in book.standings.values() if not states or standing.state in states]
    return sorted(found, key=lambda standing: standing.proposed_at, reverse=True)


def full(visit: Visit, standing: Standing, buttons: Callable[[], None] = lambda: None) -> None:
    """Draws one proposal: every part that an approver must have seen, with the buttons where they are seen without scrolling."""
    proposal, words = standing.proposal, visit.words
    st.markdown(f"**{plain(proposal.title or proposal.kind)}**")
    if proposal.because:
        st.markdown(plain(proposal.because))
    look.note(standing.because)
    buttons()
    between = f"{words.money(proposal.gain_low_amount)} to {words.money(proposal.gain_high_amount)}"
    sure = "no data" if proposal.confidence_share is None else words.share(proposal.confidence_share)
    look.pairs(
        {
            "Stands": f"{standing.state}, version {standing.version}, policy version {standing.policy_version}",
            "Proposed by": f"{', '.join(standing.authors)}{' (agent)' if standing.is_agent else ''}, {words.instant(standing.proposed_at)}",
            "Approved by": ", ".join(approval.who for approval in standing.approvals) or "nobody yet",
            "Waits until": words.instant(standing.expires_at),
            "Money moved": words.money_exact(proposal.moved_amount),
            "Expected gain": f"{words.money(proposal.gain_amount)} (8 in 10: {between})",
            "If nothing is done": f"{words.money(proposal.do_nothing_amount)} is lost",
            "How sure": f"{sure}, data of grade {proposal.data_grade or 'unknown'}",
            "What it does not know": proposal.does_not_know or "nothing named",
            **({"Words": said} if (said := worded_by(proposal.drivers)) else {}),
            "Rests on": f"data to {words.date(proposal.as_of)}, build {proposal.build_id}",
            **(
                {"Changed because": f"{standing.reason_code} {standing.reason}".strip()} if standing.reason_code else {}
            ),
        }
    )
    _parts(visit, proposal)


def _parts(visit: Visit, proposal: Proposal) -> None:
    if proposal.action:
        tables.small(visit, _pairs("Field", "Value", _said(visit, proposal)), title="What is to be done")
    if proposal.steps:
        steps = {step.name: f"{visit.words.number(step.qty)}  {step.text}" for step in proposal.steps}
        tables.small(visit, _pairs("Step", "Quantity", steps), title=f"Why {visit.words.number(proposal.qty)}?")
    if proposal.alternatives:
        others = {option.text: visit.words.money(option.gain_amount) for option in proposal.alternatives}
        tables.small(visit, _pairs("Instead", "Expected gain", others), title="What else could be done")
    if proposal.evidence:
        seen = {
            f"{one.table} ({', '.join(one.key.values())})": ", ".join(
                f"{name} {one.row[name]}" for name in one.row if name not in closed(one.row, visit.viewer.roles)
            )
            for one in proposal.evidence
        }
        tables.small(visit, _pairs("Row", "As it was seen", seen), title="Evidence")


def _said(visit: Visit, proposal: Proposal) -> dict[str, str]:
    """The fields of the action, with what was suggested where a person changed it."""
    before, shut = proposal.suggested, closed(proposal.action, visit.viewer.roles)
    return {
        name: f"{value}" + (f" (suggested: {before[name]})" if name in before and before[name] != value else "")
        for name, value in proposal.action.items()
        if name != "yaml" and name not in shut
    }


def _pairs(left: str, right: str, said: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame({left: list(said), right: list(said.values())})


def _row(book: Book, standing: Standing) -> tuple[Any, ...]:
    proposal = standing.proposal
    return (
        standing.proposal_id,
        book.policy(proposal.kind).title,
        proposal.title or ", ".join(proposal.subject.values()),
        standing.state,
        proposal.moved_amount,
        proposal.gain_amount,
        standing.proposer,
        ", ".join(approval.who for approval in standing.approvals) or None,
        standing.proposed_at.astimezone(dt.UTC),
        standing.expires_at.astimezone(dt.UTC) if standing.state == "pending" else None,
        proposal.act_by_date,
        standing.minutes,
        " ".join(part for part in (standing.reason_code, standing.reason) if part) or None,
        proposal.case_id or None,
    )
