"""Which open purchase lines will come late, and when."""

import polars as pl

from models.lateness_node import RISK, lateness
from models.model import Asked, Frames, Model, Output, Scored

KEY = ("po_id", "line_key")
FEATURES = ("supplier_id", "country_code", "sku_id", "category_name", "site_id", "ordered_qty", "unit_cost")


def score(frames: Frames, asked: Asked) -> Scored:
    """One row for each purchase line that was ordered and is not known to have come."""
    rows = (
        frames["marts.purchase_lines"]
        .filter(~pl.col("is_cancelled").fill_null(value=False))
        .with_columns(
            pl.col("ordered_qty", "unit_cost").cast(pl.Float64),
            known_at=pl.col("ordered_date"),
            due_at=pl.col("due_date"),
            done_at=pl.col("last_received_date"),
        )
        .drop("ordered_date", "due_date", "last_received_date", "is_cancelled")
    )
    return lateness(rows, KEY, FEATURES, "scores.inbound_risk", asked)


MODEL = Model(
    code="inbound",
    title="Late purchases",
    question="Which open purchase lines will come late, when will they come, and why?",
    reads={"marts.purchase_lines": (*KEY, "ordered_date", "due_date", "last_received_date", "is_cancelled", *FEATURES)},
    writes=(
        Output(
            name="scores.inbound_risk",
            answers="How likely is each open purchase line late, when will it come, and what speaks for that?",
            grain="one row per purchase line that is not known to have come",
            key=KEY,
            columns=(*KEY, *RISK),
            checks=(
                "late_share >= 0 and late_share <= 1",
                "arrival_p50_date is null or arrival_p50_date <= arrival_p90_date",
            ),
        ),
    ),
    guarantee="It reads what was known when a line was ordered; columns that know the outcome are left out, and named.",
    rival="best simple rate",
    needs=("purchase_lines",),
    versions={1: "Small gradient-boosted trees on facts and on the record of supplier, SKU and site, calibrated."},
    does_not="It does not know what the supplier told somebody on the telephone; a confirmed date does.",
    trust="Trust the order of the list; chances where the reliability chart lies on its diagonal.",
    score=score,
)
