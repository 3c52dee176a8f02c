"""Model health: may each model be trusted, how does it do against its rival, and has anything drifted?"""

import streamlit as st

from pages.parts import look, model_card, standing, tables
from pages.parts.ask import mart
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Model health",
    question="May each model be trusted: how does it do against its rival, do its chances hold, has anything drifted?",
    audience="analyst, planner, executive",
    needs=("order_lines",),
    icon=":material/vital_signs:",
    order=40,
)
HEALTH, BACK = "marts.model_health", "scores.backtests"
COLUMNS = [
    "model_name",
    "run_status_code",
    "measure_name",
    "model_error_number",
    "rival_error_number",
    "gain_share",
    "rival_name",
    "version_no",
    "is_pinned",
    "drifted_count",
    "review_due_date",
]


def render(visit: Visit) -> None:
    """All models on a page, and the card of one."""
    health = mart(visit, HEALTH, order_by=("model_code",))
    title = "Models of this build"
    tables.show(visit, health, name="models", title=title, columns=COLUMNS, labels=model_card.LABELS, source=HEALTH)
    names = dict(zip(health["model_code"], health["model_name"], strict=True))
    if not names:
        return
    place = list(names).index("demand") if "demand" in names else 0
    code = st.selectbox(
        "Model", list(names), index=place, format_func=names.__getitem__, key="model", bind="query-params"
    )
    standing.line(visit, code)
    model_card.card(visit, code)
    _looked_back(visit, code)
    grades = mart(visit, "marts.data_grades", order_by=("-poor_share", "contract_name"))
    note = "Models judge on grades A and B; below, they are blocked and say so."
    title = "How far the data can be trusted"
    tables.show(visit, grades, name="grades", title=title, source="marts.data_grades", note=note)
    look.note("A version is pinned, rolled back or switched off with: python -m pipelines pin MODEL VERSION --company NAME")


def _looked_back(visit: Visit, code: str) -> None:
    """What it was worth at the last origins, in pictures; what has drifted; and everything that was measured."""
    mine = {"model_code": code}
    back = mart(visit, BACK, where=mine, order_by=("scope_name", "measure_name", "variant_name", "origin_date"))
    if not back.height:
        look.note("It forecasts nothing that comes true or not, so there is nothing to look back on.")
        return
    run = standing.run_of(visit, code) or {}
    drawn = model_card.pictures(visit, code, back, measure=run["measure_name"])
    for place in range(0, len(drawn), 2):
        for column, draw in zip(st.columns(2), drawn[place : place + 2], strict=False):
            with column:
                draw()
    drift = mart(visit, "scores.drift", where=mine, order_by=("kind_code", "signal_name"))
    if drift.height:
        tables.show(visit, drift, name="drift", title="Drift of inputs and errors", labels=model_card.DRIFT_LABELS, source="scores.drift")
    labels = {"measured_number": "Value", "variant_name": "Who", "scope_name": "Of what", "origin_date": "Judged from"}
    tables.show(visit, back, name="backtests", title="Everything measured, looking back", labels=labels, source=BACK)
