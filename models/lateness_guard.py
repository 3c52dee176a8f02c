"""Which columns know the outcome before it came: told by their names, by what is missing in them, and by being too good to be true."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.calibration import auc

TOO_GOOD = 0.9  # nobody's single column foretells lateness that well
TOO_GOOD_MISSING = 0.8
OUTCOME_WORDS = frozenset({
    "late", "lateness", "delay", "delayed", "delays", "overdue", "actual", "actually", "real", "realised",
    "realized", "status", "outcome", "pod", "ata", "recorded", "signed", "completed", "closed", "finished",
    "punctual", "otif", "ontime", "statut", "zustand", "verspätet", "verspätung", "tatsächlich",
    "retard", "réel", "réelle", "état",
})  # fmt: skip
# "Ist" beside one of these is German for actual (Ist-Termin, Menge Ist, Soll/Ist); beside any other it is a plain "is"
# (ist_eilig, ist_feiertag), and tells nothing.
MEASURED = re.compile(
    r"(datum|termin|tage|liefertag|zeit|dauer|menge|ankunft|eingang|ausgang|abgang|wert|kosten|soll)$"
)
ARRIVAL_WORDS = frozenset({
    "delivered", "received", "arrived", "arrival", "receipt", "shipped", "shipping", "ship", "dispatched",
    "despatched", "delivery", "geliefert", "eingegangen", "angekommen", "versand", "lieferung", "livré",
    "livrée", "reçu", "reçue", "livraison", "expédition",
})  # fmt: skip
DATE_WORDS = frozenset({
    "date", "datetime", "day", "days", "time", "timestamp", "at", "on", "datum", "jour",
})  # fmt: skip
DONE_WORDS = frozenset({
    "delivered", "received", "arrived", "shipped", "geliefert", "angekommen", "livré", "livrée", "reçu",
    "reçue",
})  # fmt: skip
PLAN_WORDS = frozenset({
    "scheduled", "schedule", "promised", "promise", "requested", "required", "planned", "plan", "expected",
    "estimated", "due", "confirmed", "committed", "target", "agreed", "eta", "geplant", "zugesagt", "bestätigt",
    "prévu", "prévue", "demandé", "demandée",
})  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """A column that may not be used: which, why, and how to put it right."""

    column: str
    why: str
    fix: str


def guard(frame: pl.DataFrame, columns: Sequence[str], *, trusted: Collection[str] = ()) -> list[Finding]:
    """The columns that know the outcome, each with why and what to do; an empty list when none is seen to.

    A column is refused by its name (an outcome's word in it), by a date in it that lies after the known moment, by its gaps
    (filled on what is done and empty on what is open, or late and not late told apart by the gaps alone), or because it
    alone tells late from not late better than 0.9 (AUC, learned on the first 70 % in time and asked of the rest). A rule of
    the business can be that good: name its column in `trusted` and only its name counts. What only two columns together
    tell is not seen here, but in the backtest's claim (`Backtest.is_too_good`).

    Args:
        frame: `known_at`, `due_at`, `done_at` (null while open) and the columns, past and open rows together.
    """
    findings = [Finding(name, why, _FIX_NAME) for name in columns if (why := named(name))]
    named_ones = {finding.column for finding in findings}
    tested = [name for name in columns if name not in named_ones and name not in trusted]
    return [*findings, *_by_test(frame, tested)]


_FIX_NAME = "Leave it out; or rename it in the source's mapping if it is known at the moment of the forecast."
_FIX_TEST = "Leave it out; or, if it is known at the moment of the forecast, name it among the trusted columns."


def named(column: str) -> str | None:
    """Why a column's name says that it knows the outcome, or None.

    >>> named("Days for shipping (real)")
    'The word "real" in its name speaks of what came of it, which nobody knows beforehand.'
    >>> named("Days for shipment (scheduled)") is None
    True
    >>> named("shipping date (DateOrders)")
    'By its name it is the date of a shipping, which lies after the moment of the forecast.'
    """
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", column))
    low = [word.lower() for word in words]
    if told := next((word for word in low if word in OUTCOME_WORDS), None):
        return f'The word "{told}" in its name speaks of what came of it, which nobody knows beforehand.'
    if "ist" in low and (len(low) == 1 or any(MEASURED.search(word) for word in low)):
        return 'The word "ist" in its name speaks of what came of it, which nobody knows beforehand.'
    if PLAN_WORDS & set(low):
        return None
    if told := next((word for word in low if word in DONE_WORDS), None):
        return f'The word "{told}" in its name speaks of what came of it, which nobody knows beforehand.'
    told = next((word for word in low if word in ARRIVAL_WORDS), None)
    if told and DATE_WORDS & set(low):
        return f"By its name it is the date of a {told}, which lies after the moment of the forecast."
    return None


def _by_test(frame: pl.DataFrame, columns: Sequence[str]) -> list[Finding]:
    days = frame.select(
        known=pl.col("known_at").cast(pl.Date),
        is_done=pl.col("done_at").is_not_null(),
        late=(pl.col("done_at").cast(pl.Date) > pl.col("due_at").cast(pl.Date)).cast(pl.Float64),
    )
    done = days.with_row_index().filter("is_done", pl.col("late").is_not_null()).sort("known", maintain_order=True)
    place, late = done["index"].to_numpy(), done["late"].to_numpy()
    if place.size < 50 or late.min() == late.max():
        return []
    cut = int(0.7 * place.size)
    scores = {name: _alone(frame[name][place], late, cut) for name in columns}
    findings = []
    for name in columns:
        why = _gap_or_date(frame, name, days["is_done"], place, late)
        # Twins that both tell must not excuse each other, so a column is not compared with the others.
        if why is None and scores[name] > TOO_GOOD:
            why = f"It alone tells late from not late (AUC {scores[name]:.2f} on later rows), which is too good to be true."
        if why:
            findings.append(Finding(name, why, _FIX_TEST))
    return findings


def _gap_or_date(frame: pl.DataFrame, name: str, is_done: pl.Series, place: np.ndarray, late: np.ndarray) -> str | None:
    column = frame[name]
    if column.dtype in (pl.Date, pl.Datetime) and not named_as_plan(name):
        after = (column.cast(pl.Date) > frame["known_at"].cast(pl.Date)).mean()
        if isinstance(after, float) and after > 0.01:
            return f"{after:.0%} of its dates lie after the moment of the forecast."
    gap = column.is_null()
    if (~is_done).sum() >= 20 and gap.filter(~is_done).mean() > 0.95 and gap.filter(is_done).mean() < 0.2:  # type: ignore[operator]
        return "It is filled on what is done and empty on what is still open, so it is written afterwards."
    missing = auc(gap.to_numpy()[place].astype(float), late)
    if missing is not None and max(missing, 1 - missing) > TOO_GOOD_MISSING:
        return f"Whether it is filled tells late from not late by itself (AUC {max(missing, 1 - missing):.2f})."
    return None


def named_as_plan(column: str) -> bool:
    """Whether a column's name says that it is a plan or a promise, which may well lie in the future."""
    return bool(PLAN_WORDS & set(re.findall(r"[^\W\d_]+", column.lower())))


def alone(column: pl.Series, late: np.ndarray, cut: int) -> np.ndarray:
    """What one column alone says of the rows from `cut` on, having learned from those before: a shrunken late share a level.

    Numbers are taken in twenty levels of equally many. Rows are in the order of time.
    """
    if column.dtype.is_numeric():
        number = column.cast(pl.Float64).fill_nan(None)
        taught_numbers = number.head(cut).drop_nulls().to_numpy()
        edges = (
            np.unique(np.quantile(taught_numbers, np.linspace(0, 1, 21)[1:-1])) if taught_numbers.size else np.array([])
        )
        level = pl.Series(np.digitize(number.fill_null(np.nan).to_numpy(), edges)).cast(pl.String)
        level = level.set(number.is_null(), "missing")
    else:
        level = column.cast(pl.String).fill_null("missing")
    base = float(late[:cut].mean())
    taught = pl.DataFrame({"level": level.head(cut), "late": late[:cut]})
    rates = taught.group_by("level").agg(share=(pl.col("late").sum() + 5 * base) / (pl.len() + 5))
    asked = pl.DataFrame({"level": level.tail(len(column) - cut)}).join(
        rates, on="level", how="left", maintain_order="left"
    )
    return asked["share"].fill_null(base).to_numpy()


def _alone(column: pl.Series, late: np.ndarray, cut: int) -> float:
    score = auc(alone(column, late, cut), late[cut:])
    return 0.5 if score is None else score
