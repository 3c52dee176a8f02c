"""Scores lie between nought and a hundred whatever the rows say, and the order of rows changes neither score nor rank."""

import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ai_economics import criteria, dependence, maturity, priority
from models.ai_economics.maturity import Trust
from models.ai_economics.use_case import AUTONOMY, RISKS, use_case
from models.model import Asked
from pipelines.use_cases import templates
from tests.ai_programmes import AS_OF
from tests.unit.test_ai_priorities import GRADES, NUMBERS, asked_of, known

money = st.none() | st.floats(-1e12, 1e12)
counts = st.integers(0, 10**6)
facts = st.fixed_dictionaries(
    {
        "grades": st.dictionaries(st.sampled_from(sorted(GRADES)), st.sampled_from("ABCD")),
        "units": st.lists(st.floats(0, 1e7), max_size=40).map(tuple),
        "orders_per_year": st.floats(0, 1e9),
        "site_count": st.integers(0, 500),
        "yearly_benefit": money,
        "yearly_sales": st.none() | st.floats(0, 1e12),
        "evidence_grade": st.sampled_from("ABCD"),
        "has_baseline": st.booleans(),
        "case_count": counts,
        "failed_count": counts,
        "acted_count": counts,
    }
)


@given(facts, st.sampled_from(sorted(templates())), st.sampled_from(AUTONOMY), st.sampled_from(RISKS))
def test_every_score_lies_between_nought_and_a_hundred(said, name, autonomy, risk):
    case = use_case({**templates()[name], "autonomy": autonomy, "action_risk": risk})
    held = known(**said)
    points = [*criteria.traits(case, held).values(), *criteria.criteria(case, held).values()]
    assert [one.score for one in points if not -1e-9 <= one.score <= 100 + 1e-9] == []
    assert all(one.because for one in points)
    six = {key: one.score for key, one in criteria.criteria(case, held).items()}
    assert min(six.values()) - 1e-9 <= priority.total(six, NUMBERS) <= max(six.values()) + 1e-9


@given(
    st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.none() | st.integers(0, 4)
)
def test_more_that_went_right_never_earns_less(answers, taken, known_count, right, level):
    taken, right = min(taken, answers), min(right, known_count)
    case = use_case({**templates()["UC4"], "stage": "production", "started": "2026-02-16"})
    now = maturity.step(case, Trust(answers=answers, taken=taken, known=known_count, right=right, level=level), NUMBERS)
    more = Trust(answers=answers, taken=answers, known=known_count, right=known_count, level=level)
    assert maturity.step(case, more, NUMBERS).earned >= now.earned
    assert 0 <= maturity.at_least(right, known_count) <= 1


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_no_score_and_no_rank(seed):
    frames = asked_of("UC3", "UC4", trust={"UC3": {"answered_count": 50, "accepted_count": 44, "case_count": 60}})
    shuffled = {
        name: frame.sample(fraction=1, shuffle=True, seed=seed)
        for name, frame in frames.items()
        if name != "scores.driver_paths"
    }
    one, other = (
        priority.score(told, Asked(AS_OF, 1)).tables
        for told in (frames, {**shuffled, "scores.driver_paths": frames["scores.driver_paths"]})
    )
    assert one["scores.ai_priorities"].equals(other["scores.ai_priorities"])
    assert one["scores.ai_portfolio"].equals(other["scores.ai_portfolio"])


@given(st.dictionaries(st.sampled_from("wxyz"), st.floats(0, 1e6)), st.integers(0, 10**6))
def test_the_cost_by_grade_is_the_whole_cost(costs, seed):
    dice = random.Random(seed)
    rows = [
        (f"n{nth}", dependence.COST, dice.choice("wxyz"), dice.choice([None, dice.uniform(-3, 3)])) for nth in range(8)
    ]
    names = ("assumption_name", "affected_kind_code", "affected_name", "elasticity_number")
    found = pl.DataFrame(rows, schema=dict(zip(names, [pl.String] * 3 + [pl.Float64], strict=True)), orient="row")
    told = dependence.by_grade(found, {f"n{nth}": dice.choice("ABC") for nth in range(6)}, costs)
    assert sum(told.values()) == pytest.approx(sum(costs.values()))
