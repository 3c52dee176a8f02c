"""What was missed and why: every stockout and late or short order of the last half year with the cause that the data shows."""

import polars as pl

from pages.parts import charts, empty, tables
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
    "customer_name",
    "order_id",
    "miss_date",
    "miss_days",
    "evidence_text",
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
        empty.nothing(
            "Nothing was missed in the last half year, or no stock and no due dates are known.", key="autopsy"
        )
        return
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
    tables.show(visit, found.head(2000), name="misses_why", title="Every miss of the last half year, the dearest first",
                columns=COLUMNS, labels=LABELS, source=SOURCE, chosen=chosen)  # fmt: skip
