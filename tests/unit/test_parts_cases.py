"""The inbox of cases: what people did decides where a case lies, in which words it stands, and whose it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from decisions.book import Book
from decisions.proposal import Proposal
from decisions.standing import CaseState, Standing
from pages.parts import inbox
from tests.unit.parts_visit import grown, visit_to

NOW = datetime(2026, 11, 14, 9, tzinfo=UTC)


def row(**changes: Any) -> dict[str, Any]:
    return {
        "case_id": "c1", "at_risk_amount": Decimal(100), "is_shown": True, "owner_role_name": "planning", "sku_name": "Drill",
        "site_id": "LEJ", "supplier_name": None, "customer_name": None, "carrier_name": None, "order_id": None, **changes,
    }  # fmt: skip


def with_case(**changes: Any) -> Callable[[Book], None]:
    return lambda book: book.cases.update(c1=replace(CaseState("c1"), **changes))


def with_proposal(state: str) -> Callable[[Book], None]:
    wish = Proposal("purchase", {"sku_id": "A1"}, {"qty": Decimal(1)}, date(2026, 11, 14), "b1", case_id="c1")
    standing = Standing("p1", wish, "h", state, ("paula",), False, NOW, "allowed", "", 1, NOW)
    return lambda book: book.standings.update(p1=standing)


@pytest.mark.parametrize(
    ("done", "changes", "wanted"),
    [
        (lambda _: None, {}, ("open", "planning", "new", "Drill · LEJ")),
        (lambda _: None, {"is_shown": False}, ("hidden", "planning", "not shown", "Drill · LEJ")),
        (with_case(owner="paula"), {}, ("open", "paula", "new", "Drill · LEJ")),
        (with_case(dismissed_reason="known"), {}, ("away", "planning", "dismissed: known", "Drill · LEJ")),
        (with_proposal("pending"), {}, ("decided", "planning", "pending", "Drill · LEJ")),
        (with_proposal("declined"), {}, ("open", "planning", "declined", "Drill · LEJ")),
        (
            lambda _: None,
            {"sku_name": None, "supplier_name": "Ferreol", "site_id": None},
            ("open", "planning", "new", "Ferreol"),
        ),
    ],
)
def test_a_case_lies_where_people_put_it(done: Callable[[Book], None], changes: dict, wanted: tuple):
    book = Book()
    done(book)
    assert inbox.place_of(visit_to(grown()), row(**changes), book) == wanted


def test_a_snoozed_case_comes_back_when_its_money_changes():
    book, visit = Book(), visit_to(grown())
    with_case(snoozed_until=date(2026, 11, 21), snoozed_amount=Decimal(100))(book)
    assert inbox.place_of(visit, row(), book)[0] == "away"
    assert inbox.place_of(visit, row(at_risk_amount=Decimal(130)), book)[0] == "open"


def test_every_kind_of_signal_and_action_has_a_short_name():
    from decisions.policy_text import packaged

    assert set(packaged()) - {"policy_change"} == set(inbox.ACTIONS)
