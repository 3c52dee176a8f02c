"""Do the quantiles hold what they say, on series whose truth is known?"""

import numpy as np
import pytest

from models.demand.blend import blended, intermittent
from models.demand.intervals import quantiles
from models.quantile_grid import LEVELS


def banded(series, season_length, horizon):
    return quantiles(series, blended(series, season_length=season_length, horizon=horizon))


def held_out(series, horizon):
    return [one[:-horizon] for one in series], np.array([one[-horizon:] for one in series])


@pytest.mark.parametrize("spread", [1.0, 40.0])
def test_bands_of_noise_around_a_level_cover_what_they_name(spread):
    dice = np.random.default_rng(5)
    train, test = held_out([200 + spread * dice.standard_normal(130) for _ in range(400)], 8)
    bands = banded(train, 1, 8)
    for low, share in ((2, 0.8), (1, 0.9), (0, 0.95)):
        covered = np.mean((test >= bands[:, :, low]) & (test <= bands[:, :, 12 - low]))
        assert covered == pytest.approx(share, abs=0.015)


def test_bands_of_a_random_walk_widen_as_its_errors_do():
    dice = np.random.default_rng(6)
    train, test = held_out([np.cumsum(dice.standard_normal(160)) + 500 for _ in range(400)], 12)
    bands = banded(train, 1, 12)
    for step in (0, 11):
        covered = np.mean((test[:, step] >= bands[:, step, 2]) & (test[:, step] <= bands[:, step, 10]))
        assert covered == pytest.approx(0.8, abs=0.04)
    width = (bands[:, :, -1] - bands[:, :, 0]).mean(axis=0)
    assert width[11] / width[0] == pytest.approx(np.sqrt(12), rel=0.3)


def test_a_wild_series_gets_wide_bands_and_a_calm_one_beside_it_narrow_ones():
    dice = np.random.default_rng(7)
    wild, calm = 100 + 30 * dice.standard_normal(120), 100 + dice.standard_normal(120)
    bands = banded([wild, calm], 1, 4)
    width = bands[:, 0, -1] - bands[:, 0, 0]
    assert width[0] > 15 * width[1]


def test_quantiles_of_intermittent_demand_are_sizes_that_were_bought_and_hold_as_chances():
    dice = np.random.default_rng(8)
    made = [dice.binomial(1, 0.25, 300) * dice.choice([2.0, 5.0, 9.0], 300) for _ in range(300)]
    train, test = held_out(made, 7)
    assert intermittent(train).all()
    bands = banded(train, 1, 7)
    below, not_above = (test[:, :, None] < bands).mean(axis=(0, 1)), (test[:, :, None] <= bands).mean(axis=(0, 1))
    for level, low, high in zip(LEVELS, below, not_above, strict=True):
        assert low - 0.03 <= level <= high + 0.03
    assert set(np.unique(bands)) <= {0.0, 2.0, 5.0, 9.0, 14.0}


def test_small_counts_get_whole_numbers():
    dice = np.random.default_rng(9)
    bands = banded([dice.poisson(5, 200) + 1.0 for _ in range(20)], 1, 3)
    assert (bands == np.round(bands)).all()


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (np.array([4.0]), 4.0),
        (np.zeros(40), 0.0),
        (np.full(40, 3.5), 3.5),
        (np.array([0.0, 0.0, 0.0, 12.0]), None),
    ],
)
def test_the_shortest_and_the_emptiest_series_have_an_answer(one, says):
    bands = banded([one], 1, 3)
    assert np.isfinite(bands).all()
    assert (np.diff(bands, axis=2) >= 0).all()
    if says is not None:
        assert bands[0, 0, 6] == pytest.approx(says)


def test_negative_demand_is_not_cut_off_where_it_has_been_seen():
    dice = np.random.default_rng(10)
    bands = banded([dice.standard_normal(100)], 1, 2)
    assert (bands[0, :, 0] < 0).all()


def test_one_monstrous_value_leaves_the_neighbours_alone():
    dice = np.random.default_rng(11)
    made = [100 + dice.standard_normal(120) for _ in range(30)]
    calm = banded(made, 1, 4)
    made[0] = np.where(np.arange(120) == 100, 1e9, made[0])
    assert banded(made, 1, 4)[1:] == pytest.approx(calm[1:], rel=0.02)
