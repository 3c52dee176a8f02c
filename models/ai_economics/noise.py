"""How much a measure of units moves from week to week by itself, taken from weeks in which nothing was tried."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Noise:
    """What a panel's past says of its noise.

    Attributes:
        level: the mean of all.
        sigma: standard deviation of one unit's week around the mean of that week, in the measure's unit.
        rho: share of that variance that is the unit's own and stays.
        serial: correlation of what is left from one week to the next.
    """

    level: float
    sigma: float
    rho: float
    serial: float


def noise(seen: np.ndarray) -> Noise:
    """The noise of a panel (units × weeks), with what all units have in common in a week taken out, as a comparison takes it out.

    The mean of a few weeks carries noise itself, so the share that stays is corrected for it, and for weeks that follow each other.

    >>> dice = np.random.default_rng(2)
    >>> found = noise(10 + dice.normal(size=(200, 1)) + dice.normal(size=(200, 26)))
    >>> round(found.sigma, 1), round(found.rho, 1), abs(round(found.serial, 1))
    (1.4, 0.5, 0.0)
    """
    units, weeks = seen.shape
    left = seen - seen.mean(axis=0)
    own = left.mean(axis=1)
    rest = left - own[:, None]
    within = float((rest**2).sum() / max((units - 1) * (weeks - 1), 1))
    serial = _serial(rest, within)
    # Noise of a unit's own mean: neighbouring weeks tell less than they seem.
    lags = np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    shared = float((serial**lags).mean())
    within /= max(1 - (shared - 1 / weeks) * weeks / max(weeks - 1, 1), 0.05)
    stays = max(float(own @ own) / max(units - 1, 1) - within * shared, 0.0)
    whole = stays + within
    return Noise(float(seen.mean()), float(np.sqrt(whole)), stays / whole if whole > 0 else 0.0, serial)


def _serial(rest: np.ndarray, within: float) -> float:
    """Correlation of neighbouring weeks, with what taking out a unit's own mean pulls it down by put back; between 0 and 0.95."""
    weeks = rest.shape[1]
    if weeks < 4 or within <= 0:
        return 0.0
    found = float((rest[:, 1:] * rest[:, :-1]).sum() / np.maximum((rest**2).sum(), 1e-12)) * weeks / (weeks - 1)
    return float(np.clip((found * weeks + 1) / (weeks - 3), 0.0, 0.95))
