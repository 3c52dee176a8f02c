"""What to order for each SKU and site, from whom and by when: quantities whose steps can be told, with what they are worth."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from models.inventory.lead_time_demand import text
from models.inventory.order_inputs import FORECAST_PATHS, MISSES, OWN_WEEKS, Line, book, lines
from models.inventory.order_quantity import Quantity, quantity
from models.inventory.order_terms import NUMBERS, Inputs, unit_cost_at
from models.inventory.order_value import value
from models.inventory.order_words import because, does_not_know, steps
from models.inventory.replenishment_trial import COST, best
from models.inventory.shelves import FORECAST
from models.inventory.supplier_order import joint, shared_out, within_budget
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty, verdict

# What demand ahead may be drawn from, the usual one first; versions before knew the forecast alone, then no past misses.
ALL_LAWS = (OWN_WEEKS, MISSES)
LAWS = {1: (FORECAST_PATHS,), 2: (OWN_WEEKS,)}
RECOMMENDED = (
    "sku_id", "site_id", "supplier_id", "from_site_id", "as_of_date", "unit_cost", "review_days", "lead_p50_days",
    "lead_p90_days", "protection_days", "demand_mean_qty", "on_hand_qty", "open_qty", "committed_qty", "fed_lack_qty",
    "position_qty", "reorder_point_qty", "order_up_to_qty", "safety_qty", "normal_reorder_point_qty", "normal_safety_qty",
    "minimum_order_qty", "pack_qty", "proposed_qty", "proposed_amount", "expected_fill_share", "stockout_share",
    "stockout_after_share", "gain_amount", "gain_low_amount", "gain_high_amount", "do_nothing_amount", "holding_amount",
    "confidence_share", "data_grade_code", "order_by_date", "expected_receipt_date", "because_text", "does_not_know_text",
)  # fmt: skip
STEP = ("sku_id", "site_id", "step_no", "step_name", "step_qty", "step_text")
INPUT = (
    "sku_id",
    "site_id",
    "supplier_id",
    "from_site_id",
    "demand_text",
    "lead_text",
    "price_breaks",
    "method_name",
    *NUMBERS,
)
ORDER = (
    "supplier_id", "site_id", "order_no", "order_by_date", "line_count", "ordered_amount", "minimum_amount", "added_amount",
    "reward_amount", "gain_amount", "is_put_off", "because_text",
)  # fmt: skip


def score(frames: Frames, asked: Asked) -> Scored:
    """The tables, and how the levels did in the last twelve weeks beside those of the normal formula."""
    is_rival = asked.version == RIVAL_ONLY
    laws = LAWS.get(asked.version, ALL_LAWS)
    law, tried = best(frames, as_of=asked.as_of, seed=asked.seed, rival=MODEL.rival, laws=laws)
    falls_back, because_text = verdict(tried.model_error, tried.rival_error, rival=MODEL.rival, margin=0.05)
    stock = frames["marts.stock_now"].filter(pl.col("is_on_sale"))
    known = book(
        frames, today=asked.as_of, stock=stock, forecast=frames["scores.demand_forecasts"], seed=asked.seed,
        is_rival=is_rival or falls_back, law=law,
    )  # fmt: skip
    found, orders = _together(lines(known), known.assumed)
    if not found:
        return Scored(empty(MODEL), because="No SKU with known stock, a forecast and a known supplier or feeding site.")
    told = [(line, quantity(line.inputs)) for line in found]
    grades = dict(frames["marts.data_grades"].iter_rows())
    return Scored(
        tables={
            "scores.replenishment": _recommended(told, asked.as_of, grades),
            "scores.replenishment_steps": _steps(told),
            "scores.replenishment_inputs": _inputs(found),
            "scores.supplier_orders": _orders(told, orders, asked.as_of),
        },
        measure_name=COST,
        model_error=tried.model_error,
        rival_error=tried.rival_error,
        because="The normal formula sets the levels." if is_rival else because_text,
        is_fallback=falls_back,
        trained_rows=tried.row_count,
        backtests=tried.backtests,
    )


def _together(found: list[Line], assumed: Mapping[str, float]) -> tuple[list[Line], dict]:
    """Lines after looking at whole supplier orders, the budget, and what feeding sites have free."""
    at = {(line.sku_id, line.site_id): line for line in found}
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in found:
        if line.supplier_id is not None:
            groups.setdefault((line.supplier_id, line.site_id), []).append(line)
    orders = {}
    for key, group in sorted(groups.items()):
        whole = joint([line.inputs for line in group], minimum_amount=assumed["supplier_minimum_order_amount"])
        orders[key] = whole
        at |= {
            (one.sku_id, one.site_id): replace(one, inputs=inputs)
            for one, inputs in zip(group, whole.inputs, strict=True)
        }
    budget = assumed["purchase_budget_amount"]
    bought = [line for line in at.values() if line.supplier_id is not None]
    if budget > 0 and bought:
        cut = within_budget([line.inputs for line in bought], budget)
        at |= {(one.sku_id, one.site_id): replace(one, inputs=inputs) for one, inputs in zip(bought, cut, strict=True)}
    wants: dict[tuple[str, str], list[Line]] = {}
    for line in found:
        if line.from_site_id is not None:
            wants.setdefault((line.sku_id, line.from_site_id), []).append(line)
    for source, askers in wants.items():
        if source not in at:
            continue
        giver = at[source].inputs
        wanted = [float(quantity(line.inputs).proposed_qty) for line in askers]
        given = shared_out(wanted, max(giver.on_hand_qty - giver.committed_qty, 0.0))
        for line, want, have in zip(askers, wanted, given, strict=True):
            if have < want:
                at[(line.sku_id, line.site_id)] = replace(line, inputs=replace(line.inputs, most_qty=have))
    return [at[(line.sku_id, line.site_id)] for line in found], orders


def _recommended(told: list[tuple[Line, Quantity]], today: dt.date, grades: dict) -> pl.DataFrame:
    return pl.DataFrame(
        [_row(line, qty, today, grades) for line, qty in told],
        schema=RECOMMENDED,
        orient="row",
        infer_schema_length=None,
    )


def _row(line: Line, told: Quantity, today: dt.date, grades: dict) -> tuple:
    inputs, ahead = line.inputs, told.futures
    worth = value(inputs, told, lead_count=line.lead_count if line.supplier_id else None)
    lead = sorted(inputs.lead_days)
    middle, long = lead[(len(lead) - 1) // 2], lead[int(0.9 * (len(lead) - 1) + 0.5)]
    order_day = today + dt.timedelta(days=round(inputs.wait_days))
    by = order_day if told.proposed_qty > 0 else _next_order(inputs, told, order_day)
    asked_of = (
        ("order_lines", "stock_days", "purchase_lines")
        if line.supplier_id
        else ("order_lines", "stock_days", "stock_movements")
    )
    cost = unit_cost_at(inputs, float(told.proposed_qty))
    return (
        line.sku_id, line.site_id, line.supplier_id, line.from_site_id, today, cost, inputs.review_days, middle, long,
        round(ahead.days, 1), round(ahead.mean, 3), inputs.on_hand_qty, inputs.open_qty, inputs.committed_qty,
        inputs.fed_lack_qty, round(inputs.position_qty, 3), told.reorder_point_qty, told.order_up_to_qty,
        round(told.reorder_point_qty - ahead.mean, 3), told.normal_reorder_point_qty,
        round(told.normal_reorder_point_qty - ahead.mean, 3), inputs.minimum_order_qty, inputs.pack_qty,
        float(told.proposed_qty), None if cost is None else round(float(told.proposed_qty) * cost, 4),
        round(worth.fill_share, 4), round(worth.stockout_share, 4), round(worth.stockout_after_share, 4),
        *(_money(amount) for amount in (worth.gain, worth.gain_low, worth.gain_high, worth.do_nothing, worth.holding)),
        round(worth.confidence_share, 4), max((grades[name] for name in asked_of if name in grades), default=None),
        by, None if told.proposed_qty <= 0 else order_day + dt.timedelta(days=round(middle)),
        because(line, told, worth, order_day), does_not_know(line),
    )  # fmt: skip


def _money(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 4)


def _next_order(inputs: Inputs, told: Quantity, order_day: dt.date) -> dt.date | None:
    """The order day on which the position is expected to have fallen to the reorder point; None beyond a year."""
    rate = told.futures.rate
    if rate <= 0:
        return None
    left = max(inputs.position_qty - told.reorder_point_qty, 0.0) / rate
    turns = max(0, int((left - inputs.wait_days) // max(inputs.review_days, 1.0)) + 1)
    days = turns * inputs.review_days
    return order_day + dt.timedelta(days=int(days)) if days <= 365 else None


def _steps(told: list[tuple[Line, Quantity]]) -> pl.DataFrame:
    rows = [
        (line.sku_id, line.site_id, number, *step)
        for line, qty in told
        for number, step in enumerate(steps(line, qty), start=1)
    ]
    return pl.DataFrame(rows, schema=STEP, orient="row", infer_schema_length=None)


def _inputs(found: list[Line]) -> pl.DataFrame:
    rows = [
        (
            line.sku_id, line.site_id, line.supplier_id, line.from_site_id, text(line.inputs.demand),
            " ".join(f"{day:g}" for day in line.inputs.lead_days), line.inputs.price_breaks, line.inputs.method_name,
            *(getattr(line.inputs, name) for name in NUMBERS),
        )
        for line in found
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=INPUT, orient="row", infer_schema_length=None)


def _orders(told: list[tuple[Line, Quantity]], orders: dict, today: dt.date) -> pl.DataFrame:
    """One row per supplier and site with anything to order, or put off."""
    rows = []
    for (supplier, site), whole in sorted(orders.items()):
        mine = [(line, qty) for line, qty in told if (line.supplier_id, line.site_id) == (supplier, site)]
        bought = [(line, qty) for line, qty in mine if qty.proposed_qty > 0]
        if not bought and not whole.waits:
            continue
        spent = sum(
            float(qty.proposed_qty) * (unit_cost_at(line.inputs, float(qty.proposed_qty)) or 0.0)
            for line, qty in bought
        )
        gains: list[float] = [
            worth.gain for worth in (value(line.inputs, qty) for line, qty in bought) if worth.gain is not None
        ]
        day = today + dt.timedelta(days=round(mine[0][0].inputs.wait_days))
        rows.append(
            (
                supplier, site, 1, day, len(bought), round(spent, 4), whole.minimum_amount, round(whole.added_amount, 4),
                round(whole.reward_amount, 4), round(sum(gains), 4) if gains else None, whole.waits,
                _order_words(len(bought), spent, day, whole.waits, whole.added_amount),
            )
        )  # fmt: skip
    return pl.DataFrame(rows, schema=ORDER, orient="row", infer_schema_length=None)


def _order_words(count: int, spent: float, day: dt.date, waits: bool, added: float) -> str:
    if waits:
        return "Filling the order up to the supplier's minimum would cost more than its lines save; it waits for the next order day."
    filled = f", {added:,.0f} of it to reach the supplier's minimum" if added else ""
    return f"{count} {'line' if count == 1 else 'lines'} for {spent:,.0f} on {day:%A %d %b}{filled}."


MODEL = Model(
    code="replenishment",
    title="Replenishment",
    question="How much of what should be ordered for which site, from whom and by when, and what is that worth?",
    reads={
        "scores.demand_forecasts": FORECAST,
        "scores.demand_lookbacks": (*FORECAST, "origin_date"),
        "scores.demand_dependence": ("demand_class_name", "common_share", "serial_correlation_number"),
        "scores.demand_fits": ("sku_id", "site_id", "demand_class_name"),
        "scores.segments": ("sku_id", "site_id", "abc_class"),
        "marts.stock_now": ("sku_id", "site_id", "on_hand_qty", "on_order_qty", "is_on_sale"),
        "marts.stock_lookbacks": ("sku_id", "site_id", "origin_date", "on_hand_qty", "on_order_qty"),
        "marts.site_transfers": ("site_id", "transfer_gap_days"),
        "marts.site_feeds": ("site_id", "from_site_id"),
        "marts.promised_stock": ("sku_id", "site_id", "committed_qty"),
        "marts.sku_margins": ("sku_id", "site_id", "unit_margin_amount", "unit_net_amount"),
        "marts.purchase_lines": (
            "sku_id", "site_id", "supplier_id", "ordered_date", "due_date", "last_received_date", "ordered_qty", "open_qty",
            "is_cancelled",
        ),
        "marts.data_grades": ("contract_name", "data_grade_code"),
        "core.demand_facts": ("sku_id", "site_id", "demand_date", "demand_qty"),
        "core.stock_out_days": ("sku_id", "site_id", "demand_date", "is_censored"),
        "core.supplier_terms": (
            "supplier_id", "sku_id", "valid_from_date", "unit_cost", "minimum_order_qty", "pack_qty", "price_breaks",
            "promised_lead_days",
        ),
        "core.skus": ("sku_id", "unit_cost", "units_per_pack", "shelf_life_days"),
        "raw.assumptions": ("assumption_name", "assumed_number"),
    },
    writes=(
        Output(
            name="scores.replenishment",
            answers="How much of each SKU should be ordered for each site, from whom and by when, and what is that worth?",
            grain="one row per SKU and site that is bought or fed, with known stock and a forecast",
            key=("sku_id", "site_id"),
            columns=RECOMMENDED,
            checks=("proposed_qty >= 0", "stockout_after_share <= stockout_share + 0.0001", "expected_fill_share between 0 and 1",
                "supplier_id is null or from_site_id is null", "reorder_point_qty <= order_up_to_qty"),
        ),
        Output(
            name="scores.replenishment_steps",
            answers="Why this quantity: which steps lead to it?",
            grain="one row per SKU, site and step; the steps sum to the proposed quantity exactly",
            key=("sku_id", "site_id", "step_no"),
            columns=STEP,
        ),
        Output(
            name="scores.replenishment_inputs",
            answers="What is needed to compute each proposed quantity again?",
            grain="one row per SKU and site of scores.replenishment",
            key=("sku_id", "site_id"),
            columns=INPUT,
        ),
        Output(
            name="scores.supplier_orders",
            answers="What would each order to a supplier hold, what is it worth, and what was added to make it whole?",
            grain="one row per supplier, site and order with a line to order",
            key=("supplier_id", "site_id", "order_no"),
            columns=ORDER,
            checks=("line_count >= 0", "ordered_amount >= 0"),
        ),
    ),
    guarantee="Steps sum to the quantity exactly; the inputs give it again; nothing received or sold after the as-of day is read.",
    rival="normal formula",
    needs=("stock_days", "order_lines"),
    versions={
        1: "Demand paths over empirical lead times; levels by margin against holding with a service floor; packs, minimum orders, "
        "price breaks, whole supplier orders, shelf life and budget.",
        2: "The same, but what is bought now and then is drawn from its own past weeks (what benchmarks.inventory judges).",
        3: "The same, but where levels set by how far plain forecasts have been off cost less in the look-back, those are set.",
    },
    does_not="It does not know offers, coming price changes, quality, storage space, or plans that are in no extract.",
    trust="Trust the order of the list and the steps; where the look-back is level with the normal formula, the levels differ little.",
    score=score,
)  # fmt: skip
