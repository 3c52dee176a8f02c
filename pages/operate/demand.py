"""Demand: how much will be asked for, how sure is that, and how good was it last time?"""

from pages.parts import fan, filters, kpi, look, standing, tables
from pages.parts.ask import mart
from pages.parts.chosen import Chosen
from pages.parts.page import Page, Visit
from pages.parts.panels import Picture, pictures

PAGE = Page(
    title="Demand",
    question="How much will be asked for, how sure is that, and how good was the forecast last time?",
    audience="planner, executive",
    needs=("order_lines",),
    icon=":material/monitoring:",
    order=35,
)
NUMBERS = ["demand_quantity", "expected_demand", "forecast_error", "naive_forecast_error", "forecast_bias"]
PICTURES = (
    Picture("forecast_error", "Forecast error, by category", by="category_name"),
    Picture("forecast_error", "Forecast error, by site", by="site_name"),
    Picture("forecast_error", "Forecast error, by class of demand", by="demand_class_name"),
    Picture("forecast_bias", "Forecast bias, by category", by="category_name"),
)
MISSES = [
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
OUTLOOK = "marts.demand_outlook"
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


def render(visit: Visit) -> None:
    """The fan of what is chosen, how it did against naive, and the misses that cost most."""
    chosen = filters.bar(visit, "site_id", "category_name", "sku_id", default_period="28d")
    standing.line(visit, "demand")
    kpi.strip(visit, chosen, NUMBERS)
    where = fan.node(chosen)
    if where is None:
        look.note(
            "Bands do not add up: choose one SKU, one site, one category, or one SKU at one site to see its forecast."
        )
    else:
        shown = fan.weeks(visit, where)
        fan.fan(visit, shown, title="Demand by week, and the next thirteen", note=standing.covered(visit, "demand"))
    pictures(visit, chosen, PICTURES)
    misses = mart(visit, OUTLOOK, chosen=chosen, order_by=("-miss_amount", "sku_id"), limit=2000)
    title = "Where the forecast of four weeks ago missed most, in money"
    picked = tables.show(
        visit,
        misses,
        name="misses",
        title=title,
        columns=MISSES,
        labels=LABELS,
        pick=True,
        source=OUTLOOK,
        chosen=chosen,
    )
    if picked:
        _one(visit, picked)


def _one(visit: Visit, picked: dict) -> None:
    """One SKU at one site: its weeks with the days of an empty shelf marked, and what its forecast rests on."""
    mine = {"sku_id": (picked["sku_id"],), "site_id": (picked["site_id"],)}
    where = fan.node(Chosen(None, None, "none", mine, {}, {})) or {}
    title = f"{picked['sku_id']} at {picked['site_id']}, by week"
    fan.fan(
        visit,
        fan.weeks(visit, where),
        title=title,
        note="A cross marks weeks in which the shelf was empty on some day.",
    )
    tables.detail(visit, picked, title="What the forecast rests on", labels=LABELS)
