"""Will it be late, and when will it arrive? One judgement for shipments, order lines and purchase lines, beside its rivals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl

from models import calibration
from models.lateness_arrival import LEVELS, NEWEST, Delays, delays, honest_levels, quantiles
from models.lateness_features import FEW, dated, settled, shaped
from models.lateness_fit import Design, design, learned
from models.lateness_guard import Finding, alone, guard
from models.lateness_trial import MONTHLY, Backtest, Trial, backtest, by_month, rivals, trial
from models.lateness_words import drivers

FEWEST_OUTCOMES, FEWEST_LATE = 200, 20
AWAITED_DAYS = (
    60  # what is overdue for less is late for certain, and teaches it; later, it may just never have been closed
)
NEVER = -1e4  # days before a due day that is not said
RISKS: dict[str, pl.DataType | type[pl.DataType]] = {
    "late_probability": pl.Float64,
    "is_late_already": pl.Boolean,
    **{f"delay_days_p{round(100 * level)}": pl.Float64 for level in LEVELS},
    "drivers": pl.List(pl.String),
}


@dataclass(frozen=True)
class Lateness:
    """What is said of each open row, and how far it can be trusted.

    `risks`: one row each open row, in their order: `late_probability` (1 where it is late by the facts already),
    `is_late_already`, `delay_days_p10 … p90` (days after the due day, below 0 before it; it arrives by then with that
    probability in per cent), `drivers` (sentences, strongest first; none where the base rate answers).
    `backtest`, `reliability` (see `calibration.reliability`) and `months` are None or empty where outcomes are too few.
    `is_fallback`: the answer is a simple rate, and `because` says why.
    """

    risks: pl.DataFrame
    backtest: Backtest | None
    reliability: pl.DataFrame
    months: pl.DataFrame
    taught_count: int
    refused: list[Finding]
    is_fallback: bool
    because: str


def judged(
    history: pl.DataFrame,
    open_rows: pl.DataFrame,
    *,
    features: Sequence[str],
    as_of: date,
    trusted: Collection[str] = (),
) -> Lateness:
    """The judgement of the open rows on `as_of`, learned from what had come of the past ones by then.

    What is open past its day is late for certain, and teaches so. Nothing that a row's own moment could not know is used:
    columns that know the outcome are refused (`refused`), a record counts an outcome only from the day after it was sure,
    and what is chosen is chosen before the last 30 % in time, which test it. Where it does not beat the best simple rate
    there, that rate is the answer.

    Args:
        history: rows with `known_at` (when the facts were known), `due_at`, `done_at` (null where it never came) and features.
        open_rows: the same columns, `done_at` null or absent.
        features: names of the columns that may speak: texts, numbers, dates.
        as_of: the day of the judgement; what is done on it or later is still open.
        trusted: features of which the business says that they are known at the moment, however well they foretell.
    """
    past = history.with_columns(is_open=pl.lit(False), place=pl.int_range(pl.len()))
    now = open_rows.with_columns(
        is_open=pl.lit(True), place=pl.int_range(pl.len()), done_at=pl.lit(None, dtype=history["done_at"].dtype)
    )
    together = pl.concat([past, now], how="diagonal_relaxed")
    refused = guard(together, features, trusted=trusted)
    kept = [name for name in features if name not in {finding.column for finding in refused}]
    # One order for all time, whatever the order of the rows: by day, then by what stands in them.
    days = dated(together, as_of).with_columns(mark=pl.struct("known_day", "due_day", *kept).hash(seed=0))
    days = days.sort("known_day", "due_day", "mark", "done_day", "is_open", "place")
    return _judged(_case(days, kept, as_of), refused, [name for name in kept if name in trusted])


@dataclass(frozen=True)
class _Case:
    """The dated rows in the order of time, with what the steps below ask of them; `taught` and `asked` are positions."""

    days: pl.DataFrame
    kept: list[str]
    as_of: date
    taught: np.ndarray
    asked: np.ndarray
    known: np.ndarray
    due: np.ndarray
    late: np.ndarray
    delay: np.ndarray
    kinds: np.ndarray


def _case(days: pl.DataFrame, kept: list[str], as_of: date) -> _Case:
    # What had come before its own moment was never in question then: it counts in records, but teaches no answer. What is
    # late without having come teaches too, or the newest rows would be those alone that were quick to come.
    was_open = pl.col("done_day").is_null() | (pl.col("done_day") >= pl.col("known_day"))
    awaited = pl.col("due_day") >= as_of - timedelta(days=AWAITED_DAYS)
    in_question = days.select(was_open & (~pl.col("is_open") | (awaited & (pl.col("known_day") <= pl.col("due_day")))))
    taught = np.flatnonzero((settled(days, as_of) & in_question.to_series()).to_numpy())
    known, due = (days[name].to_physical().cast(pl.Int64).fill_null(0).to_numpy() for name in ("known_day", "due_day"))
    return _Case(
        days,
        kept,
        as_of,
        taught,
        np.flatnonzero(days["is_open"].to_numpy()),
        known,
        due,
        days["is_late"].cast(pl.Float64).fill_null(0.0).to_numpy(),
        days["delay_days"].cast(pl.Float64).to_numpy(),
        _kinds(days, kept, taught),
    )


def _judged(case: _Case, refused: list[Finding], trusted: list[str]) -> Lateness:
    count, late_count = case.taught.size, int(case.late[case.taught].sum())
    if count < FEWEST_OUTCOMES or late_count < FEWEST_LATE or count - late_count < FEWEST_LATE:
        share = (late_count + 1) / (count + 2)
        because = (
            f"Only {count:,} outcomes are known, {late_count:,} of them late: the base rate of {share:.0%} answers."
        )
        risks = _risks(case, np.full(case.asked.size, share), np.array(LEVELS), None)
        return Lateness(risks, None, _no_reliability(), _no_months(), count, refused, True, because)
    made = design(case.days, case.kept)
    known, due, late = (column[case.taught] for column in (case.known, case.due, case.late))
    tried = trial(made.rows(case.taught), known, due, late)
    levels, coverage = _levels(case, tried)
    test_day = tried.test_days[0]
    features = shaped(case.days[case.taught], case.kept)[0]
    others = rivals(features, late, (known < test_day) & (due < test_day), tried.is_test)
    figures = backtest(tried, others, known, late, coverage)
    is_fallback = figures.brier >= figures.rival_brier
    said, words = (_rate(case, figures.rival_name), None) if is_fallback else _said(case, made, tried)
    risks = _risks(case, said, levels, words)
    reliability = calibration.reliability(tried.said[tried.is_test], late[tried.is_test])
    months = by_month(tried, known, late, others[figures.rival_name], others["base rate"])
    because = _because(figures, is_fallback, trusted)
    return Lateness(risks, figures, reliability, months, count, refused, is_fallback, because)


def _said(case: _Case, made: Design, tried: Trial) -> tuple[np.ndarray, list[list[str]]]:
    """What all that is taught says of the asked rows, and why."""
    mind = learned(made.rows(case.taught), case.known[case.taught], case.late[case.taught])
    both = mind.said(made.matrix[case.asked])
    said = tried.calibrator(both @ np.array([1 - tried.plain_weight, tried.plain_weight]))
    values = case.days[case.asked]
    words = drivers(mind, made, values, taught=case.taught, asked=case.asked, plain_weight=tried.plain_weight)
    return said, words


def _because(figures: Backtest, is_fallback: bool, trusted: list[str]) -> str:
    """Who speaks and why; how good the order is beside the best single word; and how far the days of arrival held."""
    ours, other = f"{figures.brier:.4f}", f"{figures.rival_name} ({figures.rival_brier:.4f})"
    if is_fallback:
        return f"On the last {figures.row_count:,} rows the model (Brier {ours}) did not beat {other}, so that answers."
    said = f"On the last {figures.row_count:,} rows the model (Brier {ours}) beat the best simple rate, {other}."
    if figures.auc is not None and figures.best_feature_auc is not None:
        said += f" It put the late above the timely in {figures.auc:.0%} of pairs"
        said += f" ({figures.best_feature} alone: {figures.best_feature_auc:.0%})."
    days = {f"{level:.0%}": f"{share:.0%}" for level, share in figures.coverage.items()}
    said += f" By the days meant for {', '.join(days)} of arrivals, {', '.join(days.values())} had come."
    if figures.is_too_good:
        said += f" Its AUC of {figures.auc:.2f} "
        said += (
            f"rests on {', '.join(trusted)}, which is trusted to be known beforehand."
            if trusted
            else "is more than can honestly be known beforehand: look for a column that tells."
        )
    return said


def _rate(case: _Case, name: str) -> np.ndarray:
    """What the base rate, or one feature alone, says of the asked rows."""
    late = case.late[np.concatenate([case.taught, case.asked])]
    if name != "base rate" and case.asked.size:
        values, _, _ = shaped(case.days[np.concatenate([case.taught, case.asked])], [name])
        if name in values.columns:
            return alone(values[name], late, case.taught.size)
    return np.full(case.asked.size, case.late[case.taught].mean())


def _kinds(days: pl.DataFrame, kept: list[str], taught: np.ndarray) -> np.ndarray:
    """Each row's kind for its delays: the text of at most thirty values that parts the known delays most."""
    values, texts, _ = shaped(days, kept)
    delay = days["delay_days"].cast(pl.Float64).clip(-60, 60)
    best, most = None, 0.0
    for name in texts:
        if values[name].n_unique() > FEW:
            continue
        rows = pl.DataFrame({"kind": values[name], "delay": delay})[taught].drop_nulls("delay")
        means = rows.group_by("kind").agg(pl.len(), pl.col("delay").mean())
        # Kinds with few rows differ by chance: they are pulled towards the mean before they are compared.
        pulled = (means["delay"] - (rows["delay"].mean() or 0.0)) * means["len"] / (means["len"] + 50)
        spread = float((means["len"] * pulled**2).sum()) / max(rows.height, 1)
        if spread > most:
            best, most = name, spread
    return np.full(days.height, "") if best is None else values[best].fill_null("").to_numpy().astype(str)


def _levels(case: _Case, tried: Trial) -> tuple[np.ndarray, dict[float, float]]:
    """The levels to ask for now; and how often those that were learned before each block of the test were kept in it.

    Before a block only what had arrived by then is known, as in each refresh.
    """
    known, due, delay, kind = (column[case.taught] for column in (case.known, case.due, case.delay, case.kinds))
    is_known = np.isfinite(delay)
    asked_for = np.full((known.size, len(LEVELS)), np.nan)
    for begin, end in pairwise(tried.test_days):
        test = tried.is_test & (known >= begin) & (known < end)
        made, levels = _learned_levels(is_known & (np.nan_to_num(due + delay) < begin) & (known < begin), case, tried)
        waited = (known - due)[test] - 1.0
        asked_for[test] = quantiles(made, levels, tried.said[test], kind[test], waited)
    test = tried.is_test & is_known
    kept = {level: float((delay[test] <= asked_for[test, i]).mean()) for i, level in enumerate(LEVELS)}
    return _learned_levels(is_known, case, tried)[1], kept


def _learned_levels(before: np.ndarray, case: _Case, tried: Trial) -> tuple[Delays, np.ndarray]:
    """The delays of the rows before, and the levels that the newest of them would have kept."""
    delay, kind = case.delay[case.taught], case.kinds[case.taught]
    made = delays(delay[before], kind[before])
    rows = np.flatnonzero(before & np.isfinite(tried.said))[-NEWEST:]
    return made, honest_levels(made, delay[rows], tried.said[rows], kind[rows])


def _risks(case: _Case, said: np.ndarray, levels: np.ndarray, words: list[list[str]] | None) -> pl.DataFrame:
    """The open rows' risks in their own order; what has not come yet although its like often comes early is likelier late."""
    rows, kind = case.days[case.asked], case.kinds[case.asked]
    delay = case.delay[case.taught]
    made = delays(delay[np.isfinite(delay)], case.kinds[case.taught][np.isfinite(delay)])
    since = rows.select(
        now=(pl.lit(case.as_of) - pl.col("due_day")).dt.total_days().cast(pl.Float64) - 1,
        then=(pl.col("known_day") - pl.col("due_day")).dt.total_days().cast(pl.Float64) - 1,
    )
    now, then = (since[name].fill_null(NEVER).to_numpy() for name in ("now", "then"))
    left = made.still_waiting(kind, now) / np.maximum(made.still_waiting(kind, then), 1e-9)
    waiting = said / np.maximum(said + (1 - said) * np.minimum(left, 1), 1e-9)
    is_late = rows["is_late"].fill_null(False).to_numpy()
    late = np.where(is_late, 1.0, np.clip(waiting, 0, 1))
    arrival = quantiles(made, levels, late, kind, now)
    columns = {
        "late_probability": late,
        "is_late_already": is_late,
        **{f"delay_days_p{round(100 * level)}": arrival[:, i] for i, level in enumerate(LEVELS)},
        "drivers": words or [[] for _ in range(case.asked.size)],
    }
    found = pl.DataFrame(columns, schema=RISKS).with_columns(place=rows["place"])
    return found.sort("place").drop("place")


def _no_reliability() -> pl.DataFrame:
    return pl.DataFrame(schema={"said_share": pl.Float64, "came_share": pl.Float64, "row_count": pl.Int64})


def _no_months() -> pl.DataFrame:
    figures = dict.fromkeys(("said_share", "came_share", *MONTHLY), pl.Float64)
    return pl.DataFrame(schema={"month_date": pl.Date, "row_count": pl.Int64, **figures})
