"""Which use case comes next: the ranking with its reasons, the house rules of a sound programme, the way and what the next one costs."""

from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from models.ai_economics.maturity import PATHS
from models.ai_economics.programme import simulated
from pages.parts import ai_cost_world, ai_registry_partner, empty, look, tables
from pages.parts.ask import ask, has_rows, mart
from pages.parts.kept import Kept, place
from pages.parts.notice import plain
from pages.parts.page import Visit

RANKED, RULES = "scores.ai_priorities", "scores.ai_portfolio"
RANKED_SQL = """
    select
        ranked.rank_no, ranked.use_case_id, cases.use_case_name, cases.stage_code, ranked.total_score_number, ranked.impact_score_number,
        ranked.data_score_number, ranked.fit_score_number, ranked.frequency_score_number, ranked.governance_score_number,
        ranked.change_score_number, ranked.is_screen_passed, ranked.volume_score_number, ranked.repetition_score_number,
        ranked.measurable_score_number, ranked.manageable_score_number, worth.verdict_code, worth.marginal_cost_amount, ranked.path_name,
        ranked.works_on_step_name, ranked.earned_step_name, ranked.is_step_earned, ranked.because_text, ranked.criteria_text,
        ranked.screen_text, ranked.step_because_text
    from scores.ai_priorities as ranked
    inner join raw.use_cases as cases on cases.use_case_id = ranked.use_case_id
    left join scores.ai_business_cases as worth on worth.use_case_id = ranked.use_case_id
    order by ranked.rank_no
"""
SHOWN = [
    "rank_no", "use_case_name", "stage_code", "total_score_number", "impact_score_number", "data_score_number", "fit_score_number",
    "frequency_score_number", "governance_score_number", "change_score_number", "is_screen_passed", "volume_score_number",
    "repetition_score_number", "measurable_score_number", "manageable_score_number", "verdict_code", "marginal_cost_amount",
    "because_text",
]  # fmt: skip
LABELS = {
    "rank_no": "Rank", "use_case_name": "Use case", "stage_code": "Stage", "total_score_number": "Points",
    "impact_score_number": "Impact", "data_score_number": "Data", "fit_score_number": "Fit", "frequency_score_number": "Frequency",
    "governance_score_number": "Governance", "change_score_number": "Small change", "is_screen_passed": "Passes screening",
    "volume_score_number": "Volume", "repetition_score_number": "Repetition", "measurable_score_number": "Measurable",
    "manageable_score_number": "Manageable", "verdict_code": "Verdict", "marginal_cost_amount": "Cost as the next one",
    "because_text": "Because", "works_on_step_name": "Works on", "earned_step_name": "Has earned", "is_step_earned": "Earned",
    "step_because_text": "Evidence", "nth": "No.", "added_amount": "Adds to the cost",
}  # fmt: skip
NOTE = (
    "Each score is 0 to 100 and computed: impact from the planned benefit against sales, data from the grades of the extracts that its "
    "systems need, fit from what is connected and decided here, frequency from the drivers, governance from controls, risk and approval, "
    "small change from systems, writing and sites. Weights and thresholds are house rules on the Assumptions page."
)
RULE_TITLES = {
    "start small": "Begin with one or two workflows that have data, an owner and a baseline",
    "three roles": "One use case that plans, one that executes, one that serves",
    "three to five": "Three to five use cases, each tied to a metric",
    "plain ways": "Each must beat a way without a model",
    "controls": "Every control is on",
    "instrumented": "Cost, quality and adoption are recorded",
    "value by workflow": "Value is measured for each workflow first",
    "step by step": "Search first, then copilots, then constrained automation",
    "scale is earned": "Scale only what has shown its value and its control",
}
GATES = {
    PATHS[0]: "Entry: content is current, and its source is named in each answer.",
    PATHS[
        1
    ]: "Entry: answers are taken in most cases (lower bound above the house rule), and every entry has an approval.",
    PATHS[
        2
    ]: "Entry: decisions were right often enough, a level was granted, and tool calls, budget and stop rules are on.",
}
ADDED: Kept[pl.DataFrame] = Kept(at_most=20)


def board(visit: Visit) -> None:
    """Draws the ranking, the house rules, the way, trust by workflow, and what each next use case adds."""
    if visit.build is None or not has_rows(visit, RANKED):
        empty.nothing("Nothing is ranked yet.", key="ai_next", fix="Refresh once on the Upload page.")
        return
    found = ask(visit, RANKED_SQL)
    picked = tables.show(
        visit, found, name="ai_next", title="Candidates and what runs, the best first", columns=SHOWN, labels=LABELS, source=RANKED,
        pick=True, note=NOTE,
    )  # fmt: skip
    _why(picked or found.row(0, named=True))
    _rules(visit)
    _way(found)
    running = found.filter(pl.col("stage_code").is_in(["pilot", "production"]))
    if running.height:
        columns = [
            "use_case_name",
            "stage_code",
            "works_on_step_name",
            "earned_step_name",
            "is_step_earned",
            "step_because_text",
        ]
        tables.show(visit, running, name="ai_trust", title="The step of trust that each workflow has earned", columns=columns,
                    labels=LABELS, source=RANKED)  # fmt: skip
    _added(visit)
    ai_registry_partner.board(visit)


def added(visit: Visit) -> pl.DataFrame:
    """What each use case in turn adds to the cost of the programme over its months, in the order in which they were begun."""
    return ADDED.get((*place(visit), "added"), lambda: _each(visit))


def _each(visit: Visit) -> pl.DataFrame:
    world = ai_cost_world.world(visit)
    rows: list[tuple[Any, ...]] = []
    if world is not None:
        cases = sorted(world.use_cases, key=lambda case: (str(case.started), case.use_case_id))
        before = 0.0
        for nth in range(1, len(cases) + 1):
            found, name = simulated(replace(world, use_cases=tuple(cases[:nth]))), cases[nth - 1].use_case_id
            now, has_gap = float(found.cost().sum(axis=1).mean()), name in {gap.use_case_id for gap in found.gaps}
            rows.append((nth, cases[nth - 1].name, None if has_gap else now - before))
            before = now
    schema = {"nth": pl.Int64, "use_case_name": pl.String, "added_amount": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _why(row: dict[str, Any]) -> None:
    with st.container(key="panel_ai_why"):
        look.title(
            f"{row['use_case_id']} · {row['use_case_name']}",
            f"rank {row['rank_no']}, {row['total_score_number']:.0f} points",
        )
        st.markdown(plain(row["because_text"]))
        look.pairs(
            {"Six criteria": row["criteria_text"], "Four traits": row["screen_text"], "Trust": row["step_because_text"]}
        )


def _rules(visit: Visit) -> None:
    with st.container(key="panel_ai_rules"):
        found = mart(visit, RULES, order_by=("rule_no",))
        missed = found.filter(~pl.col("is_rule_met")).height
        said = f"{missed} of {found.height} rules are not met" if missed else "by the house rules, yes"
        said = said if found["is_rule_met"].drop_nulls().len() else "nothing has been taken up yet"
        look.title(
            "Is it a sound programme?",
            said,
        )
        for row in found.iter_rows(named=True):
            met = row["is_rule_met"]
            sign = ":material/help:" if met is None else ":material/check_circle:" if met else ":material/warning:"
            word = "not begun" if met is None else "met" if met else "not met"
            title = RULE_TITLES.get(row["portfolio_rule_code"], row["portfolio_rule_code"])
            st.markdown(f"{sign} **{plain(title)}** ({word}): {plain(row['because_text'])}")


def _way(found: pl.DataFrame) -> None:
    with st.container(key="panel_ai_way"):
        look.title("The way", "where each use case stands on it")
        for name in PATHS:
            here = found.filter(pl.col("path_name") == name)
            runs = here.filter(pl.col("stage_code").is_in(["pilot", "production"]))["use_case_id"].to_list()
            rest = here.filter(pl.col("stage_code") == "candidate")["use_case_id"].to_list()
            said = f"runs: {', '.join(runs) or 'none'}; candidates: {', '.join(rest) or 'none'}."
            st.markdown(f"**{name.capitalize()}**. {plain(GATES[name])} {plain(said[0].upper() + said[1:])}")


def _added(visit: Visit) -> None:
    found = added(visit)
    if not found.height:
        return
    tables.show(
        visit, found, name="ai_added", title=f"What each next use case adds over 36 months, money in {visit.company.reporting_currency}",
        columns=["nth", "use_case_name", "added_amount"], labels=LABELS,
        note="The first pays for what all share; later ones use it again. What a candidate would add stands in the ranking above.",
    )  # fmt: skip
