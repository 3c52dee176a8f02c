"""Suppliers: who delivers what we ordered, when it was promised, and who does not?"""

import streamlit as st

from pages.parts import charts, filters, kpi, tables
from pages.parts.ask import mart
from pages.parts.figures import measure
from pages.parts.page import Page, Visit
from pages.parts.trends import trend

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
]
COLUMNS = (
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
)


def render(visit: Visit) -> None:
    """Suppliers by service and lead time, over time, and the purchase lines that are overdue."""
    chosen = filters.bar(visit, "supplier_id", "site_id", "category_name", default_period="90d")
    kpi.strip(visit, chosen, NUMBERS)
    left, right = st.columns(2)
    with left:
        service = trend(visit, "supplier_on_time_in_full", chosen)
        charts.line(
            visit, service, x="period_start_date", y="value", title="Supplier on time in full, over time", unit="share"
        )
    with right:
        cut = measure(visit, "supplier_on_time_in_full", by=("supplier_name",), chosen=chosen)
        charts.bars(
            visit,
            cut,
            x="supplier_name",
            y="value",
            title="On time in full, by supplier",
            unit="share",
            worst_first=True,
            better="higher",
        )
    left, right = st.columns(2)
    with left:
        lead = trend(visit, "supplier_lead_time", chosen)
        charts.line(visit, lead, x="period_start_date", y="value", title="Lead time, over time (mean)", unit="days")
    with right:
        owed = measure(visit, "overdue_purchase_value", by=("supplier_name",), chosen=chosen)
        charts.bars(
            visit,
            owed,
            x="supplier_name",
            y="value",
            title="Overdue purchase value, by supplier",
            unit="money",
            worst_first=True,
            better="lower",
        )
    spread = measure(visit, "supplier_lead_time", by=("supplier_id", "supplier_name"), chosen=chosen)
    labels = {"value": "Mean lead time", "spread": "Spread (standard deviation)", "row_count": "Lines received"}
    units = {"value": "days", "spread": "days", "row_count": "count"}
    columns = ("supplier_id", "supplier_name", "value", "spread", "row_count")
    tables.show(
        visit,
        spread,
        name="lead_times",
        title="Lead times by supplier",
        columns=columns,
        labels=labels,
        units=units,
        chosen=chosen,
        links={"supplier_id": "suppliers"},
    )
    overdue = mart(
        visit,
        "marts.purchase_lines",
        chosen=chosen,
        date="due_date",
        where={"is_late": True, "last_received_date": None},
        order_by=("-open_amount", "po_id"),
        limit=2000,
    )
    picked = tables.show(
        visit,
        overdue,
        name="overdue_lines",
        title="Late purchase lines, dearest first",
        columns=COLUMNS,
        pick=True,
        source="marts.purchase_lines",
        chosen=chosen,
    )
    if picked:
        tables.detail(visit, picked, title=f"Purchase order {picked['po_id']}, line {picked['line_key']}")
