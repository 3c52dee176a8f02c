"""Whether changes made a figure better: the error before, less the error after, with an interval, and told apart from a coin's toss."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.bootstrap import bands

SURE, VERY_SURE = 0.95, 0.99
LEAST_CHANGES, LEAST_SERIES = 20, 8
LEAST_PERIODS = 6  # from so many clusters on, chance is drawn over them too
HELPS, HURTS, NO_EFFECT, TOO_FEW = "helps", "hurts", "no effect", "too few"


@dataclass(frozen=True)
class Gain:
    """What changes took off the error, as shares of the error before.

    Attributes:
        verdict: helps, hurts, no effect or too few.
        helped, low, high: how much smaller the error became, and its 95 % interval; None where there are too few changes.
        scatter: what changes of that size cost on average when a coin decides up or down; never above nought.
        is_scatter: whether the loss is that of a coin: it lies below nought, but up and down were chosen as by chance.
        is_steady: whether changes go one way too steadily for a coin to have tossed them.
    """

    verdict: str
    helped: float | None = None
    low: float | None = None
    high: float | None = None
    scatter: float | None = None
    is_scatter: bool = False
    is_steady: bool = False


def gain(
    *,
    came: np.ndarray,
    before: np.ndarray,
    after: np.ndarray,
    worth: np.ndarray,
    clusters: Sequence[np.ndarray],
    seed: int,
    is_steady: bool | None = None,
) -> Gain:
    """By how much changes from `before` to `after` made the absolute error smaller, and whether chance alone could do that.

    `helped` = Σ w (|came − before| − |came − after|) / Σ w |came − before|, over the figures that were changed. The interval is the
    percentile bootstrap over whole clusters, stretched to the width of Student's t as n clusters ask for; of several ways to
    cluster the widest interval is kept. Any change at random costs something, because errors are kinked: so a loss counts as
    *hurts* only if it is more than a coin's, which is told from the same changes mirrored (before − change). Either the
    mirrored ones would have been better, or changes go one way so steadily that no coin tossed them.

    Args:
        came, before, after: one figure for each plan; those with before = after are left out.
        worth: weight of one unit of each, such as its price; above nought.
        clusters: whole numbers that name the cluster of each plan, for each way to cluster; the first decides what is too few.
        seed: of the bootstrap.
        is_steady: whether changes go one way, where that cannot be seen from these alone, such as from all that went up.

    Source: Hesterberg, What Teachers Should Know About the Bootstrap, The American Statistician 69(4), 2015, section 4.1
    (the expanded percentile interval).

    >>> n = np.arange(40)
    >>> knows = gain(came=n + 9.0, before=n * 1.0, after=n + 6.0, worth=n * 0 + 1.0, clusters=[n], seed=1)
    >>> knows.verdict, round(knows.helped, 3)
    ('helps', 0.667)
    """
    moved = np.flatnonzero(before != after)
    came, before, after, worth = (np.asarray(one, dtype=float)[moved] for one in (came, before, after, worth))
    named = [np.unique(one[moved], return_inverse=True)[1] for one in clusters]
    if moved.size < LEAST_CHANGES or named[0].max() + 1 < LEAST_SERIES:
        return Gain(TOO_FEW)
    step = after - before
    was, now, mirrored = (np.abs(came - said) * worth for said in (before, after, before - step))
    # What was earned, what of it is due to the choice of up or down, and how one-sided the choice is, by worth and by count.
    parts = np.column_stack([was - now, (mirrored - now) / 2, step * worth, np.sign(step)])
    found = [bands(parts, one, seed=seed, sure=(SURE, VERY_SURE)) for one in named if one.max() + 1 >= LEAST_PERIODS]
    low, high = (np.min([one[0] for one in found], axis=0), np.max([one[1] for one in found], axis=0))
    if is_steady is None:
        is_steady = bool((low[1, 2:] > 0).all() or (high[1, 2:] < 0).all())
    is_loss, is_coin = bool(high[0, 0] < 0), bool(not is_steady and high[0, 1] >= 0)
    verdict = HELPS if low[0, 0] > 0 else HURTS if is_loss and not is_coin else NO_EFFECT
    base = was.mean()
    if base == 0:
        return Gain(verdict, is_scatter=is_loss and is_coin, is_steady=is_steady)
    scatter = float((parts[:, 0] - parts[:, 1]).mean() / base)
    helped, least, most = (float(x / base) for x in (parts[:, 0].mean(), low[0, 0], high[0, 0]))
    return Gain(verdict, helped, least, most, min(scatter, 0.0), is_loss and is_coin, is_steady)
