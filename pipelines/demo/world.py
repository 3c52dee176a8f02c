"""A demo world at the close of a day: everything that changes, in a form that can be copied and saved."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pipelines.demo.network import Network
from pipelines.demo.plants import Plant
from pipelines.demo.rows import Log, Rows
from pipelines.demo.tables import Movement

PAY_RING = 160

# Quantities and planning values of each SKU at each site.
CELLS = ("on_hand", "committed", "allocated", "on_order", "level", "variance", "reorder", "upto")
MONEY = ("wanted_margin", "missed_margin", "given_away", "penalty", "holding", "margin", "freight")


@dataclass
class World:
    """The state of one world after its last day; a fork of it (the same world without one plant) keeps no log."""

    net: Network
    plants: tuple[Plant, ...]
    day: int
    cells: dict[str, np.ndarray]
    tables: dict[str, Rows]
    numbers: dict[str, int]
    money: dict[str, float]
    balance: np.ndarray
    payments: np.ndarray
    lead_seen: np.ndarray
    log: Log | None = field(default_factory=Log)

    def next_numbers(self, series: str, count: int) -> np.ndarray:
        """The next numbers of a document series."""
        first = self.numbers.get(series, 0) + 1
        self.numbers[series] = first + count - 1
        return np.arange(first, first + count)

    def without(self, plant: Plant) -> "World":
        """The same world on the same day, in which one plant will never have been: same luck, no log."""
        return World(
            net=self.net,
            plants=tuple(other for other in self.plants if other.plant_id != plant.plant_id),
            day=self.day,
            cells={name: values.copy() for name, values in self.cells.items()},
            tables={name: rows.copy() for name, rows in self.tables.items()},
            numbers=dict(self.numbers),
            money=dict(self.money),
            balance=self.balance.copy(),
            payments=self.payments.copy(),
            lead_seen=self.lead_seen.copy(),
            log=None,
        )

    def tell(self, activity: Any, orders: np.ndarray, at: Any, actor: Any = -1, minutes: Any = 0.0) -> None:
        """Log an event of each order, if this world keeps a log of handling by now; the rest is one value or one for each order."""
        if self.log is not None and len(orders) and self.day >= self.net.size.events_from:
            self.log.add("events", order=orders, activity=activity, at=at, actor=actor, minutes=minutes)

    def move(self, kind: Movement, cells: np.ndarray, qty: np.ndarray, at: Any) -> None:
        """Change stock on hand and log each booking."""
        np.add.at(self.cells["on_hand"], cells, qty)
        if self.log is not None:
            self.log.add(
                "movements", id=self.next_numbers("movement", len(cells)), cell=cells, qty=qty, kind=int(kind), at=at
            )
