"""Trust is earned one step at a time by enough right decisions, and lost at once."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.autonomy import ACTS, DRAFTS, SUGGESTS, Record, earned, wilson_lower
from decisions.policy import Dial

DIAL = Dial(ceiling=3, required_rate=0.85, least_decisions=20, loss_budget_amount=Decimal(500))
GOOD = Record(right=118, matured=120)


def test_wilson_agrees_with_the_published_form():
    """Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81 of 263 gives 0.2553."""
    assert wilson_lower(81, 263) == pytest.approx(0.2553, abs=5e-5)
    assert wilson_lower(15, 148) == pytest.approx(0.0624, abs=5e-5)
    assert wilson_lower(1, 29) == pytest.approx(0.0061, abs=5e-5)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_lower_bound_lies_below_the_rate_and_rises_with_evidence(right: int, wrong: int):
    count = right + wrong
    lower = wilson_lower(right, count)
    assert 0 <= lower <= (right / count if count else 0)
    assert wilson_lower(right * 10, count * 10) >= lower - 1e-12


def test_it_rises_one_step_at_a_time_and_never_above_the_ceiling():
    assert earned(GOOD, DIAL, now=1).level == SUGGESTS
    assert earned(GOOD, DIAL, now=2).level == ACTS
    assert earned(GOOD, DIAL, now=3).level == ACTS
    assert earned(GOOD, replace(DIAL, ceiling=2), now=2).level == SUGGESTS


def test_few_decisions_earn_nothing_however_right_they_were():
    few = Record(right=19, matured=19)
    assert earned(few, DIAL, now=2).level == SUGGESTS
    assert earned(few, DIAL, now=3).level == SUGGESTS


def test_many_decisions_that_are_not_right_enough_lose_it():
    poor = Record(right=80, matured=120)
    verdict = earned(poor, DIAL, now=3)
    assert verdict.level < ACTS
    assert verdict.is_taken_away


@pytest.mark.parametrize(
    "harm",
    [{"breaches": 1}, {"is_drifted": True}, {"is_stale": True}, {"lost_amount": Decimal("500.01")}],
)
def test_any_harm_takes_it_away_at_once(harm: dict):
    verdict = earned(replace(GOOD, **harm), DIAL, now=3)
    assert verdict.level == DRAFTS
    assert verdict.is_taken_away


def test_a_budget_that_is_just_spent_is_not_overspent():
    assert earned(replace(GOOD, lost_amount=Decimal(500)), DIAL, now=3).level == ACTS
