"""Which of the shipments on their way will be late, and when each will arrive."""

import polars as pl

from models.lateness_node import RIVAL, TRUST, lateness, risk_table
from models.model import Asked, Frames, Model, Scored

KEY = ("shipment_id",)
FEATURES = (
    "carrier_id",
    "mode_code",
    "site_id",
    "destination_name",
    "line_count",
    "freight_amount",
    "weight_kg",
    "carried_qty",
)


def score(frames: Frames, asked: Asked) -> Scored:
    """One row for each shipment that has left and is not known to have arrived."""
    # What a shipment carries is known when it leaves; of an order line, what was shipped is known only afterwards.
    rows = frames["marts.shipments"].with_columns(
        pl.col("freight_amount").cast(pl.Float64),
        carried_qty=pl.col("shipped_qty").cast(pl.Float64),
        known_at=pl.col("sent_date"),
        due_at=pl.col("promised_date"),
        done_at=pl.col("delivered_date"),
    )
    return lateness(
        rows.drop("sent_date", "promised_date", "delivered_date", "shipped_qty"),
        KEY,
        FEATURES,
        "scores.late_risk",
        asked,
    )


MODEL = Model(
    code="late_shipments",
    title="Late shipments",
    question="Which shipments on their way will arrive late, when will they arrive, and why?",
    reads={"marts.shipments": (*KEY, "sent_date", "promised_date", "delivered_date", "shipped_qty", *FEATURES[:-1])},
    writes=(
        risk_table(
            "scores.late_risk",
            KEY,
            answers="How likely is each shipment on its way late, when will it arrive, and what speaks for that?",
            grain="one row per shipment that left and is not known to have arrived",
        ),
    ),
    guarantee="It reads what was known when a shipment left; columns that know the outcome are left out, and named.",
    rival=RIVAL,
    needs=("shipments",),
    versions={
        1: "Small gradient-boosted trees on facts and on the record of carrier, site and destination, calibrated."
    },
    does_not="It does not know where a lorry is now, the weather ahead, or strikes.",
    trust=TRUST,
    score=score,
)
