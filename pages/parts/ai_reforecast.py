"""Realised ÷ planned by use case over the months with a frozen plan, and what the rest of the plan would be if that went on."""

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from models.ai_economics.reforecast import ABOVE, BELIEF_MONTHS, BELOW, realised
from pages.parts import empty, look, ratios, told
from pages.parts.ask import mart
from pages.parts.page import Visit
from pages.parts.words import Words

TABLE, USE_CASES = "marts.ai_plan_actuals", "raw.use_cases"
MEASURES = {"benefit": "Benefit", "cases": "Cases", "logged cost": "Measured cost"}
NUMBERS = ("planned_number", "actual_number", "left_number", "forecast_number")
LABELS = {
    "use_case_name": "Use case",
    "month_count": "Months",
    "planned_number": "Planned",
    "actual_number": "Seen",
    "realised_text": "Realised",
    "first_text": "By the first plan",
    "band_name": "Stands",
    "left_number": "Rest of the plan",
    "believed_text": "Believed",
    "forecast_number": "Rest at that rate",
}
MEANT = (
    "Planned is what was frozen before each month began; the first plan is the one of the first close after the use case was taken up. "
    f"The rest is what is planned for months that are not over. It is taken at the believed rate: from 1 the part months ÷ (months + "
    f"{BELIEF_MONTHS}) of the way to what the months realised that were held against the newest plan with a month behind it; what older "
    "plans missed the newer ones know. Of the same months it is told whether they lie between the sums of their frozen P10 and P90. "
    "Where nothing above nought was planned there is no rate. Benefit is less what errors cost, without soft ones."
)


def board(visit: Visit, rows: pl.DataFrame) -> None:
    """Draws alerts for what lies outside of its frozen band, and a table of one measure."""
    found = realised(rows).join(
        mart(visit, USE_CASES, columns=["use_case_id", "use_case_name"]), on="use_case_id", how="left"
    )
    if found.is_empty():
        empty.nothing(
            "No month with a frozen plan is over yet.",
            key="ai_realised",
            fix="Close each month when it is over: the plan of the months to come is frozen with it.",
        )
        return
    named = found.with_columns(pl.col("use_case_name").fill_null(pl.col("use_case_id")))
    with st.container(key="panel_ai_realised_head"):
        look.title("Realised against planned", "alerts where the last plan's months lie outside of its frozen band")
        _alerts(visit, named)
        measure = st.segmented_control(
            "Measure", list(MEASURES), format_func=MEASURES.__getitem__, default="benefit", key="ai_realised_by"
        )
        measure = measure or "benefit"
    shown = named.filter(pl.col("measure_name") == measure).sort("planned_number", descending=True)
    say = visit.words.count if measure == "cases" else visit.words.money
    told.told(
        visit,
        shown.with_columns(*ratios_said(shown, visit.words, say)),
        name="ai_realised",
        title=f"{MEASURES[measure]}: realised, and the rest of the plan at that rate",
        columns=list(LABELS),
        labels=LABELS,
        units=dict.fromkeys(NUMBERS, "count" if measure == "cases" else "money")
        | dict.fromkeys(("realised_text", "first_text", "believed_text"), "text"),
        source=TABLE,
    )
    look.note(MEANT)


def ratios_said(rows: pl.DataFrame, words: Words, say: Callable[[Any], str]) -> list[pl.Series]:
    """The ratios of each row in words: in times where per cent would be huge, and as two amounts where the plan was about nought."""
    told = list(rows.iter_rows(named=True))
    return [
        pl.Series(name, found, dtype=pl.String)
        for name, found in (
            (
                "realised_text",
                [ratios.of_plan(row["actual_number"], row["planned_number"], words, say) for row in told],
            ),
            (
                "first_text",
                [ratios.of_plan(row["actual_number"], row["first_planned_number"], words, say) for row in told],
            ),
            ("believed_text", [ratios.times(row["believed_share"], "the plan", words) for row in told]),
        )
    ]


def _alerts(visit: Visit, found: pl.DataFrame) -> None:
    """One badge for each use case and measure that lies outside of what its plan held possible."""
    outside = found.filter(pl.col("band_name").is_in([BELOW, ABOVE])).sort("measure_name", "use_case_name")
    with st.container(horizontal=True, gap="small", key="ai_realised_alerts"):
        for row in outside.iter_rows(named=True):
            is_bad = (row["band_name"] == BELOW) != (row["measure_name"] == "logged cost")
            share = "" if row["latest_share"] is None else f", {_of_last(row['latest_share'], visit.words)}"
            st.badge(
                f"{row['use_case_name']}: {MEASURES[row['measure_name']].lower()} {row['band_name']}{share}",
                color="red" if is_bad else "green",
                icon=":material/warning:" if is_bad else ":material/trending_up:",
            )
        if outside.is_empty():
            st.badge("every use case is inside its frozen band", color="green", icon=":material/check:")


def _of_last(share: float, words: Words) -> str:
    said = ratios.times(share, "the last plan", words)
    return said if said.endswith("plan") else f"{said} of the last plan"
