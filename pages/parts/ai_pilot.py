"""Planning a pilot that can be judged: who begins when, how small an effect it finds, and whether that is small enough."""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from models.ai_economics import rollout
from models.ai_economics.power import mde_of_cases
from models.ai_economics.rollout import BASELINE_WEEKS, Rollout
from pages.parts import empty, look, notice, tables
from pages.parts.ask import ask, has_rows, mart
from pages.parts.kept import Kept, place
from pages.parts.page import Visit

ORDERS, CASES = "marts.order_handling_weeks", "marts.ai_case_weeks"
WEEKS_AT_MOST = 26  # of the past: older weeks say less about those to come
DESIGNED: Kept[Rollout] = Kept(at_most=200)
# What the log of events tells of every order, AI or not: measure → its words.
ORDER_MEASURES = {
    "order_hands_on_minutes": "Minutes of work per order",
    "touches_per_order": "Touches per order",
}
CASE_MEASURES = {"mean_hands_on_minutes": "Minutes of work per case"}
ORDERS_SQL = """
    select coalesce(site_name, site_id) as unit_name, week_date, {measure} as measured_number, order_count as case_count
    from marts.order_handling_weeks
    where week_date >= ? and week_date < ?
    order by unit_name, week_date
"""
CASES_SQL = """
    select site_id || ' · ' || team_name as unit_name, week_date,
        sum({measure} * measured_case_count) / nullif(sum(measured_case_count), 0) as measured_number,
        sum(case_count) as case_count, avg(spread_minutes) as spread_minutes
    from marts.ai_case_weeks
    where use_case_name = ? and arm_code = 'alone' and week_date >= ? and week_date < ?
    group by site_id, team_name, week_date
    order by unit_name, week_date
"""
LABELS = {
    "unit_name": "Site or team",
    "arm_code": "Part",
    "pair_no": "Pair",
    "start_date": "Begins",
    "level_number": "Level now",
    "trend_number": "Trend a week",
    "alternative_name": "Way",
    "detectable_share": "Smallest effect it finds",
    "is_enough": "Enough for the plan",
    "week_count": "Weeks",
    "because_text": "Why",
}
ARMS = {"assisted": "begins with AI", "alone": "compared with, goes on without"}
VERDICTS = {
    "refused": ("do not begin yet", "red", ":material/block:"),
    "too small": ("cannot confirm the plan", "orange", ":material/warning:"),
    "enough": ("can confirm the plan", "green", ":material/check_circle:"),
}


@dataclass(frozen=True)
class Wishes:
    """What a pilot is to be: the planned effect as a share of the level, weeks after the start, sites that begin, and waves."""

    effect_share: float
    weeks: int
    treated_count: int | None
    waves: int


def board(visit: Visit) -> None:
    """Draws the question and the proposal; it is worked out anew with every move of a slider, and nothing is recorded."""
    choices = measures(visit)
    if not choices:
        empty.nothing(
            "There is nothing to measure a pilot on: neither orders with logged work nor cases without AI are known.",
            key="ai_pilot", fix="Upload order events or an AI work log that begins before AI does.",
        )  # fmt: skip
        return
    _plan(visit, choices)


def measures(visit: Visit) -> dict[str, tuple[str, str]]:
    """What a pilot can be measured on: words → (column, use case of the work log; empty for orders)."""
    found: dict[str, tuple[str, str]] = {}
    if visit.build is None:
        return found
    if has_rows(visit, ORDERS):
        found |= {said: (column, "") for column, said in ORDER_MEASURES.items()}
    if has_rows(visit, CASES):
        logged = (
            mart(visit, CASES, columns=["use_case_name"], where={"arm_code": "alone"})["use_case_name"].unique().sort()
        )
        titles = dict(mart(visit, "raw.use_cases", columns=["use_case_id", "use_case_name"]).iter_rows())
        for name in logged:
            found |= {f"{said}, {titles.get(name, name)}": (column, name) for column, said in CASE_MEASURES.items()}
    return found


@st.fragment
def _plan(visit: Visit, choices: dict[str, tuple[str, str]]) -> None:
    """The question on the left, the answer on the right; on a phone one under the other."""
    left, right = st.columns([1, 2])
    with left, st.container(key="panel_ai_pilot_question"):
        look.title("What is to be tried")
        names = mart(visit, "raw.use_cases", order_by=("is_template", "use_case_name"))["use_case_name"].to_list()
        about = st.selectbox("Use case", names, key="ai_pilot_case") if names else "AI"
        measure = st.selectbox("Measured on", list(choices), key="ai_pilot_measure")
        column, logged = choices[str(measure)]
        weeks = panel(visit, column, logged)
        count = weeks["unit_name"].n_unique()
        effect = st.slider("Effect that the plan counts on, % of the level", 1, 60, 15, key="ai_pilot_effect")
        after = st.slider("Weeks after the start", 4, 52, 12, key="ai_pilot_weeks")
        treated = (
            st.slider("Sites that begin", 1, count - 1, max(count // 2, 1), key=f"ai_pilot_treated_{count}")
            if count > 2
            else None
        )
        waves = st.slider("Waves, four weeks apart", 1, 4, 1, key="ai_pilot_waves")
    with right:
        wishes = Wishes(effect / 100, after, treated, waves)
        found = designed(visit, weeks, (column, logged), wishes)
        _verdict(visit, found, f"A pilot of: {about}", queue_split(weeks, wishes, visit.words))
        _units(visit, found)
        _alternatives(visit, found)


def panel(visit: Visit, column: str, logged: str) -> pl.DataFrame:
    """Whole weeks of the last half-year in which the measure is known, a row a site and week."""
    start = monday(visit.facts["as_of_date"])
    since = start - dt.timedelta(weeks=WEEKS_AT_MOST)
    if not logged:
        return ask(visit, ORDERS_SQL.format(measure=column), (since, start))
    # Cases without AI end where AI began everywhere: their own last half-year counts.
    last = mart(visit, CASES, columns=["week_date"], where={"use_case_name": logged, "arm_code": "alone"})[
        "week_date"
    ].max()
    until = min(start, last + dt.timedelta(weeks=1)) if isinstance(last, dt.date) else start
    return ask(visit, CASES_SQL.format(measure=column), (logged, until - dt.timedelta(weeks=WEEKS_AT_MOST), until))


def monday(day: dt.date) -> dt.date:
    """The Monday of the week that a day lies in: weeks before it are whole.

    >>> monday(dt.date(2026, 11, 14)), monday(dt.date(2026, 11, 9))
    (datetime.date(2026, 11, 9), datetime.date(2026, 11, 9))
    """
    return day - dt.timedelta(days=day.weekday())


def designed(visit: Visit, weeks: pl.DataFrame, about: tuple[str, str], wishes: Wishes) -> Rollout:
    """The proposal for these wishes, kept for the next who asks the same of this build."""

    def made() -> Rollout:
        return rollout.designed(
            weeks.select("unit_name", "week_date", pl.col("measured_number").cast(pl.Float64)),
            planned_effect_share=wishes.effect_share,
            start_date=monday(visit.facts["as_of_date"]) + dt.timedelta(weeks=1),
            weeks_after=wishes.weeks,
            treated_count=wishes.treated_count,
            waves=wishes.waves,
            cases_per_week=_cases(weeks),
            case_spread_share=_spread(weeks),
        )

    return DESIGNED.get((*place(visit), about, wishes), made)


def queue_split(weeks: pl.DataFrame, wishes: Wishes, words: Any) -> str:
    """What drawing lots case by case would find, in a sentence: the way where there are too few sites; empty without cases."""
    cases = _cases(weeks)
    if cases is None:
        return ""
    least = mde_of_cases(cases=cases * wishes.weeks, sigma=_spread(weeks))
    if not math.isfinite(least):
        return ""
    enough = "enough for the plan" if least <= wishes.effect_share else "not enough for the plan"
    return (
        f"Instead, draw lots case by case inside every site: with {words.count(cases)} cases a week it finds {words.share(least)} of the "
        f"level in {wishes.weeks} weeks, which is {enough}."
    )


def _cases(weeks: pl.DataFrame) -> float | None:
    """Cases of a usual week, of all sites; None where nobody counted."""
    found = weeks.group_by("week_date").agg(pl.col("case_count").cast(pl.Float64).sum())["case_count"].mean()
    return found if isinstance(found, float) and found > 0 else None


def _spread(weeks: pl.DataFrame) -> float:
    """Spread of single cases as a share of the level; as large as the level where it is not logged."""
    if "spread_minutes" not in weeks.columns or not weeks.drop_nulls("spread_minutes").height:
        return 1.0
    level, spread = weeks["measured_number"].mean(), weeks["spread_minutes"].mean()
    return float(spread / level) if isinstance(level, float) and isinstance(spread, float) and level > 0 else 1.0


def verdict(found: Rollout) -> str:
    """Which of the three verdicts a proposal has: refused, too small or enough."""
    if found.is_refused:
        return "refused"
    return "enough" if found.can_confirm else "too small"


def figures(found: Rollout, words: Any) -> dict[str, str]:
    """What the proposal can show, as labels and values; empty where it is refused."""
    if found.is_refused or found.noise is None:
        return {}
    weeks = "not within two years" if found.weeks_needed is None else words.plural(found.weeks_needed, "week")
    return {
        "Smallest effect it finds": f"{words.share(found.detectable_share)} of the level, four times in five",
        "Until the planned effect is found": weeks,
        "Smallest chance it can show": words.share(found.smallest_p),
        "Level before": words.number(found.noise.level),
        "Baseline": f"{words.plural(found.baseline_weeks, 'week')}, fingerprint {str(found.baseline_key)[:12]}: freeze it before the start",
    }


def _verdict(visit: Visit, found: Rollout, title: str, instead: str) -> None:
    word, colour, icon = VERDICTS[verdict(found)]
    with st.container(key="panel_ai_pilot_verdict"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            look.title(title)
            st.badge(word, color=colour, icon=icon)  # type: ignore[arg-type]  # one of the colours that a badge knows
        for said in found.says:
            st.markdown(notice.plain(said))
        if listed := figures(found, visit.words):
            look.pairs(listed)
        if found.is_refused:
            if instead and found.baseline_weeks >= BASELINE_WEEKS:
                st.markdown(notice.plain(instead))
            look.note(f"No return is shown without {BASELINE_WEEKS} weeks of baseline and something to compare with.")


def _units(visit: Visit, found: Rollout) -> None:
    if found.units.height:
        shown = found.units.with_columns(pl.col("arm_code").replace(ARMS)).sort(
            "start_date", "unit_name", nulls_last=True
        )
        columns = [
            name for name in shown.columns if not (name == "pair_no" and shown[name].null_count() == shown.height)
        ]
        tables.show(
            visit, shown, name="ai_pilot_units", title="Who begins, drawn by lot", columns=columns, labels=LABELS
        )


def _alternatives(visit: Visit, found: Rollout) -> None:
    if found.alternatives.height:
        with st.container(key="panel_ai_pilot_ways"):
            look.title("Other ways to learn it")
            tables.small(visit, found.alternatives, labels=LABELS)
