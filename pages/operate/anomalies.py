"""Anomalies: what is not as it always was, what was expected instead, and what else moved?"""

from pages.parts import filters, kpi, standing, tables
from pages.parts.ask import mart
from pages.parts.page import Page, Visit
from pages.parts.panels import Picture, pictures

PAGE = Page(
    title="Anomalies",
    question="What is not as it always was, what was expected instead, how rare is that, and what else moved?",
    audience="planner, controller, analyst",
    needs=("order_lines",),
    icon=":material/notification_important:",
    order=60,
)
PICTURES = (
    Picture("alerts_count", "Alerts, over time", is_flow=True),
    Picture("alert_value", "Money in alerts, by what is watched", by="watch_name"),
)
COLUMNS = [
    "watch_name",
    "subject_id",
    "entry_name",
    "site_name",
    "kind_name",
    "since_date",
    "alert_date",
    "expected_number",
    "came_number",
    "rarity_share",
    "money_amount",
    "also_text",
]
LABELS = {
    "watch_name": "What",
    "subject_id": "Of",
    "entry_name": "Name",
    "since_date": "Since",
    "alert_date": "Noticed",
    "expected_number": "Expected",
    "came_number": "Came",
    "rarity_share": "How rare",
    "money_amount": "Money",
    "also_text": "What else moved",
}


def render(visit: Visit) -> None:
    """Alerts of the period, the dearest first; one picked is shown in full."""
    chosen = filters.bar(visit, "site_id", "category_name", "sku_id", "supplier_id", "carrier_id", default_period="90d")
    standing.line(visit, "anomalies")
    kpi.strip(visit, chosen, ["alerts_count", "alert_value"])
    pictures(visit, chosen, PICTURES)
    source = "marts.anomalies"
    found = mart(visit, source, chosen=chosen, date="alert_date", order_by=("-money_amount", "alert_id"), limit=2000)
    title = "What is strange, dearest first"
    picked = tables.show(
        visit,
        found,
        name="alerts",
        title=title,
        columns=COLUMNS,
        labels=LABELS,
        pick=True,
        source=source,
        chosen=chosen,
    )
    if picked:
        tables.detail(visit, picked, title=f"{picked['watch_name']}: {picked['entry_name']}", labels=LABELS)
