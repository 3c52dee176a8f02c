"""Frames as the model of cases reads them, typed as the dictionary says, with only the rows that a test names."""

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl

from models.cases.cases import MODEL
from models.model import Asked, Frames
from pipelines.assumptions import in_force
from pipelines.contract import dictionary

TODAY = dt.date(2026, 11, 14)
TYPES: dict[str, Any] = {
    **dict.fromkeys(["id", "code", "name", "text", "key"], pl.String),
    "qty": pl.Decimal(18, 3),
    **dict.fromkeys(["amount", "cost", "price"], pl.Decimal(18, 4)),
    **dict.fromkeys(["share", "number", "days", "hours", "minutes"], pl.Float64),
    "count": pl.Int64,
    "date": pl.Date,
    "boolean": pl.Boolean,
}
ASSUMED = {
    "lost_sale_share": 0.5,
    "waiting_cost_share_per_day": 0.002,
    "holding_share_per_year": 0.2,
    "obsolescence_share_per_year": 0.2,
    "case_minutes": 12.0,
    "labour_cost_per_hour": 42.0,
    "transfer_days": 2.0,
}


def signal(kind: str, subject: str, **columns: Any) -> dict[str, Any]:
    """A signal that holds since yesterday and is certain, unless said otherwise."""
    usual = {
        "signal_date": TODAY - dt.timedelta(days=1),
        "chance_share": 1.0,
        "act_by_date": TODAY,
        "because_text": "It is so.",
    }
    return {
        "signal_id": f"{kind} · {subject}",
        "signal_kind_code": kind,
        "evidence_key_text": subject,
        **usual,
        **columns,
    }


def short(sku: str, site: str, kind: str = "stocked_out") -> dict[str, Any]:
    """A shelf that is empty, or runs empty."""
    return signal(kind, f"{sku} · {site}", sku_id=sku, site_id=site)


def frames(**rows: list[dict[str, Any]]) -> Frames:
    """Every frame that the model reads; `marts.signals` is said `signals`, and so on by the last word."""
    made = {}
    held = {one.name: (one.value, one.low, one.high) for one in in_force(TODAY)} | {
        name: (value,) * 3 for name, value in ASSUMED.items()
    }
    assumed = [
        {"assumption_name": name, "assumed_number": value, "low_number": low, "high_number": high}
        for name, (value, low, high) in held.items()
    ]
    rows = {"assumptions": assumed, **rows}
    for table, columns in MODEL.reads.items():
        schema = {column: TYPES[dictionary()[column]["type"]] for column in columns}
        mine = [
            {column: _exact(row.get(column), schema[column]) for column in columns}
            for row in rows.get(table.split(".")[1], [])
        ]
        made[table] = pl.DataFrame(mine, schema=schema, orient="row")
    return made


def cases(asked: Frames) -> dict[str, pl.DataFrame]:
    """The tables that the model makes of them."""
    made = MODEL.score(asked, Asked(TODAY, 1)).tables
    return {
        output.name: made[output.name].cast({column: TYPES[dictionary()[column]["type"]] for column in output.columns})
        for output in MODEL.writes
    }


def _exact(value: Any, kind: Any) -> Any:
    return Decimal(str(value)) if isinstance(kind, pl.Decimal) and value is not None else value
