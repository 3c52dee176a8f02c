"""What AI changes in the work that it helps with, measured against work without it; and what that was worth, month by month."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from models.ai_economics import case_rows
from models.ai_economics.designs import design
from models.ai_economics.effect_weeks import COLUMNS as WEEKS
from models.ai_economics.effect_weeks import effect_weeks
from models.ai_economics.judged_effects import judged
from models.ai_economics.realised import benefits, counted_values, treated
from models.in_force import HISTORY, numbers
from models.in_force import READS as ASSUMED_COLUMNS
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

EFFECTS = (
    "use_case_id", "use_case_name", "measure_name", "design_code", "evidence_grade", "effect_number", "low_number", "high_number",
    "p_share", "least_p_share", "baseline_number", "treated_case_count", "comparison_case_count", "treated_unit_count",
    "comparison_unit_count", "baseline_week_count", "baseline_key", "before_p_share", "placebo_number", "placebo_p_share",
    "left_out_low_number", "left_out_high_number", "detectable_number", "because_text",
)  # fmt: skip
BENEFITS = (
    "use_case_id", "use_case_name", "month_date", "mechanism_name", "benefit_class_code", "evidence_grade", "treated_case_count",
    "effect_number", "realised_amount", "low_amount", "high_amount", "is_claimed", "bankable_amount", "because_text",
)  # fmt: skip
TEXTS = {
    "use_case_id", "use_case_name", "measure_name", "design_code", "evidence_grade", "baseline_key", "because_text", "mechanism_name",
    "benefit_class_code",
}  # fmt: skip


def effects(frames: Frames, asked: Asked) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The effects of every use case in the work log, the same by weeks since the start, and the benefits.

    Effects on minutes and errors rest on no assumption; the cost per case is told at what holds now, and the benefits of each month
    at what was assumed at its end.
    """
    known = dict(frames["raw.use_cases"].select("use_case_id", "use_case_name").sort("use_case_id").iter_rows())
    assumed = frames[HISTORY]
    cases = case_rows.rows_of(frames["core.ai_cases"], asked.as_of).with_columns(
        use_case_id=pl.col("use_case_name")
        .str.strip_chars()
        .str.to_lowercase()
        .replace_strict(ids(known), default=pl.col("use_case_name"), return_dtype=pl.String)
    )
    told: list[dict[str, Any]] = []
    earned: list[dict[str, Any]] = []
    weekly: list[dict[str, Any]] = []
    for (name,), mine in cases.sort("use_case_id", "opened_at", "work_id").group_by("use_case_id", maintain_order=True):
        names = {"use_case_id": str(name), "use_case_name": known.get(str(name), str(name))}
        at = case_rows.prices(mine, numbers(assumed, asked.as_of))
        rows = case_rows.with_costs(case_rows.with_units(mine), case_rows.unit_values(at))
        units = case_rows.units_of(rows, asked.as_of)
        how = design(rows, units)
        begun = rows.filter("is_assisted")["week_date"].min()
        past = rows if begun is None else rows.filter(pl.col("week_date") < begun)
        key = case_rows.fingerprint(past)
        found = [judged(rows, how, units, measure, seed=asked.seed) for measure in case_rows.MEASURES]
        for row in found:
            priced = (
                f" {at.says}" if row["measure_name"] == "cost per case" and row["effect_number"] is not None else ""
            )
            told.append({**names, **row, "baseline_key": key, "because_text": row["because_text"] + priced})
        weekly += effect_weeks(rows, how, units, use_case_id=names["use_case_id"], seed=asked.seed)
        for then, months in _by_prices(treated(rows, how, units), mine, assumed):
            counted = case_rows.with_costs(rows, counted_values(found, then))
            whole = judged(counted, how, units, "cost per case", seed=asked.seed)
            earned += benefits(found, months, then, whole=whole, **names)
    return _framed(told, EFFECTS), _framed(weekly, WEEKS), _framed(earned, BENEFITS)


def _by_prices(
    months: pl.DataFrame, cases: pl.DataFrame, assumed: pl.DataFrame
) -> Iterator[tuple[case_rows.Prices, pl.DataFrame]]:
    """The months that are valued alike, with what they are valued at."""
    priced = {month: case_rows.prices(cases, numbers(assumed, month)) for month in months["month_date"].unique().sort()}
    for at in dict.fromkeys(priced.values()):
        alike = [month for month, one in priced.items() if one == at]
        yield at, months.filter(pl.col("month_date").is_in(alike))


def ids(known: dict[str, str]) -> dict[str, str]:
    """What a log may call a use case, its id or its name in small letters, to its id.

    >>> ids({"UC3": "Order copilot"})
    {'order copilot': 'UC3', 'uc3': 'UC3'}
    """
    return {name.strip().lower(): key for key, name in known.items()} | {key.strip().lower(): key for key in known}


def _framed(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pl.DataFrame:
    kinds: dict[str, Any] = {
        name: pl.String
        if name in TEXTS
        else pl.Int64
        if name.endswith(("_count", "_no"))
        else pl.Date
        if name.endswith("_date")
        else pl.Boolean
        if name.startswith("is_")
        else pl.Float64
        for name in columns
    }
    return pl.DataFrame(rows, schema=kinds)


def score(frames: Frames, asked: Asked) -> Scored:
    """Both tables, and how many use cases were compared with anything."""
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL), because="Nothing is claimed.")
    told, weekly, earned = effects(frames, asked)
    count = told["use_case_id"].n_unique()
    because = "No work log tells what cases took with AI and without, so nothing is claimed."
    if count:
        compared = told.filter(pl.col("evidence_grade").is_in(["A", "B"]))["use_case_id"].n_unique()
        because = f"Of {count} use cases in the work log {compared} were compared by lot, site by site or with others over time."
    return Scored(
        {"scores.ai_effects": told, "scores.ai_effect_weeks": weekly, "scores.ai_benefits": earned},
        because=because,
        trained_rows=frames["core.ai_cases"].height,
    )


MODEL = Model(
    code="ai_effects",
    title="What AI changes",
    question="What do cases with AI take and cost against cases without it, how sure is that, and what was it worth?",
    reads={
        "core.ai_cases": case_rows.READS,
        HISTORY: ASSUMED_COLUMNS,
        "raw.use_cases": ("use_case_id", "use_case_name"),
    },
    writes=(
        Output(
            name="scores.ai_effects",
            answers="What does AI change in each use case and measure, how was that told, and how sure is it?",
            grain="one row per use case of the work log and measure",
            key=("use_case_id", "measure_name"),
            columns=EFFECTS,
            checks=(
                "evidence_grade in ('A', 'B', 'C', 'D')",
                "design_code in ('randomised', 'staggered', 'before_after', 'observed', 'assumed')",
                "low_number is null or high_number is null or low_number <= high_number",
                "evidence_grade <> 'D' or effect_number is null",
                "p_share is null or p_share between 0 and 1",
            ),
        ),
        Output(
            name="scores.ai_effect_weeks",
            answers="How large was the effect in the weeks since the start, and was there one before it, where none can be?",
            grain="one row per use case, measure and four weeks, counted from the start",
            key=("use_case_id", "measure_name", "week_no"),
            columns=WEEKS,
            checks=("is_before = (week_no < 0)", "low_number is null or low_number <= high_number"),
        ),
        Output(
            name="scores.ai_benefits",
            answers="What were the cases with AI worth in each month, how did it come about, and what of it can be relied on?",
            grain="one row per use case, month, mechanism, class of benefit and grade",
            key=("use_case_id", "month_date", "mechanism_name", "benefit_class_code", "evidence_grade"),
            columns=BENEFITS,
            checks=(
                "evidence_grade <> 'D'",
                "low_amount is null or low_amount <= realised_amount",
                "bankable_amount <= greatest(realised_amount, 0)",
                "evidence_grade in ('A', 'B') or bankable_amount <= 0",
                "benefit_class_code in ('cash', 'capacity', 'soft')",
                "is_claimed = (benefit_class_code <> 'soft')",
                "is_claimed or bankable_amount = 0",
            ),
        ),
    ),
    guarantee=(
        "Nothing is claimed without cases to compare with; what is bankable is never above what was realised; "
        "a month that is over keeps what was assumed at its end."
    ),
    rival="nothing is claimed",
    needs=(),
    versions={1: "Lots within sites and weeks; group-time effects with permutation; changes of sites by the t of G − 2."},
    does_not="It does not see spill-over: when people without AI learn from those with it, the effect looks smaller than it is.",
    trust="Trust grades A and B with their interval; C says what was seen, not what caused it.",
    score=score,
)  # fmt: skip
