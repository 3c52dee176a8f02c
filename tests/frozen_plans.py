"""Plans of months to come for tests: the tables of a plan by hand, in a build that a desk can freeze them from."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

from tests.worlds import World

DECEMBER, JANUARY = dt.date(2026, 12, 1), dt.date(2027, 1, 1)
COSTS = [
    ("UC3", "model calls", "model usage", DECEMBER, "10.004"), ("UC3", "model calls", "model usage", JANUARY, "20"),
    ("UC3", "human review", "security and governance", DECEMBER, "5"), ("UC3", "human review", "security and governance", JANUARY, "5"),
    ("UC3", "red team", "security and governance", DECEMBER, "100"), ("UC3", "red team", "security and governance", JANUARY, "100"),
]  # fmt: skip
VALUES = [
    ("UC3", "minutes paid less", "cash", DECEMBER, "300", "200", "400"), ("UC3", "minutes paid less", "cash", JANUARY, "300", "200", "400"),
    ("UC3", "errors caused", "cash", DECEMBER, "-50", "-90", "-10"), ("UC3", "minutes for other work", "soft", DECEMBER, "99", "9", "999"),
]  # fmt: skip
VOLUMES = [("UC3", DECEMBER, 100.0, 50.0, 200.0), ("UC3", JANUARY, 110.0, 60.0, 210.0)]
SHAPES = {
    "ai_cost_months": "use_case_id text, cost_line_name text, layer_code text, month_date date, planned_amount decimal(18, 4)",
    "ai_value_months": "use_case_id text, benefit_kind_name text, benefit_class_code text, month_date date, planned_amount decimal(18, 4), "
    "p10_amount decimal(18, 4), p90_amount decimal(18, 4)",
    "ai_volume_months": "use_case_id text, month_date date, planned_cases_number double, low_cases_number double, high_cases_number double",
}


def planned_in(made: World, costs=COSTS, values=VALUES, volumes=VOLUMES) -> World:
    """The same world with the tables of a plan in it."""
    made.execute("create schema if not exists scores")
    for (name, columns), rows in zip(SHAPES.items(), (costs, values, volumes), strict=True):
        made.execute(f"create table scores.{name} ({columns})")
        for row in rows:
            made.execute(f"insert into scores.{name} values ({', '.join('?' * len(row))})", list(row))
    return made


def build_of(made: World, build_id: str = "b1", as_of: dt.date = dt.date(2026, 11, 14)) -> SimpleNamespace:
    """That world as a build of a name and day."""
    return SimpleNamespace(
        query=made.query, has=made.has, build_id=build_id, facts=lambda: {"as_of_date": as_of, "content_hash": "c1"}
    )


def act(month: str, at: str, plan: dict, *, version: int = 1) -> dict:
    """An act that closed a month and froze a plan, as far as the rows of the plan need it."""
    return {"kind": "close_month", "subject": month, "at": at, "payload": {"version": version, "plan": plan}}


def plan_of(months: list[str], cases: float, benefit: float = 0.0, review: float = 0.0, upkeep: float = 0.0) -> dict:
    """A plan of one use case, UC3, with the same amounts in each of its months; P10 is half and P90 twice of it."""

    def told(amount: float) -> list[str]:
        return [f"{Decimal(str(amount)):.2f}"] * len(months)

    ends = {
        name: {"planned": told(amount), "low": told(amount / 2), "high": told(amount * 2)}
        for name, amount in (("cases", cases), ("benefit", benefit))
    }
    layer = {"logged": told(review), "accrued": told(upkeep)}
    return {
        "as_of": "",
        "months": months,
        "costs": {"UC3": {"security and governance": layer}},
        "benefits": {"UC3": ends["benefit"]},
        "cases": {"UC3": ends["cases"]},
    }
