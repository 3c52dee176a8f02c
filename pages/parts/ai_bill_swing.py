"""How far the monthly bill of model calls swings, measured over whole months, beside what a private node costs whatever is asked."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import streamlit as st

from models.ai_economics.own_serving import EDGE, PRIVATE, Owned
from pages.parts import look, tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

SOURCE = "marts.ai_bill_months"
LEAST_MONTHS, YEAR_MONTHS = 6, 12
LABELS = {
    "month_date": "Month",
    "month_amount": "Bill of model calls",
    "mean_month_amount": "Mean of the months",
    "bill_spread_share": "Spread over the mean",
    "bill_peak_number": "Dearest month, times the mean",
    "whole_month_count": "Whole months",
}
COLUMNS = {"month_date": 120, "month_amount": 160}
FIXED = {PRIVATE: "Private node, at least", EDGE: "Machines at the sites, at least"}
NOTE = (
    "Whole months, twelve at most; the first one and the one that runs are left out. Calls that nobody could price are not in it. Growth "
    "swings a bill as prices do. Own machines cost the same each month, used or not, until more of them are needed."
)


def measured(visit: Visit) -> Mapping[str, Any] | None:
    """The figures that all months share, with the first and the last month; None where there is no whole month."""
    if visit.build is None or not has_rows(visit, SOURCE):
        return None
    found = mart(visit, SOURCE, order_by=("month_date",))
    return {**found.row(-1, named=True), "since": found["month_date"][0], "until": found["month_date"][-1]}


def sentence(visit: Visit) -> str:
    """How far the bill swings in a sentence with its months, or that there is no data yet."""
    found = measured(visit)
    count = found["whole_month_count"] if found else 0
    if found is None or found["bill_spread_share"] is None:
        return f"How far the bill swings from month to month: no data ({visit.words.plural(count, 'whole month')}, {LEAST_MONTHS} needed)."
    words = visit.words
    return (
        f"Measured over {words.plural(count, 'whole month')}, {_months(visit, found['since'], found['until'])}: the bill of "
        f"all model calls swings by {words.share(found['bill_spread_share'])} around its mean of "
        f"{words.money_exact(found['mean_month_amount'])} a month, and the dearest month was {words.number(found['bill_peak_number'])} "
        "times the mean."
    )


def panel(visit: Visit, ways: Mapping[str, Owned]) -> None:
    """Draws the spread of the bill beside the fixed cost of own machines, and the months behind it."""
    found = measured(visit)
    with st.container(key="panel_ai_bill_swing"):
        look.title("A bill that moves, or a cost that stands", "a month, as measured and as planned")
        look.pairs({"Provider": sentence(visit), **fixed(visit, ways)})
        look.note(NOTE)
    if found is not None:
        months = mart(visit, SOURCE, order_by=("month_date",))
        title = f"The months behind it: {_months(visit, found['since'], found['until'])}"
        labels = {**LABELS, "month_amount": f"{LABELS['month_amount']} ({visit.company.reporting_currency})"}
        tables.show(visit, months, name="ai_bill_months", title=title, columns=COLUMNS, labels=labels, source=SOURCE)


def fixed(visit: Visit, ways: Mapping[str, Owned]) -> dict[str, str]:
    """What own machines are planned to cost a month before the first token; nothing in it moves with volume or prices."""
    words = visit.words
    return {
        title: f"{words.money(ways[name].least / YEAR_MONTHS)} a month whatever is asked; spread {words.share(0.0)}"
        for name, title in FIXED.items()
        if name in ways
    }


def _months(visit: Visit, first: dt.date, last: dt.date) -> str:
    """Two months with their years: Mar 2026 to Oct 2026."""
    return " to ".join(f"{visit.words.month(day)} {day.year}" for day in (first, last))
