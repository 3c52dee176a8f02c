"""What must hold of any score of strangeness, whatever the series: it knows no future, no unit, and no other series."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.anomalies import detector

WHOLE = st.integers(-(2**20), 2**20).map(float)  # sums, differences and halvings of these are exact
LUMPY = st.one_of(st.integers(0, 3).map(float), WHOLE)
SERIES = st.lists(LUMPY, min_size=1, max_size=120).map(np.array)
ANYTHING = st.lists(st.floats(), max_size=120).map(np.array)


@given(values=ANYTHING)
def test_every_score_is_a_share_and_only_what_is_missing_has_none(values):
    said = detector.scores(values)
    known = np.isfinite(values)
    assert said.shape == values.shape
    assert ((said[known] >= 0) & (said[known] <= 1)).all()
    assert np.isnan(said[~known]).all()


@given(values=ANYTHING)
def test_alerts_are_in_order_and_at_the_threshold(values):
    found = detector.alerts(values)
    assert (np.diff(found) > 0).all()
    assert (detector.scores(values)[found] >= detector.THRESHOLD).all()


@given(values=ANYTHING, later=ANYTHING, data=st.data())
def test_the_future_cannot_poison_what_was_said(values, later, data):
    """Whatever comes after a point, its score, its expectation and the alerts up to it stay what they were."""
    known = data.draw(st.integers(0, values.size))
    spoilt = np.concatenate([values[:known], later])
    np.testing.assert_array_equal(detector.scores(spoilt)[:known], detector.scores(values)[:known])
    np.testing.assert_array_equal(
        detector.expected(np.append(spoilt, 0))[: known + 1], detector.expected(np.append(values, 0))[: known + 1]
    )
    kept = [one[one < known].tolist() for one in (detector.alerts(spoilt), detector.alerts(values))]
    assert kept[0] == kept[1]


@given(values=SERIES, power=st.integers(-700, 700), sign=st.sampled_from([-1.0, 1.0]), shift=WHOLE)
def test_another_unit_or_another_zero_changes_no_score(values, power, sign, shift):
    said = detector.scores(values)
    np.testing.assert_array_equal(detector.scores(sign * 2.0**power * values), said)
    np.testing.assert_array_equal(detector.scores(values + shift), said)


@given(values=SERIES, factor=st.integers(1, 1000).map(float))
def test_a_unit_that_is_no_power_of_two_changes_no_score_either(values, factor):
    """Three feet to the yard: whole numbers stay whole, so nothing but the unit changes; ties stay ties."""
    few = np.clip(values, -1000, 1000)
    np.testing.assert_allclose(detector.scores(factor * few), detector.scores(few), atol=1e-9)


@given(values=SERIES, power=st.integers(-700, 700))
def test_an_expectation_has_the_unit_of_its_series(values, power):
    np.testing.assert_array_equal(detector.expected(values * 2.0**power), detector.expected(values) * 2.0**power)


@given(values=SERIES)
def test_an_expectation_lies_among_the_values_before(values):
    said = detector.expected(values)[1:]
    assert (said >= np.minimum.accumulate(values)[:-1]).all()
    assert (said <= np.maximum.accumulate(values)[:-1]).all()


@given(value=st.floats(allow_nan=False, allow_infinity=False), length=st.integers(1, 400))
def test_a_constant_raises_nothing(value, length):
    values = np.full(length, value)
    assert (detector.scores(values) == 0).all()
    assert detector.alerts(values).size == 0
    assert (detector.expected(values)[1:] == value).all()


@given(panel=st.lists(SERIES, max_size=4))
def test_no_series_knows_another(panel):
    for one, found in zip(panel, detector.many(panel, threads=2), strict=True):
        np.testing.assert_array_equal(found.scores, detector.scores(one))
        np.testing.assert_array_equal(found.alerts, detector.alerts(one))
