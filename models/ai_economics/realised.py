"""What measured effects were worth, month by month: effect × cases × unit value, with the part that a budget may rest on."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from models.ai_economics.case_rows import Prices, Units, unit_values
from models.ai_economics.designs import Design, drawn

BANKABLE = ("A", "B")
OBSERVED = "C"
CASH, CAPACITY, SOFT = "cash", "capacity", "soft"
# Every word that mechanism_name may hold; amounts have their sign, so minutes added stand below nought.
MECHANISMS = (
    "labour minutes saved", "labour minutes added", "review", "rework", "errors avoided", "errors caused", "wrong commitments",
)  # fmt: skip
# Measure → what a fall of it is called, what a rise of it is called, and whether it is minutes.
_NAMES = {
    "minutes per case": ("labour minutes saved", "labour minutes added", True),
    "review minutes per case": ("review", "review", True),
    "rework minutes per case": ("rework", "rework", True),
    "error share": ("errors avoided", "errors caused", False),
    "wrong commitment share": ("wrong commitments", "wrong commitments", False),
}


def treated(rows: pl.DataFrame, how: Design, units: Units) -> pl.DataFrame:
    """Cases by month that an effect is about (`case_count`), and those with AI that lie outside of what was compared (`outside_count`).

    By lot it is about the cases with AI that were drawn; over time about all cases of the compared units since they began, as the
    effect was measured. Where people chose, or a unit is compared with its own past, about every case with AI.
    """
    is_about = pl.col("is_assisted")
    if how.by == "units":
        begun = {
            name: units.weeks[int(start)]
            for name, start in zip(units.names, units.starts, strict=True)
            if np.isfinite(start)
        }
        first = pl.col("unit_name").replace_strict(begun, default=None, return_dtype=pl.Date)
        is_about = (pl.col("week_date") >= first).fill_null(value=False)
    elif how.code == "randomised":
        rows = rows.with_columns(is_drawn=drawn(rows))
        is_about &= pl.col("is_drawn")
    return (
        rows.group_by("month_date")
        .agg(
            case_count=is_about.sum().cast(pl.Int64),
            outside_count=(pl.col("is_assisted") & ~is_about).sum().cast(pl.Int64),
        )
        .sort("month_date")
    )


def benefits(
    effects: list[dict[str, Any]],
    months: pl.DataFrame,
    at: Prices,
    *,
    whole: dict[str, Any],
    use_case_id: str,
    use_case_name: str,
) -> Iterator[dict[str, Any]]:
    """The rows of scores.ai_benefits of one use case: by month, mechanism, class of benefit and grade.

    Freed minutes are cash by the realisation share, capacity as far as more volume takes up the rest, and soft beyond that; soft rows
    are not claimed and never bankable. Minutes that AI adds (work, review, rework) are paid, so they count whole, as cash; so do errors
    and wrong promises. What costs more than before stands there below nought. Cases outside of what was compared are claimed at
    grade C at most. Nothing stands there of a measure that was not measured.

    Args:
        months: month_date, case_count and outside_count, as `treated` gives them.
        whole: the judged cost per case at `counted_values`, whose interval bankable amounts share.
    """
    held = {row["measure_name"]: row for row in effects if row["effect_number"] is not None}
    shrink = joint_share(held, counted_values(effects, at), whole)
    values = unit_values(at)
    for month, inside, outside in months.iter_rows():
        for measure, row in held.items():
            if measure not in _NAMES:
                continue
            fell, rose, _ = _NAMES[measure]
            for grade, count in _by_grade(row["evidence_grade"], inside, outside):
                for kind, share in _classes(row, at).items():
                    yield {
                        "use_case_id": use_case_id,
                        "use_case_name": use_case_name,
                        "month_date": month,
                        "mechanism_name": fell if row["effect_number"] <= 0 else rose,
                        "benefit_class_code": kind,
                        "evidence_grade": grade,
                        "treated_case_count": count,
                        "effect_number": row["effect_number"],
                        **_amounts(row, count * values[measure] * share, shrink, is_bankable=grade in BANKABLE),
                        **({"bankable_amount": 0.0} if kind == SOFT else {}),
                        "is_claimed": kind != SOFT,
                        "because_text": _because(row, month, count, values[measure], grade, kind),
                    }


def counted_values(effects: list[dict[str, Any]], at: Prices) -> dict[str, float]:
    """What one unit of each measure is worth as far as it is claimed: all of it, but of freed minutes only cash and capacity."""
    values = unit_values(at)
    for row in effects:
        if row["measure_name"] in values and row["effect_number"] is not None:
            values[row["measure_name"]] *= sum(share for kind, share in _classes(row, at).items() if kind != SOFT)
    return values


def _classes(row: dict[str, Any], at: Prices) -> dict[str, float]:
    """Class of benefit → share of a mechanism's worth, as the plan divides it too; minutes that were added are paid whole."""
    is_time = _NAMES[row["measure_name"]][2]
    if not is_time or row["effect_number"] > 0:
        return {CASH: 1.0}
    absorbed = (1 - at.cash_share) * at.absorbed_share
    parts = {CASH: at.cash_share, CAPACITY: absorbed, SOFT: 1 - at.cash_share - absorbed}
    return {kind: share for kind, share in parts.items() if share > 0}


def _by_grade(grade: str, inside: int, outside: int) -> list[tuple[str, int]]:
    """Grades with their cases: those that the effect is about at its grade, the others as merely observed."""
    parts = [(grade, inside), (OBSERVED, outside)] if grade in BANKABLE else [(grade, inside + outside)]
    return [(name, count) for name, count in parts if count]


def joint_share(held: dict[str, dict[str, Any]], values: dict[str, float], whole: dict[str, Any]) -> float:
    """How much of each mechanism's half-width is left when all are taken together, between 0 and 1.

    The low end of a sum is not the sum of low ends: not everything turns out badly at once. The cost per case was measured as a
    whole, and its half-width is shared out; where it was not, every mechanism keeps its own (1).
    """
    wide = sum(
        worth * (held[measure]["high_number"] - held[measure]["effect_number"])
        for measure, worth in values.items()
        if measure in held and held[measure]["high_number"] is not None
    )
    if whole["effect_number"] is None or whole["high_number"] is None or wide <= 0:
        return 1.0
    return min(1.0, (whole["high_number"] - whole["effect_number"]) / wide)


def _amounts(row: dict[str, Any], size: float, shrink: float, *, is_bankable: bool) -> dict[str, float | None]:
    """Realised, low, high and bankable; a fall of the measure is a gain, so the high end of the effect is the low end of the money."""
    amount = round(-row["effect_number"] * size, 4) + 0.0  # never −0
    if row["low_number"] is None or row["high_number"] is None:
        # Without an end nobody knows how bad it may be; what it cost for certain is never left out.
        return {"realised_amount": amount, "low_amount": None, "high_amount": None, "bankable_amount": min(amount, 0.0)}
    low, high = round(-row["high_number"] * size, 4) + 0.0, round(-row["low_number"] * size, 4) + 0.0
    safe = round(amount - shrink * (amount - low), 4)
    return {
        "realised_amount": amount,
        "low_amount": low,
        "high_amount": high,
        "bankable_amount": safe if is_bankable else min(safe, 0.0),
    }


def _because(row: dict[str, Any], month: dt.date, count: int, worth: float, grade: str, kind: str) -> str:
    said = f"{count:,} cases in {month:%B %Y} × {-row['effect_number']:,.4f} × {worth:,.2f} a unit (grade {grade})."
    if kind == SOFT:
        return (
            f"{said} This part of the freed time is neither paid less nor used up by more volume, so it is not claimed."
        )
    if grade in BANKABLE:
        return said
    if row["evidence_grade"] in BANKABLE:
        return f"{said} These cases were not drawn by lot or are of sites outside the comparison: nothing of it can be relied on."
    return f"{said} Nothing of it can be relied on in a budget: what was compared does not show that AI is the cause."
