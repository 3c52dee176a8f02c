"""The shape of the three models of lateness: what is open gets a chance, days of arrival and reasons; all else is the same."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from models.model import BACKTEST, DRIFT, RELIABILITY, RIVAL_ONLY, Asked, Scored

if TYPE_CHECKING:
    from models.lateness import Lateness

VIEW_DAYS = 30  # a row whose moment nobody wrote down is known so many days before it is due
OVERDUE_DAYS = 365  # what is overdue for longer than this has been forgotten rather than delayed
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
BASE = "base rate"


def lateness(rows: pl.DataFrame, key: Sequence[str], features: Sequence[str], table: str, asked: Asked) -> Scored:
    """The answer of a model of lateness.

    Args:
        rows: `key`, `known_at`, `due_at`, `done_at` (null while open) and the features.
        key: columns that name a row.
        features: columns that may speak, if the guard lets them.
        table: the score table.
        asked: day and version.
    """
    from models.lateness import judged

    known = pl.coalesce(pl.col("known_at").cast(pl.Date), pl.col("due_at").cast(pl.Date) - pl.duration(days=VIEW_DAYS))
    told = rows.filter(pl.col("due_at").is_not_null()).with_columns(known_at=known)
    done = pl.col("done_at").is_not_null() & (pl.col("done_at").cast(pl.Date) <= asked.as_of)
    since = asked.as_of - dt.timedelta(days=OVERDUE_DAYS)
    waiting = told.filter(~done, pl.col("known_at") <= asked.as_of, pl.col("due_at").cast(pl.Date) >= since).sort(key)
    # What was over when it became known, or late by then, was never in question and would teach its own answer.
    in_question = (pl.col("known_at") < pl.col("done_at").cast(pl.Date)) & (
        pl.col("known_at") <= pl.col("due_at").cast(pl.Date)
    )
    past = told.filter(done, in_question).sort("known_at", *key).tail(LEARNT_AT_MOST)
    if past.is_empty():
        why = "no arrivals" if told.filter(done).is_empty() else "of arrivals only when they are over"
        return Scored(
            {table: pl.DataFrame(schema=dict.fromkeys((*key, *RISK), pl.Null))},
            because=f"The source tells {why}, so nothing can be learnt of what is on its way.",
        )
    speaking = [] if asked.version == RIVAL_ONLY else list(features)
    found = judged(past.drop(key), waiting.drop(key), features=speaking, as_of=asked.as_of + dt.timedelta(days=1))
    risks = waiting.select(*key, due=pl.col("due_at").cast(pl.Date)).hstack(found.risks)
    figures = found.backtest
    refused = (
        ""
        if not found.refused
        else " Left out, for they know the outcome: " + ", ".join(each.column for each in found.refused) + "."
    )
    return Scored(
        {table: _table(risks, key)},
        measure_name="brier",
        model_error=figures.brier if figures else None,
        rival_error=figures.rival_brier if figures else None,
        because=found.because + refused,
        is_fallback=found.is_fallback,
        trained_rows=past.height,
        backtests=_backtests(found),
        reliability=found.reliability.with_row_index("bin_no", 1).select(*RELIABILITY)
        if found.reliability.height
        else pl.DataFrame(schema=RELIABILITY),
        drift=_drift(found.months),
    )


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


def _backtests(found: "Lateness") -> pl.DataFrame:
    figures = found.backtest
    if figures is None:
        return pl.DataFrame(schema=BACKTEST)
    day, count = figures.first_day, figures.row_count
    rows = [
        ("model", "all", day, "brier", figures.brier, count),
        (figures.rival_name, "all", day, "brier", figures.rival_brier, count),
        (BASE, "all", day, "brier", figures.base_brier, count),
        ("model", "all", day, "auc", figures.auc, count),
        (f"{figures.best_feature} alone", "all", day, "auc", figures.best_feature_auc, count),
        ("model", "all", day, "average precision", figures.average_precision, count),
        ("model", "all", day, "ece", figures.calibration_error, count),
        *(
            ("model", "all", day, f"arrived by p{round(100 * level)}", share, count)
            for level, share in figures.coverage.items()
        ),
    ]
    told = pl.DataFrame([row for row in rows if row[4] is not None], schema=BACKTEST, orient="row")
    return told.unique(["variant_name", "scope_name", "origin_date", "measure_name"], keep="first", maintain_order=True)


def _drift(months: pl.DataFrame) -> pl.DataFrame:
    """Whether the share that came late, and what was said of it, have moved in the last month from the months before."""
    if months.height < 3:
        return pl.DataFrame(schema=DRIFT)
    rows = []
    for name in [name for name in ("late_share", "said_share", "came_share", "brier") if name in months.columns]:
        said = months[name].to_list()
        before, now = sum(said[:-1]) / len(said[:-1]), said[-1]
        kind = "error" if name == "brier" else "input"
        rows.append((name, kind, before, now, abs(now - before), abs(now - before) > 0.1))
    return pl.DataFrame(rows, schema=DRIFT, orient="row")
