"""Orders: are customers getting what they asked for, when they asked for it?"""

import streamlit as st

from pages.parts import charts, filters, kpi, tables
from pages.parts.ask import mart
from pages.parts.figures import measure
from pages.parts.page import Page, Visit
from pages.parts.trends import trend

PAGE = Page(
    title="Orders",
    question="Are customers getting what they asked for, when they asked for it?",
    audience="planner, customer service",
    needs=("order_lines",),
    icon=":material/receipt_long:",
    order=20,
)
NUMBERS = [
    "net_sales",
    "line_fill_rate",
    "on_time_in_full",
    "on_time_delivery",
    "order_cycle_time",
    "backorder_value",
    "cancellation_share",
]
COLUMNS = (
    "order_id",
    "line_key",
    "customer_name",
    "sku_id",
    "sku_name",
    "site_name",
    "due_date",
    "late_days",
    "ordered_qty",
    "shipped_qty",
    "open_qty",
    "open_amount",
    "net_amount",
)


def render(visit: Visit) -> None:
    """Service to customers: the numbers, where they come from, and the lines that wait, dearest first."""
    chosen = filters.bar(visit, "site_id", "category_name", "sku_id", "customer_id", default_period="90d")
    kpi.strip(visit, chosen, NUMBERS, to={"backorder_value": "inventory", "on_time_delivery": "shipments"})
    left, right = st.columns(2)
    with left:
        charts.line(
            visit,
            trend(visit, "on_time_in_full", chosen),
            x="period_start_date",
            y="value",
            title="On time in full, over time",
            unit="share",
        )
    with right:
        cut = measure(visit, "line_fill_rate", by=("category_name",), chosen=chosen)
        charts.bars(
            visit,
            cut,
            x="category_name",
            y="value",
            title="Line fill rate, by category",
            unit="share",
            worst_first=True,
            better="higher",
        )
    left, right = st.columns(2)
    with left:
        charts.columns(
            visit,
            trend(visit, "net_sales", chosen),
            x="period_start_date",
            y="value",
            title="Net sales, over time",
            unit="money",
        )
    with right:
        waiting = measure(visit, "backorder_value", by=("customer_name",), chosen=chosen)
        charts.bars(
            visit,
            waiting,
            x="customer_name",
            y="value",
            title="Backorder value, by customer",
            unit="money",
            worst_first=True,
            better="lower",
        )
    open_lines = mart(
        visit,
        "marts.order_lines",
        chosen=chosen,
        date="due_date",
        where={"is_backordered": True},
        order_by=("-open_amount", "order_id"),
        limit=2000,
    )
    title = "Lines past their day with quantity still to ship, dearest first"
    picked = tables.show(
        visit,
        open_lines,
        name="open_lines",
        title=title,
        columns=COLUMNS,
        pick=True,
        source="marts.order_lines",
        chosen=chosen,
    )
    if picked:
        tables.detail(visit, picked, title=f"Order {picked['order_id']}, line {picked['line_key']}")
