"""How approved actions change the world: purchases are ordered, transfers loaded, open purchase orders hurried up."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.demo import replenishment
from pipelines.demo.clock import after_working_days
from pipelines.demo.columns import LINE_STEP, PO_BASE
from pipelines.demo.world import World

PURCHASE, TRANSFER, EXPEDITE = "purchase", "transfer", "expedite"


def obey(worlds: Sequence[World], acts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Carry out acts on the morning of the worlds' day; gives a sentence for each act that could not be, and why.

    The first world is the one that people see; the others are its forks, in which the same is done as far as they have the same.

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
        because = (
            f"was ignored: its kind {row.get('kind')!r} is unknown here" if handler is None else handler(worlds, row)
        )
        if because:
            notes.append(f"Act {name} {because}.")
    return notes


def unheard(acts: Sequence[Mapping[str, Any]], heard: Sequence[str]) -> list[tuple[str, Mapping[str, Any]]]:
    """The acts that a world has not been told before, each with its identity: its act_id, else its content and occurrence.

    So the whole ledger may be handed over each time and nothing is done twice.

    >>> [name for name, _ in unheard([{"act_id": "a"}, {"act_id": "b"}], ["a"])]
    ['b']
    """
    seen: Counter[str] = Counter()
    named = []
    for act in acts:
        content = json.dumps(dict(act), sort_keys=True, default=str)
        seen[content] += 1
        print_of = hashlib.sha256(f"{seen[content]} {content}".encode()).hexdigest()[:16]
        named.append((str(act.get("act_id") or print_of), act))
    return [(name, act) for name, act in named if name not in heard]


def _fields(act: Mapping[str, Any]) -> dict[str, Any]:
    inner = act.get("payload") or act.get("payload_text") or {}
    if isinstance(inner, str):
        try:
            inner = json.loads(inner)
        except ValueError:
            inner = {}
    if not isinstance(inner, Mapping):
        inner = {}
    return {**inner, **{name: value for name, value in act.items() if name not in ("payload", "payload_text")}}


def _purchase(worlds: Sequence[World], row: Mapping[str, Any]) -> str:
    cell, qty = _cell(worlds[0], row.get("sku_id"), row.get("site_id")), _qty(row)
    if cell is None or qty <= 0:
        return "was ignored: it names no SKU and site of ours, or no quantity"
    for world in worlds:
        replenishment.buy(world, np.array([cell]), np.array([qty]))
    return ""


def _transfer(worlds: Sequence[World], row: Mapping[str, Any]) -> str:
    source, target = (_cell(worlds[0], row.get("sku_id"), row.get(name)) for name in ("from_site_id", "to_site_id"))
    qty = _qty(row)
    if source is None or target is None or source == target or qty <= 0:
        return "was ignored: it names no SKU and two sites of ours, or no quantity"
    free = [max(0, int(world.cells["on_hand"][source] - world.cells["allocated"][source])) for world in worlds]
    for world, there in zip(worlds, free, strict=True):
        if there:
            replenishment.ship(world, np.array([source]), np.array([target]), np.array([min(qty, there)]))
    if not free[0]:
        return "was ignored: nothing of it was free at the sending site"
    return f"was done in part: only {free[0]} of {qty} were free" if free[0] < qty else ""


def _expedite(worlds: Sequence[World], row: Mapping[str, Any]) -> str:
    bought = worlds[0].tables["purchases"]
    number = str(row.get("po_id", "")).removeprefix("PO")
    mine = (bought["po"] == int(number) - PO_BASE) if number.isdigit() else np.zeros(len(bought), dtype=bool)
    if row.get("line_key") not in (None, ""):
        mine &= (bought["number"] * LINE_STEP).astype(str) == str(row["line_key"])
    coming = np.flatnonzero(mine & (bought["is_closed"] == 0))
    if not len(coming):
        return "was ignored: no such purchase order line is open"
    # Forks number their orders differently; the same line is that of the same SKU, site and day.
    wanted = {
        (int(cell), int(day)) for cell, day in zip(bought["cell"][coming], bought["ordered_day"][coming], strict=True)
    }
    for world in worlds:
        _hurry(world, wanted)
    return ""


def _hurry(world: World, wanted: set[tuple[int, int]]) -> None:
    bought = world.tables["purchases"]
    same = [(int(cell), int(day)) in wanted for cell, day in zip(bought["cell"], bought["ordered_day"], strict=True)]
    rows = np.flatnonzero(np.array(same, dtype=bool) & (bought["is_closed"] == 0))
    soon = int(after_working_days(world.day, 2))
    for when in ("first_day", "second_day"):
        later = rows[bought[when][rows] > soon]
        bought[when][later] = soon
    bought["confirmed_day"][rows] = np.minimum(bought["confirmed_day"][rows], soon)
    bought["touched"][rows] = world.day


def _cell(world: World, sku_id: Any, site_id: Any) -> int | None:
    sku, site = (
        np.flatnonzero(world.net.goods.code == str(sku_id)),
        np.flatnonzero(world.net.sites.code == str(site_id)),
    )
    return int(site[0] * world.net.goods.count + sku[0]) if len(sku) and len(site) else None


def _qty(row: Mapping[str, Any]) -> int:
    said = next((row[name] for name in ("qty", "ordered_qty", "moved_qty", "proposed_qty") if row.get(name)), 0)
    try:
        return int(float(said))
    except (ValueError, OverflowError):
        return 0
