"""Pictures of rows: one function per question, each with a title that says who, what and in which unit."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from pages.parts import chart_words, empty, look
from pages.parts.chart_look import canvas, inks, panel, scale, tick_format
from pages.parts.labels import unit_of
from pages.parts.page import Visit

SERIES_AT_MOST = 4
LABEL_AT_MOST = 34


def line(
    visit: Visit,
    frame: pl.DataFrame,
    *,
    x: str,
    y: str,
    title: str,
    unit: str,
    by: str | None = None,
    target: float | None = None,
    note: str | None = None,
    shape: str = "linear",
) -> None:
    """One line over time, or one per value of `by` (the four largest); labels stand at the line ends, there is no legend."""
    if _nothing(visit, frame, y, title):
        return
    series = _series(frame, y, by)

    def draw() -> go.Figure:
        figure = canvas()
        for place, (name, rows) in enumerate(series):
            points = rows.drop_nulls(y)
            figure.add_scatter(
                x=rows[x].to_list(),
                y=_floats(rows[y]),
                mode="lines+markers" if points.height <= 16 else "lines",
                line={"width": 2, "shape": shape, "color": inks().series[place]},
                marker={"size": 5},
                connectgaps=False,
                hovertext=[chart_words.point(visit, name, key, value, unit) for key, value in zip(rows[x], rows[y], strict=True)],
                hoverinfo="text",
            )
            if points.height:
                _end_label(figure, visit, points, x, y, unit, name, place)
        if target is not None:
            _target(figure, visit, target, unit)
        figure.update_yaxes(**tick_format(visit, unit), **_range(frame[y], unit, target), nticks=5)
        figure.update_xaxes(nticks=7)
        figure.update_layout(margin_r=96 if by else 60)
        return figure

    _panel(visit, frame, draw, [x, *([by] if by else []), y], {y: unit}, title, unit, chart_words.over_time(visit, series, x, y, unit), note)


def steps(visit: Visit, frame: pl.DataFrame, *, x: str, y: str, title: str, unit: str, by: str | None = None, target: float | None = None, note: str | None = None) -> None:
    """A level that holds until it changes, such as stock on hand."""
    line(visit, frame, x=x, y=y, title=title, unit=unit, by=by, target=target, note=note, shape="hv")


def columns(visit: Visit, frame: pl.DataFrame, *, x: str, y: str, title: str, unit: str, by: str | None = None, note: str | None = None) -> None:
    """Bars over time, stacked by the values of `by` (at most four)."""
    if _nothing(visit, frame, y, title):
        return
    series = _series(frame, y, by)

    def draw() -> go.Figure:
        figure = canvas(barmode="stack", showlegend=by is not None)
        for place, (name, rows) in enumerate(series):
            figure.add_bar(
                x=rows[x].to_list(),
                y=_floats(rows[y]),
                name=name,
                marker={"color": inks().series[place], "line": {"width": 0}},
                hovertext=[chart_words.point(visit, name, key, value, unit) for key, value in zip(rows[x], rows[y], strict=True)],
                hoverinfo="text",
            )
        figure.update_yaxes(**tick_format(visit, unit), rangemode="tozero", nticks=5)
        figure.update_xaxes(nticks=7)
        return figure

    _panel(visit, frame, draw, [x, *([by] if by else []), y], {y: unit}, title, unit, chart_words.over_time(visit, series, x, y, unit), note)


def bars(
    visit: Visit,
    frame: pl.DataFrame,
    *,
    x: str,
    y: str,
    title: str,
    unit: str,
    better: str = "neither",
    worst_first: bool = False,
    limit: int = 12,
    target: float | None = None,
    note: str | None = None,
) -> None:
    """Horizontal bars from zero, the longest first; `worst_first` begins where people must look, by what is better."""
    if _nothing(visit, frame, y, title):
        return
    descending = not (worst_first and better == "higher")
    known = frame.filter(pl.col(y).is_not_null()).sort(y, descending=descending)
    shown = known.head(limit)
    names = [_short(name) for name in shown[x].to_list()]

    def draw() -> go.Figure:
        figure = canvas(height=max(110, 30 + 24 * shown.height))
        figure.add_bar(
            x=_floats(shown[y]),
            y=list(range(shown.height)),
            orientation="h",
            marker={"color": inks().series[0]},
            text=[visit.words.value(value, unit) for value in shown[y]],
            textposition="outside",
            textfont={"color": inks().text, "size": 12},
            cliponaxis=False,
            hovertext=[f"{name}: {visit.words.exact(value, unit)}" for name, value in zip(shown[x], shown[y], strict=True)],
            hoverinfo="text",
        )
        if target is not None:
            figure.add_vline(x=target, line={"color": inks().text, "width": 1.5})
        figure.update_yaxes(tickmode="array", tickvals=list(range(shown.height)), ticktext=names, autorange="reversed", showgrid=False)
        figure.update_xaxes(showticklabels=False, showline=False, showgrid=False, **_room(shown[y]))
        return figure

    more = f"{known.height - shown.height} more in the table." if known.height > shown.height else ""
    said = " ".join(part for part in (note or "", more) if part) or None
    _panel(visit, known, draw, [x, y, *_evidence(frame)], {y: unit}, title, unit, chart_words.ranked(visit, shown, x, y, unit), said)


def heat(
    visit: Visit, frame: pl.DataFrame, *, x: str, y: str, z: str, title: str, unit: str, better: str = "neither", middle: float | None = None, note: str | None = None
) -> None:
    """A grid of numbers, coloured away from `middle` (orange is worse, blue is better), or by size where nothing is better."""
    if _nothing(visit, frame, z, title):
        return
    wide = frame.pivot(on=x, index=y, values=z, sort_columns=True, maintain_order=True)
    across = [column for column in wide.columns if column != y]
    grid = [[None if value is None else float(value) for value in row] for row in wide.select(across).iter_rows()]

    def draw() -> go.Figure:
        ink = inks()
        two_sided = middle is not None and better != "neither"
        colours = ink.diverging if better != "lower" else tuple(reversed(ink.diverging))
        figure = canvas(height=max(140, 60 + 26 * wide.height))
        figure.add_heatmap(
            z=grid,
            x=[chart_words.heading(visit, column) for column in across],
            y=[_short(name) for name in wide[y].to_list()],
            text=[["" if value is None else visit.words.value(value, unit) for value in row] for row in grid],
            texttemplate="%{text}",
            textfont={"size": 11},
            colorscale=scale(colours if two_sided else ink.sequential),
            zmid=middle if two_sided else None,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="%{y}, %{x}: %{text}<extra></extra>",
        )
        figure.update_yaxes(autorange="reversed", showgrid=False)
        figure.update_xaxes(side="top", showline=False, type="category")
        return figure

    _panel(visit, frame, draw, [y, x, z], {z: unit}, title, unit, chart_words.grid(visit, frame, x, y, z, unit), note)


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
    """One dot per category at `y`, with its interval from `low` to `high` where known; `size` makes the dearer dots bigger."""
    if _nothing(visit, frame, y, title):
        return
    shown = frame.filter(pl.col(y).is_not_null()).sort(y, descending=True).head(limit)
    places = list(range(shown.height))

    def draw() -> go.Figure:
        ink = inks()
        figure = canvas(height=max(130, 50 + 24 * shown.height))
        if low and high:
            for place, first, last in zip(places, _floats(shown[low]), _floats(shown[high]), strict=True):
                figure.add_scatter(x=[first, last], y=[place, place], mode="lines", line={"color": ink.series[3], "width": 3}, hoverinfo="skip")
        figure.add_scatter(
            x=_floats(shown[y]),
            y=places,
            mode="markers",
            marker={"color": ink.series[0], "size": _sizes(shown, size)},
            hovertext=[f"{name}: {visit.words.value(value, unit)}" for name, value in zip(shown[x], shown[y], strict=True)],
            hoverinfo="text",
        )
        figure.update_yaxes(tickmode="array", tickvals=places, ticktext=[_short(name) for name in shown[x]], autorange="reversed", showgrid=False)
        figure.update_xaxes(**tick_format(visit, unit), showgrid=True, nticks=6, rangemode="tozero")
        return figure

    picked = [x, y, *(column for column in (low, high, size) if column)]
    units = {column: unit for column in (y, low, high) if column}
    _panel(visit, shown, draw, picked, units, title, unit, chart_words.ranked(visit, shown, x, y, unit), note)


def spread(visit: Visit, frame: pl.DataFrame, *, x: str, low: str, middle: str, high: str, title: str, unit: str, note: str | None = None) -> None:
    """Where the middle lies and how far it spreads, per category."""
    dots(visit, frame, x=x, y=middle, low=low, high=high, title=title, unit=unit, note=note)


def _panel(visit: Visit, frame: pl.DataFrame, draw: Any, picked: Sequence[str], units: dict[str, str], title: str, unit: str, alt: str, note: str | None) -> None:
    kinds = {column: units.get(column) or unit_of(column) for column in picked}
    panel(visit, frame, draw, title=title, unit=unit, alt=f"{title}. {alt}", columns=list(dict.fromkeys(picked)), units=kinds, note=note)


def _nothing(visit: Visit, frame: pl.DataFrame, y: str, title: str) -> bool:
    """Whether there is no point to draw; if so, says so under the chart's title."""
    if frame.height and y in frame.columns and frame[y].null_count() < frame.height:
        return False
    import streamlit as st

    name = "".join(letter if letter.isalnum() else "_" for letter in title.lower())[:60]
    with st.container(key=f"panel_{name}"):
        look.title(title)
        empty.nothing(visit, "No data in this period.", key=name)
    return True


def _series(frame: pl.DataFrame, y: str, by: str | None) -> list[tuple[str, pl.DataFrame]]:
    """Name and rows of each series, the largest first."""
    if by is None:
        return [("", frame)]
    sums = frame.group_by(by).agg(pl.col(y).cast(pl.Float64).sum().alias("weight")).sort("weight", descending=True).head(SERIES_AT_MOST)
    return [(str(name), frame.filter(pl.col(by) == name)) for name in sums[by].to_list() if name is not None]


def _end_label(figure: go.Figure, visit: Visit, points: pl.DataFrame, x: str, y: str, unit: str, name: str, place: int) -> None:
    last = points.row(-1, named=True)
    text = f"{_short(name, 14)} {visit.words.value(last[y], unit)}" if name else visit.words.value(last[y], unit)
    figure.add_annotation(
        x=last[x], y=float(last[y]), text=text, showarrow=False, xanchor="left", xshift=8, font={"size": 12, "color": inks().series[place]}
    )


def _target(figure: go.Figure, visit: Visit, target: float, unit: str) -> None:
    ink = inks()
    figure.add_hline(y=target, line={"color": ink.muted, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=0, xref="paper", y=target, text=f"target {visit.words.value(target, unit)}", showarrow=False, yshift=9, xanchor="left", font={"size": 11, "color": ink.muted}
    )


def _range(values: pl.Series, unit: str, target: float | None) -> dict[str, Any]:
    """Lines of shares may leave zero out, so that a change of a point can be seen; everything else starts at zero."""
    if unit != "share":
        return {"rangemode": "tozero"}
    known = [value for value in _floats(values) if value is not None] + ([target] if target is not None else [])
    low, high = min(known), max(known)
    edge = max((high - low) * 0.2, 0.01)
    return {"range": [max(0.0, low - edge), min(1.005, high + edge)]}


def _room(values: pl.Series) -> dict[str, Any]:
    """Room for the labels at the bar ends."""
    known = [value for value in _floats(values) if value is not None]
    low, high = min(0.0, min(known)), max(0.0, max(known))
    width = (high - low) or 1
    return {"range": [low - (0.2 * width if low < 0 else 0), high + 0.2 * width]}


def _floats(values: pl.Series) -> list[float | None]:
    return values.cast(pl.Float64).to_list()


def _sizes(shown: pl.DataFrame, size: str | None) -> list[float] | int:
    if not size:
        return 10
    weights = [value or 0 for value in _floats(shown[size])]
    largest = max(weights) or 1
    return [8 + 16 * (weight / largest) ** 0.5 for weight in weights]


def _evidence(frame: pl.DataFrame) -> list[str]:
    return [column for column in ("numerator", "denominator", "row_count") if column in frame.columns]


def _short(name: Any, longest: int = LABEL_AT_MOST) -> str:
    text = "not known" if name is None else str(name)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
