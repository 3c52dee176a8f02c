"""What a model says of itself, what it is asked, and what it answers: the one shape that lets any model be swapped for another."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

Frames = Mapping[str, pl.DataFrame]
RIVAL_ONLY = 0
# A row of a backtest: what was measured of the model or its rival, on which part of the data, from which origin on.
BACKTEST = {
    "variant_name": pl.String,
    "scope_name": pl.String,
    "origin_date": pl.Date,
    "measure_name": pl.String,
    "measured_number": pl.Float64,
    "row_count": pl.Int64,
}
# A bar of a reliability chart: what was said, and how often it came.
RELIABILITY = {"bin_no": pl.Int64, "said_share": pl.Float64, "came_share": pl.Float64, "row_count": pl.Int64}
# How far an input or an error has moved from what the model was made on.
DRIFT = {
    "signal_name": pl.String,
    "kind_code": pl.String,
    "before_number": pl.Float64,
    "now_number": pl.Float64,
    "distance_number": pl.Float64,
    "is_drifted": pl.Boolean,
}


@dataclass(frozen=True)
class Output:
    """One table that a model writes: its question, grain, key, columns (words of the dictionary, which gives their types), checks."""

    name: str
    answers: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What a model is asked: on which day it stands, with which dice, and in which version (0: let the rival speak)."""

    as_of: dt.date
    version: int
    seed: int = 20260101


@dataclass(frozen=True)
class Scored:
    """What a model answers.

    Attributes:
        tables: one frame for each of its outputs.
        measure_name: the error that decides between model and rival; lower is better.
        model_error, rival_error: that error on the last rolling origins; None where nothing could be measured.
        because: one sentence for people: why it is in use, or why it fell back.
        is_fallback: whether the rival speaks in the tables.
        backtests, reliability, drift: rows of the shapes above.
    """

    tables: Frames
    measure_name: str = ""
    model_error: float | None = None
    rival_error: float | None = None
    because: str = ""
    is_fallback: bool = False
    trained_rows: int = 0
    backtests: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BACKTEST))
    reliability: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RELIABILITY))
    drift: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DRIFT))


@dataclass(frozen=True)
class Model:
    """What a model declares; a file in `models/<capability>/` that holds one as `MODEL` is a node of every build.

    Attributes:
        code: its short name, the same in every table.
        reads: table → the columns that it needs; nothing else reaches it.
        writes: the tables that it makes.
        guarantee: what holds for every row that it writes.
        rival: the plain rule that it must beat, and that speaks when it does not.
        needs: extracts whose rows must be trustworthy before it may judge.
        versions: version number → what changed with it; the highest is in use unless another is pinned.
        does_not: what it does not know or do.
        trust: when to trust it.
        score: the judgement itself, from frames to frames.
        searches: whether it searches with a limit of seconds, so that a busy machine may stop it sooner than an idle one.
    """

    code: str
    title: str
    question: str
    reads: Mapping[str, Sequence[str]]
    writes: tuple[Output, ...]
    guarantee: str
    rival: str
    needs: tuple[str, ...]
    versions: Mapping[int, str]
    does_not: str
    trust: str
    score: Callable[[Frames, Asked], Scored]
    searches: bool = False

    @property
    def newest(self) -> int:
        """The version in use when none is pinned."""
        return max(self.versions)


def empty(model: Model) -> dict[str, pl.DataFrame]:
    """The model's tables without a row."""
    return {output.name: pl.DataFrame(schema=dict.fromkeys(output.columns, pl.Null)) for output in model.writes}


def verdict(
    model_error: float | None, rival_error: float | None, *, rival: str, margin: float = 0.0
) -> tuple[bool, str]:
    """Whether the rival should speak, and why in words: it does when the model's error is more than `margin` (a share) above its own.

    >>> verdict(1.2, 1.0, rival="seasonal naive")
    (True, 'It fell behind seasonal naive on the last origins (error 1.2 against 1), so seasonal naive speaks.')
    >>> verdict(0.8, 1.0, rival="seasonal naive")
    (False, 'It beats seasonal naive on the last origins: error 0.8 against 1.')
    """
    if model_error is None or rival_error is None:
        return False, f"Too little history to measure it against {rival} yet; it speaks, and the bands are wide."
    said = f"{model_error:.3g} against {rival_error:.3g}"
    if model_error > rival_error * (1 + margin):
        return True, f"It fell behind {rival} on the last origins (error {said}), so {rival} speaks."
    if model_error >= rival_error:
        return False, f"It is level with {rival} on the last origins: error {said}."
    return False, f"It beats {rival} on the last origins: error {said}."
