"""Times of response: the shares in time of the method's own run, queues against a simulated one, and levels that count outages."""

from dataclasses import replace
from heapq import heapify, heapreplace

import numpy as np
import pytest

from models.ai_economics.network import Part
from models.ai_economics.outages import Uptime, expected
from models.ai_economics.response_times import (
    Peak,
    Speed,
    edge_service_level,
    response_seconds,
    service_level,
    slots_of,
    speed_of,
    within,
)
from pipelines.assumptions import assumptions

ASSUMED = {entry.name: entry.value for entry in assumptions()}
# Shares of answers of 150 tokens within 2.5 and 5 seconds, method section 5.2.
RUN = {"small": (0.96, 1.00), "strong": (0.17, 0.96), "private": (0.10, 1.00), "edge": (0.00, 0.85)}


@pytest.mark.parametrize("answers", RUN)
def test_shares_in_time_are_those_of_the_method(answers):
    speed = speed_of(answers, ASSUMED.__getitem__)
    found = [within(speed, 150, seconds) for seconds in (2.5, 5.0)]
    assert found == pytest.approx(RUN[answers], abs=0.03)


def test_one_spread_of_a_quarter_does_not_give_all_of_them():
    """Why the default is 0.21: at 0.25 a model at the site is in time less often than in the method's run."""
    speed = replace(speed_of("edge", ASSUMED.__getitem__), spread=0.25)
    assert within(speed, 150, 5.0) == pytest.approx(0.79, abs=0.005)


def test_edge_is_not_faster_because_it_is_near():
    near, far = (response_seconds(speed_of(answers, ASSUMED.__getitem__), 150) for answers in ("edge", "small"))
    assert (near, far) == pytest.approx((4.1, 1.55))


def waited(speed: Speed, peak: Peak, *, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Waits and whole times of a queue that is played: Poisson arrivals, exponential service, answers varied by themselves."""
    dice = np.random.default_rng(seed)
    service = (response_seconds(speed, 150) - speed.round_trip_seconds) * np.exp(speed.spread**2 / 2)
    arrived = np.cumsum(dice.exponential(1 / peak.arrivals_per_second, count))
    busy = dice.exponential(service, count)
    free = [0.0] * peak.slots
    heapify(free)
    waits = np.empty(count)
    for n in range(count):
        begun = max(float(arrived[n]), free[0])
        heapreplace(free, begun + float(busy[n]))
        waits[n] = begun - arrived[n]
    times = response_seconds(speed, 150) * np.exp(speed.spread * dice.standard_normal(count))
    return waits, waits + times


@pytest.mark.parametrize(("slots", "load"), [(1, 0.3), (4, 2.8), (30, 27.0)])
def test_with_a_queue_the_share_in_time_is_that_of_a_played_one(slots, load):
    speed = speed_of("private", ASSUMED.__getitem__)
    service = (response_seconds(speed, 150) - speed.round_trip_seconds) * np.exp(speed.spread**2 / 2)
    peak = Peak(slots, load / service)
    _, times = waited(speed, peak, count=200_000, seed=slots)
    for seconds in (2.5, 4.0, 6.0):
        assert within(speed, 150, seconds, peak=peak) == pytest.approx((times <= seconds).mean(), abs=0.012)


def test_no_more_than_the_slots_can_write_comes_in_time_at_all():
    speed = speed_of("edge", ASSUMED.__getitem__)
    assert within(speed, 150, 60.0, peak=Peak(1, 0.1)) > 0.9
    assert within(speed, 150, 60.0, peak=Peak(1, 0.5)) == 0


def test_without_a_spread_it_is_in_time_or_not():
    speed = Speed(0.0, 0.5, 100, 0.0)
    assert [within(speed, 150, seconds) for seconds in (1.9, 2.0, 2.1)] == [0, 1, 1]
    assert within(speed, 150, 0.0) == 0
    assert 0 < within(speed, 150, 2.0, peak=Peak(1, 0.25)) < 1, "half of them find it busy"


def test_machines_of_ones_own_have_slots_and_providers_do_not():
    found = [slots_of(answers, 2, ASSUMED.__getitem__) for answers in ("private", "edge", "strong")]
    assert found == [60, 2, None]


def test_levels_count_the_hours_of_outages_too():
    up = expected([Part("broadband", 600, 12)], [], Part("machine at the site", 4776, 24))
    centre_alone = service_level(up, 0.96)
    assert centre_alone == pytest.approx(0.96 * 600 / 612)
    mixed = service_level(up, 0.96, 0.85, 0.6)
    assert mixed - centre_alone == pytest.approx(12 / 612 * 0.995 * 0.6 * 0.85)
    # A machine that does all the work answers while it is up; what needs the centre waits for the line.
    assert edge_service_level(up, 0.85, 1.0) == pytest.approx(0.85 * 0.995)
    assert edge_service_level(up, 0.85, 0.0) == pytest.approx(0.85 * 0.995 * 600 / 612)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Speed(-1, 0, 1, 0),
        lambda: Speed(0, 0, 0, 0),
        lambda: response_seconds(Speed(0, 0, 1, 0), -1),
        lambda: within(Speed(0, 1, 1, 0.2), 1, 5, peak=Peak(0, 1.0)),
        lambda: speed_of("cloud", ASSUMED.__getitem__),
        lambda: service_level(Uptime(1, 0, 0), 1.2),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        wrong()
