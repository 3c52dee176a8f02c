"""A small world to order for: a supplier, a source and a fed site, two units a day for certain, and what was assumed."""

import datetime as dt

import polars as pl

from models.inventory.replenishment import MODEL
from models.model import Asked
from models.quantile_grid import COLUMNS

END = dt.date(2026, 11, 14)  # a Saturday
DAYS = 91
ASSUMED = {
    "holding_share_per_year": 0.22, "obsolescence_share_per_year": 0.1, "lost_sale_share": 1.0, "waiting_cost_share_per_day": 0.0,
    "purchase_line_cost": 0.0, "transfer_line_cost": 0.0, "transfer_days": 2.0, "order_cycle_days": 7.0,
    "service_floor_a_share": 0.95, "service_floor_b_share": 0.9, "service_floor_c_share": 0.8,
    "supplier_minimum_order_amount": 0.0, "purchase_budget_amount": 0.0,
}  # fmt: skip
BOUGHT = {
    "sku_id": pl.String, "site_id": pl.String, "supplier_id": pl.String, "ordered_date": pl.Date, "due_date": pl.Date,
    "last_received_date": pl.Date, "ordered_qty": pl.Float64, "open_qty": pl.Float64, "is_cancelled": pl.Boolean,
}  # fmt: skip
TERMS = {
    "supplier_id": pl.String, "sku_id": pl.String, "valid_from_date": pl.Date, "unit_cost": pl.Float64,
    "minimum_order_qty": pl.Float64, "pack_qty": pl.Float64, "price_breaks": pl.String, "promised_lead_days": pl.Float64,
}  # fmt: skip


def day(after):
    return END + dt.timedelta(days=after)


def bought(ordered, took=14, qty=50.0, sku="A", site="X", open_qty=None):
    """A line of supplier V, promised for a fortnight; still open where it took None days."""
    received = None if took is None else day(ordered + took)
    left = open_qty if open_qty is not None else qty if took is None else 0.0
    return (sku, site, "V", day(ordered), day(ordered + 14), received, qty, left, False)


# Every other Wednesday: the next order day is four days ahead, and so each week from then on.
WEDNESDAYS = [bought(-10 - 14 * n) for n in range(2, 12)]


def forecast(keys, usual=2.0, origin=0):
    names = ("mean_qty", *COLUMNS.values())
    rows = [
        (sku, site, day(origin), day(origin + 1 + n), *[usual] * len(names)) for sku, site in keys for n in range(DAYS)
    ]
    schema = ["sku_id", "site_id", "origin_date", "target_date", *names]
    return pl.DataFrame(rows, schema=schema, orient="row")


def frames(  # noqa: PLR0917  a world of a few shelves
    stock=(("A", "X", 20.0, 0.0),),
    lines=(),
    terms=(),
    feeds=(),
    promised=(),
    usual=2.0,
    assumed=(),
    skus=(),
    grades="A",
):
    text = {"sku_id": pl.String, "site_id": pl.String}
    numbers = text | {"on_hand_qty": pl.Float64, "on_order_qty": pl.Float64}
    keys = [(sku, site) for sku, site, *_ in stock]
    return {
        "scores.demand_forecasts": forecast(keys, usual).drop("origin_date"),
        "scores.demand_lookbacks": forecast(keys, usual).clear(),
        "scores.demand_dependence": pl.DataFrame({"c": ["smooth"], "common": [0.05], "serial": [0.1]}),
        "scores.demand_fits": pl.DataFrame([(*key, "smooth") for key in keys], schema=["s", "x", "c"], orient="row"),
        "scores.segments": pl.DataFrame([(*key, "A") for key in keys], schema=["s", "x", "c"], orient="row"),
        "marts.stock_now": pl.DataFrame(list(stock), schema=numbers, orient="row").with_columns(is_on_sale=True),
        "marts.stock_lookbacks": pl.DataFrame(schema=numbers | {"origin_date": pl.Date}),
        "marts.site_transfers": pl.DataFrame(
            [(site, 2.4) for site, _ in feeds], schema={"site_id": pl.String, "transfer_gap_days": pl.Float64}, orient="row"
        ),
        "marts.site_feeds": pl.DataFrame(list(feeds), schema={"site_id": pl.String, "from_site_id": pl.String}, orient="row"),
        "marts.promised_stock": pl.DataFrame(list(promised), schema=text | {"committed_qty": pl.Float64}, orient="row"),
        "marts.sku_margins": pl.DataFrame(
            [(*key, 4.0, 14.0) for key in keys], schema=text | {"m": pl.Float64, "n": pl.Float64}, orient="row"
        ),
        "marts.purchase_lines": pl.DataFrame([*WEDNESDAYS, *lines], schema=BOUGHT, orient="row"),
        "marts.data_grades": pl.DataFrame({"contract_name": ["order_lines", "stock_days"], "data_grade_code": ["A", grades]}),
        "core.demand_facts": pl.DataFrame(schema=text | {"demand_date": pl.Date, "demand_qty": pl.Float64}),
        "core.stock_out_days": pl.DataFrame(schema=text | {"demand_date": pl.Date, "is_censored": pl.Boolean}),
        "core.supplier_terms": pl.DataFrame(list(terms), schema=TERMS, orient="row"),
        "core.skus": pl.DataFrame(
            list(skus) or [("A", 10.0, None, None)],
            schema={"sku_id": pl.String, "unit_cost": pl.Float64, "units_per_pack": pl.Float64, "shelf_life_days": pl.Float64},
            orient="row",
        ),
        "raw.assumptions": pl.DataFrame(
            list((ASSUMED | dict(assumed)).items()), schema={"assumption_name": pl.String, "assumed_number": pl.Float64}, orient="row"
        ),
    }  # fmt: skip


def scored(version=MODEL.newest, **world):
    return MODEL.score(frames(**world), Asked(END, version)).tables


def proposed(site="X", **world):
    return scored(**world)["scores.replenishment"].filter(site_id=site).row(0, named=True)


def steps(site="X", **world):
    return {
        row["step_name"]: row["step_qty"]
        for row in scored(**world)["scores.replenishment_steps"].filter(site_id=site).iter_rows(named=True)
    }
