"""What a bill takes the place of, and what it does not: a part, a credit or a yearly line never sets a month to nought."""

from typing import Any

import pytest

from tests.unit.test_ai_cost_ledger import CENTS_15, call, charge, spent
from tests.worlds import World, world

CALLS = [call(f"A{n}") for n in range(6)] + [call(f"B{n}", use_case_name="UC4") for n in range(4)]
LOGGED = {("usage", "UC3", "*"): 6 * CENTS_15, ("usage", "UC4", "*"): 4 * CENTS_15}


def ledger(*bills: dict[str, Any]) -> World:
    return world("marts.ai_cost_ledger", "marts.ai_bill_gaps", ai_calls=CALLS, ai_bills=list(bills))


def standings(made: World) -> list[str]:
    return made.query("select charge_standing_code from marts.ai_bill_charges order by bill_line_key")[
        "charge_standing_code"
    ].to_list()


@pytest.mark.parametrize(
    "said",
    [
        {"effective_amount": -5, "charge_category_name": "Credit"},
        {"effective_amount": 5, "charge_category_name": "Usage", "charge_class_name": "Correction"},
        {"effective_amount": 5, "charge_category_name": "Adjustment"},
        {"effective_amount": 5, "charge_category_name": "Tax"},
        {"effective_amount": 5, "charge_ends_at": "2027-11-01T00:00:00Z"},
        {"effective_amount": -5},
    ],
)
def test_a_credit_a_correction_and_a_yearly_line_count_beside_the_log(said):
    """They are charges of their month, of no use case; what the log says of the month still counts in full."""
    made = ledger(charge("1", **said))
    assert spent(made) == pytest.approx({**LOGGED, ("bill", "", "*"): said["effective_amount"]})
    assert standings(made) == ["beside usage"]


def test_a_small_bill_is_a_part_and_both_are_shown():
    """Four tenths of what the log says; at half of it the bill counts for all calls."""
    part, half = 4 * CENTS_15, 5.01 * CENTS_15
    assert spent(ledger(charge("1", effective_amount=part))) == pytest.approx({**LOGGED, ("bill", "", "*"): part})
    assert spent(ledger(charge("1", effective_amount=half))) == pytest.approx(
        {("bill", "UC3", "*"): 0.6 * half, ("bill", "UC4", "*"): 0.4 * half}
    )


def test_a_bill_of_one_project_leaves_the_other_use_cases_to_the_log():
    """However large it is: the six calls of UC3 are billed, the four of UC4 are not."""
    for amount in (CENTS_15, 6 * CENTS_15):
        found = spent(ledger(charge("1", effective_amount=amount, use_case_name="UC3")))
        assert found == pytest.approx({("bill", "UC3", "*"): amount, ("usage", "UC4", "*"): 4 * CENTS_15})


def test_a_part_takes_the_place_of_what_it_names_alone():
    """A tenth of a call with a name and 2.1 without one: less than half of ten calls, so UC4 still counts by the log."""
    named, other = CENTS_15 / 10, 2.1 * CENTS_15
    bills = [charge("1", effective_amount=named, use_case_name="UC3"), charge("2", effective_amount=other)]
    assert spent(ledger(*bills)) == pytest.approx(
        {("bill", "UC3", "*"): named, ("bill", "", "*"): other, ("usage", "UC4", "*"): 4 * CENTS_15}
    )


def test_a_bill_with_more_than_its_use_case_used_holds_the_calls_that_nobody_assigned():
    """All of the bill is tagged, and none of the log: the same calls never count twice."""
    calls = [call(f"A{n}", use_case_name=None) for n in range(6)]
    bill = charge("1", effective_amount=5 * CENTS_15, use_case_name="UC3")
    made = world("marts.ai_cost_ledger", ai_calls=calls, ai_bills=[bill])
    assert {key: cost for key, cost in spent(made).items() if cost} == pytest.approx(
        {("bill", "UC3", "*"): 5 * CENTS_15}
    )


def test_a_part_of_a_bill_that_runs_into_the_next_month_leaves_its_calls_in_their_own_month():
    calls = [call("A", called_at="2026-12-03T12:00:00Z")]
    bill = charge("1", charge_ends_at="2026-12-10T00:00:00Z", effective_amount=CENTS_15 / 10)
    made = world("marts.ai_cost_ledger", ai_calls=calls, ai_bills=[bill])
    months = made.query("select cost_source_name, strftime(month_date, '%Y-%m') from marts.ai_cost_ledger order by 1")
    assert months.rows() == [("bill", "2026-11"), ("usage", "2026-12")]


def test_what_cannot_be_told_in_the_reporting_currency_is_a_gap_and_not_lost():
    bills = [
        charge("1", effective_amount=9, currency_code="XAU", billed_amount=9),
        charge("2", effective_amount=8, currency_code="XAU", billed_amount=8),
        charge("3", effective_amount=None, billed_amount=7),
        charge("4", effective_amount=6, currency_code=None),
        charge("5", effective_amount=0, billed_amount=500, charge_category_name="Purchase"),
        charge("6", effective_amount=3, is_ai=False),
    ]
    made = ledger(*bills)
    assert spent(made) == pytest.approx(LOGGED)
    assert standings(made) == ["gap", "gap", "gap", "gap", "purchase"]
    gaps = made.query("select currency_code, gap_text, row_count, billed_amount from marts.ai_bill_gaps order by 1, 2")
    assert [(code, rows, float(billed)) for code, _, rows, billed in gaps.rows()] == [
        ("", 1, 0), ("USD", 1, 7), ("XAU", 2, 17),
    ]  # fmt: skip
    assert "currency" in gaps["gap_text"][0]
    assert "effective cost" in gaps["gap_text"][1]
    assert "No exchange rate between XAU" in gaps["gap_text"][2]
