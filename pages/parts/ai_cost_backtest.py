"""Was the forecast of what AI calls cost right: what would have been said at the start of each month that is over, and what came."""

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from models.ai_economics.cost_backtest import ALL, LEAST_SEEN, WANTED, wape
from pages.parts import chart_panel, empty, look, tables, told
from pages.parts.ask import has_rows, mart
from pages.parts.chart_look import canvas, faded, floats, inks, tick_format, time_axis
from pages.parts.page import Visit

TABLE = "scores.ai_cost_backtest"
WHOLE = "all together"
LABELS = {
    "use_case_name": "Use case",
    "origin_date": "Known up to",
    "month_date": "Month",
    "ahead_count": "Months ahead",
    "low_usage_cost": "8 in 10: from",
    "middle_usage_cost": "Middle",
    "high_usage_cost": "to",
    "usage_cost": "Came",
    "is_inside": "Inside",
    "month_count": "Months",
    "inside_count": "Inside",
    "inside_share": "Inside, of 80 % wanted",
    "off_share": "Off by",
    "plain_off_share": "Last month's cost, off by",
}
UNITS = dict.fromkeys(("inside_share", "off_share", "plain_off_share"), "share")
COLUMNS = ["month_date", "low_usage_cost", "middle_usage_cost", "high_usage_cost", "usage_cost", "is_inside"]
READ_AS = (
    "The band is what was forecast (8 in 10), dashed its middle; the line is what came, a ring where it came outside."
)


def board(visit: Visit) -> None:
    """Draws how many months came inside their band, band and actual by month, and every forecast with its receipt."""
    if not has_rows(visit, TABLE):
        empty.nothing(
            "The forecast of what AI calls cost cannot be looked back on yet: it takes a use case that runs, "
            f"{LEAST_SEEN} whole months with calls and one after them, and nine months of orders.",
            key="ai_backtest",
        )
        return
    names = dict(mart(visit, "raw.use_cases", columns=("use_case_id", "use_case_name")).iter_rows()) | {ALL: WHOLE}
    frame = mart(visit, TABLE, order_by=("origin_date", "use_case_id", "month_date")).with_columns(
        use_case_name=pl.col("use_case_id").replace_strict(names, default=pl.col("use_case_id"))
    )
    _summary(visit, frame)
    left, right = st.columns(2)
    with left:
        name = st.selectbox("Of", summed(frame)["use_case_name"].to_list(), key="ai_backtest_of")
    mine = frame.filter(pl.col("use_case_name") == name)
    with right:
        ahead = st.selectbox(
            "Forecast",
            mine["ahead_count"].unique().sort().to_list(),
            format_func=lambda months: "as the month began" if months == 1 else f"{months - 1} months before",
            key="ai_backtest_ahead",
        )
    _band(visit, mine.filter(pl.col("ahead_count") == ahead).sort("month_date"), str(name))
    tables.show(
        visit,
        mine,
        name="ai_backtest",
        title=f"Every forecast: {name}",
        columns=["origin_date", "ahead_count", *COLUMNS],
        labels=LABELS,
        source=TABLE,
        note="Each knows only the months, calls and orders before it; use cases and assumptions are those of today.",
    )


def summed(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a use case, all together first: months judged, those inside, and how far the middle and the plain rule lay off."""
    rows = []
    for (code, name), part in frame.partition_by("use_case_id", "use_case_name", as_dict=True).items():
        costs = part.with_columns(pl.col("^.*_cost$").cast(pl.Float64))
        inside = int(part["is_inside"].sum())
        rows.append((code, name, part.height, inside, inside / part.height, *wape(costs)))
    schema = [
        "use_case_id",
        "use_case_name",
        "month_count",
        "inside_count",
        "inside_share",
        "off_share",
        "plain_off_share",
    ]
    return pl.DataFrame(rows, schema=schema, orient="row").sort(pl.col("use_case_id") != ALL, "use_case_name")


def _summary(visit: Visit, frame: pl.DataFrame) -> None:
    """How many months came inside their band, of all together and use case by use case."""
    found = summed(frame)
    first = found.row(0, named=True)
    told.told(
        visit,
        found,
        name="ai_backtest_sums",
        title="Was the forecast right?",
        columns=["use_case_name", "month_count", "inside_count", "inside_share", "off_share", "plain_off_share"],
        labels=LABELS,
        units=UNITS,
        source=TABLE,
        note=f"{first['inside_count']} of {first['month_count']} months inside the band ({first['use_case_name']})",
    )
    is_good = first["inside_share"] >= WANTED
    st.badge(
        f"{visit.words.share(first['inside_share'])} inside, {visit.words.share(WANTED)} wanted",
        color="green" if is_good else "orange",
        icon=":material/check:" if is_good else ":material/warning:",
    )
    single = found.filter(pl.col("use_case_id") != ALL)
    look.note(
        f"Use case by use case {single['inside_count'].sum()} of {single['month_count'].sum()} months came inside. A month counts once "
        "for each forecast that was made before it. What nobody knew before, such as another model that calls move to, shows as "
        "months outside."
    )


def _band(visit: Visit, rows: pl.DataFrame, name: str) -> None:
    """The band that was forecast for each month, and what came."""
    title = f"Forecast and what came: {name}"
    if chart_panel.is_empty(rows, "usage_cost", title):
        return
    words, days = visit.words, rows["month_date"].to_list()
    hover = [
        f"{words.month(day)} {day.year}: {words.money(came)}; forecast {words.money(low)} to {words.money(high)}"
        for day, low, _, high, came, _ in rows.select(COLUMNS).iter_rows()
    ]

    def draw() -> go.Figure:
        ink, figure = inks(), canvas(height=280)
        low, middle, high, came = (floats(rows[column]) for column in COLUMNS[1:5])
        fill = {"fill": "toself", "fillcolor": faded(ink.series[0], 0.18), "line": {"width": 0}, "hoverinfo": "skip"}
        figure.add_scatter(x=days + days[::-1], y=high + low[::-1], mode="lines", **fill)
        dashed = {"width": 2, "dash": "dash", "color": ink.series[0]}
        figure.add_scatter(x=days, y=middle, mode="lines", line=dashed, hoverinfo="skip")
        marks = ["circle" if is_inside else "circle-open" for is_inside in rows["is_inside"]]
        figure.add_scatter(
            x=days,
            y=came,
            mode="lines+markers",
            line={"width": 2, "color": ink.text},
            marker={"symbol": marks, "size": 9},
            hovertext=hover,
            hoverinfo="text",
        )
        figure.update_yaxes(**tick_format("money"), rangemode="tozero", nticks=5)
        figure.update_xaxes(**time_axis(visit, rows["month_date"]))
        return figure

    inside = int(rows["is_inside"].sum())
    alt = f"{inside} of {rows.height} months came inside their band. Last: {hover[-1]}."
    chart_panel.show(visit, chart_panel.Picture(title, "money", rows, COLUMNS, alt, {}, READ_AS, ("backtest",)), draw)
