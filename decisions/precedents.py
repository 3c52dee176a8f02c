"""What was decided before in like cases, under which policy, and what came of it: the memory that a decision can lean on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from decisions.book import Book
from decisions.proposal import Proposal
from decisions.standing import Standing

DECIDED = frozenset({"approved", "declined", "exported", "sent", "acknowledged", "failed", "undone", "done"})
# What makes a past decision like this one: the very thing, then the partner, then the place.
WEIGHTS = {
    "sku_id": 4,
    "supplier_id": 2,
    "customer_id": 3,
    "site_id": 1,
    "to_site_id": 1,
    "from_site_id": 1,
    "order_id": 1,
    "po_id": 1,
}


@dataclass(frozen=True)
class Precedent:
    """One past decision of the same kind, how like this one it is, and what came of it (None where that is not known)."""

    standing: Standing
    likeness: int
    shared: tuple[str, ...]
    benefit_amount: Decimal | None

    @property
    def decided_at(self) -> datetime:
        """When it was decided."""
        return self.standing.decided_at or self.standing.proposed_at


def precedents(
    book: Book, proposal: Proposal, benefits: Mapping[str, Decimal], *, at_most: int = 5, besides: str = ""
) -> list[Precedent]:
    """The past decisions of the same kind that share most with this one, the likest first, then the latest.

    A decision that shares nothing is no precedent.

    Args:
        book: what was done.
        proposal: what is wanted now.
        benefits: what matured decisions brought, by proposal.
        at_most: so many.
        besides: the proposal's own id, where it stands in the book.
    """
    found = []
    for standing in book.standings.values():
        before = standing.proposal
        if before.kind != proposal.kind or standing.state not in DECIDED or standing.proposal_id == besides:
            continue
        shared = tuple(
            name
            for name in WEIGHTS
            if before.subject.get(name) and before.subject.get(name) == proposal.subject.get(name)
        )
        if shared:
            likeness = sum(WEIGHTS[name] for name in shared)
            found.append(Precedent(standing, likeness, shared, benefits.get(standing.proposal_id)))
    return sorted(found, key=lambda one: (one.likeness, one.decided_at), reverse=True)[:at_most]


def in_words(found: list[Precedent]) -> str:
    """What past decisions of the kind came to, in a sentence.

    >>> in_words([])
    'Nothing like it was decided before.'
    """
    if not found:
        return "Nothing like it was decided before."
    yes = sum(one.standing.state != "declined" for one in found)
    known = [one.benefit_amount for one in found if one.benefit_amount is not None]
    said = f"Of the {len(found)} likest decisions before, {yes} were approved"
    if not known:
        return f"{said}; what came of them is not known yet."
    good = sum(benefit > 0 for benefit in known)
    return f"{said}; of {len(known)} whose outcome is known {good} paid, {sum(known, Decimal(0)):,.2f} together."
