"""Which model answers: a router that picks one, a cascade that asks the small one first, and what either costs (section 2.3).

Costs are of one query, in one currency; the large model's share s is of queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.ai_economics.number import Number, need, plain

WAYS = FIXED, ROUTER, CASCADE = ("fixed shares", "router", "cascade")


@dataclass(frozen=True)
class Routing:
    """How the models of a use case share its cases.

    Attributes:
        way: fixed shares; a router that picks a model for each case, the strongest last; or a cascade that asks them in their order,
            the share of each being the cases that its answer ends.
        check_tokens: what the router or the cascade's judge reads in a case, at the first model's price.
        misrouted_share: of the cases that a router gave to a weaker model, those that the strongest is asked again.
    """

    way: str = FIXED
    check_tokens: float = 0.0
    misrouted_share: float = 0.0


def routing_faults(said: Routing, models: int) -> list[str]:
    """What is wrong with how so many models share the work, in sentences; none where nothing is.

    >>> routing_faults(Routing("router"), 1)
    ['A router needs two models or more.']
    """
    if said.way not in WAYS:
        return [f"Its way of using models is {said.way!r}; it is one of: {', '.join(WAYS)}."]
    found = []
    if said.way != FIXED and models < 2:
        found.append(f"A {said.way} needs two models or more.")
    if said.way == FIXED and said.check_tokens:
        found.append(
            "With fixed shares nothing is checked: it must be a router or a cascade, or read no tokens to check."
        )
    if said.way != ROUTER and said.misrouted_share:
        found.append("Only a router sends cases to the wrong model: without one the misrouted share is 0.")
    return found


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


def router_over(
    shares: Sequence[float], costs: Sequence[Number], *, check_cost: Number = 0.0, misrouted_share: Number = 0.0
) -> Number:
    """A router over any number of models, the strongest last: each query pays the router and its model.

    Of what a weaker model was given, `misrouted_share` must be asked again of the strongest, so that the answers are as good as its.

    >>> router_over([0.8, 0.2], [0.10, 15.0]) == router_cost(0.2, 0.10, 15.0)
    True
    >>> round(router_over([0.8, 0.2], [0.10, 15.0], misrouted_share=0.1), 9)
    4.28
    """
    need(bool(np.isclose(sum(shares), 1)), "shares sum to 1")
    strong, weak = _share(shares[-1]), 1 - _share(shares[-1])
    small = (
        mixed(np.asarray(shares[:-1]) / weak, np.stack(np.broadcast_arrays(*costs[:-1]), axis=-1)) if weak > 0 else 0.0
    )
    own = np.asarray(check_cost) + _share(misrouted_share) * weak * costs[-1]
    return router_cost(strong, small, costs[-1], own_cost=own)


def cascade_over(finished: Sequence[float], costs: Sequence[Number], *, check_cost: Number = 0.0) -> Number:
    """A cascade over any number of models in the order in which they are asked.

    Args:
        finished: share of the queries that each model's answer ends; they sum to 1.
        check_cost: of judging an answer of any model but the last.

    >>> round(cascade_over([0.8, 0.2], [0.10, 15.0]), 9)
    3.1
    >>> cascade_over([0.5, 0.25, 0.25], [1.0, 2.0, 8.0], check_cost=0.5)  # 1.5 + 0.5·2.5 + 0.25·8
    4.75
    """
    need(bool(np.isclose(sum(finished), 1)), "shares sum to 1")
    reached = np.maximum(1 - np.cumsum([0.0, *finished[:-1]]), 0.0)
    found: Number = costs[-1]
    for place in range(len(costs) - 2, -1, -1):
        passed = reached[place + 1] / reached[place] if reached[place] > 0 else 0.0
        found = cascade_cost(min(passed, 1.0), costs[place], found, judge_cost=check_cost)
    return found


def shared_cost(said: Routing, shares: Sequence[float], costs: Sequence[Number], check_price: Number) -> Number:
    """What a case costs over its models by the way in which they share the work.

    Args:
        shares: of each model, as `Routing.way` understands them; they sum to 1.
        costs: of a case that the model does alone.
        check_price: of one token that the router or judge reads.

    >>> shared_cost(Routing("cascade", check_tokens=10), [0.75, 0.25], [1.0, 10.0], 0.1)
    4.5
    """
    check = np.multiply(said.check_tokens, check_price)
    if said.way == CASCADE:
        return cascade_over(shares, costs, check_cost=check)
    if said.way == ROUTER:
        return router_over(shares, costs, check_cost=check, misrouted_share=said.misrouted_share)
    return mixed(np.asarray(shares), np.stack(np.broadcast_arrays(*costs), axis=-1))


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
