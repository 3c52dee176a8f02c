"""Do the months that came lie within the forecast of what AI would cost? Each origin knows only what was known then.

At the end of each month of the demo company the order drivers are forecast anew from the months before, volumes and costs of calls
are those seen so far, and the cost of model calls of the months to come gets its P10 and P90. The anchor is the plain rule that
next month costs what last month did, give or take the spread of the changes seen so far.

    CROSSDOCK_HOME=… .venv/bin/python -m benchmarks.ai_cost_forecast --company demo
"""

import argparse
import datetime as dt
import json

import numpy as np
import polars as pl

from models.ai_economics.inputs import READS, programme, registry, world_of
from models.ai_economics.programme import simulated
from models.demand import drivers
from models.model import Asked
from models.months import month_after
from store.company import open_company
from store.warehouse import Build, current_build

PATHS = 2_000
LEVELS = (0.1, 0.5, 0.9)
LEAST_SEEN = 3


def known_on(frames: dict[str, pl.DataFrame], origin: dt.date) -> dict[str, pl.DataFrame]:
    """The tables as they were on the first day of a month: later months do not exist."""
    before = pl.col("month_date") < origin
    months = frames["marts.driver_months"].filter(before)
    scored = drivers.score({"marts.driver_months": months}, Asked(origin - dt.timedelta(days=1), 1))
    return frames | {
        "marts.driver_months": months,
        "scores.driver_paths": scored.tables["scores.driver_paths"],
        "marts.ai_volumes": frames["marts.ai_volumes"].filter(before).with_columns(is_over=pl.lit(value=True)),
        "marts.value_rows": frames["marts.value_rows"].filter(before),
        "scores.ai_effects": frames["scores.ai_effects"].clear(),
    }


def judged(build: Build) -> list[dict[str, object]]:
    """One row an origin, use case and month to come: forecast, what came, and the plain rule's band."""
    frames = {name: build.query(f"select {', '.join(columns)} from {name}") for name, columns in READS.items()}  # noqa: S608  names of ours
    spent = build.query("select use_case_id, month_date, is_over, usage_cost from marts.ai_volumes")
    came = spent.filter("is_over").drop_nulls("usage_cost")
    rows: list[dict[str, object]] = []
    for origin in came["month_date"].unique().sort().to_list():
        seen = came.filter(pl.col("month_date") < origin)
        told = known_on(frames, origin)
        running = [
            case
            for case in programme(registry(frames))
            if case.started
            and case.started < origin
            and seen.filter(pl.col("use_case_id") == case.use_case_id).height >= LEAST_SEEN
        ]
        if not running or not told["scores.driver_paths"].height:
            continue
        world = world_of(told, origin - dt.timedelta(days=1), use_cases=running, count=PATHS, seed=1)
        assert world is not None
        found = simulated(world)
        for case in running:
            past = (
                seen.filter(pl.col("use_case_id") == case.use_case_id)
                .sort("month_date")["usage_cost"]
                .cast(pl.Float64)
                .to_numpy()
            )
            bands = np.quantile(found.costs[case.use_case_id, "model calls"], LEVELS, axis=0)
            for ahead in range(bands.shape[1]):
                month = month_after(origin, ahead)
                actual = came.filter(pl.col("use_case_id") == case.use_case_id, pl.col("month_date") == month)
                if actual.height:
                    cost, spread = (
                        float(actual["usage_cost"].item()),
                        1.2816 * float(np.std(np.diff(np.log(past)), ddof=1)) * np.sqrt(ahead + 1),
                    )
                    low, middle, high = bands[:, ahead]
                    rows.append({
                        "origin": origin, "use_case": case.use_case_id, "ahead": ahead + 1, "is_inside": low <= cost <= high,
                        "error": abs(middle - cost), "plain_error": abs(past[-1] - cost), "cost": cost, "width": (high - low),
                        "is_plain_inside": past[-1] * np.exp(-spread) <= cost <= past[-1] * np.exp(spread),
                    })  # fmt: skip
    return rows


def main() -> None:
    """Prints one line of JSON."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--company", default="demo")
    build = current_build(open_company(asked.parse_args().company))
    assert build is not None
    rows = pl.DataFrame(judged(build))
    spent, one = float(rows["cost"].sum()), rows.filter(pl.col("ahead") == 1)
    by_use_case = rows.group_by("use_case").agg(pl.col("is_inside").mean()).sort("use_case")
    said = {
        "question": "Do the months that came lie within P10 to P90 of the forecast of what model calls cost?",
        "months": rows.height,
        "inside_share": _share(rows["is_inside"]),
        "wanted": 0.8,
        "plain_inside_share": _share(rows["is_plain_inside"]),
        "wape": round(float(rows["error"].sum()) / spent, 3),
        "plain_wape": round(float(rows["plain_error"].sum()) / spent, 3),
        "by_use_case": {name: round(share, 2) for name, share in by_use_case.iter_rows()},
        "one_month_ahead": _share(one["is_inside"]),
    }
    print(json.dumps(said))


def _share(flags: pl.Series) -> float:
    return round(float(flags.cast(pl.Float64).mean() or 0.0), 3)  # type: ignore[arg-type]  # a mean of numbers


if __name__ == "__main__":
    main()
