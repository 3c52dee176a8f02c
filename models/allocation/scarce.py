"""Open order lines that want more than is on the shelf, shared out by every rule, so that a person sees the price of each."""

import numpy as np
import polars as pl

from models.allocation import compare
from models.allocation.rules import FIRST_COME, RULES, Claims
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

USUAL_WAIT = 14.0  # days that a missed unit waits where nothing is on order
SMALLEST = 0.001  # of goods that do not come in pieces
LINE_COLUMNS = (
    "order_id",
    "line_key",
    "rule_name",
    "sku_id",
    "site_id",
    "customer_id",
    "tier_code",
    "ordered_date",
    "due_date",
    "wanted_qty",
    "floor_qty",
    "given_qty",
    "first_come_qty",
    "unit_margin_amount",
    "unit_worth_amount",
    "margin_amount",
    "is_floor_broken",
    "as_of_date",
)
RULE_COLUMNS = (*compare.SHELF_COLUMNS, "is_suggested", "as_of_date")
TIER_COLUMNS = (
    "sku_id",
    "site_id",
    "rule_name",
    "tier_code",
    "line_count",
    "wanted_qty",
    "given_qty",
    "first_come_qty",
    "fill_share",
    "margin_amount",
    "floor_breach_count",
)


def score(frames: Frames, asked: Asked) -> Scored:
    """Three tables: by line and rule, by shelf and rule, and by tier; empty, with the reason, where nothing is short."""
    wishes = scarce(frames, asked)
    if wishes.is_empty():
        why = (
            "no stock is known"
            if frames["marts.stock_now"].is_empty()
            else "nowhere do open lines want more than is there"
        )
        return Scored(empty(MODEL), because=f"Nothing to share out: {why}.")
    claims, names = claims_of(wishes)
    rules = (FIRST_COME,) if asked.version == RIVAL_ONLY else tuple(RULES)
    answers = compare.shared(claims, rules)
    day = pl.lit(asked.as_of)
    lines = compare.lines(wishes, claims, answers).with_columns(as_of_date=day)
    labels = [
        f"{customer or order} ({order})" for customer, order in wishes.select("customer_id", "order_id").iter_rows()
    ]
    suggested = rules[-1]
    shelves = compare.shelves(names, claims, answers, labels).with_columns(
        is_suggested=(pl.col("rule_name") == suggested) & (pl.col("given_qty") > 0), as_of_date=day
    )
    tables = {
        "scores.allocations": lines.select(LINE_COLUMNS).sort("order_id", "line_key", "rule_name"),
        "scores.allocation_rules": shelves.select(RULE_COLUMNS),
        "scores.allocation_tiers": compare.tiers(lines).select(TIER_COLUMNS),
    }
    return Scored(tables, because=_because(shelves, suggested), trained_rows=wishes.height)


def scarce(frames: Frames, asked: Asked) -> pl.DataFrame:
    """The open lines of shelves on which they want more than is there, who came first first, with what a unit is worth to us.

    A unit is worth what it earns, as far as customers do not wait; the contract's penalty; and the wait until the next delivery.
    Lines of held orders claim nothing, for they may not leave.
    """
    assumed = dict(frames["raw.assumptions"].iter_rows())
    held = frames["core.orders"].filter(pl.col("hold_code").is_not_null()).select("order_id")
    stock = frames["marts.stock_now"].select("sku_id", "site_id", supply=pl.col("on_hand_qty").cast(pl.Float64).clip(0))
    numbers = (
        "ordered_qty",
        "open_qty",
        "unit_price",
        "unit_cost",
        "net_amount",
        "unit_margin_amount",
        "unit_net_amount",
    )
    cell = ["sku_id", "site_id"]
    wished = (
        frames["marts.order_lines"]
        .filter(pl.col("open_qty") > 0)
        .join(held, on="order_id", how="anti")
        .join(stock, on=cell)
        .join(frames["marts.sku_margins"], on=cell, how="left")
        .join(frames["core.customers"], on="customer_id", how="left")
        .join(_waits(frames, asked), on=cell, how="left")
        .with_columns(pl.col(numbers).cast(pl.Float64))
    )
    paid = pl.coalesce("unit_price", pl.col("net_amount") / pl.col("ordered_qty"), "unit_net_amount").fill_null(0.0)
    lost, daily = assumed["lost_sale_share"], assumed["waiting_cost_share_per_day"]
    wait = pl.col("wait_days").fill_null(USUAL_WAIT)
    owed = (pl.col("minimum_fill_share") * pl.col("ordered_qty") - (pl.col("ordered_qty") - pl.col("open_qty"))).clip(0)
    earned = pl.coalesce(paid - pl.col("unit_cost"), "unit_margin_amount").fill_null(0.0)
    return (
        wished.filter(pl.col("open_qty").sum().over(cell) > pl.col("supply"))
        .with_columns(paid=paid, unit_margin_amount=earned, floor=owed.fill_null(0.0))
        .with_columns(
            worth=pl.col("unit_margin_amount") * lost
            + pl.col("paid") * (pl.col("late_penalty_share").fill_null(0.0) + (1 - lost) * daily * wait)
        )
        .sort("ordered_at", "order_id", "line_key", nulls_last=True)
    )


def _waits(frames: Frames, asked: Asked) -> pl.DataFrame:
    """Days until the next purchase line is due, by shelf; one day where it is overdue."""
    coming = frames["marts.purchase_lines"].filter(pl.col("open_qty") > 0, pl.col("due_date").is_not_null())
    days = (pl.col("due_date") - asked.as_of).dt.total_days().clip(1).cast(pl.Float64)
    return coming.group_by("sku_id", "site_id").agg(wait_days=days.min())


def claims_of(wishes: pl.DataFrame) -> tuple[Claims, pl.DataFrame]:
    """The wishes as claims, and the names of their shelves in the order of `Claims.supply`."""
    names = wishes.select("sku_id", "site_id", "supply").unique().sort("sku_id", "site_id").with_row_index("shelf")
    shelf = (
        wishes.join(names, on=["sku_id", "site_id"], how="left", maintain_order="left")["shelf"].to_numpy().astype(int)
    )
    wanted = wishes["open_qty"].to_numpy()
    is_broken = np.bincount(shelf, np.abs(wanted - np.round(wanted)) > 1e-9, names.height) > 0
    tier = wishes["tier_code"].fill_null("~").rank("dense").to_numpy()
    claims = Claims(
        supply=names["supply"].to_numpy(),
        step=np.where(is_broken, SMALLEST, 1.0),
        shelf=shelf,
        wanted=wanted,
        floor=wishes["floor"].to_numpy(),
        margin=wishes["unit_margin_amount"].to_numpy(),
        worth=wishes["worth"].to_numpy(),
        tier=tier,
        since=np.arange(wishes.height),
        locked=np.full(wishes.height, np.nan),
    )
    return claims, names


def _because(shelves: pl.DataFrame, suggested: str) -> str:
    """What there was to share out, and how much more the suggested rule is worth than first come."""
    best, first = (shelves.filter(rule_name=rule) for rule in (suggested, FIRST_COME))
    count = first.filter(pl.col("supply_qty") > 0).height
    more = float(best["worth_amount"].sum()) - float(first["worth_amount"].sum())
    broken = f"{best['floor_breach_count'].sum()} contract floors against {first['floor_breach_count'].sum()}"
    return (
        f"Shelves that are short: {first.height}; with something to share out: {count}. On today's lines {suggested} is worth "
        f"{more:,.0f} more than {FIRST_COME} and breaks {broken}. No look back: what another sharing would have brought is not recorded."
    )


MODEL = Model(
    code="allocation",
    title="Sharing out scarce stock",
    question="Where open lines want more than is there, who should get how much, and what does each rule cost?",
    reads={
        "marts.order_lines": (
            "order_id", "line_key", "sku_id", "site_id", "customer_id", "tier_code", "ordered_at", "ordered_date", "due_date",
            "ordered_qty", "open_qty", "unit_price", "unit_cost", "net_amount",
        ),
        "marts.stock_now": ("sku_id", "site_id", "on_hand_qty"),
        "marts.sku_margins": ("sku_id", "site_id", "unit_margin_amount", "unit_net_amount"),
        "marts.purchase_lines": ("sku_id", "site_id", "due_date", "open_qty"),
        "core.customers": ("customer_id", "minimum_fill_share", "late_penalty_share"),
        "core.orders": ("order_id", "hold_code"),
        "raw.assumptions": ("assumption_name", "assumed_number"),
    },
    writes=(
        Output(
            name="scores.allocations",
            answers="How much would each rule give to each open line of a shelf that is short?",
            grain="one row per open order line of a shelf that is short, and rule",
            key=("order_id", "line_key", "rule_name"),
            columns=LINE_COLUMNS,
            checks=("given_qty >= 0 and given_qty <= wanted_qty", "is_floor_broken = (given_qty < floor_qty)"),
        ),
        Output(
            name="scores.allocation_rules",
            answers="What is each rule worth on a shelf that is short, whose contract does it break, and who loses by it?",
            grain="one row per SKU and site whose open lines want more than is there, and rule",
            key=("sku_id", "site_id", "rule_name"),
            columns=RULE_COLUMNS,
            checks=(
                "given_qty <= supply_qty", "given_qty <= demand_qty", "shadow_amount >= 0",
                "gini_number >= 0 and gini_number <= 1 and fairness_number > 0 and fairness_number <= 1.000001",
            ),
        ),
        Output(
            name="scores.allocation_tiers",
            answers="How is each tier of customers served under each rule?",
            grain="one row per SKU and site that is short, rule and tier (- where customers have none)",
            key=("sku_id", "site_id", "rule_name", "tier_code"),
            columns=TIER_COLUMNS,
            checks=("given_qty >= 0 and given_qty <= wanted_qty",),
        ),
    ),
    guarantee="No rule gives more than is there or than is wanted, pieces stay whole, and every contract floor that is missed is counted.",
    rival=FIRST_COME,
    needs=("order_lines", "stock_days"),
    versions={
        1: "Seven rules in closed form: first come, tier, margin, contract floor, proportional, fair share, and the optimum of what "
        "missing a unit costs (margin, penalty, waiting), with contract floors weighed four times."
    },
    does_not="It does not know who called and begged, orders that will come tomorrow from better customers, or stock of other sites.",
    trust="Trust quantities and broken floors as facts; the worth of a unit rests on assumed shares of lost sales and of waiting.",
    score=score,
)  # fmt: skip
