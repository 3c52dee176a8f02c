"""What holds of the assignment of workflows and of flip points, whatever the estate."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from models.ai_economics import weighing
from models.ai_economics.assignment import Assignment, Impossible, assign
from models.ai_economics.estate import keeps, priced
from models.ai_economics.flip_points import flips, standing
from tests.ai_estates import by_chance, every_total, method, with_outages, without_outages

SEEDS = st.integers(0, 1_000_000)


@drawn(SEEDS)
@settings(max_examples=120)
def test_the_assignment_is_the_best_of_all(seed):
    """Shared costs, whole nodes with a capacity, machines that people must look after, and a budget among them."""
    estate = by_chance(seed)
    every, found = every_total(estate), assign(estate)
    assert isinstance(found, Assignment) == bool(every)
    if isinstance(found, Impossible):
        assert found.because
        return
    names = sorted(found.ways)
    assert found.total == pytest.approx(min(every.values()), abs=1e-6)
    assert every[tuple(found.ways[name] for name in names)] == pytest.approx(found.total, abs=1e-6)
    assert found.status == "optimal"


@drawn(SEEDS)
@settings(max_examples=25)
def test_what_it_would_take_suffices_and_no_less_does(seed):
    estate = by_chance(seed)
    found = assign(estate)
    assume(isinstance(found, Impossible))
    if found.least_budget is not None:
        assert isinstance(assign(replace(estate, budget=found.least_budget + 0.01)), Assignment)
        assert not every_total(replace(estate, budget=found.least_budget - 0.01))
    else:
        free = replace(estate, budget=None)
        assert isinstance(assign(replace(free, people=float(found.least_endpoints))), Assignment)
        assert not every_total(replace(free, people=found.least_endpoints - 1.0))


@drawn(SEEDS)
def test_parts_sum_to_the_total_and_limits_are_kept(seed):
    estate = by_chance(seed)
    found = assign(estate)
    assume(isinstance(found, Assignment))
    parts = (found.run_cost, found.outage_cost, found.governance_cost, found.fixed_cost)
    assert found.total == pytest.approx(math.fsum(parts))
    assert set(found.ways) == {choice.workflow for choice in estate.choices}
    assert keeps(estate, found)
    assert priced(estate, found.ways) == found
    taken = [choice for choice in estate.choices if found.ways[choice.workflow] == choice.way]
    served = (found.nodes - estate.spare_nodes) * estate.node_capacity
    assert served >= sum(choice.load for choice in taken if choice.way == "private") or not found.nodes


@drawn(SEEDS, st.integers(0, 100))
def test_a_further_option_never_raises_the_least_cost(seed, number):
    estate = by_chance(seed, is_limited=False)
    gone = estate.choices[number % len(estate.choices)]
    left = tuple(choice for choice in estate.choices if choice != gone)
    assume(any(choice.workflow == gone.workflow for choice in left))
    assert assign(estate).total <= assign(replace(estate, choices=left)).total + 1e-6


@drawn(SEEDS)
@settings(max_examples=40)
def test_the_order_of_choices_does_not_matter(seed):
    estate = by_chance(seed)
    found, turned = assign(estate), assign(replace(estate, choices=estate.choices[::-1]))
    assert isinstance(found, Impossible) == isinstance(turned, Impossible)
    if isinstance(found, Assignment):
        assert turned.total == pytest.approx(found.total, abs=1e-6)


@drawn(st.lists(st.floats(0.0, 6.0), min_size=13, max_size=13), st.floats(0.2, 1.0), st.booleans())
@settings(max_examples=30)
def test_without_what_outages_lose_everything_is_the_central_api(times, price, has_second_circuit):
    """At tokens of this size neither a private node nor machines at sites pay by their price alone."""
    base = method(has_second_circuit=has_second_circuit)
    factor = dict(zip(dict.fromkeys(choice.workflow for choice in base.choices), times, strict=True))
    moved = tuple(
        replace(choice, load=choice.load * factor[choice.workflow], run_cost=choice.run_cost * factor[choice.workflow] * price)
        for choice in base.choices
    )  # fmt: skip
    assert set(assign(without_outages(replace(base, choices=moved))).ways.values()) == {"central api"}


@drawn(SEEDS)
@settings(max_examples=15)
def test_each_flip_point_holds_on_both_sides(seed):
    """By brute force a little to either side: the way said is among the best there, and on the far side the way of now is not."""
    estate = by_chance(seed, is_limited=False)
    names = sorted({choice.workflow for choice in estate.choices})

    def dearer(times, workflow, way):
        every = every_total(with_outages(estate, times))
        held = [total for ways, total in every.items() if ways[names.index(workflow)] == way]
        return min(held) - min(every.values())

    for name, flip in flips(lambda times: with_outages(estate, times), low=0.1, high=10.0).items():
        if flip is None:
            continue
        below, above = flip.at * (1 - 2e-3), flip.at * (1 + 2e-3)
        assert dearer(below, name, flip.below) == pytest.approx(0, abs=1e-6)
        assert dearer(above, name, flip.above) == pytest.approx(0, abs=1e-6)
        assert (flip.below, flip.above)[:: 1 if flip.at > 1 else -1] == (flip.way_now, flip.way_then)
        assert dearer(above if flip.at > 1 else below, name, flip.way_now) > 0


@drawn(SEEDS, st.integers(2, 5), st.integers(2, 6))
def test_each_flip_of_a_weight_holds_when_scored_anew(seed, alternatives, criteria):
    dice = np.random.default_rng(seed)
    weights, scores = dice.dirichlet(np.ones(criteria)), dice.uniform(0, 100, (alternatives, criteria))
    found = standing(weights, scores, seed=1)
    for flip in found.flips:
        at = weights[flip.criterion] * (1 - flip.share)
        for step, best in ((-1e-5, found.best), (1e-5, flip.then)):
            moved = weights.copy()
            moved[flip.criterion] = at - step * np.sign(flip.share)
            assume(moved.min() >= 0)
            assert (scores @ moved).argmax() == best
        assert flip.weight_then == pytest.approx(at / (weights.sum() - weights[flip.criterion] + at))
    critical = weighing.most_critical(weights, scores)
    nearest = min((abs(flip.share) for flip in found.flips), default=None)
    assert nearest == (None if critical is None else pytest.approx(abs(critical.share)))
    assert sum(found.win_shares) == pytest.approx(1)
