"""What may go wrong next, as lists that lead to their rows: shelves that run out, goods that come late, suppliers that got worse."""

from collections.abc import Sequence

from pages.parts import charts, standing, tables
from pages.parts.ask import between, mart
from pages.parts.chosen import Chosen
from pages.parts.page import Visit

SHELVES = [
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
STANDING = [
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
    "false_alarms_per_year",
]
ARRIVAL = ["due_date", "late_share", "arrival_p50_date", "arrival_p90_date"]
LATE = {
    "marts.late_risks": ["shipment_id", "carrier_name", "destination_name", *ARRIVAL, "line_count", "because_text"],
    "marts.order_late_risks": [
        "order_id",
        "line_key",
        "customer_name",
        "sku_name",
        "site_name",
        *ARRIVAL,
        "net_amount",
        "at_risk_amount",
        "because_text",
    ],
    "marts.inbound_risks": [
        "po_id",
        "supplier_name",
        "sku_name",
        "site_name",
        *ARRIVAL,
        "open_amount",
        "at_risk_amount",
        "because_text",
    ],
}
LABELS = {
    "stockout_share": "Chance to run out",
    "first_likely_date": "Likely out by",
    "expected_lost_amount": "Margin expected lost",
    "open_qty": "On its way",
    "next_due_date": "Next due",
    "lead_time_days": "A new order takes (days)",
    "late_share": "Chance late",
    "due_date": "Due",
    "arrival_p50_date": "Arrives about",
    "arrival_p90_date": "9 in 10 by",
    "at_risk_amount": "Expected late",
    "because_text": "Because",
    "is_deteriorated": "Got worse",
    "lead_median_days": "Half come within (days)",
    "lead_p90_days": "9 in 10 within (days)",
    "lead_spread_days": "Spread (days)",
    "price_drift_share_per_year": "Price drift a year",
    "overdue_count": "Overdue lines",
    "false_alarms_per_year": "False alarms a year",
    "is_late_already": "Late already",
    "arrival_p10_date": "1 in 10 by",
    "arrival_p80_date": "8 in 10 by",
}


def stockouts(visit: Visit, chosen: Chosen) -> None:
    """Shelves that may run out before a new order could come, by what that would lose; one picked is shown day by day."""
    standing.line(visit, "stockout")
    source, order = "marts.stockout_outlook", ("-expected_lost_amount", "-stockout_share", "sku_id", "site_id")
    found = mart(visit, source, chosen=chosen, where={"stockout_share": between(0.1, None)}, order_by=order, limit=2000)
    title = "May run out before a new order could come, dearest first"
    picked = tables.show(
        visit,
        found,
        name="stockouts",
        title=title,
        columns=SHELVES,
        labels=LABELS,
        pick=True,
        source=source,
        chosen=chosen,
    )
    if picked:
        mine = {"sku_id": picked["sku_id"], "site_id": picked["site_id"]}
        days = mart(visit, "scores.stockout_risk", where=mine, order_by=("risk_date",))
        title = f"Chance that {picked['sku_id']} at {picked['site_id']} has run out by the day"
        note = "Corrected by how such chances held, like the chance in the list; the last day has the same."
        charts.steps(visit, days, x="risk_date", y="ran_out_by_share", title=title, unit="share", note=note)


def late(visit: Visit, chosen: Chosen, code: str, source: str, *, title: str, order_by: Sequence[str]) -> None:
    """What is on its way, with the chance that it is late, when it arrives, and why.

    Args:
        code: the model.
        source: its mart, one of `LATE`.
        title: of the list.
        order_by: what stands first.
    """
    standing.line(visit, code)
    found = mart(visit, source, chosen=chosen, order_by=order_by, limit=2000)
    name, columns = source.removeprefix("marts."), LATE[source]
    picked = tables.show(
        visit, found, name=name, title=title, columns=columns, labels=LABELS, pick=True, source=source, chosen=chosen
    )
    if picked:
        tables.detail(visit, picked, title=" / ".join(picked[column] for column in columns[:2]), labels=LABELS)


def suppliers(visit: Visit, chosen: Chosen) -> None:
    """How suppliers stand, and which have got worse since when."""
    standing.line(visit, "suppliers")
    source, order = "marts.supplier_health", ("-is_deteriorated", "-open_amount", "supplier_id")
    found = mart(visit, source, chosen=chosen, order_by=order)
    title = "How suppliers stand, those that got worse first"
    labels = {**LABELS, "because_text": "What changed, since when"}
    note = "Lead times, delays and fill are watched for lasting changes; how often that alarms where nothing changed is simulated."
    picked = tables.show(
        visit,
        found,
        name="standing",
        title=title,
        columns=STANDING,
        labels=labels,
        pick=True,
        source=source,
        chosen=chosen,
        note=note,
    )
    if picked:
        order = ("last_received_date", "po_id", "line_key")
        mine = {"supplier_id": picked["supplier_id"], "lead_days": between(0, None)}
        lines = mart(visit, "marts.purchase_lines", where=mine, order_by=order, limit=2000)
        title, note = f"Days to receive, {picked['supplier_name']}", picked["because_text"]
        charts.line(visit, lines, x="last_received_date", y="lead_days", title=title, unit="days", note=note)
