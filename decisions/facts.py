"""What a policy is told of a wish, gathered from the wish itself, who makes it, and what was wished before."""

from datetime import datetime
from typing import Any

from decisions.book import Book
from decisions.person import Person
from decisions.proposal import Proposal


def facts_of(
    proposal: Proposal, *, proposer: str, is_agent: bool, book: Book, now: datetime, proposal_id: str = ""
) -> dict[str, Any]:
    """The facts that rules may ask for (`decisions.policy.FACTS`).

    Args:
        proposal: the wish.
        proposer: who makes it.
        is_agent: whether that is a machine.
        book: what was done before.
        now: the instant that it is made at.
        proposal_id: its own, where it stands in the book already, so that it is not counted twice.
    """
    count, moved = book.moved_within_a_day(proposal.kind, proposer, now, besides=proposal_id)
    policy = book.policy(proposal.kind)
    return {
        "moved_amount": proposal.committed_amount,
        "moved_today_amount": moved + proposal.committed_amount,
        "wishes_today": count + 1,
        "gain_amount": proposal.gain_amount,
        "confidence_share": proposal.confidence_share,
        "data_grade": proposal.data_grade or None,
        "tier_code": proposal.tier_code,
        "changed_share": proposal.changed_share,
        "proposer_kind": "agent" if is_agent else "person",
        "autonomy_level": book.level(proposal.kind, proposal.segment),
        "is_frozen": bool(book.frozen_because),
        "is_reversible": policy.reversibility != "irreversible",
    }


def over_caps(proposal: Proposal, *, agent: Person, book: Book, now: datetime) -> str:
    """Which cap of the policy an agent's wish would break, in words; empty where none."""
    caps = book.policy(proposal.kind).agents
    count, moved = book.moved_within_a_day(proposal.kind, agent.who, now)
    if count >= caps.per_day:
        return f"It has made {count} such wishes within a day, and may make {caps.per_day}."
    if moved + proposal.committed_amount > caps.moved_amount_per_day:
        return f"It would move {moved + proposal.committed_amount:,.2f} within a day, and may move {caps.moved_amount_per_day:,.2f}."
    # Written so that a confidence that is no number stops it.
    if not (proposal.confidence_share or 0.0) >= caps.stop_below_confidence:
        return f"It is {proposal.confidence_share or 0.0:.0%} sure, and stops below {caps.stop_below_confidence:.0%}."
    return ""
