"""What the orders of a shelf tell of its order-up-to level: how long it stayed, and where it jumped against demand."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

NEAR_SHARE = 0.15  # by which orders up to one level scatter, because days of the week and receipts do


@dataclass(frozen=True)
class Jump:
    """Where the level of orders moved most against the demand of its day: how many times as high since, how sure, and since when."""

    ratio: float = 1.0
    strength: float = 0.0
    since: dt.date | None = None


def jump(after: np.ndarray, out_before: np.ndarray, days: list[dt.date]) -> Jump:
    """The split of a shelf's orders at which the level changed most beyond demand, at least two orders being before it.

    The strength is the difference of logarithms times the square root of the harmonic number of orders on the two sides.

    Args:
        after: stock on hand and on order after each order, oldest first.
        out_before: what went out in the quarter before each order.
        days: of the orders.

    >>> days = [dt.date(2026, month, 1) for month in range(1, 9)]
    >>> found = jump(np.array([50.0] * 5 + [150.0] * 3), np.full(8, 40.0), days)
    >>> found.ratio, found.since.month
    (3.0, 6)
    """
    levels, out, best = np.log(np.maximum(after, 1.0)), np.maximum(out_before, 1.0), Jump()
    for k in range(2, after.size):
        moved = levels[k:].mean() - levels[:k].mean() - np.log(out[k:].mean() / out[:k].mean())
        strength = abs(moved) * np.sqrt(k * (after.size - k) / after.size)
        if strength > best.strength:
            best = Jump(round(float(np.exp(moved)), 6), float(strength), days[k])
    return best


def near(after: np.ndarray, slack: np.ndarray, pack: np.ndarray) -> int:
    """How many of the latest orders lie about one level, a single odd one among them; no level need fit every one of them.

    >>> near(np.array([80.0, 81, 41, 40, 46, 35, 60, 44]), np.ones(8), np.full(8, 5.0))
    6
    """
    middle = float(np.median(after[-5:]))
    agrees = np.abs(after - middle) <= NEAR_SHARE * middle + pack / 2 + slack
    count = odd = 0
    for place, fits in enumerate(agrees[::-1].tolist(), start=1):
        odd = 0 if fits else odd + 1
        if odd == 2:
            break
        count = place if fits else count
    return max(count, 1)


def unchanged(after: np.ndarray, slack: np.ndarray, pack: np.ndarray) -> int:
    """How many of the latest orders agree with one order-up-to level; an order brings stock to it or less than a pack above.

    >>> unchanged(np.array([60.0, 95, 98, 92]), np.ones(4), np.full(4, 10.0))
    3
    """
    low, high, count = -np.inf, np.inf, 0
    for level, least, most in zip(after[::-1], (after - pack - slack)[::-1], (after + slack)[::-1], strict=True):
        low, high = max(low, least), min(high, most)
        if low > high or not np.isfinite(level):
            break
        count += 1
    return count
