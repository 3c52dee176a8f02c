"""What a case is worth with AI: the trap of the faster and worse assistant, what a review saves, and arrays of paths."""

from dataclasses import fields, replace

import numpy as np
import pytest

from models.ai_economics import case_value
from models.ai_economics.number import total

# A service desk; figures of the method's section 4.2 and its use case A5.
DESK = case_value.Case(
    base_minutes=6.0, wage_an_hour=36.0, ai_cost=0.05, contained_share=0.45, error_cost=120.0, error_share=0.02,
    base_error_share=0.02, review_share=0.10, review_minutes=1.0, catch_share=0.60, commitment_share=0.001,
    commitment_cost=180.0, help_share=0.10, handover_minutes=1.5, rework_share=0.03, rework_minutes=6.0,
)  # fmt: skip


def minutes_of(case: case_value.Case) -> float:
    return case.base_minutes * (1 - case.help_share) * (1 - case.contained_share)


def test_a_faster_assistant_that_promises_wrongly_more_often_is_worth_less_than_none():
    """Contact handling: more contained and less time on the rest, yet every third wrong promise in a hundred costs it all."""
    faster = replace(DESK, contained_share=0.60, help_share=0.30, commitment_share=0.03)
    assert minutes_of(faster) < minutes_of(DESK)
    assert case_value.value(DESK, cases=10_000) > 0
    assert case_value.value(faster, cases=10_000) < 0
    assert case_value.value_parts(faster)["labour saved"] > case_value.value_parts(DESK)["labour saved"]


def test_the_break_even_of_wrong_promises_lies_between_the_two():
    red = case_value.break_even(replace(DESK, contained_share=0.60, help_share=0.30), "commitment_share")
    assert 0.001 < red < 0.03


def test_without_a_reviewer_who_finds_errors_value_falls():
    worth = [
        total(case_value.value_parts(replace(DESK, review_share=1.0, catch_share=found)))
        for found in (0.9, 0.6, 0.25, 0)
    ]
    assert worth == sorted(worth, reverse=True)
    assert worth[0] > worth[-1] + 0.4


def test_a_review_of_everything_that_finds_nothing_is_cost_only():
    blind = replace(DESK, catch_share=0.0)
    none, every = (case_value.value_parts(replace(blind, review_share=share)) for share in (0.0, 1.0))
    assert total(none) - total(every) == pytest.approx(0.45 * 1.0 * 36 / 60)
    assert {**none, "review": 0} == {**every, "review": 0}


def test_nothing_contained_and_no_help_is_worth_its_cost_below_nought():
    idle = replace(DESK, contained_share=0.0, help_share=0.0, handover_minutes=0.0, rework_share=0.0)
    assert total(case_value.value_parts(idle)) == pytest.approx(-0.05)


def test_delay_is_won_on_contained_cases_only():
    slow = replace(DESK, base_delay=2.0, delay_value=3.0, escalation_cost=6.0)
    assert case_value.value_parts(slow)["delay"] == pytest.approx(0.45 * 6.0)


@pytest.mark.parametrize("name", [field.name for field in fields(case_value.Case)])
def test_every_symbol_may_be_a_path(name):
    figure = getattr(DESK, name)
    paths = np.array([figure, figure / 2])
    found = total(case_value.value_parts(replace(DESK, **{name: paths})))
    alone = [total(case_value.value_parts(replace(DESK, **{name: float(one)}))) for one in paths]
    assert np.broadcast_to(found, 2) == pytest.approx(alone)
    term_by_term = np.subtract(
        case_value.cost_alone(replace(DESK, **{name: paths})), case_value.cost_assisted(replace(DESK, **{name: paths}))
    )
    assert np.broadcast_to(term_by_term, 2) == pytest.approx(alone)


def test_break_even_of_paths():
    found = case_value.break_even(replace(DESK, contained_share=np.array([0.45, 0.0])), "error_share")
    assert found[0] == pytest.approx(case_value.break_even(DESK, "error_share"))
    assert np.isnan(found[1])  # nothing is contained, so no error can matter


@pytest.mark.parametrize("name", case_value.SHARES)
@pytest.mark.parametrize("wrong", [-0.01, 1.01, np.nan])
def test_a_share_outside_its_bounds_is_refused(name, wrong):
    with pytest.raises(ValueError, match=name):
        replace(DESK, **{name: wrong})


def test_a_copilot_whose_answers_are_thrown_away_costs_time():
    asked = {"answers": 100, "base_minutes": 5, "edit_minutes": 4.5, "wasted_minutes": 0.7}
    assert (
        case_value.copilot_minutes(accepted_share=0.9, **asked)
        > 0
        > case_value.copilot_minutes(accepted_share=0.5, **asked)
    )


def test_a_reopened_case_is_not_resolved():
    plain = case_value.cost_per_resolved(900.0, cases=1_000, contained_share=0.5)
    assert case_value.cost_per_resolved(900.0, cases=1_000, contained_share=0.5, reopened_share=0.1) == pytest.approx(
        plain / 0.9
    )
    assert case_value.cost_per_resolved(900.0, cases=1_000, contained_share=0.5, reopened_share=1.0) is None


def test_reviews_are_eased_only_when_that_was_earned():
    asked = {"first_share": 1.0, "last_share": 0.2, "decay_months": 6.0}
    months = np.array([0.0, 6.0, 600.0])
    assert case_value.review_share_after(months, is_earned=True, **asked) == pytest.approx([1.0, 0.494304, 0.2])
    assert case_value.review_share_after(months, is_earned=False, **asked).tolist() == [1.0, 1.0, 1.0]
