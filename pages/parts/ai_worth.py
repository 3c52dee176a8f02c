"""Each use case: claimed and bankable value, how it was measured, returns, verdict and the plain way beside it; one in detail."""

from typing import Any

import polars as pl
import streamlit as st

from pages.parts import ai_must_be_true, ai_returns, charts, empty, look, notice, ratios, tables
from pages.parts.ai_head import GRADES
from pages.parts.ai_returns import payback
from pages.parts.ask import ask, has_rows, mart
from pages.parts.page import Visit
from pages.parts.words import Words

WORTH, PLANNED = "marts.ai_worth", "scores.ai_value_months"
CHOICES = ("In use or taken up", "The whole catalogue")
VERDICTS = {
    "fund": ("fund", "green", ":material/check_circle:"),
    "stop": ("stop", "red", ":material/block:"),
    "cannot tell": ("cannot tell yet", "orange", ":material/help:"),
}
DESIGNS = {
    "randomised": "cases drawn by lot",
    "staggered": "begun site by site",
    "before_after": "before and after, with a comparison",
    "observed": "seen, without a comparison",
    "assumed": "not measured",
}
MONEY = [
    "use_case_name", "verdict_code", "net_earned_amount", "bankable_amount", "evidence_grade", "simple_return_text",
    "adjusted_return_text", "npv_amount", "loss_share",
]  # fmt: skip
ANSWERS = [
    "use_case_name", "case_count", "resolved_cost", "contained_share", "right_escalation_share", "accepted_share",
    "edited_share", "rejected_share", "reviewed_share", "reworked_share",
]  # fmt: skip
LABELS = {
    "use_case_name": "Use case",
    "verdict_code": "Verdict",
    "standing_code": "Stands",
    "net_earned_amount": "Claimed, net",
    "bankable_amount": "Bankable",
    "evidence_grade": "Grade",
    "design_code": "Measured",
    **dict.fromkeys(("simple_return_text", "simple_return_number"), "Simple return"),
    **dict.fromkeys(("adjusted_return_text", "adjusted_return_number"), "Adjusted for quality"),
    "npv_amount": "NPV",
    "npv_low_amount": "NPV, 1 in 20 below",
    "npv_high_amount": "NPV, 1 in 20 above",
    "npv_p10_amount": "NPV, P10",
    "npv_middle_amount": "NPV, P50",
    "npv_p80_amount": "NPV, P80",
    "npv_p90_amount": "NPV, P90",
    "loss_share": "Chance of a loss",
    "payback_month_number": "Payback, months",
    "alternative_npv_amount": "NPV of the plain way",
    "case_count": "Cases",
    "call_count": "Calls",
    "resolved_cost": "Cost a case",
    "contained_share": "Finished alone",
    "right_escalation_share": "Handed on rightly",
    "accepted_share": "Accepted",
    "edited_share": "Edited",
    "rejected_share": "Rejected",
    "reviewed_share": "Reviewed",
    "reworked_share": "Reworked",
}
LEVELS = ("npv_p10_amount", "npv_middle_amount", "npv_p80_amount", "npv_p90_amount")
COST = "its cost"
UNITS = {
    "simple_return_number": "share",
    "adjusted_return_number": "share",
    "payback_month_number": "number",
    "resolved_cost": "per_unit",
}
MEANT = (
    "Claimed and bankable: the last twelve months that are over, after the full cost of AI. Returns, NPV and payback: the months planned, "
    "with a share of common costs; the simple return takes every answer as right; of grade C and D they rest on what nobody compared. "
    "The plain way is the cheapest one without a model: a rule, a form, a template. Financially effective: used, and nets more than nought."
)
ANSWERED = "Cost a case: calls or bills, review, rework and decisions for each case that was resolved; platform and build are not in it."
SEEN_SQL = """
    select month_date, benefit_class_code, sum(net_earned_amount) as earned_amount
    from marts.value_ledger
    where use_case_id = ? and benefit_class_code is not null and is_over
    group by month_date, benefit_class_code
    order by month_date, benefit_class_code
"""
PLANNED_SQL = """
    select benefit_kind_name, benefit_class_code, is_direct, sum(planned_amount) as planned_amount
    from scores.ai_value_months
    where use_case_id = ?
    group by benefit_kind_name, benefit_class_code, is_direct
    order by benefit_class_code, sum(planned_amount) desc
"""


def board(visit: Visit) -> None:
    """Draws the use cases, how their answers do, and the picked one in detail."""
    if visit.build is None or not has_rows(visit, WORTH):
        empty.nothing("No use case is registered.", key="ai_worth", fix="Take one up on the page Use cases.")
        return
    chosen = st.segmented_control(
        "Show", CHOICES, default=CHOICES[0], key="ai_worth_shown", label_visibility="collapsed"
    )
    found = with_returns(rows(visit, is_whole=chosen == CHOICES[1]), visit.words)
    picked = tables.show(
        visit, found, name="ai_worth", title=f"What each use case is worth, {money(visit)}", columns=MONEY, labels=LABELS,
        units=UNITS, source=WORTH, pick=True, note=MEANT,
    )  # fmt: skip
    if found.height:
        look.note("Pick a row for its reasons." if picked is None else "")
        detail(visit, picked or found.row(0, named=True))
    answering = found.filter((pl.col("case_count") > 0) | (pl.col("call_count") > 0))
    if answering.height:
        tables.show(
            visit, answering, name="ai_answers", title="How their answers do, last twelve months that are over", columns=ANSWERS,
            labels=LABELS, units=UNITS, source="marts.ai_volumes", note=ANSWERED,
        )  # fmt: skip
    else:
        empty.nothing(
            "Containment, acceptance, review and rework are not known: no case with AI is logged.", key="ai_answers",
            fix="Upload an AI work log (and an AI usage log for what calls cost).",
        )  # fmt: skip


def rows(visit: Visit, *, is_whole: bool = False) -> pl.DataFrame:
    """One row a use case, those in use first and by what they are claimed to net; designs in words."""
    found = mart(visit, WORTH).with_columns(
        pl.col("design_code").fill_null("assumed").replace(DESIGNS),
        is_ours=pl.col("is_taken_up").fill_null(False) | (pl.col("standing_code") != "not in use"),
    )
    found = found.sort("is_ours", "net_earned_amount", "use_case_id", descending=[True, True, False], nulls_last=True)
    return found if is_whole else found.filter("is_ours")


def with_returns(found: pl.DataFrame, words: Words) -> pl.DataFrame:
    """The same rows with both returns in words: what is many times the cost is said so."""
    made = {
        name.replace("_number", "_text"): [
            None if one is None else ratios.times(one, COST, words) for one in found[name]
        ]
        for name in ("simple_return_number", "adjusted_return_number")
    }
    return found.with_columns(pl.Series(name, said, dtype=pl.String) for name, said in made.items())


def money(visit: Visit) -> str:
    """The currency as the titles of tables say it."""
    return f"money in {visit.company.reporting_currency}"


def detail(visit: Visit, row: dict[str, Any]) -> None:
    """One use case: verdict with its reason, figures of the plan, benefits by kind and month, and what must be true."""
    with st.container(key="panel_ai_use_case"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            look.title(str(row["use_case_name"]))
            if row["verdict_code"] in VERDICTS:
                word, colour, icon = VERDICTS[row["verdict_code"]]
                st.badge(word, color=colour, icon=icon)  # type: ignore[arg-type]  # one of the colours that a badge knows
            st.badge(row["standing_code"], color="gray")
        if row["because_text"]:
            st.markdown(notice.plain(row["because_text"]))
        look.pairs(facts(visit, row))
        ai_returns.fold(visit, row["use_case_id"])
    left, right = st.columns(2)
    with left:
        _seen(visit, row["use_case_id"])
    with right:
        _planned(visit, row["use_case_id"])
    ai_must_be_true.turning(visit, row["use_case_id"])


def facts(visit: Visit, row: dict[str, Any]) -> dict[str, str]:
    """The figures of one use case as labels and values; one without a plan says why in their place."""
    words, grade = visit.words, row["evidence_grade"]
    found = {
        "Owner": row["owner_name"] or "nobody yet",
        "Evidence": f"grade {grade}: {GRADES.get(grade, 'assumed, nothing measured')}" if grade else "none",
        "How it was measured": row["measured_because_text"] or "It was not measured yet.",
    }
    if row["npv_amount"] is None:
        why = (
            "what it costs is not known"
            if row["verdict_code"]
            else "it is neither taken up nor a candidate of the plan"
        )
        return {**found, "Net present value": f"not known: {why}"}
    return {
        **found,
        "Net present value": f"{words.money(row['npv_amount'])}, nine in ten futures between {words.money(row['npv_low_amount'])} "
        f"and {words.money(row['npv_high_amount'])}",
        "Possible futures": ratios.levels((row[name] for name in LEVELS), words),
        "Return": returns(row, words),
        "Money back": payback(row["payback_month_number"]),
        "The plain way without a model": beats(row, words),
    }


def returns(row: dict[str, Any], words: Words) -> str:
    """The simple return beside the one adjusted for quality."""
    if row["adjusted_return_number"] is None:
        return "none: nothing is paid for it in the months planned"
    simple, adjusted = (
        ratios.times(row[name], COST, words) for name in ("simple_return_number", "adjusted_return_number")
    )
    return f"{simple} if no answer were ever wrong, {adjusted} adjusted for quality"


def beats(row: dict[str, Any], words: Any) -> str:
    """What the cheapest way without a model is worth, and how much more or less it is with AI."""
    if row["alternative_npv_amount"] is None:
        return "its worth is not known"
    gap = row["npv_amount"] - row["alternative_npv_amount"]
    return f"{words.money(row['alternative_npv_amount'])}; with AI {words.money(abs(gap))} {'more' if gap >= 0 else 'less'}"


def _seen(visit: Visit, use_case_id: str) -> None:
    """Value seen by month, cash, capacity and soft apart; they are never added to one figure here."""
    found = ask(visit, SEEN_SQL, (use_case_id,))
    if not found.height:
        with st.container(key="panel_ai_seen", height="stretch"):
            look.title("Value seen by month")
            empty.nothing(
                "Nothing was seen of it yet.", key="ai_seen", fix="Upload an AI work log with minutes and outcomes."
            )
        return
    charts.columns(
        visit, found, x="month_date", y="earned_amount", by="benefit_class_code", title="Value seen by month: cash, capacity, soft",
        unit="money", note="Before the cost of AI. Cash leaves or stays in the bank; capacity counts as far as growth uses it.",
    )  # fmt: skip


def _planned(visit: Visit, use_case_id: str) -> None:
    found = ask(visit, PLANNED_SQL, (use_case_id,)) if has_rows(visit, PLANNED) else pl.DataFrame()
    with st.container(key="panel_ai_planned", height="stretch"):
        look.title("Benefit planned, by kind", money(visit))
        if not found.height:
            empty.nothing("No plan: the use case is not taken up.", key="ai_planned")
            return
        kinds = pl.when(pl.col("is_direct")).then(pl.lit("direct saving")).otherwise(pl.lit("revenue protected"))
        shown = found.with_columns(kind_name=kinds).select(
            "benefit_kind_name", "benefit_class_code", "kind_name", "planned_amount"
        )
        labels = {
            "benefit_kind_name": "Benefit",
            "benefit_class_code": "Class",
            "kind_name": "Kind",
            "planned_amount": "Over the months planned",
        }
        tables.small(visit, shown, labels=labels, units={"kind_name": "text"})
        look.note("Soft benefits (minutes for other work) are shown and not counted in NPV.")
