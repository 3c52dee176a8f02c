"""How much human work an order takes, by the log of events: touches, minutes and orders that nobody touched."""

import datetime as dt
import hashlib
from typing import Any

import numpy as np
import polars as pl

from models.bootstrap import bands
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

MERGED_MINUTES = 5  # events of one person so close together are one touch
PAUSE_MINUTES = 15  # nobody logs a pause: longer between two events of one person counts as this much (an assumption)
RIPE_DAYS = 14  # a younger order may still be touched, and would look as if nobody had to
TRIMMED_SHARE = 0.1
COLUMNS = (
    "site_id", "week_date", "order_count", "touchless_order_count", "touch_count", "touches_per_order_number", "touchless_share",
    "timed_order_count", "order_hands_on_minutes", "median_minutes", "trimmed_minutes", "order_active_minutes",
)  # fmt: skip
BASELINE = (
    "site_id", "first_week_date", "last_week_date", "week_count", "order_count", "touchless_share", "touches_per_order_number",
    "low_number", "high_number", "order_hands_on_minutes", "low_minutes", "high_minutes", "is_long_enough", "baseline_key", "because_text",
)  # fmt: skip
BASELINE_WEEKS, LEAST_WEEKS = 26, 12


def touches(events: pl.DataFrame) -> pl.DataFrame:
    """One row an order of the log: its touches, the minutes that the source tells, and those between a person's events.

    A touch is a person at an activity, counted once an order; what the same person does next within five minutes is the same touch.
    Events of systems and agents are no touches, nor are those without a person's name.

    Args:
        events: case_id, activity_name, event_at, occurrence, actor_name, actor_kind_code, hands_on_minutes.

    >>> at = dt.datetime(2026, 1, 5, 9, 0)
    >>> log = pl.DataFrame(
    ...     {
    ...         "case_id": ["o"] * 4,
    ...         "activity_name": ["entered", "corrected", "entered", "invoiced"],
    ...         "event_at": [at + dt.timedelta(minutes=m) for m in (0, 3, 20, 60)],
    ...         "occurrence": [1, 1, 2, 1],
    ...         "actor_name": ["Ann", "Ann", "Ann", "Bo"],
    ...         "actor_kind_code": ["person"] * 4,
    ...         "hands_on_minutes": [4.0, None, 1.0, 2.0],
    ...     }
    ... )
    >>> touches(log).row(0, named=True)
    {'case_id': 'o', 'touch_count': 2, 'told_minutes': 7.0, 'active_minutes': 18.0}
    """
    ours = (
        events.with_columns(
            is_person=pl.col("actor_name").is_not_null() & (pl.col("actor_kind_code").fill_null("person") == "person")
        )
        .sort("case_id", "event_at", "activity_name", "actor_name", "occurrence")
        .with_row_index("place")
    )
    people = ours.filter("is_person")
    first = people.unique(["case_id", "actor_name", "activity_name"], keep="first", maintain_order=True)
    since = pl.col("event_at") - pl.col("event_at").shift(1).over("case_id")
    is_same = (pl.col("actor_name") == pl.col("actor_name").shift(1).over("case_id")) & (
        since.dt.total_seconds() <= MERGED_MINUTES * 60
    )
    counted = (
        first.with_columns(is_new=~is_same.fill_null(value=False))
        .group_by("case_id")
        .agg(touch_count=pl.col("is_new").sum())
    )
    gap = (pl.col("event_at") - pl.col("event_at").shift(1).over("case_id", "actor_name")).dt.total_seconds() / 60
    minutes = (
        people.with_columns(gap_minutes=gap)
        .group_by("case_id")
        .agg(
            told_minutes=pl.when(pl.col("hands_on_minutes").is_not_null().any()).then(pl.col("hands_on_minutes").sum()),
            active_minutes=pl.col("gap_minutes").clip(0, PAUSE_MINUTES).sum(),
        )
    )
    return (
        ours.select("case_id")
        .unique()
        .join(counted, on="case_id", how="left")
        .join(minutes, on="case_id", how="left")
        .with_columns(pl.col("touch_count").fill_null(0).cast(pl.Int64))
        .sort("case_id")
    )


def by_week(events: pl.DataFrame, orders: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """One row a site and week of ordering, with the columns `COLUMNS`; orders without a logged event are not known to be touchless.

    Orders that several sites serve stand under the site "several".
    """
    handled = touches(events.filter(pl.col("event_at").dt.date() <= as_of))
    ripe = pl.col("ordered_date") <= as_of - dt.timedelta(days=RIPE_DAYS)
    known = orders.filter(ripe).select(
        "order_id", pl.col("site_id").fill_null("several"), week_date=pl.col("ordered_date").dt.truncate("1w")
    )
    return (
        handled.join(known, left_on="case_id", right_on="order_id", how="inner")
        .sort("site_id", "week_date", "case_id")
        .group_by("site_id", "week_date", maintain_order=True)
        .agg(
            order_count=pl.len().cast(pl.Int64),
            touchless_order_count=(pl.col("touch_count") == 0).sum().cast(pl.Int64),
            touch_count=pl.col("touch_count").sum(),
            touches_per_order_number=pl.col("touch_count").mean().round(6),
            touchless_share=(pl.col("touch_count") == 0).mean().round(6),
            timed_order_count=pl.col("told_minutes").count().cast(pl.Int64),
            order_hands_on_minutes=pl.col("told_minutes").mean().round(6),
            median_minutes=pl.col("told_minutes").median().round(6),
            trimmed_minutes=_trimmed(pl.col("told_minutes")).round(6),
            order_active_minutes=pl.col("active_minutes").mean().round(6),
        )
    )


def baseline(weeks: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """One row a site: its last half year, with intervals bootstrapped over whole weeks, and a fingerprint to freeze it by.

    Shorter than twelve weeks is no baseline: `is_long_enough` is false then, and there are no intervals.
    """
    told = []
    for (site,), mine in weeks.sort("site_id", "week_date").group_by("site_id", maintain_order=True):
        last = mine.tail(BASELINE_WEEKS)
        is_long = last.height >= LEAST_WEEKS
        orders = int(last["order_count"].sum())
        found: dict[str, tuple[float | None, float | None, float | None]] = {}
        for name, count in (
            ("touches_per_order_number", "order_count"),
            ("order_hands_on_minutes", "timed_order_count"),
        ):
            sums = last.select((pl.col(name) * pl.col(count)).fill_null(0.0), pl.col(count).cast(pl.Float64)).to_numpy()
            found[name] = _ratio(sums, is_long=is_long, seed=seed)
        touches_said, minutes_said = found["touches_per_order_number"], found["order_hands_on_minutes"]
        key = hashlib.sha256(last.select(COLUMNS).write_csv(float_precision=6).encode()).hexdigest()[:16]
        because = f"{orders:,} orders of {last.height} weeks, measured from the log of events."
        if not is_long:
            because = (
                f"{because} That is too short: {LEAST_WEEKS} weeks are needed before anything may be compared with it."
            )
        told.append(
            (
                site, last["week_date"].min(), last["week_date"].max(), last.height, orders,
                round(int(last["touchless_order_count"].sum()) / orders, 6), *touches_said, *minutes_said, is_long, key, because,
            )
        )  # fmt: skip
    kinds: dict[str, Any] = dict.fromkeys(BASELINE, pl.Float64) | {
        "site_id": pl.String, "first_week_date": pl.Date, "last_week_date": pl.Date, "week_count": pl.Int64, "order_count": pl.Int64,
        "is_long_enough": pl.Boolean, "baseline_key": pl.String, "because_text": pl.String,
    }  # fmt: skip
    return pl.DataFrame(told, schema=kinds, orient="row")


def _ratio(sums: np.ndarray, *, is_long: bool, seed: int) -> tuple[float | None, float | None, float | None]:
    """The ratio of two weekly sums with the ends of its interval; None where there is nothing to divide by."""
    whole, count = sums.sum(axis=0)
    if not count:
        return None, None, None
    ratio = float(whole / count)
    if not is_long:
        return round(ratio, 6), None, None
    # A ratio moves as the mean of its linear part does.
    parts = (sums[:, :1] - ratio * sums[:, 1:]) * len(sums) / count
    low, high = bands(parts, np.arange(len(sums)), seed=seed)
    return round(ratio, 6), round(ratio + float(low[0, 0]), 6), round(ratio + float(high[0, 0]), 6)


def _trimmed(minutes: pl.Expr) -> pl.Expr:
    """The mean without the lowest and the highest tenth, which slips of the clock would move."""
    low, high = minutes.quantile(TRIMMED_SHARE, "lower"), minutes.quantile(1 - TRIMMED_SHARE, "higher")
    return minutes.filter(minutes.is_between(low, high)).mean()


def score(frames: Frames, asked: Asked) -> Scored:
    """The weeks of every site, with what was found in a sentence."""
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL))
    weeks = by_week(frames["core.order_events"], frames["marts.orders"], asked.as_of).select(COLUMNS)
    count = int(weeks["order_count"].sum() or 0)
    because = "No order has a logged event, so its handling cannot be measured."
    if count:
        mean = weeks["touch_count"].sum() / count
        untouched = weeks["touchless_order_count"].sum() / count
        because = f"Of {count:,} orders with logged events {untouched:.0%} were touched by nobody; the mean order took {mean:.1f} touches."
    tables = {"scores.order_handling_weeks": weeks, "scores.order_baselines": baseline(weeks, seed=asked.seed)}
    return Scored(tables, because=because, trained_rows=count)


MODEL = Model(
    code="order_handling",
    title="Handling of orders",
    question="How many touches and minutes does an order take, and how many orders does nobody touch?",
    reads={
        "core.order_events": (
            "case_id", "activity_name", "event_at", "occurrence", "actor_name", "actor_kind_code", "hands_on_minutes",
        ),
        "marts.orders": ("order_id", "site_id", "ordered_date"),
    },
    writes=(
        Output(
            name="scores.order_handling_weeks",
            answers="How much human work did an order take, by site and week?",
            grain="one row per site and week in which an order with logged events was received",
            key=("site_id", "week_date"),
            columns=COLUMNS,
            checks=("touchless_order_count <= order_count", "timed_order_count <= order_count", "touches_per_order_number >= 0"),
        ),
        Output(
            name="scores.order_baselines",
            answers="From which measured handling of orders may an improvement be counted at each site, and is it long enough?",
            grain="one row per site with logged events",
            key=("site_id",),
            columns=BASELINE,
            checks=("low_number is null or low_number <= high_number", "is_long_enough or low_number is null"),
        ),
    ),
    guarantee="Only logged events count; an order without any is left out, and is not called touchless.",
    rival="what people remember",
    needs=(),
    versions={1: "Distinct people and activities, merged within five minutes; minutes as told, and between events up to fifteen."},
    does_not="It does not see work that leaves no event behind: telephone calls, mails, looking things up.",
    trust="Trust touches where the log names people; trust minutes only where the source tells them.",
    score=score,
)  # fmt: skip
