"""What was missed and why: every stockout and late or short order of the last half year with the cause that the data shows."""

from typing import Any

import polars as pl
import streamlit as st

from pages.parts import charts, empty, kpi, look, picked
from pages.parts.ask import has_rows, mart
from pages.parts.chosen import Chosen
from pages.parts.page import Visit

SOURCE = "marts.autopsies"
COLUMNS = [
    "autopsy_class_name",
    "miss_kind_name",
    "missed_amount",
    "sku_name",
    "site_name",
    "miss_date",
    "miss_days",
    "evidence_text",
    "customer_name",
    "order_id",
]
LABELS = {
    "autopsy_class_name": "Because of",
    "miss_kind_name": "What",
    "missed_amount": "Money missed",
    "sku_name": "SKU",
    "site_name": "Site",
    "customer_name": "Customer",
    "order_id": "Order",
    "miss_date": "Since",
    "miss_days": "Days",
    "miss_count": "Misses",
    "evidence_text": "Evidence",
}


def board(visit: Visit, chosen: Chosen) -> None:
    """Draws the causes by money and every miss behind them, the dearest first."""
    if not has_rows(visit, SOURCE):
        if not empty.needs(visit, "stock_days", what="Why shelves were empty"):
            empty.nothing(
                "No shelf was empty and no order with a due date was late in the last half year.", key="autopsy"
            )
        return
    kpi.strip(visit, chosen, ["missed_money"])
    found = mart(visit, SOURCE, chosen=chosen, order_by=("-missed_amount", "miss_key"))
    causes = (
        found.group_by("autopsy_class_name")
        .agg(missed_amount=pl.col("missed_amount").sum(), miss_count=pl.len())
        .sort("missed_amount", descending=True)
    )
    charts.bars(
        visit,
        causes,
        x="autopsy_class_name",
        y="missed_amount",
        title="Why it was missed, in money",
        unit="money",
        better="lower",
    )
    title = "Every miss of the last half year, the dearest first"
    row = picked.table(visit, found.head(2000), name="misses_why", title=title, columns=COLUMNS, labels=LABELS, source=SOURCE,
                       chosen=chosen)  # fmt: skip
    if row:
        _one(visit, row)


def _one(visit: Visit, row: dict[str, Any]) -> None:
    """The miss that is picked, its evidence in full."""
    words = visit.words
    with st.container(key="panel_miss"):
        look.title(
            f"{row['sku_name'] or row['order_id']}, {row['site_name'] or 'no site'}",
            f"since {words.date(row['miss_date'])}",
        )
        look.pairs(
            {
                "What": f"{row['miss_kind_name']}, {words.days(row['miss_days'])}",
                "Because of": row["autopsy_class_name"],
                "Money missed": words.money_exact(row["missed_amount"]),
                "Evidence": row["evidence_text"] or "none",
            }
        )
