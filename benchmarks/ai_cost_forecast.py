"""Do the months that came lie within the forecast of what AI would cost? Each origin knows only what was known then.

The backtest is the one that the page AI cost shows, on more paths: at the end of each month the order drivers are forecast from
the months up to then, and the cost of model calls of the months to come gets its P10 and P90. The anchor is the plain rule that a month
costs what the last one before the forecast did, give or take the spread of the changes seen so far.

    CROSSDOCK_HOME=… .venv/bin/python -m benchmarks.ai_cost_forecast --company demo
"""

import argparse
import json
import time

import numpy as np
import polars as pl

from models.ai_economics.cost_backtest import ALL, MODEL, WANTED, backtest, wape
from store.company import open_company
from store.warehouse import Build, current_build

PATHS, SEED = 2_000, 1


def with_plain_band(found: pl.DataFrame, spent: pl.DataFrame) -> pl.DataFrame:
    """The same rows with `is_plain_inside`: whether the plain rule's band held what came.

    Args:
        found: rows of the backtest, of single use cases.
        spent: use_case_id, month_date and usage_cost of every month that is over.
    """
    flags = []
    for origin, name, ahead, cost in found.select(
        "origin_date", "use_case_id", "ahead_count", "usage_cost"
    ).iter_rows():
        past = (
            spent.filter(pl.col("use_case_id") == name, pl.col("month_date") <= origin)
            .sort("month_date")["usage_cost"]
            .to_numpy()
        )
        wide = 1.2816 * float(np.std(np.diff(np.log(past)), ddof=1)) * np.sqrt(ahead)
        flags.append(bool(abs(np.log(cost / past[-1])) <= wide))
    return found.with_columns(is_plain_inside=pl.Series(flags, dtype=pl.Boolean))


def judged(build: Build) -> dict[str, object]:
    """What the backtest says of a company's build, use case by use case and of all together."""
    frames = {name: build.query(f"select {', '.join(columns)} from {name}") for name, columns in MODEL.reads.items()}  # noqa: S608  names of ours
    began = time.process_time()
    found = backtest(frames, count=PATHS, seed=SEED)
    seconds = time.process_time() - began
    spent = frames["marts.ai_volumes"].filter("is_over", pl.col("usage_cost") > 0)
    one = with_plain_band(
        found.filter(pl.col("use_case_id") != ALL), spent.with_columns(pl.col("usage_cost").cast(pl.Float64))
    )
    whole = found.filter(pl.col("use_case_id") == ALL)
    by_use_case, by_ahead = (
        one.group_by(name).agg(pl.col("is_inside").mean()).sort(name).iter_rows()
        for name in ("use_case_id", "ahead_count")
    )
    return {
        "question": "Do the months that came lie within P10 to P90 of the forecast of what model calls cost?",
        "wanted": WANTED,
        "all_together": _of(whole),
        "use_cases": _of(one) | {"plain_inside_share": _share(one["is_plain_inside"])},
        "one_month_ahead": _of(one.filter(pl.col("ahead_count") == 1)),
        "by_use_case": {name: round(share, 2) for name, share in by_use_case},
        "by_months_ahead": {ahead: round(share, 2) for ahead, share in by_ahead},
        "seconds": round(seconds, 1),
    }


def main() -> None:
    """Prints one line of JSON."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--company", default="demo")
    build = current_build(open_company(asked.parse_args().company))
    assert build is not None
    print(json.dumps(judged(build)))


def _of(rows: pl.DataFrame) -> dict[str, float | int]:
    missed, plain = wape(rows)
    return {
        "months": rows.height,
        "inside_share": _share(rows["is_inside"]),
        "wape": round(missed, 3),
        "plain_wape": round(plain, 3),
    }


def _share(flags: pl.Series) -> float:
    return round(float(flags.cast(pl.Float64).mean() or 0.0), 3)  # type: ignore[arg-type]  # a mean of numbers


if __name__ == "__main__":
    main()
