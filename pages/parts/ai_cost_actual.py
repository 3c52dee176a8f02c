"""Plan against actual by component and month, how this month's budget burns, and the seven costs that plans forget."""

import datetime as dt

import polars as pl
import streamlit as st

from models.ai_economics.burn import Burn, burn, verdict
from models.ai_economics.hidden import Seen, meter
from models.ai_economics.plan_actual import against, monthly_plan, over
from pages.parts import charts, empty, look, tables, told
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

PLAN, ACTUAL, ACCRUED, EVENTS = "marts.ai_planned_costs", "marts.ai_costs", "scores.ai_accruals", "marts.ai_cost_events"
ACCRUAL, YEAR = "accrual", 12
VIEWS = {"component": "Component", "layer": "Layer"}
LABELS = {
    "component_code": "Part",
    "plan_amount": "Plan",
    "actual_amount": "Actual",
    "difference_amount": "Over plan",
    "difference_share": "In per cent",
    "spent_amount": "Spent so far",
    "projected_amount": "At month's end",
    "standing_text": "Stands",
    "hidden_name": "Hidden cost",
    "planned_amount": "Planned, a year",
    "seen_amount": "Seen, a year",
    "standing_name": "Counted",
    "because_text": "What was found",
}
UNITS = {
    "difference_share": "share",
    "plan_amount": "money",
    "actual_amount": "money",
    "spent_amount": "money",
    "projected_amount": "money",
    "difference_amount": "money",
    "seen_amount": "money",
}
MEANT = (
    "Plan: what volume moves at the plan's average month of the coming year, all else as accrued; the reserve is not in it. "
    "What no log measures is accrued as planned (grade: assumption), so only what logs and bills measure can differ: upload usage, "
    "work log and bills to measure more. "
    "Environments and second checks move with volume too, and show as not spent until a bill tells them."
)


def board(visit: Visit) -> None:
    """Draws the month under way, plan against actual, and the hidden costs."""
    if not (has_rows(visit, ACTUAL) and has_rows(visit, PLAN)):
        empty.nothing(
            "Nothing was spent on AI yet.",
            key="ai_actual",
            fix="Upload the AI usage log, or take up a use case that runs.",
        )
        return
    actual, planned = mart(visit, ACTUAL), mart(visit, PLAN)
    accrued = mart(visit, ACCRUED) if has_rows(visit, ACCRUED) else _no_accruals()
    plan = monthly_plan(planned, accrued)
    if visit.as_of is not None:
        _burning(visit, actual, plan, visit.as_of)
        _months(visit, actual, plan, visit.as_of)
    _hidden(visit, planned)


def burns(actual: pl.DataFrame, plan: pl.DataFrame, as_of: dt.date) -> dict[str, Burn]:
    """The month under way, part by part, and `all` of them together."""
    month = as_of.replace(day=1)
    now = actual.filter(pl.col("month_date") == month)
    may = dict(plan.filter(pl.col("month_date") == month).select("component_code", "plan_amount").iter_rows())
    measured, due = (
        _sums(now.filter(is_due))
        for is_due in (pl.col("cost_source_name") != ACCRUAL, pl.col("cost_source_name") == ACCRUAL)
    )
    names = sorted({*may, *measured, *due})
    found = {name: burn(may.get(name, 0.0), measured.get(name, 0.0), due.get(name, 0.0), as_of) for name in names}
    whole = burn(sum(may.values()), sum(measured.values()), sum(due.values()), as_of)
    return {"all": whole, **found}


def _sums(rows: pl.DataFrame) -> dict[str, float]:
    return dict(rows.group_by("component_code").agg(pl.col("actual_amount").cast(pl.Float64).sum()).iter_rows())


def _burning(visit: Visit, actual: pl.DataFrame, plan: pl.DataFrame, as_of: dt.date) -> None:
    """How far the month and its budget are, what it will end at, and where it will end above its plan."""
    found, words = burns(actual, plan, as_of), visit.words
    whole = found["all"]
    rows = [(name, one.plan, one.spent, one.projected, one.gap, verdict(one)) for name, one in found.items()]
    frame = pl.DataFrame(
        rows,
        schema=[
            "component_code",
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
        look.note("What logs measure goes on as it did by the day; what is accrued is due in full at the month's end.")


def _alert(visit: Visit, name: str, one: Burn) -> None:
    words = visit.words
    what = "AI as a whole" if name == "all" else name.capitalize()
    st.badge(
        f"{what}: {words.money(one.over)} over plan",
        color="red" if name == "all" else "orange",
        icon=":material/warning:",
    )


def _months(visit: Visit, actual: pl.DataFrame, plan: pl.DataFrame, as_of: dt.date) -> None:
    """Plan and actual of the months that are over, as a picture and as a table by part."""
    last = as_of.replace(day=1) - dt.timedelta(days=1)
    view = (
        st.segmented_control("By", list(VIEWS), format_func=VIEWS.__getitem__, default="component", key="ai_actual_by")
        or "component"
    )
    rows = against(actual, plan, by_layer=view == "layer").filter(pl.col("month_date") <= last)
    if rows.is_empty():
        empty.nothing("No month is over yet since the first use case runs.", key="ai_actual_months")
        return
    months = rows.group_by("month_date").agg(pl.col("plan_amount", "actual_amount").sum()).sort("month_date")
    long = months.unpivot(
        ["plan_amount", "actual_amount"], index="month_date", variable_name="which_name", value_name="cost_amount"
    )
    long = long.with_columns(pl.col("which_name").replace({"plan_amount": "plan", "actual_amount": "actual"}))
    charts.line(
        visit,
        long,
        x="month_date",
        y="cost_amount",
        by="which_name",
        title="Plan and actual, by month",
        unit="money",
        note=MEANT,
    )
    since = months["month_date"].to_list()[-YEAR:][0]
    told.told(
        visit,
        over(rows, since, last),
        name="ai_plan_actual",
        title=f"Plan and actual since {visit.words.month(since)} {since.year}, in {visit.company.reporting_currency}",
        columns=["component_code", "plan_amount", "actual_amount", "difference_amount", "difference_share"],
        labels=LABELS,
        units=UNITS,
        source=ACTUAL,
    )


def _hidden(visit: Visit, planned: pl.DataFrame) -> None:
    """The seven hidden costs: each is counted, or says why it does not apply."""
    inside = planned["month_date"].unique().sort()[:YEAR].to_list()
    found = meter(planned.filter(pl.col("month_date").is_in(inside)), _events(visit)).with_columns(
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


def _no_accruals() -> pl.DataFrame:
    return pl.DataFrame(schema={"component_code": pl.String, "month_date": pl.Date, "accrued_amount": pl.Float64})
