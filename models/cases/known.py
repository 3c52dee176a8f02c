"""What the cases look up: names, money of one unit, stock, purchases on their way, and what is assumed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from models.cases.kinds import GRADES
from models.model import Frames

Shelf = tuple[str, str]
Row = dict[str, Any]


@dataclass(frozen=True)
class Assumed:
    """One assumption: its value and the range in which it is believed to lie."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Inbound:
    """An open purchase line: when it was due, when it will likely be here, how much of what at which cost."""

    po_id: str
    line_key: str
    supplier_id: str | None
    shelf: Shelf
    due: dt.date
    likely: dt.date
    qty: float
    amount: float
    unit_cost: float


class Known:
    """Everything that cases look up, read once from the frames."""

    def __init__(self, frames: Frames, as_of: dt.date):
        self.as_of = as_of
        self.signals = rows(frames["marts.signals"].sort("signal_id"))
        self.assumed = {
            name: Assumed(value, low, high) for name, value, low, high in frames["raw.assumptions"].iter_rows()
        }
        self.sku = {row["sku_id"]: row for row in rows(frames["core.skus"])}
        self.site = dict(frames["core.sites"].iter_rows())
        self.supplier = dict(frames["core.suppliers"].iter_rows())
        self.customer = dict(frames["core.customers"].iter_rows())
        self.carrier = dict(frames["core.carriers"].iter_rows())
        self.margin = {row[:2]: (_number(row[2]), _number(row[3])) for row in frames["marts.sku_margins"].iter_rows()}
        self.stock = {(row["sku_id"], row["site_id"]): row for row in rows(frames["marts.stock_now"])}
        self.sites_of: dict[str, list[str]] = defaultdict(list)
        for sku, site in sorted(self.stock):
            self.sites_of[sku].append(site)
        self.outlook = {(row["sku_id"], row["site_id"]): row for row in rows(frames["scores.stockout_outlook"])}
        self.parameter = {(row["sku_id"], row["site_id"]): row for row in rows(frames["scores.stock_parameters"])}
        self.waiting = rows(frames["marts.waiting_lines"].sort("order_id", "line_key"))
        self.travelling = rows(frames["marts.travelling_lines"].sort("shipment_id", "order_id", "line_key"))
        self.feeds = dict(frames["marts.site_feeds"].iter_rows())
        self.health = {row["supplier_id"]: row for row in rows(frames["marts.supplier_health"])}
        self.terms = _terms(frames["core.supplier_terms"], as_of)
        self.grade = dict(frames["marts.data_grades"].iter_rows())
        self.inbound: dict[Shelf, list[Inbound]] = defaultdict(list)
        self.line: dict[tuple[str, str], Inbound] = {}
        for row in rows(frames["marts.inbound_risks"].sort("po_id", "line_key")):
            self._add(row)
        self.lines_of: dict[Shelf, list[Row]] = defaultdict(list)
        for row in self.waiting:
            self.lines_of[(row["sku_id"], row["site_id"])].append(row)
        self.substitutes: dict[str, list[str]] = defaultdict(list)
        for sku in sorted(self.sku):
            if self.sku[sku]["substitute_of"]:
                self.substitutes[self.sku[sku]["substitute_of"]].append(sku)
        self.order = {
            (row["sku_id"], row["site_id"]): row for row in rows(frames["scores.replenishment"]) if row["proposed_qty"]
        }
        self.has_orders, self.has_moves = (
            frames["scores.replenishment"].height > 0,
            frames["scores.transfers"].height > 0,
        )
        self.moves_to: dict[Shelf, list[Row]] = defaultdict(list)
        self.moves_from: dict[Shelf, list[Row]] = defaultdict(list)
        for row in rows(frames["scores.transfers"].sort("sku_id", "from_site_id", "to_site_id")):
            self.moves_to[(row["sku_id"], row["to_site_id"])].append(row)
            self.moves_from[(row["sku_id"], row["from_site_id"])].append(row)
        self.rules = _by_shelf(frames["scores.allocation_rules"].sort("rule_name"))
        self.shares = _by_shelf(frames["scores.allocations"].sort("order_id", "line_key", "rule_name"))
        self._demand = _daily(frames["scores.demand_forecasts"], self._shelves(), as_of)

    def _add(self, row: Row) -> None:
        qty, amount = _number(row["open_qty"]) or 0.0, _number(row["open_amount"]) or 0.0
        due = row["due_date"] or self.as_of
        line = Inbound(
            row["po_id"],
            row["line_key"],
            row["supplier_id"],
            (row["sku_id"], row["site_id"]),
            due,
            max(row["arrival_p50_date"] or due, self.as_of + dt.timedelta(days=1)),
            qty,
            amount,
            amount / qty if qty else 0.0,
        )
        self.inbound[line.shelf].append(line)
        self.line[(line.po_id, line.line_key)] = line

    def _shelves(self) -> set[Shelf]:
        """Shelves that any signal is about, and the others that hold the same SKUs: only their demand is looked at."""
        skus = {signal["sku_id"] for signal in self.signals if signal["sku_id"]}
        return {shelf for shelf in self.stock if shelf[0] in skus} | {
            (s["sku_id"], s["site_id"]) for s in self.signals if s["sku_id"] and s["site_id"]
        }

    def demand(self, shelf: Shelf) -> list[float]:
        """Expected demand of each day from tomorrow on; empty where nothing is forecast."""
        return self._demand.get(shelf, [])

    def share(self, name: str) -> float:
        """The value of an assumption."""
        return self.assumed[name].value

    def range_of(self, name: str) -> Assumed:
        """An assumption with its range."""
        return self.assumed[name]

    def acting_saves(self, kind: str) -> float:
        """Share of the expected loss of such a case that somebody who acts usually saves."""
        return self.assumed[f"acting_saves_share_{kind}"].value

    def labour(self, act: str) -> Assumed:
        """What the work on such an act costs: its minutes at the rate of an hour."""
        rate, minutes = self.assumed["labour_cost_per_hour"], self.assumed[f"act_minutes_{act}"].value
        return Assumed(rate.value * minutes / 60, rate.low * minutes / 60, rate.high * minutes / 60)

    def unit_margin(self, shelf: Shelf) -> float:
        """Margin of one unit; 0 where no cost is known."""
        return max((self.margin.get(shelf) or (None, None))[0] or 0.0, 0.0)

    def unit_net(self, shelf: Shelf) -> float:
        """Net sales of one unit."""
        return (self.margin.get(shelf) or (None, None))[1] or 0.0

    def unit_cost(self, sku: str) -> float:
        """What one unit costs to buy; 0 where it is not known."""
        return _number((self.sku.get(sku) or {}).get("unit_cost")) or 0.0

    def lead_days(self, shelf: Shelf) -> int:
        """Days until an order placed today would be here."""
        return int((self.outlook.get(shelf) or {}).get("lead_time_days") or 14)

    def sku_name(self, sku: str) -> str:
        """Name and number of a SKU."""
        name = (self.sku.get(sku) or {}).get("sku_name")
        return f"{name} ({sku})" if name and name != sku else sku

    def site_name(self, site: str) -> str:
        """Name of a site."""
        return self.site.get(site) or site

    def worst_grade(self, contracts: Iterable[str]) -> str:
        """The worst grade of these extracts; those that nobody brought do not count."""
        return max((self.grade[name] for name in contracts if name in self.grade), key=GRADES.index, default="C")


def rows(frame: pl.DataFrame) -> list[Row]:
    """The rows as mappings from column to value."""
    return frame.to_dicts()


def _by_shelf(frame: pl.DataFrame) -> dict[Shelf, list[Row]]:
    found: dict[Shelf, list[Row]] = defaultdict(list)
    for row in rows(frame):
        found[(row["sku_id"], row["site_id"])].append(row)
    return found


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _terms(frame: pl.DataFrame, as_of: dt.date) -> dict[str, list[Row]]:
    """By SKU: the terms of each supplier that hold today."""
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows(frame.filter(pl.col("valid_from_date") <= as_of).sort("valid_from_date", "supplier_id")):
        found[row["sku_id"]][row["supplier_id"]] = row
    return {sku: [terms[supplier] for supplier in sorted(terms)] for sku, terms in found.items()}


def _daily(forecasts: pl.DataFrame, shelves: set[Shelf], as_of: dt.date) -> dict[Shelf, list[float]]:
    if not shelves or not forecasts.height:
        return {}
    wanted = pl.DataFrame(sorted(shelves), schema=["sku_id", "site_id"], orient="row")
    mine = forecasts.filter(pl.col("target_date") > as_of).join(wanted, on=["sku_id", "site_id"], how="semi")
    grouped = mine.sort("target_date").group_by("sku_id", "site_id").agg(pl.col("mean_qty").cast(pl.Float64))
    return {(sku, site): means for sku, site, means in grouped.iter_rows()}
