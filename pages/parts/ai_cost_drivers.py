"""What drives the cost of AI: cases to come and the orders behind them, what moves the answer, prices and their gaps."""

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from models.ai_economics.sensitivity import DEFINED, said
from pages.parts import ai_cost_backtest, ai_cost_world, chart_panel, charts, empty, look, tables, told
from pages.parts.ask import has_rows, mart
from pages.parts.chart_look import canvas, inks
from pages.parts.page import Visit

VOLUMES, TORNADO = "scores.ai_volume_months", "scores.ai_sensitivities"
PATHS, PAST = "scores.driver_paths", "marts.driver_months"
PRICES, GAPS = "raw.ai_prices", "marts.ai_price_gaps"
WHOLE, BARS, LONG_AGO = "*", 12, 1990
CALLED = {"order_lines": "order lines", "purchase_lines": "purchase lines"}
LABELS = {
    "driver_name": "Driver",
    "before_units": "A month, last year",
    "units": "A month, as forecast",
    "low_units": "8 in 10: from",
    "high_units": "to",
    "assumption_name": "What varies",
    "meaning_text": "What it is",
    "low_number": "Low",
    "high_number": "High",
    "worth_at_low_amount": "Worth at low",
    "worth_at_high_amount": "Worth at high",
    "swing_amount": "Swing",
    "spread_share": "Of the spread",
    "turning_number": "Worth nought at",
    "source_grade": "Grade",
    "provider_name": "Provider",
    "model_name": "Model",
    "uncached_input_price": "Read",
    "cache_read_price": "Read from cache",
    "output_price": "Written",
    "valid_from_date": "From",
    "valid_to_date": "Until",
    "gap_text": "Gap",
    "price_version_code": "Price list",
    "currency_code": "Currency",
    "from_token_count": "Prompts from (tokens)",
    "unpriced_token_count": "Tokens without a price",
    "token_count": "Tokens",
    "called_model_name": "Model",
    "seller_name": "Provider",
    "month_date": "Month",
}
NOTE = (
    "All that varies in the plan: assumptions, what was measured, the forecast of orders, unannounced prices. Each alone at its low and "
    "high end (10 % and 90 % of its range), the others at their mean; the worth is the present value over the plan. Of the spread: the "
    "share of the spread of that worth, over the ranks of its possible values, that goes with this alone. The shares need not add up to "
    "100 %: the rest is what several do together, and what differs from month to month."
)


def board(visit: Visit) -> None:
    """Draws volumes with their drivers, the tornado, and the prices with what is not priced."""
    if has_rows(visit, VOLUMES):
        _volumes(visit)
    _drivers(visit)
    ai_cost_backtest.board(visit)
    _tornado(visit)
    _prices(visit)


def _volumes(visit: Visit) -> None:
    names = dict(mart(visit, "raw.use_cases", columns=("use_case_id", "use_case_name")).iter_rows())
    frame = mart(visit, VOLUMES, order_by=("month_date",)).with_columns(
        use_case_name=pl.col("use_case_id").replace_strict(names, default=pl.col("use_case_id"))
    )
    left, right = st.columns(2)
    with left:
        charts.line(
            visit,
            frame,
            x="month_date",
            y="planned_cases_number",
            by="use_case_name",
            title="Cases to come, by month",
            unit="qty",
            note="They follow the forecast of orders, shipments, purchases and exceptions, use case by use case.",
        )
    with right:
        whole = frame.with_columns(pl.col("usage_p50_amount").cast(pl.Float64))
        charts.line(
            visit,
            whole,
            x="month_date",
            y="usage_p50_amount",
            by="use_case_name",
            title="What their model calls cost, middle",
            unit="money",
        )


def _drivers(visit: Visit) -> None:
    """What stood behind the cases last year, and what is forecast."""
    if not has_rows(visit, PAST):
        empty.nothing("No month of orders is over yet.", key="ai_drivers")
        return
    past = (
        mart(visit, PAST, order_by=("month_date",))
        .group_by("driver_name")
        .agg(before_units=pl.col("units").tail(12).mean())
    )
    ahead = (
        mart(visit, PATHS)
        if has_rows(visit, PATHS)
        else pl.DataFrame(schema={"driver_name": pl.String, "path_no": pl.Int64, "units": pl.Float64})
    )
    means = ahead.group_by("driver_name", "path_no").agg(pl.col("units").cast(pl.Float64).mean())
    told_ahead = means.group_by("driver_name").agg(
        pl.col("units").mean().alias("mean_units"),
        low_units=pl.col("units").quantile(0.1),
        high_units=pl.col("units").quantile(0.9),
    )
    found = (
        past.join(told_ahead, on="driver_name", how="left")
        .rename({"mean_units": "units"})
        .sort("before_units", descending=True)
    )
    found = found.with_columns(pl.col("driver_name").replace(CALLED))
    told.told(
        visit,
        found,
        name="ai_drivers",
        title="What drives the cases",
        columns=["driver_name", "before_units", "units", "low_units", "high_units"],
        labels=LABELS,
        units=dict.fromkeys(("before_units", "units", "low_units", "high_units"), "qty"),
        source=PAST,
        note="the same forecast as on the page Demand, as sample paths",
    )


def _tornado(visit: Visit) -> None:
    """What moves the worth most, of the whole programme or of one use case."""
    if not has_rows(visit, TORNADO):
        empty.nothing("Nothing is planned whose worth could be known: no use case was taken up.", key="ai_tornado")
        return
    known = mart(visit, TORNADO, columns=("use_case_id",))["use_case_id"].unique().sort().to_list()
    names = dict(mart(visit, "raw.use_cases", columns=("use_case_id", "use_case_name")).iter_rows())
    scope = st.selectbox(
        "Of",
        known,
        format_func=lambda one: "all use cases" if one == WHOLE else f"{one} {names.get(one, '')}",
        key="ai_tornado_of",
    )
    told_by = mart(visit, "raw.assumptions", columns=("assumption_name", "meaning_text", "source_grade"))
    found = mart(visit, TORNADO, where={"use_case_id": scope}, order_by=("-swing_amount", "assumption_name"))
    found = found.join(told_by, on="assumption_name", how="left", maintain_order="left")
    found = found.with_columns(
        assumption_name=pl.col("assumption_name")
        .str.strip_prefix("ai_")
        .str.replace_all("_", " ")
        .str.replace(".", ": ", literal=True),
        source_grade=pl.coalesce("source_grade", pl.col("input_kind_name").replace(DEFINED, "in the use case")),
        meaning_text=pl.Series(
            [
                row["meaning_text"] or said(row["assumption_name"], row["input_kind_name"])
                for row in found.iter_rows(named=True)
            ]
        ),
    )
    _swings(visit, found.head(BARS))
    columns = [
        "assumption_name",
        "low_number",
        "high_number",
        "worth_at_low_amount",
        "worth_at_high_amount",
        "swing_amount",
        "spread_share",
        "turning_number",
        "source_grade",
        "meaning_text",
    ]
    tables.show(
        visit,
        found,
        name="ai_tornado",
        title="What moves the answer",
        columns=columns,
        labels=LABELS,
        units={"spread_share": "share"},
        source=TORNADO,
        note=" ".join((NOTE, ai_cost_world.gap(visit) if scope == WHOLE else "")).strip(),
    )


def _swings(visit: Visit, found: pl.DataFrame) -> None:
    """The tornado: a bar from the worth at the low end to the worth at the high end of each input."""
    title = "What the worth swings by"
    if chart_panel.is_empty(found, "swing_amount", title):
        return
    ends = [
        (float(low), float(high))
        for low, high in found.select("worth_at_low_amount", "worth_at_high_amount").iter_rows()
    ]
    names = found["assumption_name"].to_list()
    words = visit.words

    def draw() -> go.Figure:
        ink, places = inks(), list(range(len(ends)))
        figure = canvas(height=40 + 26 * len(ends))
        hover = [
            f"{name}: {words.money(low)} at its low end, {words.money(high)} at its high end"
            for name, (low, high) in zip(names, ends, strict=True)
        ]
        figure.add_bar(
            y=places,
            x=[high - low for low, high in ends],
            base=[low for low, _ in ends],
            orientation="h",
            marker={"color": [ink.series[0] if high >= low else ink.series[1] for low, high in ends]},
            hovertext=hover,
            hoverinfo="text",
            textposition="none",
        )
        figure.update_yaxes(tickmode="array", tickvals=places, ticktext=names, autorange="reversed", showgrid=False)
        figure.update_xaxes(tickformat="~s", nticks=5, showgrid=True)
        return figure

    alt = f"Largest swing: {names[0]}, from {words.money(ends[0][0])} to {words.money(ends[0][1])}."
    note = "From the worth at the low end to that at the high end: first colour where more is better, second where more is worse."
    columns = ["assumption_name", "worth_at_low_amount", "worth_at_high_amount", "swing_amount", "spread_share"]
    chart_panel.show(
        visit,
        chart_panel.Picture(title, "money", found, columns, alt, {"spread_share": "share"}, note, ("tornado",)),
        draw,
    )


def _prices(visit: Visit) -> None:
    """The prices that this build counts with, their version, and what has none."""
    listed = (
        mart(visit, PRICES, order_by=("provider_name", "model_name", "valid_from_date"))
        if has_rows(visit, PRICES)
        else pl.DataFrame()
    )
    if listed.is_empty():
        empty.nothing("No model was called or is planned, so no price is listed.", key="ai_prices")
        return
    versions = ", ".join(listed["price_version_code"].drop_nulls().unique().sort()) or "none"
    ever = pl.col("valid_from_date").dt.year() < LONG_AGO
    now = listed.filter(pl.col("is_priced")).with_columns(
        valid_from_date=pl.when(~ever).then(pl.col("valid_from_date"))
    )
    columns = [
        "provider_name",
        "model_name",
        "uncached_input_price",
        "cache_read_price",
        "output_price",
        "currency_code",
        "is_batch",
        "from_token_count",
        "valid_from_date",
        "valid_to_date",
        "price_version_code",
    ]
    prices = dict.fromkeys(("uncached_input_price", "cache_read_price", "output_price"), "per_unit")
    tables.show(
        visit,
        now,
        name="ai_prices",
        title="Prices for a million tokens",
        columns=columns,
        labels=LABELS,
        units=prices,
        source=PRICES,
        note=f"Price list: {versions}. A price that is already announced counts from its day on.",
    )
    gaps = listed.filter(~pl.col("is_priced"))
    if gaps.height:
        told.told(
            visit,
            gaps,
            name="ai_price_gaps",
            title="Without a price",
            columns=["provider_name", "model_name", "gap_text"],
            labels=LABELS,
            source=PRICES,
            note="a gap, never nought: enter a price on the page Assumptions",
        )
    if has_rows(visit, GAPS):
        unpriced = mart(visit, GAPS, order_by=("-month_date",)).filter(pl.col("unpriced_token_count") > 0)
        if unpriced.height:
            look.note(
                f"{visit.words.count(unpriced['unpriced_token_count'].sum())} tokens that were used have no price; "
                "by month they stand under Usage."
            )
