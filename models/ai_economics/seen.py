"""What was seen of running use cases, in the place of what is assumed: effects with their intervals, volumes, cost of calls, decisions."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy.special import stdtrit

from models.ai_economics.draws import Spread, drawn, middle
from models.ai_economics.use_case import UseCase
from models.model import Frames

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
USUAL_MONTHS = 6  # of volumes and costs, for their level and how much months differ
SURE = 1.959964  # standard deviations on each side of an interval of 95 per cent


def measured(
    frames: Frames, cases: list[UseCase], drivers: Mapping[str, np.ndarray], *, count: int, seed: int
) -> dict[str, dict[str, np.ndarray]]:
    """What is known of each running use case, use case → name → (paths × 1).

    - `minutes_saved`, `review_minutes_change`, `rework_minutes_change`, `error_share_change`, `commitment_share_change`: effects of
      grade A or B on a case; `baseline_minutes`: what a case takes without AI;
    - `adoption_share`: the cases of the last whole months by what their driver would give; `cost_per_case`: what their calls cost;
    - `error_cost`, `commitment_cost`: what recorded ones cost;
    - `decision_value`: what decisions brought a month, benefit less errors.
    """
    spreads: dict[str, Spread] = {}
    for case in cases:
        if case.is_running:
            said = _paid(frames["marts.ai_volumes"], case) | (
                _effects(frames["scores.ai_effects"], case) | _volumes(frames, case, drivers) | _decisions(frames, case)
            )
            spreads |= {f"{case.use_case_id}.{name}": spread for name, spread in said.items()}
    numbers = middle(spreads) if count == 1 else drawn(spreads, count=count, seed=seed)
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


def _volumes(frames: Frames, case: UseCase, drivers: Mapping[str, np.ndarray]) -> dict[str, Spread]:
    """Share of all cases that AI works on and what its calls cost a case, each with the spread of the months it was seen in.

    What a case costs is told by the cases whose calls all have a price, in three whole months or more; else nothing is told of it.
    """
    mine = frames["marts.ai_volumes"].filter(
        pl.col("use_case_id") == case.use_case_id, pl.col("is_over"), pl.col("case_count") > 0
    )
    last = mine.sort("month_date").tail(USUAL_MONTHS)
    if last.height < LAST_MONTHS:
        return {}
    units = _units(frames, case, last, drivers)
    usual = case.cases_per_unit[1] * case.eligible_share
    found: dict[str, Spread] = {}
    counts = last["case_count"].cast(pl.Float64).to_numpy()
    if units is not None and usual > 0 and (units > 0).all():
        found["adoption_share"] = _spread(counts / (units * usual), of_a_month=True)
    # A call without a price cost something: only cases whose calls all have one say what a case costs.
    priced = last.filter(pl.col("priced_case_count") > 0, pl.col("priced_usage_cost").is_not_null())
    cost = (priced["priced_usage_cost"].cast(pl.Float64) / priced["priced_case_count"]).to_numpy()
    if cost.size >= LAST_MONTHS and cost.sum() > 0:
        found["cost_per_case"] = _spread(cost, of_a_month=True)
    return found


def _units(frames: Frames, case: UseCase, last: pl.DataFrame, drivers: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """Units of the driver in the months that were seen; of working days about as many as in the months to come."""
    if case.driver == "working_days":
        return np.full(last.height, float(drivers["working_days"].mean()))
    past = frames["marts.driver_months"].filter(pl.col("driver_name") == case.driver)
    joined = last.join(past, on="month_date", how="left").sort("month_date")
    return None if joined["units"].null_count() else joined["units"].cast(pl.Float64).to_numpy()


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


def _spread(values: np.ndarray, *, of_a_month: bool = False) -> Spread:
    """A mean with the interval of 95 per cent for it that its months give, or for a month to come, by the t of so few months."""
    middle_value = float(values.mean())
    each = float(values.std(ddof=1)) if values.size > 1 else 0.0
    wide = stdtrit(values.size - 1, 0.975) if of_a_month else SURE
    error = wide * each * np.sqrt(1 + 1 / values.size) if of_a_month else wide * each / np.sqrt(values.size)
    return Spread(middle_value - error, middle_value, middle_value + error, "normal")
