"""The shape of the three models of lateness: what is open gets a chance, days of arrival and reasons; all else is the same."""

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from models.model import BACKTEST, DRIFT, RELIABILITY, RIVAL_ONLY, Asked, Output, Scored

if TYPE_CHECKING:
    from models.lateness import Lateness

VIEW_DAYS = 30  # a row whose moment nobody wrote down is known so many days before it is due
OVERDUE_DAYS = 365  # what is overdue for longer than this has been forgotten rather than delayed
FEW_ROWS = 30  # fewer tell nothing of a month
LEARNT_AT_MOST = 30_000  # of the newest rows: older ones tell little of today, and a refresh should not wait for them
RISK = (
    "late_share",
    "is_late_already",
    "due_date",
    "arrival_p10_date",
    "arrival_p50_date",
    "arrival_p80_date",
    "arrival_p90_date",
    "because_text",
)
BASE, RIVAL = "base rate", "best simple rate"
TRUST = (
    "Trust the order of the list as far as the share of pairs above says; chances where the reliability chart lies on "
    "its diagonal; days of arrival as far as they held in the look back."
)


def risk_table(name: str, key: tuple[str, ...], *, answers: str, grain: str) -> Output:
    """What a model of lateness declares of its score table."""
    checks = (
        "late_share >= 0 and late_share <= 1",
        "arrival_p50_date is null or arrival_p50_date <= arrival_p90_date",
    )
    return Output(name=name, answers=answers, grain=grain, key=key, columns=(*key, *RISK), checks=checks)


def lateness(
    rows: pl.DataFrame,
    key: Sequence[str],
    features: Sequence[str],
    table: str,
    asked: Asked,
    *,
    trusted: Collection[str] = (),
) -> Scored:
    """The answer of a model of lateness.

    Args:
        rows: `key`, `known_at`, `due_at`, `done_at` (null while open) and the features.
        key: columns that name a row.
        features: columns that may speak, if the guard lets them.
        table: the score table.
        asked: day and version.
        trusted: features that are known beforehand by the business's word; the look back is shown without them too.
    """
    from models.lateness import judged

    due = pl.col("due_at").cast(pl.Date)
    known = pl.coalesce(pl.col("known_at").cast(pl.Date), due - pl.duration(days=VIEW_DAYS))
    told = rows.filter(pl.col("due_at").is_not_null()).with_columns(known_at=known)
    came = pl.col("done_at").cast(pl.Date)
    done = came.is_not_null() & (came <= asked.as_of)
    since = asked.as_of - dt.timedelta(days=OVERDUE_DAYS)
    waiting = told.filter(~done, pl.col("known_at") <= asked.as_of, due >= since).sort(key)
    # What was over when it became known, or late by then, was never in question and would teach its own answer.
    over = told.filter(done, (pl.col("known_at") < came) & (pl.col("known_at") <= due))
    if over.is_empty():
        why = "no arrivals" if told.filter(done).is_empty() else "of arrivals only when they are over"
        return Scored(
            {table: pl.DataFrame(schema=dict.fromkeys((*key, *RISK), pl.Null))},
            because=f"The source tells {why}, so nothing can be learnt of what is on its way.",
        )
    past = over.sort("known_at", *key).tail(LEARNT_AT_MOST).drop(key)
    speaking = [] if asked.version == RIVAL_ONLY else list(features)
    judge = partial(judged, past, as_of=asked.as_of + dt.timedelta(days=1))
    found = judge(waiting.drop(key), features=speaking, trusted=trusted)
    risks = waiting.select(*key, due=pl.col("due_at").cast(pl.Date)).hstack(found.risks)
    refused = {each.column for each in found.refused}
    relied_on = [name for name in trusted if name in speaking and name not in refused]
    without = {}
    if relied_on and found.backtest:
        others = [name for name in speaking if name not in relied_on]
        without = {" and ".join(relied_on): judge(waiting.drop(key), features=others)}
    return Scored(
        {table: _table(risks, key)},
        measure_name="brier",
        model_error=found.backtest.brier if found.backtest else None,
        rival_error=found.backtest.rival_brier if found.backtest else None,
        because=_because(found, without),
        is_fallback=found.is_fallback,
        trained_rows=found.taught_count,
        backtests=_backtests(found, without),
        reliability=found.reliability.with_row_index("bin_no", 1).select(*RELIABILITY),
        drift=_drift(found.months),
    )


def _because(found: "Lateness", without: Mapping[str, "Lateness"]) -> str:
    """The verdict, what it would be without the columns that are only trusted, and what was left out."""
    said = found.because
    for name, other in without.items():
        if other.backtest:
            auc = "" if other.backtest.auc is None else f" and {other.backtest.auc:.0%} of pairs"
            said += f" Without {name}: Brier {other.backtest.brier:.4f}{auc}."
    if found.refused:
        said += " Left out, for they know the outcome: " + ", ".join(each.column for each in found.refused) + "."
    return said


def _table(risks: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Chances and days of arrival; what is late already arrives no earlier than it can."""
    days = {
        f"arrival_{level}_date": pl.col("due") + pl.duration(days=pl.col(f"delay_days_{level}").ceil().cast(pl.Int64))
        for level in ("p10", "p50", "p80", "p90")
    }
    return risks.with_columns(
        late_share=pl.col("late_probability").round(4),
        due_date=pl.col("due"),
        because_text=pl.col("drivers").list.join("; "),
        **days,
    ).select(*key, *RISK)


def _backtests(found: "Lateness", without: Mapping[str, "Lateness"]) -> pl.DataFrame:
    """Errors by month beside the rivals' (the verdict has them over all months), and what else was measured of the whole."""
    figures = found.backtest
    if figures is None:
        return pl.DataFrame(schema=BACKTEST)
    day, count = figures.first_day, figures.row_count
    rows = [
        ("model", "all", day, "auc", figures.auc, count),
        (f"{figures.best_feature} alone", "all", day, "auc", figures.best_feature_auc, count),
        ("model", "all", day, "average precision", figures.average_precision, count),
        ("model", "all", day, "ece", figures.calibration_error, count),
        *(
            ("model", "all", day, f"arrived by p{round(100 * level)}", share, count)
            for level, share in figures.coverage.items()
        ),
    ]
    errors = {"model": "brier", figures.rival_name: "rival_brier", BASE: "base_brier"}
    monthly = [_monthly(found, variant, column) for variant, column in errors.items()]
    monthly += [_monthly(other, f"without {name}", "brier") for name, other in without.items()]
    whole = pl.DataFrame([row for row in rows if row[4] is not None], schema=BACKTEST, orient="row")
    return pl.concat([*monthly, whole])


def _monthly(found: "Lateness", variant: str, column: str) -> pl.DataFrame:
    """An error in each month of the test that has enough rows; over all of them where none has."""
    months = found.months.filter(pl.col("row_count") >= FEW_ROWS)
    if months.is_empty():
        rows = pl.col("row_count").sum()
        together = (pl.col(column) * pl.col("row_count")).sum() / rows
        months = found.months.select(pl.col("month_date").min(), together, rows)
    said = {"variant_name": pl.lit(variant), "scope_name": pl.lit("all"), "measure_name": pl.lit("brier")}
    return months.select(**said, origin_date="month_date", measured_number=column, row_count="row_count").select(
        *BACKTEST
    )


def _drift(months: pl.DataFrame) -> pl.DataFrame:
    """Whether the share that came late, and what was said of it, have moved in the newest months from those before.

    The newest months are as many as hold FEW_ROWS rows; what so few rows move by chance is no drift.
    """
    newest_first = months.sort("month_date", descending=True)
    is_new = newest_first["row_count"].cum_sum().shift(1, fill_value=0) < FEW_ROWS
    now, before = newest_first.filter(is_new), newest_first.filter(~is_new)
    if before["row_count"].sum() < FEW_ROWS:
        return pl.DataFrame(schema=DRIFT)
    rows = []
    for name in ("said_share", "came_share", "brier"):
        then, lately = _mean(before, name), _mean(now, name)
        by_chance = 3 * math.sqrt(then * (1 - then) / int(now["row_count"].sum()))
        moved = abs(lately - then)
        kind = "error" if name == "brier" else "input"
        rows.append((name, kind, then, lately, moved, moved > max(0.1, by_chance)))
    return pl.DataFrame(rows, schema=DRIFT, orient="row")


def _mean(months: pl.DataFrame, name: str) -> float:
    """Over all rows of these months."""
    return float(np.average(months[name].to_numpy(), weights=months["row_count"].to_numpy()))
