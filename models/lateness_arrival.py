"""When a thing will arrive: how far before or after its day things of its kind came, held to the probability that it is late."""

from dataclasses import dataclass

import numpy as np

LEVELS = (0.1, 0.5, 0.8, 0.9)
GRID = 200
SHRINK = 50.0  # own delays weigh as much as everybody's after this many
FEWEST = 50  # outcomes below which levels are taken as they are
NEWEST = 500  # outcomes that levels are learned from: enough for the 90 % day, and soon rid of what has changed


@dataclass(frozen=True)
class Delays:
    """Delays in days, of those in time (at most 0) and of those late (above 0), for each kind and for all (`""`)."""

    in_time: dict[str, np.ndarray]
    late: dict[str, np.ndarray]

    def at(self, levels: np.ndarray, late_probability: np.ndarray, kind: np.ndarray, waited: np.ndarray) -> np.ndarray:
        """The delay in days that is not passed with the probability `levels`, given that it has not come by `waited`.

        Args:
            levels: one number a row, 0 to 1.
            late_probability: of each row, given that it is still open.
            waited: days since the due day (below 0: days to go); a delay is longer than this.
        """
        found = np.empty(levels.size)
        for name in np.unique(kind):
            rows = np.flatnonzero(kind == name)
            in_time, late = self.in_time.get(name, self.in_time[""]), self.late.get(name, self.late[""])
            odds = np.where(waited[rows] >= 0, 1.0, late_probability[rows])
            is_in_time = levels[rows] <= 1 - odds
            early = levels[rows] / np.maximum(1 - odds, 1e-9)
            tardy = (levels[rows] - (1 - odds)) / np.maximum(odds, 1e-9)
            found[rows] = np.where(
                is_in_time, _beyond(in_time, waited[rows], early), _beyond(late, np.maximum(waited[rows], 0), tardy)
            )
        return found

    def reached(
        self, delay: np.ndarray, late_probability: np.ndarray, kind: np.ndarray, luck: np.ndarray
    ) -> np.ndarray:
        """The level that a delay turned out to be at, ties parted by `luck` (0 to 1); spread evenly where the levels are honest."""
        found = np.empty(delay.size)
        for name in np.unique(kind):
            rows = np.flatnonzero(kind == name)
            in_time, late = self.in_time.get(name, self.in_time[""]), self.late.get(name, self.late[""])
            odds, own = late_probability[rows], delay[rows]
            early, tardy = (
                (1 - luck[rows]) * np.searchsorted(part, own) / part.size
                + luck[rows] * np.searchsorted(part, own, "right") / part.size
                for part in (in_time, late)
            )
            found[rows] = np.where(own > 0, 1 - odds + odds * tardy, (1 - odds) * early)
        return found

    def still_waiting(self, kind: np.ndarray, waited: np.ndarray) -> np.ndarray:
        """The share of those in time that come only after `waited` days past their due day."""
        share = np.empty(kind.size)
        for name in np.unique(kind):
            rows = np.flatnonzero(kind == name)
            part = self.in_time.get(name, self.in_time[""])
            share[rows] = 1 - np.searchsorted(part, waited[rows], "right") / part.size
        return share


def _beyond(part: np.ndarray, waited: np.ndarray, level: np.ndarray) -> np.ndarray:
    """The quantile of a sorted part among its members above `waited`; the next day where there is none."""
    first = np.searchsorted(part, waited, "right")
    place = first + np.floor(np.clip(level, 0, 1 - 1e-9) * (part.size - first)).astype(int)
    return np.where(first < part.size, part[np.minimum(place, part.size - 1)], np.floor(waited) + 1)


def delays(delay: np.ndarray, kind: np.ndarray) -> Delays:
    """What delays (days, whole) of settled things say for each kind; few of a kind lean on all."""
    parts = []
    for chosen, nothing in ((delay <= 0, 0.0), (delay > 0, 1.0)):
        own, whose = delay[chosen], kind[chosen]
        general = _grid(own, own) if own.size else np.full(GRID, nothing)
        part = {name: _grid(own[whose == name], own) for name in np.unique(whose)} if own.size else {}
        parts.append({**part, "": general})
    return Delays(*parts)


def _grid(own: np.ndarray, everybody: np.ndarray) -> np.ndarray:
    """Equally likely delays, sorted: the own ones with weight n / (n + 50) and everybody's with the rest."""
    weight = own.size / (own.size + SHRINK)
    values = np.concatenate([own, everybody])
    weights = np.concatenate(
        [np.full(own.size, weight / own.size), np.full(everybody.size, (1 - weight) / everybody.size)]
    )
    order = np.argsort(values, kind="stable")
    reached = weights[order].cumsum()
    place = np.searchsorted(reached / reached[-1], (np.arange(GRID) + 0.5) / GRID)
    return values[order][np.minimum(place, values.size - 1)]


def honest_levels(made: Delays, delay: np.ndarray, late_probability: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """The levels to ask for so that `LEVELS` are kept: where the delays of later rows really lay (conformal, split in time).

    Source: Chernozhukov, Wüthrich and Zhu, Distributional conformal prediction (PNAS 2021).
    """
    if delay.size < FEWEST:
        return np.array(LEVELS)
    luck = (np.arange(delay.size) * 0.6180339887498949 + 0.5) % 1  # evenly spread, and the same each time
    reached = np.sort(made.reached(delay, late_probability, kind, luck))
    place = np.ceil((delay.size + 1) * np.array(LEVELS)).astype(int) - 1
    return np.clip(reached[np.minimum(place, delay.size - 1)], 0.001, 0.999)


def quantiles(
    made: Delays, levels: np.ndarray, late_probability: np.ndarray, kind: np.ndarray, waited: np.ndarray
) -> np.ndarray:
    """Delays in days, row x level, never falling from one level to the next."""
    asked = [made.at(np.full(kind.size, level), late_probability, kind, waited) for level in levels]
    return np.maximum.accumulate(np.column_stack(asked), axis=1)
