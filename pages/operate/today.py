"""Today: what is going wrong, what is it worth, and what has changed?"""

import polars as pl
import streamlit as st

from models.contribution import contributions
from pages.parts import brief, charts, empty, filters, kpi, tables
from pages.parts.ask import mart
from pages.parts.brief import Link
from pages.parts.chosen import Chosen
from pages.parts.figures import Figure, figure, measure
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Today",
    question="What is going wrong, what is each problem worth, and what has changed?",
    audience="planner",
    needs=("order_lines",),
    icon=":material/today:",
    order=10,
    is_default=True,
)
NUMBERS = [
    "net_sales",
    "line_fill_rate",
    "on_time_in_full",
    "backorder_value",
    "inventory_value",
    "supplier_on_time_in_full",
    "on_time_delivery_shipments",
]
PAGES = {
    "net_sales": "orders",
    "line_fill_rate": "orders",
    "on_time_in_full": "orders",
    "backorder_value": "orders",
} | {
    "inventory_value": "inventory",
    "supplier_on_time_in_full": "suppliers",
    "on_time_delivery_shipments": "shipments",
}
# Which page answers for a kind of problem, and by which filter it is opened there.
ROADS = {
    "backorder": ("orders", "sku_id"),
    "overdue purchase": ("suppliers", "supplier_id"),
    "late shipment": ("shipments", "carrier_id"),
    "excess stock": ("inventory", "sku_id"),
}
LABELS = {
    "problem_kind_code": "Problem",
    "subject_name": "What",
    "site_name": "Where",
    "money_amount": "Money in it",
    "money_basis_name": "Which money",
    "row_count": "Lines",
    "open_days": "Days open",
}


def render(visit: Visit) -> None:
    """The brief, the numbers against before, the ten worst things in money, and what moved the service."""
    chosen = filters.bar(visit, "site_id", "category_name")
    worst = mart(visit, "marts.problems", chosen=chosen, order_by=("-money_amount", "problem_id"), limit=10)
    brief.lines(visit, [*_service(visit, chosen), *_worst(visit, worst)])
    kpi.strip(visit, chosen, NUMBERS, to=PAGES)
    if worst.is_empty():
        empty.nothing("Nothing is late, short, overdue or in excess.", key="problems")
    else:
        tables.show(
            visit,
            worst,
            name="problems",
            title="The ten worst things, in money",
            columns=tuple(LABELS),
            labels=LABELS,
            source="marts.problems",
            chosen=chosen,
        )
        with st.container(horizontal=True, key="roads"):
            for row in worst.head(10).to_dicts():
                page, column = ROADS[row["problem_kind_code"]]
                door = visit.door(page)
                if door is not None:
                    st.page_link(
                        door,
                        label=row["subject_name"],
                        query_params={"company": visit.company.name, column: row["subject_id"]},
                    )
    _changes(visit, chosen)


def _service(visit: Visit, chosen: Chosen) -> list[list[str | Figure | Link]]:
    fill, full = figure(visit, "line_fill_rate", chosen), figure(visit, "on_time_in_full", chosen)
    return [
        [
            "Of the lines due in this period",
            fill,
            "were shipped complete;",
            full,
            "of the orders came on time and in full.",
        ]
    ]


def _worst(visit: Visit, worst: pl.DataFrame) -> list[list[str | Figure | Link]]:
    if worst.is_empty():
        return []
    first = worst.row(0, named=True)
    page, column = ROADS[first["problem_kind_code"]]
    money = visit.words.money(first["money_amount"])
    return [
        [
            "The dearest problem is",
            Link(first["subject_name"], page, {column: first["subject_id"]}),
            f": {first['problem_kind_code']}, {money} ({first['money_basis_name']}).",
        ]
    ]


def _changes(visit: Visit, chosen: Chosen) -> None:
    """What moved the fill rate: categories by how much each added to the change."""
    if chosen.earlier is None:
        return
    now = measure(visit, "line_fill_rate", by=("category_name",), chosen=chosen)
    before = measure(visit, "line_fill_rate", by=("category_name",), chosen=chosen.earlier)
    moved = contributions(before, now, by="category_name")
    charts.bars(
        visit,
        moved,
        x="category_name",
        y="contribution_share",
        title="What moved the line fill rate, by category (points of the change)",
        unit="share",
        better="higher",
        worst_first=True,
    )
