"""Wishes of the last months with the facts that a policy was told then and what came of them, for replaying a policy on them."""

from decimal import Decimal

from decisions.book import Book
from decisions.replay import Past, past_wishes
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

OUTCOMES = "scores.decision_outcomes"


def wishes(visit: Visit, book: Book, kind: str, *, days: int) -> list[Past]:
    """The proposals of a kind made within so many days before the last one, each as it was when it was made."""
    return past_wishes(book, kind, benefits(visit), days=days)


def benefits(visit: Visit) -> dict[str, Decimal]:
    """Benefit of each matured decision, by proposal."""
    if visit.build is None or not has_rows(visit, OUTCOMES):
        return {}
    rows = mart(visit, OUTCOMES, columns=("proposal_id", "benefit_amount"), where={"is_matured": True})
    return {name: benefit for name, benefit in rows.iter_rows() if benefit is not None}
