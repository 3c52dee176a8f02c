"""Governed numbers as pictures, two beside each other: over time, or cut by something and the worst first."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from metrics.definition import definition
from pages.parts import charts
from pages.parts.chosen import Chosen
from pages.parts.figures import measure
from pages.parts.page import Visit
from pages.parts.trends import trend


@dataclass(frozen=True)
class Picture:
    """One metric as a picture: over time without `by` (a line, or bars for a flow), else cut by that column."""

    metric: str
    title: str
    by: str | None = None
    is_flow: bool = False


def pictures(visit: Visit, chosen: Chosen, shown: Sequence[Picture]) -> None:
    """Draws the pictures, two in a row; unit and which way is better come from the definition."""
    for place in range(0, len(shown), 2):
        for column, picture in zip(st.columns(2), shown[place : place + 2], strict=False):
            with column:
                _draw(visit, chosen, picture)


def _draw(visit: Visit, chosen: Chosen, picture: Picture) -> None:
    metric = definition(picture.metric)
    if picture.by is None:
        draw = charts.columns if picture.is_flow else charts.line
        moments = trend(visit, metric.name, chosen)
        draw(visit, moments, x="period_start_date", y="value", title=picture.title, unit=metric.unit)
        return
    parts = measure(visit, metric.name, by=(picture.by,), chosen=chosen)
    worst_first = metric.better != "neither"
    charts.bars(
        visit,
        parts,
        x=picture.by,
        y="value",
        title=picture.title,
        unit=metric.unit,
        better=metric.better,
        worst_first=worst_first,
    )
