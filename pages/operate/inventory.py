"""Inventory: is the stock in the right place, for how long will it last, and what is more than anybody will need?"""

from pages.parts import charts, filters, kpi, standing, tables
from pages.parts.ask import between, mart
from pages.parts.chosen import Chosen
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
RISKS = [
    "sku_id",
    "sku_name",
    "site_name",
    "abc_class",
    "stockout_share",
    "first_likely_date",
    "expected_lost_amount",
    "on_hand_qty",
    "open_qty",
    "next_due_date",
    "lead_time_days",
    "because_text",
]
LABELS = {
    "stockout_share": "Chance to run out",
    "first_likely_date": "Likely out by",
    "expected_lost_amount": "Margin expected lost",
    "open_qty": "On its way",
    "next_due_date": "Next due",
    "lead_time_days": "A new order takes (days)",
    "because_text": "Because",
}


def render(visit: Visit) -> None:
    """Stock by value, cover and absence: what is short first, then what is too much."""
    chosen = filters.bar(visit, "site_id", "category_name", "sku_id", default_period="90d")
    kpi.strip(visit, chosen, NUMBERS)
    pictures(visit, chosen, PICTURES)
    _likely_out(visit, chosen)
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


def _likely_out(visit: Visit, chosen: Chosen) -> None:
    """Shelves that may run out before a new order could come, by what that would lose."""
    source = "marts.stockout_outlook"
    standing.line(visit, "stockout")
    order = ("-expected_lost_amount", "-stockout_share", "sku_id")
    risks = mart(visit, source, chosen=chosen, where={"stockout_share": between(0.1, None)}, order_by=order, limit=2000)
    title = "May run out before a new order could come, dearest first"
    picked = tables.show(
        visit,
        risks,
        name="stockouts",
        title=title,
        columns=RISKS,
        labels=LABELS,
        pick=True,
        source=source,
        chosen=chosen,
    )
    if picked:
        mine = {"sku_id": picked["sku_id"], "site_id": picked["site_id"]}
        days = mart(visit, "scores.stockout_risk", where=mine, order_by=("risk_date",))
        title = f"Chance that {picked['sku_id']} at {picked['site_id']} has run out by the day"
        note = "As played through; the chance in the list is corrected by how such chances held."
        charts.steps(visit, days, x="risk_date", y="ran_out_by_share", title=title, unit="share", note=note)
