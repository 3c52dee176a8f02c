"""People who review: practice shortens a review, the month-end peak says how many there must be, and a pilot tells only so much."""

from dataclasses import replace

import numpy as np
import pytest

from models import queueing
from models.ai_economics import stage_gate
from models.ai_economics.business_case import business_case
from models.ai_economics.inputs import registry, world_of
from models.ai_economics.programme import simulated
from models.ai_economics.review import ALL, busiest, practice, queues
from models.ai_economics.world import cases
from tests.ai_programmes import AS_OF, effect, frames, taken_up

FLAT = np.full((1, 36), 100.0)


def world(*names, acts=None, count=1, **said):
    told = frames(acts if acts is not None else taken_up(*names), **said)
    return world_of(told, AS_OF, count=count, seed=3, is_certain=count == 1)


def fresh(found):
    """The first use case as one that begins with the plan."""
    return replace(found.use_cases[0], started=found.first_month)


def test_a_review_takes_so_much_less_at_each_doubling_and_never_below_the_least():
    found = world("UC3").holding({"ai_review_learning_share": 0.8, "ai_review_least_share": 0.3})
    told = practice(found, fresh(found), FLAT)[0]
    done = np.arange(36) + 0.5  # months of volume at the middle of each month
    assert told[0] == 1.0
    assert told == pytest.approx(np.maximum(np.maximum(done, 1.0) ** np.log2(0.8), 0.3))
    floor = practice(found.holding({"ai_review_least_share": 0.9}), fresh(found), FLAT)[0]
    assert floor.min() == 0.9


def test_practice_does_not_depend_on_how_large_the_company_is():
    found = world("UC3")
    assert practice(found, fresh(found), FLAT * 7) == pytest.approx(practice(found, fresh(found), FLAT))
    assert (practice(found, fresh(found), FLAT * 0) == 1.0).all()


def test_what_was_measured_lately_was_measured_of_practised_people():
    found = world("UC3").holding({"ai_review_least_share": 0.1})
    case = found.use_cases[0]  # since March: nine months of practice when the plan begins
    today = practice(found, case, FLAT, since_today=True)[0]
    assert today[0] == pytest.approx((9.5 / 9) ** np.log2(float(found["ai_review_learning_share"].item())))
    assert today[0] > practice(found, case, FLAT)[0, 0]


def test_the_cost_of_review_falls_with_practice_and_stands_still_without():
    acts, held = taken_up("UC3", started="2026-12-01"), {"ai_review_least_share": 0.2}
    learns = simulated(world(acts=acts).holding(held | {"ai_review_learning_share": 0.8}))
    stays = simulated(world(acts=acts).holding(held | {"ai_review_learning_share": 1.0}))
    share = (learns.costs["UC3", "human review"] / stays.costs["UC3", "human review"])[0]
    assert share[0] == 1.0
    assert (np.diff(share) <= 1e-12).all()
    assert share[-1] < 0.8
    assert np.allclose(learns.costs["UC3", "rework"], stays.costs["UC3", "rework"])


def test_the_queue_is_erlang_c_at_the_busiest_hour():
    found = world("UC3", orders=300.0)
    (told,) = queues(found)
    rate, minutes = busiest(found, found.use_cases[0])
    assert told.load == pytest.approx(rate * minutes / 60)
    assert told.wait_minutes == pytest.approx(queueing.wait(int(told.people), rate / 60, minutes))
    assert told.wait_with_one_fewer > told.wait_minutes
    assert told.in_time_share >= 0.8
    assert told.load / told.people <= float(found["ai_reviewer_busy_share"].item()) + 1e-9
    assert told.rostered >= told.people / (1 - float(found["ai_reviewer_absence_share"].item()))


def test_a_month_end_that_is_busier_needs_more_people_and_one_queue_never_more_than_several():
    calm, busy = (queues(world("UC3", "A4", orders=3000.0).holding({"ai_month_end_factor": one})) for one in (1.0, 2.0))
    assert busy[0].people > calm[0].people
    assert busy[-1].name == ALL
    assert busy[-1].people <= sum(one.people for one in busy[:-1])


def test_without_review_nobody_must_be_there():
    assert queues(world("UC3").holding({"UC3.review_share": 0.0})) == []


def test_the_error_of_a_pilot_is_that_of_two_arms():
    dice = np.random.default_rng(3)
    cases, mean, spread = 400, 10.0, 0.8
    told = dice.gamma(1 / spread**2, mean * spread**2, (4_000, 2, cases // 2)).mean(axis=2)
    error = (told[:, 0] - told[:, 1]).std() / mean  # of the share of minutes that is saved
    assert stage_gate.pilot_error(cases, minutes_worth=1.0, minutes_spread=spread) == pytest.approx(error, rel=0.05)
    assert stage_gate.pilot_error(0, minutes_worth=1.0, minutes_spread=spread) == np.inf


def test_a_pilot_that_shows_nothing_is_worth_nothing():
    for values, ahead in (([-5.0, 3.0], 0.0), ([-1.0, 5.0], 2.0 / 1.1)):  # it leaves the decision as it was
        found = stage_gate.pilot_on_paths(values, [0.3, -0.2], np.inf, cost=1.0, rate=0.1, years=1)
        assert found.value == pytest.approx(ahead - 1.0)


def test_the_less_a_pilot_sees_the_less_the_right_to_stop_is_worth():
    """Around the size at which a bought order copilot begins to pay."""

    def option(**held):
        acts = taken_up("UC3", stage="candidate")
        told = frames(acts, orders=8.0, assumed={"ai_delivery_share": 0.1})
        case = next(one for one in registry(told) if one.use_case_id == "UC3")
        at = world_of(told, AS_OF, use_cases=[case], count=1_000, seed=3).holding(held)
        return business_case(simulated(at), at.use_cases[0], evidence_grade="D")["option_amount"]

    blind, usual, sharp = (option(ai_pilot_share=one) for one in (0.001, 0.1, 1.0))
    assert 0 <= blind < usual < sharp
    assert option(ai_case_minutes_spread=1e-6) > option(ai_case_minutes_spread=8.0)


def test_measured_minutes_of_review_are_read_with_practice_since_today():
    seen = [effect("UC3", 1.0, 0.9, 1.1, measure="review minutes per case"), effect("UC3", -3.0, -3.5, -2.5)]
    at = world("UC3", effects=seen)
    review = simulated(at).costs["UC3", "human review"]
    count, case = cases(at, at.use_cases[0]), at.use_cases[0]
    minutes = count * at.measured["UC3"]["review_minutes_change"] * practice(at, case, count, since_today=True)
    assert review == pytest.approx(minutes * at.wage / 60)
    assert not np.allclose(practice(at, case, count, since_today=True), practice(at, case, count))


def test_the_queue_takes_the_minutes_that_were_measured():
    usual, slow = (
        world(
            "UC3",
            effects=[
                effect("UC3", minutes, minutes, minutes, measure="review minutes per case"),
                effect("UC3", -3.0, -3.5, -2.5),
            ],
        )
        for minutes in (1.0, 6.0)
    )
    quick, long = (busiest(at, at.use_cases[0])[1] for at in (usual, slow))
    assert long == pytest.approx(6 * quick, rel=0.05)
