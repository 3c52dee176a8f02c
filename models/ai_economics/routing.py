"""Which model answers: a router that picks one, a cascade that asks the small one first, and what either costs (section 2.3).

Costs are of one query, in one currency; the large model's share s is of queries.
"""

import numpy as np

from models.ai_economics.number import Number, need, plain


def mixed(shares: np.ndarray, figures: np.ndarray) -> Number:
    """The average of anything over the models that share the work: Σ w_m·x_m, models on the last axis.

    Errors:
        ValueError: shares that are below nought or do not sum to 1.

    >>> round(mixed([0.7, 0.3], [0.10, 2.00]), 9)
    0.67
    """
    shares = np.asarray(shares, dtype=float)
    need((shares >= 0) & np.isclose(shares.sum(axis=-1, keepdims=True), 1), "shares are not below 0 and sum to 1")
    return plain((shares * np.asarray(figures, dtype=float)).sum(axis=-1))


def router_cost(large_share: Number, small_cost: Number, large_cost: Number, *, own_cost: Number = 0.0) -> Number:
    """A predictive router pays one model a query, and itself: c_r + (1 − s)·c_S + s·c_L.

    Source of the example: getnadir.com, cascade tutorial (which calls it a cascade).

    >>> round(router_cost(0.2, 0.10, 15.0), 9)
    3.08
    """
    s = _share(large_share)
    return plain(np.asarray(own_cost) + (1 - s) * small_cost + s * large_cost)


def cascade_cost(large_share: Number, small_cost: Number, large_cost: Number, *, judge_cost: Number = 0.0) -> Number:
    """A cascade pays the small model and the judge on every query, and the large one on what is passed on: c_S + c_judge + s·c_L.

    >>> round(cascade_cost(0.2, 0.10, 15.0), 9)
    3.1
    """
    return plain(np.asarray(small_cost) + judge_cost + _share(large_share) * large_cost)


def most_passed_on(small_cost: Number, large_cost: Number, *, judge_cost: Number = 0.0) -> Number:
    """The share passed on at which a cascade stops to be cheaper than always asking the large model: 1 − (c_S + c_judge)/c_L.

    Below nought where the small model and its judge cost more than the large one: then a cascade never pays.

    >>> round(most_passed_on(1.0, 10.0, judge_cost=2.0), 9)
    0.7
    """
    need(np.asarray(large_cost) > 0, "the large model costs something")
    return plain(1 - (np.asarray(small_cost, dtype=float) + judge_cost) / large_cost)


def cascade_beats_large(
    large_share: Number, small_cost: Number, large_cost: Number, *, judge_cost: Number = 0.0
) -> bool | np.ndarray:
    """Whether a cascade is cheaper than always asking the large model: s < 1 − (c_S + c_judge)/c_L.

    >>> cascade_beats_large(0.2, 0.10, 15.0), cascade_beats_large(0.6, 5.0, 10.0)
    (True, False)
    """
    found = np.less(_share(large_share), most_passed_on(small_cost, large_cost, judge_cost=judge_cost))
    return bool(found) if np.ndim(found) == 0 else found


def saving(cost: Number, large_cost: Number) -> Number:
    """What is saved against always asking the large model, as a share: 1 − c/c_L; below nought where it costs more.

    >>> round(saving(3.08, 15.0), 4)
    0.7947
    """
    need(np.asarray(large_cost) > 0, "the large model costs something")
    return plain(1 - np.asarray(cost, dtype=float) / large_cost)


def quality(large_share: Number, small_accepted_quality: Number, large_quality: Number) -> Number:
    """The quality of what leaves a router or cascade: (1 − s)·q_S of what the small one is trusted with + s·q_L.

    A router that saves money and lowers this must carry the loss into the value of a case, as its share of errors.

    >>> round(quality(0.2, 0.95, 0.98), 9)
    0.956
    """
    s = _share(large_share)
    return plain((1 - s) * small_accepted_quality + s * large_quality)


def _share(large_share: Number) -> np.ndarray:
    found = np.asarray(large_share, dtype=float)
    need((found >= 0) & (found <= 1), "a share lies between 0 and 1")
    return found
