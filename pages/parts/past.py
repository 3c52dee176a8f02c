"""Wishes of the last months with the facts that a policy was told then and what came of them, for replaying a policy on them."""

import datetime as dt
from decimal import Decimal

from decisions.book import Book
from decisions.facts import facts_of
from decisions.replay import Past
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

OUTCOMES = "scores.decision_outcomes"


def wishes(visit: Visit, book: Book, kind: str, *, days: int) -> list[Past]:
    """The proposals of a kind made within so many days before the last one, each as it was when it was made."""
    made = [standing for standing in book.standings.values() if standing.proposal.kind == kind]
    if not made:
        return []
    since = max(standing.proposed_at for standing in made) - dt.timedelta(days=days)
    came = benefits(visit)
    return [
        Past(
            made_on=standing.proposed_at.date(),
            facts=facts_of(
                standing.proposal,
                proposer=standing.proposer,
                is_agent=standing.is_agent,
                book=book,
                now=standing.proposed_at,
                proposal_id=standing.proposal_id,
            ),
            moved_amount=standing.proposal.moved_amount,
            benefit_amount=came.get(standing.proposal_id),
            name=standing.proposal_id,
        )
        for standing in made
        if standing.proposed_at >= since
    ]


def benefits(visit: Visit) -> dict[str, Decimal]:
    """Benefit of each matured decision, by proposal."""
    if visit.build is None or not has_rows(visit, OUTCOMES):
        return {}
    rows = mart(visit, OUTCOMES, columns=("proposal_id", "benefit_amount"), where={"is_matured": True})
    return {name: benefit for name, benefit in rows.iter_rows() if benefit is not None}
