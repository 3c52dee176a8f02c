"""One alert in full: what came beside what was expected, in words and among the moments before and after it."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pages.parts import charts, tables
from pages.parts.ask import mart
from pages.parts.page import Visit

MOMENTS = {"moment": "marts.watched_points", "shift": "marts.watched_weeks"}
SHOWN_MOMENTS = 400  # more would be a smear
DETAIL = [
    "watch_name",
    "entry_name",
    "site_name",
    "category_name",
    "since_date",
    "alert_date",
    "expected_text",
    "came_text",
    "one_in_count",
    "money_amount",
    "subject_id",
    "point_key",
    "open_days",
]


def in_words(visit: Visit, alerts: pl.DataFrame) -> pl.DataFrame:
    """The alerts with what was expected and what came said in the unit of each: prices, shares, days and pieces share a column."""
    said = {
        f"{name}_text": [
            visit.words.value(number, unit) for number, unit in alerts.select(f"{name}_number", "unit_code").iter_rows()
        ]
        for name in ("expected", "came")
    }
    return alerts.with_columns(*(pl.Series(name, texts, dtype=pl.String) for name, texts in said.items()))


def told(visit: Visit, alert: Mapping[str, Any], *, labels: Mapping[str, str]) -> None:
    """Draws it.

    Args:
        alert: a row of marts.anomalies, as `in_words` gives it.
        labels: what its columns are called.
    """
    name = f"{alert['watch_name']}: {alert['entry_name']}"
    where = {"watch_code": alert["watch_code"], "subject_id": alert["subject_id"]}
    if alert["kind_name"] == "shift":
        where["site_id"] = alert["site_id"]
    order = ("-point_date", "point_key") if alert["kind_name"] == "moment" else ("-point_date",)
    newest_first = mart(visit, MOMENTS[alert["kind_name"]], where=where, order_by=order, limit=SHOWN_MOMENTS)
    moments = newest_first.reverse().select("point_date", "watched_number")
    charts.line(
        visit,
        moments,
        x="point_date",
        y="watched_number",
        title=name,
        unit=alert["unit_code"],
        target=alert["expected_number"],
        target_name="expected",
        note=_sentence(visit, alert),
    )
    tables.detail(
        visit, alert, title="What is known of it", columns=DETAIL, labels={**labels, "point_key": "Where it stands"}
    )


def _sentence(visit: Visit, alert: Mapping[str, Any]) -> str:
    """What came, beside what, since when, and how rare that is."""
    came, expected = alert["came_text"], alert["expected_text"]
    rare = visit.words.count(alert["one_in_count"])
    also = f" At the same time: {alert['also_text']}." if alert["also_text"] else " Nothing else of it moved then."
    if alert["kind_name"] == "shift":
        since = visit.words.value(alert["since_date"], "date")
        said = f"Of {rare} series that never change one shows as much."
        return f"Since {since} about {came} instead of {expected} (dotted). {said}{also}"
    return f"{came} came where about {expected} was expected (dotted). Of {rare} such moments one is so strange.{also}"
