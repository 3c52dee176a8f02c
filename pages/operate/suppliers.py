"""Suppliers: who delivers what we ordered, when it was promised, and who does not?"""

from pages.parts import filters, kpi, standing, tables
from pages.parts.ask import between, mart
from pages.parts.chosen import Chosen
from pages.parts.figures import measure
from pages.parts.page import Page, Visit
from pages.parts.panels import Picture, pictures
from pages.parts.standing import ARRIVAL

PAGE = Page(
    title="Suppliers",
    question="Who delivers what we ordered when it was promised, who does not, and what waits because of it?",
    audience="planner, purchasing",
    needs=("purchase_lines",),
    icon=":material/factory:",
    order=50,
)
NUMBERS = [
    "supplier_on_time_in_full",
    "supplier_on_time",
    "supplier_lead_time",
    "open_purchase_value",
    "overdue_purchase_value",
    "purchases_at_risk_of_lateness",
    "suppliers_deteriorated",
]
PICTURES = (
    Picture("supplier_on_time_in_full", "Supplier on time in full, over time"),
    Picture("supplier_on_time_in_full", "On time in full, by supplier", by="supplier_name"),
    Picture("supplier_lead_time", "Mean lead time, over time"),
    Picture("overdue_purchase_value", "Overdue purchase value, by supplier", by="supplier_name"),
)
COLUMNS = [
    "po_id",
    "line_key",
    "supplier_name",
    "sku_id",
    "sku_name",
    "site_name",
    "ordered_date",
    "due_date",
    "late_days",
    "ordered_qty",
    "received_qty",
    "open_qty",
    "open_amount",
]

LEAD_LABELS = {"value": "Mean lead time", "spread": "Standard deviation", "row_count": "Lines received"}
LEAD_UNITS = {"value": "days", "spread": "days", "row_count": "count"}
HEALTH = [
    "supplier_name",
    "is_deteriorated",
    "because_text",
    "on_time_in_full_share",
    "lead_median_days",
    "lead_p90_days",
    "lead_spread_days",
    "fill_share",
    "price_drift_share_per_year",
    "overdue_count",
    "open_amount",
]
LABELS = {
    "is_deteriorated": "Got worse",
    "because_text": "What changed, since when",
    "lead_median_days": "Half come within (days)",
    "lead_p90_days": "9 in 10 within (days)",
    "lead_spread_days": "Spread (days)",
    "price_drift_share_per_year": "Price drift a year",
    "overdue_count": "Overdue lines",
}
RISKS = ["po_id", "supplier_name", "sku_name", "site_name", "due_date", "late_share", "arrival_p50_date"]
RISKS += ["arrival_p90_date", "open_amount", "at_risk_amount", "because_text"]


def render(visit: Visit) -> None:
    """Suppliers by service and lead time, over time, and the purchase lines that are overdue."""
    chosen = filters.bar(visit, "supplier_id", "site_id", "category_name", default_period="90d")
    kpi.strip(visit, chosen, NUMBERS)
    pictures(visit, chosen, PICTURES)
    _standing(visit, chosen)
    overdue = mart(
        visit,
        "marts.purchase_lines",
        chosen=chosen,
        where={"is_late": True, "open_qty": between(0.001, None)},
        order_by=("-open_amount", "po_id"),
        limit=2000,
    )
    title, source = "Overdue purchase lines, dearest first", "marts.purchase_lines"
    picked = tables.show(
        visit, overdue, name="overdue_lines", title=title, columns=COLUMNS, pick=True, source=source, chosen=chosen
    )
    if picked:
        tables.detail(visit, picked, title=f"Purchase order {picked['po_id']}, line {picked['line_key']}")
    leads = measure(visit, "supplier_lead_time", by=("supplier_name",), chosen=chosen)
    columns, title = ("supplier_name", *LEAD_LABELS), "Lead times by supplier"
    tables.show(visit, leads, name="lead_times", title=title, columns=columns, labels=LEAD_LABELS, units=LEAD_UNITS)


def _standing(visit: Visit, chosen: Chosen) -> None:
    """Who has got worse and since when, and which open lines will come late."""
    standing.line(visit, "suppliers")
    order = ("-is_deteriorated", "-open_amount", "supplier_id")
    health = mart(visit, "marts.supplier_health", chosen=chosen, order_by=order)
    title, source = "How suppliers stand, those that got worse first", "marts.supplier_health"
    tables.show(visit, health, name="health", title=title, columns=HEALTH, labels=LABELS, source=source, chosen=chosen)
    standing.line(visit, "inbound")
    risks = mart(visit, "marts.inbound_risks", chosen=chosen, order_by=("-at_risk_amount", "po_id"), limit=2000)
    title, source = "Open lines, what is expected to come late first", "marts.inbound_risks"
    tables.show(visit, risks, name="inbound", title=title, columns=RISKS, labels=ARRIVAL, source=source, chosen=chosen)
