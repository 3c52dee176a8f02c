"""How each supplier keeps its word: how long it takes, how late, how full, at what price, and since when it is worse."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from models.change import change, false_alarms_per_year, observations_per_year

KEPT_DAYS = 730  # orders placed longer ago are not searched for a change
FEWEST_PRICES = 4  # prices of a SKU, at least, over at least so many days
SHORTEST_PRICE_DAYS = 120
MEASURES = {"lead": "higher", "late": "higher", "fill": "lower"}  # which direction is worse

_SAID: dict[str, Any] = {
    "verdict": pl.String,
    "is_deteriorated": pl.Boolean,
    "changed_date": pl.Date,
    "before": pl.Float64,
    "after": pl.Float64,
    "strength": pl.Float64,
    "false_alarms_per_year": pl.Float64,
}
SCHEMA: dict[str, Any] = {
    "supplier_id": pl.String,
    "line_count": pl.Int64,
    "received_count": pl.Int64,
    "overdue_count": pl.Int64,
    "lead_days_mean": pl.Float64,
    "lead_days_spread": pl.Float64,
    "lead_days_median": pl.Float64,
    "lead_days_p90": pl.Float64,
    "on_time_in_full_share": pl.Float64,
    "late_days_mean": pl.Float64,
    "fill_share": pl.Float64,
    "price_drift_share_per_year": pl.Float64,
    **{f"{measure}_{name}": kind for measure in MEASURES for name, kind in _SAID.items()},
}


def supplier_health(lines: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """One row per supplier: lead time, lateness, fill, price drift, and per measure its latest change with its date.

    Lead times are Kaplan and Meier's: a line that is still open counts as taking longer than its age, so a supplier
    that has just become slow does not look fast. Where the longest age of all is of an open line, that age stands for
    its lead time, and the mean, the spread and the quantiles that reach it are lower bounds. On time in full, lateness
    and fill are means over the lines that were due by `as_of`; an open one is late already, by its days past due, and a
    line that came early is late by nought.

    A change is looked for in orders, not lines (lines of one order travel together), in the sequence in which they were
    placed, as soon as they are due; an overdue order enters with its age. Its date is the day on which the first order
    that it hit was placed: the supplier may have changed while that order was under way. As long as orders do not pass
    their slowness on, the three measures together charge a steady supplier with at most 0.1 deteriorations a year;
    `false_alarms_per_year` states it for each.

    Not for telling whether a change matters: with many orders half a day is beyond chance; `before` and `after` tell.

    Args:
        lines: `supplier_id`, `sku_id`, `po_id`, `ordered_date`, `due_date`, `last_received_date`, `ordered_qty`,
            `received_qty`, `unit_cost`; null where not known. Cancelled lines do not belong here. What happened after
            `as_of` is not looked at. Where no line tells a receipt, nobody is called late for it.
        as_of: the day that is judged from.

    Returns:
        columns of `SCHEMA`, sorted by `supplier_id`; null where there is nothing to divide by. `lead_`, `late_` and
        `fill_` lead the columns about a change; `_verdict` is "too few", "steady", "higher" or "lower".

    >>> day = lambda d: date(2026, 3, d)
    >>> lines = pl.DataFrame(
    ...     {
    ...         "supplier_id": ["V", "V", "V"],
    ...         "sku_id": ["A", "A", "B"],
    ...         "po_id": ["1", "2", "3"],
    ...         "ordered_date": [day(1), day(2), day(3)],
    ...         "due_date": [day(8), day(9), day(10)],
    ...         "last_received_date": [day(8), day(11), None],
    ...         "ordered_qty": [5.0, 5.0, 5.0],
    ...         "received_qty": [5.0, 5.0, 0.0],
    ...         "unit_cost": [2.0, 2.0, 3.0],
    ...     }
    ... )
    >>> supplier_health(lines, as_of=day(20)).select(
    ...     "lead_days_mean", "on_time_in_full_share", "late_days_mean", "fill_share", "lead_verdict"
    ... ).row(0)
    (11.0, 0.3333333333333333, 4.0, 0.6666666666666666, 'too few')
    """
    known = _judged(lines, as_of)
    rows = [_row(str(name[0]), part, as_of) for name, part in known.partition_by("supplier_id", as_dict=True).items()]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("supplier_id")


def lifetimes(days: np.ndarray, is_over: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Durations and the probability of each, by Kaplan and Meier (1958); the longest one counts as over (Efron, 1967).

    >>> times, chances = lifetimes(np.array([7.0, 9.0, 17.0]), np.array([True, True, False]))
    >>> times.tolist(), chances.round(3).tolist()
    ([7.0, 9.0, 17.0], [0.333, 0.333, 0.333])
    """
    times, place = np.unique(days, return_inverse=True)
    ended = np.bincount(place, weights=is_over.astype(np.float64))
    at_risk = days.size - np.concatenate(([0], np.cumsum(np.bincount(place))[:-1]))
    share = ended / at_risk
    share[-1] = 1.0
    alive = np.concatenate(([1.0], np.cumprod(1.0 - share)[:-1]))
    return times, alive * share


def price_drift(prices: pl.DataFrame) -> float | None:
    """The middle SKU's yearly change of unit cost, as a share: the median over SKUs of the slope of the logarithm.

    A SKU counts from `FEWEST_PRICES` prices over `SHORTEST_PRICE_DAYS` days; a price beyond twice or half the SKU's
    median is a slip of unit or decimal point and is left out. None when no SKU counts.

    Args:
        prices: `sku_id`, `ordered_date`, `unit_cost`.

    >>> days = [date(2025, 1, 1) + timedelta(days=73 * step) for step in range(6)]
    >>> costs = [10.0 * 1.05 ** (0.2 * step) for step in range(6)]
    >>> frame = pl.DataFrame({"sku_id": ["A"] * 6, "ordered_date": days, "unit_cost": costs})
    >>> round(price_drift(frame), 3)
    0.05
    """
    x, y = pl.col("ordered_date").cast(pl.Int32).cast(pl.Float64) / 365.0, pl.col("unit_cost").cast(pl.Float64).log()
    logs = prices.filter(pl.col("unit_cost") > 0, pl.col("ordered_date").is_not_null()).select("sku_id", x=x, y=y)
    sound = logs.filter((pl.col("y") - pl.col("y").median().over("sku_id")).abs() <= float(np.log(2.0)))
    slopes = (
        sound.group_by("sku_id")
        .agg(slope=pl.cov("x", "y") / pl.var("x"), n=pl.len(), span=pl.col("x").max() - pl.col("x").min())
        .filter(pl.col("n") >= FEWEST_PRICES, pl.col("span") * 365 >= SHORTEST_PRICE_DAYS)
    )
    middle = slopes["slope"].median()
    return float(np.expm1(middle)) if isinstance(middle, float) else None


def _judged(lines: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The lines as they were known on the day: ages, days late, shares that came; null where it cannot be said."""
    came = pl.when(pl.col("last_received_date") <= as_of).then(pl.col("last_received_date"))
    told = lines.filter(pl.col("supplier_id").is_not_null(), pl.col("ordered_date") <= as_of).with_columns(
        came_date=came, ordered=pl.col("ordered_qty").cast(pl.Float64), received=pl.col("received_qty").cast(pl.Float64)
    )
    until = pl.coalesce(pl.col("came_date"), pl.lit(as_of))
    age = (until - pl.col("ordered_date")).dt.total_days()
    is_told = lines["last_received_date"].is_not_null().any()
    is_due = ((pl.col("due_date") <= as_of) & is_told).fill_null(value=False)
    late = pl.when(is_due).then((until - pl.col("due_date")).dt.total_days().clip(lower_bound=0))
    not_yet = pl.when(pl.col("came_date").is_null()).then(0.0)
    received = pl.when(pl.col("last_received_date") > as_of).then(0.0).otherwise(pl.coalesce("received", not_yet))
    fill = pl.when(is_due & (pl.col("ordered") > 0)).then((received / pl.col("ordered")).clip(0.0, 1.0))
    return told.with_columns(
        is_over=pl.col("came_date").is_not_null(),
        is_due=is_due,
        # A receipt before its order says that a date is wrong, not that the supplier was fast.
        age_days=pl.when(age >= 0).then(age.cast(pl.Float64)),
        late_days=late.cast(pl.Float64),
        fill_share=fill,
        # Orders enter the search for a change by what was promised, never by what happened, or the slow ones come last.
        is_searched=is_due | (pl.col("due_date").is_null() & pl.col("came_date").is_not_null()),
    )


def _row(supplier_id: str, lines: pl.DataFrame, as_of: date) -> dict[str, Any]:
    is_kept = (pl.col("late_days") <= 0) & (pl.col("fill_share") >= 1)
    judged = lines.filter(pl.col("fill_share").is_not_null()).select(is_kept.alias("is_kept"))
    row: dict[str, Any] = {
        "supplier_id": supplier_id,
        "line_count": lines.height,
        "received_count": int(lines["is_over"].sum()),
        "overdue_count": lines.filter(pl.col("is_due"), ~pl.col("is_over")).height,
        **_lead(lines),
        "on_time_in_full_share": judged["is_kept"].mean(),
        "late_days_mean": lines["late_days"].mean(),
        "fill_share": lines["fill_share"].mean(),
        "price_drift_share_per_year": price_drift(lines),
    }
    orders = _orders(lines, as_of)
    for measure, worse in MEASURES.items():
        row |= {f"{measure}_{name}": said for name, said in _said(orders, measure, worse).items()}
    return row


def _lead(lines: pl.DataFrame) -> dict[str, float | None]:
    names = ("lead_days_mean", "lead_days_spread", "lead_days_median", "lead_days_p90")
    known = lines.filter(pl.col("age_days").is_not_null())
    if not known["is_over"].any():
        return dict.fromkeys(names)
    times, chances = lifetimes(known["age_days"].to_numpy(), known["is_over"].to_numpy())
    mean = float(times @ chances)
    n = known.height
    spread = float(np.sqrt(((times - mean) ** 2 @ chances) * n / (n - 1))) if n > 1 else None
    reached = np.cumsum(chances)
    median, p90 = (float(times[np.searchsorted(reached, share - 1e-12)]) for share in (0.5, 0.9))
    return dict(zip(names, (mean, spread, median, p90), strict=True))


def _orders(lines: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per purchase order and day of ordering, in the sequence in which they were placed: means over its lines."""
    since = as_of - timedelta(days=KEPT_DAYS)
    return (
        lines.filter(pl.col("is_searched"), pl.col("ordered_date") > since)
        .group_by("po_id", "ordered_date")
        .agg(lead=pl.col("age_days").mean(), late=pl.col("late_days").mean(), fill=pl.col("fill_share").mean())
        .sort("ordered_date", "po_id")
    )


def _said(orders: pl.DataFrame, measure: str, worse: str) -> dict[str, Any]:
    known = orders.filter(pl.col(measure).is_not_null())
    dates = known["ordered_date"].to_list()
    found = change(known[measure].to_numpy(), dates)
    return {
        "verdict": found.verdict,
        "is_deteriorated": None if found.verdict == "too few" else found.verdict == worse,
        "changed_date": found.changed_date,
        "before": found.before,
        "after": found.after,
        "strength": found.strength,
        "false_alarms_per_year": None
        if found.verdict == "too few"
        else false_alarms_per_year(observations_per_year(dates)),
    }
