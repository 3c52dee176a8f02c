"""Published examples of transport, location, assignment and fair shares, solved to the published figure."""

import json

import numpy as np
import pytest

from models import solver
from models.allocation import rules


@pytest.fixture(scope="module")
def checks(shared):
    found = json.loads((shared / "checks" / "decisions.json").read_text("utf-8"))["checks"]
    return {check["id"].split("_")[0]: check for check in found}


def figures(check, *names):
    return [np.array(check["inputs"][name], dtype=float) for name in names]


def test_transport_of_dantzig(checks):
    check = checks["D14"]
    supply, demand, distance = figures(check, "supply", "demand", "distance")
    solved = solver.transport(supply, demand, distance * check["inputs"]["freight_per_case_per_1000miles"] / 1000)
    assert solved.objective == pytest.approx(check["expected"]["cost"], abs=check["tolerance"]["abs"])
    assert solved.status == solver.OPTIMAL
    assert solved.gap == 0
    moved = solved.values.reshape(distance.shape)
    assert np.all(moved.sum(axis=0) == demand)
    assert np.all(moved.sum(axis=1) <= supply)


def test_warehouses_with_a_fixed_cost(checks):
    check = checks["D15"]
    capacity, cost = figures(check, "capacity", "supply_cost")
    solved = solver.open_sites(np.full(capacity.size, check["inputs"]["fixed"]), capacity, cost)
    assert solved.objective == pytest.approx(check["expected"]["cost"], abs=check["tolerance"]["abs"])
    served, is_open = np.split(solved.values, [cost.size])
    per_site = served.reshape(cost.shape).sum(axis=0)
    assert np.all(per_site <= capacity * is_open)


def test_generalised_assignment(checks):
    check = checks["D16"]
    value, resource, capacity = figures(check, "value", "resource", "capacity")
    solved = solver.assigned(value, resource, capacity)
    assert -solved.objective == pytest.approx(check["expected"]["optimum"], abs=1e-6)
    taken = solved.values.reshape(value.shape)
    assert np.all(taken.sum(axis=0) == 1)
    assert np.all((taken * resource).sum(axis=1) <= capacity)


def test_max_min_fair_share(checks):
    check = checks["D17"]
    (demand,) = figures(check, "demand")
    got = rules.water_filled(np.array([float(check["inputs"]["capacity"])]), np.zeros(demand.size, int), demand)
    assert got.tolist() == pytest.approx(check["expected"]["allocation"], abs=check["tolerance"]["abs"])
