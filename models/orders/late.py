"""Which open order lines will reach the customer late, and when."""

import polars as pl

from models.lateness_node import RIVAL, TRUST, lateness, risk_table
from models.model import Asked, Frames, Model, Scored

KEY = ("order_id", "line_key")
FEATURES = (
    "sku_id",
    "category_name",
    "site_id",
    "customer_id",
    "tier_code",
    "customer_region_name",
    "due_basis_code",
    "ordered_qty",
    "net_amount",
)


def score(frames: Frames, asked: Asked) -> Scored:
    """One row for each line that is due to a customer and not known to have reached him."""
    rows = (
        frames["marts.order_lines"]
        .filter(pl.col("is_service_line"))
        .with_columns(
            pl.col("ordered_qty", "net_amount").cast(pl.Float64),
            known_at=pl.col("ordered_date"),
            due_at=pl.col("due_date"),
            done_at=pl.col("delivered_date"),
        )
        .drop("ordered_date", "due_date", "delivered_date", "is_service_line")
    )
    return lateness(rows, KEY, FEATURES, "scores.order_late_risk", asked)


MODEL = Model(
    code="late_orders",
    title="Late order lines",
    question="Which open order lines will reach the customer late, when, and why?",
    reads={"marts.order_lines": (*KEY, "ordered_date", "due_date", "delivered_date", "is_service_line", *FEATURES)},
    writes=(
        risk_table(
            "scores.order_late_risk",
            KEY,
            answers="How likely is each open order line late, when will it arrive, and what speaks for that?",
            grain="one row per order line that counts for service, is due, and is not known to have arrived",
        ),
    ),
    guarantee="It reads what was known when a line was ordered; columns that know the outcome are left out, and named.",
    rival=RIVAL,
    needs=("order_lines",),
    versions={1: "Small gradient-boosted trees on facts and on the record of site, SKU and customer, calibrated."},
    does_not="It does not know what is on the shelf for the line today; stockout risk does.",
    trust=TRUST,
    score=score,
)
