"""Plan against actual by layer and month, how this month's budget burns, and the seven costs that plans forget."""

import datetime as dt

import polars as pl
import streamlit as st

from models.ai_economics.burn import Burn, burn, verdict
from models.ai_economics.hidden import Seen, meter
from models.ai_economics.plan_actual import by_layer, by_month, frozen_for, layered, monthly_plan, without_write_offs
from pages.parts import ai_cost_world, ai_reforecast, charts, empty, look, ratios, tables, told
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

PLAN, ACTUAL, ACCRUED, EVENTS = "marts.ai_planned_costs", "marts.ai_costs", "scores.ai_accruals", "marts.ai_cost_events"
FROZEN = "marts.ai_plan_actuals"
ACCRUAL, YEAR = "accrual", 12
LABELS = {
    "layer_code": "Layer",
    "plan_amount": "Planned",
    "actual_amount": "Measured",
    "difference_amount": "Over plan",
    "difference_text": "In per cent",
    "accrued_plan_amount": "Planned of the rest",
    "accrued_amount": "Accrued, not measured",
    "spent_amount": "Spent so far",
    "projected_amount": "At month's end",
    "standing_text": "Stands",
    "hidden_name": "Hidden cost",
    "planned_amount": "Planned, a year",
    "seen_amount": "Seen, a year",
    "standing_name": "Counted",
    "because_text": "What was found",
}
UNITS = {"difference_text": "text"} | dict.fromkeys(
    ("plan_amount", "actual_amount", "difference_amount", "accrued_plan_amount", "accrued_amount", "spent_amount", "projected_amount",
     "seen_amount"),
    "money",
)  # fmt: skip
MEANT = (
    "Planned is what was frozen when an earlier month was closed, before the month began; the reserve is not in it. "
    "What no log or bill measures is accrued as planned, so it never counts as a plan that was met; what was paid once is written off in "
    "it, and no plan of later months has that. "
    "Environments and second checks move with volume and show as not measured until a bill tells them."
)
NO_PLAN = "No plan was frozen before this month, so it is held against today's plan."


def board(visit: Visit) -> None:
    """Draws the month under way, plan against actual, realised against planned, and the hidden costs."""
    if not (has_rows(visit, ACTUAL) and has_rows(visit, PLAN)):
        empty.nothing(
            "Nothing was spent on AI yet.",
            key="ai_actual",
            fix="Upload the AI usage log, or take up a use case that runs.",
        )
        return
    actual, planned = mart(visit, ACTUAL), mart(visit, PLAN)
    frozen = mart(visit, FROZEN) if has_rows(visit, FROZEN) else None
    if visit.as_of is not None:
        may = frozen_for(frozen, visit.as_of.replace(day=1)) if frozen is not None else {}
        spent = without_write_offs(actual) if may else actual
        _burning(visit, spent, may or _today(visit, planned, visit.as_of), visit.as_of, is_frozen=bool(may))
    if frozen is not None:
        _months(visit, frozen)
        ai_reforecast.board(visit, frozen)
    _hidden(visit, planned)


def _today(visit: Visit, planned: pl.DataFrame, as_of: dt.date) -> dict[str, float]:
    """What each layer may cost in the month under way by today's plan."""
    if not has_rows(visit, ACCRUED):
        return {}
    plan = layered(monthly_plan(planned, mart(visit, ACCRUED))).filter(pl.col("month_date") == as_of.replace(day=1))
    return dict(plan.group_by("layer_code").agg(pl.col("plan_amount").sum()).iter_rows())


def burns(actual: pl.DataFrame, may: dict[str, float], as_of: dt.date) -> dict[str, Burn]:
    """The month under way, layer by layer, and `all` of them together; `may` is what each layer may cost."""
    now = layered(actual).filter(pl.col("month_date") == as_of.replace(day=1))
    measured, due = (
        _sums(now.filter(is_due))
        for is_due in (pl.col("cost_source_name") != ACCRUAL, pl.col("cost_source_name") == ACCRUAL)
    )
    names = sorted({*may, *measured, *due})
    found = {name: burn(may.get(name, 0.0), measured.get(name, 0.0), due.get(name, 0.0), as_of) for name in names}
    whole = burn(sum(may.values()), sum(measured.values()), sum(due.values()), as_of)
    return {"all": whole, **found}


def _sums(rows: pl.DataFrame) -> dict[str, float]:
    return dict(rows.group_by("layer_code").agg(pl.col("actual_amount").cast(pl.Float64).sum()).iter_rows())


def _burning(visit: Visit, actual: pl.DataFrame, may: dict[str, float], as_of: dt.date, *, is_frozen: bool) -> None:
    """How far the month and its budget are, what it will end at, and where it will end above its plan."""
    found, words = burns(actual, may, as_of), visit.words
    whole = found["all"]
    rows = [(name, one.plan, one.spent, one.projected, one.gap, verdict(one)) for name, one in found.items()]
    frame = pl.DataFrame(
        rows,
        schema=[
            "layer_code",
            "plan_amount",
            "spent_amount",
            "projected_amount",
            "difference_amount",
            "standing_text",
        ],
        orient="row",
    )
    with st.container(key="panel_ai_burn"):
        look.title(f"{words.month(as_of)} {as_of.year} so far", f"data to {words.date(as_of)}")
        for name, one in found.items():
            if one.is_over:
                _alert(visit, name, one)
        if not whole.is_over:
            st.badge("within plan", color="green", icon=":material/check:")
        spent = (
            "no plan to compare with"
            if whole.budget_share is None
            else f"{words.share(whole.budget_share)} of its budget is spent"
        )
        look.note(
            f"{words.share(whole.days_share)} of the month has passed, {spent}; it will end at about {words.money(whole.projected)}, "
            f"planned {words.money(whole.plan)}."
        )
        tables.small(visit, frame, labels=LABELS, units=UNITS)
        told_plan = (
            "The plan was frozen before the month began; what is written off of earlier payments is none of it."
            if is_frozen
            else NO_PLAN
        )
        look.note(
            f"{told_plan} What logs measure goes on as it did by the day; what is accrued is due in full at the month's end."
        )


def _alert(visit: Visit, name: str, one: Burn) -> None:
    words = visit.words
    what = "AI as a whole" if name == "all" else name.capitalize()
    st.badge(
        f"{what}: {words.money(one.over)} over plan",
        color="red" if name == "all" else "orange",
        icon=":material/warning:",
    )


def _months(visit: Visit, frozen: pl.DataFrame) -> None:
    """The months that are over: what was planned before they began and what was measured, as a picture and as a table by layer."""
    months, words = by_month(frozen), visit.words
    if months.is_empty():
        empty.nothing("No month is over yet since the first use case runs.", key="ai_actual_months")
        return
    bare = months.filter(pl.col("plan_amount").is_null())["month_date"].to_list()
    said = [f"{words.month(day)} {day.year}" for day in bare]
    bare_text = (
        f"No plan was frozen before {_listed(said)} began, so nothing is said of {'it' if len(bare) == 1 else 'them'}. "
    )
    note = f"{bare_text if bare else ''}{MEANT}"
    long = months.unpivot(
        ["plan_amount", "actual_amount"], index="month_date", variable_name="which_name", value_name="cost_amount"
    ).drop_nulls("cost_amount")
    charts.line(
        visit,
        long.with_columns(pl.col("which_name").replace({"plan_amount": "planned", "actual_amount": "measured"})),
        x="month_date",
        y="cost_amount",
        by="which_name",
        title="What logs and bills measure, and what was planned of it before each month began",
        unit="money",
        note=note,
    )
    rows = by_layer(frozen)
    if rows.is_empty():
        return
    known = months.filter(pl.col("plan_amount").is_not_null())["month_date"]
    in_words = [ratios.times(share, "the plan", words) for share in rows["difference_share"]]
    told.told(
        visit,
        rows.with_columns(difference_text=pl.Series(in_words, dtype=pl.String)),
        name="ai_plan_actual",
        title=f"Plan and actual by layer, {words.plural(known.len(), 'month')} since {words.month(known[0])} {known[0].year}, in "
        f"{visit.company.reporting_currency}",
        columns=["layer_code", "plan_amount", "actual_amount", "difference_amount", "difference_text", "accrued_plan_amount",
                 "accrued_amount"],
        labels=LABELS,
        units=UNITS,
        source=FROZEN,
    )  # fmt: skip


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _hidden(visit: Visit, planned: pl.DataFrame) -> None:
    """The seven hidden costs: each is counted, or says why it does not apply."""
    inside = planned["month_date"].unique().sort()[:YEAR].to_list()
    gap = ai_cost_world.gap(visit)
    found = meter(planned.filter(pl.col("month_date").is_in(inside)), _events(visit), gap).with_columns(
        standing_name=pl.when(pl.col("is_counted")).then(pl.lit("counted")).otherwise(pl.lit("not applicable"))
    )
    told.told(
        visit,
        found,
        name="ai_hidden",
        title="Seven costs that plans forget",
        columns=["hidden_name", "standing_name", "planned_amount", "seen_amount", "because_text"],
        labels=LABELS,
        units=UNITS,
        source=EVENTS,
        note="none of them is silently nought",
    )


def _events(visit: Visit) -> dict[str, Seen]:
    """What the detectors found in the last twelve months, by kind."""
    if not has_rows(visit, EVENTS) or visit.as_of is None:
        return {}
    rows = mart(visit, EVENTS, order_by=("-event_date",))
    since = visit.as_of - dt.timedelta(days=365)
    found: dict[str, Seen] = {}
    for (code,), mine in rows.group_by("cost_event_code", maintain_order=True):
        late = mine.filter(pl.col("is_detected") & (pl.col("event_date") >= since))
        told_by = late if late.height else mine
        amounts = late["event_amount"].drop_nulls()
        sentence = next((text for text in told_by["because_text"] if text), "")
        found[str(code)] = Seen(float(amounts.sum()) if amounts.len() else None, bool(late.height), sentence)
    return found
