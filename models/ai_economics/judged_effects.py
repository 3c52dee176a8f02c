"""One measure of one use case, judged by the method that its design allows: the effect, its interval, and what speaks against it."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from scipy.special import stdtrit

from models.ai_economics import did
from models.ai_economics.adjusted import ancova, queue_split
from models.ai_economics.case_rows import MEASURES, Units, is_recorded, mean_of, panel
from models.ai_economics.designs import Design, comparable
from models.ai_economics.estimate import Estimate, by_t
from models.ai_economics.permutation import smallest_p_both_ways
from models.ai_economics.staggered import cohort_of, measured

ANCOVA_UNITS = 8  # with fewer, the degree of freedom that the covariate takes costs more than it brings
DIGITS = 6
SHARES = ("error_number", "commitment_number")


@dataclass(frozen=True)
class Checks:
    """What was looked at beside the effect; None where the design has no such check."""

    least_p: float | None = None
    before_p: float | None = None
    placebo: float | None = None
    placebo_p: float | None = None
    left_out_low: float | None = None
    left_out_high: float | None = None
    says: str = ""


def judged(rows: pl.DataFrame, how: Design, units: Units, measure: str, *, seed: int) -> dict[str, Any]:
    """One row of scores.ai_effects without the names of its use case.

    Args:
        rows: the cases of one use case with all measures.
        measure: one of `MEASURES`.
    """
    column = MEASURES[measure]
    compared = comparable(rows, how)
    known = compared.filter(pl.col(column).is_not_null())
    baseline = mean_of(known.filter(~pl.col("is_assisted")), column)
    found, checks = None, Checks()
    if how.by != "nothing" and is_recorded(compared, column):
        found, checks = _measured(known, how, units, column, seed)
    if found is None or not np.isfinite(found.effect):
        how = replace(how, code="assumed", grade="D", says=_nothing(how, measure, is_recorded(rows, column)))
        found = None
    elif _is_weak(how, found, checks):
        how = replace(how, grade=max(how.grade, "C"))
    return {
        "measure_name": measure,
        "design_code": how.code,
        "evidence_grade": how.grade,
        "effect_number": _rounded(found.effect if found else None),
        "low_number": _rounded(found.low if found else None),
        "high_number": _rounded(found.high if found else None),
        "p_share": _rounded(found.p if found else None),
        "least_p_share": _rounded(checks.least_p),
        "baseline_number": _rounded(baseline),
        "treated_case_count": int(known["is_assisted"].sum()),
        "comparison_case_count": int((~known["is_assisted"]).sum()),
        "treated_unit_count": int(np.isfinite(units.starts).sum()),
        "comparison_unit_count": int(np.isinf(units.starts).sum()),
        "baseline_week_count": how.baseline_weeks,
        "before_p_share": _rounded(checks.before_p),
        "placebo_number": _rounded(checks.placebo),
        "placebo_p_share": _rounded(checks.placebo_p),
        "left_out_low_number": _rounded(checks.left_out_low),
        "left_out_high_number": _rounded(checks.left_out_high),
        "detectable_number": _rounded(_detectable(found)),
        "because_text": _because(how, measure, found, baseline, checks),
    }


def _is_weak(how: Design, found: Estimate, checks: Checks) -> bool:
    """Whether the grade must be lowered: parted before the start, too few units to show anything, or nobody knows how far off."""
    is_broken = (
        checks.before_p is not None and checks.before_p < did.BROKEN_P and how.code in ("staggered", "before_after")
    )
    return is_broken or _is_too_small(checks) or _is_open(found)


def _is_too_small(checks: Checks) -> bool:
    return checks.least_p is not None and checks.least_p > did.ODD_P


def _is_open(found: Estimate) -> bool:
    return found.low is None or found.high is None


def _measured(rows: pl.DataFrame, how: Design, units: Units, column: str, seed: int) -> tuple[Estimate | None, Checks]:
    if how.by == "cases":
        cell = rows.select(pl.struct("unit_name", "week_date").rank("dense")).to_series().to_numpy().astype(np.int64)
        found = queue_split(rows[column].to_numpy().astype(float), rows["is_assisted"].to_numpy(), cell)
        return _never_happened(found, rows, column), _by_unit(rows, column)
    seen = panel(rows, units, column)
    if how.by == "past":
        return _never_happened(_own_past(rows, column), rows, column), Checks()
    if seen is None:
        return None, Checks()
    starts = units.starts
    begun = np.unique(starts[np.isfinite(starts)])
    is_single = len(begun) == 1
    if not is_single:
        found = measured(seen, starts, seed=seed)
    elif how.code == "randomised" and len(starts) >= ANCOVA_UNITS and np.ptp(seen[:, : int(begun[0])].mean(axis=1)) > 0:
        start = int(begun[0])
        found = ancova(seen[:, start:].mean(axis=1), seen[:, :start].mean(axis=1), np.isfinite(starts))
    else:
        found = did.two_by_two(seen, np.isfinite(starts), int(begun[0]))
    moved, unreal = did.before(seen, starts, seed=seed), did.placebo(seen, starts, seed=seed)
    left = did.left_out(seen, starts)
    least = smallest_p_both_ways(cohort_of(starts, np.unique(starts)).tolist())
    return _never_happened(found, rows, column), Checks(
        least, moved.p, unreal.effect if unreal else None, unreal.p if unreal else None,
        min(left, default=None), max(left, default=None), moved.says,
    )  # fmt: skip


def _never_happened(found: Estimate | None, rows: pl.DataFrame, column: str) -> Estimate | None:
    """The estimate of a share of which nothing ever happened: that it did not in n cases only says that it is rarer than 3 in n.

    Source: Hanley and Lippman-Hand, If nothing goes wrong, is everything all right?, JAMA 249(13), 1983.
    """
    if found is None or column not in SHARES or rows[column].sum():
        return found
    assisted = int(rows["is_assisted"].sum())
    return replace(found, error=None, low=-3 / (rows.height - assisted), high=3 / assisted, p=1.0)


def _own_past(rows: pl.DataFrame, column: str) -> Estimate | None:
    """Each unit's mean after its start less that before; by the t over units, or over weeks where there is one unit only."""
    means = rows.group_by("unit_name", "is_assisted").agg(pl.col(column).mean()).sort("unit_name")
    changes = means.filter("is_assisted").join(means.filter(~pl.col("is_assisted")), on="unit_name").sort("unit_name")
    gaps = (changes[column] - changes[f"{column}_right"]).to_numpy()
    if len(gaps) > 1:
        return by_t(float(gaps.mean()), float(gaps.std(ddof=1) / np.sqrt(len(gaps))), len(gaps) - 1, len(gaps), 0)
    weekly = rows.group_by("week_date", "is_assisted").agg(pl.col(column).mean()).sort("week_date", "is_assisted")
    sides = [weekly.filter(pl.col("is_assisted") == arm)[column].to_numpy() for arm in (True, False)]
    if not all(len(side) for side in sides):
        return None
    return did.difference(did.group_of(sides[0]), did.group_of(sides[1]))


def _by_unit(rows: pl.DataFrame, column: str) -> Checks:
    """The lowest and highest effect when one unit's cases are left out."""
    names = rows["unit_name"].unique().sort().to_list()
    if len(names) < 2:
        return Checks()
    means = (
        rows.group_by("unit_name", "week_date")
        .agg(
            one=pl.col(column).filter("is_assisted").mean(),
            other=pl.col(column).filter(~pl.col("is_assisted")).mean(),
            n=pl.col("is_assisted").sum(),
            m=(~pl.col("is_assisted")).sum(),
        )
        .with_columns(weight=pl.col("n") * pl.col("m") / (pl.col("n") + pl.col("m")))
        .group_by("unit_name")
        .agg(pl.col("weight").sum(), gap=((pl.col("one") - pl.col("other")) * pl.col("weight")).sum())
        .sort("unit_name")
    )
    weight, gap = means["weight"].to_numpy(), means["gap"].to_numpy()
    left = (gap.sum() - gap) / (weight.sum() - weight)
    return Checks(left_out_low=float(np.nanmin(left)), left_out_high=float(np.nanmax(left)))


def _detectable(found: Estimate | None) -> float | None:
    if found is None or not found.error or not found.df >= 1:
        return None
    df = min(found.df, 1e9)
    return float(stdtrit(df, 0.975) + stdtrit(df, 0.8)) * found.error


def _nothing(how: Design, measure: str, is_told: bool) -> str:
    if how.by == "nothing":
        return how.says
    if not is_told:
        return f"{measure.capitalize()} was not recorded both with AI and without it, so nothing is claimed of it."
    return f"{how.says} {measure.capitalize()} is recorded too rarely to compare."


def _because(how: Design, measure: str, found: Estimate | None, baseline: float | None, checks: Checks) -> str:
    if found is None:
        return how.says
    told = [how.says]
    verb = "fell" if found.effect < 0 else "rose"
    ends = "; how far it may be off cannot be told, so no grade above C"
    if found.low is not None and found.high is not None:
        ends = (
            f", between {_moved(found.low, measure)} and {_moved(found.high, measure)}{_points(measure)} 19 times in 20"
        )
    where = "" if baseline is None else f" from {_shown(baseline, measure)}"
    told.append(
        f"{measure.capitalize()} {verb} by {_moved(abs(found.effect), measure)}{_points(measure)}{where} "
        f"(change {_moved(found.effect, measure)}{_points(measure)}{ends})."
    )
    if checks.says:
        told.append(checks.says)
    if checks.before_p is not None and checks.before_p < did.BROKEN_P:
        told.append("Because they had parted before the start, the grade is lowered.")
    if _is_too_small(checks):
        told.append(
            f"No grade above C: so few sites could not show a chance below {checks.least_p:.2f}, whatever the effect."
        )
    return " ".join(told)


def _shown(number: float, measure: str) -> str:
    return f"{number:.2%}" if measure.endswith("share") else f"{number:,.2f}"


def _moved(number: float, measure: str) -> str:
    """How far a measure moved; a share moves by points and not by per cent, which would be of itself."""
    return f"{number * (100.0 if measure.endswith('share') else 1.0):,.2f}".replace("-", "−")


def _points(measure: str) -> str:
    return " points" if measure.endswith("share") else ""


def _rounded(number: float | None) -> float | None:
    return None if number is None or not np.isfinite(number) else round(float(number), DIGITS) + 0.0  # never −0
