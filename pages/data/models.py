"""Model health: may each model be trusted, how does it do against its rival, and has anything drifted?"""

import streamlit as st

from pages.parts import charts, look, model_card, standing, tables
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
    """Errors over the last origins beside the rival's, whether its chances hold, what has drifted, and all that was measured."""
    mine = {"model_code": code}
    back = mart(visit, BACK, where=mine, order_by=("scope_name", "measure_name", "variant_name", "origin_date"))
    if not back.height:
        look.note("It forecasts nothing that comes true or not, so there is nothing to look back on.")
        return
    measure = (standing.run_of(visit, code) or {})["measure_name"]
    left, right = st.columns(2)
    with left:
        where = {**mine, "scope_name": "all", "measure_name": measure}
        decisive = mart(visit, BACK, where=where, order_by=("origin_date",))
        title = f"Error ({measure}) looking back; lower is better"
        charts.line(visit, decisive, x="origin_date", y="measured_number", by="variant_name", title=title, unit="number")
    with right:
        chances = mart(visit, "scores.reliability", where=mine, order_by=("said_share",))
        if chances.height:
            note = "On the diagonal, chances hold: of those given 30 %, three in ten came."
            charts.diagonal(visit, chances, x="said_share", y="came_share", title="Do its chances hold?", note=note)
        else:
            drift = mart(visit, "scores.drift", where=mine, order_by=("kind_code", "signal_name"))
            tables.show(visit, drift, name="drift", title="Drift of inputs and errors", source="scores.drift")
    tables.show(visit, back, name="backtests", title="Everything measured, looking back", source=BACK)
