"""Inventory: is the stock in the right place, for how long will it last, and what is more than anybody will need?"""

from pages.parts import filters, kpi, risks, segments, tables
from pages.parts.ask import between, mart
from pages.parts.page import Page, Visit
from pages.parts.panels import Picture, pictures

PAGE = Page(
    title="Inventory",
    question="Is the right stock in the right place, how long will it last, and what is more than anybody will need?",
    audience="planner",
    needs=("stock_days",),
    icon=":material/inventory_2:",
    order=30,
)
NUMBERS = [
    "inventory_value",
    "days_of_supply",
    "inventory_turns",
    "stockout_share",
    "excess_value",
    "shelves_at_risk",
    "margin_at_risk",
]
PICTURES = (
    Picture("average_inventory_value", "Inventory value, over time"),
    Picture("stockout_share", "Stockout share, over time"),
    Picture("days_of_supply", "Days of supply, by category", by="category_name"),
    Picture("excess_value", "Excess value, by site", by="site_name"),
)
COLUMNS = [
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
]


def render(visit: Visit) -> None:
    """Stock by value, cover and absence: what is short first, then what is too much."""
    chosen = filters.bar(visit, "site_id", "category_name", "sku_id", default_period="90d")
    kpi.strip(visit, chosen, NUMBERS)
    pictures(visit, chosen, PICTURES)
    risks.stockouts(visit, chosen)
    source = "marts.stock_now"
    is_short = {"is_on_sale": True, "cover_days": between(None, 7)}
    short = mart(visit, source, chosen=chosen, where=is_short, order_by=("cover_days", "-demand_28_amount"), limit=2000)
    title = "On sale with a week of cover or less, shortest first"
    picked = tables.show(
        visit, short, name="short_stock", title=title, columns=COLUMNS, pick=True, source=source, chosen=chosen
    )
    if picked:
        tables.detail(visit, picked, title=f"{picked['sku_id']} at {picked['site_id']}")
    is_much = {"excess_amount": between(0.01, None)}
    much = mart(visit, source, chosen=chosen, where=is_much, order_by=("-excess_amount",), limit=2000)
    title = "Stock beyond 90 days of demand, dearest first"
    tables.show(visit, much, name="excess_stock", title=title, columns=COLUMNS, source=source, chosen=chosen)
    segments.segments(visit, chosen)
