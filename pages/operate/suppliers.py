"""Suppliers: who delivers what we ordered, when it was promised, and who does not?"""

from pages.parts import filters, kpi, risks, tables
from pages.parts.ask import between, mart
from pages.parts.figures import measure
from pages.parts.page import Page, Visit
from pages.parts.panels import Picture, pictures

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


def render(visit: Visit) -> None:
    """Suppliers by service and lead time, over time, and the purchase lines that are overdue."""
    chosen = filters.bar(visit, "supplier_id", "site_id", "category_name", default_period="90d")
    kpi.strip(visit, chosen, NUMBERS)
    pictures(visit, chosen, PICTURES)
    risks.suppliers(visit, chosen)
    order, title = ("-at_risk_amount", "po_id", "line_key"), "Open lines, what is expected to come late first"
    risks.late(visit, chosen, "inbound", "marts.inbound_risks", title=title, order_by=order)
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
