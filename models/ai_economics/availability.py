"""How much of the time something is up: circuits side by side that fail together now and then, parts in a row (section 5.2)."""

import numpy as np

from models.ai_economics.number import Number, need, plain

MINUTES_A_YEAR = 365 * 24 * 60


def availability(mean_time_between_failures: Number, mean_time_to_repair: Number) -> Number:
    """The share of time that a part is up: MTBF/(MTBF + MTTR), both in one unit.

    >>> round(availability(600, 12), 4)
    0.9804
    """
    up, down = (np.asarray(one, dtype=float) for one in (mean_time_between_failures, mean_time_to_repair))
    need((up > 0) & (down >= 0), "a part is up for some time, and down for no less than none")
    return plain(up / (up + down))


def parallel(part: Number, count: Number, *, common_share: Number = 0.0) -> Number:
    """Alike circuits of which one suffices: A = (1 − β·U)·(1 − u^n), with U = 1 − A of one and u = (1 − β)·U/(1 − β·U).

    u is what a circuit is down by causes of its own, so that one circuit is up for exactly 1 − U whatever the common share.

    Args:
        part: A, availability of one circuit.
        count: n, at least 1.
        common_share: β, the share of failures that take all circuits at once (the same trench, the same storm); 0 is the
            independence that brochures assume.

    Source: SD-WAN Experts, network availability with multiple circuits (β = 0); beta-factor model, Fleming 1975.

    >>> round(parallel(0.99, 2), 6), round(parallel(availability(600, 12), 2, common_share=0.10), 4)
    (0.9999, 0.9977)
    """
    down, beta = 1 - _share(part), _share(common_share)
    need(np.asarray(count) >= 1, "there is at least one circuit")
    together = np.asarray(1 - beta * down)  # up by the common causes
    alone = np.divide((1 - beta) * down, together, out=np.zeros(together.shape), where=together > 0)
    return plain(together * (1 - alone ** np.asarray(count)))


def series(*parts: Number) -> Number:
    """Parts in a row that are all needed: A = Π A_i.

    >>> round(series(0.98, 0.9965, 0.999), 6)
    0.975593
    """
    found = np.asarray(1.0)
    for part in parts:
        found = found * _share(part)
    return plain(found)


def downtime_minutes(share: Number) -> Number:
    """Minutes down in a year of 365 days: (1 − A)·525,600.

    >>> round(downtime_minutes(0.99), 6)
    5256.0
    """
    return plain((1 - _share(share)) * MINUTES_A_YEAR)


def offline_share(data_dependency: Number, action_risk: Number) -> Number:
    """The share of a workflow that can go on without the centre, unless set: (1 − data dependency)·(1 − action risk).

    >>> round(offline_share(0.2, 0.25), 9)
    0.6
    """
    return plain((1 - _share(data_dependency)) * (1 - _share(action_risk)))


def hybrid(central: Number, edge: Number, offline: Number) -> Number:
    """Central, or else the edge for what can be done there: A_c + (1 − A_c)·A_e·o.

    >>> round(hybrid(0.98, 0.995, 0.6), 5)
    0.99194
    """
    up = _share(central)
    return plain(up + (1 - up) * _share(edge) * _share(offline))


def outage_cost(down_hours: Number, cost_an_hour: Number, *, manual_share: Number = 0.0) -> Number:
    """What business hours without it cost: hours·cost an hour·(1 − share that people carry on by hand).

    >>> outage_cost(20, 600, manual_share=0.5)
    6000.0
    """
    return plain(np.multiply(down_hours, cost_an_hour) * (1 - _share(manual_share)))


def _share(value: Number) -> np.ndarray:
    found = np.asarray(value, dtype=float)
    need((found >= 0) & (found <= 1), "a share lies between 0 and 1")
    return found
