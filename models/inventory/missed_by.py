"""Possible demand out of what forecasts were missed by: the level said now, times how many times as much came when as much was said.

Where levels move more than shapes differ (growing ranges, seasons that nobody told), how far forecasts have been off says more
than an item's own past. The ratios are pooled over items alike in how often they are asked for, over all earlier origins: the
last ones alone would change all levels up and down together. Nothing is drawn: lead times and ratios are met on a grid, all items
on the same one, so that levels differ for a reason.
"""

from dataclasses import dataclass

import numpy as np

from models.inventory.lead_time_demand import even_days

Vector = np.ndarray
LEADS, RATIOS = 16, 60


@dataclass(frozen=True)
class Misses:
    """What came over what was said, by how often items were asked for.

    Attributes:
        bounds: of the expected number of periods with demand, between one class and the next, rising.
        ratios: class × quantile, `RATIOS` of them, equally likely, rising.
    """

    bounds: Vector
    ratios: Vector


def misses(said: Vector, came: Vector, often: Vector, *, classes: int) -> Misses:
    """The ratios of past forecasts, of as many classes of the same size.

    Args:
        said: demand of the interval that was said, of each item and origin, flat; those of nought are left out.
        came: what came.
        often: how many periods with demand were expected, for the classes.
        classes: how many.

    >>> learnt = misses(np.array([2.0, 2.0, 0.0]), np.array([1.0, 3.0, 5.0]), np.ones(3), classes=1)
    >>> learnt.ratios[0, [0, -1]].round(3).tolist()
    [0.508, 1.492]
    """
    is_said = said > 0
    ratio, number = came[is_said] / said[is_said], often[is_said]
    bounds = np.quantile(number, np.arange(1, classes) / classes) if number.size else np.zeros(classes - 1)
    place = np.searchsorted(bounds, number)
    grid = (np.arange(RATIOS) + 0.5) / RATIOS
    rows = [np.quantile(ratio[place == k], grid) if (place == k).any() else np.ones(RATIOS) for k in range(classes)]
    return Misses(bounds, np.array(rows))


def samples(
    learnt: Misses, level: Vector, often: Vector, lead_days: Vector, *, review_days: int
) -> tuple[Vector, Vector]:
    """Equally likely demands until the next order after this one would come, and until this one does: `item × draw` both.

    Args:
        learnt: the ratios.
        level: demand a day that is said now.
        often: how many periods with demand are expected over an interval such as was learnt from.
        lead_days: past lead times, all equally likely.
        review_days: days between two orders.

    >>> learnt = Misses(np.empty(0), np.ones((1, RATIOS)))
    >>> until_next, until_this = samples(learnt, np.array([2.0]), np.ones(1), np.array([3.0]), review_days=7)
    >>> until_next[0, :2].tolist(), until_this[0, :2].tolist()
    ([20.0, 20.0], [6.0, 6.0])
    """
    lead = np.repeat(even_days(lead_days, np.ones(lead_days.size), LEADS), RATIOS)
    ratio = np.tile(learnt.ratios[np.searchsorted(learnt.bounds, often)], LEADS) * level[:, None]
    return ratio * (lead + review_days), ratio * lead
