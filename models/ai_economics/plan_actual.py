"""What AI was planned to cost in the months that are over, beside what it did: by component or layer, with the difference."""

import datetime as dt

import polars as pl

from models.ai_economics.lines import BY_CODE, LAYERS

KEYS = {"component_code": pl.String, "month_date": pl.Date}


def monthly_plan(planned: pl.DataFrame, accrued: pl.DataFrame) -> pl.DataFrame:
    """What each component may cost in each month since the first use case runs: component_code, month_date, plan_amount.

    What volume moves is planned at the plan's average month of the coming year; all else as it is accrued. The reserve is none of it.

    Args:
        planned: cost_line_name, component_code, month_date, planned_amount of the months to come.
        accrued: component_code, month_date, accrued_amount of the months so far.
    """
    months = accrued["month_date"].unique().sort()
    first = planned["month_date"].unique().sort()[:12].to_list()
    moving = [name for name in planned["cost_line_name"].unique() if BY_CODE[name].is_volume]
    usual = (
        planned.filter(pl.col("cost_line_name").is_in(moving), pl.col("month_date").is_in(first))
        .group_by("component_code")
        .agg(plan_amount=pl.col("planned_amount").cast(pl.Float64).sum() / max(len(first), 1))
    )
    volume = usual.join(months.to_frame(), how="cross").select(*KEYS, "plan_amount")
    held = accrued.group_by(*KEYS).agg(plan_amount=pl.col("accrued_amount").cast(pl.Float64).sum())
    both = pl.concat([volume, held], how="vertical_relaxed")
    return both.group_by(*KEYS).agg(pl.col("plan_amount").sum()).sort(*KEYS)


def against(actual: pl.DataFrame, plan: pl.DataFrame, *, by_layer: bool = False) -> pl.DataFrame:
    """One row a part and month: plan, actual, difference (above nought: over plan), and the difference as a share of the plan.

    Args:
        actual: component_code, month_date, actual_amount; a component without a plan has a plan of nought.
        plan: as `monthly_plan` gives it.

    >>> day = dt.date(2026, 10, 1)
    >>> one = pl.DataFrame({"component_code": ["support"], "month_date": [day], "actual_amount": [12.0]})
    >>> two = pl.DataFrame({"component_code": ["support"], "month_date": [day], "plan_amount": [10.0]})
    >>> against(one, two).row(0)[2:]
    (10.0, 12.0, 2.0, 0.2)
    """
    spent = actual.group_by(*KEYS).agg(pl.col("actual_amount").cast(pl.Float64).sum())
    both = plan.join(spent, on=list(KEYS), how="full", coalesce=True).with_columns(
        pl.col("plan_amount", "actual_amount").fill_null(0.0)
    )
    if by_layer:
        named = both.with_columns(pl.col("component_code").replace(LAYERS))
        both = named.group_by(*KEYS).agg(pl.col("plan_amount", "actual_amount").sum())
    told = both.with_columns(difference_amount=pl.col("actual_amount") - pl.col("plan_amount")).with_columns(
        difference_share=pl.when(pl.col("plan_amount") > 0).then(pl.col("difference_amount") / pl.col("plan_amount"))
    )
    columns = (*KEYS, "plan_amount", "actual_amount", "difference_amount", "difference_share")
    return told.select(columns).sort("month_date", "component_code")


def over(told: pl.DataFrame, since: dt.date, until: dt.date) -> pl.DataFrame:
    """The same summed over months, one row a part, the greatest overrun first."""
    inside = told.filter(pl.col("month_date").is_between(since, until))
    found = inside.group_by("component_code").agg(pl.col("plan_amount", "actual_amount", "difference_amount").sum())
    return found.with_columns(
        difference_share=pl.when(pl.col("plan_amount") > 0).then(pl.col("difference_amount") / pl.col("plan_amount"))
    ).sort("difference_amount", "component_code", descending=[True, False])
