"""What a decided quantity was worth once its time is over: units that were used, what they earned, and what they cost to hold.

A shelf that got q units and held h(t) at the close of day t would have held h(t) - q without them: they were used as far as that
falls below nought. The last units of a quantity are used last, so what half as much would have earned follows from the same days.
"""

import numpy as np

MOST_DAYS = 182


def used_units(on_hand: np.ndarray, qty: float) -> float:
    """How many of the last `qty` units on a shelf were used within some days: max over days of (qty - on hand)+, at most all of them.

    >>> used_units(np.array([50.0, 20.0, 35.0]), 30.0)
    10.0
    >>> used_units(np.array([50.0, 40.0]), 30.0), used_units(np.array([]), 30.0)
    (0.0, 0.0)
    """
    if not on_hand.size or qty <= 0:
        return 0.0
    return float(min(qty, max(0.0, (qty - on_hand).max())))


def held_unit_days(on_hand: np.ndarray, qty: float) -> float:
    """Unit days for which the last `qty` units lay on the shelf: the sum over days of min(qty, on hand).

    >>> held_unit_days(np.array([50.0, 20.0, 0.0]), 30.0)
    50.0
    """
    return float(np.minimum(qty, np.maximum(on_hand, 0.0)).sum()) if qty > 0 else 0.0


def missed_units(on_hand: np.ndarray, went: np.ndarray, usual_a_day: float) -> float:
    """Units that could not be served: on each day that closed empty, what usually leaves less what left.

    >>> missed_units(np.array([5.0, 0.0, 0.0]), np.array([4.0, 1.0, 0.0]), 3.0)
    5.0
    """
    is_empty = on_hand <= 0
    return float(np.maximum(usual_a_day - went[is_empty], 0.0).sum())


def earned(
    used: float, unit_days: float, *, margin: float, lost_share: float, unit_cost: float, holding_a_year: float
) -> float:
    """Money that units earned: margin on those that would have been missed and lost, less holding of those that lay.

    used × margin × share lost - unit days × cost × holding a year / 365

    Args:
        margin: what one unit earns; lost_share: share of unmet demand that is lost, 0-1.
        holding_a_year: share of cost that a year of holding costs.

    >>> round(earned(10, 300, margin=12, lost_share=0.5, unit_cost=20, holding_a_year=0.22), 2)
    56.38
    """
    return used * margin * lost_share - unit_days * unit_cost * holding_a_year / 365.0


def more_than_suggested(
    on_hand: np.ndarray, went: np.ndarray, next_refill: int, extra: float, usual_a_day: float, *, review_days: int = 7
) -> tuple[float, float]:
    """Units that ordering more than suggested saved, and the unit days for which the extra lay.

    A larger order puts the next one off by as many days as the extra units last. So the extra was used as far as stock fell below
    it up to the day on which the smaller order would have been refilled, which is never sooner than a review later. What was
    missed between that day and the refill that really came was missed because of the larger order, and counts against it. Where
    no refill came at all, what is left of the extra lies until the shelf has sold down to nothing at its usual rate.

    Args:
        on_hand, went: close of each day from the receipt on, and what left on it.
        next_refill: days from the receipt to the next one; the number of days where none came.
        review_days: days between two looks at the shelf.

    >>> more_than_suggested(np.array([40.0, 30, 20, 5]), np.full(4, 10.0), 3, 10.0, 10.0, review_days=2)
    (0.0, 20.0)
    >>> more_than_suggested(np.array([20.0, 5, 0, 9]), np.array([9.0, 9, 5, 0]), 3, 10.0, 10.0, review_days=2)
    (0.0, 15.0)
    """
    sooner = int(np.ceil(extra / usual_a_day)) if usual_a_day > 0 else 0
    is_refilled = next_refill < on_hand.size
    refilled = max(1, next_refill - sooner, min(review_days, next_refill)) if is_refilled else on_hand.size
    days, later = on_hand[:refilled], slice(refilled, next_refill)
    missed = missed_units(on_hand[later], went[later], usual_a_day)
    lies = 0.0 if is_refilled else lies_on(float(on_hand[-1]), extra, usual_a_day)
    return used_units(days, extra) - min(missed, extra), held_unit_days(days, extra) + lies


def sooner_than_suggested(
    on_hand: np.ndarray, next_refill: int, qty: float, *, review_days: int = 7
) -> tuple[float, float]:
    """Units used and unit days held of an order that nobody had suggested, until it could have been suggested a review later.

    >>> sooner_than_suggested(np.array([8.0, 3.0, 0.0]), 3, 10.0, review_days=2)
    (7.0, 11.0)
    """
    days = on_hand[: max(1, min(review_days, next_refill))]
    return used_units(days, qty), held_unit_days(days, qty)


def less_than_suggested(
    on_hand: np.ndarray, went: np.ndarray, next_refill: int, lacking: float, suggested: float, usual_a_day: float
) -> tuple[float, float]:
    """Units missed because less was ordered than suggested, and the unit days that the lacking ones would have lain.

    Every order ends with the danger of running out before the next one comes; a smaller order comes to its end sooner. So of
    what was missed before the next refill, the part counts by which the order was smaller.

    >>> less_than_suggested(np.array([5.0, 0.0, 0.0, 9.0]), np.array([4.0, 5.0, 0.0, 0.0]), 3, 10.0, 40.0, 4.0)
    (1.0, 26.0)
    """
    is_refilled = next_refill < on_hand.size
    days, gone = on_hand[: max(1, next_refill)], went[: max(1, next_refill)]
    missed = np.minimum(np.cumsum(np.where(days <= 0, np.maximum(usual_a_day - gone, 0.0), 0.0)), lacking)
    if not missed.size or suggested <= 0:
        return 0.0, 0.0
    lies = 0.0 if is_refilled else lies_on(float(on_hand[-1]) + lacking, lacking, usual_a_day)
    return float(missed[-1]) * min(1.0, lacking / suggested), float((lacking - missed).sum()) + lies


def lies_on(on_hand: float, last_units: float, usual_a_day: float) -> float:
    """Unit days for which the last units of a shelf will lie on from a day on, if it sells at its usual rate and at most for half a year.

    >>> lies_on(100.0, 20.0, 10.0), lies_on(100.0, 20.0, 0.0)
    (180.0, 3640.0)
    """
    held = min(last_units, max(on_hand, 0.0))
    days = MOST_DAYS if usual_a_day <= 0 else min(MOST_DAYS, (on_hand - held / 2) / usual_a_day)
    return float(held * max(days, 0.0))
