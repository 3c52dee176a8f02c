"""What one number means: its formula, its source, what to mind, and the example that anybody can work out by hand."""

import polars as pl
import streamlit as st

from metrics.definition import Metric
from pages.parts import figures, kpi, look, tables
from pages.parts.page import Visit


def card(visit: Visit, name: str, metric: Metric) -> None:
    """Draws the definition, the value in this build with its receipt, and the example beside it."""
    left, right = st.columns([3, 2])
    with left, st.container(key="panel_definition"):
        look.title(metric.title, f"version {metric.version}")
        look.pairs(
            {
                "Question": metric.question,
                "Formula": metric.formula,
                "Rows that count": metric.where or "all",
                "Rows without these do not count": ", ".join(metric.needs) or "–",
                "Read from": metric.reads,
                "Cut by": ", ".join(metric.dimensions),
                "Owner": metric.owner,
                "Source": metric.source,
                "Mind": metric.caution,
                "Needs extracts": "; ".join(
                    f"{extract}: {', '.join(columns)}" for extract, columns in metric.extracts.items()
                ),
            }
        )
        if visit.build is not None:
            now = figures.figure(visit, name)
            shown = visit.words.value(now.value, now.unit, now.because)
            kpi.number(visit, now, key=f"now_{name}", label=f"In this build: {shown}")
    with right, st.container(key="panel_example"):
        names = list(dict.fromkeys(key for row in metric.example.rows for key in row))
        rows = pl.DataFrame([{key: _shown(row.get(key)) for key in names} for row in metric.example.rows])
        tables.small(visit, rows, title="Worked example", units=dict.fromkeys(names, "text"))
        look.note(metric.example.arithmetic)
        look.note(f"So {metric.title.lower()} is {_shown(metric.example.value) or 'no data'}.")


def _shown(value: object) -> str:
    return "" if value is None else str(value)
