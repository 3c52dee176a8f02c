"""How sure the net verified value of each month is: decisions drawn again by shelf and day, measured effects from their intervals."""

import datetime as dt
import zlib

import numpy as np
import polars as pl

from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

DRAWS, SURE = 2_000, 0.80
LEAST_SHELVES = 5  # with fewer nobody can tell how much they differ
LEVELS = ((1 - SURE) / 2, 0.5, 0.8, 1 - (1 - SURE) / 2)
WIDTH = 3.919928  # of an interval of 95 per cent, in standard deviations
BOUNDS = ("low_amount", "p50_amount", "p80_amount", "high_amount")
COLUMNS = ("scope_name", "month_date", "use_case_id", *BOUNDS, "row_count")
EVERY = "*"
SHAPE = {
    "scope_name": pl.String, "month_date": pl.Date, "use_case_id": pl.String, **dict.fromkeys(BOUNDS, pl.Float64),
    "row_count": pl.Int64,
}  # fmt: skip


def bands(rows: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """The middle 80 per cent of what the value rows of a month sum to, with P50 and P80, for all and for each use case: `COLUMNS`.

    Decisions about one shelf hang together, so shelves are drawn again and not single decisions; what was measured of a use
    case is one effect for all its months, so it is drawn once and not once a month.

    Args:
        rows: of `marts.value_rows`.
    """
    if not rows.height:
        return pl.DataFrame(schema=SHAPE)
    months = rows["month_date"].unique().sort().to_list()
    parts: dict[str, np.ndarray] = {}
    counts: dict[str, np.ndarray] = {}
    # Of all together shelves are drawn across use cases: one with a handful of shelves must not hide how sure the whole is.
    whole = _decisions(rows.sort("earning_key"), months, EVERY, seed)
    for (name,), mine in rows.sort("earning_key").group_by(pl.col("use_case_id").fill_null(""), maintain_order=True):
        measured = _effects(mine, months, str(name), seed)
        parts[str(name)] = _decisions(mine, months, str(name), seed) + measured
        whole = whole + measured
        counts[str(name)] = np.array([mine.filter(pl.col("month_date") == month).height for month in months])
    found = []
    for name, drawn in [*((name, drawn) for name, drawn in parts.items() if name), (EVERY, whole)]:
        number = counts[name] if name in counts else np.sum(list(counts.values()), axis=0)
        ends = np.quantile(drawn, LEVELS, axis=0)
        found += [("month", month, name, *ends[:, at], int(number[at])) for at, month in enumerate(months)]
        last = min(len(months), 12)
        year = np.quantile(drawn[:, -last:].sum(axis=1), LEVELS)
        found.append(("year", months[-1], name, *year, int(number[-last:].sum())))
    return pl.DataFrame(found, schema=SHAPE, orient="row").with_columns(pl.col(*BOUNDS).round(4).fill_nan(None))


def _decisions(rows: pl.DataFrame, months: list[dt.date], name: str, seed: int) -> np.ndarray:
    """Sums by month with shelves drawn again, (draws × months)."""
    mine = rows.filter(pl.col("earning_source_name") == "decision")
    if not mine.height:
        return np.zeros((1, len(months)))
    shelf = pl.concat_str(
        pl.col("sku_id").fill_null(pl.col("earning_key")), pl.col("site_id").fill_null(""), separator="@"
    )
    at = mine.select(shelf.rank("dense")).to_series().to_numpy() - 1
    sums = np.zeros((int(at.max()) + 1, len(months)))
    place = {month: number for number, month in enumerate(months)}
    columns = np.array([place[month] for month in mine["month_date"]])
    np.add.at(sums, (at, columns), mine["earned_amount"].cast(pl.Float64).to_numpy())
    dice = np.random.default_rng(zlib.crc32(f"{seed}:{name}".encode()))
    count = len(sums)
    if count < LEAST_SHELVES:
        return np.where(sums.any(axis=0), np.nan, 0.0)[None]
    return dice.multinomial(count, np.full(count, 1 / count), size=DRAWS) @ sums


def _effects(rows: pl.DataFrame, months: list[dt.date], name: str, seed: int) -> np.ndarray:
    """Sums by month with each mechanism's effect drawn once from its interval, (draws × months)."""
    mine = rows.filter(pl.col("earning_source_name") == "use case")
    if not mine.height:
        return np.zeros((1, len(months)))
    whole = np.zeros((DRAWS, len(months)))
    place = {month: number for number, month in enumerate(months)}
    for (mechanism,), some in mine.group_by("mechanism_name", maintain_order=True):
        dice = np.random.default_rng(zlib.crc32(f"{seed}:{name}:{mechanism}".encode()))
        by_month = some.group_by("month_date").agg(
            pl.col("earned_amount", "low_amount", "high_amount").cast(pl.Float64).sum()
        )
        deviate = dice.standard_normal(DRAWS)
        for month, value, low, high in by_month.sort("month_date").iter_rows():
            # An effect without an interval is not certain; how sure it is is not known, and so neither is the month.
            spread = np.nan if low is None or high is None else abs(high - low) / WIDTH
            whole[:, place[month]] += value + deviate * spread
    return whole


def score(frames: Frames, asked: Asked) -> Scored:
    """The bands of every month and of the last twelve."""
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL))
    rows = frames["marts.value_rows"]
    found = bands(rows, seed=asked.seed)
    because = (
        f"{rows.height} rows of value were drawn again {DRAWS:,} times."
        if rows.height
        else "No decision has matured and no effect was measured."
    )
    return Scored({"scores.net_value_bands": found}, because=because, trained_rows=rows.height)


MODEL = Model(
    code="net_value",
    title="How sure the net value is",
    question="Within which bounds does the value of each month lie, given how decisions vary and how well effects were measured?",
    reads={
        "marts.value_rows": (
            "earning_key", "earning_source_name", "month_date", "use_case_id", "mechanism_name", "site_id", "sku_id", "earned_amount",
            "low_amount", "high_amount",
        ),
    },
    writes=(
        Output(
            name="scores.net_value_bands",
            answers="Within which bounds does the value of each month lie, for all and for each use case?",
            grain="one row per scope, month and use case (* for all)",
            key=("scope_name", "month_date", "use_case_id"),
            columns=COLUMNS,
            checks=("low_amount is null or low_amount <= high_amount",),
        ),
    ),
    guarantee="The same rows give the same bounds; more rows of one shelf do not make it surer than the shelf is.",
    rival="no interval",
    needs=(),
    versions={1: "Shelves drawn again for decisions, one draw of each measured effect; the middle 80 per cent of 2,000."},
    does_not="It does not cover that a decision's benefit was seen without a comparison; its grade says so.",
    trust="Trust it for months with some dozens of matured decisions; with few rows the band is too narrow.",
    score=score,
)  # fmt: skip
