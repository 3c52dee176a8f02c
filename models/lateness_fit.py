"""How likely each thing is to be late: trees and a plain logistic, tried and chosen on an earlier part of time, then corrected."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from models.lateness_features import RATES, calendar, shaped, track_record

SEED = 7
LEVELS = 60  # values of a text that the trees may tell apart; the rest they see by its record alone
NEWEST = 100_000  # rows that a fit learns from at most
HALF_LIFE_DAYS = 730  # a row of two years ago counts half
FEWEST_TAUGHT = 100
MANY = 20_000
STEPS = 62
INPUTS = {
    "all": ("number", "record", "code"),
    "record": ("number", "record"),
    "facts": ("number", "code"),
}  # three views of the same rows: their mean is steadier than the best of them on an earlier part of time


@dataclass(frozen=True)
class Design:
    """What the models see, one row a thing: the matrix, its columns' names, the feature that each speaks of, and its kind.

    Kinds: `number` (own facts and calendar), `record` (how its kind did before), `code` (which value a text has).
    """

    matrix: np.ndarray
    names: tuple[str, ...]
    features: tuple[str, ...]
    kinds: tuple[str, ...]

    def of(self, *kinds: str) -> np.ndarray:
        """Positions of the columns of these kinds."""
        return np.array([i for i, kind in enumerate(self.kinds) if kind in kinds], dtype=int)

    def rows(self, wanted: np.ndarray) -> "Design":
        """The design of some of the rows, by position or by mask."""
        return Design(self.matrix[wanted], self.names, self.features, self.kinds)


def design(days: pl.DataFrame, features: Sequence[str]) -> Design:
    """The design of dated rows (see `lateness_features.dated`), each row knowing only what was known before its own moment."""
    frame, texts, numbers = shaped(days, features)
    own, promise = frame.select(numbers), calendar(days)
    record = track_record(days, frame.select(texts))
    codes = pl.DataFrame([_code(frame[name]) for name in texts])
    parts = [part for part in (own, promise, record, codes) if part.width]
    names = [*numbers, *promise.columns, *record.columns, *texts]
    of = [*numbers, *promise.columns, *(name.rsplit(": ", 1)[0] for name in record.columns), *texts]
    kinds = ["number"] * (own.width + promise.width) + ["record"] * record.width + ["code"] * codes.width
    matrix = np.column_stack([part.to_numpy().astype(float) for part in parts])
    return Design(matrix, tuple(names), tuple(of), tuple(kinds))


def _code(text: pl.Series) -> pl.Series:
    often = (
        text.drop_nulls().value_counts().sort(["count", text.name], descending=[True, False])[text.name].head(LEVELS)
    )
    return text.replace_strict(often, list(range(often.len())), default=None, return_dtype=pl.Float64)


@dataclass(frozen=True)
class Mind:
    """What was learned from some rows: three boosted trees and one plain logistic, or a base rate where rows are few."""

    base_share: float
    trees: tuple = ()
    plain: "Plain | None" = None
    edges: tuple[np.ndarray | None, ...] = ()

    def said(self, matrix: np.ndarray) -> np.ndarray:
        """What the trees (first column) and the plain logistic (second) say of each row of a design's matrix."""
        if self.plain is None or not len(matrix):
            return np.full((len(matrix), 2), self.base_share)
        seen = _stepped(matrix, self.edges)
        with _hands(len(matrix)):
            trees = np.mean([model.predict_proba(seen[:, columns])[:, 1] for model, columns in self.trees], axis=0)
        return np.column_stack([trees, self.plain.said(matrix)])


def learned(made: Design, known: np.ndarray, is_late: np.ndarray) -> Mind:
    """What the rows teach, given their known days and whether they were late (1) or not (0); newer rows weigh more."""
    base = float((is_late.sum() + 1) / (is_late.size + 2))
    if is_late.size < FEWEST_TAUGHT or is_late.min() == is_late.max():
        return Mind(base)
    newest = np.argsort(known, kind="stable")[-NEWEST:]
    weight = 0.5 ** ((known.max() - known[newest]) / HALF_LIFE_DAYS)
    part = made.rows(newest)
    edges = tuple(
        None if kind == "code" else _edges(column) for kind, column in zip(made.kinds, part.matrix.T, strict=True)
    )
    seen = Design(_stepped(part.matrix, edges), made.names, made.features, made.kinds)
    trees = tuple(_tree(seen, seen.of(*kinds), is_late[newest], weight) for kinds in INPUTS.values())
    return Mind(base, trees, Plain(part, is_late[newest], weight), edges)


def _hands(row_count: int) -> AbstractContextManager:
    """One thread for few rows, as sharing them out takes longer than the work; all there are for many."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    return threadpool_limits(limits=1 if row_count < MANY else None, user_api="openmp")


def _edges(column: np.ndarray) -> np.ndarray:
    """Where a number is cut into steps of about equally many: the trees' own way to find them takes ten times as long."""
    ordered = np.sort(column[np.isfinite(column)])
    values = np.unique(ordered)
    if values.size <= STEPS:
        return values[1:]
    return np.unique(ordered[(np.arange(1, STEPS) * ordered.size) // STEPS])


def _stepped(matrix: np.ndarray, edges: tuple[np.ndarray | None, ...]) -> np.ndarray:
    """The matrix with numbers as their step, codes as they are, and nothing where there was nothing."""
    seen = matrix.copy()
    for i, edge in enumerate(edges):
        if edge is not None:
            seen[:, i] = np.where(np.isfinite(matrix[:, i]), np.searchsorted(edge, matrix[:, i], "right"), np.nan)
    return seen


def _tree(made: Design, columns: np.ndarray, is_late: np.ndarray, weight: np.ndarray) -> tuple:
    from sklearn.ensemble import HistGradientBoostingClassifier

    columns = _varied(made.matrix, columns)
    model = HistGradientBoostingClassifier(
        learning_rate=0.1,
        max_iter=60,
        max_leaf_nodes=5,
        min_samples_leaf=80,
        l2_regularization=5.0,
        max_bins=STEPS + 1,
        early_stopping=False,
        random_state=SEED,
        categorical_features=[made.kinds[i] == "code" for i in columns],
    )
    with _hands(is_late.size):
        return model.fit(made.matrix[:, columns], is_late, sample_weight=weight), columns


def _varied(matrix: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Those of the columns that have two values or more: of the others there is nothing to learn."""
    part = matrix[:, columns]
    has_value = np.isfinite(part)
    lowest, highest = np.where(has_value, part, np.inf).min(axis=0), np.where(has_value, part, -np.inf).max(axis=0)
    return columns[lowest < highest]


class Plain:
    """A logistic regression on the log odds of the shares in the record: few numbers, slow to be fooled."""

    def __init__(self, made: Design, is_late: np.ndarray, weight: np.ndarray):
        from sklearn.linear_model import LogisticRegression

        shares = tuple(f": {rate}" for rate in RATES if rate.endswith("share"))
        self.columns = np.array([i for i, name in enumerate(made.names) if name.endswith(shares)])
        odds = _odds(made.matrix[:, self.columns])
        self.mean, self.spread = odds.mean(axis=0), odds.std(axis=0) + 1e-9
        self.model = LogisticRegression(C=0.02, max_iter=500)
        self.model.fit((odds - self.mean) / self.spread, is_late, sample_weight=weight)

    def said(self, matrix: np.ndarray) -> np.ndarray:
        """The probability of each row of a design's matrix."""
        return self.model.predict_proba((_odds(matrix[:, self.columns]) - self.mean) / self.spread)[:, 1]


def _odds(share: np.ndarray) -> np.ndarray:
    kept = np.clip(share, 0.002, 0.998)
    return np.log(kept / (1 - kept))


def rolled(made: Design, known: np.ndarray, due: np.ndarray, is_late: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """What would have been said of each row (trees, plain), learned from the rows that were due before its block began.

    Args:
        known, due: days; `edges`: the days on which blocks begin, and the day after the last. Rows before the first edge
            have no answer (NaN).
    """
    said = np.full((known.size, 2), np.nan)
    for begin, end in pairwise(edges):
        asked = np.flatnonzero((known >= begin) & (known < end))
        taught = np.flatnonzero((known < begin) & (due < begin))
        if asked.size and taught.size:
            said[asked] = learned(made.rows(taught), known[taught], is_late[taught]).said(made.matrix[asked])
    return said
