"""The compiled methods give what a plain reading of the textbook gives, written here as slowly and clearly as it goes."""

from collections.abc import Callable

import numpy as np
import pytest

from models.demand import kernels

HORIZON = 5


def said(method: Callable, *arguments) -> np.ndarray:
    out = np.empty(HORIZON)
    method(*arguments, out)
    return out


def best(candidates):
    """The forecast of the first candidate with the least squared error; each is (error, forecast)."""
    return min(candidates, key=lambda candidate: candidate[0])[1]


def smoothed(y, rate):
    level, loss = np.mean(y[:4]), 0.0
    for value in y:
        loss += (value - level) ** 2
        level += rate * (value - level)
    return loss, (level, rate)


def smoothing(y):
    return np.full(HORIZON, best(smoothed(y, rate) for rate in kernels.LEVEL)[0])


def theta(y, kept=1.0):
    level, rate = best(smoothed(y, rate) for rate in kernels.LEVEL)
    drift = np.polyfit(np.arange(len(y)), y, 1)[0] / 2
    ahead = np.concatenate([[0.0], np.cumsum(kept ** np.arange(1, HORIZON))])
    return level + drift * (ahead + (1 - (1 - rate) ** len(y)) / rate)


def damped_trend(y, kept=1.0):
    few = min(len(y) - 1, 5)
    slope = (y[few] - y[0]) / few

    def run(alpha, beta, phi):
        level, trend, loss = y[0] - slope, slope, 0.0
        for value in y:
            error = value - level - phi * trend
            level, trend = level + phi * trend + alpha * error, phi * trend + beta * error
            loss += error**2
        return loss, level + np.cumsum(min(phi, kept) ** np.arange(1, HORIZON + 1)) * trend

    grid = zip(kernels.DAMPED_LEVEL, kernels.DAMPED_TREND, kernels.DAMPED_PHI, strict=True)
    return best(run(*point) for point in grid)


def seasonal_smoothing(y, m):
    first = y[: 2 * m]
    slope = np.mean(first[m:] - first[: len(first) - m]) / m
    whole = y[: len(first) // m * m]
    line = np.mean(whole) + slope * (np.arange(len(whole)) - (len(whole) - 1) / 2)

    def run(alpha, gamma):
        level, loss = line[0], 0.0
        season = [np.mean((whole - line)[s::m]) for s in range(m)]
        for t, value in enumerate(y):
            error = value - level - season[t % m]
            level += alpha * error
            season[t % m] += gamma * (1 - alpha) * error
            loss += error**2
        return loss, np.array([level + season[(len(y) + h) % m] for h in range(HORIZON)])

    return best(run(*point) for point in zip(kernels.SEASONAL_LEVEL, kernels.SEASONAL_GAMMA, strict=True))


def syntetos_boylan(y):
    def run(rate):
        size, gap, since, loss = None, None, 1, 0.0
        for value in y:
            if size is not None:
                loss += (value - (1 - rate / 2) * size / gap) ** 2
            if value:
                first = size is None
                size = value if first else size + rate * (value - size)
                gap = since if first else gap + rate * (since - gap)
                since = 1
            else:
                since += 1
        return loss, np.full(HORIZON, 0.0 if size is None else (1 - rate / 2) * size / gap)

    return best(run(rate) for rate in kernels.RATES)


def teunter(y):
    def run(often_rate, size_rate):
        size, often, loss = None, np.mean(np.asarray(y[:12]) != 0), 0.0
        for value in y:
            if size is not None:
                loss += (value - often * size) ** 2
            if value:
                size = value if size is None else size + size_rate * (value - size)
            often += often_rate * ((value != 0) - often)
        return loss, np.full(HORIZON, 0.0 if size is None else often * size)

    return best(run(p, q) for p in kernels.RATES for q in kernels.RATES)


def adida(y):
    demands = np.count_nonzero(y)
    width = 1 if not demands else min(max(round(len(y) / demands), 1), max(len(y) // 4, 1))
    count = len(y) // width
    buckets = np.asarray(y)[len(y) - count * width :].reshape(count, width).sum(axis=1)
    return np.full(HORIZON, best(smoothed(buckets, rate) for rate in kernels.LEVEL)[0] / width)


DICE = np.random.default_rng(7)
SERIES = [
    DICE.normal(50, 9, 60),
    100 + 2.0 * np.arange(40) + DICE.normal(0, 3, 40),
    20 + 8 * np.sin(np.arange(56) * 2 * np.pi / 7) + DICE.normal(0, 2, 56),
    np.array([3.0, 1.0, 4.0, 1.0, 5.0]),
]
SPARSE = [DICE.poisson(0.4, 80).astype(float), np.array([0.0, 0, 0, 5, 0, 0, 2, 0, 0, 0, 0, 9, 0]), np.zeros(20)]


@pytest.mark.parametrize("y", SERIES, ids=range(len(SERIES)))
def test_a_method_gives_what_the_textbook_gives(y):
    np.testing.assert_allclose(said(kernels.smoothing, y), smoothing(y), rtol=1e-9)


@pytest.mark.parametrize("kept", [1.0, 0.5])
@pytest.mark.parametrize("y", SERIES, ids=range(len(SERIES)))
@pytest.mark.parametrize("method", [theta, damped_trend], ids=lambda method: method.__name__)
def test_a_trend_goes_on_or_levels_off_as_in_the_textbook(method, y, kept):
    np.testing.assert_allclose(said(getattr(kernels, method.__name__), y, kept), method(y, kept), rtol=1e-9)


@pytest.mark.parametrize("y", SERIES[:3], ids=range(3))
def test_a_season_evolves_as_in_the_textbook(y):
    np.testing.assert_allclose(said(kernels.seasonal_smoothing, y, 7, False), seasonal_smoothing(y, 7), rtol=1e-9)


@pytest.mark.parametrize("y", SPARSE, ids=range(len(SPARSE)))
@pytest.mark.parametrize("method", [syntetos_boylan, teunter], ids=lambda method: method.__name__)
def test_intermittent_demand_is_forecast_as_in_the_textbook(method, y):
    np.testing.assert_allclose(said(getattr(kernels, method.__name__), y), method(y), rtol=1e-9)


@pytest.mark.parametrize("y", SPARSE, ids=range(len(SPARSE)))
def test_aggregation_smooths_buckets_of_the_mean_interval(y):
    np.testing.assert_allclose(said(kernels.aggregated, y, True), adida(y), rtol=1e-9)


@pytest.mark.parametrize("length", [39, 45, 52])
def test_a_rising_line_is_not_taken_for_a_season(length):
    """Its second season ends where the third begins; a season learnt from the line would fall back by a whole season."""
    y = 200 + 3.0 * np.arange(length)
    for is_multiplicative in (False, True):
        assert said(kernels.seasonal_smoothing, y, 26, is_multiplicative).min() > y[-1] - 5 * 3


def test_a_season_in_proportion_is_found_again():
    shape = np.array([0.5, 1.0, 1.5, 1.0])
    y = np.tile(shape, 8) * 40
    np.testing.assert_allclose(
        said(kernels.seasonal_smoothing, y, 4, True), (np.tile(shape, 2) * 40)[:HORIZON], rtol=1e-6
    )


def test_indices_are_those_of_the_classical_decomposition():
    season = np.empty(4)
    y = np.tile([8.0, 10.0, 12.0, 10.0], 6)
    kernels.indices(y, 4, True, season)
    np.testing.assert_allclose(season, [0.8, 1.0, 1.2, 1.0], rtol=1e-12)
    kernels.indices(y, 4, False, season)
    np.testing.assert_allclose(season, [-2.0, 0.0, 2.0, 0.0], atol=1e-12)


@pytest.mark.parametrize(
    ("y", "m", "is_one"), [(SERIES[2], 7, True), (SERIES[0], 7, False), (np.ones(30), 7, False), (SERIES[3], 7, False)]
)
def test_a_season_is_told_from_chance(y, m, is_one):
    assert kernels.is_seasonal(y, m) == is_one
