"""A small published build that has cases, their options and what agents read: made by hand, row by row."""

import json
from datetime import date
from decimal import Decimal

import polars as pl

from store.company import Company
from store.warehouse import Build, Draft


def case(sku: str, kind: str = "stocked_out", loss: int = 100, **more: object) -> dict:
    said = {
        "case_id": f"{kind} · {sku}",
        "case_kind_code": kind,
        "case_title_text": f"{sku}: {kind}",
        "cause_text": "demand",
        "sku_id": sku,
    }
    said |= {
        "site_id": "LEJ",
        "supplier_id": "V1",
        "customer_id": None,
        "order_id": None,
        "po_id": None,
        "at_risk_amount": Decimal(loss),
    }
    said |= {
        "expected_loss_amount": Decimal(loss),
        "is_shown": True,
        "data_grade_code": "B",
        "owner_role_name": "planner",
    }
    return said | more


def option(of: dict, number: int, kind: str, gain: int | None, *, sure: float = 0.9, **action: object) -> dict:
    said = {"sku_id": of["sku_id"], "from_site_id": "MUC", "to_site_id": "LEJ", "qty": "20"} | action
    made = {
        "case_id": of["case_id"],
        "option_no": number,
        "action_kind_code": kind,
        "option_text": f"{kind} of {of['sku_id']}",
    }
    made |= {
        "action_text": json.dumps(said),
        "is_do_nothing": kind == "",
        "is_suggested": number == 1,
        "cost_amount": Decimal(5),
    }
    made |= {
        "gain_amount": None if gain is None else Decimal(gain),
        "moved_amount": Decimal(50),
        "confidence_share": sure,
    }
    return made | {"data_grade_code": "B", "because_text": "it pays", "horizon_days": 28}


MOVED, TIED, UNSURE, ASLEEP, HIDDEN = (
    case("A1", loss=900),
    case("A2", loss=800),
    case("A3", loss=700),
    case("A4"),
    case("A5", is_shown=False),
)
LATE = case("A6", "late_inbound", po_id="PO7")
CASES = [MOVED, TIED, UNSURE, ASLEEP, HIDDEN, LATE]
OPTIONS = [
    *(option(one, 1, "transfer", 80) for one in (MOVED, TIED, ASLEEP, HIDDEN)),
    option(TIED, 2, "transfer", 79),
    option(UNSURE, 1, "transfer", 80, sure=0.3),
    option(LATE, 1, "supplier_message", None, po_id="PO7"),
]
MODELS = ("demand", "stockout", "inbound", "suppliers", "transfers")


def made(
    company: Company,
    build_id: str = "b1",
    *,
    on_hand: int = 4,
    off: str = "",
    options: list[dict] = OPTIONS,
    more: dict | None = None,
) -> Build:
    """A published build with these cases, a shelf for each SKU, and one late line."""
    shelves = [
        {
            "sku_id": f"A{number}",
            "site_id": site,
            "on_hand_qty": Decimal(on_hand),
            "on_order_qty": Decimal(0),
            "allocated_qty": Decimal(0),
        }
        | {"unit_cost": Decimal(2), "cover_days": 1.0, "excess_qty": Decimal(0)}
        for number in range(1, 7)
        for site in ("LEJ", "MUC")
    ]
    line = {
        "po_id": "PO7",
        "line_key": "10",
        "supplier_id": "V1",
        "supplier_name": "Hansa",
        "sku_id": "A6",
        "site_id": "LEJ",
    }
    line |= {
        "due_date": date(2026, 11, 4),
        "late_share": 1.0,
        "arrival_p80_date": date(2026, 11, 20),
        "open_qty": Decimal(40),
        "open_amount": Decimal(80),
    }
    tables = {
        "raw.build": [{"as_of_date": date(2026, 11, 14)}],
        "marts.cases": CASES,
        "marts.case_options": options,
        "marts.stock_now": shelves,
        "marts.inbound_risks": [line],
        "scores.model_runs": [
            {"model_code": code, "run_status_code": "off" if code == off else "in use"} for code in MODELS
        ],
    }
    tables |= more or {}
    with Draft(company) as draft:
        for schema in ("raw", "core", "marts", "scores"):
            draft.execute(f"create schema if not exists {schema}")
        for name, rows in tables.items():
            frame = pl.DataFrame(rows, infer_schema_length=None)
            types = {column: sql_type(dtype) for column, dtype in frame.schema.items()}
            draft.take(name, frame, types)
        return draft.publish(build_id)


def sql_type(dtype: pl.DataType) -> str:
    found = {
        pl.String: "varchar",
        pl.Int64: "bigint",
        pl.Float64: "double",
        pl.Boolean: "boolean",
        pl.Date: "date",
        pl.Null: "varchar",
    }
    return "decimal(18, 4)" if dtype == pl.Decimal else found[type(dtype)]
