"""The demo company's goals: its executive says once where service, work, freight and turns shall be, from where they are."""

from datetime import date, timedelta
from decimal import Decimal

from decisions.desk import Desk
from decisions.targets import DAYS
from metrics.definition import definition
from store.warehouse import Build

BY = date(2027, 12, 31)
GOALS = {
    "on_time_in_full": (Decimal("0.92"), "Our contracts with the large customers ask for 92 in a hundred orders."),
    "handling_minutes_per_order": (Decimal(14), "The order desk shall do next year's orders with the people of today."),
    "freight_cost_per_unit": (Decimal("0.42"), "What it was before the carriers' last round of prices."),
    "inventory_turns": (Decimal(8), "Agreed with the bank for the credit line."),
}


def begin(desk: Desk, build: Build) -> list[str]:
    """The numbers whose target was set now: none that ever had one, and none that the build does not know."""
    as_of, told = build.facts()["as_of_date"], []
    for name, (number, reason) in GOALS.items():
        baseline = None if name in desk.book.ever_targeted else _now(build, name, as_of)
        if baseline is not None and desk.now().date() < BY:
            desk.set_target(name, number, BY, reason, baseline=baseline)
            told.append(name)
    return told


def _now(build: Build, name: str, as_of: date) -> float | None:
    metric = definition(name)
    query = metric.query(since=as_of - timedelta(days=DAYS - 1), until=as_of)
    found = build.query(query.sql, list(query.params))["value"].item()
    return None if found is None else float(found)
