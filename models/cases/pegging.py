"""Which supply serves which demand: open order lines first, by the day they are due, then expected demand day by day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Supply:
    """Goods that are there or will be: the day, the quantity, and the purchase line that brings them (None: on hand)."""

    day: dt.date
    qty: float
    source: str | None = None


@dataclass(frozen=True)
class Wish:
    """An open order line: its key, the day it is due, and what it still wants."""

    key: str
    due: dt.date
    qty: float


@dataclass(frozen=True)
class Served:
    """What an order line gets: the day on which all of it is there (None: never, as far as known), what is missing, from where."""

    key: str
    day: dt.date | None
    missing_qty: float
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Pegged:
    """The whole plan of a shelf: what each order line gets, what of each day's expected demand finds nothing, and what is left over."""

    served: dict[str, Served]
    short: list[float]
    left_qty: float

    @property
    def short_qty(self) -> float:
        """Expected demand that finds an empty shelf."""
        return sum(self.short)


def peg(supplies: Sequence[Supply], wishes: Sequence[Wish], demand: Sequence[float], as_of: dt.date) -> Pegged:
    """Every unit of supply given to one demand only; nothing is made up and nothing is lost.

    Args:
        supplies: what is there and what will come.
        wishes: open order lines; they wait until goods come.
        demand: expected demand of each day from the day after `as_of` on; it does not wait.

    >>> day = dt.date(2026, 11, 14)
    >>> soon = Supply(day + dt.timedelta(days=2), 10.0, "PO1")
    >>> plan = peg([Supply(day, 3.0), soon], [Wish("O1", day, 5.0)], [4.0, 4.0, 4.0], day)
    >>> plan.served["O1"].day, plan.short, plan.left_qty
    (datetime.date(2026, 11, 16), [4.0, 0.0, 0.0], 0.0)
    """
    queue = sorted(supplies, key=lambda supply: (supply.day, supply.source or ""))
    left = [max(supply.qty, 0.0) for supply in queue]
    served: dict[str, Served] = {}
    turn = 0
    for wish in sorted(wishes, key=lambda wish: (wish.due, wish.key)):
        missing, day = wish.qty, None
        sources: list[str] = []
        while missing > 1e-9 and turn < len(queue):
            given = min(missing, left[turn])
            if given > 0:
                left[turn] -= given
                missing -= given
                day = queue[turn].day
                sources += [source] if (source := queue[turn].source) else []
            if left[turn] <= 1e-9:
                turn += 1
        served[wish.key] = Served(wish.key, day if missing <= 1e-9 else None, max(missing, 0.0), tuple(sources))
    short = []
    stock, arriving = 0.0, turn
    for gone, wanted in enumerate(demand, start=1):
        today = as_of + dt.timedelta(days=gone)
        while arriving < len(queue) and queue[arriving].day <= today:
            stock += left[arriving]
            arriving += 1
        sold = min(stock, wanted)
        stock -= sold
        short.append(wanted - sold)
    return Pegged(served, short, stock + sum(left[arriving:]))
