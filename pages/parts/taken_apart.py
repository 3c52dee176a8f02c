"""One shelf's demand taken apart on demand: its trend, its week, and what another forecaster would say."""

import datetime as dt

import polars as pl
import streamlit as st

from models.demand.explain import DAYS, Explanation, explained
from pages.parts import charts, look
from pages.parts.ask import mart
from pages.parts.kept import Kept, place
from pages.parts.page import Visit

TAKEN: Kept[Explanation | None] = Kept(at_most=200)


def button(visit: Visit, sku_id: str, site_id: str, *, ours_qty: float) -> None:
    """Draws a button that takes the demand of a SKU at a site apart.

    Args:
        ours_qty: what our forecast says for the next 28 days, to stand beside the other one.
    """
    if st.button("Take it apart", key="take_apart", icon=":material/call_split:"):
        _show(visit, sku_id, site_id, ours_qty)


def _show(visit: Visit, sku_id: str, site_id: str, ours_qty: float) -> None:
    days = mart(visit, "core.demand_days", where={"sku_id": sku_id, "site_id": site_id}, order_by=("demand_date",))
    key = (*place(visit), sku_id, site_id)
    told = TAKEN.get(key, lambda: explained(days["demand_qty"].cast(pl.Float64).to_numpy()))
    if told is None:
        look.note("There are fewer than eight weeks of history: too little to tell a week from chance.")
        return
    words = visit.words
    other, ours = words.value(told.ets_qty, "qty"), words.value(ours_qty, "qty")
    week, trend = words.value(told.season_share, "share"), words.value(told.trend_share, "share")
    look.note(
        f"Exponential smoothing by statsmodels expects {other} in the next {DAYS} days, ours {ours}. "
        f"Strength of the week {week}, of the trend {trend}."
    )
    first: dt.date = days["demand_date"][0]
    dates = pl.date_range(first, first + dt.timedelta(days=told.parts.height - 1), "1d", eager=True)
    named = told.parts.with_columns(demand_date=dates, weekday_name=dates.dt.strftime("%A"))
    left, right = st.columns(2)
    with left:
        charts.line(visit, named, x="demand_date", y="trend_qty", title="Its trend, a day", unit="qty")
    with right:
        usual = named.tail(7).with_columns(pl.col("season_qty").round(2))
        charts.bars(
            visit, usual, x="weekday_name", y="season_qty", title="Its week: more or less than usual", unit="qty"
        )
