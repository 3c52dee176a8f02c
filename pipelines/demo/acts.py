"""How approved actions change the world: purchases are ordered, transfers loaded, open purchase orders hurried up."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.demo import replenishment
from pipelines.demo.clock import after_working_days
from pipelines.demo.world import World

PURCHASE, TRANSFER, EXPEDITE = "purchase", "transfer", "expedite"


def obey(world: World, acts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Carry out acts on the morning of the world's day; gives a sentence for each act that could not be, and why.

    An act is a row with `kind` and its fields beside it or in `payload` (a mapping, or JSON text as `payload_text`):
    purchase: sku_id, site_id, qty · transfer: sku_id, from_site_id, to_site_id, qty · expedite: po_id, line_key (optional).
    `ordered_qty`, `moved_qty` and `proposed_qty` are understood as qty.
    """
    notes = []
    for place, act in enumerate(acts, start=1):
        row = _fields(act)
        name = str(row.get("act_id") or row.get("subject") or f"number {place}")
        kind = str(row.get("kind", "")).split(".", maxsplit=1)[0].strip().lower()
        handler = {PURCHASE: _purchase, TRANSFER: _transfer, EXPEDITE: _expedite}.get(kind)
        because = f"its kind {row.get('kind')!r} is unknown here" if handler is None else handler(world, row)
        if because:
            notes.append(f"Act {name} was ignored: {because}.")
    return notes


def _fields(act: Mapping[str, Any]) -> dict[str, Any]:
    inner = act.get("payload") or act.get("payload_text") or {}
    if isinstance(inner, str):
        inner = json.loads(inner)
    return {**inner, **{name: value for name, value in act.items() if name not in ("payload", "payload_text")}}


def _purchase(world: World, row: Mapping[str, Any]) -> str:
    cell, qty = _cell(world, row.get("sku_id"), row.get("site_id")), _qty(row)
    if cell is None or qty <= 0:
        return "it names no SKU and site of ours, or no quantity"
    replenishment.buy(world, np.array([cell]), np.array([qty]))
    return ""


def _transfer(world: World, row: Mapping[str, Any]) -> str:
    source, target, qty = _cell(world, row.get("sku_id"), row.get("from_site_id")), _cell(world, row.get("sku_id"), row.get("to_site_id")), _qty(row)
    if source is None or target is None or source == target or qty <= 0:
        return "it names no SKU and two sites of ours, or no quantity"
    free = int(world.cells["on_hand"][source] - world.cells["allocated"][source])
    if free <= 0:
        return "nothing of it was free at the sending site"
    replenishment.ship(world, np.array([source]), np.array([target]), np.array([min(qty, free)]))
    return f"only {free} of {qty} were free and went" if free < qty else ""


def _expedite(world: World, row: Mapping[str, Any]) -> str:
    bought = world.tables["purchases"]
    number = str(row.get("po_id", "")).removeprefix("PO")
    mine = (bought["po"] == int(number) - 450_000) if number.isdigit() else np.zeros(len(bought), dtype=bool)
    if row.get("line_key") not in (None, ""):
        mine &= bought["number"] * 10 == int(row["line_key"])
    coming = np.flatnonzero(mine & (bought["is_closed"] == 0))
    if not len(coming):
        return "no such purchase order line is open"
    soon = int(after_working_days(world.day, 2))
    for when in ("first_day", "second_day"):
        later = coming[(bought[when][coming] > soon)]
        bought[when][later] = soon
    bought["confirmed_day"][coming] = np.minimum(bought["confirmed_day"][coming], soon)
    bought["touched"][coming] = world.day
    return ""


def _cell(world: World, sku_id: Any, site_id: Any) -> int | None:
    sku, site = np.flatnonzero(world.net.goods.code == str(sku_id)), np.flatnonzero(world.net.sites.code == str(site_id))
    return int(site[0] * world.net.goods.count + sku[0]) if len(sku) and len(site) else None


def _qty(row: Mapping[str, Any]) -> int:
    for name in ("qty", "ordered_qty", "moved_qty", "proposed_qty"):
        if row.get(name) not in (None, ""):
            return int(float(row[name]))
    return 0
