"""A demo world at the close of a day: everything that changes, in a form that can be copied and saved."""

from dataclasses import dataclass, field

import numpy as np

from pipelines.demo.network import Network
from pipelines.demo.plants import Plant
from pipelines.demo.rows import FLOAT, WHOLE, Log, Rows

PAY_RING = 160

ORDERS = dict.fromkeys(
    ("id", "customer", "ordered_at", "channel", "stage", "ready_at", "cleared_at", "hold", "lines", "needs_person", "key", "status", "invoices_due", "touched"), WHOLE
) | {"net": FLOAT}
LINES = dict.fromkeys(
    (
        "id", "order", "number", "cell", "customer", "ordered_at", "cleared_at", "requested", "promised", "repromised", "release_day", "qty", "released", "shipped",
        "travelling", "shipped_day", "delivered_day", "cancelled", "cancelled_day", "was_short", "key", "touched",
    ),
    WHOLE,
) | dict.fromkeys(("price", "discount", "cost", "net", "margin", "right_net"), FLOAT)  # fmt: skip
PARCELS = dict.fromkeys(("id", "order", "site", "customer", "stage", "ready_at", "lines", "key"), WHOLE)
PARCEL_LINES = dict.fromkeys(("parcel", "line", "cell", "qty"), WHOLE)
SHIPMENTS = dict.fromkeys(("id", "order", "site", "customer", "carrier", "lane", "shipped_at", "promised_at", "arrives_at", "key", "has_arrived", "touched"), WHOLE) | {
    "freight": FLOAT,
    "weight": FLOAT,
}
SHIPMENT_LINES = dict.fromkeys(("shipment", "order", "line", "number", "cell", "qty"), WHOLE)
PURCHASES = dict.fromkeys(
    ("id", "po", "number", "supplier", "cell", "ordered_day", "promised_day", "confirmed_day", "qty", "received", "received_day", "first_day", "first_qty",
     "second_day", "second_qty", "is_closed", "touched"),
    WHOLE,
) | {"cost": FLOAT}  # fmt: skip
TRANSFERS = dict.fromkeys(("id", "cell", "qty", "arrives_day"), WHOLE)
BACKS = dict.fromkeys(("id", "order", "cell", "qty", "day", "reason", "customer"), WHOLE)
INVOICES = dict.fromkeys(("id", "order", "customer", "ready_at", "needs_person"), WHOLE) | {"net": FLOAT}
TICKETS = dict.fromkeys(("id", "customer", "order", "opened_at", "closed_at", "topic", "escalated", "touched"), WHOLE) | {"minutes": FLOAT}
TABLES = {
    "orders": ORDERS,
    "lines": LINES,
    "parcels": PARCELS,
    "parcel_lines": PARCEL_LINES,
    "shipments": SHIPMENTS,
    "shipment_lines": SHIPMENT_LINES,
    "purchases": PURCHASES,
    "transfers": TRANSFERS,
    "backs": BACKS,
    "invoices": INVOICES,
    "tickets": TICKETS,
}
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

    def tell(self, activity: int, orders: np.ndarray, at, actor=-1, minutes=0.0) -> None:
        """Log one event of each order, if this world keeps a log of handling by now."""
        if self.log is not None and len(orders) and self.day >= self.net.size.events_from:
            self.log.add("events", order=orders, activity=activity, at=at, actor=actor, minutes=minutes)

    def move(self, kind: int, cells: np.ndarray, qty: np.ndarray, at) -> None:
        """Change stock on hand and log each booking."""
        np.add.at(self.cells["on_hand"], cells, qty)
        if self.log is not None:
            self.log.add("movements", id=self.next_numbers("movement", len(cells)), cell=cells, qty=qty, kind=kind, at=at)


RECEIPT, ISSUE, TRANSFER_OUT, TRANSFER_IN, RETURN, ADJUSTMENT = range(6)
MOVEMENT_NAMES = ("receipt", "issue", "transfer_out", "transfer_in", "return", "adjustment")
ACTIVITIES = (
    "order received",
    "order entered",
    "order corrected",
    "credit checked",
    "credit held",
    "credit released",
    "order refused",
    "order released",
    "backordered",
    "picked",
    "packed",
    "shipped",
    "delivered",
    "invoiced",
    "cancelled",
)
(RECEIVED, ENTERED, CORRECTED, CREDIT_CHECKED, CREDIT_HELD, CREDIT_RELEASED, REFUSED, RELEASED, BACKORDERED, PICKED, PACKED, SHIPPED, DELIVERED, INVOICED, CANCELLED) = range(15)
