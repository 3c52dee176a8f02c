"""The demo world's dice: luck hangs on the address alone, and it is fair."""

import numpy as np
import pytest

from pipelines.demo.dice import Dice


def test_the_same_address_gives_the_same_number_alone_or_in_company():
    dice = Dice(7)
    together = dice.uniform("demand", 5, np.arange(100), 3)
    assert dice.uniform("demand", 5, 77, 3) == together[77]
    assert dice.uniform("demand", 5, np.array([77]), 3)[0] == together[77]


@pytest.mark.parametrize(("seed", "purpose", "day"), [(8, "demand", 5), (7, "late", 5), (7, "demand", 6)])
def test_another_seed_purpose_or_day_is_another_throw(seed, purpose, day):
    cells = np.arange(20_000)
    one, other = Dice(7).uniform("demand", 5, cells), Dice(seed).uniform(purpose, day, cells)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.02


def test_numbers_fill_the_unit_interval_evenly():
    numbers = Dice(3).uniform("even", np.arange(100_000))
    assert numbers.min() > 0
    assert numbers.max() < 1
    counts = np.histogram(numbers, bins=50, range=(0, 1))[0]
    assert ((counts - 2_000) ** 2 / 2_000).sum() < 90  # chi-square, 49 degrees of freedom, 99.97 %


def test_neighbouring_addresses_know_nothing_of_each_other():
    numbers = Dice(3).normal("neighbours", np.arange(300)[:, None], np.arange(300)[None, :])
    assert abs(np.corrcoef(numbers[1:].ravel(), numbers[:-1].ravel())[0, 1]) < 0.015
    assert abs(np.corrcoef(numbers[:, 1:].ravel(), numbers[:, :-1].ravel())[0, 1]) < 0.015
    assert numbers.mean() == pytest.approx(0, abs=0.02)
    assert numbers.std() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("mean", [0.02, 0.7, 4.0, 40.0])
def test_poisson_counts_have_their_mean_as_variance(mean):
    counts = Dice(11).poisson(np.full(40_000, mean), "poisson", np.arange(40_000))
    assert counts.mean() == pytest.approx(mean, rel=0.05, abs=0.004)
    assert counts.var() == pytest.approx(mean, rel=0.06, abs=0.005)


def test_more_demand_at_one_address_leaves_the_others_alone():
    means = np.full(500, 1.3)
    raised = means.copy()
    raised[100:110] *= 3
    before, after = (Dice(2).poisson(given, "lines", 9, np.arange(500)) for given in (means, raised))
    rest = np.r_[0:100, 110:500]
    assert (before[rest] == after[rest]).all()
    assert (after >= before).all()
    assert after[100:110].sum() > before[100:110].sum()


def test_whole_numbers_reach_both_ends_and_no_further():
    assert set(Dice(1).whole(2, 5, "whole", np.arange(1_000)).tolist()) == {2, 3, 4, 5}
