"""What an order quantity depends on: one record that a table row says in full, that a slider moves, that two builds compare."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.inventory.lead_time_demand import Ahead, read

PATHS, NORMAL = "paths", "normal formula"


@dataclass(frozen=True)
class Inputs:
    """Everything that the quantity depends on. Quantities in base units, money in the reporting currency, times in days.

    Attributes:
        demand: of the days ahead, for own customers and fed sites together.
        lead_days: equally likely days from order to receipt, rising.
        wait_days: until the supplier's next order day; 0 is today.
        review_days: from one order day to the next.
        fed_lack_qty: what the sites fed from here lack up to their own levels now.
        fed_share: of the demand, that of fed sites.
        short_amount: what a unit costs that is asked for and not there; None where no margin is known.
        holding_share, obsolescence_share: of cost a year.
        line_cost_amount: what one more purchase line costs, with its part of the order.
        service_floor_share: chance of no stockout in a cycle that is kept even where it does not pay.
        shelf_life_days: None where goods keep.
        joint_qty: what was added to fill up the supplier's order.
        most_qty: what money, space or the source still allow; None where nothing binds.
        method_name: paths, or the normal formula.
    """

    demand: Ahead
    lead_days: tuple[float, ...]
    wait_days: float
    review_days: float
    on_hand_qty: float
    open_qty: float
    committed_qty: float
    unit_cost: float | None
    short_amount: float | None
    holding_share: float
    obsolescence_share: float
    line_cost_amount: float
    service_floor_share: float
    minimum_order_qty: float = 0.0
    pack_qty: float = 1.0
    price_breaks: str | None = None
    shelf_life_days: float | None = None
    fed_lack_qty: float = 0.0
    fed_share: float = 0.0
    joint_qty: float = 0.0
    most_qty: float | None = None
    method_name: str = PATHS

    @property
    def position_qty(self) -> float:
        """On hand and on order, less what customers were promised and fed sites lack."""
        return self.on_hand_qty + self.open_qty - self.committed_qty - self.fed_lack_qty

    def moved(self, *, demand: float = 1.0, lead: float = 0.0, service: float | None = None) -> "Inputs":
        """The same with so many times the demand, so many days more of lead time, another service floor: what a slider asks."""
        days = tuple(max(day + lead, 0.0) for day in self.lead_days)
        floor = self.service_floor_share if service is None else service
        return replace(self, demand=self.demand.scaled(demand), lead_days=days, service_floor_share=floor)


def example() -> Inputs:
    """One unit a day for certain, a week's lead time, five on hand, packs of six: for examples and tests."""
    demand = Ahead(np.array([28]), np.array([28.0]), np.full((1, 17), 28.0))
    return Inputs(
        demand, (7.0,), wait_days=0.0, review_days=7.0, on_hand_qty=5.0, open_qty=0.0, committed_qty=0.0, unit_cost=10.0,
        short_amount=5.0, holding_share=0.2, obsolescence_share=0.1, line_cost_amount=0.0, service_floor_share=0.9, pack_qty=6.0,
    )  # fmt: skip


def breaks(said: str | None) -> list[tuple[float, float]]:
    """From which quantity on which unit cost holds, rising: what a text such as '100: 4.20; 500: 3.95' says; nonsense is left out.

    >>> breaks("500: 3.95; 100: 4.20; much: less"), breaks(None)
    ([(100.0, 4.2), (500.0, 3.95)], [])
    """
    found = []
    for part in (said or "").split(";"):
        quantity, _, cost = part.partition(":")
        try:
            found.append((float(quantity), float(cost)))
        except ValueError:
            continue
    return sorted(pair for pair in found if pair[0] > 0 and pair[1] >= 0)


def unit_cost_at(inputs: Inputs, ordered: float) -> float | None:
    """What a unit costs when so many are ordered (all units at the price of their break)."""
    reached = [cost for least, cost in breaks(inputs.price_breaks) if ordered >= least]
    return reached[-1] if reached else inputs.unit_cost


def from_row(row: Mapping[str, object]) -> Inputs:
    """The inputs that a row of `scores.replenishment_inputs` says."""

    def number(name: str) -> float | None:
        return None if row[name] is None else float(row[name])  # type: ignore[arg-type]

    numbers = {name: number(name) for name in NUMBERS}
    lead = tuple(float(day) for day in str(row["lead_text"]).split())
    breaks_text = row["price_breaks"]
    return Inputs(
        demand=read(str(row["demand_text"])), lead_days=lead, method_name=str(row["method_name"]),
        price_breaks=None if breaks_text is None else str(breaks_text), **numbers,  # type: ignore[arg-type]
    )  # fmt: skip


NUMBERS = (
    "wait_days", "review_days", "on_hand_qty", "open_qty", "committed_qty", "unit_cost", "short_amount", "holding_share",
    "obsolescence_share", "line_cost_amount", "service_floor_share", "minimum_order_qty", "pack_qty", "shelf_life_days",
    "fed_lack_qty", "fed_share", "joint_qty", "most_qty",
)  # fmt: skip
