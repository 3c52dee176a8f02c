"""What a matured decision is judged by: shelves day by day, purchase lines, orders, and what units earn and cost."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.decisions.worth import earned

Row = Mapping[str, Any]
SEEN_DAYS = 91


@dataclass(frozen=True)
class Shelf:
    """What a shelf held at the close of each known day, and what left it and came to it on that day."""

    days: np.ndarray
    on_hand: np.ndarray
    went: np.ndarray
    came: np.ndarray

    def within(self, first: dt.date, last: dt.date) -> "Shelf":
        """The same shelf between two days, both included."""
        kept = (self.days >= np.datetime64(first)) & (self.days <= np.datetime64(last))
        return Shelf(self.days[kept], self.on_hand[kept], self.went[kept], self.came[kept])

    def usual(self, before: dt.date) -> float:
        """What left it a day on average over the 91 days before a day, those on which it was empty left out; nought if unknown."""
        seen = self.within(before - dt.timedelta(days=SEEN_DAYS), before - dt.timedelta(days=1))
        full = seen.on_hand > 0
        return float(seen.went[full].mean()) if full.any() else 0.0

    def next_refill(self) -> int:
        """Days until something came again after the first day; all of them where nothing did."""
        later = np.flatnonzero(self.came[1:] > 0)
        return int(later[0]) + 1 if later.size else len(self.days)


EMPTY = Shelf(np.zeros(0, "datetime64[D]"), np.zeros(0), np.zeros(0), np.zeros(0))


@dataclass(frozen=True)
class Seen:
    """All that a decision can be judged by: its shelves, its purchase line or order, margins, costs and what is assumed."""

    shelves: Mapping[tuple[str, str], Shelf]
    bought: Mapping[str, Row]
    orders: Mapping[str, Row]
    margins: Mapping[tuple[str, str], float]
    costs: Mapping[str, float]
    assumed: Mapping[str, float] = field(default_factory=dict)

    def shelf(self, sku: str | None, site: str | None) -> Shelf:
        """A shelf; one without a day where nothing is known of it."""
        return self.shelves.get((sku or "", site or ""), EMPTY)

    def margin(self, sku: str, site: str) -> float | None:
        """What a unit earns at a site, or anywhere where it was not sold there; None where that is not known."""
        return self.margins.get((sku, site), self.margins.get((sku, "*")))


@dataclass(frozen=True)
class Price:
    """What units of one SKU earn and cost."""

    margin: float
    cost: float
    assumed: Mapping[str, float]

    def of(self, used: float, lay: float) -> float:
        """Money of units used and unit days held."""
        rate = self.assumed["holding_share_per_year"]
        return earned(
            used,
            lay,
            margin=self.margin,
            lost_share=self.assumed["lost_sale_share"],
            unit_cost=self.cost,
            holding_a_year=rate,
        )

    def words(self, used: float, lay: float) -> str:
        """The same as a person would write it down."""
        lost = self.assumed["lost_sale_share"]
        said = f"{number(used)} × {self.margin:,.2f} margin × {lost:.0%} lost = {used * self.margin * lost:,.2f}"
        return f"{said}, holding {-self.of(0.0, lay):,.2f}" if lay else said


def number(units: float) -> str:
    """Units as a person writes them down: whole where they are whole."""
    return f"{units:,.0f}" if float(units).is_integer() else f"{units:,.1f}"


def last_day(shelf: Shelf) -> dt.date:
    """The last known day of a shelf."""
    return shelf.days[-1].astype(object)
