"""How a suggested quantity came about, step by step; the steps add up to it exactly."""

from decimal import Decimal
from typing import Any

import polars as pl

from decisions.proposal import Step
from decisions.wish import action_of
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

SOURCE = "scores.replenishment_steps"


def rows(visit: Visit, sku_id: str, site_id: str) -> pl.DataFrame:
    """The derivation of one SKU at one site; empty where nothing was derived."""
    if not has_rows(visit, SOURCE):
        return pl.DataFrame(
            schema={"step_no": pl.Int64, "step_name": pl.String, "step_qty": pl.Decimal, "step_text": pl.String}
        )
    return mart(visit, SOURCE, where={"sku_id": sku_id, "site_id": site_id}, order_by=("step_no",))


def steps_of(visit: Visit, option: dict[str, Any]) -> list[Step]:
    """The derivation of an option's quantity, where it is an order of goods."""
    action = action_of(option)
    if option["action_kind_code"] != "purchase":
        return []
    found = rows(visit, action["sku_id"], action["site_id"])
    return [
        Step(name, Decimal(str(qty)), text or "")
        for name, qty, text in found.select("step_name", "step_qty", "step_text").iter_rows()
    ]
