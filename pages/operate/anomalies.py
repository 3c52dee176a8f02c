"""Anomalies: what is not as it always was, what was expected instead, and what else moved?"""

from pages.parts import alert, filters, kpi, standing, tables
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
    "entry_name",
    "site_name",
    "since_date",
    "expected_text",
    "came_text",
    "money_amount",
    "one_in_count",
    "also_text",
    "subject_id",
    "alert_date",
]
LABELS = {
    "watch_name": "What",
    "subject_id": "ID",
    "entry_name": "Of",
    "site_name": "Site",
    "since_date": "Since",
    "alert_date": "Noticed",
    "expected_text": "Expected",
    "came_text": "Came",
    "one_in_count": "One in",
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
        alert.in_words(visit, found),
        name="alerts",
        title=title,
        columns=COLUMNS,
        labels=LABELS,
        pick=True,
        source=source,
        chosen=chosen,
    )
    if picked:
        alert.told(visit, picked, labels=LABELS)
