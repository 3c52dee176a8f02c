"""Curves of stock against fill: one point a setting of a rule's knob, compared where the fill is the same, with intervals over SKUs."""

from dataclasses import dataclass

import numpy as np

from models.inventory.replay import Replay

RESAMPLES, SEED = 1000, 20261121


@dataclass(frozen=True)
class Curve:
    """What a rule did at each setting of its knob: `item × setting`; money a year for holding, in all for the rest."""

    knobs: np.ndarray
    wanted_qty: np.ndarray
    filled_qty: np.ndarray
    line_count: np.ndarray
    filled_line_count: np.ndarray
    cycle_share: np.ndarray
    holding_amount: np.ndarray
    stock_amount: np.ndarray
    lost_amount: np.ndarray
    order_count: np.ndarray
    price: np.ndarray

    def fill(self, basis: str = "unit", counts: np.ndarray | None = None) -> np.ndarray:
        """Fill of all items together at each setting (`resample × setting` with counts): by unit, line, value, or mean per item."""
        weight = np.ones((1, self.price.size)) if counts is None else counts
        if basis == "item":
            has = self.wanted_qty > 0
            each = np.divide(self.filled_qty, self.wanted_qty, out=np.zeros_like(self.filled_qty), where=has)
            found = (weight @ each) / (weight @ has)
        elif basis == "line":
            found = (weight @ self.filled_line_count) / (weight @ self.line_count)
        else:
            worth = self.price[:, None] if basis == "value" else 1.0
            found = (weight @ (self.filled_qty * worth)) / (weight @ (self.wanted_qty * worth))
        return found if counts is not None else found[0]

    def at(
        self, fill: float, basis: str = "unit", what: str = "holding_amount", counts: np.ndarray | None = None
    ) -> np.ndarray:
        """The money at which the rule reaches a fill, between the settings on either side; nan where it never does."""
        weight = np.ones((1, self.price.size)) if counts is None else counts
        reached, paid = np.atleast_2d(self.fill(basis, weight)), weight @ getattr(self, what)
        return np.array([_crossing(*row, fill) for row in zip(reached, paid, strict=True)])


def _crossing(reached: np.ndarray, paid: np.ndarray, fill: float) -> float:
    order = np.lexsort((paid, reached))
    if not reached[order[0]] <= fill <= reached[order[-1]]:
        return float("nan")
    return float(np.interp(fill, reached[order], paid[order]))


def curve(
    knobs: np.ndarray, replays: list[Replay], price: np.ndarray, *, holding_share: float, at: str, margin: np.ndarray
) -> Curve:
    """The curve of a rule from its replays, one a setting.

    Args:
        at: which stock holding is paid for: "before_qty", before demand takes from it, or "after_qty", in the evening.
        margin: of a unit, lost where it was not there.
    """

    def told(name: str) -> np.ndarray:
        return np.stack([getattr(one, name) for one in replays], axis=1)

    stock = told(at) * price[:, None]
    return Curve(
        knobs, told("wanted_qty"), told("filled_qty"), told("line_count"), told("filled_line_count"),
        told("filled_cycle_count") / np.maximum(told("cycle_count"), 1), stock * holding_share, stock,
        (told("wanted_qty") - told("filled_qty")) * margin[:, None], told("order_count"), price,
    )  # fmt: skip


def resampled(items: int) -> np.ndarray:
    """How often each item is drawn: `resample × item`, the same for all rules, so that differences are paired."""
    draws = np.random.default_rng(SEED).integers(0, items, (RESAMPLES, items))
    return np.stack([np.bincount(row, minlength=items) for row in draws]).astype(float)


def less(
    ours: Curve, theirs: Curve, fills: list[float], *, basis: str = "unit", what: str = "holding_amount"
) -> list[dict]:
    """How much less (negative) we hold at the same fill, with the 95 % interval of paired resamples over SKUs."""
    counts = resampled(ours.price.size)
    rows = []
    for fill in fills:
        mine, other = ours.at(fill, basis, what)[0], theirs.at(fill, basis, what)[0]
        drawn = ours.at(fill, basis, what, counts) / theirs.at(fill, basis, what, counts) - 1
        known = drawn[np.isfinite(drawn)]
        rows.append(
            {
                "fill": fill,
                "ours": _told(mine),
                "theirs": _told(other),
                "less": _told(mine / other - 1, 4),
                "interval": [_told(v, 4) for v in np.quantile(known, [0.025, 0.975])]
                if known.size > RESAMPLES / 2
                else None,
            }
        )
    return rows


def _told(number: float, digits: int = 0) -> float | None:
    return round(float(number), digits) if np.isfinite(number) else None


def together(lucks: list[Curve]) -> Curve:
    """The mean of the same rule's curves under several lucks, item by item."""
    means = {
        name: np.mean([getattr(one, name) for one in lucks], axis=0)
        for name in Curve.__dataclass_fields__
        if name not in ("knobs", "price")
    }
    return Curve(knobs=lucks[0].knobs, price=lucks[0].price, **means)
