"""Which SKUs matter and which can be forecast: classes of margin by classes of forecastability, and what is new."""

import polars as pl

from pages.parts import tables
from pages.parts.ask import has_rows, mart
from pages.parts.chosen import Chosen
from pages.parts.page import Visit

SOURCE = "scores.segments"
LABELS = {
    "life_stage_name": "Life stage",
    "alike_count": "Alike SKUs",
    "own_daily_qty": "Sold a day so far",
    "alike_daily_qty": "Alike ones at that age",
    "expected_daily_qty": "Expected a day",
    "abc_class": "By margin",
}
NEW = ["sku_id", "site_id", "life_stage_name", "alike_count", "own_daily_qty", "alike_daily_qty", "expected_daily_qty"]


def segments(visit: Visit, chosen: Chosen) -> None:
    """Draws both; nothing where this build knows no segments."""
    if not has_rows(visit, SOURCE):
        return
    found = mart(visit, SOURCE, chosen=chosen, order_by=("sku_id", "site_id"))
    counted = found.drop_nulls(["abc_class", "xyz_class"])
    if counted.height:
        _grid(visit, counted)
    new = found.filter(pl.col("expected_daily_qty").is_not_null()).sort("expected_daily_qty", descending=True)
    if new.height:
        title, note = (
            "New SKUs: what alike ones did at their age",
            "Expected: their own days so far and those of alike SKUs, weighed by how much is known.",
        )
        tables.show(visit, new, name="new_skus", title=title, columns=NEW, labels=LABELS, source=SOURCE, note=note)


def _grid(visit: Visit, found: pl.DataFrame) -> None:
    """How many SKUs at sites each pair of classes holds, and their share of the margin."""
    cells = found.group_by("abc_class", "xyz_class").agg(pl.len(), pl.col("margin_share").sum())
    whole = found["margin_share"].sum() or 1.0
    said = {
        (abc, xyz): f"{visit.words.value(number, 'count')} ({visit.words.value(share / whole, 'share')} of margin)"
        for abc, xyz, number, share in cells.iter_rows()
    }
    names = {"X": "X: easy to forecast", "Y": "Y: harder", "Z": "Z: hardest"}
    rows = [
        {"abc_class": abc, **{label: said.get((abc, xyz), "0") for xyz, label in names.items()}}
        for abc in sorted(found["abc_class"].unique())
    ]
    tables.small(
        visit,
        pl.DataFrame(rows),
        title="SKUs at sites: what matters, and what can be forecast",
        labels=LABELS | {label: label for label in names.values()},
    )
