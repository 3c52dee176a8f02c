"""What a policy would have done with the wishes of the last months: seen before anybody changes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from decisions.book import Book
from decisions.facts import facts_of
from decisions.policy import Allowed, NeedsApproval, Policy, judge
from decisions.standing import CLOSED_UNDONE, Standing

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Past:
    """One wish of the past: the facts that a policy was told, and what came of it (None where that is not known yet)."""

    made_on: date
    facts: Mapping[str, Any]
    moved_amount: Decimal
    benefit_amount: Decimal | None = None
    name: str = ""


@dataclass(frozen=True)
class Replay:
    """What came of putting a policy in force on days that are over.

    Args:
        wishes: how many there were.
        approvals_per_day: people's approvals that it would have asked for.
        released_amount: money that it would have let through without anybody.
        refused: wishes that it would have refused.
        escaped: wishes let through without anybody that made things worse.
        escaped_amount: what those cost.
        stopped_good_amount: benefit of wishes that it would have refused.
    """

    wishes: int
    approvals_per_day: float
    released: int
    released_amount: Decimal
    refused: int
    escaped: int
    escaped_amount: Decimal
    stopped_good_amount: Decimal
    unknown: int


def past_wishes(book: Book, kind: str, benefits: Mapping[str, Decimal], *, days: int) -> list[Past]:
    """The wishes of a kind made within so many days before the last one, with what the policy was told when each was made.

    Money of a day is what had been wished by then: what came later was not known, and what was declined later still counted.
    How far an agent was trusted is told as of now, for the book keeps only the level in force.

    Args:
        book: what was done.
        kind: the kind of action.
        benefits: what matured decisions brought, by proposal.
        days: so many.
    """
    made = sorted(map(book.standings.__getitem__, book.by_kind.get(kind, ())), key=lambda one: one.proposed_at)
    since = made[-1].proposed_at - timedelta(days=days) if made else None
    mine: dict[str, list[Standing]] = {}
    for standing in made:
        for who in standing.authors:
            mine.setdefault(who, []).append(standing)
    return [
        Past(
            made_on=standing.proposed_at.date(),
            facts=_told_then(book, standing, mine[standing.authors[-1]]),
            moved_amount=standing.proposal.committed_amount,
            benefit_amount=benefits.get(standing.proposal_id),
            name=standing.proposal_id,
        )
        for standing in made
        if since is not None and standing.proposed_at >= since
    ]


def _told_then(book: Book, standing: Standing, of_same: Sequence[Standing]) -> dict[str, Any]:
    """The facts of a wish as they were when it was made or, where it was changed, when it was changed for the last time."""
    at = standing.changed_at or standing.proposed_at
    amounts, is_later = [], False
    for one in of_same:
        is_later = is_later or one is standing
        # Agents make many wishes at one instant: of those, the ones that the ledger tells of first were known.
        is_known = one is not standing and (one.proposed_at < at or (one.proposed_at == at and not is_later))
        if is_known and at < _said_last(one, at) + DAY and not _was_over(one, at):
            amounts.append(_amount_then(one, at))
    count, moved = len(amounts) + 1, sum(amounts, standing.proposal.committed_amount)
    facts = facts_of(
        standing.proposal,
        proposer=standing.authors[-1],
        is_agent=standing.is_agent,
        book=book,
        now=at,
        proposal_id=standing.proposal_id,
    )
    return {**facts, "moved_today_amount": moved, "wishes_today": count, "is_frozen": False}


def _said_last(one: Standing, at: datetime) -> datetime:
    """When a wish had last been made or changed, at that instant."""
    return one.changed_at if one.changed_at is not None and one.changed_at <= at else one.proposed_at


def _amount_then(one: Standing, at: datetime) -> Decimal:
    """The money of a wish at that instant: of what was suggested, where somebody changed it only afterwards."""
    wish = one.proposal
    if one.changed_at is None or one.changed_at <= at or wish.action.get("unit_cost") is None or not wish.suggested:
        return wish.committed_amount
    return replace(wish, action=wish.suggested, moved_amount=Decimal(0)).committed_amount


def _was_over(one: Standing, at: datetime) -> bool:
    return one.state in CLOSED_UNDONE and one.decided_at is not None and one.decided_at <= at


def replayed(policy: Policy, past: Sequence[Past], *, days: int) -> Replay:
    """What the policy would have done with those wishes, spread over so many days.

    >>> from decisions.policy_text import FAIR, packaged
    >>> wish = Past(date(2026, 11, 2), {**FAIR, "moved_today_amount": Decimal(900)}, Decimal(900))
    >>> replayed(packaged()["purchase"], [wish], days=90).released
    0
    """
    verdicts = [(one, judge(one.facts, policy)) for one in past]
    released = [one for one, verdict in verdicts if isinstance(verdict, Allowed)]
    asked = sum(verdict.approvals for _, verdict in verdicts if isinstance(verdict, NeedsApproval))
    refused = [one for one, verdict in verdicts if not isinstance(verdict, Allowed | NeedsApproval)]
    escaped = [one for one in released if one.benefit_amount is not None and one.benefit_amount < 0]
    good = [one.benefit_amount for one in refused if one.benefit_amount is not None and one.benefit_amount > 0]
    return Replay(
        wishes=len(past),
        approvals_per_day=asked / days if days else 0.0,
        released=len(released),
        released_amount=sum((one.moved_amount for one in released), Decimal(0)),
        refused=len(refused),
        escaped=len(escaped),
        escaped_amount=-sum((one.benefit_amount or Decimal(0) for one in escaped), Decimal(0)),
        stopped_good_amount=sum(good, Decimal(0)),
        unknown=sum(one.benefit_amount is None for one in past),
    )
