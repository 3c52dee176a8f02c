"""Work logs of companies in which the effect of AI is known, because each case says what it would have taken either way."""

import datetime as dt
from typing import Any

import numpy as np
import polars as pl

from models.ai_economics.case_rows import READS
from models.in_force import HISTORY
from tests.assumed import always

MONDAY = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)
AS_OF = dt.date(2026, 8, 2)
SCHEMA = {
    "work_id": pl.String, "use_case_name": pl.String, "site_id": pl.String, "team_name": pl.String,
    "opened_at": pl.Datetime("us", "UTC"), "arm_code": pl.String, "assignment_code": pl.String, "hands_on_minutes": pl.Float64,
    "review_minutes": pl.Float64, "rework_minutes": pl.Float64, "is_error": pl.Boolean, "error_cost_amount": pl.Float64,
    "is_wrong_commitment": pl.Boolean, "commitment_cost_amount": pl.Float64,
}  # fmt: skip


def cases(
    starts: list[int | None], *, weeks: int = 30, a_week: int = 12, lot: float | None = None, assignment: str | None = None,
    saved: float = 4.0, error_shares: tuple[float, float] = (0.06, 0.03), wrong_shares: tuple[float, float] = (0.0, 0.01),
    seed: int = 1, use_case: str = "UC3", **fixed: Any,
) -> pl.DataFrame:  # fmt: skip
    """A log of one use case.

    Args:
        starts: first week with AI of each site; None where it never starts.
        lot: share of cases that get AI after the start, by lot; None: all do.
        assignment: what the log says of cases after the first start.
        saved: minutes that AI truly saves on a case.
        fixed: columns that are the same in every row.
    """
    dice, rows = np.random.default_rng(seed), []
    first = min((start for start in starts if start is not None), default=weeks)
    for site, start in enumerate(starts):
        level = 14 + dice.normal()
        left = 0.0
        for week in range(weeks):
            left = 0.5 * left + 0.3 * dice.normal()
            for number in range(a_week):
                has_begun = start is not None and week >= start
                is_assisted = has_begun and (lot is None or dice.random() < lot)
                minutes = max(level + left + np.sin(week / 5) + 2.0 * dice.normal() - saved * is_assisted, 0.1)
                rows.append(
                    {
                        "work_id": f"W{seed}-{site}-{week}-{number}",
                        "use_case_name": use_case,
                        "site_id": f"S{site:02d}",
                        "team_name": "desk",
                        "opened_at": MONDAY + dt.timedelta(days=7 * week + number % 5, minutes=number),
                        "arm_code": "assisted" if is_assisted else "alone",
                        "assignment_code": assignment if week >= first else None,
                        "hands_on_minutes": round(minutes, 2),
                        "review_minutes": 0.8 if is_assisted else 0.0,
                        "rework_minutes": 0.0,
                        "is_error": bool(dice.random() < error_shares[is_assisted]),
                        "error_cost_amount": None,
                        "is_wrong_commitment": bool(dice.random() < wrong_shares[is_assisted]),
                        "commitment_cost_amount": None,
                        **fixed,
                    }
                )
    return pl.DataFrame(rows, schema=SCHEMA).select(READS)


def frames(*logs: pl.DataFrame, assumed: dict[str, float] | None = None) -> dict[str, pl.DataFrame]:
    """What the model reads, out of logs and assumptions."""
    held = {"labour_cost_per_hour": 36.0, "ai_realisation_share": 0.5} | (assumed or {})
    return {
        "core.ai_cases": pl.concat(logs) if logs else pl.DataFrame(schema=SCHEMA).select(READS),
        HISTORY: always(held),
        "raw.use_cases": pl.DataFrame({"use_case_id": ["UC3"], "use_case_name": ["Order copilot"]}),
    }
