"""Is the verdict right? 200 made programmes whose truth is known: some earn, some lose, of some nothing can be told.

Each programme has a work log of weeks without and with AI, grown from true effects that the product does not see. Those that can
be told have a lot among their cases; those that cannot have no case to compare with, or next to none. A programme that earns or
loses does so clearly: its true net worth lies at least as far from nought as half of what it costs.

    .venv/bin/python -m benchmarks.ai_verdicts [--count 200] [--seed 1]
"""

import argparse
import datetime as dt
import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from models.ai_economics import effects, plan
from models.ai_economics.inputs import world_of
from models.ai_economics.programme import simulated
from models.model import Asked
from tests.ai_programmes import AS_OF, frames, taken_up

TRUTHS = ("fund", "stop", "cannot tell")
WAGE, ERROR, PROMISE = 42.0, 120.0, 180.0
ASSISTED = 0.6  # of the cases, by lot
PAID = 0.65  # of freed minutes are paid less or taken up by growth, as assumed
COMMON = 220.0  # a month for what every use case costs at lean delivery
BEFORE, AFTER, MONTHS = 16, 30, 36
NAME = "UC3"


@dataclass(frozen=True)
class Made:
    """One made programme: its truth, and all that the product may see of it."""

    truth: str
    frames: dict[str, pl.DataFrame]


def made(truth: str, dice: np.random.Generator) -> Made:
    """A programme whose true worth is as its truth says."""
    is_told = truth != "cannot tell"
    while True:
        each_week = dice.uniform(25, 160)
        base, saved = dice.uniform(4, 12), dice.uniform(-0.1, 0.8)
        errors = dice.uniform(0.005, 0.04)
        fewer = max(dice.uniform(-0.03, 0.015), -errors)
        promises = dice.choice([0.0, 0.0, dice.uniform(0.01, 0.08)])
        fee = dice.uniform(20, 600 if is_told else 120)
        assisted = each_week * ASSISTED * 52 / 12
        worth = assisted * (saved * base * WAGE / 60 * PAID - fewer * ERROR - promises * PROMISE)
        spent = fee + assisted * 1.0 * WAGE / 60 + COMMON
        net = worth - spent
        if not is_told or (net > 0.5 * spent if truth == "fund" else net < -0.5 * spent):
            break
    how = str(dice.choice(["no comparison", "just begun"])) if not is_told else "lot"
    log = _log(
        dice,
        how=str(how),
        each_week=each_week,
        base=base,
        saved=saved,
        errors=errors,
        fewer=fewer,
        promises=float(promises),
    )
    review = [1.0, 1.0, 1.0]
    acts = taken_up(
        NAME,
        started=str(AS_OF - dt.timedelta(weeks=AFTER)),
        service_fee_per_month=fee,
        review_share=review,
        review_minutes=[0.8, 1.0, 1.2],
        cases_per_unit=[each_week * 52 / 12 / 400] * 3,
        alternative={"minutes_saved_share": 0.02, "one_time_cost": 1000, "yearly_cost": 200},
    )
    told = frames(acts, assumed={"ai_delivery_share": 0.03})
    told["core.ai_cases"] = log
    known = told["raw.use_cases"].with_columns(pl.col("use_case_id").alias("use_case_name"))
    scored = effects.score({**told, "raw.use_cases": known}, Asked(AS_OF, 1))
    told["scores.ai_effects"] = scored.tables["scores.ai_effects"]
    told["marts.ai_volumes"] = _volumes(log)
    return Made(truth, told)


def judged(case: Made) -> str:
    """What the product says of a programme."""
    world = world_of(case.frames, AS_OF, count=2_000, seed=1)
    assert world is not None
    from models.ai_economics.business_case import business_case

    found = simulated(world)
    grade = plan.evidence(case.frames).get(NAME, "D")
    return business_case(found, world.use_cases[0], evidence_grade=grade)["verdict_code"]


def _log(
    dice: np.random.Generator,
    *,
    how: str,
    each_week: float,
    base: float,
    saved: float,
    errors: float,
    fewer: float,
    promises: float,
) -> pl.DataFrame:
    """The work log: minutes lognormal about their mean, errors and promises by chance."""
    rows: list[dict[str, Any]] = []
    start = AS_OF - dt.timedelta(weeks=AFTER)
    weeks = {"lot": range(-BEFORE, AFTER), "no comparison": range(AFTER), "just begun": range(AFTER - 1, AFTER)}[how]
    for week in weeks:
        for _ in range(dice.poisson(each_week if how != "just begun" else 12)):
            is_lot = how != "no comparison" and week >= 0
            assisted = week >= 0 and (how == "no comparison" or dice.random() < ASSISTED)
            at = dt.datetime.combine(start + dt.timedelta(days=7 * week + int(dice.integers(0, 5))), dt.time(9), dt.UTC)
            slips = dice.random() < max(errors + (fewer if assisted else 0), 0)
            breaks = assisted and dice.random() < promises
            rows.append({
                "work_id": f"W{len(rows)}",
                "use_case_name": NAME,
                "site_id": str(dice.choice(["LEJ", "HAM"])),
                "team_name": "desk",
                "opened_at": at,
                "arm_code": "assisted" if assisted else "alone",
                "assignment_code": "random" if is_lot else "chosen" if assisted else None,
                "hands_on_minutes": float(base * (1 - saved * assisted) * dice.lognormal(-0.125, 0.5)),
                "review_minutes": 1.0 if assisted else 0.0,
                "rework_minutes": 0.0,
                "is_error": bool(slips),
                "error_cost_amount": ERROR if slips else 0.0,
                "is_wrong_commitment": bool(breaks),
                "commitment_cost_amount": PROMISE if breaks else 0.0,
            })  # fmt: skip
    schema = {"opened_at": pl.Datetime("us", "UTC")} | {
        name: pl.Float64
        if name.endswith(("_minutes", "_amount"))
        else pl.Boolean
        if name.startswith("is_")
        else pl.String
        for name in effects.MODEL.reads["core.ai_cases"]
        if name != "opened_at"
    }
    return pl.DataFrame(rows, schema=schema)


def _volumes(log: pl.DataFrame) -> pl.DataFrame:
    counted = (
        log.filter(pl.col("arm_code") == "assisted")
        .group_by(pl.col("opened_at").dt.date().dt.truncate("1mo").alias("month_date"))
        .agg(
            pl.len().cast(pl.Int64).alias("case_count"),
            pl.col("is_error").sum().cast(pl.Int64).alias("error_count"),
            pl.col("error_cost_amount").sum(),
            pl.col("is_wrong_commitment").sum().cast(pl.Int64).alias("wrong_commitment_count"),
            pl.col("commitment_cost_amount").sum(),
        )
        .sort("month_date")
    )
    return counted.with_columns(
        use_case_id=pl.lit(NAME),
        is_over=pl.col("month_date") < AS_OF.replace(day=1),
        priced_case_count=pl.col("case_count"),
        priced_usage_cost=pl.col("case_count") * 0.02,
    )


def main() -> None:
    """Prints one line of JSON with the share of right verdicts."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--count", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    args = asked.parse_args()
    began = time.perf_counter()
    met: Counter[tuple[str, str]] = Counter()
    for number in range(args.count):
        case = made(TRUTHS[number % len(TRUTHS)], np.random.default_rng([args.seed, number]))
        met[case.truth, judged(case)] += 1
    right = sum(count for (truth, said), count in met.items() if truth == said)
    opposite = met["fund", "stop"] + met["stop", "fund"]
    said = {
        "question": "Is the verdict right on programmes of known truth?",
        "programmes": args.count,
        "right_share": round(right / args.count, 4),
        "wanted": 0.95,
        "opposite": opposite,
        "met": {f"{truth} as {said}": count for (truth, said), count in sorted(met.items())},
        "seconds": round(time.perf_counter() - began, 1),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
