"""Scarce stock over sites and regions: the compiled flow against a linear program, prices against trying, and capacities that bind."""

import numpy as np
import pytest
from scipy.sparse import coo_array, csr_array

from models import solver
from models.allocation.flow import flows
from models.allocation.network import Problem, plan


def instance(dice, skus=1, sites=4, regions=6):
    cost = dice.integers(1, 30, (skus, sites, regions)).astype(float)
    stock, demand = (
        dice.integers(0, 30, (skus, sites)).astype(float),
        dice.integers(0, 15, (skus, regions)).astype(float),
    )
    worth = dice.integers(1, 40, (skus, regions)).astype(float)
    floor = np.floor(demand * dice.random((skus, regions)))
    return cost, stock, demand, floor, worth, 4 * worth


def program(problem):
    """The whole linear program, by the solver."""
    skus, sites, regions = problem.cost.shape
    lanes, cells = problem.cost.size, skus * regions
    sku, site, region = np.unravel_index(np.arange(lanes), problem.cost.shape)
    every = np.arange(lanes + 2 * cells)
    served = np.concatenate([sku * regions + region, np.arange(cells), np.arange(cells)])
    equal = csr_array(coo_array((np.ones(every.size), (served, every)), shape=(cells, every.size)))
    row = np.concatenate([sku * sites + site, skus * sites + site])
    value = np.concatenate([np.ones(lanes), problem.use[sku]])
    column = np.tile(np.arange(lanes), 2)
    rows = csr_array(coo_array((value, (row, column)), shape=(skus * sites + sites, every.size)))
    cap = np.full(sites, 1e9) if problem.capacity is None else problem.capacity
    cost = np.concatenate([problem.cost.ravel(), problem.worth.ravel(), problem.floor_worth.ravel()])
    top = np.concatenate([np.full(lanes, 1e9), (problem.demand - problem.floor).ravel(), problem.floor.ravel()])
    return solver.linear(
        cost,
        upper=(rows, np.concatenate([problem.stock.ravel(), cap])),
        equal=(equal, problem.demand.ravel()),
        most=top,
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_flow_costs_what_the_linear_program_says(seed):
    given = instance(np.random.default_rng(seed), sites=1 + seed % 5)
    moved, spent, price = flows(*given)
    assert spent[0] == pytest.approx(program(Problem(*given, use=np.ones(1))).objective)
    assert np.all(moved == np.round(moved))
    assert np.all(moved.sum(axis=2) <= given[1])
    assert np.all(moved.sum(axis=1) <= given[2])
    for site in range(given[1].shape[1]):
        more = given[1].copy()
        more[0, site] += 1
        assert spent[0] - flows(given[0], more, *given[2:])[1][0] == pytest.approx(price[0, site])


@pytest.mark.parametrize("seed", range(5))
def test_with_shared_capacity_the_plan_lies_within_its_gap_of_the_optimum(seed):
    dice = np.random.default_rng(seed)
    given = instance(dice, skus=30)
    free = Problem(*given, use=dice.uniform(0.5, 2, 30))
    load = free.used(plan(free).moved)
    tight = Problem(*given, use=free.use, capacity=0.7 * load)
    found, best = plan(tight), program(tight).objective
    assert found.bound <= best + 1e-6
    assert best - 1e-6 <= found.objective <= best * 1.02
    assert np.all(tight.used(found.moved) <= tight.capacity + 1e-6)
    assert np.all(found.moved.sum(axis=2) <= tight.stock)
    assert np.all(found.moved == np.round(found.moved))
    assert np.all((found.capacity_prices > 0) | (tight.used(found.moved) <= tight.capacity))


def test_no_capacity_at_all_means_that_everything_is_missed_and_told():
    given = instance(np.random.default_rng(1), skus=3)
    found = plan(Problem(*given, use=np.ones(3), capacity=np.zeros(4)))
    assert found.moved.sum() == 0
    assert found.breaches.sum() == given[3].sum()


def test_the_same_problem_gets_the_same_plan():
    given = instance(np.random.default_rng(2), skus=20)
    asked = Problem(*given, use=np.ones(20), capacity=np.full(4, 60.0))
    first, second = plan(asked), plan(asked)
    assert np.array_equal(first.moved, second.moved)
    assert np.array_equal(first.capacity_prices, second.capacity_prices)
