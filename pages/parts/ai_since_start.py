"""The effect by weeks since AI began: near nought before, where the comparison is fair, and what it became after."""

from typing import Any

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from models.ai_economics.did import BROKEN_P, ODD_P
from models.ai_economics.effect_weeks import BLOCK_WEEKS
from pages.parts import chart_panel, empty, look
from pages.parts.ask import has_rows, mart
from pages.parts.chart_look import canvas, faded, floats, inks, tick_format
from pages.parts.page import Visit
from pages.parts.words import Words

WEEKS = "scores.ai_effect_weeks"
COLUMNS = ["week_no", "effect_number", "low_number", "high_number", "is_before"]
SHARES, COST = ("error share", "wrong commitment share"), "cost per case"
BY_CASES = {
    "randomised": "Cases of the same site and week got AI by lot, so no weeks before are needed: the points show whether the effect lasts.",
    "observed": "People chose which cases got AI, so the points show a difference, and not for certain what AI caused.",
}
READ_AS = "Each point is four weeks, its line the 95% interval of that point alone; minus means less of it."
NOTHING = (
    "No week since the start can be compared with work without AI at the same time, so there is no picture over time."
)


def draw(visit: Visit, row: dict[str, Any]) -> None:
    """The picture of one effect by weeks since the start; without such weeks, why there is none.

    Args:
        row: of scores.ai_effects.
    """
    measure = str(row["measure_name"])
    title = f"{measure.capitalize()}: with AI against without, by weeks since the start"
    where = {"use_case_id": row["use_case_id"], "measure_name": measure}
    found = mart(visit, WEEKS, where=where, order_by=("week_no",)) if has_rows(visit, WEEKS) else pl.DataFrame()
    if not found.height:
        with st.container(key="panel_ai_since_start"):
            look.title(title)
            empty.nothing(NOTHING, key="ai_since_start")
        return
    unit = "share" if measure in SHARES else "money" if measure == COST else "number"
    told = read(found, row, visit.words)

    def drawing() -> go.Figure:
        return _figure(visit, found, measure, unit, is_over_time=bool(found["is_before"].any()))

    units = dict.fromkeys(("effect_number", "low_number", "high_number"), unit) | {"week_no": "number"}
    note = f"{told} {READ_AS}"
    picture = chart_panel.Picture(title, unit, found, COLUMNS, told, units, note, ("since start", row["design_code"]))
    chart_panel.show(visit, picture, drawing)


def read(found: pl.DataFrame, row: dict[str, Any], words: Words) -> str:
    """What a reader sees, in sentences: whether it was flat before the start, and whether the effect is there after it.

    Args:
        found: points with effect_number, low_number, high_number and is_before.
        row: the effect that they are of, with design_code and before_p_share.

    >>> points = pl.DataFrame(
    ...     {
    ...         "effect_number": [0.1, -4.0, -4.2],
    ...         "low_number": [-0.5, -4.5, -4.9],
    ...         "high_number": [0.7, -3.5, -3.5],
    ...         "is_before": [True, False, False],
    ...     }
    ... )
    >>> words = Words("en_GB", "EUR", "UTC")
    >>> read(points, {"design_code": "staggered", "before_p_share": 0.6}, words)[:75]
    'Flat before the start, so the comparison is fair: 1 of 1 point holds nought'
    """
    before, after = found.filter("is_before"), found.filter(~pl.col("is_before"))
    said = [_before(before, row, words) if before.height else BY_CASES.get(row["design_code"], "")]
    known = after.drop_nulls(["low_number", "high_number"])
    for word, is_so in (("below", known["high_number"] < 0), ("above", known["low_number"] > 0)):
        if count := int(is_so.sum()):
            said.append(
                f"Since the start {words.count(count)} of {words.plural(after.height, 'point')} lie wholly {word} nought."
            )
    if len(said) == 1 and after.height:
        said.append("Since the start no point lies wholly off nought.")
    return " ".join(filter(None, said))


def _before(before: pl.DataFrame, row: dict[str, Any], words: Words) -> str:
    """Whether those that began and those compared with moved alike before the start, by the test of all weeks together."""
    holds = int(((before["low_number"] <= 0) & (before["high_number"] >= 0)).sum())
    many = f"{words.count(holds)} of {words.plural(before.height, 'point')} {'holds' if holds == 1 else 'hold'} nought"
    if row["before_p_share"] is None:
        return f"Before the start {many}; whether that is flat cannot be told."
    chance = words.share(row["before_p_share"])
    if BROKEN_P <= row["before_p_share"] < ODD_P:
        return (
            f"Hardly flat before the start: {many}, yet taken together the weeks went somewhat apart (chance {chance})."
        )
    if row["before_p_share"] < BROKEN_P:
        apart = f"taken together the weeks went apart already (chance {chance})"
        return f"Not flat before the start: {apart}, so the difference later is not all AI's."
    return f"Flat before the start, so the comparison is fair: {many}."


def _figure(visit: Visit, found: pl.DataFrame, measure: str, unit: str, *, is_over_time: bool) -> go.Figure:
    """Points with their intervals over weeks since the start; the weeks before it shaded, nought as a line."""
    ink, figure = inks(), canvas(height=280)
    first, last = int(found["week_no"].min()), int(found["week_no"].max()) + BLOCK_WEEKS  # type: ignore[arg-type]  # weeks are whole
    for is_before, colour in ((True, ink.muted), (False, ink.series[0])):
        points = found.filter(pl.col("is_before") == is_before)
        effect, low, high = (floats(points[name]) for name in ("effect_number", "low_number", "high_number"))
        figure.add_scatter(
            x=[week + BLOCK_WEEKS / 2 for week in points["week_no"]],
            y=effect,
            mode="markers",
            marker={"size": 8, "color": colour, "symbol": "circle-open" if is_before else "circle"},
            error_y={
                "type": "data", "symmetric": False, "color": colour, "thickness": 1.5, "width": 4,
                "array": [_length(at, top) for at, top in zip(effect, high, strict=True)],
                "arrayminus": [_length(bottom, at) for at, bottom in zip(effect, low, strict=True)],
            },
            hovertext=[_said(visit, point, measure) for point in points.iter_rows(named=True)],
            hoverinfo="text",
        )  # fmt: skip
    figure.add_hline(y=0, line={"color": ink.text, "width": 1})
    if is_over_time:
        figure.add_vrect(x0=first, x1=0, fillcolor=faded(ink.muted, 0.10), line={"width": 0}, layer="below")
        figure.add_vline(x=0, line={"color": ink.muted, "width": 1, "dash": "dot"})
        _label(figure, first, "before AI", ink.muted)
        _label(figure, 0, "with AI", ink.series[0])
    figure.update_yaxes(**tick_format(unit), nticks=6)
    step = BLOCK_WEEKS * (1 + (last - first) // (BLOCK_WEEKS * 9))
    ticks = [week for week in range(first, last + 1) if week % step == 0]
    figure.update_xaxes(
        title_text="weeks since the start",
        tickmode="array",
        tickvals=ticks,
        range=[first, last],
        zeroline=False,
    )
    figure.update_layout(margin_t=24)
    return figure


def _label(figure: go.Figure, place: float, text: str, colour: str) -> None:
    font = {"size": 12, "color": colour}
    figure.add_annotation(
        x=place, y=1, yref="paper", yanchor="bottom", xanchor="left", text=text, showarrow=False, font=font
    )


def _length(low: float | None, high: float | None) -> float:
    """The length of half an interval; none where an end is not known."""
    return 0.0 if low is None or high is None else max(high - low, 0.0)


def _said(visit: Visit, point: dict[str, Any], measure: str) -> str:
    """One point under the pointer: `weeks 4 to 7: −4.13 minutes (−4.67 to −3.59)`."""
    weeks = f"weeks {point['week_no']} to {point['week_no'] + BLOCK_WEEKS - 1}"
    return f"{weeks}: {effect({**point, 'measure_name': measure}, visit.words)}"


def effect(row: dict[str, Any], words: Words) -> str:
    """An effect with its interval in the unit of its measure: `−3.1 minutes (−3.6 to −2.7)`."""
    name = str(row["measure_name"])
    ends = (amount(row[end], name, words, is_bare=True) for end in ("low_number", "high_number"))
    return f"{amount(row['effect_number'], name, words)} ({' to '.join(ends)})"


def amount(number: float | None, measure: str, words: Words, *, is_bare: bool = False) -> str:
    """A figure of a measure in its unit: minutes, percentage points of a share, or money; `is_bare` leaves minutes and points unsaid.

    >>> words = Words("en_GB", "EUR", "UTC")
    >>> (
    ...     amount(-0.0149, "error share", words),
    ...     amount(2.0, "cost per case", words),
    ...     amount(1.04, "minutes per case", words),
    ... )
    ('−1.49 points', '€2.00', '1.04 minutes')
    """
    if number is None:
        return "not known"
    if measure == COST:
        return words.money(number)
    said = words.number(number * (100.0 if measure in SHARES else 1.0), places=2)
    return said if is_bare else f"{said}{' points' if measure in SHARES else ' minutes'}"
