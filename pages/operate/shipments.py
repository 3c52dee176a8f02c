"""Shipments: does what leaves us arrive as promised, with whom does it not, and what does the freight cost?"""

from pages.parts import filters, kpi, risks, tables
from pages.parts.ask import mart
from pages.parts.page import Page, Visit
from pages.parts.panels import Picture, pictures

PAGE = Page(
    title="Shipments",
    question="Does what leaves us arrive as promised, with whom does it not, and what does the freight cost?",
    audience="planner, transport",
    needs=("shipments",),
    icon=":material/local_shipping:",
    order=40,
)
NUMBERS = [
    "shipments_count",
    "on_time_delivery_shipments",
    "late_shipments",
    "late_shipments_expected",
    "freight_cost_per_unit",
]
PICTURES = (
    Picture("on_time_delivery_shipments", "Shipments on time, over time"),
    Picture("on_time_delivery_shipments", "Shipments on time, by carrier", by="carrier_name"),
    Picture("freight_cost_per_unit", "Freight cost per unit shipped, over time"),
    Picture("freight_cost_per_unit", "Freight cost per unit shipped, by carrier", by="carrier_name"),
)
COLUMNS = [
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
]


def render(visit: Visit) -> None:
    """Arrival against promise by carrier and over time, freight per unit, and the late consignments."""
    chosen = filters.bar(visit, "site_id", "carrier_id", default_period="90d")
    kpi.strip(visit, chosen, NUMBERS)
    pictures(visit, chosen, PICTURES)
    order, title = ("-late_share", "due_date", "shipment_id"), "On their way, likeliest late first"
    risks.late(visit, chosen, "late_shipments", "marts.late_risks", title=title, order_by=order)
    late = mart(
        visit,
        "marts.shipments",
        chosen=chosen,
        date="promised_date",
        where={"is_late": True},
        order_by=("-late_days", "shipment_id"),
        limit=2000,
    )
    title, source = "Late shipments, latest first", "marts.shipments"
    picked = tables.show(
        visit, late, name="late_shipments", title=title, columns=COLUMNS, pick=True, source=source, chosen=chosen
    )
    if picked:
        source, mine = "core.shipment_lines", {"shipment_id": picked["shipment_id"]}
        lines = mart(visit, source, where=mine, order_by=("order_id", "line_key"))
        title = f"What shipment {picked['shipment_id']} carries"
        tables.show(visit, lines, name="shipment_lines", title=title, source=source)
