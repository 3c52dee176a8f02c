"""What can be known of a thing's lateness at its own moment: its promise, its own facts, and how its kind did before."""

import re
from collections.abc import Sequence

import numpy as np
import polars as pl

RECENT_DAYS = 365
SHRINK = 20.0  # an own rate weighs as much as the general one after this many outcomes
LONGEST_DELAY = 60  # days either way: one container lost for a year must not speak for its carrier
IDENTIFIER_SHARE = (
    0.5  # a text that differs in more than every second row names the thing and tells nothing of its kind
)
NUMBER_SHARE = 0.95
FEW = 30
NAMES_A_KIND = re.compile(r"(?i)(^|[\W_])(id|no|nr|number|code|key|zip|zipcode|postcode)$|#")  # digits, but no number
RATES = ("late share", "recent late share", "delay days", "known count")


def dated(frame: pl.DataFrame, as_of: object) -> pl.DataFrame:
    """The rows with `known_day`, `due_day`, `done_day` (dates), `delay_days` and `is_late`, as far as they are known on `as_of`.

    What was done on `as_of` or later is still open. `is_late` is null while nobody can know: open and not yet due. What is
    open past its day is late by the facts already, and its delay still unknown.
    """
    moment = pl.lit(as_of).cast(pl.Date)
    done = pl.col("done_at").cast(pl.Date)
    days = frame.with_columns(
        known_day=pl.col("known_at").cast(pl.Date),
        due_day=pl.col("due_at").cast(pl.Date),
        done_day=pl.when(done < moment).then(done),
    )
    overdue = pl.when(pl.col("due_day") < moment).then(True)
    return days.with_columns(
        delay_days=(pl.col("done_day") - pl.col("due_day")).dt.total_days(),
        is_late=pl.when(pl.col("done_day").is_null()).then(overdue).otherwise(pl.col("done_day") > pl.col("due_day")),
    )


def settled(days: pl.DataFrame, as_of: object) -> pl.Series:
    """Which dated rows may teach and test on `as_of`: those whose due day has passed, whatever came of them.

    To take everything that is done would take the early ones of a fresh batch and leave its late ones out.
    """
    return days.select(
        is_settled=(pl.col("due_day") < pl.lit(as_of).cast(pl.Date)) & pl.col("known_day").is_not_null()
    )["is_settled"].fill_null(False)


def shaped(frame: pl.DataFrame, features: Sequence[str]) -> tuple[pl.DataFrame, list[str], list[str]]:
    """The feature columns as texts and numbers, with the names of both; what tells nothing is left out.

    Texts that are numbers become numbers (but for codes and ids), decimals and booleans too; dates become days before or
    after the known moment.
    Left out are constants, identifiers, and columns that say the same as one before them.
    """
    texts: list[str] = []
    numbers: list[str] = []
    made: list[pl.Series] = []
    seen: set[tuple[int, ...]] = set()
    for name in features:
        column = _plain(frame[name], frame["known_at"])
        if column is None:
            continue
        print_of = _fingerprint(column)
        if print_of in seen:
            continue
        seen.add(print_of)
        made.append(column)
        (texts if column.dtype == pl.String else numbers).append(name)
    return pl.DataFrame(made), texts, numbers


def _plain(column: pl.Series, known: pl.Series) -> pl.Series | None:
    if column.dtype in (pl.Date, pl.Datetime):
        days = (column.cast(pl.Date) - known.cast(pl.Date)).dt.total_days()
        return days.cast(pl.Float64) if days.n_unique() > 1 else None
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        number = column.cast(pl.Float64).fill_nan(None)
        return number if number.n_unique() > 1 else None
    if column.dtype not in (pl.String, pl.Categorical, pl.Enum):
        return None
    text = column.cast(pl.String).str.strip_chars()
    kinds, filled = text.n_unique(), text.len() - text.null_count()
    number = text.cast(pl.Float64, strict=False)
    if (
        kinds > FEW
        and not NAMES_A_KIND.search(column.name)
        and number.len() - number.null_count() >= NUMBER_SHARE * filled
    ):
        return number
    return text if 1 < kinds <= max(IDENTIFIER_SHARE * filled, FEW) else None


def _fingerprint(column: pl.Series) -> tuple[int, ...]:
    """Equal for two columns that part the rows alike (a code and its name), by the first row of each row's value."""
    first = pl.DataFrame({"v": column}).with_row_index().select(pl.col("index").min().over("v"))["index"]
    return (int(first.hash().sum() or 0), column.n_unique())


def calendar(days: pl.DataFrame) -> pl.DataFrame:
    """What the promise itself tells: days promised, weekday and month of the due day, weekday and hour of the known moment."""
    hour = pl.col("known_at").dt.hour() if isinstance(days["known_at"].dtype, pl.Datetime) else pl.lit(0)
    made = days.select(
        (pl.col("due_day") - pl.col("known_day")).dt.total_days().cast(pl.Float64).alias("promised days"),
        pl.col("due_day").dt.weekday().cast(pl.Float64).alias("weekday due"),
        pl.col("due_day").dt.month().cast(pl.Float64).alias("month due"),
        pl.col("known_day").dt.weekday().cast(pl.Float64).alias("weekday known"),
        hour.cast(pl.Float64).alias("hour known"),
    )
    return made.select(name for name in made.columns if made[name].n_unique() > 1)


def track_record(days: pl.DataFrame, kinds: pl.DataFrame) -> pl.DataFrame:
    """How each row's kind did before its own moment: four columns a kind and four of all together, named `kind: rate`.

    For a kind with n outcomes known before the row's `known_day`, l of them late, the late share is (l + k r) / (n + k), r
    the share of all outcomes known by then: a kind seen twice says little. `recent` counts the outcomes of the last
    365 days. The delay days are shrunk alike. What comes in time is known from the day after `done_day`, what is late from
    the day after `due_day`, come or not: to wait for its arrival would count the slow ones last, and call them fast.

    Args:
        days: dated rows (see `dated`), past and open together.
        kinds: columns of texts, one row each row of `days`; a missing text is a kind of its own.
    """
    known, done, due = (days[name].to_physical().cast(pl.Int64) for name in ("known_day", "done_day", "due_day"))
    asked = known.fill_null(0).to_numpy()
    is_told, has_come = days["is_late"].is_not_null().to_numpy(), days["delay_days"].is_not_null().to_numpy()
    late = days["is_late"].to_numpy()[is_told].astype(float)
    told = np.where(late > 0, due.fill_null(0).to_numpy()[is_told], done.fill_null(0).to_numpy()[is_told])
    come, delay = done.to_numpy()[has_come].astype(np.int64), days["delay_days"].to_numpy()[has_come].astype(float)
    delay = np.clip(delay, -LONGEST_DELAY, LONGEST_DELAY)
    first = min(int(part.min(initial=0)) for part in (asked, told, come)) - RECENT_DAYS

    def rates(key: np.ndarray, towards: list[np.ndarray | float], weight: float) -> list[np.ndarray]:
        lates, counts, recent_lates, recent_counts = _sums(key[is_told], told - first, late, key, asked - first)
        delays, arrivals, _, _ = _sums(key[has_come], come - first, delay, key, asked - first)
        pairs = ((lates, counts), (recent_lates, recent_counts), (delays, arrivals))
        return [*(_shrunk(*pair, mean, weight) for pair, mean in zip(pairs, towards, strict=True)), counts]

    base = rates(np.zeros(days.height, dtype=np.int64), [0.0, 0.0, 0.0], 1.0)
    found = dict(zip((f"all: {rate}" for rate in RATES), base, strict=True))
    for name in kinds.columns:
        key = kinds[name].fill_null("").cast(pl.Categorical).to_physical().cast(pl.Int64).to_numpy()
        found.update(zip((f"{name}: {rate}" for rate in RATES), rates(key, [*base[:3]], SHRINK), strict=True))
    return pl.DataFrame(found)


def _sums(
    key: np.ndarray, moment: np.ndarray, value: np.ndarray, asked_key: np.ndarray, asked: np.ndarray
) -> tuple[np.ndarray, ...]:
    """For each question, of the events of its key before its moment: sum and count; then both of the recent ones."""
    span = int(max(moment.max(initial=0), asked.max(initial=0))) + 1
    place = key * span + moment
    order = np.argsort(place, kind="stable")
    place, total = place[order], np.concatenate([[0.0], value[order].cumsum()])
    begin = np.searchsorted(place, asked_key * span)
    end = np.searchsorted(place, asked_key * span + asked)
    recent = np.searchsorted(place, asked_key * span + np.maximum(asked - RECENT_DAYS, 0))
    return (
        total[end] - total[begin],
        (end - begin).astype(float),
        total[end] - total[recent],
        (end - recent).astype(float),
    )


def _shrunk(part: np.ndarray, total: np.ndarray, towards: np.ndarray | float, weight: float) -> np.ndarray:
    return (part + weight * towards) / (total + weight)
