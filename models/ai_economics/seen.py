"""What was seen of running use cases, in the place of what is assumed: effects with their intervals, volumes, cost of calls, decisions."""

import datetime as dt
from collections.abc import Mapping

import numpy as np
import polars as pl

from models.ai_economics.draws import Spread, drawn, middle
from models.ai_economics.level import Level, futures, level, other_models
from models.ai_economics.use_case import UseCase
from models.model import Frames
from models.months import month_after

EFFECTS = {
    "minutes per case": "minutes_saved",
    "review minutes per case": "review_minutes_change",
    "rework minutes per case": "rework_minutes_change",
    "error share": "error_share_change",
    "wrong commitment share": "commitment_share_change",
}
GRADES = ("A", "B")
LAST_MONTHS, DECISION_MONTHS = 3, 12
LEAST_PAID = 5  # errors with a recorded cost, before their mean replaces the assumption
USUAL_MONTHS = 24  # of volumes and costs: the late ones tell their level, all of them how much months differ
LATE_DAYS = 14  # of calls that tell what a token costs by now
FEW_UNPRICED = 0.1  # of the tokens, that may be without a price
SURE = 1.959964  # standard deviations on each side of an interval of 95 per cent


def measured(
    frames: Frames,
    cases: list[UseCase],
    drivers: Mapping[str, np.ndarray],
    *,
    moves: np.ndarray | None = None,
    count: int,
    seed: int,
) -> dict[str, dict[str, np.ndarray]]:
    """What is known of each running use case, use case → name → (paths × 1), or (paths × months) where months differ.

    - `minutes_saved`, `review_minutes_change`, `rework_minutes_change`, `error_share_change`, `commitment_share_change`: effects of
      grade A or B on a case; `baseline_minutes`: what a case takes without AI;
    - `worked_per_unit`: cases with AI for each unit of the driver, `cost_per_case`: what their calls cost; both by month;
    - `error_cost`, `commitment_cost`: what recorded ones cost;
    - `decision_value`: what decisions brought a month, benefit less errors.

    Args:
        drivers: units of each driver in the months to come, name → (paths × months).
        moves: how often a year calls move to another model, (paths × 1); never where none is given.
    """
    spreads: dict[str, Spread] = {}
    levels: dict[str, Level] = {}
    for case in cases:
        if case.is_running:
            said = _paid(frames["marts.ai_volumes"], case) | (
                _effects(frames["scores.ai_effects"], case) | _decisions(frames, case)
            )
            spreads |= {f"{case.use_case_id}.{name}": spread for name, spread in said.items()}
            told = _levels(frames, case, drivers)
            levels |= {f"{case.use_case_id}.{name}": one for name, one in told.items()}
    numbers = middle(spreads) if count == 1 else drawn(spreads, count=count, seed=seed)
    for key, one in levels.items():
        months = drivers["orders"].shape[1]
        numbers[key] = futures(one, key, months=months, count=count, seed=seed)
        if moves is not None and count > 1 and key.endswith(".cost_per_case"):
            numbers[key] = numbers[key] * other_models(moves, key, months=months, seed=seed)
    found: dict[str, dict[str, np.ndarray]] = {}
    for key, values in numbers.items():
        name, _, what = key.rpartition(".")
        found.setdefault(name, {})[what] = (
            values if what in (*EFFECTS.values(), "decision_value") else np.maximum(values, 0)
        )
    return found


def _effects(effects: pl.DataFrame, case: UseCase) -> dict[str, Spread]:
    found: dict[str, Spread] = {}
    good = effects.filter(
        (pl.col("use_case_id") == case.use_case_id)
        & pl.col("evidence_grade").is_in(GRADES)
        & pl.col("effect_number").is_not_null()
    )
    for row in good.sort("measure_name").iter_rows(named=True):
        name = EFFECTS.get(row["measure_name"])
        if name is None or row["low_number"] is None:
            continue
        sign = -1.0 if name == "minutes_saved" else 1.0
        low, high = sorted((sign * row["low_number"], sign * row["high_number"]))
        found[name] = Spread(low, sign * row["effect_number"], high, "normal")
        if name == "minutes_saved" and row["baseline_number"] is not None:
            base = float(row["baseline_number"])
            found["baseline_minutes"] = Spread(base, base, base, "fixed")
    return found


def _paid(volumes: pl.DataFrame, case: UseCase) -> dict[str, Spread]:
    """What an error and a wrong commitment cost where enough of them were recorded with their cost, in the place of what is assumed."""
    mine = volumes.filter(pl.col("use_case_id") == case.use_case_id)
    found: dict[str, Spread] = {}
    for name, count, cost in (
        ("error_cost", "error_count", "error_cost_amount"),
        ("commitment_cost", "wrong_commitment_count", "commitment_cost_amount"),
    ):
        times, paid = int(mine[count].sum() or 0), float(mine[cost].cast(pl.Float64).sum() or 0.0)
        if times >= LEAST_PAID and paid > 0:
            each = paid / times
            found[name] = Spread(each, each, each, "fixed")
    return found


def _levels(frames: Frames, case: UseCase, drivers: Mapping[str, np.ndarray]) -> dict[str, Level]:
    """Cases with AI for each unit of the driver, and what the calls of a case cost at what is paid of late, as whole months tell them."""
    mine = frames["marts.ai_volumes"].filter(
        pl.col("use_case_id") == case.use_case_id, pl.col("is_over"), pl.col("case_count") > 0
    )
    last = mine.sort("month_date").tail(USUAL_MONTHS)
    if last.height < LAST_MONTHS:
        return {}
    found: dict[str, Level] = {}
    units = _units(frames, case, last["month_date"], drivers)
    if units is not None and (units > 0).all():
        counts = last["case_count"].cast(pl.Float64).to_numpy()
        # What is counted varies by chance as one over its expected number.
        found["worked_per_unit"] = level(counts / units, units.sum() / units / counts.sum())
    cost = _costs(frames, case, last)
    if cost is not None:
        found["cost_per_case"] = level(cost, np.zeros(cost.size))
    return found


def _costs(frames: Frames, case: UseCase, last: pl.DataFrame) -> np.ndarray | None:
    """What the calls of a case cost in each month; None where less than three months tell it.

    It is the tokens of a case at what a token cost of late, so that another model or price counts from its first weeks on, in all
    months alike. Where tokens are not known, it is what those cases cost whose calls all have a price.
    """
    used = frames["marts.ai_usage"].filter(pl.col("use_case_id") == case.use_case_id, pl.col("token_count") > 0)
    late = used.filter(pl.col("called_date") > pl.col("called_date").max() - dt.timedelta(days=LATE_DAYS))
    tokens, unknown, paid = (
        float(late[name].cast(pl.Float64).sum()) for name in ("token_count", "unpriced_token_count", "usage_cost")
    )
    by_month = used.group_by(month_date=pl.col("called_date").dt.truncate("1mo")).agg(pl.col("token_count").sum())
    told = last.join(by_month, on="month_date").sort("month_date")
    # A call without a price cost something: the few of them cost as others do, many tell nothing.
    if told.height >= LAST_MONTHS and paid > 0 and unknown <= FEW_UNPRICED * tokens:
        counts = told["case_count"].cast(pl.Float64).to_numpy()
        return told["token_count"].cast(pl.Float64).to_numpy() / counts * (paid / (tokens - unknown))
    priced = last.filter(pl.col("priced_case_count") > 0, pl.col("priced_usage_cost") > 0)
    cost = priced["priced_usage_cost"].cast(pl.Float64) / priced["priced_case_count"]
    return cost.to_numpy() if priced.height >= LAST_MONTHS else None


def _units(frames: Frames, case: UseCase, months: pl.Series, drivers: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """Units of the driver in each month that was seen, of the days since AI began; of working days as many as in the months to come."""
    past = frames["marts.driver_months"].filter(pl.col("driver_name") == case.driver)
    if case.driver == "working_days":
        past = months.to_frame().with_columns(units=pl.lit(float(drivers["working_days"].mean())))
    units = months.to_frame().join(past, on="month_date", how="left", maintain_order="left")["units"].cast(pl.Float64)
    if units.null_count():
        return None
    return units.to_numpy() * np.array([_worked(case, month) for month in months])


def _worked(case: UseCase, month: dt.date) -> float:
    """The share of a month's days on which a use case ran; all where nobody said when it began."""
    days = (month_after(month, 1) - month).days
    begun = 0 if case.started is None else (case.started - month).days
    return 1 - begun / days if 0 < begun < days else 1.0


def _decisions(frames: Frames, case: UseCase) -> dict[str, Spread]:
    """What its decisions brought in a month, with the error of the mean over the last months in which any matured."""
    rows = frames["marts.value_rows"].filter(
        pl.col("use_case_id") == case.use_case_id, pl.col("earning_source_name") == "decision"
    )
    by_month = (
        rows.group_by("month_date")
        .agg(
            (pl.col("benefit_amount").cast(pl.Float64) - pl.col("error_cost_amount").cast(pl.Float64))
            .sum()
            .alias("worth")
        )
        .sort("month_date")
    )
    # The first and the last month are rarely whole.
    whole = by_month["worth"].to_numpy()[1:-1][-DECISION_MONTHS:]
    return {"decision_value": _spread(whole)} if whole.size >= LAST_MONTHS else {}


def _spread(values: np.ndarray) -> Spread:
    """A mean with the interval of 95 per cent that its months give for it."""
    middle_value = float(values.mean())
    error = SURE * float(values.std(ddof=1)) / np.sqrt(values.size)
    return Spread(middle_value - error, middle_value, middle_value + error, "normal")
