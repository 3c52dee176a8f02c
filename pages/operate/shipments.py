"""Shipments: does what leaves us arrive as promised, with whom does it not, and what does the freight cost?"""

import streamlit as st

from pages.parts import charts, filters, kpi, tables
from pages.parts.ask import mart
from pages.parts.figures import measure
from pages.parts.page import Page, Visit
from pages.parts.trends import trend

PAGE = Page(
    title="Shipments",
    question="Does what leaves us arrive as promised, with whom does it not, and what does the freight cost?",
    audience="planner, transport",
    needs=("shipments",),
    icon=":material/local_shipping:",
    order=40,
)
NUMBERS = ["shipments_count", "on_time_delivery_shipments", "late_shipments", "freight_cost_per_unit"]
COLUMNS = (
    "shipment_id",
    "carrier_name",
    "site_name",
    "destination_name",
    "shipped_date",
    "promised_date",
    "delivered_date",
    "late_days",
    "line_count",
    "freight_amount",
)


def render(visit: Visit) -> None:
    """Arrival against promise by carrier and over time, freight per unit, and the late consignments."""
    chosen = filters.bar(visit, "site_id", "carrier_id", default_period="90d")
    kpi.strip(visit, chosen, NUMBERS)
    left, right = st.columns(2)
    with left:
        on_time = trend(visit, "on_time_delivery_shipments", chosen)
        charts.line(
            visit, on_time, x="period_start_date", y="value", title="Shipments on time, over time", unit="share"
        )
    with right:
        cut = measure(visit, "on_time_delivery_shipments", by=("carrier_name",), chosen=chosen)
        charts.bars(
            visit,
            cut,
            x="carrier_name",
            y="value",
            title="Shipments on time, by carrier",
            unit="share",
            worst_first=True,
            better="higher",
        )
    left, right = st.columns(2)
    with left:
        freight = trend(visit, "freight_cost_per_unit", chosen)
        charts.line(
            visit,
            freight,
            x="period_start_date",
            y="value",
            title="Freight cost per unit shipped, over time",
            unit="per_unit",
        )
    with right:
        dear = measure(visit, "freight_cost_per_unit", by=("carrier_name",), chosen=chosen)
        charts.bars(
            visit,
            dear,
            x="carrier_name",
            y="value",
            title="Freight cost per unit shipped, by carrier",
            unit="per_unit",
            worst_first=True,
            better="lower",
        )
    late = mart(
        visit,
        "marts.shipments",
        chosen=chosen,
        date="promised_date",
        where={"is_late": True},
        order_by=("-late_days", "shipment_id"),
        limit=2000,
    )
    title = "Late shipments, latest first"
    picked = tables.show(
        visit,
        late,
        name="late_shipments",
        title=title,
        columns=COLUMNS,
        pick=True,
        source="marts.shipments",
        chosen=chosen,
    )
    if picked:
        lines = mart(
            visit,
            "core.shipment_lines",
            where={"shipment_id": picked["shipment_id"]},
            order_by=("order_id", "line_key"),
        )
        tables.show(
            visit,
            lines,
            name="shipment_lines",
            title=f"What shipment {picked['shipment_id']} carries",
            source="core.shipment_lines",
            links={"order_id": "orders"},
        )
