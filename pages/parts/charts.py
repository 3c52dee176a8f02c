"""Pictures of rows: one function per question, each with a title that says who, what and in which unit."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from pages.parts import chart_panel, chart_words
from pages.parts.chart_look import canvas, floats, inks, tick_format, time_axis
from pages.parts.chart_marks import diagonal, dots, heat, spread
from pages.parts.page import Visit

__all__ = ["bars", "columns", "diagonal", "dots", "heat", "line", "spread", "steps"]
SERIES_AT_MOST = 4
OTHERS = "others"
LABEL_PIXELS, PLOT_PIXELS = 15, 180
LABEL_LETTER, LABEL_GAP = 6.8, 12  # pixels of a letter beside a bar or line, and of the space before the edge
Series = Sequence[tuple[str, pl.DataFrame]]


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
    target_name: str = "target",
    note: str | None = None,
    shape: str = "linear",
) -> None:
    """One line over time, or one per value of `by` (the four largest); labels stand at the line ends, not in a legend."""
    if chart_panel.is_empty(frame, y, title):
        return
    series = _series(frame, y, by)

    def draw() -> go.Figure:
        figure = canvas()
        low, high = _range(frame[y], unit, target)
        for place, (name, rows) in enumerate(series):
            figure.add_scatter(
                x=rows[x].to_list(),
                y=floats(rows[y]),
                mode="lines+markers" if rows.height <= 16 else "lines",
                line={"width": 2, "shape": shape, "color": inks().series[place]},
                marker={"size": 5},
                connectgaps=False,
                cliponaxis=False,
                hovertext=_hover(visit, name, rows, x, y, unit),
                hoverinfo="text",
            )
        if target is not None:
            figure.add_hline(y=target, line={"color": inks().muted, "width": 1, "dash": "dot"})
        marked = (target_name, target) if target is not None else None
        longest = _label_ends(figure, visit, series, y, unit=unit, span=(low, high), target=marked)
        figure.update_yaxes(**tick_format(unit), range=[low, high], nticks=5)
        figure.update_xaxes(**time_axis(visit, frame[x]), range=_width(frame[x]))
        figure.update_layout(margin_r=18 + round(LABEL_LETTER * longest))
        return figure

    left_out = frame[by].drop_nulls().n_unique() - SERIES_AT_MOST if by else 0
    said = _sentences(note, f"The {SERIES_AT_MOST} largest; {left_out} more are in the table." if left_out > 0 else "")
    alt = chart_words.over_time(visit, series, x, y, unit)
    shown = [x, *([by] if by else []), y, *_evidence(frame)]
    chart_panel.show(
        visit, chart_panel.Picture(title, unit, frame, shown, alt, {y: unit}, said, (x, y, by, target, shape)), draw
    )


def steps(
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
) -> None:
    """A level that holds until it changes, such as stock on hand."""
    line(visit, frame, x=x, y=y, title=title, unit=unit, by=by, target=target, note=note, shape="hv")


def columns(
    visit: Visit,
    frame: pl.DataFrame,
    *,
    x: str,
    y: str,
    title: str,
    unit: str,
    by: str | None = None,
    order: Sequence[str] | None = None,
    note: str | None = None,
) -> None:
    """Bars over time, stacked by the values of `by` in `order`, else the three largest and all others where there are more than four."""
    if chart_panel.is_empty(frame, y, title):
        return
    series = _stacked(_series(_with_others(frame, x, y, by), y, by), order)

    def draw() -> go.Figure:
        figure = canvas(barmode="stack", showlegend=by is not None, legend_traceorder="normal")
        for place, (name, rows) in enumerate(series):
            figure.add_bar(
                x=rows[x].to_list(),
                y=floats(rows[y]),
                name=chart_words.short(name, 20),
                marker={
                    "color": inks().series[order.index(name) if order else place],
                    "line": {"width": 0},
                    "pattern": _hatched(rows),
                },
                hovertext=_hover(visit, name, rows, x, y, unit),
                hoverinfo="text",
                textposition="none",
            )
        figure.update_yaxes(**tick_format(unit), rangemode="tozero", nticks=5)
        figure.update_xaxes(**time_axis(visit, frame[x]))
        return figure

    whole = tuple(frame["is_whole"]) if "is_whole" in frame.columns else ()
    said = _sentences(note, "" if all(whole) else "Hatched: the chosen dates cut this stretch short.")
    alt = chart_words.over_time(visit, series, x, y, unit)
    shown = [x, *([by] if by else []), y, *_evidence(frame)]
    chart_panel.show(
        visit,
        chart_panel.Picture(title, unit, frame, shown, alt, {y: unit}, said, (x, y, by, tuple(order or ()), whole)),
        draw,
    )


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
    if chart_panel.is_empty(frame, y, title):
        return
    known = frame.filter(pl.col(y).is_not_null()).sort(y, descending=not (worst_first and better == "higher"))
    drawable = known.filter(pl.col(y) != 0) if unit in ("money", "qty", "count") and (known[y] != 0).any() else known
    shown = drawable.head(limit)
    places = list(range(shown.height))
    said_at_ends = [visit.words.value(value, unit) for value in shown[y]]

    def draw() -> go.Figure:
        ink = inks()
        figure = canvas(height=26 + 24 * shown.height)
        figure.add_bar(
            x=floats(shown[y]),
            y=places,
            orientation="h",
            marker={"color": ink.series[0]},
            text=said_at_ends,
            textposition="outside",
            textfont={"color": ink.text, "size": 12},
            cliponaxis=False,
            hovertext=[
                chart_words.named(visit, name, value, unit) for name, value in zip(shown[x], shown[y], strict=True)
            ],
            hoverinfo="text",
        )
        if target is not None:
            figure.add_vline(x=target, line={"color": ink.text, "width": 1.5})
        names = [chart_words.short(name) for name in shown[x]]
        figure.update_yaxes(tickmode="array", tickvals=places, ticktext=names, autorange="reversed", showgrid=False)
        figure.update_xaxes(showticklabels=False, showline=False, showgrid=False, range=_room(shown[y]))
        figure.update_layout(margin_r=LABEL_GAP + _label_width(said_at_ends))
        return figure

    left, at_nought = drawable.height - shown.height, known.height - drawable.height
    nought = f"{at_nought} more at {visit.words.value(0, unit)}." if at_nought else ""
    said = _sentences(note, f"{left} more in the table." if left else "", nought)
    alt = chart_words.ranked(visit, shown, x, y, unit)
    picture = chart_panel.Picture(
        title, unit, known, [x, y, *_evidence(frame)], alt, {y: unit}, said, (x, y, limit, target)
    )
    chart_panel.show(visit, picture, draw)


def _series(frame: pl.DataFrame, y: str, by: str | None) -> list[tuple[str, pl.DataFrame]]:
    """Name and rows of each series, the largest first, at most four."""
    if by is None:
        return [("", frame)]
    sums = (
        frame.group_by(by)
        .agg(pl.col(y).cast(pl.Float64).sum().alias("weight"))
        .sort("weight", by, descending=[True, False])
    )
    return [(str(name), frame.filter(pl.col(by) == name)) for name in sums[by].drop_nulls().head(SERIES_AT_MOST)]


def _with_others(frame: pl.DataFrame, x: str, y: str, by: str | None) -> pl.DataFrame:
    """Beyond four parts, the smaller ones summed as `others`: a stack must still reach its total."""
    if by is None or frame[by].n_unique() <= SERIES_AT_MOST:
        return frame
    kept = [name for name, _ in _series(frame, y, by)[: SERIES_AT_MOST - 1]]
    named = frame.with_columns(pl.when(pl.col(by).is_in(kept)).then(pl.col(by)).otherwise(pl.lit(OTHERS)).alias(by))
    whole = [pl.col("is_whole").all()] if "is_whole" in frame.columns else []
    return named.group_by(x, by, maintain_order=True).agg(pl.col(y).cast(pl.Float64).sum(), *whole)


def _stacked(series: list[tuple[str, pl.DataFrame]], order: Sequence[str] | None) -> list[tuple[str, pl.DataFrame]]:
    """The parts of a stack from the axis up: as ordered, else the largest first; what is summed as others always lies on top."""
    return sorted(series, key=lambda one: order.index(one[0]) if order else one[0] == OTHERS)


def _hatched(rows: pl.DataFrame) -> dict[str, Any]:
    """A pattern for stretches that are not whole, so that a short week is not read as a fall."""
    if "is_whole" not in rows.columns:
        return {}
    return {"shape": ["" if whole else "/" for whole in rows["is_whole"]], "size": 6, "solidity": 0.45}


def _sentences(*parts: str | None) -> str | None:
    return " ".join(part for part in parts if part) or None


def _hover(visit: Visit, name: str, rows: pl.DataFrame, x: str, y: str, unit: str) -> list[str]:
    return [chart_words.point(visit, name, key, value, unit) for key, value in zip(rows[x], rows[y], strict=True)]


def _label_ends(
    figure: go.Figure,
    visit: Visit,
    series: Series,
    y: str,
    *,
    unit: str,
    span: tuple[float, float],
    target: tuple[str, float] | None,
) -> int:
    """Name and last value at the end of each line, and the target's, moved apart; gives the length of the longest."""
    ink = inks()
    labels = [(target[1], f"{target[0]} {visit.words.value(target[1], unit)}", ink.muted)] if target else []
    for place, (name, rows) in enumerate(series):
        if known := rows.drop_nulls(y)[y].to_list():
            said = visit.words.value(known[-1], unit)
            text = f"{chart_words.short(name, 12)} {said}" if name else said
            labels.append((float(known[-1]), text, ink.series[place]))
    needed = (span[1] - span[0]) * LABEL_PIXELS / PLOT_PIXELS
    level = span[0] - needed
    for height, text, colour in sorted(labels):
        level = max(height, level + needed)
        font = {"size": 12, "color": colour}
        figure.add_annotation(
            x=1, xref="paper", y=level, text=text, showarrow=False, xanchor="left", xshift=6, font=font
        )
    return max((len(text) for _, text, _ in labels), default=0)


def _range(values: pl.Series, unit: str, target: float | None) -> tuple[float, float]:
    """Lines of shares may leave zero out, so that a change of a point can be seen; everything else starts at zero."""
    known = [value for value in floats(values) if value is not None] + ([target] if target is not None else [])
    low, high = min(known), max(known)
    if unit != "share":
        edge = (high - low) * 0.12 or abs(high) * 0.12 or 1
        return (low - edge if low < 0 else 0.0), max(high + edge, 0.0)
    edge = max((high - low) * 0.15, 0.01)
    return (low - edge if low < 0 else max(0.0, low - edge)), min(1.005, high + edge) if high <= 1 else high + edge


def _width(moments: pl.Series) -> list[Any] | None:
    """From the first to the last moment, so that labels at the line ends stand outside."""
    return [moments.min(), moments.max()] if moments.n_unique() > 1 else None


def _room(values: pl.Series) -> list[float]:
    """From zero, with room for labels at the ends of bars below it; those above it have the right margin, however narrow the screen."""
    known = [value for value in floats(values) if value is not None]
    low, high = min(0.0, *known), max(0.0, *known)
    width = (high - low) or 1
    return [low - (0.28 * width if low < 0 else 0), high if high > low else 1.0]


def _label_width(labels: Sequence[str]) -> int:
    """Pixels that the longest of these labels takes."""
    return round(LABEL_LETTER * max(map(len, labels), default=0))


def _evidence(frame: pl.DataFrame) -> list[str]:
    """What a governed cut brings along, for the table twin."""
    return [column for column in ("numerator", "denominator", "row_count") if column in frame.columns]
