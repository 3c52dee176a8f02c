"""The plan of the AI programme: what it will cost line by line, what it will bring, and what each use case deserves."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np
import polars as pl

from models.ai_economics import plan_tables
from models.ai_economics.business_case import business_case, minimum_scale
from models.ai_economics.draws import Spread
from models.ai_economics.inputs import READS, programme, registry, spreads, world_of
from models.ai_economics.programme import Simulated, simulated
from models.ai_economics.sensitivity import SHAPE as SENSITIVITY
from models.ai_economics.sensitivity import holding, tornado, varying
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import World
from models.in_force import HISTORY, in_force
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

PATHS, CANDIDATE_PATHS = 10_000, 1_000
SIZES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
CASE_COLUMNS = (
    "use_case_id", "stage_code", "is_taken_up", "verdict_code", "because_text", "evidence_grade", "npv_amount",
    "npv_low_amount", "npv_middle_amount", "npv_high_amount", "npv_p10_amount", "npv_p80_amount", "npv_p90_amount",
    "loss_share", "direct_npv_amount", "alternative_npv_amount", "benefit_amount", "cost_amount",
    "simple_return_number", "adjusted_return_number", "inner_rate_number", "inner_rate_text",
    "payback_month_number", "discounted_payback_month_number", "late_payback_share", "break_even_cases_number", "cases_number",
    "minimum_scale_number", "marginal_cost_amount", "option_amount", "certainty_amount",
)  # fmt: skip
SENSITIVITY_COLUMNS = ("use_case_id", *SENSITIVITY)
WHOLE = "*"
NUMBERS = 25  # the assumptions that are tried one at a time: those whose ranks go with the worth most


def score(frames: Frames, asked: Asked) -> Scored:
    """The programme that somebody took up on 10,000 paths, and each candidate beside it on 1,000."""
    every = registry(frames)
    taken = programme(every)
    world = world_of(frames, asked.as_of, use_cases=taken, count=PATHS, seed=asked.seed)
    if asked.version == RIVAL_ONLY or world is None:
        return Scored(empty(MODEL), because="It needs a month of orders to plan volumes from.")
    found = simulated(world)
    certain = world_of(frames, asked.as_of, use_cases=taken, count=1, seed=asked.seed, is_certain=True)
    assert certain is not None  # what is known on 10,000 paths is known on one
    grades = evidence(frames)
    cases = [_row(found, case, grades, _scale(certain, case)) for case in taken]
    cases += _candidates(frames, asked, taken, every, grades)
    tables = {
        "scores.ai_cost_months": plan_tables.cost_months(found),
        "scores.ai_cost_bands": plan_tables.bands(found),
        "scores.ai_value_months": plan_tables.value_months(found),
        "scores.ai_volume_months": plan_tables.volume_months(found),
        "scores.ai_accruals": plan_tables.accruals(worlds_then(frames, asked, taken), asked.as_of, past_orders(frames)),
        "scores.ai_business_cases": pl.DataFrame(cases, schema=_shape(), orient="row"),
        "scores.ai_sensitivities": sensitivities(spreads(frames, taken), certain, found),
    }
    because = (
        f"{len(taken)} use cases are planned, on {PATHS:,} possible futures."
        if taken
        else "No use case has been taken up yet."
    )
    return Scored(tables, because=because, trained_rows=frames["scores.driver_paths"].height)


def evidence(frames: Frames) -> dict[str, str]:
    """The evidence grade of the minutes that each use case saves, or C for what its decisions brought; D where nothing was seen.

    It is the grade of the very effect that the plan rests on; without an interval there is none.
    """
    told = frames["scores.ai_effects"].filter(
        (pl.col("measure_name") == "minutes per case") & pl.col("low_number").is_not_null()
    )
    decided = frames["marts.value_rows"].filter(pl.col("earning_source_name") == "decision").drop_nulls("use_case_id")
    seen = pl.concat(
        [
            told.select("use_case_id", "evidence_grade"),
            decided.select("use_case_id", pl.lit("C").alias("evidence_grade")),
        ]
    )
    return dict(seen.group_by("use_case_id").agg(pl.col("evidence_grade").min()).sort("use_case_id").iter_rows())


def worlds_then(frames: Frames, asked: Asked, taken: list[UseCase]) -> Callable[[dt.date], World]:
    """The programme's world at expected values as it was assumed to be at the end of a month, by any day of that month."""
    steps = frames[HISTORY]["valid_from_date"].unique().sort().to_list()

    @cache
    def since(step: dt.date) -> World:
        then = {**frames, "raw.assumptions": in_force(frames[HISTORY], step)}
        found = world_of(then, asked.as_of, use_cases=taken, count=1, seed=asked.seed, is_certain=True)
        assert found is not None  # what is known at one value of a number is known at another
        # What was seen of late is no news of the months before it.
        return replace(found, measured={})

    return lambda day: since(steps[bisect_right(steps, day) - 1])


def past_orders(frames: Frames) -> dict[dt.date, float]:
    """Orders of each whole month so far."""
    rows = frames["marts.driver_months"].filter(pl.col("driver_name") == "orders").sort("month_date")
    return {day: float(units) for day, units in rows.select("month_date", "units").iter_rows()}


def sensitivities(known: Mapping[str, Spread], certain: World, found: Simulated) -> pl.DataFrame:
    """The tornado of the whole programme, and of each use case in it, over all that varies: numbers, forecasts, what was measured, prices.

    Args:
        known: what is known of each number.
        certain: the programme's world at expected values.
        found: the programme on many paths.
    """
    taken = found.world.use_cases
    if not taken:
        return pl.DataFrame(schema=_sensitivity_shape())
    tried: dict[tuple[tuple[str, float], ...], Simulated] = {}

    def worth(name: str | None, held: Mapping[str, float]) -> float:
        key = tuple(held.items())
        if key not in tried:
            tried[key] = simulated(holding(certain, held))
        return float(tried[key].npv(name)[0])

    more = varying(found.world)
    drawn = {name: values[:, 0] for name, values in found.world.numbers.items()} | more
    # What was measured takes the place of an assumed number of the same name.
    measured = {f"{case}.{name}" for case, effects in certain.measured.items() for name in effects}
    assumed = {name: spread for name, spread in known.items() if name not in measured}
    rows = []
    for name in (None, *(case.use_case_id for case in taken)):
        own = found.npv(name)
        chosen = [*_moving(assumed, found, own), *more]
        told = tornado(assumed, partial(worth, name), drawn, own, names=chosen)
        rows.append(told.select(pl.lit(name or WHOLE).alias("use_case_id"), *SENSITIVITY))
    return pl.concat(rows)


def _moving(known: Mapping[str, Spread], found: Simulated, worth: np.ndarray) -> Sequence[str]:
    """The assumptions whose draws go most with the worth."""
    ranked = np.argsort(np.argsort(worth))
    how = {}
    for name, values in found.world.numbers.items():
        if name in known and np.ptp(values) > 0:
            how[name] = abs(float(np.corrcoef(np.argsort(np.argsort(values[:, 0])), ranked)[0, 1]))
    return sorted(how, key=lambda name: (-how[name], name))[:NUMBERS]


def _row(
    found: Simulated, case: UseCase, grades: Mapping[str, str], scale: float | None, marginal: float | None = None
) -> list[Any]:
    told = business_case(found, case, evidence_grade=grades.get(case.use_case_id, "D"))
    told |= {
        "use_case_id": case.use_case_id, "stage_code": case.stage, "is_taken_up": case.stage != "candidate",
        "minimum_scale_number": scale, "marginal_cost_amount": marginal,
    }  # fmt: skip
    return [_plain(told[name]) for name in CASE_COLUMNS]


def _candidates(
    frames: Frames, asked: Asked, taken: list[UseCase], every: list[UseCase], grades: Mapping[str, str]
) -> list[list[Any]]:
    """Each template as the next use case of the programme: what it would add to the cost and be worth."""
    world = world_of(frames, asked.as_of, use_cases=every, count=CANDIDATE_PATHS, seed=asked.seed)
    assert world is not None  # as before
    before = float(simulated(replace(world, use_cases=tuple(taken))).cost().sum(axis=1).mean())
    rows = []
    for case in every:
        if case.stage == "candidate":
            found = simulated(replace(world, use_cases=(*taken, case)))
            added = float(found.cost().sum(axis=1).mean()) - before
            has_gap = case.use_case_id in {gap.use_case_id for gap in found.gaps}
            rows.append(_row(found, case, grades, None, None if has_gap else added))
    return rows


def _scale(certain: World, case: UseCase) -> float | None:
    """How many times today's orders it takes until a use case pays for itself, at expected values."""
    return minimum_scale(
        {size: float(simulated(certain.times_orders(size)).npv(case.use_case_id)[0]) for size in SIZES}
    )


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if not np.isfinite(value) else round(value, 6)
    return value


def _shape() -> dict[str, Any]:
    texts = ("use_case_id", "stage_code", "verdict_code", "because_text", "evidence_grade", "inner_rate_text")
    return {
        name: pl.String if name in texts else pl.Boolean if name == "is_taken_up" else pl.Float64
        for name in CASE_COLUMNS
    }


def _sensitivity_shape() -> dict[str, Any]:
    return {"use_case_id": pl.String, **SENSITIVITY}


MODEL = Model(
    code="ai_plan",
    title="AI plan",
    question="What will AI cost, layer by layer, what will it bring, and which use case deserves the money?",
    reads={**READS, HISTORY: (*READS["raw.assumptions"], "valid_from_date", "valid_to_date")},
    writes=(
        Output(
            name="scores.ai_cost_months",
            answers="What will each cost line of each use case cost in each month and at each site?",
            grain="one row per use case, cost line, site and month",
            key=("use_case_id", "cost_line_name", "site_id", "month_date"),
            columns=plan_tables.COST_COLUMNS,
        ),
        Output(
            name="scores.ai_cost_bands",
            answers="How sure is the cost of the whole, of each use case, component and month?",
            grain="one row per scope",
            key=("scope_kind_name", "scope_name"),
            columns=plan_tables.BAND_COLUMNS,
            checks=("p10_amount is null or p10_amount <= p90_amount", "p50_amount is null or p50_amount <= p80_amount"),
        ),
        Output(
            name="scores.ai_value_months",
            answers="What will each use case bring in each month, by kind of benefit?",
            grain="one row per use case, kind of benefit and month",
            key=("use_case_id", "benefit_kind_name", "month_date"),
            columns=plan_tables.VALUE_COLUMNS,
        ),
        Output(
            name="scores.ai_volume_months",
            answers="How many cases will each use case have in each month, and what will their model calls cost?",
            grain="one row per use case and month",
            key=("use_case_id", "month_date"),
            columns=plan_tables.VOLUME_COLUMNS,
        ),
        Output(
            name="scores.ai_accruals",
            answers="What have running use cases cost each month beyond what logs measure, as planned?",
            grain="one row per use case, cost line, site and month",
            key=("use_case_id", "cost_line_name", "site_id", "month_date"),
            columns=plan_tables.ACCRUAL_COLUMNS,
        ),
        Output(
            name="scores.ai_business_cases",
            answers="What is each use case worth, how sure is that, and does it deserve the money?",
            grain="one row per use case of the registry",
            key=("use_case_id",),
            columns=CASE_COLUMNS,
            checks=("verdict_code in ('fund', 'stop', 'cannot tell')", "npv_low_amount is null or npv_low_amount <= npv_high_amount"),
        ),
        Output(
            name="scores.ai_sensitivities",
            answers="Which assumption moves the worth most, and at which value would the answer turn?",
            grain="one row per use case (* for all) and assumption",
            key=("use_case_id", "assumption_name"),
            columns=SENSITIVITY_COLUMNS,
            checks=("swing_amount >= 0",),
        ),
    ),
    guarantee="Cost lines add up to the total to the cent; what orders do not drive does not move with them.",
    rival="the plan at expected values, without draws",
    needs=(),
    versions={1: "Expected values over 10,000 paths of orders, prices and assumptions; measured effects before assumed ones."},
    does_not="It does not know of contracts that nobody entered; what was spent on running use cases is not in the months to come.",
    trust="Trust the order of the lines and the verdicts; the sums are as good as the assumptions behind them, each with its grade.",
    score=score,
)  # fmt: skip
