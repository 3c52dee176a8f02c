"""When goods can be with the customer, and how surely: stock and deliveries, less what others were promised before, drawn many times."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

Vector = np.ndarray
DRAWS = 400
LEVELS = (0.1, 0.5, 0.8, 0.9)
STOCK, INBOUND, TRANSFER, NEW_ORDER, NOTHING = "stock", "purchase line", "another site", "new order", "nothing"


@dataclass(frozen=True)
class Source:
    """Goods that will come: how many, on which day in each draw (days from today), what they are and how people call them."""

    qty: float
    days: Vector
    kind: str
    name: str


@dataclass(frozen=True)
class Supply:
    """Where a shelf's goods can come from.

    Attributes:
        on_hand: stock.
        sources: what is on its way or could be sent, without what is on hand.
        lead_days: of a new order, one of each draw; empty where nobody knows.
        transit_days: from the shelf to the customer, one of each draw.
        today: the as-of day.
        working: for each day from today on, how many days later the next working day is (0 where it is one).
        committed: what earlier orders have been promised already.
    """

    on_hand: float
    sources: Sequence[Source]
    lead_days: Vector
    transit_days: Vector
    today: dt.date
    working: Vector = field(default_factory=lambda: np.zeros(1, int))
    committed: float = 0.0


@dataclass(frozen=True)
class Promise:
    """Days by which goods are with the customer half, 8 and 9 times in 10, None where nobody can tell; and the chance of a wished day."""

    p50: dt.date | None
    p80: dt.date | None
    p90: dt.date | None
    share: float | None
    supply: str
    because: str


def promise(supply: Supply, qty: float, wished: dt.date | None = None) -> Promise:
    """What can be promised for one more wish, after all that is committed already.

    >>> shelf = Supply(8.0, [], np.full(DRAWS, 20.0), np.ones(DRAWS), dt.date(2026, 3, 2), committed=6.0)
    >>> promise(shelf, 2).p90, promise(shelf, 3).p50
    (datetime.date(2026, 3, 4), datetime.date(2026, 3, 24))
    """
    return promises(supply, np.array([qty]), [wished])[0]


def promises(supply: Supply, wanted: Vector, wished: Sequence[dt.date | None]) -> list[Promise]:
    """What can be promised to wishes that are served in their order; no unit is promised twice.

    Args:
        supply: of the shelf.
        wanted: quantities in the order in which they have a claim.
        wished: the day that each is asked for.
    """
    through = supply.committed + np.cumsum(wanted)
    ready, used = _ready(supply, through)
    made = []
    for at, day in enumerate(wished):
        with_customer = _with_customer(supply, ready[at])
        made.append(_told(supply, with_customer, used[at], day, (float(wanted[at]), float(through[at] - wanted[at]))))
    return made


def drawn(days: Sequence[float], draws: Vector) -> Vector:
    """Days of arrival drawn from what is said of 1, 5, 8 and 9 in 10: straight between them, as far again beyond them.

    Args:
        days: by which 1, 5, 8 and 9 of 10 such have come, rising.
        draws: between 0 and 1.

    >>> drawn([2, 4, 6, 8], np.array([0.1, 0.5, 1.0])).tolist()
    [2.0, 4.0, 12.0]
    """
    p10, p50, p80, p90 = days
    least, most = p10 - (p50 - p10) / 4, p90 + 2 * max(p90 - p80, 1.0)
    return np.maximum(np.interp(draws, (0.0, *LEVELS, 1.0), (least, p10, p50, p80, p90, most)), 1.0)


def _ready(supply: Supply, through: Vector) -> tuple[Vector, list[tuple[str, str]]]:
    """The day on which the shelf has had so much in all, `wish × draw` (infinite: never), and what that waits for."""
    if supply.sources:
        days = np.array([source.days for source in supply.sources])
        qty = np.array([source.qty for source in supply.sources])
        order = np.argsort(days, axis=0, kind="stable")
        come = max(supply.on_hand, 0.0) + np.cumsum(qty[order], axis=0)
        days = np.take_along_axis(days, order, axis=0)
    else:
        order = np.zeros((0, supply.transit_days.size), int)
        days, come = np.zeros(order.shape), np.zeros(order.shape)
    later = supply.lead_days if supply.lead_days.size else np.full(supply.transit_days.size, np.inf)
    ready, used = [], []
    for need in through:
        if need <= supply.on_hand + 1e-9:
            ready.append(np.zeros(later.size))
            used.append((STOCK, ""))
            continue
        enough = come >= need - 1e-9
        is_coming = enough[-1] if len(come) else np.zeros(later.size, bool)
        first = enough.argmax(axis=0) if len(come) else np.zeros(later.size, int)
        there = np.take_along_axis(days, first[None], axis=0)[0] if len(come) else later
        # A new order is placed today and not when the last delivery has come.
        ready.append(np.where(is_coming, there, later))
        if is_coming.all():
            last = int(np.bincount(np.take_along_axis(order, first[None], axis=0)[0]).argmax())
            used.append((supply.sources[last].kind, supply.sources[last].name))
        else:
            used.append((NEW_ORDER if supply.lead_days.size else NOTHING, ""))
    return np.array(ready), used


def _with_customer(supply: Supply, ready: Vector) -> Vector:
    """What is ready leaves on the next working day after, and travels."""
    known = np.isfinite(ready)
    leaves = np.where(known, np.ceil(ready), 0).astype(int) + 1
    waits = supply.working[np.minimum(leaves, supply.working.size - 1)]
    return np.where(known, leaves + waits + np.ceil(supply.transit_days), np.inf)


def _told(
    supply: Supply, days: Vector, used: tuple[str, str], wished: dt.date | None, amounts: tuple[float, float]
) -> Promise:
    wanted, before = amounts
    kind, name = used
    ahead = f" after {before:,.0f} that were promised before" if before > 0 else ""
    held = f"{wanted:,.0f} wanted{ahead}; {max(supply.on_hand, 0):,.0f} on hand"
    if not np.isfinite(days).all():
        return Promise(
            None,
            None,
            None,
            None,
            kind,
            f"{held}. Nothing is on its way and no lead time is known, so no day can be told.",
        )
    p50, p80, p90 = (
        supply.today + dt.timedelta(days=int(np.quantile(days, level, method="higher"))) for level in (0.5, 0.8, 0.9)
    )
    share = None if wished is None else float(np.mean(days <= (wished - supply.today).days))
    waits = {
        STOCK: "it can leave on the next working day",
        INBOUND: f"it waits for purchase line {name}",
        TRANSFER: f"it waits for goods from {name}",
        NEW_ORDER: "what is on its way is not enough, so it needs a new order, placed today",
        NOTHING: "",
    }[kind]
    return Promise(p50, p80, p90, share, kind, f"{held}; {waits}.")
