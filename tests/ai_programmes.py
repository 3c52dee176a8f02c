"""Frames of a small company with AI, made by hand, for tests of the plan: 400 orders a month, two sites, use cases as wanted."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from models.ai_economics.inputs import READS
from models.ai_economics.pilots import OUTCOMES, READ
from models.in_force import HISTORY
from models.months import month_after
from pipelines.assumptions import DAWN, DUSK, in_force
from pipelines.use_cases import registry

AS_OF = dt.date(2026, 11, 14)
FIRST = dt.date(2026, 12, 1)
PAID = {
    "error_count": pl.Int64,
    "error_cost_amount": pl.Float64,
    "wrong_commitment_count": pl.Int64,
    "commitment_cost_amount": pl.Float64,
}
USUAL = {"orders": 400.0, "order_lines": 1400.0, "purchase_lines": 110.0, "shipments": 480.0, "exceptions": 200.0}


def taken_up(*names: str, **change: Any) -> list[dict[str, Any]]:
    """Acts by which use cases were taken up."""
    said = {"stage": "production", "started": "2026-03-01", **change}
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    return [
        {"kind": "use_case", "subject": name, "who": "E.Rossi", "at": at, "payload": {"definition": said, "reason": ""}}
        for name in names
    ]


def frames(
    acts: list[dict[str, Any]] | None = None,
    *,
    orders: float = 1.0,
    assumed: Mapping[str, float] | None = None,
    price: float = 2.0,
    effects: list[dict[str, Any]] | None = None,
    rise_on: dt.date | None = None,
) -> dict[str, pl.DataFrame]:
    """What the plan reads: a flat year of 40 paths, a price list with one price (dollars a million tokens), and effects if any."""
    months = [month_after(dt.date(2025, 11, 1), at) for at in range(12)]
    ahead = [month_after(FIRST, at) for at in range(36)]
    dice = np.random.default_rng(5)
    paths = [
        (name, month, path, units * orders * factor)
        for name, units in USUAL.items()
        for path, factor in enumerate(1 + 0.1 * dice.standard_normal(40), start=1)
        for month in ahead
    ]
    cases = registry(acts or [])
    assumptions = [
        (one.name, (assumed or {}).get(one.name, one.value), *_ends(one, assumed), one.distribution)
        for one in in_force(AS_OF)
    ]
    held = pl.DataFrame(
        assumptions,
        schema=dict.fromkeys(READS["raw.assumptions"], pl.Float64)
        | {"assumption_name": pl.String, "distribution_name": pl.String},
        orient="row",
        strict=False,
    )
    return {
        "raw.assumptions": held,
        HISTORY: held.with_columns(valid_from_date=pl.lit(DAWN), valid_to_date=pl.lit(DUSK)),
        "raw.use_cases": pl.DataFrame(
            [(name, json.dumps(one["definition"], default=str)) for name, one in cases.items()],
            schema=["use_case_id", "definition_text"],
            orient="row",
        ),
        "raw.ai_prices": _prices(cases, price, rise_on),
        "raw.company": pl.DataFrame({"reporting_currency": ["USD"]}),
        "scores.driver_paths": pl.DataFrame(
            paths, schema=["driver_name", "month_date", "path_no", "units"], orient="row"
        ),
        "marts.driver_months": pl.DataFrame(
            [(name, month, units) for name, units in USUAL.items() for month in months],
            schema=["driver_name", "month_date", "units"],
            orient="row",
        ),
        "marts.ai_scale": pl.DataFrame(
            {"sku_count": [120, 120], "site_id": ["LEJ", "HAM"], "order_line_share": [0.7, 0.3]}
        ),
        "marts.ai_volumes": pl.DataFrame(
            schema={
                "use_case_id": pl.String,
                "month_date": pl.Date,
                "is_over": pl.Boolean,
                "case_count": pl.Int64,
                "priced_case_count": pl.Int64,
                "priced_usage_cost": pl.Float64,
                **PAID,
            }
        ),
        "marts.ai_usage": pl.DataFrame(
            schema={
                "called_date": pl.Date,
                "use_case_id": pl.String,
                "token_count": pl.Int64,
                "unpriced_token_count": pl.Int64,
                "usage_cost": pl.Float64,
            }
        ),
        "marts.value_rows": pl.DataFrame(
            schema={
                "earning_source_name": pl.String,
                "use_case_id": pl.String,
                "month_date": pl.Date,
                "benefit_amount": pl.Float64,
                "error_cost_amount": pl.Float64,
            }
        ),
        "scores.ai_effects": pl.DataFrame(
            effects or [],
            schema={name: pl.Float64 if name.endswith("_number") else pl.String for name in READS["scores.ai_effects"]},
        ),
        **placement_frames(),
    }


def placement_frames() -> dict[str, pl.DataFrame]:
    """What placement reads beside the plan: no line said, one row of a register that is missing, and no pilot compared."""
    kinds = {"site_id": pl.String, "line_text": pl.String}
    row = {
        "register_code": "edge_controls",
        "stated_code": "missing",
        "evidence_text": "",
        "reviewed_date": None,
        "check_code": "",
    }
    return {
        "raw.site_lines": pl.DataFrame(schema=kinds),
        OUTCOMES: pl.DataFrame(schema=dict.fromkeys(READ[OUTCOMES], pl.String)),
        "raw.register_rows": pl.DataFrame(
            [row | {"review_cycle_days": 90.0}], schema_overrides={"reviewed_date": pl.Date}
        ),
    }


def volumes(
    name: str, months: list[dt.date], cases: int, cost: float | None, *, priced: int | None = None
) -> pl.DataFrame:
    """What was seen of a use case in whole months: so many cases each, all or so many of them priced, whose calls cost so much."""
    seen = {"use_case_id": name, "month_date": months, "is_over": True, "case_count": cases}
    seen |= {"priced_case_count": cases if priced is None else priced, "priced_usage_cost": cost}
    return pl.DataFrame(seen).with_columns(pl.lit(None, kind).alias(column) for column, kind in PAID.items())


def effect(
    name: str,
    number: float,
    low: float,
    high: float,
    *,
    grade: str = "A",
    base: float = 5.0,
    measure: str = "minutes per case",
) -> dict[str, Any]:
    """One measured effect: with AI less without."""
    return {
        "use_case_id": name,
        "measure_name": measure,
        "evidence_grade": grade,
        "effect_number": number,
        "low_number": low,
        "high_number": high,
        "baseline_number": base,
    }


def _ends(one: Any, assumed: Mapping[str, float] | None) -> tuple[float, float]:
    held = (assumed or {}).get(one.name)
    return (one.low, one.high) if held is None else (held, held)


def _prices(cases: Mapping[str, Any], price: float, rise_on: dt.date | None) -> pl.DataFrame:
    named = sorted({(one["provider"], one["model"]) for case in cases.values() for one in case["definition"]["models"]})
    steps = [(dt.date(1970, 1, 1), rise_on, price)] + ([(rise_on, None, 2 * price)] if rise_on else [])
    rows = [
        (provider, model, True, since, until, False, "", 0, 0.0, dear, dear / 10, dear * 5, "USD")
        for provider, model in named
        for since, until, dear in steps
    ]
    kinds = {
        "is_priced": pl.Boolean,
        "is_batch": pl.Boolean,
        "valid_from_date": pl.Date,
        "valid_to_date": pl.Date,
        "from_token_count": pl.Int64,
    }
    texts = ("provider_name", "model_name", "service_tier_code", "currency_code")
    schema = {name: pl.String if name in texts else kinds.get(name, pl.Float64) for name in READS["raw.ai_prices"]}
    return pl.DataFrame(rows, schema=schema, orient="row")
