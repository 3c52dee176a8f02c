"""The compiled detector gives what a plain reading of its two steps gives, written here as slowly and clearly as it goes."""

import numpy as np
import pytest

from models.anomalies import detector


def slow_scores(y, memory, ranked):
    """Novelty as the least distance over all places of the memory, and its rank; records are limited as they come."""
    apart, novelty, said = {}, [0.0], [0.0]
    for t in range(1, len(y)):
        for lag in range(1, min(t, memory) + 1):
            apart[lag] = detector.FADING * apart.get(lag, 0.0) + (y[t] - y[t - lag]) ** 2
        now, earlier = min(apart.values()), novelty[max(0, t - ranked) :]
        left = (sum(one >= now for one in earlier) + 1) / (len(earlier) + 1)
        record = max(earlier)
        if now > record:
            left *= (record / now) ** 0.5 if t >= detector.MEASURED else 1
            if record > 0:
                now = min(now, detector.LIMIT * record)
                apart = {lag: min(one, now) for lag, one in apart.items()}
        novelty.append(now)
        said.append(1 - left)
    return np.array(said)


def slow_alerts(said):
    """An alert at t speaks for the points before t + min(150, t / 10), unless one of them is higher."""
    found, until, top = [], 0, 0.0
    for t, score in enumerate(said):
        if score >= detector.THRESHOLD and (t >= until or score > top):
            found.append(t)
            until, top = t + min(150, t // 10), score
    return found


def daily(days=30, seed=3):
    """Hours of a day that is like every other, but for a little noise."""
    noise = np.random.default_rng(seed).normal(0, 0.5, 24 * days)
    return 20 + 10 * np.sin(2 * np.pi * np.arange(24 * days) / 24) + noise


def test_the_scores_are_those_of_a_plain_reading():
    """On whole numbers, which no way of adding them can round: the walk is exact for fifty halvings at least."""
    y = np.random.default_rng(1).integers(-9, 10, 300).astype(float) * 3
    y[[120, 200]] = 400, -9000
    unit = 2.0 ** np.floor(np.log2(abs(y[y != y[0]][0] - y[0])))
    np.testing.assert_allclose(
        detector.scores(y), slow_scores((y - y[0]) / unit, detector.MEMORY, detector.RANKED), atol=1e-12
    )


def test_a_page_of_arithmetic_by_hand():
    """1 2 3 1 2 4. Novelties 0, 1, ½·1 + 1, 0, 0 (the path was there before), and 1 (it ends on 4, where it ended on 3)."""
    ranks = [0, 1 - 1 / 2, 1 - 1 / 3, 1 - 4 / 4, 1 - 5 / 5, 1 - 3 / 6]
    np.testing.assert_allclose(detector.scores([1, 2, 3, 1, 2, 4]), ranks)


@pytest.mark.parametrize("jump", [2.0, 1e3, -1e9])
def test_a_record_in_a_short_series_counts_by_how_far_it_is_one(jump):
    """Forty flips of a coin, then the jump: its novelty against the record of the flips, one over forty-one at first."""
    y = np.resize([0.0, 1.0, 1.0, 0.0, 1.0], 40)
    said = detector.scores(np.append(y, jump))[-1]
    assert said == pytest.approx(slow_scores(np.append(y, jump), 99, 99)[-1])
    assert (said >= detector.THRESHOLD) == (abs(jump) > 100)


def test_nothing_is_rarer_than_one_of_the_moments_seen():
    assert detector.rarity(1.0, 0) == 1
    assert detector.rarity(1.0, 99) == detector.rarity(0.9999, 99) == 1 / 100
    assert detector.rarity(0.5, 99) == 0.5
    assert detector.rarity(1.0, 10**9) == 1 / (detector.RANKED + 1)


def test_what_lies_beyond_the_memory_is_forgotten():
    """A burst seen once, long ago, is known while it lies within the memory, and new again when it no longer does."""
    y = np.random.default_rng(2).integers(0, 4, detector.MEMORY + 60).astype(float)
    y[-1] = 50
    forgotten, remembered = y.copy(), y.copy()
    forgotten[11:31] = remembered[81:101] = y[-20:]
    assert detector.scores(forgotten)[-1] > detector.THRESHOLD > detector.scores(remembered)[-1]


def test_alerts_are_the_high_scores_that_no_alert_mutes():
    values = np.random.default_rng(5).standard_t(2, 3000)
    said = detector.scores(values)
    assert detector.alerts(values).tolist() == slow_alerts(said)
    assert 0 < len(slow_alerts(said)) < (said >= detector.THRESHOLD).sum()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({500: 0.997, 501: 0.997, 549: 0.997}, [500]),
        ({500: 0.997, 549: 0.9971}, [500, 549]),
        ({500: 0.997, 550: 0.9965}, [500, 550]),
        ({2000: 0.999, 2149: 0.999, 2150: 0.998}, [2000, 2150]),
        ({500: 0.9959}, []),
    ],
)
def test_an_alert_mutes_a_tenth_of_the_past_and_at_most_150_points(said, kept):
    scores = np.zeros(3000)
    scores[list(said)] = list(said.values())
    assert detector._unmuted(scores).tolist() == kept


def test_a_day_without_its_peak_is_an_alert_though_each_value_is_usual():
    usual = daily()
    without = usual.copy()
    without[24 * 25 : 24 * 26] = usual[24 * 24 + 18]  # the whole day as at an hour of the night before
    assert not detector.alerts(usual)[detector.alerts(usual) > 24 * 20].size
    first = detector.alerts(without)[detector.alerts(without) > 24 * 20][0]
    assert 24 * 25 <= first < 24 * 26


def test_one_enormous_value_does_not_hide_a_later_one():
    """Without the limit the enormous one stays in the path for dozens of points, which then outrank what follows."""
    y = daily(60)
    y[24 * 30 + 5] = 1e12
    y[24 * 50 + 5] += 40
    found = detector.alerts(y)
    assert {24 * 30 + 5, 24 * 50 + 5} <= set(found.tolist())


def test_what_was_expected_follows_the_season():
    y = daily()
    late = slice(24 * 10, None)
    wrong = np.abs(detector.expected(y) - y)[late].mean()
    assert wrong < 0.8  # the noise alone is 0.4, an hour's step 1.7 and more
    assert wrong < 0.5 * np.abs(np.diff(y))[late].mean()


def test_the_expectation_is_the_middle_one_of_what_followed_the_nearest_moments():
    y = np.random.default_rng(7).integers(0, 9, 60).astype(float)
    for t in (1, 2, 3, 5, 7, 30, 59):
        apart = {}
        for now in range(1, t):
            for lag in range(1, now + 1):
                apart[lag] = detector.FADING * apart.get(lag, 0.0) + (y[now] - y[now - lag]) ** 2
        nearest = sorted(apart, key=lambda lag: (apart[lag], lag))[: detector.TWINS]
        wanted = sorted(y[t - lag] for lag in nearest)[(len(nearest) - 1) // 2] if nearest else y[0]
        assert detector.expected(y)[t] == wanted


@pytest.mark.parametrize("missing", [np.nan, np.inf, -np.inf])
def test_what_is_missing_has_no_score_and_changes_no_other(missing):
    y = daily(20)
    holed = np.insert(y, [0, 100, 100, 480], missing)
    known = np.isfinite(holed)
    np.testing.assert_array_equal(detector.scores(holed)[known], detector.scores(y))
    assert np.isnan(detector.scores(holed)[~known]).all()
    np.testing.assert_array_equal(detector.expected(holed)[known], detector.expected(y))
    assert not set(detector.alerts(holed).tolist()) & set(np.flatnonzero(~known).tolist())


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_value_is_no_alert(count):
    y = np.arange(count) * 7.0
    assert detector.scores(y).tolist() == [0.0, 0.5][:count]
    assert detector.alerts(y).size == 0
    np.testing.assert_array_equal(detector.expected(y), [np.nan, 0.0][:count])


def test_nothing_but_missing_values_is_no_alert():
    assert np.isnan(detector.scores([np.nan] * 3)).all()
    assert np.isnan(detector.expected([np.nan] * 3)).all()
    assert detector.alerts([np.nan] * 3).size == 0


def test_rounding_of_a_constant_is_not_a_change():
    y = np.full(100, 0.3)
    y[60] = 0.1 + 0.2
    assert y[60] != y[59]
    assert detector.alerts(y).size == 0
    y[60] = 0.3 + 1e-6
    assert detector.alerts(y).tolist() == [60]


def test_the_largest_numbers_there_are_still_have_scores():
    y = np.resize([1.0, -1.7e308, 1.7e308, 5e-324], 200)
    assert ((detector.scores(y) >= 0) & (detector.scores(y) <= 1)).all()
    assert np.isfinite(detector.expected(y)[1:]).all()
    small = np.resize([0.0, 1e-300], 400)
    small[[100, 101, 300]] = 1e300, 1e300, -1e300
    assert {100, 300} <= set(detector.alerts(small).tolist())


def test_a_table_is_refused():
    with pytest.raises(ValueError, match="2 dimensions"):
        detector.scores(np.ones((3, 3)))


@pytest.mark.parametrize("threads", [1, 2, None])
def test_many_are_as_each_alone(threads):
    series = [daily(seed=seed) for seed in range(5)] + [np.array([]), np.full(9, np.nan)]
    for one, found in zip(series, detector.many(series, threads=threads), strict=True):
        np.testing.assert_array_equal(found.scores, detector.scores(one))
        np.testing.assert_array_equal(found.alerts, detector.alerts(one))
