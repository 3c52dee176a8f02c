"""Queues in steady state: how many servers, people or slots a load needs, and how long what comes must wait.

Loads may be one number or an array of paths. Times of one call are in one unit, whichever it is. Erlang's recursion is used
throughout, so thousands of servers neither overflow nor lose figures.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

Number = float | np.ndarray
MOST_SERVERS = 1_000_000


def offered_load(arrival_rate: Number, service_time: Number) -> Number:
    """The work that arrives by unit of time, in Erlang: a = λ·E[S].

    >>> offered_load(100 / 30, 3.0)
    10.0
    """
    return _plain(np.multiply(arrival_rate, service_time))


def erlang_b(servers: int | np.ndarray, load: Number) -> Number:
    """The share that is turned away where nobody can wait: B(0) = 1, B(n) = a·B(n−1)/(n + a·B(n−1)).

    Args:
        servers: whole, not below 0; one, or one a path.
        load: in Erlang, not below 0.

    Errors:
        ValueError: below nought.

    Source: Erlang (1917); tables give 1 % turned away at 4.461 Erlang and 10 servers.

    >>> round(erlang_b(10, 4.461), 4)
    0.01
    """
    count, a = np.broadcast_arrays(np.asarray(servers), np.asarray(load, dtype=float))
    _need(bool((count >= 0).all() and (a >= 0).all()), "servers and load are not below nought")
    lost = np.ones(a.shape)
    for n in range(1, int(count.max(initial=0)) + 1):
        lost = np.where(n <= count, a * lost / (n + a * lost), lost)
    return _plain(lost)


def erlang_c(servers: int | np.ndarray, load: Number) -> Number:
    """The share that must wait where everybody waits: C = B/(1 − (a/c)(1 − B)); 1 where the load is not below the servers.

    Args:
        servers, load: as in `erlang_b`.

    Source: Erlang (1917); 48 Erlang and 55 agents, Mitan, The Erlang-C Formula.

    >>> round(erlang_c(55, 48.0), 3)
    0.239
    """
    return _plain(_waits(np.asarray(erlang_b(servers, load)), np.asarray(servers), np.asarray(load, dtype=float)))


def wait(servers: int | np.ndarray, arrival_rate: Number, service_time: Number) -> Number:
    """The mean time in the queue, without service: W_q = C·E[S]/(c − a); infinite where a ≥ c, none without load.

    >>> round(wait(55, 0.2, 240.0), 1)  # 360 calls in half an hour, in seconds
    8.2
    """
    load = np.asarray(offered_load(arrival_rate, service_time))
    free = np.asarray(servers) - load
    waited = np.asarray(erlang_c(servers, load)) * service_time
    infinite = np.full(np.shape(waited + free), np.inf)
    return _plain(np.where(load == 0, 0.0, np.divide(waited, free, out=infinite, where=free > 0)))


def service_level(servers: int | np.ndarray, load: Number, target: Number, service_time: Number) -> Number:
    """The share that waits no longer than the target: 1 − C·e^(−(c − a)·t/E[S]); 0 where the load is not below the servers.

    Args:
        servers, load: as in `erlang_b`.
        target, service_time: in the same unit.

    Source: pyworkforce, ErlangC.

    >>> round(service_level(14, 10.0, 20, 180), 6)
    0.88835
    """
    return _plain(_in_time(np.asarray(erlang_c(servers, load)), np.asarray(servers), load, target, service_time))


@dataclass(frozen=True)
class Staffing:
    """Who must be there: servers at work, on the payroll with absence, and how the queue then does."""

    servers: Number
    rostered: Number
    service_level: Number
    occupancy: Number
    waiting_share: Number


def agents_needed(
    load: Number,
    service_time: Number,
    *,
    target: Number,
    service_level: float,
    max_occupancy: float = 1.0,
    shrinkage: float = 0.0,
) -> Staffing:
    """The fewest servers that reach a service level and are not busier than they may be; on the payroll ⌈servers/(1 − absence)⌉.

    Args:
        load: in Erlang; one, or one a path.
        service_time, target: in the same unit.
        service_level: share to be answered within the target, below 1.
        max_occupancy: the largest share of time that a server may be busy.
        shrinkage: share of paid time away from work, below 1.

    Errors:
        ValueError: a share outside its bounds, a load below nought or not finite.

    Source: pyworkforce, ErlangC.required_positions.

    >>> found = agents_needed(10.0, 3.0, target=1 / 3, service_level=0.8, max_occupancy=0.85, shrinkage=0.3)
    >>> found.servers, found.rostered, round(found.occupancy, 6), round(found.waiting_share, 6)
    (14.0, 20.0, 0.714286, 0.174132)
    """
    a, mean_time, wanted = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (load, service_time, target)))
    _need(0 <= service_level < 1, "a service level lies between 0 and 1, without 1")
    _need(0 < max_occupancy <= 1 and 0 <= shrinkage < 1, "occupancy and absence are shares")
    _need(bool(np.isfinite(a).all() and (a >= 0).all()), "a load is not below nought, and finite")
    _need(bool(((mean_time > 0) | (a == 0)).all()), "service takes time")
    _need(bool((wanted >= 0).all()), "a target is not below nought")
    least = np.ceil(a / max_occupancy - 1e-9)
    servers, waits, n = np.full(a.shape, np.nan), np.zeros(a.shape), 0
    lost = np.ones(a.shape)
    while True:
        waiting = _waits(lost, np.asarray(n), a)
        does = (n >= least) & (_in_time(waiting, np.asarray(n), a, wanted, mean_time) >= service_level)
        is_new = np.isnan(servers) & (does | (a == 0))
        servers, waits = np.where(is_new, n, servers), np.where(is_new, np.where(a == 0, 0.0, waiting), waits)
        if not np.isnan(servers).any():
            break
        n += 1
        _need(n <= MOST_SERVERS, f"more than {MOST_SERVERS} servers")
        lost = a * lost / (n + a * lost)
    level = np.where(a == 0, 1.0, _in_time(waits, servers, a, wanted, np.where(mean_time > 0, mean_time, 1.0)))
    busy = np.divide(a, servers, out=np.zeros(a.shape), where=servers > 0)
    rostered = np.ceil(servers / (1 - shrinkage) - 1e-9)
    return Staffing(*(_plain(one) for one in (servers, rostered, level, busy, waits)))


def allen_cunneen(
    servers: int | np.ndarray,
    arrival_rate: Number,
    service_time: Number,
    *,
    arrival_variation: Number,
    service_variation: Number,
) -> Number:
    """The mean wait where arrivals or service are not exponential: W_q of M/M/c × (C_a² + C_s²)/2.

    Exact for one server and Poisson arrivals, an estimate beyond.

    Args:
        servers, arrival_rate, service_time: as in `wait`.
        arrival_variation, service_variation: C_a and C_s, standard deviation by mean; 1 is exponential, 0 is constant.

    Source: Allen, Probability, Statistics and Queueing Theory, 2nd ed., 1990; for M/D/1 half the wait of M/M/1.

    >>> allen_cunneen(1, 0.5, 1.0, arrival_variation=1, service_variation=0), wait(1, 0.5, 1.0)
    (0.5, 1.0)
    """
    varied = (np.square(arrival_variation) + np.square(service_variation)) / 2
    return _plain(np.asarray(wait(servers, arrival_rate, service_time)) * varied)


def little(arrival_rate: Number, time_inside: Number) -> Number:
    """How many are inside on average: L = λ·W; in the queue with the time in the queue, in the system with service.

    Source: Little (1961).

    >>> little(0.2, 8.0)
    1.6
    """
    return _plain(np.multiply(arrival_rate, time_inside))


def nodes_needed(slots: Number, slots_a_node: float) -> Number:
    """Whole machines for so many slots of work at once: ⌈slots/slots a node⌉.

    >>> nodes_needed(33, 16)
    3.0
    """
    _need(slots_a_node > 0, "a node has at least one slot")
    if np.ndim(slots) == 0:
        return float(ceil(float(slots) / slots_a_node))
    return np.ceil(np.asarray(slots, dtype=float) / slots_a_node)


def _waits(lost: np.ndarray, servers: np.ndarray, load: np.ndarray) -> np.ndarray:
    is_stable = load < servers
    busy = np.divide(load, servers, out=np.ones(np.broadcast(load, servers).shape), where=is_stable & (servers > 0))
    return np.where(is_stable, lost / np.where(is_stable, 1 - busy * (1 - lost), 1.0), 1.0)


def _in_time(
    waiting: np.ndarray, servers: np.ndarray, load: Number, target: Number, service_time: Number
) -> np.ndarray:
    free = np.maximum(np.asarray(servers) - load, 0)
    return np.where(free > 0, 1 - waiting * np.exp(-free * np.asarray(target) / service_time), 0.0)


def _need(is_well: bool, said: str) -> None:
    if not is_well:
        raise ValueError(said)


def _plain(value: Number) -> Number:
    found = np.asarray(value, dtype=float)
    return float(found) if found.ndim == 0 else found
