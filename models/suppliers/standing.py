"""Which suppliers have got worse, since when, and how they stand: the model around `health`."""

import polars as pl

from models.model import DRIFT, RIVAL_ONLY, Asked, Frames, Model, Output, Scored

# A change of less than this is beyond chance and beside the point.
LEAST_RATIO, LEAST_DAYS, LEAST_SHARE = 1.2, 1.0, 0.03
MEASURES = (("lead", "days", "lead time"), ("late", "days", "lateness"), ("fill", "share", "fill"))
CHANGES = tuple(
    f"{name}_{part}"
    for name, unit, _ in MEASURES
    for part in ("verdict_code", "changed_date", f"before_{unit}", f"after_{unit}")
)
STANDING = (
    "supplier_id",
    "line_count",
    "received_count",
    "overdue_count",
    "lead_mean_days",
    "lead_spread_days",
    "lead_median_days",
    "lead_p90_days",
    "on_time_in_full_share",
    "late_mean_days",
    "fill_share",
    "price_drift_share_per_year",
    *CHANGES,
    "false_alarms_per_year",
    "is_deteriorated",
    "deteriorated_since_date",
    "because_text",
)


def score(frames: Frames, asked: Asked) -> Scored:
    """One row a supplier; its rival, which sees no change ever, leaves the verdicts out."""
    from models.suppliers.health import supplier_health

    lines = frames["marts.purchase_lines"].filter(
        ~pl.col("is_cancelled").fill_null(value=False) & pl.col("supplier_id").is_not_null()
    )
    told = supplier_health(lines.drop("is_cancelled"), as_of=asked.as_of)
    renamed = told.rename(
        {
            "lead_days_mean": "lead_mean_days",
            "lead_days_spread": "lead_spread_days",
            "lead_days_median": "lead_median_days",
            "lead_days_p90": "lead_p90_days",
            "late_days_mean": "late_mean_days",
            **{
                f"{name}_{old}": f"{name}_{new}"
                for name, unit, _ in MEASURES
                for old, new in (("verdict", "verdict_code"), ("before", f"before_{unit}"), ("after", f"after_{unit}"))
            },
        }
    ).with_columns(
        false_alarms_per_year=pl.sum_horizontal(f"{name}_false_alarms_per_year" for name, _, _ in MEASURES),
        is_lead=_matters("lead"),
        is_late=_matters("late"),
        is_fill=_matters("fill"),
    )
    any_worse = pl.any_horizontal("is_lead", "is_late", "is_fill")
    since = pl.min_horizontal(pl.when(f"is_{name}").then(f"{name}_changed_date") for name, _, _ in MEASURES)
    standing = renamed.with_columns(
        is_deteriorated=any_worse, deteriorated_since_date=since, because_text=_words()
    ).select(STANDING)
    if asked.version == RIVAL_ONLY:
        silent = dict.fromkeys((*CHANGES, "deteriorated_since_date", "because_text"))
        standing = standing.with_columns(is_deteriorated=pl.lit(False), **silent)
    worse = int(standing["is_deteriorated"].sum())
    return Scored(
        {"scores.supplier_health": standing},
        because=f"{worse} of {standing.height} suppliers have got worse. A steady supplier is charged with it at most once in ten years.",
        trained_rows=lines.height,
        drift=pl.DataFrame(schema=DRIFT),
    )


def _matters(name: str) -> pl.Expr:
    """Whether a measure has changed for the worse by more than a trifle."""
    worse = pl.col(f"{name}_is_deteriorated").fill_null(value=False)
    if name == "fill":
        return worse & (pl.col("fill_before_share") - pl.col("fill_after_share") >= LEAST_SHARE)
    before, after = pl.col(f"{name}_before_days"), pl.col(f"{name}_after_days")
    return worse & (after >= LEAST_RATIO * before) & (after - before >= LEAST_DAYS)


def _words() -> pl.Expr:
    """What changed, in a sentence; nothing where nothing did."""
    said = [
        pl.when(f"is_{name}").then(
            pl.format(
                "{} from {} to {} since {}",
                pl.lit(title),
                _figure(f"{name}_before_{unit}", unit),
                _figure(f"{name}_after_{unit}", unit) + (" %" if unit == "share" else " days"),
                pl.col(f"{name}_changed_date").dt.strftime("%-d %b %Y"),
            )
        )
        for name, unit, title in MEASURES
    ]
    together = pl.concat_str(said, separator="; ", ignore_nulls=True)
    return pl.when(together != "").then(together.str.slice(0, 1).str.to_uppercase() + together.str.slice(1) + ".")


def _figure(name: str, unit: str) -> pl.Expr:
    """A share in whole per cent, days to a tenth."""
    told = pl.col(name).mul(100).round().cast(pl.Int64) if unit == "share" else pl.col(name).round(1)
    return told.cast(pl.String)


MODEL = Model(
    code="suppliers",
    title="Supplier health",
    question="How does each supplier deliver, and has one got worse, since when?",
    reads={
        "marts.purchase_lines": (
            "supplier_id",
            "sku_id",
            "po_id",
            "ordered_date",
            "due_date",
            "last_received_date",
            "ordered_qty",
            "received_qty",
            "unit_cost",
            "is_cancelled",
        )
    },
    writes=(
        Output(
            name="scores.supplier_health",
            answers="How does each supplier deliver, and since when is it no longer what it was?",
            grain="one row per supplier with a purchase line",
            key=("supplier_id",),
            columns=STANDING,
            checks=("on_time_in_full_share is null or (on_time_in_full_share >= 0 and on_time_in_full_share <= 1)",),
        ),
    ),
    guarantee="Overdue open lines count with their age, so a supplier that has just become slow does not look fast.",
    rival="no change ever",
    needs=("purchase_lines",),
    versions={1: "Rank-based change points of lead time, lateness and fill, threshold set by simulation."},
    does_not="It does not see a change of mix: a supplier whose orders move to a slower site looks slower.",
    trust="Trust a change that has six orders behind it; the date is right to within a few orders.",
    score=score,
)
