"""A closed month: its figures are frozen with what they were made with, under a seal, as the build at the desk has them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from decisions import ai_close, lived_ai
from decisions.ai_close import FIGURES, WHOLE, figures_of, is_sealed, months_to_close
from errors import Refusal
from tests.ai_closings import MADE_WITH, OCTOBER, ROW, WHY, at_desk, build_with, close, close_with, closed_acts, closing
from tests.desks import APPROVER, AUDITOR, EXECUTIVE, PLANNER, Office


@pytest.fixture
def office(tmp_path) -> Office:
    return Office(tmp_path / "acme")


def test_a_month_is_frozen_with_all_that_it_was_made_with(office):
    act = close(office)
    assert (act.kind, act.subject, act.who) == ("close_month", "2026-10", "elsa")
    assert [one["figure_name"] for one in act.payload["figures"]] == sorted(FIGURES)
    (net,) = [one for one in act.payload["figures"] if one["figure_name"] == "net_earned_amount"]
    assert net == {
        "figure_name": "net_earned_amount",
        "use_case_id": WHOLE,
        "amount": "1000.2500",
        "evidence_grade": "",
    }
    assert act.payload["made_with"] == MADE_WITH
    assert closing(office).version == 1
    assert is_sealed(closing(office))


def test_a_month_that_is_not_over_is_not_closed(office):
    for month in (date(2026, 11, 1), date(2026, 11, 16), date(2027, 1, 1)):
        with pytest.raises(Refusal, match="not over"):
            close(office, month=month)
    assert close(office, month=date(2026, 10, 31)) is not None


def test_the_same_figures_again_change_nothing_even_of_another_build(office):
    assert close(office) is not None
    assert close(office, {**ROW, "benefit_amount": Decimal("1200.50")}) is None
    assert close(office, made_with={**MADE_WITH, "build_id": "b2", "content_hash": "c2"}) is None
    assert len(office.ledger.acts()) == 1


def test_other_figures_need_a_reason_and_are_another_version(office):
    close(office)
    other = {**ROW, "ai_cost_amount": Decimal(300), "net_earned_amount": Decimal("900.5")}
    with pytest.raises(Refusal, match="reason"):
        close(office, other, reason=" ")
    assert close(office, other, reason="The bill came late.").payload["version"] == 2
    first, second = office.desk().book.ai.closings["2026-10"]
    assert (first.version, second.version, second.reason) == (1, 2, "The bill came late.")
    assert first.seal != second.seal


@pytest.mark.parametrize("person", [PLANNER, APPROVER, AUDITOR])
def test_nobody_else_closes(office, person):
    with pytest.raises(Refusal):
        close(office, person=person)
    assert office.ledger.acts() == []


@pytest.mark.parametrize("lacking", ai_close.MADE_WITH)
def test_figures_of_which_nobody_knows_what_they_were_made_with_are_not_frozen(office, lacking):
    with pytest.raises(Refusal):
        close(office, made_with={name: part for name, part in MADE_WITH.items() if name != lacking})


def test_no_figures_and_one_twice_are_refused(office):
    for figures in ([], [*figures_of(ROW), figures_of(ROW)[0]], [figures_of(ROW)[0] | {"amount": Decimal("NaN")}]):
        with pytest.raises(Refusal):
            close_with(office, figures)
    assert office.ledger.acts() == []


def test_a_figure_that_was_changed_breaks_the_seal(office):
    close(office)
    held = closing(office)
    for changed in (
        {"figures": ({**held.figures[0], "amount": "1.0000"}, *held.figures[1:])},
        {"month": "2026-09"},
        {"version": 2},
        {"who": "paula"},
        {"at": held.at.replace(year=2025)},
        {"reason": "Another one."},
        {"made_with": {**held.made_with, "assumptions_hash": "a2"}},
    ):
        assert not is_sealed(replace(held, **changed))


def test_the_months_that_are_over_and_open_are_to_be_closed(office):
    close(office)
    months = [date(2026, 11, 1), OCTOBER, date(2026, 9, 1), date(2026, 8, 1)]
    assert months_to_close(months, office.desk().book, date(2026, 11, 14)) == [date(2026, 8, 1), date(2026, 9, 1)]


def test_the_desk_freezes_the_figures_of_its_own_build(office):
    closed_acts(office)
    held = closing(office)
    assert {one["figure_name"]: Decimal(one["amount"]) for one in held.figures} == ROW
    assert held.made_with == ai_close.basis(office.build)
    assert held.made_with["assumptions"]["labour_cost_per_hour"] == "42.0 (30.0 to 60.0)"
    assert (held.who, held.at, held.reason) == ("elsa", office.now, WHY)
    assert is_sealed(held)
    assert office.desk(EXECUTIVE).close_month(OCTOBER, WHY) is None


def test_without_a_build_a_reason_or_figures_of_the_month_nothing_is_closed(office):
    desk = office.desk(EXECUTIVE)
    with pytest.raises(Refusal, match="no build"):
        desk.close_month(OCTOBER, WHY)
    made = build_with(ROW, [])
    made.execute("insert into marts.north_star select date '2026-08-01', * exclude (month_date) from marts.north_star")
    office.build = at_desk(made)
    for month, reason, why in (
        (OCTOBER, " ", "reason"),
        (date(2020, 3, 1), WHY, "first month is August 2026"),
        (date(2026, 9, 1), WHY, "nothing is known|Nothing is known"),
        (date(2026, 11, 1), WHY, "not over"),
    ):
        with pytest.raises(Refusal, match=why):
            office.desk(EXECUTIVE).close_month(month, reason)
    with pytest.raises(Refusal, match="no right"):
        office.desk(PLANNER).close_month(OCTOBER, WHY)
    office.build = at_desk(made, date(2026, 10, 31))
    with pytest.raises(Refusal, match="not over"):
        office.desk(EXECUTIVE).close_month(OCTOBER, WHY)
    assert office.ledger.acts() == []


def test_the_demo_s_executive_closes_what_is_over_once(office):
    made = build_with(ROW, [])
    made.execute("insert into marts.north_star select date '2026-11-01', * exclude (month_date) from marts.north_star")
    build = at_desk(made)
    office.build = build
    assert lived_ai.close_months(office.desk(EXECUTIVE), build) == ["2026-10"]
    assert lived_ai.close_months(office.desk(EXECUTIVE), build) == []
    assert is_sealed(closing(office))
    assert closing(office).made_with == ai_close.basis(build)
    made.execute("drop table marts.north_star")
    assert lived_ai.close_months(office.desk(EXECUTIVE), build) == []
