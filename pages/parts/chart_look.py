"""How charts look: two Plotly templates made from the theme, quiet axes, ticks in the unit of what they show."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import plotly.graph_objects as go
import polars as pl

from pages.parts.page import Visit
from pages.parts.tokens import Tokens, appearance, tokens

HEIGHT = 240
TICKS_AT_MOST = 5
CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "scrollZoom": False,
    "doubleClick": False,
    "responsive": True,
    "locale": "en",
}
FONT = "Inter, system-ui, sans-serif"


@cache
def template(kind: str) -> go.layout.Template:
    """The Plotly template of `light` or `dark`; every colour comes from the theme."""
    ink = tokens(kind)
    axis = {
        "gridcolor": ink.hairline,
        "linecolor": ink.border,
        "zerolinecolor": ink.border,
        "tickcolor": ink.border,
        "tickfont": {"color": ink.muted, "size": 12},
        "title": {"font": {"color": ink.muted, "size": 12}, "standoff": 6},
        "automargin": True,
        "fixedrange": True,
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "color": ink.text, "size": 13},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": list(ink.series),
            "colorscale": {"sequential": scale(ink.sequential), "diverging": scale(ink.diverging)},
            "xaxis": {**axis, "showgrid": False, "showline": True},
            "yaxis": {**axis, "showline": False, "zeroline": False},
            "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
            "showlegend": False,
            "hovermode": "closest",
            "hoverlabel": {
                "bgcolor": ink.panel,
                "bordercolor": ink.border,
                "font": {"family": FONT, "color": ink.text, "size": 12},
            },
            "legend": {
                "orientation": "h",
                "y": 1.02,
                "yanchor": "bottom",
                "x": 0,
                "font": {"size": 12, "color": ink.text},
            },
            "dragmode": False,
            "bargap": 0.28,
        }
    )


def scale(colours: Sequence[str]) -> list[list[Any]]:
    """Evenly spaced stops of a colour scale."""
    return [[place / (len(colours) - 1), colour] for place, colour in enumerate(colours)]


def inks() -> Tokens:
    """The colours of the appearance that this viewer sees now."""
    return tokens(appearance())


def canvas(height: int = HEIGHT, **layout: Any) -> go.Figure:
    """An empty figure in this viewer's appearance."""
    return go.Figure(layout={"template": template(appearance()), "height": height, **layout})


def tick_format(unit: str) -> dict[str, Any]:
    """Axis settings that write ticks in a unit."""
    if unit == "share":
        return {"tickformat": ".0%"}
    if unit in ("money", "qty", "count", "per_unit"):
        return {"tickformat": "~s" if unit != "per_unit" else ",.2f"}
    return {"tickformat": ",~r"}


def time_axis(visit: Visit, moments: pl.Series) -> dict[str, Any]:
    """Axis settings for days: ticks stand on days that are drawn, the year under the first and where it changes."""
    if moments.dtype != pl.Date:
        return {"nticks": 7}
    days = moments.drop_nulls().unique().sort().to_list()
    ticks = days[:: max(1, -(-len(days) // TICKS_AT_MOST))]
    said, year = [], None
    for day in ticks:
        name = visit.words.month(day) if all(each.day == 1 for each in days) else visit.words.day(day)
        said.append(f"{name}<br>{day.year}" if day.year != year else name)
        year = day.year
    return {"tickmode": "array", "tickvals": ticks, "ticktext": said, "tickangle": 0}


def axis_unit(visit: Visit, unit: str) -> str:
    """What a chart's title says about its unit; nothing where every number says it itself."""
    currency = visit.company.reporting_currency
    known = {
        "money": f"in {currency}",
        "per_unit": f"in {currency} per unit",
        "qty": "in units",
        "days": "in days",
        "hours": "in hours",
    }
    return known.get(unit, "")


def floats(values: pl.Series) -> list[float | None]:
    """Numbers as Plotly takes them; missing stays missing."""
    return values.cast(pl.Float64).to_list()


def colour_at(colours: Sequence[str], share: float) -> str:
    """The colour at a place between the first (0) and the last (1) of a scale.

    >>> colour_at(["#000000", "#ffffff"], 0.5)
    '#808080'
    """
    place = min(max(share, 0.0), 1.0) * (len(colours) - 1)
    first = min(int(place), len(colours) - 2)
    pairs = zip(_channels(colours[first]), _channels(colours[first + 1]), strict=True)
    return "#" + "".join(f"{round(low + (high - low) * (place - first)):02x}" for low, high in pairs)


def readable_on(background: str) -> str:
    """Black or white, whichever can be read on that colour; softer inks would fail on the colours in the middle."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, background))


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two colours, 1 to 21.

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (value / 255 for value in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def faded(colour: str, strength: float) -> str:
    """A colour that lets through what lies under it.

    >>> faded("#0b5cad", 0.2)
    'rgba(11,92,173,0.2)'
    """
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{strength})"
