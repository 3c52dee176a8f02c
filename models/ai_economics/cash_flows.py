"""The programme's money month by month as a board reads it: what it brings, what it costs without the reserve, and what that is worth."""

from dataclasses import dataclass

import polars as pl

from models.ai_economics.finance import monthly_rate, npv

RESERVE_LINE = "contingency"
SOFT = "soft"


@dataclass(frozen=True)
class Flows:
    """Months of a programme in its currency, and their worth at the yearly rate; the first month's flow counts at once.

    `months` has month_date, benefit_amount, cost_amount, net_amount and cumulated_amount.
    """

    months: pl.DataFrame
    yearly_rate: float
    worth: float


def flows(planned: pl.DataFrame, brought: pl.DataFrame, yearly_rate: float) -> Flows:
    """Benefits that count (cash and capacity) less planned cost without the reserve, month by month.

    Args:
        planned: month_date, cost_line_name, planned_amount.
        brought: month_date, benefit_class_code, planned_amount.
        yearly_rate: at which later money is discounted.

    >>> import datetime as dt
    >>> day, next_day = dt.date(2026, 12, 1), dt.date(2027, 1, 1)
    >>> cost = pl.DataFrame(
    ...     {"month_date": [day, next_day], "cost_line_name": ["gateway"] * 2, "planned_amount": [100.0, 10.0]}
    ... )
    >>> value = pl.DataFrame({"month_date": [next_day], "benefit_class_code": ["cash"], "planned_amount": [120.0]})
    >>> found = flows(cost, value, 0.0)
    >>> found.worth, found.months["cumulated_amount"].to_list()
    (10.0, [-100.0, 10.0])
    """
    spent = (
        planned.filter(pl.col("cost_line_name") != RESERVE_LINE)
        .group_by("month_date")
        .agg(cost_amount=pl.col("planned_amount").cast(pl.Float64).sum())
    )
    counted = (
        brought.filter(pl.col("benefit_class_code") != SOFT)
        .group_by("month_date")
        .agg(benefit_amount=pl.col("planned_amount").cast(pl.Float64).sum())
    )
    months = (
        spent.join(counted, on="month_date", how="full", coalesce=True)
        .with_columns(pl.col("cost_amount", "benefit_amount").fill_null(0.0))
        .sort("month_date")
        .with_columns(net_amount=pl.col("benefit_amount") - pl.col("cost_amount"))
        .with_columns(cumulated_amount=pl.col("net_amount").cum_sum())
        .select("month_date", "benefit_amount", "cost_amount", "net_amount", "cumulated_amount")
    )
    net = months["net_amount"].to_numpy()
    worth = float(npv(monthly_rate(yearly_rate), net)) if months.height else 0.0
    return Flows(months, yearly_rate, worth)
