"""Which signal causes which: two signals meet only along a causal link, never because they share a site or a category."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from models.cases.kinds import KINDS, SHORTAGES

Signal = dict[str, Any]
# How long before a shelf runs empty a purchase line must have been due, for its lateness to be the reason.
NEAR_DAYS = 28
PRICE_DAYS = 35
EVENS = 0.5


class Link(NamedTuple):
    """A causal link between two signals, by their ids, and what it rests on."""

    cause: str
    effect: str
    because: str


class Groups:
    """Disjoint sets, joined by links; the order of joining changes nothing.

    >>> groups = Groups(["a", "b", "c"])
    >>> groups.join("a", "b")
    >>> [sorted(group) for group in groups.all()]
    [['a', 'b'], ['c']]
    """

    def __init__(self, members: Iterable[str]):
        self._parent = {member: member for member in members}

    def root(self, member: str) -> str:
        """The member that stands for its whole group: the first in the alphabet."""
        while self._parent[member] != member:
            self._parent[member] = self._parent[self._parent[member]]
            member = self._parent[member]
        return member

    def join(self, one: str, other: str) -> None:
        """Make two groups one."""
        first, second = sorted((self.root(one), self.root(other)))
        self._parent[second] = first

    def all(self) -> list[list[str]]:
        """Every group, members and groups in order."""
        found: dict[str, list[str]] = defaultdict(list)
        for member in sorted(self._parent):
            found[self.root(member)].append(member)
        return [found[root] for root in sorted(found)]


def links(signals: list[Signal], *, feeds: Mapping[str, str], directions: Mapping[tuple[str, str], str]) -> list[Link]:
    """Every causal link between these signals.

    Args:
        signals: rows of `marts.signals`.
        feeds: site → the site of ours that feeds it.
        directions: (SKU, site) → whether its parameter is too low or too high.
    """
    known = _Known(signals, feeds, directions)
    found: list[Link] = []
    for rule in (_suppliers, _carriers, _late, _levels, _queues, _misplaced, _feeding, _defects, _orders, _prices):
        found += rule(known)
    return sorted(set(found))


class _Known:
    """Signals by what they are about, so that each rule looks up and never compares all with all."""

    def __init__(self, signals: list[Signal], feeds: Mapping[str, str], directions: Mapping[tuple[str, str], str]):
        self.feeds, self.directions = feeds, directions
        self.of_kind: dict[str, list[Signal]] = defaultdict(list)
        self.on_shelf: dict[tuple[str, str, str], list[Signal]] = defaultdict(list)
        self.of_sku: dict[tuple[str, str], list[Signal]] = defaultdict(list)
        for signal in signals:
            kind, sku, site = signal["signal_kind_code"], signal["sku_id"], signal["site_id"]
            self.of_kind[kind].append(signal)
            if sku:
                self.of_sku[(kind, sku)].append(signal)
            if sku and site:
                self.on_shelf[(kind, sku, site)].append(signal)

    def here(self, signal: Signal, *kinds: str) -> Iterator[Signal]:
        """Signals of these kinds about the same SKU at the same site."""
        for kind in kinds:
            yield from self.on_shelf.get((kind, signal["sku_id"], signal["site_id"]), ())


def _suppliers(known: _Known) -> Iterator[Link]:
    """A supplier that got worse is why its lines are late."""
    late: dict[str, list[Signal]] = defaultdict(list)
    for signal in known.of_kind["late_inbound"]:
        late[signal["supplier_id"]].append(signal)
    for cause in known.of_kind["supplier_worse"]:
        for effect in late.get(cause["supplier_id"], ()):
            if effect["signal_date"] >= cause["signal_date"]:
                yield _link(cause, effect, "it comes from the supplier that got worse")


def _carriers(known: _Known) -> Iterator[Link]:
    """A carrier that is late more often is why its shipments are, while that lasts."""
    causes = {s["carrier_id"]: s for s in known.of_kind["late_outbound"] if s["carrier_id"] and not s["shipment_id"]}
    for effect in known.of_kind["late_outbound"]:
        cause = causes.get(effect["carrier_id"])
        if effect["shipment_id"] and cause is not None and cause["chance_share"] > 0:
            yield _link(cause, effect, "it travels with the carrier that got worse")


def _late(known: _Known) -> Iterator[Link]:
    """Purchases that do not come empty the shelf that they feed, and orders wait for them."""
    for cause in known.of_kind["late_inbound"]:
        for effect in known.here(cause, *SHORTAGES):
            if cause["signal_date"] <= effect["act_by_date"] + dt.timedelta(days=NEAR_DAYS):
                yield _link(cause, effect, "the late purchase feeds this shelf")
        for effect in known.here(cause, "order_short"):
            yield _link(cause, effect, "the order waits for the late purchase")


def _levels(known: _Known) -> Iterator[Link]:
    """Demand that moved and parameters that no longer fit empty a shelf, or fill it too much."""
    for cause in (*known.of_kind["demand_spike"], *_too(known, "too low")):
        what = "demand rose there" if cause["signal_kind_code"] == "demand_spike" else "its parameter is too low"
        for effect in known.here(cause, *SHORTAGES, "order_short"):
            yield _link(cause, effect, what)
    for kind, direction in (("demand_spike", "too low"), ("demand_drop", "too high")):
        for cause in known.of_kind[kind]:
            for effect in _too(known, direction, known.here(cause, "stale_parameter")):
                yield _link(cause, effect, "the parameter has not followed demand")
    for cause in (*known.of_kind["demand_drop"], *_too(known, "too high")):
        what = "demand fell there" if cause["signal_kind_code"] == "demand_drop" else "its parameter is too high"
        for effect in known.here(cause, "excess_stock"):
            yield _link(cause, effect, what)


def _queues(known: _Known) -> Iterator[Link]:
    """Orders wait for the shelf that is empty or runs empty."""
    for kind in SHORTAGES:
        for cause in known.of_kind[kind]:
            for effect in known.here(cause, "order_short"):
                yield _link(cause, effect, "the order waits for this shelf")


def _too(known: _Known, direction: str, signals: Iterable[Signal] | None = None) -> Iterator[Signal]:
    stale = known.of_kind["stale_parameter"] if signals is None else signals
    return (s for s in stale if known.directions.get((s["sku_id"], s["site_id"])) == direction)


def _misplaced(known: _Known) -> Iterator[Link]:
    """Too much of a SKU at one site while another runs out of it."""
    for cause in known.of_kind["misplaced_stock"]:
        for effect in known.here(cause, *SHORTAGES):
            yield _link(cause, effect, "another site holds too much of the SKU")
        for effect in known.on_shelf.get(("excess_stock", cause["sku_id"], cause["from_site_id"]), ()):
            yield _link(cause, effect, "the excess that another site lacks")


def _feeding(known: _Known) -> Iterator[Link]:
    """A site that feeds others and runs out leaves them without."""
    for kind in SHORTAGES:
        for effect in known.of_kind[kind]:
            feeder = known.feeds.get(effect["site_id"])
            if feeder is None:
                continue
            for cause_kind in SHORTAGES:
                for cause in known.on_shelf.get((cause_kind, effect["sku_id"], feeder), ()):
                    yield _link(cause, effect, f"{feeder} feeds {effect['site_id']} and has none itself")


def _defects(known: _Known) -> Iterator[Link]:
    """Records that jump make the SKU look short or plentiful."""
    for cause in known.of_kind["data_defect"]:
        if not cause["sku_id"] or cause["chance_share"] <= 0:  # the count came back: it explains nothing of today
            continue
        for kind in (*SHORTAGES, "excess_stock", "order_short", "stale_parameter"):
            for effect in known.of_sku.get((kind, cause["sku_id"]), ()):
                if cause["site_id"] in (None, effect["site_id"]):
                    yield _link(cause, effect, "the stock records of the SKU jump")


def _orders(known: _Known) -> Iterator[Link]:
    """A customer beyond the credit limit is why its orders are held."""
    causes = {signal["customer_id"]: signal for signal in known.of_kind["over_credit"]}
    for effect in known.of_kind["order_held"]:
        if effect["customer_id"] in causes:
            yield _link(causes[effect["customer_id"]], effect, "the customer is beyond the credit limit")


def _prices(known: _Known) -> Iterator[Link]:
    """A strange price of a SKU is why its lines about that day were priced wrong; lines of one slip hang together by it."""
    for cause in known.of_kind["price_anomaly"]:
        for effect in known.of_sku.get(("wrong_price", cause["sku_id"]), ()) if cause["sku_id"] else ():
            if abs((effect["signal_date"] - cause["signal_date"]).days) <= PRICE_DAYS:
                yield _link(cause, effect, "the price of the SKU is strange about that day")


def _link(cause: Signal, effect: Signal, because: str) -> Link:
    return Link(cause["signal_id"], effect["signal_id"], because)


def cause_of(group: list[Signal]) -> Signal:
    """The signal that explains the others: the lowest rank, then the oldest, then the first by name.

    A level of demand that moved less likely than not explains no more than a late purchase does, which is certain.
    """

    def order(signal: Signal) -> tuple[float, dt.date, str]:
        kind = signal["signal_kind_code"]
        is_doubtful = kind in ("demand_spike", "demand_drop") and signal["chance_share"] < EVENS
        return (
            KINDS["late_inbound"].rank + 0.5 if is_doubtful else KINDS[kind].rank,
            signal["signal_date"],
            signal["signal_id"],
        )

    return min(group, key=order)
