"""Pictures of categories: a heat map with its numbers, dots with their intervals."""

from typing import Any

import plotly.graph_objects as go
import polars as pl

from pages.parts import chart_panel, chart_words
from pages.parts.chart_look import canvas, colour_at, floats, inks, readable_on, scale, tick_format
from pages.parts.page import Visit


def heat(
    visit: Visit,
    frame: pl.DataFrame,
    *,
    x: str,
    y: str,
    z: str,
    title: str,
    unit: str,
    better: str = "neither",
    middle: float | None = None,
    note: str | None = None,
) -> None:
    """A grid of numbers, coloured away from `middle` (orange is worse, blue better), or by size where nothing is better."""
    if chart_panel.is_empty(frame, z, title):
        return
    across = frame[x].unique().sort().to_list()
    down = frame[y].unique(maintain_order=True).to_list()
    cells = {(row[x], row[y]): row[z] for row in frame.iter_rows(named=True)}
    values = [[_float(cells.get((column, line))) for column in across] for line in down]

    def draw() -> go.Figure:
        colours, bounds = _colouring(values, better, middle)
        figure = canvas(height=62 + 27 * len(down))
        words = [["" if value is None else visit.words.value(value, unit) for value in line] for line in values]
        figure.add_heatmap(
            z=values,
            text=words,
            colorscale=scale(colours),
            zmin=bounds[0],
            zmax=bounds[1],
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="%{text}<extra></extra>",
        )
        size = 12 if len(across) <= 10 else 11
        for line, row in enumerate(values):
            for column, value in enumerate(row):
                if value is not None:
                    ink = readable_on(colour_at(colours, (value - bounds[0]) / ((bounds[1] - bounds[0]) or 1)))
                    figure.add_annotation(
                        x=column, y=line, text=words[line][column], showarrow=False, font={"size": size, "color": ink}
                    )
        names = [chart_words.short(name) for name in down]
        figure.update_yaxes(
            tickmode="array", tickvals=list(range(len(down))), ticktext=names, autorange="reversed", showgrid=False
        )
        heads = chart_words.headings(visit, across)
        figure.update_xaxes(
            tickmode="array", tickvals=list(range(len(across))), ticktext=heads, side="top", showline=False, tickangle=0
        )
        return figure

    alt = chart_words.grid(visit, frame, x, y, z, unit)
    chart_panel.show(
        visit, chart_panel.Picture(title, unit, frame, [y, x, z], alt, {z: unit}, note, (x, y, z, better, middle)), draw
    )


def dots(
    visit: Visit,
    frame: pl.DataFrame,
    *,
    x: str,
    y: str,
    title: str,
    unit: str,
    low: str | None = None,
    high: str | None = None,
    size: str | None = None,
    limit: int = 15,
    note: str | None = None,
) -> None:
    """One dot per category at `y`, its interval from `low` to `high` where known; `size` makes the dearer dots bigger."""
    if chart_panel.is_empty(frame, y, title):
        return
    shown = frame.filter(pl.col(y).is_not_null()).sort(y, descending=True).head(limit)
    places = list(range(shown.height))

    def draw() -> go.Figure:
        ink = inks()
        figure = canvas(height=50 + 24 * shown.height)
        if low and high:
            for place, first, last in zip(places, floats(shown[low]), floats(shown[high]), strict=True):
                style = {"color": ink.series[3], "width": 3}
                figure.add_scatter(x=[first, last], y=[place, place], mode="lines", line=style, hoverinfo="skip")
        figure.add_scatter(
            x=floats(shown[y]),
            y=places,
            mode="markers",
            marker={"color": ink.series[0], "size": _sizes(shown, size), "opacity": 1, "line": {"width": 0}},
            hovertext=[
                chart_words.named(visit, name, value, unit) for name, value in zip(shown[x], shown[y], strict=True)
            ],
            hoverinfo="text",
        )
        names = [chart_words.short(name) for name in shown[x]]
        figure.update_yaxes(tickmode="array", tickvals=places, ticktext=names, autorange="reversed", showgrid=False)
        figure.update_xaxes(**tick_format(unit), showgrid=True, nticks=6, rangemode="tozero")
        return figure

    columns = [x, y, *(column for column in (low, high, size) if column)]
    units = {column: unit for column in (y, low, high) if column}
    alt = chart_words.ranked(visit, shown, x, y, unit)
    chart_panel.show(
        visit, chart_panel.Picture(title, unit, shown, columns, alt, units, note, (x, y, low, high, size)), draw
    )


def spread(
    visit: Visit,
    frame: pl.DataFrame,
    *,
    x: str,
    low: str,
    middle: str,
    high: str,
    title: str,
    unit: str,
    note: str | None = None,
) -> None:
    """Where the middle lies and how far it spreads, per category."""
    dots(visit, frame, x=x, y=middle, low=low, high=high, title=title, unit=unit, note=note)


def diagonal(visit: Visit, frame: pl.DataFrame, *, x: str, y: str, title: str, note: str | None = None) -> None:
    """Chances as they were given against how often they came; on the diagonal they hold, a bigger dot stands for more rows."""
    if chart_panel.is_empty(frame, y, title):
        return

    def draw() -> go.Figure:
        ink = inks()
        figure = canvas(height=300)
        figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", line={"color": ink.muted, "width": 1, "dash": "dot"})
        words = visit.words
        figure.add_scatter(
            x=floats(frame[x]),
            y=floats(frame[y]),
            mode="lines+markers",
            line={"color": ink.series[0], "width": 1},
            marker={"color": ink.series[0], "size": _sizes(frame, "row_count")},
            hovertext=[
                f"said {words.value(said, 'share')}, came {words.value(came, 'share')} of {count}"
                for said, came, count in zip(frame[x], frame[y], frame["row_count"], strict=True)
            ],
            hoverinfo="text",
        )
        highest = max(*floats(frame[x]), *floats(frame[y])) or 1.0  # type: ignore[type-var]  # shares are never missing
        reach = [0, min(1.02, highest * 1.15)]
        figure.update_xaxes(**tick_format("share"), range=reach, nticks=6, title="chance given")
        figure.update_yaxes(**tick_format("share"), range=reach, nticks=6, title="came")
        return figure

    alt = f"{frame.height} groups of chances, from the lowest to the highest, beside the diagonal."
    columns = [x, y, "row_count"]
    chart_panel.show(visit, chart_panel.Picture(title, "share", frame, columns, alt, {}, note, (x, y)), draw)


def _colouring(
    values: list[list[float | None]], better: str, middle: float | None
) -> tuple[tuple[str, ...], tuple[float, float]]:
    """The colours and the values that the first and the last of them stand for."""
    known = [value for line in values for value in line if value is not None]
    low, high = min(known), max(known)
    if middle is None or better == "neither":
        return inks().sequential, (low, high)
    reach = max(abs(high - middle), abs(middle - low)) or 1.0
    colours = inks().diverging
    return (colours if better == "higher" else colours[::-1]), (middle - reach, middle + reach)


def _sizes(shown: pl.DataFrame, size: str | None) -> list[float] | int:
    if not size:
        return 10
    weights = [value or 0 for value in floats(shown[size])]
    largest = max(weights) or 1
    return [8 + 14 * (weight / largest) ** 0.5 for weight in weights]


def _float(number: Any) -> float | None:
    return None if number is None else float(number)
