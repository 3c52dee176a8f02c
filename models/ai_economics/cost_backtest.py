"""Was the forecast of what AI calls cost right? Each month that is over is asked again, knowing only the months before it."""

import datetime as dt
from collections.abc import Mapping

import numpy as np
import polars as pl

from models.ai_economics.inputs import READS, programme, registry, world_of
from models.ai_economics.world import World, cases, cost_per_case
from models.model import Asked, Frames, Model, Output, Scored, empty
from models.months import months_between

PATHS, LEVELS = 1_000, (0.1, 0.5, 0.9)
LEAST_SEEN = 3  # months with calls before the first forecast is asked
WANTED = 0.8
ALL = "*"  # all use cases together
BOUGHT = ("central api", "hybrid")
COLUMNS = (
    "origin_date", "use_case_id", "month_date", "ahead_count", "low_usage_cost", "middle_usage_cost", "high_usage_cost", "usage_cost",
    "is_inside", "last_usage_cost",
)  # fmt: skip
SHAPE = {
    "origin_date": pl.Date, "use_case_id": pl.String, "month_date": pl.Date, "ahead_count": pl.Int64, "is_inside": pl.Boolean,
}  # fmt: skip


def score(frames: Frames, asked: Asked) -> Scored:
    """Every forecast that could have been made at the end of a month, and how many of its months came inside the band."""
    found = backtest(frames, count=PATHS, seed=asked.seed)
    if found.is_empty():
        because = f"No running use case has {LEAST_SEEN} whole months with AI calls and another one after them."
        return Scored(empty(MODEL), because=because)
    whole = found.filter(pl.col("use_case_id") == ALL)
    judged = whole if whole.height else found
    missed, plain = wape(judged)
    return Scored(
        {"scores.ai_cost_backtest": found},
        measure_name="wape",
        model_error=missed,
        rival_error=plain,
        because=f"{judged['is_inside'].sum()} of {judged.height} months came inside the band that should hold {WANTED:.0%}.",
        trained_rows=judged.height,
    )


def wape(found: pl.DataFrame) -> tuple[float, float]:
    """How far the middle lay off, and how far the cost of the last month did, each as a share of what was spent.

    >>> wape(pl.DataFrame({"middle_usage_cost": [1.0, 3.0], "last_usage_cost": [2.0, 2.0], "usage_cost": [2.0, 2.0]}))
    (0.5, 0.0)
    """
    spent = float(found["usage_cost"].sum())
    off = [float((found[name] - found["usage_cost"]).abs().sum()) for name in ("middle_usage_cost", "last_usage_cost")]
    return off[0] / spent, off[1] / spent


def backtest(frames: Frames, *, count: int, seed: int) -> pl.DataFrame:
    """One row an origin, use case (`*`: all together) and month that came, as `COLUMNS`: forecast and actual cost of calls.

    Args:
        frames: tables as in `MODEL.reads`.
        count: paths of each forecast.
        seed: of their draws.
    """
    came = frames["marts.ai_volumes"].filter("is_over", pl.col("usage_cost") > 0)
    came = came.select("use_case_id", "month_date", pl.col("usage_cost").cast(pl.Float64)).sort("month_date")
    every = [case for case in programme(registry(frames)) if case.is_running and case.deployment in BOUGHT]
    rows: list[tuple[object, ...]] = []
    for origin in frames["scores.driver_past_paths"]["origin_date"].unique().sort():
        past = came.filter(pl.col("month_date") <= origin).partition_by("use_case_id", as_dict=True)
        last = {str(name): float(one["usage_cost"][-1]) for (name,), one in past.items() if one.height >= LEAST_SEEN}
        running = [case for case in every if case.use_case_id in last]
        if not running:
            continue
        told = known_on(frames, origin)
        months = told["scores.driver_paths"]["month_date"].n_unique()
        world = world_of(told, origin, use_cases=running, count=count, seed=seed, months=months)
        if world is not None:
            rows += _judged(world, origin, came.filter(pl.col("month_date") > origin), last)
    return pl.DataFrame(rows, schema={name: SHAPE.get(name, pl.Float64) for name in COLUMNS}, orient="row")


def known_on(frames: Frames, origin: dt.date) -> dict[str, pl.DataFrame]:
    """The tables as they were on the last day of a month: later months, calls and prices do not exist; orders are forecast from then."""
    before, drawn = pl.col("month_date") <= origin, frames["scores.driver_past_paths"]
    until = pl.when(pl.col("valid_to_date") <= origin).then(pl.col("valid_to_date"))
    prices = frames["raw.ai_prices"].filter(pl.col("valid_from_date").is_null() | (pl.col("valid_from_date") <= origin))
    return {
        **frames,
        "raw.ai_prices": prices.with_columns(valid_to_date=until),
        "marts.driver_months": frames["marts.driver_months"].filter(before),
        "scores.driver_paths": drawn.filter(pl.col("origin_date") == origin).drop("origin_date"),
        "marts.ai_volumes": frames["marts.ai_volumes"].filter(before),
        "marts.ai_usage": frames["marts.ai_usage"].filter(pl.col("called_date") <= origin),
        "marts.value_rows": frames["marts.value_rows"].filter(before),
        "scores.ai_effects": frames["scores.ai_effects"].clear(),
    }


def _judged(world: World, origin: dt.date, came: pl.DataFrame, last: Mapping[str, float]) -> list[tuple[object, ...]]:
    """The months of one forecast that came, use case by use case and all together; none of those whose price was not known."""
    paths = {case.use_case_id: cases(world, case) * cost_per_case(world, case) for case in world.use_cases}
    paths = {name: one for name, one in paths.items() if np.isfinite(one).all()}
    rows: list[tuple[object, ...]] = []
    for month in came["month_date"].unique().sort():
        costs = came.filter(pl.col("month_date") == month)
        spent: dict[str, float] = dict(costs.select("use_case_id", "usage_cost").iter_rows())
        ahead, known = months_between(world.first_month, month), sorted(paths.keys() & spent.keys())
        if ahead >= world.months or not known:
            continue
        # All together only where each of them came, so that a part is not compared with the whole.
        for name, parts in [(one, [one]) for one in known] + ([(ALL, known)] if len(known) == len(paths) > 1 else []):
            low, middle, high = np.quantile(np.sum([paths[one][:, ahead] for one in parts], axis=0), LEVELS).tolist()
            cost, before = sum(spent[one] for one in parts), sum(last[one] for one in parts)
            rows.append((origin, name, month, ahead + 1, low, middle, high, cost, low <= cost <= high, before))
    return rows


MODEL = Model(
    code="ai_cost_backtest",
    title="Backtest of AI costs",
    question="Would the forecast of what AI calls cost have been right in the months that are over?",
    reads={
        **{table: columns for table, columns in READS.items() if table != "scores.driver_paths"},
        "scores.driver_past_paths": ("origin_date", *READS["scores.driver_paths"]),
        "marts.ai_volumes": (*READS["marts.ai_volumes"], "usage_cost"),
    },
    writes=(
        Output(
            name="scores.ai_cost_backtest",
            answers="What would have been forecast for the AI calls of each use case (* for all together), and what did they cost?",
            grain="one row per last day known, use case and month that came",
            key=("origin_date", "use_case_id", "month_date"),
            columns=COLUMNS,
            checks=("low_usage_cost <= middle_usage_cost", "middle_usage_cost <= high_usage_cost", "month_date > origin_date"),
        ),
    ),
    guarantee="A forecast knows no month, call, order or price after its last day known.",
    rival="what the last month cost",
    needs=(),
    versions={1: "P10, P50 and P90 over 1,000 paths, asked anew at the end of each month."},
    does_not="It takes the register of use cases and the assumptions as they stand today, and measured effects not at all. Prices of later "
    "days are unknown to it, those announced before among them; an own price counts from its first day, whenever it was set. Only use "
    "cases that run today are judged, not those that were stopped. A month some of whose calls have no price counts with what the others "
    "cost.",
    trust="Trust it from about thirty months on: below that, one change of a model decides many of them.",
    score=score,
)  # fmt: skip
