"""Are group-time effects those of diff-diff, how long do they take, and is the smallest detectable effect what a trial then finds?

    benchmarks/.venv/bin/python -m benchmarks.ai_measured

Grows panels of sites with known effects from one seed. `largest_gap` is the largest difference between the two programs' group-time
effects, aggregates included; errors of single cells agree for never-treated controls, those of aggregates are left out, because
diff-diff counts the cohorts' shares as estimates and a planned roll-out decides them. Prints one JSON line.
"""

import json
import time
import warnings

import numpy as np
import pandas as pd
from diff_diff import CallawaySantAnna

from models.ai_economics.staggered import by_influence, measured, weights

SITES, WEEKS, PANELS = 60, 16, 5
STARTS = np.repeat([4.0, 7.0, 10.0, np.inf], SITES // 4)


def main() -> None:
    """Print the JSON line."""
    warnings.simplefilter("ignore", FutureWarning)
    dice = np.random.default_rng(1)
    gaps, error_gaps, ours, theirs = [], [], 0.0, 0.0
    for _ in range(PANELS):
        seen = dice.normal(size=(SITES, WEEKS)).cumsum(axis=1) + 2.0 * (np.arange(WEEKS) >= STARTS[:, None])
        for mine, controls in (("never", "never_treated"), ("not yet", "not_yet_treated")):
            began = time.perf_counter()
            found = CallawaySantAnna(control_group=controls, base_period="universal").fit(
                long(seen), outcome="y", unit="site", time="week", first_treat="start", aggregate="all"
            )
            theirs += time.perf_counter() - began
            began = time.perf_counter()
            cells = weights(STARTS, WEEKS, aggregate="cells", controls=mine)
            figures = dict(zip(cells.figures, by_influence(seen, STARTS, cells), strict=True))
            whole = float(weights(STARTS, WEEKS, controls=mine).estimates(seen, STARTS)[0])
            ours += time.perf_counter() - began
            gaps.append(abs(whole - found.overall_att))
            for (start, week), cell in found.group_time_effects.items():
                own = figures.get((float(start - 1), int(week - 1)))
                if own is None:
                    continue
                gaps.append(abs(own.effect - cell["effect"]))
                if mine == "never" and own.error:
                    error_gaps.append(abs(own.error - cell["se"]))
    began = time.perf_counter()
    measured(seen, STARTS, seed=1)
    told = {
        "benchmark": "ai_measured",
        "sites": SITES,
        "weeks": WEEKS,
        "compared_figures": len(gaps),
        "largest_gap": float(max(gaps)),
        "largest_error_gap": float(max(error_gaps)),
        "ours_ms": round(1000 * ours / (2 * PANELS), 1),
        "theirs_ms": round(1000 * theirs / (2 * PANELS), 1),
        "with_2000_assignments_ms": round(1000 * (time.perf_counter() - began), 1),
    }
    print(json.dumps(told))


def long(seen: np.ndarray) -> pd.DataFrame:
    """The panel as diff-diff wants it: one row a site and week, start 0 for never, weeks from 1."""
    sites, weeks = seen.shape
    start = np.where(np.isfinite(STARTS), STARTS + 1, 0).astype(int)
    return pd.DataFrame(
        {
            "site": np.repeat(np.arange(sites), weeks),
            "week": np.tile(np.arange(1, weeks + 1), sites),
            "start": np.repeat(start, weeks),
            "y": seen.ravel(),
        }
    )


if __name__ == "__main__":
    main()
