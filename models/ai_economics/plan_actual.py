"""What AI was planned to cost, by layer: what was frozen before a month began beside what was measured, and today's plan of this month."""

import datetime as dt

import polars as pl

from models.ai_economics.costs import ONE_TIME
from models.ai_economics.lines import BY_CODE, LAYERS, SWITCHING

KEYS = {"component_code": pl.String, "month_date": pl.Date}
LOGGED, ACCRUED, UNPRICED = "logged cost", "accrued cost", "calls without a price"


def monthly_plan(planned: pl.DataFrame, accrued: pl.DataFrame) -> pl.DataFrame:
    """What today's plan says of each component in each month so far: component_code, month_date, plan_amount.

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


def by_layer(rows: pl.DataFrame) -> pl.DataFrame:
    """Costs by layer over months with a frozen plan, the greatest overrun first; the reserve is none of it.

    Args:
        rows: of `marts.ai_plan_actuals`; months without a plan, or not over, are left out.

    Returns:
        layer_code; plan_amount and actual_amount of what logs and bills measure, difference_amount (above nought: over plan) and
        difference_share, null where nothing was measured or nothing planned. Where anything was measured, the plan is that of the same
        use cases and months: what has no log yet is no saving. accrued_plan_amount and accrued_amount of what nobody
        measures: it is accrued as planned, so no difference is told.
    """
    inside = costs(rows).filter(pl.col("is_over") & pl.col("plan_frozen_at").is_not_null())
    logged, accrued = pl.col("measure_name") == LOGGED, pl.col("measure_name") == ACCRUED
    found = inside.group_by("layer_code").agg(
        plan_amount=_of_measured(logged),
        actual_amount=_known(pl.col("actual_number").filter(logged & _is_whole())),
        accrued_plan_amount=pl.col("planned_number").filter(accrued).sum(),
        accrued_amount=pl.col("actual_number").filter(accrued).sum(),
    )
    told = found.with_columns(difference_amount=pl.col("actual_amount") - pl.col("plan_amount")).with_columns(
        difference_share=pl.when(pl.col("plan_amount") > 0).then(pl.col("difference_amount") / pl.col("plan_amount"))
    )
    return told.sort("difference_amount", "layer_code", descending=[True, False], nulls_last=True)


def by_month(rows: pl.DataFrame) -> pl.DataFrame:
    """Of each month that is over: what was planned of what logs measure (null where no plan was frozen before it), and what they did.

    Returns:
        month_date, plan_amount, actual_amount, in order.
    """
    logged = costs(rows).filter(pl.col("is_over") & (pl.col("measure_name") == LOGGED))
    return (
        logged.group_by("month_date")
        .agg(
            plan_amount=pl.when(pl.col("plan_frozen_at").is_not_null().all()).then(_of_measured(pl.lit(value=True))),
            actual_amount=_known(pl.col("actual_number").filter(_is_whole())),
        )
        .sort("month_date")
    )


def frozen_for(rows: pl.DataFrame, month: dt.date) -> dict[str, float]:
    """What each layer may cost in a month by the plan that was frozen before it began; empty where there is none."""
    mine = costs(rows).filter(pl.col("month_date") == month, pl.col("planned_number").is_not_null())
    return dict(mine.group_by("layer_code").agg(pl.col("planned_number").sum()).iter_rows())


def costs(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of cost, without the reserve."""
    return rows.filter(pl.col("measure_name").is_in([LOGGED, ACCRUED]), pl.col("layer_code") != SWITCHING)


def layered(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows by component with the layer of each as `layer_code`.

    >>> layered(pl.DataFrame({"component_code": ["data upkeep"]}))["layer_code"].to_list()
    ['data and retrieval']
    """
    return rows.with_columns(layer_code=pl.col("component_code").replace(LAYERS))


def without_write_offs(actual: pl.DataFrame) -> pl.DataFrame:
    """Rows of `marts.ai_costs` without what is written off of payments that were made once: a plan of months to come has no such thing."""
    is_write_off = (pl.col("cost_source_name") == "accrual") & pl.col("cost_line_name").is_in(ONE_TIME)
    return actual.filter(~is_write_off)


def _known(values: pl.Expr) -> pl.Expr:
    """The sum of what is known; null where nothing is."""
    return pl.when(values.count() > 0).then(values.sum())


def _is_whole() -> pl.Expr:
    """Whether all of it was measured: calls without a price make a sum that is too small."""
    return pl.col("actual_number").is_not_null() & (pl.col("plan_actual_standing_name") != UNPRICED)


def _of_measured(wanted: pl.Expr) -> pl.Expr:
    """The plan of what was measured; where nothing was, of all."""
    measured, planned = wanted & _is_whole(), pl.col("planned_number")
    return pl.when(measured.any()).then(planned.filter(measured).sum()).otherwise(planned.filter(wanted).sum())
