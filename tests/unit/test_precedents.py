"""A precedent is a decision of the same kind about the same thing, the likest first, with what came of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from decisions.book import Book
from decisions.precedents import in_words, precedents
from decisions.proposal import Proposal
from decisions.standing import Standing

NOW = datetime(2026, 11, 14, 9, tzinfo=UTC)
WISH = Proposal(
    "purchase", {"sku_id": "A1", "site_id": "LEJ", "supplier_id": "V1"}, {"qty": Decimal(10)}, date(2026, 11, 14), "b"
)


def past(name: str, *, days: int, state: str = "exported", **subject: str) -> Standing:
    at = NOW - timedelta(days=days)
    return Standing(
        proposal_id=name,
        proposal=replace(WISH, subject={**WISH.subject, **subject}),
        content_hash="h",
        state=state,
        authors=("paula",),
        is_agent=False,
        proposed_at=at,
        verdict_code="allowed",
        because="",
        policy_version=1,
        expires_at=at,
        decided_at=at,
    )


def book_of(*standings: Standing) -> Book:
    book = Book()
    book.standings = {one.proposal_id: one for one in standings}
    return book


def test_the_same_thing_comes_before_the_same_partner_and_the_later_before_the_earlier():
    book = book_of(
        past("partner", days=1, sku_id="B2"),
        past("older", days=90),
        past("newer", days=30),
        past("stranger", days=2, sku_id="C3", site_id="HAM", supplier_id="V9"),
        past("open", days=3, state="pending"),
    )
    found = precedents(book, WISH, {"older": Decimal(40), "newer": Decimal(-10)})
    assert [one.standing.proposal_id for one in found] == ["newer", "older", "partner"]
    assert (
        in_words(found)
        == "Of the 3 likest decisions before, 3 were approved; of 2 whose outcome is known 1 paid, 30.00 together."
    )


def test_another_kind_is_no_precedent_and_neither_is_the_wish_itself():
    other = past("other", days=4)
    book = book_of(replace(other, proposal=replace(other.proposal, kind="transfer")), past("itself", days=0))
    assert precedents(book, WISH, {}, besides="itself") == []
