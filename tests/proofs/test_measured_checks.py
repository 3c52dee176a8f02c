"""What AI is measured by gives the published answers: CUPED, a difference in differences, group-time effects, power."""

import json
from pathlib import Path

import numpy as np
import pytest
from statsmodels.stats.power import TTestIndPower

from models.ai_economics import adjusted, did, power
from models.ai_economics.permutation import smallest_p
from models.ai_economics.staggered import by_influence, weights


@pytest.fixture(scope="module")
def checks(request: pytest.FixtureRequest) -> dict:
    folder: Path = request.getfixturevalue("shared")
    listed = json.loads((folder / "checks" / "ai_economics.json").read_text("utf-8"))["checks"]
    return {check["id"]: check for check in listed}


def parts(check: dict) -> tuple[dict, dict, dict]:
    return check["inputs"], check["expected"], check["tolerance"]


def test_cuped(checks):
    asked, told, near = parts(checks["D12_cuped"])
    found = adjusted.cuped_gain(rho=asked["rho"], variance=asked["variance"], count=asked["n"])
    assert found.variance_reduction == pytest.approx(told["variance_reduction"], abs=near["abs"])
    assert found.adjusted_variance == pytest.approx(told["adjusted_variance"], abs=near["abs"])
    assert found.error_before == pytest.approx(told["se_before"], abs=near["se_abs"])
    assert found.error_after == pytest.approx(told["se_after"], abs=near["se_abs"])
    assert found.equivalent_count == pytest.approx(told["equivalent_n"], abs=near["n_abs"])


def group(said: dict) -> did.Group:
    return did.Group(said["n"], said["mean_change"], said["sd_change"])


def test_card_and_krueger(checks):
    """Balanced stores by Welch (1.34), table 4 by one pooled variance (1.19, root mean square error 8.79)."""
    asked, told, near = parts(checks["D13_card_krueger"])
    stores = asked["all_stores"]
    change = (stores["NJ_after"] - stores["NJ_before"]) - (stores["PA_after"] - stores["PA_before"])
    assert change == pytest.approx(told["did_all"], abs=near["did_all_abs"])
    balanced = did.difference(group(asked["balanced"]["NJ"]), group(asked["balanced"]["PA"]))
    assert balanced.effect == pytest.approx(told["did_balanced"], abs=near["abs"])
    assert balanced.error == pytest.approx(told["se_balanced"], abs=near["abs"])
    one, other = group(asked["table4_col_i"]["NJ"]), group(asked["table4_col_i"]["PA"])
    by_regression = did.difference(one, other, pooled=True)
    assert by_regression.effect == pytest.approx(told["ols_coef"], abs=near["abs"])
    assert by_regression.error == pytest.approx(told["ols_se"], abs=near["abs"])
    assert by_regression.error / np.sqrt(1 / one.count + 1 / other.count) == pytest.approx(
        told["ols_root_mse"], abs=near["abs"]
    )


def test_sample_size(checks):
    asked, told, near = parts(checks["D18_power_medium"])
    found = power.two_sample_size(d=asked["d"], alpha=asked["alpha"], power=asked["power"])
    assert found == pytest.approx(told["n_per_group"], abs=near["abs"])
    assert int(np.ceil(found)) == told["n_rounded"]


@pytest.mark.parametrize("d", [0.1, 0.2, 0.35, 0.8, 1.5, 2.5])
@pytest.mark.parametrize(("alpha", "chance"), [(0.05, 0.8), (0.01, 0.9), (0.1, 0.95)])
def test_sample_sizes_are_those_of_statsmodels(d, alpha, chance):
    theirs = TTestIndPower().solve_power(effect_size=d, alpha=alpha, power=chance)
    assert power.two_sample_size(d=d, alpha=alpha, power=chance) == pytest.approx(float(theirs), abs=0.01)


@pytest.mark.parametrize(
    ("sigma", "rho", "table"),
    [
        (0.20, 0.5, {6: 17.5, 8: 13.7, 12: 10.4, 16: 8.7, 25: 6.8, 40: 5.3}),
        (0.15, 0.7, {6: 10.2, 8: 8.0, 12: 6.0, 16: 5.1, 25: 3.9, 40: 3.1}),
    ],
)
def test_the_smallest_effect_that_a_pilot_can_find(sigma, rho, table):
    """The method's table: 12 + 12 weeks, half of the sites treated."""
    for sites, told in table.items():
        assert 100 * power.mde(units=sites, sigma=sigma, rho=rho) == pytest.approx(told, abs=0.06)


def test_the_smallest_chance_that_an_assignment_can_show():
    told = {(6, 3): 0.05, (8, 4): 0.014, (4, 2): 0.17, (5, 1): 0.20}
    assert {key: round(smallest_p(*key), 2 if value >= 0.05 else 3) for key, value in told.items()} == told


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.5, 0.9])
@pytest.mark.parametrize(("before", "after"), [(12, 12), (4, 26), (1, 1)])
def test_the_factors_are_mckenzies(rho, before, after):
    """Post (1 + (r − 1)ρ)/r; did (1 − ρ)(1/m + 1/r); ancova post − mρ²/(1 + (m − 1)ρ)."""
    post = (1 + (after - 1) * rho) / after
    found = {kind: power.factor(kind, before=before, after=after, rho=rho) for kind in power.DESIGNS}
    assert found["post"] == pytest.approx(post)
    assert found["did"] == pytest.approx((1 - rho) * (1 / before + 1 / after))
    assert found["ancova"] == pytest.approx(post - before * rho**2 / (1 + (before - 1) * rho))


def test_group_time_effects_by_hand():
    """Equation 2.4 of Callaway and Sant'Anna on a panel of five sites, worked out on paper."""
    starts = np.array([2.0, 2.0, 3.0, np.inf, np.inf])
    seen = np.array([[1.0, 1, 5, 6], [1, 3, 5, 8], [2, 2, 3, 9], [0, 1, 2, 3], [0, 1, 2, 5]])
    cells = weights(starts, 4, aggregate="cells", controls="never")
    found = dict(zip(cells.figures, cells.estimates(seen, starts).round(9).tolist(), strict=True))
    # (2, 2): treated change 4 and 2, mean 3; never treated 1 and 1, mean 1.
    assert found[(2.0, 2)] == 2.0
    assert found[(2.0, 3)] == 5.0 - 3.0
    assert found[(3.0, 3)] == 6.0 - 2.0
    not_yet = weights(starts, 4, aggregate="cells")
    found = dict(zip(not_yet.figures, not_yet.estimates(seen, starts).round(9).tolist(), strict=True))
    assert found[(2.0, 2)] == pytest.approx(3.0 - 1.0)  # the site of week 3 has not begun: changes 1, 1 and 1
    (whole,) = by_influence(seen, starts, weights(starts, 4, controls="never"))
    assert whole.effect == pytest.approx((2 * 2 + 2 * 2 + 1 * 4) / 5)
