"""Each way of measuring does what it says, on panels small enough to follow, and beside other people's programs."""

import numpy as np
import pytest
import statsmodels.api as sm

from models.ai_economics import adjusted, did, permutation, power, staggered
from models.ai_economics.noise import noise
from tests.measured_panels import BEFORE
from tests.measured_panels import noise as grown


def test_an_effect_that_grows_keeps_its_sign_although_all_begin_in_the_end():
    """The case in which a regression with site and week means is known to go wrong."""
    starts = np.array([3.0] * 3 + [6.0] * 3)
    since = np.arange(12) - starts[:, None]
    seen = np.where(since >= 0, -1.0 - since, 0.0)
    found = staggered.measured(seen, starts, seed=1, base_weeks=1)
    assert found.effect == pytest.approx(-2.0)  # weeks 3 to 5 of the early ones; later nobody is left to compare with
    assert found.p == pytest.approx(2 / 20)


def test_starts_after_the_panel_count_as_never():
    seen = np.array([[5.0, 5, 3], [5, 5, 5], [4, 4, 4]])
    one = staggered.measured(seen, np.array([2.0, 9.0, np.inf]), seed=1)
    assert one.effect == pytest.approx(-2.0)
    assert (one.treated, one.comparison) == (1, 2)


def test_without_anybody_to_compare_with_nothing_is_said():
    with pytest.raises(ValueError, match="No start week"):
        staggered.weights(np.array([2.0, 2.0]), 4)
    with pytest.raises(ValueError, match="No start week"):
        staggered.weights(np.array([0.0, np.inf]), 4)


def test_the_interval_is_the_set_of_effects_that_the_test_does_not_reject():
    """By brute force over a grid, on a roll-out of seven sites."""
    dice = np.random.default_rng(5)
    starts = np.array([3.0, 3.0, 5.0, 5.0, 7.0, np.inf, np.inf])
    seen = dice.normal(size=(7, 10)) - 2.0 * (np.arange(10) >= starts[:, None])
    one = staggered.measured(seen, starts, seed=1, base_weeks=3)
    assert one.low is not None
    assert one.high is not None
    pattern = (np.arange(10) >= starts[:, None]).astype(float)
    for effect in (one.low + 0.01, one.high - 0.01, one.low - 0.01, one.high + 0.01):
        moved = staggered.measured(seen - effect * pattern, starts, seed=1, base_weeks=3)
        assert (moved.p > 0.05) == (one.low < effect < one.high)


def test_all_assignments_are_gone_through_once():
    every = permutation.assignments([0, 0, 1, 1, 2], seed=1)
    assert (
        len(every) == len({tuple(row) for row in every.tolist()}) == permutation.assignment_count([0, 0, 1, 1, 2]) == 30
    )
    drawn = permutation.assignments([0] * 10 + [1] * 10, seed=1, most=50)
    assert drawn.shape == (51, 20)
    assert (drawn.sum(axis=1) == 10).all()
    assert (drawn == permutation.assignments([0] * 10 + [1] * 10, seed=1, most=50)).all()


def test_too_few_assignments_give_no_ends():
    """Three against three: no assignment is rare enough for 95 per cent."""
    starts = np.array([2.0, 2.0, 2.0, np.inf, np.inf, np.inf])
    one = staggered.measured(np.random.default_rng(1).normal(size=(6, 4)), starts, seed=1)
    assert (one.low, one.high) == (None, None)


def test_ancova_is_the_regression_of_statsmodels():
    dice = np.random.default_rng(2)
    earlier, treated = dice.normal(size=15), np.arange(15) % 3 == 0
    after = 0.6 * earlier - 0.5 * treated + dice.normal(size=15)
    theirs = sm.OLS(after, sm.add_constant(np.column_stack([treated, earlier]).astype(float))).fit()
    ours = adjusted.ancova(after, earlier, treated)
    assert ours.effect == pytest.approx(theirs.params[1])
    assert ours.error == pytest.approx(theirs.bse[1])
    assert (ours.low, ours.high) == pytest.approx(tuple(theirs.conf_int()[1]))
    assert ours.p == pytest.approx(theirs.pvalues[1])


def test_cuped_takes_out_what_the_past_foretold_and_nothing_else():
    dice = np.random.default_rng(3)
    earlier = dice.normal(size=2000)
    after = 0.8 * earlier + 0.6 * dice.normal(size=2000)
    left = adjusted.cuped(after, earlier)
    assert left.mean() == pytest.approx(after.mean())
    assert left.var() / after.var() == pytest.approx(1 - np.corrcoef(earlier, after)[0, 1] ** 2)
    assert adjusted.cuped(after, np.ones(2000)) == pytest.approx(after)


def test_the_queue_split_is_the_regression_with_a_mean_a_cell():
    dice = np.random.default_rng(4)
    cell = np.repeat(np.arange(12), 5)
    arm = dice.random(60) < 0.5
    after = cell + dice.normal(size=60) - 1.0 * arm
    theirs = sm.OLS(after, np.column_stack([arm, cell[:, None] == np.arange(12)]).astype(float)).fit(cov_type="HC1")
    ours = adjusted.queue_split(after, arm, cell)
    assert ours.effect == pytest.approx(theirs.params[0])
    assert ours.error == pytest.approx(theirs.bse[0], rel=0.01)


def test_a_queue_with_one_arm_says_nothing():
    one = adjusted.queue_split(np.array([1.0, 2.0]), np.array([True, True]), np.array([0, 0]))
    assert np.isnan(one.effect)
    assert one.low is None


def test_sites_that_drifted_apart_before_are_seen():
    dice = np.random.default_rng(6)
    starts = np.array([16.0] * 6 + [np.inf] * 6)
    seen = grown(dice, 12)
    alike = did.before(seen, starts, seed=1)
    seen[:6] += 0.5 * np.arange(24)
    apart = did.before(seen, starts, seed=1)
    assert alike.p is not None
    assert alike.p > 0.05
    assert apart.p == pytest.approx(2 / 924, abs=0.01)
    assert "did not move alike" in apart.says
    assert "four times in five" in alike.says
    assert did.before(seen[:, :7], np.where(starts == 16, 5.0, np.inf), seed=1).p is None


def test_a_start_that_never_was_has_no_effect():
    dice = np.random.default_rng(7)
    starts = np.array([12.0] * 5 + [np.inf] * 5)
    seen = grown(dice, 10)
    seen[:5, 12:] -= 5
    found = did.placebo(seen, starts, seed=1)
    assert found is not None
    assert found.low < 0 < found.high
    assert did.placebo(seen, np.array([16.0, 18.0] * 5), seed=1) is not None
    assert did.placebo(seen[:, :6], np.where(np.isfinite(starts), 4.0, np.inf), seed=1) is None


def test_the_site_that_makes_the_effect_is_seen_when_it_is_left_out():
    starts = np.array([4.0] * 3 + [np.inf] * 3)
    seen = np.zeros((6, 8))
    seen[0, 4:] = -9.0
    left = did.left_out(seen, starts)
    assert (min(left), max(left)) == pytest.approx((-4.5, 0.0))


def test_more_sites_more_weeks_and_more_that_stays_make_smaller_effects_visible():
    by_sites = [power.mde(units=g, sigma=0.2, rho=0.5) for g in range(3, 60)]
    by_rho = [power.mde(units=10, sigma=0.2, rho=rho / 10) for rho in range(10)]
    by_weeks = [power.mde(units=10, sigma=0.2, rho=0.5, after=weeks) for weeks in range(1, 40)]
    for falling in (by_sites, by_rho, by_weeks):
        assert falling == sorted(falling, reverse=True)
    assert power.mde(units=2, sigma=0.2, rho=0.5) == np.inf


@pytest.mark.parametrize("sites", [6, 12])
def test_the_smallest_effect_is_found_four_times_in_five(sites):
    """The formula against trials: noise that stays and noise that follows itself from week to week."""
    dice = np.random.default_rng(8)
    effect = power.mde(units=sites, sigma=1.0, rho=0.5, serial=0.5, before=BEFORE, after=12)
    found = 0
    for _ in range(2000):
        is_treated = dice.permutation(sites) < sites // 2
        seen = grown(dice, sites)
        seen[is_treated, BEFORE:] -= effect
        found += did.two_by_two(seen, is_treated, BEFORE).p < 0.05
    assert found / 2000 == pytest.approx(0.8, abs=0.03)


def test_noise_is_read_off_the_past():
    dice = np.random.default_rng(9)
    found = [noise(grown(dice, 12)) for _ in range(200)]
    assert np.mean([one.sigma for one in found]) == pytest.approx(1.0, abs=0.05)
    assert np.mean([one.rho for one in found]) == pytest.approx(0.5, abs=0.1)
    assert np.mean([one.serial for one in found]) == pytest.approx(0.5, abs=0.1)
    many = noise(grown(dice, 2000))
    assert (many.sigma, many.rho, many.serial) == pytest.approx((1.0, 0.5, 0.5), abs=0.05)
    flat = noise(np.full((5, 12), 3.0))
    assert (flat.level, flat.sigma, flat.rho, flat.serial) == (3.0, 0.0, 0.0, 0.0)
