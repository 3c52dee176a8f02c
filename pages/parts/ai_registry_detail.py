"""One use case in full: its card, a good decision, what drives it, what it takes and saves, what it costs, and what it has earned."""

import streamlit as st

from metrics.definition import definitions
from models.ai_economics.lines import BY_CODE
from models.ai_economics.number import Range
from models.ai_economics.second_line import way_of
from models.ai_economics.use_case import UseCase
from pages.parts import ai_cost_world, ai_registry_card, look, technique_choices
from pages.parts.ai_registry import Held, systems
from pages.parts.ai_returns import payback
from pages.parts.ai_worth import VERDICTS
from pages.parts.ask import ask
from pages.parts.figures import figure
from pages.parts.notice import plain
from pages.parts.page import Visit
from pages.parts.words import Words, missing

SPENT_SQL = """
    select
        sum(case when month_date >= date_trunc('month', cast(? as date)) then case_count end) as month_cases,
        sum(case_count) as cases, sum(call_count) as calls, sum(usage_cost) as spent,
        sum(accepted_count) as accepted, sum(edited_count) as edited, sum(rejected_count) as rejected, sum(answered_count) as answered,
        sum(contained_count) as contained, sum(known_containment_count) as known_contained
    from marts.ai_volumes
    where use_case_id = ?
"""
PLANNED_SQL = """
    select cost_line_name, sum(planned_amount) as planned_amount
    from scores.ai_cost_months
    where use_case_id = ?
    group by cost_line_name
    order by sum(planned_amount) desc, cost_line_name
    limit 4
"""


def panel(visit: Visit, held: Held) -> None:
    """Draws everything that is known of a use case."""
    case, worth = held.case, held.worth
    with st.container(key="panel_ai_case"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            look.title(f"{case.use_case_id} · {case.name}")
            st.badge(case.stage, color="green" if case.stage == "production" else "gray")
            if worth.get("verdict_code") in VERDICTS:
                word, colour, icon = VERDICTS[worth["verdict_code"]]
                st.badge(word, color=colour, icon=icon)  # type: ignore[arg-type]  # one of the colours that a badge knows
            ai_registry_card.badge(held)
        if held.is_newer:
            st.markdown(":material/schedule: Changed since the last refresh; figures follow with the next one.")
        ai_registry_card.draw(held)
        st.markdown(f"**A good decision:** {plain(case.good_decision)}")
        if worth.get("because_text"):
            st.markdown(plain(worth["because_text"]))
        left, right = st.columns(2)
        with left:
            look.pairs(described(visit, case))
        with right:
            look.pairs(numbers(case, visit.words))
        look.pairs(costs(visit, held))


def described(visit: Visit, case: UseCase) -> dict[str, str]:
    """What it is, as labels and values."""
    return {
        "Domain and pattern": f"{case.domain}; {case.pattern}",
        "Architecture": case.architecture,
        "Systems": systems(case),
        "Autonomy": f"{case.autonomy}; risk of its acts {case.action_risk}; {'writes' if case.writes else 'only reads'}",
        "Owner": case.owner,
        "Runs since": f"{visit.words.day(case.started)} {case.started.year}" if case.started else "does not run",
        "Sites": ", ".join(case.sites) or "all",
        "Measured by": kpi(visit, case),
        "Main cost risks": case.main_cost_risks,
        "Recommended control": case.budget_control,
        "The plain way to beat": f"{case.alternative.name}: saves "
        f"{visit.words.share(case.alternative.minutes_saved_share)} of the minutes, "
        f"{visit.words.money(case.alternative.one_time_cost)} once, {visit.words.money(case.alternative.yearly_cost)} a year",
        "Needs of its place": needed(case, visit.words),
        **technique_choices.of_use_case(visit, case.use_case_id),
        "Source": f"{case.source} (grade {case.grade})",
    }


def needed(case: UseCase, words: Words) -> str:
    """What it needs of the place where its model runs, in a sentence; the whole stands on the page Placement."""
    asked = case.needs
    found = [
        f"an answer within {asked.longest_seconds:g} s by a {asked.tier} model at least",
        f"{words.share(asked.offline_share)} of its work where the line may be missing",
        f"{asked.data_class} data" + (" that may not leave our own machines" if asked.must_stay else ""),
        "goes on without the line" if asked.must_work_offline else "may wait for the line",
    ]
    return "; ".join(found)


def kpi(visit: Visit, case: UseCase) -> str:
    """The metric that it is tied to, with its value today."""
    if case.kpi not in definitions():
        return f"{case.kpi}: no metric of that name"
    found = figure(visit, case.kpi)
    return f"{found.title}, {visit.words.value(found.value, found.unit, found.because)} now"


def numbers(case: UseCase, words: Words) -> dict[str, str]:
    """What drives it and what a case takes, lowest, likeliest and highest."""
    told, driver = case.tokens, case.driver.replace("_", " ")
    models = ", ".join(f"{model} ({provider}) {words.share(share)}" for provider, model, share in case.models)
    way = "" if case.routing.way == "fixed shares" else f", as a {case.routing.way}"
    tools = f"; {told.tool_calls:g} tool calls, capped at {told.tool_call_cap}" if told.tool_calls else ""
    return {
        "Cases": f"{spread(case.cases_per_unit)} for each of the {driver}; {words.share(case.eligible_share)} of them eligible",
        "Tokens of a case": f"{words.count(told.input)} read, {words.count(told.output)} written, "
        f"{words.share(told.cached_share)} from a cache",
        "Calls of a case": f"{told.calls:g}{tools}{'; as a batch' if case.batch else ''}",
        "Models": f"{models}{way}",
        "Runs on": way_of(case),
        "Reviewed by people": f"{shares(case.review_share, words)} of cases, {spread(case.review_minutes)} minutes each",
        "Minutes without AI": spread(case.baseline_minutes),
        "Minutes saved": f"{shares(case.minutes_saved_share, words)}; finished alone {shares(case.containment_share, words)}",
        "Wrong answers": f"{shares(case.error_share, words)} (people alone {words.share(case.baseline_error_share)})",
        "Wrong promises": shares(case.wrong_commitment_share, words),
        "Vendor's fees": f"{words.money(case.service_fee_once)} once, {words.money(case.service_fee_per_month)} a month",
    }


def costs(visit: Visit, held: Held) -> dict[str, str]:
    """What it costs: seen by unit, planned by line, and as the next use case of the programme."""
    words, name, worth = visit.words, held.case.use_case_id, held.worth
    seen = ask(visit, SPENT_SQL, (visit.as_of, name)).row(0, named=True)
    lines = ask(visit, PLANNED_SQL, (name,))
    found: dict[str, str] = {}
    if seen["cases"]:
        each = (
            words.money_exact(seen["spent"] / seen["cases"], places=4)
            if seen["spent"] is not None
            else "price not known"
        )
        found["Seen so far"] = (
            f"{words.count(seen['cases'])} cases, {words.count(seen['calls'])} calls; model calls {each} a case"
        )
        found["Answers"] = answers(seen, words)
    if worth.get("right_escalation_share") is not None:
        found["Handed to people"] = f"{words.share(worth['right_escalation_share'])} of the hand-overs were right"
    if worth.get("resolved_cost") is not None:
        found["Running cost of a resolved case"] = words.money_exact(worth["resolved_cost"])
    if lines.height:
        dear = ", ".join(
            f"{BY_CODE[line].code} {words.money(amount)}" for line, amount in lines.iter_rows() if line in BY_CODE
        )
        found["Dearest planned lines, 36 months"] = dear
    if gap := ai_cost_world.gap(visit, name):
        found["Planned model calls"] = missing(gap)
    if worth:
        found["Worth, 36 months"] = (
            f"{words.money(worth['npv_amount'])} net present value; money back {payback(worth['payback_month_number'])}"
        )
    marginal = ask(visit, "select marginal_cost_amount from scores.ai_business_cases where use_case_id = ?", (name,))
    if marginal.height and marginal.item() is not None:
        found["As the next use case"] = f"{words.money(marginal.item())} more cost of the programme over 36 months"
    return found


def answers(seen: dict, words: Words) -> str:
    """What became of its answers, in shares."""
    if seen["answered"]:
        parts = {"accepted": seen["accepted"], "changed": seen["edited"], "rejected": seen["rejected"]}
        return ", ".join(f"{words.share(count / seen['answered'])} {word}" for word, count in parts.items())
    if seen["known_contained"]:
        return f"{words.share(seen['contained'] / seen['known_contained'])} finished without a person"
    return "none graded; upload an AI work log"


def spread(said: Range) -> str:
    """A three-part number in words; one number where all are the same.

    >>> spread((1, 2, 4)), spread((1, 1, 1))
    ('2 (1 to 4)', '1')
    """
    low, likely, high = said
    return f"{likely:g}" if low == high else f"{likely:g} ({low:g} to {high:g})"


def shares(said: Range, words: Words) -> str:
    """A three-part share in words."""
    low, likely, high = (words.share(part) for part in said)
    return likely if low == high else f"{likely} ({low} to {high})"
