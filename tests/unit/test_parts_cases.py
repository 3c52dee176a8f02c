"""The inbox of cases: what people did decides where a case lies, in which words it stands, and whose it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from decisions.book import Act, Book
from decisions.proposal import Proposal
from decisions.standing import CaseState, Standing
from pages.parts import agents, case_detail, inbox, policies
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


def option(**changes: Any) -> dict[str, Any]:
    return {
        "option_text": "Order 40 of Drill", "is_do_nothing": False, "is_suggested": True, "gain_amount": Decimal("1299.78"),
        "gain_low_amount": Decimal("-8.33"), "gain_high_amount": Decimal(3150), "confidence_share": 0.52, **changes,
    }  # fmt: skip


def case(**changes: Any) -> dict[str, Any]:
    return row(
        expected_loss_amount=Decimal("970.4"), at_risk_amount=Decimal(1000), chance_share=0.97, act_by_date=date(2026, 11, 18),
        left_days=4.0, handling_minutes=12.0, owner_text="planning", standing_text="new", hidden_because_text=None, **changes,
    )  # fmt: skip


def test_a_case_says_what_is_lost_by_when_whose_it_is_and_what_to_do():
    said = case_detail.facts(visit_to(grown()), case(), option())
    assert said == {
        "If nobody acts": "€970 is lost: 97% likely, €1,000 at risk",
        "Act by": "18 Nov 2026, in 4 days",
        "Owner": "planning",
        "To do": "Order 40 of Drill (12 minutes of work)",
    }


@pytest.mark.parametrize(
    ("changes", "chosen", "label", "wanted"),
    [
        ({"left_days": 0.0}, option(), "Act by", "18 Nov 2026, today at the latest"),
        ({"act_by_date": None}, option(), "Act by", "no day is set"),
        ({}, None, "To do", "nothing is known to help"),
        ({}, option(is_suggested=False), "Your choice", "Order 40 of Drill (12 minutes of work)"),
        ({}, option(is_do_nothing=True, option_text="Do nothing"), "To do", "Do nothing"),
        ({"is_shown": False, "hidden_because_text": "Too small."}, None, "Not shown", "Too small."),
        ({"standing_text": "pending"}, option(), "Stands", "pending"),
    ],
)
def test_a_case_says_what_is_otherwise(changes: dict, chosen: dict | None, label: str, wanted: str):
    assert case_detail.facts(visit_to(grown()), {**case(), **changes}, chosen)[label] == wanted


def test_an_option_says_its_gain_and_how_sure_it_is_with_the_sign_beside_its_number():
    said = case_detail.gains(visit_to(grown()), option())
    assert said == "**Net gain €1,300**; 8 in 10 between −\u2060€8.33 and €3,150; right in 52% of futures"
    assert "loss told above" in case_detail.gains(visit_to(grown()), option(is_do_nothing=True))


def test_what_follows_is_told_with_the_units_it_has():
    link = {"effect_name": "shelves that run empty", "effect_count": 1, "effect_qty": Decimal(142), "effect_amount": Decimal("250.3"),
            "effect_date": date(2026, 11, 14), "because_text": "Demand finds them empty."}  # fmt: skip
    visit = visit_to(grown())
    assert case_detail.effect(visit, link) == "1 · 142 units · €250 · from 14 Nov 2026. Demand finds them empty."
    less = {**link, "effect_qty": None, "effect_amount": None, "effect_date": None, "because_text": None}
    assert case_detail.effect(visit, less) == "1."
    # What margin lost counts is told by the lines above it.
    assert (
        case_detail.effect(visit, {**less, "effect_name": "margin lost", "effect_amount": Decimal(3000)}) == "€3,000."
    )


def test_a_policy_case_is_said_without_names_of_columns():
    said = policies.said({"data_grade": None, "is_frozen": True, "moved_today_amount": float("nan")})
    assert said == (
        "the grade of the data: not known; the calendar is frozen: yes; "
        "the money that its proposer moves so within a day: no number"
    )


def test_a_run_of_a_whole_day_says_what_it_came_to():
    said = {"day": "2026-11-13", "proposed": 2, "escalated": 1}
    day = Act(1, "a1", "agent_run", "order-agent", "order-agent", NOW, said, "", "")
    assert agents.because_of(day) == "On that day it proposed 2 and handed 1 to people."
    assert agents.because_of(replace(day, payload={"because": "Two options tie."})) == "Two options tie."
