"""What AI costs, all of it: eleven components, eight layers, six categories, by use case, domain, place and month, with one total."""

from collections.abc import Collection

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from models.ai_economics.lines import BY_CODE
from models.ai_economics.plan_totals import EVERY, by_month, parts, peak, reserve_apart
from pages.parts import ai_cost_cuts, chart_panel, chart_words, charts, tables, told
from pages.parts.ask import has_rows, mart
from pages.parts.chart_look import canvas, faded, floats, inks, tick_format, time_axis
from pages.parts.page import Visit

PLAN, BANDS = "marts.ai_planned_costs", "scores.ai_cost_bands"
LABELS = {
    "component_code": "Component",
    "includes_text": "Includes",
    "driver_text": "Driven by",
    "impact_text": "For a distributor",
    "month_amount": "A month",
    "year_amount": "First year",
    "planned_amount": "Whole plan",
    "cost_share": "Share",
    "trend_share": "Third year against first",
    "cost_line_name": "Cost line",
    "cost_nature_code": "Pays for",
    "moved_by_text": "Driven by",
}
UNITS = {
    "month_amount": "money",
    "year_amount": "money",
    "planned_amount": "money",
    "cost_share": "share",
    "trend_share": "share",
}


def board(visit: Visit) -> None:
    """Draws the components with the proof of one total, the months with their band, cross-tabs, and people's work against tokens."""
    if not has_rows(visit, PLAN):
        return
    rows = reserve_apart(mart(visit, PLAN))
    _components(visit, rows)
    left, right = st.columns(2)
    with left:
        _months(visit, rows)
    with right:
        nature = parts(rows, "cost_nature_code")
        note = _people_said(visit, nature)
        charts.bars(
            visit,
            nature,
            x="cost_nature_code",
            y="planned_amount",
            title="People's work against tokens",
            unit="money",
            note=note,
        )
    _drivers(visit, rows)
    ai_cost_cuts.agents(visit, rows)
    ai_cost_cuts.next_ones(visit, rows)
    ai_cost_cuts.cut(visit, rows)


def components(rows: pl.DataFrame, unpriced: Collection[str] = ()) -> pl.DataFrame:
    """The eleven components and what stands apart: what each includes, what moves it, and its cost a month, a year and altogether.

    Those in `unpriced` have no figure: nothing of them has a price, and nought would say that they are free.
    """
    months = rows["month_date"].unique().sort()
    first, third = _year(rows, months, 0), _year(rows, months, 2)
    total = parts(rows, "component_code").with_columns(pl.col("planned_amount").cast(pl.Float64))
    known = pl.DataFrame(
        [(one.code, one.includes, one.driver, one.impact) for one in EVERY],
        schema=["component_code", "includes_text", "driver_text", "impact_text"],
        orient="row",
    )
    whole = float(total["planned_amount"].sum()) or 1.0
    return (
        known.join(total, on="component_code", how="left")
        .join(first, on="component_code", how="left")
        .join(third.rename({"year_amount": "third_amount"}), on="component_code", how="left")
        .with_columns(
            pl.when(~pl.col("component_code").is_in(list(unpriced))).then(pl.col(name).fill_null(0.0)).alias(name)
            for name in ("planned_amount", "year_amount", "third_amount")
        )
        .with_columns(
            month_amount=pl.col("planned_amount") / max(months.len(), 1),
            cost_share=pl.col("planned_amount") / whole,
            trend_share=pl.when(pl.col("year_amount") > 0).then(pl.col("third_amount") / pl.col("year_amount") - 1),
        )
        .sort("planned_amount", descending=True, nulls_last=True)
    )


def _year(rows: pl.DataFrame, months: pl.Series, nth: int) -> pl.DataFrame:
    """The sum by component of the plan's first, second or third year."""
    inside = months[nth * 12 : nth * 12 + 12].to_list()
    found = parts(rows.filter(pl.col("month_date").is_in(inside)), "component_code")
    return found.select("component_code", year_amount=pl.col("planned_amount").cast(pl.Float64))


def _components(visit: Visit, rows: pl.DataFrame) -> None:
    money = visit.company.reporting_currency
    bands = mart(visit, BANDS, where={"scope_kind_name": "component"})
    found = components(rows, bands.filter(pl.col("p50_amount").is_null())["scope_name"].to_list())
    figures = ["month_amount", "year_amount", "planned_amount", "cost_share", "trend_share"]
    columns = ["component_code", *figures, "includes_text", "driver_text", "impact_text"]
    told.told(
        visit,
        found,
        name="ai_components",
        title=f"The eleven components and the reserve, in {money}",
        columns=columns,
        labels=LABELS,
        units=UNITS,
        source=PLAN,
        note=ai_cost_cuts.proof(visit, rows),
    )


def _months(visit: Visit, rows: pl.DataFrame) -> None:
    """Each month's planned cost with the band that holds 8 of 10 possible futures, and the dearest month."""
    title, months = "Cost by month", by_month(rows).with_columns(pl.col("planned_amount").cast(pl.Float64))
    bands = mart(visit, BANDS, where={"scope_kind_name": "month"}).with_columns(
        month_date=pl.col("scope_name").str.to_date(strict=False)
    )
    amounts = [pl.col(name).cast(pl.Float64) for name in ("p10_amount", "mean_amount", "p90_amount")]
    frame = months.join(bands.select("month_date", *amounts), on="month_date", how="left").sort("month_date")
    if chart_panel.is_empty(frame, "planned_amount", title):
        return
    top, words = peak(months), visit.words
    note = "Line: the mean; shaded around it, 8 of 10 possible futures. Dotted: with the reserve."
    if top is not None:
        note += (
            f" Dearest month {words.month(top[0])} {top[0].year}: {words.money(top[1])}, average {words.money(top[2])}."  # type: ignore[attr-defined, arg-type]  # a date
        )

    def draw() -> go.Figure:
        ink, figure = inks(), canvas()
        days = frame["month_date"].to_list()
        figure.add_scatter(
            x=days + days[::-1],
            y=floats(frame["p90_amount"]) + floats(frame["p10_amount"])[::-1],
            fill="toself",
            fillcolor=faded(ink.series[0], 0.18),
            line={"width": 0},
            hoverinfo="skip",
        )
        hover = [
            chart_words.point(visit, "", day, value, "money")
            for day, value in zip(days, frame["planned_amount"], strict=True)
        ]
        figure.add_scatter(
            x=days,
            y=floats(frame["mean_amount"]),
            mode="lines",
            line={"width": 2, "color": ink.series[0]},
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=days,
            y=floats(frame["planned_amount"]),
            mode="lines",
            line={"width": 1.5, "color": ink.text, "dash": "dot"},
            hovertext=hover,
            hoverinfo="text",
        )
        figure.update_yaxes(**tick_format("money"), rangemode="tozero", nticks=5)
        figure.update_xaxes(**time_axis(visit, frame["month_date"]))
        return figure

    columns = ["month_date", "planned_amount", "p10_amount", "mean_amount", "p90_amount"]
    alt = chart_words.over_time(visit, [("", frame)], "month_date", "planned_amount", "money")
    chart_panel.show(visit, chart_panel.Picture(title, "money", frame, columns, alt, {}, note, ("ai_months",)), draw)


def _people_said(visit: Visit, nature: pl.DataFrame) -> str:
    """One sentence on what the money goes to."""
    sums = {name: float(amount) for name, amount in nature.iter_rows()}
    people, tokens = sums.get("people", 0.0), sums.get("tokens", 0.0)
    whole = sum(sums.values())
    if whole <= 0 or people <= tokens:
        return "Tokens are the greater part of this plan."
    times = f", {visit.words.number(people / tokens, places=0)} times as much as tokens" if tokens > 0 else ""
    share = visit.words.share(people / whole)
    return f"People's work is {share} of the plan{times}: a cheap endpoint with dear review is a dear programme."


def _drivers(visit: Visit, rows: pl.DataFrame) -> None:
    """Every line of the plan, the dearest first, with what moves it."""
    found = _ranked(rows)
    columns = ["cost_line_name", "component_code", "cost_nature_code", "moved_by_text", "planned_amount", "cost_share"]
    tables.show(
        visit,
        found,
        name="ai_cost_lines",
        title=f"What costs most, in {visit.company.reporting_currency}",
        columns=columns,
        labels=LABELS,
        units=UNITS,
        source=PLAN,
    )


def _ranked(rows: pl.DataFrame) -> pl.DataFrame:
    found = parts(rows, "cost_line_name", "component_code", "cost_nature_code").with_columns(
        pl.col("planned_amount").cast(pl.Float64)
    )
    whole = float(found["planned_amount"].sum()) or 1.0
    return found.with_columns(
        cost_share=pl.col("planned_amount") / whole,
        moved_by_text=pl.Series([BY_CODE[name].moved_by for name in found["cost_line_name"]], dtype=pl.String),
    )
