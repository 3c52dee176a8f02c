"""The weeks before a roll-out as a panel that the designer can read: from the log of work, or from the log of orders."""

import datetime as dt
from dataclasses import dataclass

import polars as pl

PANEL = {"unit_name": pl.String, "week_date": pl.Date, "measured_number": pl.Float64}


@dataclass(frozen=True)
class Past:
    """Weeks without AI: one row a unit and week, how many cases a week all units have, and how far single cases lie from the mean.

    Attributes:
        panel: unit_name, week_date, measured_number.
        cases_per_week: of all units together; None where unknown.
        case_spread_share: standard deviation of single cases as a share of their mean; None where unknown.
    """

    panel: pl.DataFrame
    cases_per_week: float | None
    case_spread_share: float | None


def of_cases(weeks: pl.DataFrame, *, use_case_name: str, by_team: bool = False, before: dt.date | None = None) -> Past:
    """Minutes per case of work without AI by site (or by team at a site), from rows of marts.ai_case_weeks.

    Args:
        before: only weeks before this Monday; None takes all weeks of units and weeks in which nobody had AI yet.
    """
    unit = pl.concat_str("site_id", "team_name", separator=" / ") if by_team else pl.col("site_id")
    mine = weeks.filter(pl.col("use_case_name") == use_case_name).with_columns(unit_name=unit)
    begun = mine.filter(pl.col("arm_code") == "assisted")["week_date"].min()
    edges = [day for day in (before, begun) if day is not None]
    past = mine.filter(pl.col("arm_code") == "alone", pl.col("mean_hands_on_minutes").is_not_null())
    if edges:
        past = past.filter(pl.col("week_date") < min(edges))
    if not past.height:
        return Past(pl.DataFrame(schema=PANEL), None, None)
    size = pl.col("measured_case_count")
    panel = (
        past.group_by("unit_name", "week_date")
        .agg(measured_number=(pl.col("mean_hands_on_minutes") * size).sum() / size.sum())
        .sort("unit_name", "week_date")
    )
    count, mean = (
        float(past["measured_case_count"].sum()),
        float(past.select((pl.col("mean_hands_on_minutes") * size).sum()).item()),
    )
    square = float(past.select((pl.col("spread_minutes") ** 2 * size).sum()).item())
    spread = (square / count) ** 0.5 / (mean / count) if mean > 0 else None
    return Past(panel.select(*PANEL), count / past["week_date"].n_unique(), spread)


def of_orders(weeks: pl.DataFrame) -> Past:
    """Hands-on minutes per order by site, or touches where nobody tells minutes, from rows of marts.order_handling_weeks."""
    told = "order_hands_on_minutes" if weeks["order_hands_on_minutes"].count() else "touches_per_order_number"
    panel = weeks.filter(pl.col(told).is_not_null()).select(
        unit_name="site_id", week_date="week_date", measured_number=pl.col(told).cast(pl.Float64)
    )
    count = weeks["week_date"].n_unique()
    return Past(
        panel.sort("unit_name", "week_date"), float(weeks["order_count"].sum()) / count if count else None, None
    )
