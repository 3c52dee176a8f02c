"""Which open purchase lines will come late, and when."""

import polars as pl

from models.lateness_node import RIVAL, TRUST, lateness, risk_table
from models.model import Asked, Frames, Model, Scored

KEY = ("po_id", "line_key")
FEATURES = (
    "supplier_id",
    "country_code",
    "sku_id",
    "category_name",
    "site_id",
    "ordered_qty",
    "unit_cost",
    "postponed_days",
)
FACTS = ("ordered_date", "due_date", "closed_date", "open_qty", "is_cancelled")
FEWEST_OPEN = 20


def score(frames: Frames, asked: Asked) -> Scored:
    """One row for each purchase line of which something is still to come."""
    # What was called off, or closed without a receipt, neither comes nor teaches.
    may_come = pl.col("closed_date").is_not_null() | (pl.col("open_qty").fill_null(1) > 0)
    lines = frames["marts.purchase_lines"].filter(~pl.col("is_cancelled").fill_null(value=False) & may_come)
    rows = lines.with_columns(
        pl.col("ordered_qty", "unit_cost").cast(pl.Float64),
        known_at=pl.col("ordered_date"),
        due_at=pl.col("due_date"),
        done_at=pl.col("closed_date"),
    )
    trusted = ("postponed_days",) if _is_said_early(lines, asked) else ()
    return lateness(rows.drop(FACTS), KEY, FEATURES, "scores.inbound_risk", asked, trusted=trusted)


def _is_said_early(lines: pl.DataFrame, asked: Asked) -> bool:
    """Whether suppliers postpone soon after the order: open lines, not yet due, at least half as often as those that came.

    A day that is moved as the goods fail to come would be written on the late lines of the past and not yet on those of
    today. Then, and where too few are open to tell, it has to pass the guard like any other column.
    """
    is_postponed = (pl.col("postponed_days") > 0).fill_null(value=False)
    came = lines.filter(pl.col("closed_date") <= asked.as_of).select(is_postponed)
    ahead = lines.filter(pl.col("closed_date").is_null(), pl.col("due_date") > asked.as_of).select(is_postponed)
    if ahead.height < FEWEST_OPEN or came.is_empty():
        return False
    now, before = (float(rows.to_series().to_numpy().mean()) for rows in (ahead, came))
    return now >= before / 2 > 0


MODEL = Model(
    code="inbound",
    title="Late purchases",
    question="Which open purchase lines will come late, when will they come, and why?",
    reads={"marts.purchase_lines": (*KEY, *FACTS, *FEATURES)},
    writes=(
        risk_table(
            "scores.inbound_risk",
            KEY,
            answers="How likely is each open purchase line late, when will it come, and what speaks for that?",
            grain="one row per purchase line of which something is still to come",
        ),
    ),
    guarantee="It reads what was known when a line was ordered or confirmed; columns that know the outcome are left out, and named.",
    rival=RIVAL,
    needs=("purchase_lines",),
    versions={
        1: "Small gradient-boosted trees on facts and on the record of supplier, SKU and site, calibrated; it reads by how "
        "much the supplier has postponed, and what is still open of a line received in part."
    },
    does_not="It does not know what the supplier told somebody on the telephone, nor on which day a date was confirmed: "
    "looking back, a postponement counts as known with the order, and Model health shows the error without it too.",
    trust=TRUST,
    score=score,
)
