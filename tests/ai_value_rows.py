"""Rows of value and cost small enough to add up by hand, and a company whose build holds them, for the tests of the value page."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pages.parts.page import Visit
from pipelines.table import tables
from store.company import create_company
from store.warehouse import Draft
from tests.unit.parts_visit import begin, visit_to
from tests.worlds import World, fill, mart_columns, put

OCT, SEP = dt.date(2026, 10, 1), dt.date(2026, 9, 1)
MADE = ("marts.value_ledger", "marts.north_star")
READ = ("marts.value_rows", "marts.ai_costs")


def decision(
    key: str, month: dt.date, benefit: str, *, error: str = "0", review: str = "0", use_case: str | None = None
) -> dict[str, Any]:
    value = Decimal(benefit) - Decimal(error) - Decimal(review)
    return {
        "earning_key": key, "earning_source_name": "decision", "month_date": month, "use_case_id": use_case, "mechanism_name": "purchase",
        "sku_id": key, "site_id": "LEJ", "benefit_class_code": "cash", "evidence_grade": "C", "benefit_amount": benefit,
        "error_cost_amount": error, "rework_amount": "0", "review_amount": review, "bankable_amount": "0", "earned_amount": value,
    }  # fmt: skip


def measured(month: dt.date, mechanism: str, value: str, *, bankable: str) -> dict[str, Any]:
    amounts = (
        {"benefit_amount": value, "rework_amount": "0"}
        if Decimal(value) > 0
        else {"benefit_amount": "0", "rework_amount": value[1:]}
    )
    return {
        "earning_key": f"UC3 · {month} · {mechanism}", "earning_source_name": "use case", "month_date": month, "use_case_id": "UC3",
        "mechanism_name": mechanism, "benefit_class_code": "cash", "evidence_grade": "A", "error_cost_amount": "0", "review_amount": "0",
        "low_amount": Decimal(value) - 10, "high_amount": Decimal(value) + 10, "bankable_amount": bankable, "earned_amount": value,
        **amounts,
    }  # fmt: skip


def cost(
    month: dt.date,
    amount: str,
    *,
    source: str = "accrual",
    line: str = "connectors",
    site: str = "*",
    beside: bool = True,
) -> dict[str, Any]:
    return {
        "month_date": month, "use_case_id": "UC3", "cost_line_name": line, "site_id": site, "cost_source_name": source,
        "component_code": "support", "budget_category_code": "recurring platform", "is_beside_decisions": beside,
        "source_grade": "assumption" if source == "accrual" else "A", "actual_amount": amount,
    }  # fmt: skip


ROWS = [
    decision("P1", SEP, "100.5", error="20.25", review="1.5"),
    decision("P2", OCT, "900", review="2.25"),
    decision("P3", OCT, "-40", use_case="UC3"),
    measured(OCT, "labour minutes saved", "300", bankable="210"),
    measured(OCT, "rework", "-30", bankable="-35"),
]
COSTS = [
    cost(SEP, "12.345678901234", source="usage", line="model calls"),
    cost(SEP, "0.00004", source="usage", line="model calls", site="LEJ"),
    cost(OCT, "80"),
    cost(OCT, "7", source="review log", line="human review", beside=False),
]


def filled(into: Any, rows: list[dict[str, Any]], costs: list[dict[str, Any]]) -> None:
    """The tables that the value of a company is made from, and those that are made of them by the real SQL."""
    for name, found in zip(READ, (rows, costs), strict=True):
        columns = ", ".join(f"{column} {kind}" for column, kind in mart_columns(name).items())
        into.execute(f"create table {name} ({columns})")
        for row in found:
            put(into, name, row)
    into.execute(
        "create table scores.net_value_bands (scope_name varchar, month_date date, use_case_id varchar, low_amount double,"
        " high_amount double, row_count bigint)"
    )
    into.execute("create table raw.use_cases as select 'UC3' as use_case_id, 'Order copilot' as use_case_name")
    for name in MADE:
        into.execute(f"create table {name} as {tables()[name].sql}")


def world(rows: list[dict[str, Any]], costs: list[dict[str, Any]]) -> World:
    made = World()
    for schema in ("raw", "scores", "marts"):
        made.execute(f"create schema {schema}")
    made.execute("create table raw.company as select date '2026-11-14' as as_of_date")
    filled(made, rows, costs)
    return made


def built(
    rows: list[dict[str, Any]] = ROWS,
    costs: list[dict[str, Any]] = COSTS,
    more: Mapping[str, list[dict[str, Any]]] | None = None,
) -> Visit:
    """A visit to a company whose build holds these rows of value and cost, and of further marts; its data reach to 14 November 2026."""
    company = create_company("acme", company_title="Acme <Ltd>")
    with Draft(company) as draft:
        begin(draft)
        draft.execute("create table raw.company as select date '2026-11-14' as as_of_date")
        filled(draft, rows, costs)
        columns = ", ".join(f"{column} {kind}" for column, kind in mart_columns("marts.ai_case_costs").items())
        draft.execute(f"create table marts.ai_case_costs ({columns})")
        for name, held in (more or {}).items():
            fill(draft, name, held)
        draft.publish("b1")
    return visit_to(company, here="value")
