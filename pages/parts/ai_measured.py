"""How value was measured: every effect with its interval and grade, what was checked, and the weeks that it rests on."""

from typing import Any

import polars as pl
import streamlit as st

from pages.parts import ai_order_baselines, ai_since_start, ai_unmeasured, charts, empty, look, notice, tables, told
from pages.parts.ai_head import GRADES
from pages.parts.ai_since_start import SHARES, amount, effect
from pages.parts.ai_worth import DESIGNS
from pages.parts.ask import ask, has_rows, mart
from pages.parts.page import Visit
from pages.parts.words import Words

EFFECTS = "scores.ai_effects"
NONE = "No effect was measured: there is no work log of cases with AI."
FIX = "Upload an AI work log: cases with and without AI, with their minutes, errors and how AI was assigned."
ASSUMED = "D: only assumed; shown, never counted"
MEASURES = {
    "minutes per case": "mean_hands_on_minutes",
    "review minutes per case": "mean_review_minutes",
    "rework minutes per case": "mean_rework_minutes",
    "error share": "error_share",
    "wrong commitment share": "commitment_share",
}
PLACES = {name: place for place, name in enumerate((*MEASURES, "cost per case"))}
ROWS_TOLD = 12
PARTING = "All sites together. Where the lines part before AI began, the difference later is not all AI's."
LEAVING = (
    "All sites together. A site leaves the line without AI when it begins, so that line moves with who is left; "
    "the effect is measured site by site, as above."
)
NOTE = "with AI against without, with 95% intervals; minus means less of it"
USUAL, LEAST_SAID = 0.05, 0.001  # a chance below which people stop calling it chance, and one too small to be told
SUMMARY = ["use_case_name", "evidence_grade", "minutes_text", "cost_text", "design_text", "compared_text"]
COLUMNS = ["measure_name", "evidence_grade", "effect_text", "sure_text"]
LABELS = {
    "use_case_name": "Use case",
    "measure_name": "Measure",
    "evidence_grade": "Grade",
    "minutes_text": "Minutes per case",
    "cost_text": "Cost per case",
    "effect_text": "Effect",
    "design_text": "Compared by",
    "sure_text": "Could it be chance?",
    "compared_text": "Cases",
}
TEXTS = dict.fromkeys(("minutes_text", "cost_text", "effect_text", "design_text", "sure_text", "compared_text"), "text")
# The same measure of both arms by week; a share is of the cases for which it was recorded.
WEEKS_SQL = """
    with panel as (
        select
            weeks.week_date,
            case when weeks.arm_code = 'assisted' then 'with AI' else 'without AI' end as arm_name,
            weeks.case_count,
            weeks.measured_case_count,
            weeks.mean_hands_on_minutes,
            weeks.mean_review_minutes,
            weeks.mean_rework_minutes,
            weeks.error_count,
            weeks.known_error_count,
            weeks.wrong_commitment_count,
            weeks.known_commitment_count
        from marts.ai_case_weeks as weeks
        left join core.use_case_names as words on words.word_text = lower(trim(weeks.use_case_name))
        where coalesce(words.use_case_id, weeks.use_case_name) = ? and weeks.arm_code in ('assisted', 'alone')
    )
    select
        week_date,
        arm_name,
        sum(case_count) as case_count,
        sum(mean_hands_on_minutes * measured_case_count) / nullif(sum(case when mean_hands_on_minutes is not null
            then measured_case_count end), 0) as mean_hands_on_minutes,
        sum(mean_review_minutes * case_count) / nullif(sum(case when mean_review_minutes is not null then case_count end), 0)
            as mean_review_minutes,
        sum(mean_rework_minutes * case_count) / nullif(sum(case when mean_rework_minutes is not null then case_count end), 0)
            as mean_rework_minutes,
        cast(sum(error_count) as double) / nullif(sum(known_error_count), 0) as error_share,
        cast(sum(wrong_commitment_count) as double) / nullif(sum(known_commitment_count), 0) as commitment_share
    from panel
    group by week_date, arm_name
    order by week_date, arm_name
"""


def board(visit: Visit) -> None:
    """Draws what grades mean, the effect of every use case, one of them with its weeks and checks, and what orders take."""
    _grades()
    if visit.build is None or not has_rows(visit, EFFECTS):
        empty.nothing(NONE, key="ai_effects", fix=FIX)
        _every(visit, pl.DataFrame(schema={"use_case_id": pl.String}))
        ai_order_baselines.board(visit)
        return
    order = pl.col("measure_name").replace_strict(PLACES, default=len(PLACES), return_dtype=pl.Int64)
    best = pl.col("evidence_grade").min().over("use_case_id")
    found = (
        mart(visit, EFFECTS)
        .with_columns(pl.col("use_case_name").replace(_names(visit)))
        .sort(best, "use_case_name", order)
    )
    known = found.filter(pl.col("effect_number").is_not_null())
    _every(visit, known)
    if known.height:
        _one(visit, known)
    ai_order_baselines.board(visit)


def summary(mine: pl.DataFrame, words: Words) -> dict[str, Any]:
    """The effects of one use case in a row: its minutes and its cost per case; grade and cases are those of the last told, its cost."""
    rows = {row["measure_name"]: row for row in mine.iter_rows(named=True)}
    minutes, cost = (rows.get(name) for name in ("minutes per case", "cost per case"))
    return {
        **worded(cost or minutes or mine.row(-1, named=True), words),
        "minutes_text": effect(minutes, words) if minutes else "not recorded",
        "cost_text": effect(cost, words) if cost else "not known",
    }


def _every(visit: Visit, known: pl.DataFrame) -> None:
    """Every use case that runs or was taken up: its effect where one was measured, and why none was where not."""
    lacking = ai_unmeasured.rows(visit, known["use_case_id"].unique().to_list())
    listed = [summary(mine, visit.words) for _, mine in known.group_by("use_case_id", maintain_order=True)]
    said = pl.DataFrame([*listed, *(ai_unmeasured.summary(row, visit.words) for row in lacking)])
    if not said.height:
        return
    shown = told.told if said.height <= ROWS_TOLD else tables.show
    shown(visit, said.sort("evidence_grade", maintain_order=True), name="ai_effects", title="What was measured", source=EFFECTS,
          columns=SUMMARY, labels=LABELS, units=TEXTS, note=NOTE)  # fmt: skip
    if lacking:
        with st.container(key="panel_ai_not_measured"):
            look.title("Not measured against a comparison", "why, and what is claimed of it")
            look.pairs({row["use_case_name"]: ai_unmeasured.because(row, visit.words) for row in lacking})


def _grades() -> None:
    with st.container(key="panel_ai_grades"):
        look.title("What a grade says", "it comes from how a use case was begun, and nobody types it")
        look.pairs({**{grade: f"{said}{'; bankable at its low end' if grade in 'AB' else '; claimed, not bankable'}"
                       for grade, said in GRADES.items()}, "D": ASSUMED[3:]})  # fmt: skip


def _names(visit: Visit) -> dict[str, str]:
    """Names of use cases by their ids, for logs that say ids."""
    return dict(mart(visit, "raw.use_cases", columns=["use_case_id", "use_case_name"]).iter_rows())


def worded(row: dict[str, Any], words: Words) -> dict[str, Any]:
    """An effect as people read it: how much, how it was compared, whether chance could do that, and on how many cases."""
    known = row["effect_number"] is not None
    treated, compared = row["treated_case_count"], row["comparison_case_count"]
    return {
        "use_case_name": row["use_case_name"],
        "measure_name": row["measure_name"],
        "evidence_grade": row["evidence_grade"],
        "effect_text": effect(row, words) if known else "nothing measured",
        "design_text": DESIGNS.get(row["design_code"], row["design_code"]),
        "sure_text": chance(row, words),
        "compared_text": f"{words.count(treated)} with, {words.count(compared)} without"
        if treated is not None
        else "–",
    }


def chance(row: dict[str, Any], words: Words) -> str:
    """Whether chance alone could have made the difference, and how small a chance this comparison could have shown at best."""
    if row["p_share"] is None:
        return "cannot be told"
    often = "less than 0.1%" if row["p_share"] < LEAST_SAID else words.share(row["p_share"])
    said = f"{'hardly' if row['p_share'] < USUAL else 'yes'} ({often})"
    least = row["least_p_share"]
    return f"{said}; below {words.share(least)} it cannot show" if least is not None and least >= 0.01 else said


def checks(row: dict[str, Any], words: Words) -> dict[str, str]:
    """The checks of one effect in words: the weeks before, a start that never was, leaving units out, what it could have found."""
    measure, found = str(row["measure_name"]), {}
    if row["baseline_number"] is not None:
        cases = words.plural(row["comparison_case_count"], "case")
        found["Without AI it is"] = f"{amount(row['baseline_number'], measure, words)}, over {cases}"
    if row["baseline_week_count"] is not None:
        found["Weeks before the start"] = f"{row['baseline_week_count']}, fingerprint {str(row['baseline_key'])[:12]}"
    if row["before_p_share"] is not None:
        apart = "went apart already" if row["before_p_share"] < USUAL else "moved alike"
        found["Before the start"] = (
            f"those with and without AI {apart} (chance {words.share(row['before_p_share'])}; with few sites this sees little)"
        )
    if row["placebo_number"] is not None:
        found["A start that never was"] = (
            f"half-way before the real one shows {amount(row['placebo_number'], measure, words)}, which should be nought "
            f"(chance {words.share(row['placebo_p_share'])})"
        )
    if row["left_out_low_number"] is not None:
        low, high = (amount(row[name], measure, words) for name in ("left_out_low_number", "left_out_high_number"))
        found["Leaving one site out"] = f"the effect stays between {low} and {high}"
    if row["detectable_number"] is not None:
        found["Smallest effect it finds"] = f"{amount(row['detectable_number'], measure, words)}, four times in five"
    return found


def _one(visit: Visit, found: pl.DataFrame) -> None:
    """One use case with all its measures; of the chosen one its reason, its checks and its weeks."""
    names = dict(found.select("use_case_id", "use_case_name").iter_rows())
    left, right = st.columns(2)
    with left:
        use_case = st.selectbox(
            "Use case", list(names), format_func=lambda one: names.get(one, one), key="ai_measured_case"
        )
    mine = found.filter(pl.col("use_case_id") == use_case)
    with right:
        measure = st.selectbox("Measure", mine["measure_name"].to_list(), key="ai_measured_measure")
    said = pl.DataFrame([worded(row, visit.words) for row in mine.iter_rows(named=True)])
    title = names.get(use_case, "One use case")
    told.told(visit, said, name="ai_effects_one", title=title, source=EFFECTS, columns=COLUMNS, labels=LABELS, units=TEXTS,
              note=NOTE)  # fmt: skip
    chosen = mine.filter(pl.col("measure_name") == measure)
    if not chosen.height:
        return
    row = chosen.row(0, named=True)
    with st.container(key="panel_ai_checks"):
        look.title("How sure that is")
        if row["because_text"]:
            st.markdown(notice.plain(row["because_text"]))
        if listed := checks(row, visit.words):
            look.pairs(listed)
    ai_since_start.draw(visit, row)
    if measure in MEASURES and has_rows(visit, "marts.ai_case_weeks") and has_rows(visit, "core.use_case_names"):
        weeks = ask(visit, WEEKS_SQL, (use_case,))
        unit = "share" if measure in SHARES else "number"
        note = LEAVING if row["design_code"] == "staggered" else PARTING
        charts.line(visit, weeks, x="week_date", y=MEASURES[measure], by="arm_name",
                    title=f"{str(measure).capitalize()}, by week, with and without AI", unit=unit, note=note)  # fmt: skip
