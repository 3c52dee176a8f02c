"""Where a forecast missed most, and one SKU at one site in full: its weeks, its empty shelves, and what its forecast rests on."""

from pages.parts import fan, tables, taken_apart
from pages.parts.ask import mart
from pages.parts.chosen import Chosen
from pages.parts.page import Visit

OUTLOOK = "marts.demand_outlook"
COLUMNS = [
    "sku_id",
    "sku_name",
    "site_name",
    "abc_class",
    "looked_back_qty",
    "came_28_qty",
    "error_28_qty",
    "miss_amount",
    "forecast_28_qty",
    "demand_class_name",
    "method_name",
]
LABELS = {
    "looked_back_qty": "Forecast then",
    "came_28_qty": "Came",
    "error_28_qty": "Too much (+) or little",
    "miss_amount": "Miss",
    "forecast_28_qty": "Next 28 days",
    "demand_class_name": "Demand",
    "method_name": "Leading method",
    "history_day_count": "Days of history",
    "censored_day_count": "Days with an empty shelf",
    "lifted_qty": "Lost to empty shelves",
    "rmsse_number": "Error (RMSSE)",
    "naive_rmsse_number": "Error of seasonal naive",
    "abs_error_28_qty": "Miss, either way",
    "naive_abs_error_28_qty": "Miss of seasonal naive",
}


def misses(visit: Visit, chosen: Chosen) -> None:
    """Draws the list, dearest first, and what is picked of it."""
    found = mart(visit, OUTLOOK, chosen=chosen, order_by=("-miss_amount", "sku_id", "site_id"), limit=2000)
    title = "Where the forecast of four weeks ago missed most, in money"
    picked = tables.show(
        visit,
        found,
        name="misses",
        title=title,
        columns=COLUMNS,
        labels=LABELS,
        pick=True,
        source=OUTLOOK,
        chosen=chosen,
    )
    if not picked:
        return
    mine = {"sku_id": (picked["sku_id"],), "site_id": (picked["site_id"],)}
    where = fan.node(Chosen(None, None, "none", mine, {}, {})) or {}
    title = f"{picked['sku_id']} at {picked['site_id']}, by week"
    fan.fan(visit, fan.weeks(visit, where), title=title)
    tables.detail(visit, picked, title="What the forecast rests on", labels=LABELS)
    taken_apart.button(visit, picked["sku_id"], picked["site_id"], ours_qty=float(picked["forecast_28_qty"]))
