"""Orders: are customers getting what they asked for, when they asked for it?"""

from pages.parts import filters, kpi, risks, tables
from pages.parts.ask import mart
from pages.parts.page import Page, Visit
from pages.parts.panels import Picture, pictures

PAGE = Page(
    title="Orders",
    question="Are customers getting what they asked for, when they asked for it?",
    audience="planner, customer service",
    needs=("order_lines",),
    icon=":material/receipt_long:",
    order=20,
)
NUMBERS = {
    "net_sales": "orders",
    "line_fill_rate": "orders",
    "on_time_in_full": "orders",
    "on_time_delivery": "shipments",
    "order_cycle_time": "orders",
    "backorder_value": "inventory",
    "sales_at_risk_of_lateness": "orders",
}
PICTURES = (
    Picture("on_time_in_full", "On time in full, over time"),
    Picture("line_fill_rate", "Line fill rate, by category", by="category_name"),
    Picture("net_sales", "Net sales, over time", is_flow=True),
    Picture("backorder_value", "Backorder value, by customer", by="customer_name"),
)
COLUMNS = [
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
]


def render(visit: Visit) -> None:
    """Service to customers: the numbers, where they come from, and the lines that wait, dearest first."""
    chosen = filters.bar(visit, "site_id", "category_name", "sku_id", "customer_id", default_period="90d")
    kpi.strip(visit, chosen, list(NUMBERS), to=NUMBERS)
    pictures(visit, chosen, PICTURES)
    order, title = ("-at_risk_amount", "order_id", "line_key"), "Open lines, what is expected to be late first"
    risks.late(visit, chosen, "late_orders", "marts.order_late_risks", title=title, order_by=order)
    waiting = mart(
        visit,
        "marts.order_lines",
        chosen=chosen,
        date="due_date",
        where={"is_backordered": True},
        order_by=("-open_amount", "order_id"),
        limit=2000,
    )
    title = "Lines past their day with quantity still to ship, dearest first"
    source = "marts.order_lines"
    picked = tables.show(
        visit, waiting, name="open_lines", title=title, columns=COLUMNS, pick=True, source=source, chosen=chosen
    )
    if picked:
        tables.detail(visit, picked, title=f"Order {picked['order_id']}, line {picked['line_key']}")
