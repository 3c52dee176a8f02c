"""Definitions: what does each number mean, who answers for it, and how is it worked out?"""

import polars as pl
import streamlit as st

from metrics.definition import Metric, definitions
from pages.parts import figures, kpi, look, tables
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Definitions",
    question="What exactly does each number mean, who answers for it, and how is it worked out?",
    audience="everybody",
    icon=":material/menu_book:",
    order=30,
)


def render(visit: Visit) -> None:
    """Every metric in one list, and the picked one with its formula, source, caution and worked example."""
    known = definitions()
    rows = [
        {
            "metric": metric.title,
            "question": metric.question,
            "unit": metric.unit,
            "better": metric.better,
            "owner": metric.owner,
            "version": metric.version,
        }
        for metric in known.values()
    ]
    name = st.selectbox(
        "Number", list(known), format_func=lambda key: known[key].title, key="metric", bind="query-params"
    )
    _card(visit, name, known[name])
    labels = {
        "metric": "Number",
        "question": "What it answers",
        "unit": "Unit",
        "better": "Better when",
        "owner": "Owner",
        "version": "Version",
    }
    tables.show(visit, pl.DataFrame(rows), name="definitions", title="All numbers", labels=labels)


def _card(visit: Visit, name: str, metric: Metric) -> None:
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
        tables.small(
            visit,
            pl.DataFrame([{key: _shown(value) for key, value in row.items()} for row in metric.example.rows]),
            title="Worked example",
            units=dict.fromkeys(metric.example.rows[0], "text"),
        )
        look.note(metric.example.arithmetic)
        look.note(f"So {metric.title.lower()} is {_shown(metric.example.value) or 'no data'}.")


def _shown(value: object) -> str:
    return "" if value is None else str(value)
