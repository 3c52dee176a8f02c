"""Queues: Erlang's formulas as their sums say, loads of any size, and arrays of paths."""

from fractions import Fraction
from math import ceil, factorial

import numpy as np
import pytest

from models import queueing


def erlang_c_by_its_sum(servers: int, load: Fraction) -> float:
    last = load**servers / factorial(servers) * servers / (servers - load)
    return float(last / (sum(load**k / factorial(k) for k in range(servers)) + last))


@pytest.mark.parametrize(("servers", "load"), [(1, "1/2"), (2, "3/2"), (7, "5"), (14, "10"), (55, "48"), (120, "110")])
def test_the_recursion_gives_the_sum(servers, load):
    exact = erlang_c_by_its_sum(servers, Fraction(load))
    assert queueing.erlang_c(servers, float(Fraction(load))) == pytest.approx(exact, rel=1e-12)


def test_one_server_waits_as_mm1_does():
    assert queueing.erlang_c(1, 0.8) == pytest.approx(0.8)
    assert queueing.wait(1, 0.8, 1.0) == pytest.approx(0.8 / 0.2)


def test_thousands_of_servers_neither_overflow_nor_vanish():
    with np.errstate(all="raise"):
        assert queueing.erlang_c(1000, 950.0) == pytest.approx(erlang_c_by_its_sum(1000, Fraction(950)), rel=1e-12)
        assert 0 < queueing.erlang_b(5000, 5000.0) < 0.02
        found = queueing.agents_needed(2000.0, 3.0, target=0.33, service_level=0.8)
    assert 2000 < found.servers < 2030


def test_where_the_load_is_not_below_the_servers_everybody_waits_for_ever():
    assert queueing.erlang_c(10, 10.0) == queueing.erlang_c(0, 0.5) == 1
    assert queueing.wait(10, 12.0, 1.0) == np.inf
    assert queueing.service_level(10, 12.0, 5.0, 1.0) == 0


def test_nothing_to_do_needs_nobody():
    found = queueing.agents_needed(0.0, 3.0, target=1.0, service_level=0.8, shrinkage=0.3)
    assert (found.servers, found.rostered, found.occupancy, found.waiting_share, found.service_level) == (0, 0, 0, 0, 1)


def test_occupancy_asks_for_more_than_the_service_level():
    free = queueing.agents_needed(100.0, 3.0, target=5.0, service_level=0.5)
    rested = queueing.agents_needed(100.0, 3.0, target=5.0, service_level=0.5, max_occupancy=0.8)
    assert (free.servers, rested.servers) == (101, ceil(100 / 0.8))


def test_paths_are_answered_as_each_alone():
    loads, times = np.array([0.0, 0.3, 10.0, 47.5]), np.array([1.0, 2.0, 3.0, 4.0])
    asked = {"target": 0.5, "service_level": 0.9, "max_occupancy": 0.9, "shrinkage": 0.25}
    found = queueing.agents_needed(loads, times, **asked)
    alone = [queueing.agents_needed(float(load), float(time), **asked) for load, time in zip(loads, times, strict=True)]
    for name in ("servers", "rostered", "service_level", "occupancy", "waiting_share"):
        assert getattr(found, name) == pytest.approx([getattr(one, name) for one in alone])
    counts = np.array([1, 2, 14, 60])
    both = queueing.erlang_c(counts, loads), queueing.wait(counts, loads, 1.0)
    assert both[0] == pytest.approx([queueing.erlang_c(int(n), float(a)) for n, a in zip(counts, loads, strict=True)])
    assert both[1] == pytest.approx([queueing.wait(int(n), float(a), 1.0) for n, a in zip(counts, loads, strict=True)])


def test_little_agrees_with_the_queue():
    """Calls at work are the load, calls waiting are C·a/(c − a): together they are λ·(wait + service)."""
    inside = queueing.little(0.2, queueing.wait(55, 0.2, 240.0) + 240.0)
    assert inside == pytest.approx(48 + queueing.erlang_c(55, 48.0) * 48 / 7)


def test_even_service_halves_the_wait():
    halved = queueing.allen_cunneen(4, 0.9, 4.0, arrival_variation=1, service_variation=0)
    assert halved == pytest.approx(queueing.wait(4, 0.9, 4.0) / 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"load": -1.0},
        {"load": np.inf},
        {"load": np.nan},
        {"service_level": 1.0},
        {"shrinkage": 1.0},
        {"max_occupancy": 0.0},
        {"service_time": 0.0},
        {"target": -1.0},
        {"target": np.nan},
    ],
)
def test_what_cannot_be_is_refused(wrong):
    asked = {"load": 5.0, "service_time": 3.0, "target": 1.0, "service_level": 0.8, **wrong}
    with pytest.raises(ValueError, match=r"."):
        queueing.agents_needed(**asked)


def test_servers_below_nought_are_refused():
    with pytest.raises(ValueError, match="below nought"):
        queueing.erlang_b(-1, 1.0)
