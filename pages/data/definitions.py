"""Definitions: what does each number mean, who answers for it, and how is it worked out?"""

import polars as pl
import streamlit as st

from metrics.definition import definitions
from pages.parts import asked_number, meaning, tables
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Definitions",
    question="What exactly does each number mean, who answers for it, and how is it worked out?",
    audience="everybody",
    icon=":material/menu_book:",
    order=30,
)


def render(visit: Visit) -> None:
    """A number by its question; the picked one with its formula, source, caution and worked example; all in one list."""
    asked_number.panel(visit)
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
    meaning.card(visit, name, known[name])
    labels = {
        "metric": "Number",
        "question": "What it answers",
        "unit": "Unit",
        "better": "Better when",
        "owner": "Owner",
        "version": "Version",
    }
    tables.show(visit, pl.DataFrame(rows), name="definitions", title="All numbers", labels=labels)
