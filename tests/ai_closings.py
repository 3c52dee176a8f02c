"""Closed months of AI value for tests: figures, what they were made with, and builds that hold them."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from decisions import ai_close
from decisions.ai_close import FIGURES, figures_of
from pipelines import ai_closes, assumptions, use_cases
from pipelines.table import tables
from tests.desks import EXECUTIVE, Office
from tests.worlds import World

OCTOBER = date(2026, 10, 1)
MADE_WITH = {
    "build_id": "b1",
    "content_hash": "c1",
    "definitions": {"marts.north_star": "d1", "net_value": "version 1"},
    "price_version_code": "genai-prices 0.2.3",
    "price_rows_hash": "p1",
    "registry_hash": "r1",
    "assumptions": {"labour_cost_per_hour": "40.0 (35.0 to 48.0)"},
    "assumptions_hash": "a1",
    "data_hash": "d1",
}
WHY = "The bills are in."
ROW = dict.fromkeys(FIGURES, Decimal("0.0000")) | {
    "benefit_amount": Decimal("1200.5000"),
    "ai_cost_amount": Decimal("200.2500"),
    "net_earned_amount": Decimal("1000.2500"),
}


def close(office: Office, row=ROW, made_with=MADE_WITH, *, month=OCTOBER, person=EXECUTIVE, reason=WHY):
    return close_with(office, figures_of(row), made_with, month=month, person=person, reason=reason)


def close_with(office: Office, figures, made_with=MADE_WITH, *, month=OCTOBER, person=EXECUTIVE, reason=WHY):
    """A closing with figures of a test's own, which no desk takes."""
    today, now = office.now.date(), office.now
    return office.desk(person)._record(
        lambda book: ai_close.closed(book, person, month, figures, made_with, today=today, now=now, reason=reason)
    )


def closing(office: Office, month: str = "2026-10"):
    return office.desk().book.ai.closings[month][-1]


def build_with(now: dict[str, Decimal], acts: list[dict], *, at: date = OCTOBER, data: str = "d1") -> World:
    """Both marts over these acts, in a build whose north star has these figures for one month."""
    made = World()
    for schema in ("raw", "marts"):
        made.execute(f"create schema {schema}")
    assumptions.make(made, date(2026, 11, 14), acts)
    use_cases.make(made, acts)
    ai_closes.make(made, acts, data)
    columns = ", ".join(f"{name} decimal(18, 4)" for name in FIGURES)
    made.execute(f"create table marts.north_star (month_date date, {columns})")
    if now:
        made.execute(f"insert into marts.north_star values (?{', ?' * len(FIGURES)})", [at, *map(now.get, FIGURES)])
    for name in ("marts.ai_closes", "marts.ai_restatements"):
        made.execute(f"create table {name} as {tables()[name].sql}")
    return made


def at_desk(made: World, as_of: date = date(2026, 11, 14)) -> SimpleNamespace:
    """That build as a desk has it."""
    told = {"as_of_date": as_of, "content_hash": "c1"}
    return SimpleNamespace(query=made.query, has=made.has, build_id="b1", facts=lambda: told)


def closed_acts(office: Office) -> list[dict]:
    """October closed at a desk with a build over the acts so far."""
    office.build = at_desk(build_with(ROW, [asdict(act) for act in office.ledger.acts()]))
    assert office.desk(EXECUTIVE).close_month(OCTOBER, WHY) is not None
    return [asdict(act) for act in office.ledger.acts()]
