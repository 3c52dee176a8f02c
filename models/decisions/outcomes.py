"""What came of every decision whose horizon has passed: its benefit, that of the suggestion, the minutes it took, whether it was right."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from models.decisions.evidence import Seen, Shelf
from models.decisions.judged import Outcome, judged
from models.in_force import HISTORY, numbers
from models.in_force import READS as ASSUMED_COLUMNS
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

COLUMNS: tuple[str, ...] = (
    "proposal_id", "action_kind_code", "horizon_date", "is_matured", "benefit_amount", "suggested_benefit_amount", "override_gain_amount",
    "error_cost_amount", "used_qty", "decision_minutes", "handling_amount", "is_right", "because_text",
)  # fmt: skip
NUMBERS = (
    "benefit_amount",
    "suggested_benefit_amount",
    "override_gain_amount",
    "error_cost_amount",
    "used_qty",
    "decision_minutes",
    "handling_amount",
)
SHAPE: dict[str, Any] = {
    name: pl.Float64
    if name in NUMBERS
    else pl.Boolean
    if name.startswith("is_")
    else pl.Date
    if name == "horizon_date"
    else pl.String
    for name in COLUMNS
}
# What holds where the assumptions do not name it.
ASSUMED = {
    "holding_share_per_year": 0.22, "lost_sale_share": 0.5, "purchase_line_cost": 3.0, "transfer_cost": 25.0, "transfer_line_cost": 2.5,
    "credit_loss_share": 0.04, "labour_cost_per_hour": 42.0, "review_days": 7.0,
}  # fmt: skip
DECIDED = (
    "proposal_id", "action_kind_code", "decision_state_code", "sku_id", "site_id", "from_site_id", "order_id", "decided_qty",
    "suggested_qty",
    "unit_cost", "moved_amount", "decided_days", "proposed_date", "horizon_date", "decision_minutes", "is_override",
)  # fmt: skip
BOUGHT = ("proposal_id", "sku_id", "site_id", "received_qty", "first_received_date", "unit_cost")


def outcomes(frames: Frames, as_of: dt.date) -> pl.DataFrame:
    """One row a proposal with the columns `COLUMNS`; those whose horizon has not passed have no figures yet.

    Each is valued at what was assumed at the end of the month in which its horizon ended.
    """
    seen, assumed = _seen(frames), assumed_at(frames)
    rows = [
        _row(row, replace(seen, assumed=assumed(row["horizon_date"].replace(day=1))), as_of)
        for row in frames["scores.decisions"].sort("proposal_id").iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=SHAPE) if rows else pl.DataFrame(schema=SHAPE)


def assumed_at(frames: Frames) -> Callable[[dt.date], Mapping[str, float]]:
    """What decisions are valued at, by month: the assumptions in force at its end, with `ASSUMED` where there is none."""

    @cache
    def at(month: dt.date) -> Mapping[str, float]:
        held = numbers(frames[HISTORY], month)
        return ASSUMED | {name: number for name, number in held.items() if name in ASSUMED}

    return at


def _row(row: dict[str, Any], seen: Seen, as_of: dt.date) -> dict[str, Any]:
    is_matured = row["horizon_date"] <= as_of
    found = (
        judged(row, seen)
        if is_matured
        else Outcome(None, None, f"It can be judged from {row['horizon_date']:%d %b %Y} on.")
    )
    minutes = float(row["decision_minutes"] or 0.0)
    value = None
    if found.benefit is not None and found.suggested is not None and row["is_override"]:
        value = found.benefit - found.suggested
    best = max(0.0, found.suggested or 0.0)
    error = None if found.benefit is None else max(0.0, best - found.benefit)
    money = {
        "benefit_amount": found.benefit, "suggested_benefit_amount": found.suggested, "override_gain_amount": value,
        "error_cost_amount": error, "handling_amount": minutes / 60.0 * seen.assumed["labour_cost_per_hour"],
    }  # fmt: skip
    return {
        "proposal_id": row["proposal_id"],
        "action_kind_code": row["action_kind_code"],
        "horizon_date": row["horizon_date"],
        "is_matured": is_matured,
        **{name: None if number is None else round(number, 4) for name, number in money.items()},
        "used_qty": found.used,
        "decision_minutes": minutes,
        "is_right": found.is_right,
        "because_text": found.because,
    }


def _seen(frames: Frames) -> Seen:
    margins = {
        (sku, site): float(margin)
        for sku, site, margin in frames["marts.sku_margins"]
        .drop_nulls("unit_margin_amount")
        .select("sku_id", "site_id", "unit_margin_amount")
        .iter_rows()
    }
    everywhere = (
        frames["marts.sku_margins"]
        .group_by("sku_id")
        .agg(pl.col("unit_margin_amount").cast(pl.Float64).mean())
        .drop_nulls()
    )
    margins |= {(sku, "*"): margin for sku, margin in everywhere.iter_rows()}
    return Seen(
        shelves=shelves_of(frames["marts.decision_days"]),
        bought={row["proposal_id"]: row for row in frames["marts.decision_purchases"].iter_rows(named=True)},
        orders={row["order_id"]: row for row in frames["marts.decision_orders"].iter_rows(named=True)},
        margins=margins,
        costs={
            sku: float(cost) for sku, cost in frames["core.skus"].select("sku_id", "unit_cost").drop_nulls().iter_rows()
        },
    )


def shelves_of(days: pl.DataFrame) -> dict[tuple[str, str], Shelf]:
    """The shelves that rows of `marts.decision_days` tell of, by SKU and site."""
    found = {}
    for (sku, site), mine in days.sort("sku_id", "site_id", "stock_date").group_by(
        "sku_id", "site_id", maintain_order=True
    ):
        amounts = (mine[name].cast(pl.Float64).to_numpy() for name in ("on_hand_qty", "out_qty", "in_qty"))
        found[(str(sku), str(site))] = Shelf(
            mine["stock_date"].to_numpy().astype("datetime64[D]"), *(np.asarray(one) for one in amounts)
        )
    return found


def score(frames: Frames, asked: Asked) -> Scored:
    """The outcome of each decision."""
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL))
    rows = outcomes(frames, asked.as_of)
    matured, judged_count = int(rows["is_matured"].sum()), int(rows["benefit_amount"].is_not_null().sum())
    because = (
        f"{matured:,} of {rows.height:,} decisions have matured; of {judged_count:,} the benefit is known."
        if rows.height
        else "Nobody has decided anything yet."
    )
    return Scored({"scores.decision_outcomes": rows}, because=because, trained_rows=matured)


MODEL = Model(
    code="decision_outcomes",
    title="What decisions came to",
    question="What did each decision earn against doing nothing, what would the suggestion have earned, and was it right?",
    reads={
        "scores.decisions": DECIDED,
        "marts.decision_days": ("sku_id", "site_id", "stock_date", "on_hand_qty", "out_qty", "in_qty"),
        "marts.decision_purchases": BOUGHT,
        "marts.decision_orders": ("order_id", "net_amount", "margin_amount", "shipped_date"),
        "marts.sku_margins": ("sku_id", "site_id", "unit_margin_amount"),
        "core.skus": ("sku_id", "unit_cost"),
        HISTORY: ASSUMED_COLUMNS,
    },
    writes=(
        Output(
            name="scores.decision_outcomes",
            answers="What did each decision earn or cost against doing nothing, and what would the suggestion have earned?",
            grain="one row per proposal",
            key=("proposal_id",),
            columns=COLUMNS,
            checks=(
                "is_matured or benefit_amount is null",
                "error_cost_amount is null or error_cost_amount >= 0",
                "override_gain_amount is null or abs(override_gain_amount - benefit_amount + suggested_benefit_amount) < 0.01",
            ),
        ),
    ),
    guarantee=(
        "Only matured decisions are judged, by what happened up to their horizon and at what was assumed in the month in which it ended; "
        "doing nothing is worth nothing."
    ),
    rival="every decision is taken to be as good as doing nothing",
    needs=(),
    versions={1: "The last units of a quantity are used as far as stock fell below them; overrides until the next refill."},
    does_not=(
        "It does not know who would have bought elsewhere: a share of what was unmet is taken as lost. "
        "It replays no other order than the one decided on."
    ),
    trust="Trust sums over many decisions; one alone may be luck. Where it says not known, nothing is claimed.",
    score=score,
)  # fmt: skip
