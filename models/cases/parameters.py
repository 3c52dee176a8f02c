"""Reorder points and order-up-to levels as they look from outside, since no system exports them, and whether they still fit."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.cases.order_runs import Jump, jump, near, unchanged
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

# Days beside the lead time that an order is usually meant to last, before the company's own habit is known.
CYCLE_DAYS = 28
FEWEST_SHELVES = 12  # of which the habit is told
LAST_ORDERS = 3
FEWEST_RUN, LONG_DAYS = 4, 91  # a level that so many orders over so many days agree with was not refreshed
LOW, LOW_AND_OLD, HIGH = 0.55, 0.75, 2.0
# A level that jumped against demand, to twice or half, is a parameter that somebody changed: less of a misfit convicts it.
JUMP, SURE_UP, SURE_DOWN, HIGH_AND_RAISED = 2.0, 1.0, 1.5, 1.2
# A level that so many orders lie about while demand grew so much has not followed it, even where no one level fits each order.
FEWEST_ABOUT, GROWN = 6, 1.25
ORDERED_WITHIN = 182
QUARTER = 91
COLUMNS = (
    "sku_id",
    "site_id",
    "supplier_id",
    "reorder_point_qty",
    "order_up_to_qty",
    "usual_up_to_qty",
    "level_share",
    "unchanged_since_date",
    "unchanged_days",
    "unchanged_order_count",
    "out_day_share",
    "is_stale",
    "direction_name",
    "chance_share",
    "impact_amount",
    "money_basis_name",
    "because_text",
    "as_of_date",
)


@dataclass(frozen=True)
class Levels:
    """What the orders of one SKU at one site say of its parameters."""

    sku_id: str
    site_id: str
    supplier_id: str | None
    before: float
    after: float
    order_qty: float
    run: int
    since: dt.date
    last: dt.date
    out_a_day: float
    out_a_day_then: float
    is_forced: bool
    jump: Jump


def score(frames: Frames, asked: Asked) -> Scored:
    """One row for each SKU and site that is bought, with what its parameters seem to be."""
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL), because="It is switched off; no parameter is called stale.")
    outlook = {row[:2]: row[2:] for row in frames["scores.stockout_outlook"].iter_rows()}
    found = [levels for levels in _levels(frames["marts.order_levels"]) if levels.out_a_day > 0]
    ratios = {
        (one.sku_id, one.site_id): one.after / one.out_a_day / (_lead(outlook, one) + CYCLE_DAYS) for one in found
    }
    if len(found) < FEWEST_SHELVES:
        because = (
            f"Only {len(found)} SKUs at a site tell how they are ordered; it takes {FEWEST_SHELVES} to know the habit."
        )
        return Scored(empty(MODEL), because=because, trained_rows=len(found))
    habit = float(np.median(list(ratios.values())))
    worth = _worth(frames)
    rows = [_row(one, ratios[(one.sku_id, one.site_id)] / habit, outlook, worth, asked.as_of) for one in found]
    table = pl.DataFrame(rows, schema=COLUMNS, orient="row", infer_schema_length=None)
    stale = table.filter("is_stale").height
    because = (
        f"Levels of {len(found)} SKUs at a site compared with the company's own habit; {stale} do not fit any more."
    )
    return Scored({"scores.stock_parameters": table}, because=because, trained_rows=len(found))


def _levels(orders: pl.DataFrame) -> list[Levels]:
    found = []
    ordered = orders.sort("sku_id", "site_id", "ordered_date")
    for (sku, site), group in ordered.group_by("sku_id", "site_id", maintain_order=True):
        after, qty, out = (group[name].cast(pl.Float64).to_numpy() for name in ("level_qty", "ordered_qty", "out_qty"))
        pack = group["pack_qty"].cast(pl.Float64).fill_null(1.0).to_numpy()
        least = group["minimum_order_qty"].cast(pl.Float64).fill_null(0.0).to_numpy()
        rate = float(group["out_91_qty"].cast(pl.Float64)[-1] or 0) / QUARTER
        # What is sold between the order and the evening's count blurs the level; an order forced up by its minimum says little.
        slack = 0.3 * (out + 0.5 * rate + 1)
        step = np.where(qty <= least, np.maximum(pack, least), pack)
        run, about = unchanged(after, slack, step), near(after, slack, step)
        gone = group["out_before_qty"].cast(pl.Float64).fill_null(0.0).to_numpy()
        held = gone[-about:][:LAST_ORDERS].mean()
        if about >= FEWEST_ABOUT and held > 0 and GROWN * held <= rate * QUARTER:
            run = max(run, about)
        late = slice(-LAST_ORDERS, None)
        found.append(
            Levels(
                str(sku),
                str(site),
                group["supplier_id"][-1],
                float(np.median((after - qty)[late])),
                float(np.median(after[late])),
                float(np.median(qty[late])),
                run,
                group["ordered_date"][-run],
                group["ordered_date"][-1],
                rate,
                float(gone[-1]) / QUARTER,
                bool((qty[late] <= np.maximum(least, pack)[late]).all()),
                jump(after, gone, group["ordered_date"].to_list()),
            )
        )
    return found


def _lead(outlook: dict, one: Levels) -> float:
    """Lead time that the shelf is planned with; two weeks where nobody knows it."""
    return float((outlook.get((one.sku_id, one.site_id)) or (None,))[0] or 14)


def _worth(frames: Frames) -> dict:
    """Money of one unit by SKU and site: margin and cost, the share of lost sales and of holding, and how often the shelf was empty."""
    assumed = dict(frames["raw.assumptions"].iter_rows())
    margins = {row[:2]: row[2] for row in frames["marts.sku_margins"].iter_rows()}
    costs = dict(frames["core.skus"].iter_rows())
    days_empty = {row[:2]: row[2] for row in frames["marts.empty_shelf_days"].iter_rows()}
    return {"assumed": assumed, "margins": margins, "costs": costs, "empty": days_empty}


def _row(one: Levels, share: float, outlook: dict, worth: dict, as_of: dt.date) -> tuple:
    shelf, lead = (one.sku_id, one.site_id), _lead(outlook, one)
    age = (as_of - one.since).days
    is_old = one.run >= FEWEST_RUN and age >= LONG_DAYS
    is_fresh = (as_of - one.last).days <= ORDERED_WITHIN
    out_share = float(worth["empty"].get(shelf) or 0.0) / QUARTER
    was_cut = one.jump.ratio <= 1 / JUMP and one.jump.strength >= SURE_DOWN
    was_raised = one.jump.ratio >= JUMP and one.jump.strength >= SURE_UP
    too_low = is_fresh and (share < LOW or (share < LOW_AND_OLD and (is_old or was_cut)))
    # Too high already when it was ordered: where demand fell since, the order was right and the parameter may be by now.
    ordered_share = share * one.out_a_day / one.out_a_day_then if one.out_a_day_then > 0 else 0.0
    too_high = (
        is_fresh
        and not one.is_forced
        and (min(share, ordered_share) > HIGH or (was_raised and share > HIGH_AND_RAISED))
    )
    usual = one.after / share if share > 0 else None
    assumed, margin, cost = worth["assumed"], worth["margins"].get(shelf), worth["costs"].get(one.sku_id)
    impact, basis = None, ""
    if too_low:
        basis = "margin lost in a quarter at the share of days that the shelf was empty"
        if margin is not None:
            lost = float(assumed.get("lost_sale_share", 0.5))
            impact = max(out_share * max(QUARTER - lead, 0) * one.out_a_day * float(margin) * lost, 0.0)
    if too_high:
        basis = "holding and loss of value of what is ordered beyond the usual level, for a quarter"
        if cost is not None and usual is not None:
            yearly = float(assumed.get("holding_share_per_year", 0.22)) + float(
                assumed.get("obsolescence_share_per_year", 0.1)
            )
            impact = max((one.after - usual) * float(cost) * yearly * QUARTER / 365, 0.0)
    return (
        *shelf,
        one.supplier_id,
        round(max(one.before, 0.0), 3),
        round(max(one.after, 0.0), 3),
        None if usual is None else round(max(usual, 0.0), 3),
        round(share, 4),
        one.since,
        float(age),
        one.run,
        round(out_share, 4),
        too_low or too_high,
        "too low" if too_low else "too high" if too_high else "fits",
        round(min(0.95, 0.5 + abs(np.log(max(share, 0.05))) / 2), 4) if too_low or too_high else 0.0,
        None if impact is None else round(impact, 4),
        basis,
        _words(one, share, age, is_old=is_old, has_jumped=(too_low and was_cut) or (too_high and was_raised)),
        as_of,
    )


def _words(one: Levels, share: float, age: int, *, is_old: bool, has_jumped: bool) -> str:
    lasts = one.after / one.out_a_day
    usual = lasts / max(share, 0.01)
    habit = f"by the company's own habit it would last {usual:,.0f}"
    said = f"It is ordered up to about {one.after:,.0f}, which lasts {lasts:,.0f} days; {habit}"
    kept = f"; {one.run} orders in a row agree with the same level, for {age} days" if is_old else ""
    moved = (
        f"; since {one.jump.since:%d %b %Y} it is {one.jump.ratio:.1f} times what it was, beside what demand did"
        if has_jumped and one.jump.since
        else ""
    )
    return f"{said}{kept}{moved}."


MODEL = Model(
    code="stock_parameters",
    title="Stock parameters",
    question="Up to which level is each SKU ordered, since when, and does that still fit its demand?",
    reads={
        "marts.order_levels": (
            "sku_id", "site_id", "supplier_id", "ordered_date", "ordered_qty", "level_qty", "out_qty", "out_91_qty",
            "out_before_qty", "minimum_order_qty", "pack_qty",
        ),
        "scores.stockout_outlook": ("sku_id", "site_id", "lead_time_days"),
        "marts.sku_margins": ("sku_id", "site_id", "unit_margin_amount"),
        "marts.empty_shelf_days": ("sku_id", "site_id", "empty_days"),
        "core.skus": ("sku_id", "unit_cost"),
        "raw.assumptions": ("assumption_name", "assumed_number"),
    },
    writes=(
        Output(
            name="scores.stock_parameters",
            answers="What do the orders of each SKU at a site say of its reorder point and order-up-to level, and do they still fit?",
            grain="one row per SKU and site that was bought within 400 days and still goes out",
            key=("sku_id", "site_id"),
            columns=COLUMNS,
            checks=("chance_share >= 0 and chance_share <= 1", "impact_amount is null or impact_amount >= 0", "order_up_to_qty >= 0"),
        ),
    ),
    guarantee="Levels are read off orders and counted stock alone; nobody's parameter is taken from a plan or a promise.",
    rival="no parameter is stale",
    needs=("stock_days", "purchase_lines"),
    versions={1: "Order-up-to levels from the position after each order, compared with the company's own habit by lead time."},
    does_not="It does not know the parameters themselves, promotions that somebody bought for, or a range that will be given up.",
    trust="Trust it where a SKU is ordered often; one order in half a year says little.",
    score=score,
)  # fmt: skip
