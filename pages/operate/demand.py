"""Demand: how much will be asked for, how sure is that, and how good was it last time?"""

from pages.parts import fan, filters, kpi, look, misses, standing, value_added
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


def render(visit: Visit) -> None:
    """The fan of what is chosen, how it did against naive, the misses that cost most, and whether people's changes help."""
    chosen = filters.bar(visit, "site_id", "category_name", "sku_id", default_period="28d")
    standing.line(visit, "demand")
    kpi.strip(visit, chosen, [*NUMBERS, *value_added.numbers(visit)])
    where = fan.node(chosen)
    if where is None:
        look.note(
            "Bands do not add up: choose one SKU, one site, one category, or one SKU at one site to see its forecast."
        )
    else:
        shown = fan.weeks(visit, where)
        fan.fan(visit, shown, title="Demand by week, and the next thirteen", note=standing.covered(visit, "demand"))
    pictures(visit, chosen, PICTURES)
    misses.misses(visit, chosen)
    value_added.panel(visit)
