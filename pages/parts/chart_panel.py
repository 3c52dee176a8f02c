"""The panel around a chart: its title, its sentence for those who cannot see it, its table twin and its download."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from pages.parts import empty, export, look, sensitive
from pages.parts.chart_look import CONFIG, HEIGHT, axis_unit
from pages.parts.grid import grid
from pages.parts.kept import Kept
from pages.parts.page import Visit
from pages.parts.tokens import appearance

DRAWINGS: Kept[go.Figure] = Kept(at_most=500)


@dataclass(frozen=True)
class Picture:
    """What a chart shows, apart from its drawing.

    Args:
        rows: the rows that are drawn, and that the table twin shows.
        columns: which of their columns.
        units: column → unit, where the column's name does not tell it.
        alt: the chart in a sentence.
        drawn_by: everything else that the drawing depends on; the same picture is drawn once and then kept.
    """

    title: str
    unit: str
    rows: pl.DataFrame
    columns: Sequence[str]
    alt: str
    units: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None
    drawn_by: tuple[Hashable, ...] = ()

    @property
    def name(self) -> str:
        """The title as a key; two charts of one page must not have the same title."""
        return key_of(self.title)


def show(visit: Visit, picture: Picture, draw: Callable[[], go.Figure]) -> None:
    """Draws the panel; turning it to its table reruns the panel alone."""
    with st.container(key=f"panel_{picture.name}", height="stretch"):
        _panel(visit, picture, draw)


def is_empty(frame: pl.DataFrame, y: str, title: str) -> bool:
    """Whether there is no point to draw; if so, says so under the chart's title."""
    if frame.height and y in frame.columns and frame[y].null_count() < frame.height:
        return False
    with st.container(key=f"panel_{key_of(title)}", height="stretch"):
        look.title(title)
        empty.nothing("No data for this picture with these filters.", key=key_of(title))
    return True


def key_of(title: str) -> str:
    """A title as a key for widgets and file names.

    >>> key_of("Fill rate, by site (%)")
    'fill_rate_by_site'
    """
    return "_".join("".join(letter if letter.isalnum() else " " for letter in title.lower()).split())[:60]


@st.fragment
def _panel(visit: Visit, picture: Picture, draw: Callable[[], go.Figure]) -> None:
    name, turned = picture.name, st.session_state.get(f"turned_{picture.name}", False)
    look.title(picture.title, axis_unit(visit, picture.unit))
    columns = [column for column in dict.fromkeys(picture.columns) if column in picture.rows.columns]
    shown = picture.rows.select(columns)
    left_out = sensitive.said(visit, columns)
    if left_out:
        look.note(left_out)
    if turned:
        grid(visit, shown, key=f"twin_{name}", alt=picture.title, units=picture.units, height=HEIGHT)
    elif not left_out:
        drawing = DRAWINGS.get(_key(visit, picture, shown, draw), draw)
        st.plotly_chart(drawing, theme=None, config=CONFIG, key=f"chart_{name}", alt=f"{picture.title}. {picture.alt}")
    if picture.note:
        look.note(picture.note)
    with st.container(horizontal=True, gap="small", key=f"tools_{name}"):
        icon = ":material/bar_chart:" if turned else ":material/table:"
        label = "Chart" if turned else "Table"
        st.button(label, key=f"turn_{name}", icon=icon, type="tertiary", on_click=_turn, args=(f"turned_{name}",))
        kinds = ("csv", "xlsx") if turned else ("csv",)
        export.buttons(
            visit, shown, name=name, title=picture.title, key=f"export_{name}", kinds=kinds, units=picture.units
        )


def _key(visit: Visit, picture: Picture, shown: pl.DataFrame, draw: Callable[[], go.Figure]) -> Hashable:
    """What a drawing depends on: kind, options, rows, the company's way of writing, and light or dark."""
    rows = (tuple(shown.columns), shown.hash_rows(seed=7).to_numpy().tobytes())
    return draw.__qualname__, picture.unit, picture.drawn_by, rows, visit.words, appearance()


def _turn(key: str) -> None:
    st.session_state[key] = not st.session_state.get(key, False)
