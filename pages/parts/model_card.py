"""The card of a model: its question, who speaks and why, what holds and what it does not know; and how it did, in pictures."""

from collections.abc import Callable
from functools import partial

import polars as pl

from pages.parts import charts, standing, tables
from pages.parts.ask import mart
from pages.parts.page import Visit

LABELS = {
    "model_name": "Model",
    "run_status_code": "Standing",
    "measure_name": "Measured by",
    "model_error_number": "Its error",
    "rival_error_number": "Rival's error",
    "gain_share": "Better by",
    "rival_name": "Rival",
    "version_no": "Version",
    "newest_version_no": "Newest version",
    "is_pinned": "Pinned",
    "drifted_count": "Drifted",
    "review_due_date": "Review due",
    "question_text": "Answers",
    "because_text": "Why",
    "guarantee_text": "What holds",
    "does_not_text": "What it does not know",
    "trust_text": "When to trust it",
    "trained_row_count": "Learnt from rows",
    "scored_row_count": "Rows written",
}
DRIFT_LABELS = {"before_number": "Before", "now_number": "Now", "distance_number": "Moved by"}

SHOWN = [
    "question_text",
    "because_text",
    "guarantee_text",
    "does_not_text",
    "trust_text",
    "rival_name",
    "version_no",
    "newest_version_no",
    "trained_row_count",
    "scored_row_count",
    "review_due_date",
]

# Measures worth a picture beside the error itself: title, unit, where it should lie, and what to know.
MEASURES = {
    "covered_80": (
        "Days that fell into the 8-in-10 band",
        "share",
        0.8,
        "Where demand comes in whole pieces, bands hold more than they name.",
    ),
    "bias": ("Bias: forecast over what came, less one", "share", 0.0, None),
}
# What an input is judged beside, where no variant names it: the steps of the forecast are one upon the other.
BESIDE = {"reconciling": ("model",), "lifting": ("without covariates", "model")}


def card(visit: Visit, code: str) -> None:
    """Draws the card; nothing where this build has no such model."""
    run = standing.run_of(visit, code)
    if run is not None:
        tables.detail(visit, run, title=run["model_name"], columns=SHOWN, labels=LABELS)


def pictures(visit: Visit, code: str, back: pl.DataFrame, *, measure: str) -> list[Callable[[], None]]:
    """What there is to draw of a look back: error beside the rival's, what each input gave, bands, bias, chances.

    `back`: rows of scores.backtests of that model; `measure`: the one that decides whether it is in use.
    """
    whole = back.filter(pl.col("scope_name") == "all").with_columns(
        is_part=pl.col("variant_name").str.contains("^with")
    )
    error = whole.filter(pl.col("measure_name") == measure)
    title = f"Error ({measure}) against its rival; lower is better"
    drawn = [_over_origins(visit, error.filter(~pl.col("is_part")), title=title, unit="number")]
    if error["is_part"].any():
        drawn.append(_inputs(visit, back, measure))
    for name, (title, unit, target, note) in MEASURES.items():
        found = whole.filter((pl.col("measure_name") == name) & ~pl.col("is_part"))
        if found.height:
            drawn.append(_over_origins(visit, found, title=title, unit=unit, target=target, note=note))
    chances = mart(visit, "scores.reliability", where={"model_code": code}, order_by=("said_share",))
    if chances.height:
        note = "On the diagonal, chances hold: of those given 30 %, three in ten came."
        title = "Do its chances hold?"
        drawn.append(partial(charts.diagonal, visit, chances, x="said_share", y="came_share", title=title, note=note))
    arrived = whole.filter(pl.col("measure_name").str.starts_with("arrived by")).with_columns(
        variant_name=pl.col("measure_name").str.replace("arrived by p", "by the ") + " % day"
    )
    if arrived.height:
        drawn.append(_by_variant(visit, arrived, title="Share that had arrived by the day given", unit="share"))
    return drawn


def _over_origins(
    visit: Visit, found: pl.DataFrame, *, title: str, unit: str, target: float | None = None, note: str | None = None
) -> Callable[[], None]:
    """Lines over the origins; bars where there was only one."""
    if found["origin_date"].n_unique() < 2:
        return _by_variant(visit, found, title=title, unit=unit)
    by_time = found.sort("origin_date")
    asked = {"x": "origin_date", "y": "measured_number", "by": "variant_name"}
    return partial(charts.line, visit, by_time, **asked, title=title, unit=unit, target=target, note=note)


def _inputs(visit: Visit, back: pl.DataFrame, measure: str) -> Callable[[], None]:
    """By how much the error would grow without each input, at the same origins, beside the variant that has it and all else."""
    known = back.filter(pl.col("measure_name") == measure)
    errors = known.group_by("variant_name", "scope_name", "origin_date").agg(pl.col("measured_number").mean())
    rows = []
    for without, beside in _pairs(known["variant_name"].unique().sort().to_list()):
        one, other = (errors.filter(pl.col("variant_name") == name) for name in (without, beside))
        both = one.join(other, on=["scope_name", "origin_date"], suffix="_beside")
        if both.height:
            grown = both.select(pl.col("measured_number").sum() / pl.col("measured_number_beside").sum() - 1).item()
            rows.append((_word(without, beside), grown, both.height))
    found = pl.DataFrame(
        rows, schema={"input_name": pl.String, "gain_share": pl.Float64, "row_count": pl.Int64}, orient="row"
    )
    title, note = (
        f"How much the error ({measure}) would grow without",
        "Below nothing: it would do harm, and is left out.",
    )
    return partial(charts.bars, visit, found, x="input_name", y="gain_share", title=title, unit="share", note=note)


def _pairs(names: list[str]) -> list[tuple[str, str]]:
    """Each variant that goes without something, and the one that has it.

    >>> for pair in _pairs(["model", "with covariates", "with holidays", "without calendar", "without reconciling"]):
    ...     print(pair)
    ('without calendar', 'with covariates')
    ('without reconciling', 'model')
    ('with covariates', 'with holidays')
    """
    pairs = []
    for name in names:
        what = name.removeprefix("without ")
        if what != name:
            beside = [f"with {what}", *BESIDE.get(what, ("with covariates", "model"))]
            pairs.append((name, next(one for one in beside if one in names)))
    left_out = [
        name for name in names if name.startswith("with ") and name.replace("with ", "without ", 1) not in names
    ]
    return [
        *pairs,
        *(("with covariates", name) for name in left_out if "with covariates" in names and name != "with covariates"),
    ]


def _word(without: str, beside: str) -> str:
    """What the pair is about; what was tried and left out says so."""
    return (
        without.removeprefix("without ")
        if without.startswith("without ")
        else f"{beside.removeprefix('with ')} (left out)"
    )


def _by_variant(visit: Visit, found: pl.DataFrame, *, title: str, unit: str = "number") -> Callable[[], None]:
    each = found.group_by("variant_name", maintain_order=True).agg(
        pl.col("measured_number").mean(), pl.col("row_count").sum()
    )
    return partial(charts.bars, visit, each, x="variant_name", y="measured_number", title=title, unit=unit)
