"""What must hold of any forecast, whatever the series: it knows nothing of the future, of other series, or of units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.demand.blend import blended
from models.demand.intervals import quantiles

VALUES = st.one_of(st.integers(0, 50).map(float), st.floats(0, 1e4).map(lambda value: round(value, 3)))
SERIES = st.lists(VALUES, min_size=1, max_size=40).map(np.array)
PANELS = st.lists(SERIES, min_size=1, max_size=5)
SEASONS = st.sampled_from([1, 4, 7])
STEPS = 3


def points(series, season_length=1):
    return blended(series, season_length=season_length, horizon=STEPS).points


@given(value=VALUES, length=st.integers(1, 40), season_length=SEASONS)
def test_a_constant_series_forecasts_itself(value, length, season_length):
    said = points([np.full(length, value)], season_length)
    np.testing.assert_allclose(said, value, rtol=1e-9, atol=1e-9)


@given(panel=PANELS, season_length=SEASONS, power=st.integers(-3, 6))
def test_another_unit_changes_the_unit_and_nothing_else(panel, season_length, power):
    np.testing.assert_allclose(
        points([one * 2.0**power for one in panel], season_length),
        points(panel, season_length) * 2.0**power,
        rtol=1e-6,
        atol=1e-9,
    )


@given(panel=PANELS, season_length=SEASONS)
def test_no_series_knows_another(panel, season_length):
    alone = np.vstack([points([one], season_length) for one in panel])
    np.testing.assert_array_equal(points(panel, season_length), alone)
    np.testing.assert_array_equal(points(panel[::-1], season_length), alone[::-1])


@given(panel=PANELS, season_length=SEASONS)
def test_every_series_has_a_forecast_and_demand_is_never_below_nothing(panel, season_length):
    made = blended(panel, season_length=season_length, horizon=STEPS)
    assert np.isfinite(made.points).all()
    assert (made.points >= 0).all()
    np.testing.assert_allclose(made.weights.sum(axis=1), 1.0)


@given(one=SERIES, season_length=SEASONS, poison=st.floats(-1e9, 1e9))
def test_an_earlier_origin_cannot_be_poisoned_by_what_came_later(one, season_length, poison):
    """What the methods said at an origin, seen through the residuals: only the value that came may change them."""
    from models.demand import blend, pool

    known = blend._earlier(one.size, season_length, STEPS)[0]
    if not known:
        return
    spoilt = one.copy()
    spoilt[known:] = poison
    origins, start = np.array([[known]]), np.zeros(1, dtype=np.int64)
    said = [pool.forecasts(y[None, :], start, origins, season_length, STEPS) for y in (one, spoilt)]
    np.testing.assert_array_equal(*said)


@pytest.mark.parametrize("bad", [np.array([]), np.array([1.0, np.nan]), np.array([np.inf])])
def test_a_series_with_holes_is_refused(bad):
    with pytest.raises(ValueError, match="series 1"):
        points([np.ones(3), bad])


def bands(panel, season_length=1):
    return quantiles(panel, blended(panel, season_length=season_length, horizon=STEPS))


@given(panel=PANELS, season_length=SEASONS)
def test_quantiles_never_cross_and_are_never_below_nothing(panel, season_length):
    made = bands(panel, season_length)
    assert np.isfinite(made).all()
    assert (made >= 0).all()
    assert (np.diff(made, axis=2) >= 0).all()


@given(panel=PANELS, season_length=SEASONS)
def test_the_order_of_the_series_changes_no_quantile(panel, season_length):
    np.testing.assert_allclose(
        bands(panel[::-1], season_length), bands(panel, season_length)[::-1], rtol=1e-9, atol=1e-9
    )


@given(panel=st.lists(st.lists(st.floats(11, 1e4), min_size=8, max_size=30).map(np.array), min_size=1, max_size=4))
def test_another_unit_changes_quantiles_by_the_unit(panel):
    np.testing.assert_allclose(bands([one * 8.0 for one in panel]), bands(panel) * 8.0, rtol=1e-6, atol=1e-6)


def test_one_series_more_moves_the_shared_curve_by_its_ranks_at_most():
    dice = np.random.default_rng(3)
    panel = [50 + dice.standard_normal(60) for _ in range(200)]
    before, after = bands(panel), bands([*panel, np.cumsum(1000 * dice.standard_normal(60))])[:-1]
    np.testing.assert_allclose(after, before, rtol=0.01)
