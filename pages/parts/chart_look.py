"""How charts look: two Plotly templates made from the theme, quiet axes, and a panel with a table twin."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from pages.parts import export, look
from pages.parts.grid import grid
from pages.parts.page import Visit
from pages.parts.tokens import Tokens, appearance, tokens

HEIGHT = 240
CONFIG = {"displayModeBar": False, "displaylogo": False, "scrollZoom": False, "doubleClick": False, "responsive": True, "locale": "en"}
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
            "hoverlabel": {"bgcolor": ink.panel, "bordercolor": ink.border, "font": {"family": FONT, "color": ink.text, "size": 12}},
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12, "color": ink.text}},
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


def tick_format(visit: Visit, unit: str) -> dict[str, Any]:
    """Axis settings that write ticks in a unit."""
    if unit == "share":
        return {"tickformat": ".0%"}
    if unit in ("money", "qty", "count", "per_unit"):
        return {"tickformat": "~s" if unit != "per_unit" else ",.2f"}
    return {"tickformat": ",~r"}


def axis_unit(visit: Visit, unit: str) -> str:
    """What a chart's title says about its unit."""
    known = {"money": visit.company.reporting_currency, "per_unit": f"{visit.company.reporting_currency} per unit", "qty": "units", "share": "%", "count": ""}
    return known.get(unit, unit)


def panel(
    visit: Visit,
    frame: pl.DataFrame,
    draw: Callable[[], go.Figure],
    *,
    title: str,
    unit: str,
    alt: str,
    columns: Sequence[str],
    units: Mapping[str, str],
    note: str | None = None,
) -> None:
    """A chart in a panel with its title, its sentence for those who cannot see it, its table twin and its download."""
    name = "".join(letter if letter.isalnum() else "_" for letter in title.lower())[:60]
    with st.container(key=f"panel_{name}"):
        _panel(visit, frame, draw, title, unit, alt, tuple(columns), dict(units), note, name)


@st.fragment
def _panel(visit, frame, draw, title, unit, alt, columns, units, note, name) -> None:
    look.title(title, f"in {said}" if (said := axis_unit(visit, unit)) and unit != "share" else "")
    twin = st.session_state.get(f"twin_{name}", False)
    shown = frame.select([column for column in columns if column in frame.columns])
    if twin:
        grid(visit, shown, key=f"twin_table_{name}", alt=title, units=units, height=HEIGHT)
    else:
        st.plotly_chart(draw(), theme=None, config=CONFIG, key=f"chart_{name}", alt=alt)
    if note:
        look.note(note)
    with st.container(horizontal=True, gap="small", key=f"tools_{name}"):
        st.button("Chart" if twin else "Table", key=f"turn_{name}", icon=":material/bar_chart:" if twin else ":material/table:", type="tertiary",
                  on_click=_turn, args=(f"twin_{name}",))
        export.buttons(visit, shown, name=name, title=title, key=f"export_{name}")


def _turn(key: str) -> None:
    st.session_state[key] = not st.session_state.get(key, False)
