"""Inventory: is the stock in the right place, for how long will it last, and what is more than anybody will need?"""

import streamlit as st

from pages.parts import charts, filters, kpi, tables
from pages.parts.ask import between, mart
from pages.parts.figures import measure
from pages.parts.page import Page, Visit
from pages.parts.trends import trend

PAGE = Page(
    title="Inventory",
    question="Is the right stock in the right place, how long will it last, and what is more than anybody will need?",
    audience="planner",
    needs=("stock_days",),
    icon=":material/inventory_2:",
    order=30,
)
NUMBERS = ["inventory_value", "days_of_supply", "inventory_turns", "stockout_share", "excess_value", "on_hand_quantity"]
COLUMNS = (
    "sku_id",
    "sku_name",
    "category_name",
    "site_name",
    "on_hand_qty",
    "on_order_qty",
    "demand_28_qty",
    "cover_days",
    "on_hand_amount",
    "excess_amount",
    "stock_date",
)


def render(visit: Visit) -> None:
    """Stock by value, cover and absence: what is short first, then what is too much."""
    chosen = filters.bar(visit, "site_id", "category_name", "sku_id", default_period="90d")
    kpi.strip(visit, chosen, NUMBERS)
    left, right = st.columns(2)
    with left:
        charts.line(
            visit,
            trend(visit, "average_inventory_value", chosen),
            x="period_start_date",
            y="value",
            title="Inventory value, over time",
            unit="money",
        )
    with right:
        charts.line(
            visit,
            trend(visit, "stockout_share", chosen),
            x="period_start_date",
            y="value",
            title="Stockout share, over time",
            unit="share",
        )
    left, right = st.columns(2)
    with left:
        cover = measure(visit, "days_of_supply", by=("category_name",), chosen=chosen)
        charts.bars(visit, cover, x="category_name", y="value", title="Days of supply, by category", unit="days")
    with right:
        excess = measure(visit, "excess_value", by=("site_name",), chosen=chosen)
        charts.bars(
            visit,
            excess,
            x="site_name",
            y="value",
            title="Excess value, by site",
            unit="money",
            worst_first=True,
            better="lower",
        )
    short = mart(
        visit,
        "marts.stock_now",
        chosen=chosen,
        where={"is_on_sale": True, "cover_days": between(None, 7)},
        order_by=("cover_days", "-demand_28_amount"),
        limit=2000,
    )
    title = "On sale with a week of cover or less, shortest first"
    picked = tables.show(
        visit,
        short,
        name="short_stock",
        title=title,
        columns=COLUMNS,
        pick=True,
        source="marts.stock_now",
        chosen=chosen,
    )
    if picked:
        tables.detail(visit, picked, title=f"{picked['sku_id']} at {picked['site_id']}")
    much = mart(
        visit,
        "marts.stock_now",
        chosen=chosen,
        where={"excess_amount": between(0.01, None)},
        order_by=("-excess_amount",),
        limit=2000,
    )
    tables.show(
        visit,
        much,
        name="excess_stock",
        title="Stock beyond 90 days of demand, dearest first",
        columns=COLUMNS,
        source="marts.stock_now",
        chosen=chosen,
    )
