"""What was and what may come in one picture: history as a line, the middle of the forecast dashed, its bands around it."""

import datetime as dt
from typing import Any

import plotly.graph_objects as go
import polars as pl

from pages.parts import chart_panel, chart_words
from pages.parts.ask import mart
from pages.parts.chart_look import canvas, faded, floats, inks, tick_format, time_axis
from pages.parts.chosen import Chosen
from pages.parts.page import Visit

LEVELS = "scores.demand_levels"
BANDS = (("p025_qty", "p975_qty", 0.10), ("p10_qty", "p90_qty", 0.14), ("p25_qty", "p75_qty", 0.20))
COLUMNS = [
    "week_date",
    "came_qty",
    "p025_qty",
    "p10_qty",
    "p25_qty",
    "p50_qty",
    "p75_qty",
    "p90_qty",
    "p975_qty",
    "censored_day_count",
]
READ_AS = (
    "Dashed is the middle of the forecast; half of all futures lie in the innermost band, 8 in 10 in the next, 19 in 20 in the "
    "outermost."
)
CROSSED = "A cross marks weeks in which the shelf was empty on some day: more may have been wanted."
BY_LEVEL = {
    (): "total",
    ("site_id",): "site",
    ("category_name",): "category",
    ("sku_id",): "sku",
    ("site_id", "sku_id"): "sku_site",
}


def node(chosen: Chosen) -> dict[str, str] | None:
    """The row of the hierarchy that a filter choice stands for; None where it stands for several, whose bands do not add up.

    >>> node(Chosen(None, None, "none", {"site_id": ("LEJ",)}, {}, {}))
    {'level_name': 'site', 'sku_id': '*', 'site_id': 'LEJ', 'category_name': '*'}
    >>> node(Chosen(None, None, "none", {"site_id": ("LEJ", "HAM")}, {}, {})) is None
    True
    """
    where = {column: values for column, values in chosen.where.items() if values}
    level = BY_LEVEL.get(tuple(sorted(where)))
    if level is None or any(len(values) > 1 for values in where.values()):
        return None
    found = {name: where[name][0] if name in where else "*" for name in ("sku_id", "site_id", "category_name")}
    return {"level_name": level, **found}


def weeks(visit: Visit, where: dict[str, str]) -> pl.DataFrame:
    """History and forecast of one row of the hierarchy, by week; a SKU at a site is told by these two alone."""
    told = {name: value for name, value in where.items() if not (where["level_name"] == "sku_site" and value == "*")}
    return mart(visit, LEVELS, where=told, order_by=("week_date",))


def fan(visit: Visit, frame: pl.DataFrame, *, title: str, note: str | None = None) -> None:
    """Draws the weeks of one row of the hierarchy.

    Args:
        frame: rows as of `weeks`.
        title: what is shown.
        note: what to know when reading it.
    """
    if chart_panel.is_empty(frame, "week_date", title):
        return
    past, ahead = frame.filter(pl.col("came_qty").is_not_null()), frame.filter(pl.col("p50_qty").is_not_null())

    def draw() -> go.Figure:
        ink = inks()
        figure = canvas(height=300)
        joined = _joined(past, ahead)
        days = joined["week_date"].to_list()
        for low, high, strength in BANDS:
            figure.add_scatter(
                x=days + days[::-1],
                y=floats(joined[high]) + floats(joined[low])[::-1],
                fill="toself",
                fillcolor=faded(ink.series[0], strength),
                line={"width": 0},
                hoverinfo="skip",
            )
        figure.add_scatter(
            x=days,
            y=floats(joined["p50_qty"]),
            mode="lines",
            line={"width": 2, "dash": "dash", "color": ink.series[0]},
            hovertext=_ahead_words(visit, joined),
            hoverinfo="text",
        )
        figure.add_scatter(
            x=past["week_date"].to_list(),
            y=floats(past["came_qty"]),
            mode="lines",
            line={"width": 2, "color": ink.text},
            hovertext=_past_words(visit, past),
            hoverinfo="text",
        )
        _mark_empty_shelves(figure, past, frame)
        if past.height and ahead.height:
            figure.add_vline(
                x=str(past["week_date"][-1] + dt.timedelta(days=7)),
                line={"color": ink.muted, "width": 1, "dash": "dot"},
            )
        figure.update_yaxes(**tick_format("qty"), rangemode="tozero", nticks=5)
        figure.update_xaxes(**time_axis(visit, frame["week_date"]))
        return figure

    said = _alt(visit, past, ahead)
    is_crossed = frame["level_name"][0] == "sku_site" and bool((past["censored_day_count"] > 0).any())
    told = " ".join(filter(None, (READ_AS if ahead.height else "", CROSSED if is_crossed else "", note)))
    chart_panel.show(visit, chart_panel.Picture(title, "qty", frame, COLUMNS, said, {}, told, ("fan",)), draw)


def _joined(past: pl.DataFrame, ahead: pl.DataFrame) -> pl.DataFrame:
    """The forecast, begun at the last week that was, so that no gap gapes between what was and what may come."""
    if not past.height:
        return ahead
    last = past.tail(1).with_columns(pl.col("came_qty").alias(name) for name in COLUMNS if name.startswith("p"))
    return pl.concat([last, ahead], how="vertical_relaxed")


def _mark_empty_shelves(figure: go.Figure, past: pl.DataFrame, frame: pl.DataFrame) -> None:
    """A cross on each week with days of an empty shelf, where a single shelf is looked at."""
    if frame["level_name"][0] != "sku_site":
        return
    short = past.filter(pl.col("censored_day_count") > 0)
    figure.add_scatter(
        x=short["week_date"].to_list(),
        y=floats(short["came_qty"]),
        mode="markers",
        marker={"symbol": "x", "size": 8, "color": inks().bad},
        hovertext=[f"shelf empty on {days} days: more may have been wanted" for days in short["censored_day_count"]],
        hoverinfo="text",
    )


def _past_words(visit: Visit, past: pl.DataFrame) -> list[str]:
    return [
        chart_words.point(visit, "", day, value, "qty")
        for day, value in zip(past["week_date"], past["came_qty"], strict=True)
    ]


def _ahead_words(visit: Visit, ahead: pl.DataFrame) -> list[str]:
    words = visit.words
    return [
        f"week of {words.date(row['week_date'])}: {words.value(row['p50_qty'], 'qty')}"
        f"<br>8 in 10: {words.value(row['p10_qty'], 'qty')} to {words.value(row['p90_qty'], 'qty')}"
        for row in ahead.iter_rows(named=True)
    ]


def _alt(visit: Visit, past: pl.DataFrame, ahead: pl.DataFrame) -> str:
    if not ahead.height:
        return "History only; nothing is forecast here."
    first: dict[str, Any] = ahead.row(0, named=True)
    words = visit.words
    return (
        f"{past.height} weeks of demand and {ahead.height} to come; next week {words.value(first['p50_qty'], 'qty')},"
        f" 8 in 10 between {words.value(first['p10_qty'], 'qty')} and {words.value(first['p90_qty'], 'qty')}."
    )
