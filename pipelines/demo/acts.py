"""How approved actions change the world: purchases ordered, transfers loaded, open purchase lines hurried up or called off, and so on."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.demo import orders, replenishment
from pipelines.demo.clock import after_working_days, moment
from pipelines.demo.columns import LINE_STEP, PO_BASE, SO_BASE
from pipelines.demo.tables import Step
from pipelines.demo.world import World

MORNING_MINUTE = 8 * 60


def obey(worlds: Sequence[World], acts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Carry out acts on the morning of the worlds' day; gives a sentence for each act that could not be, and why.

    The first world is the one that people see; the others are its forks, in which the same is done as far as they have the same.

    An act is a row with `kind` and its fields beside it or in `payload` (a mapping, or JSON text as `payload_text`):
    purchase, re_source: sku_id, site_id, qty · transfer: sku_id, from_site_id, to_site_id, qty · expedite, cancel_purchase: po_id,
    line_key (optional) · release_order: order_id · stock_parameter: sku_id, site_id, reorder_point_qty, order_up_to_qty.
    `ordered_qty`, `moved_qty` and `proposed_qty` are understood as qty. Only what was approved and exported may be handed in (see
    `carried_out`); messages and corrections in master data change no goods here.
    """
    notes = []
    for place, act in enumerate(acts, start=1):
        row = _fields(act)
        name = str(row.get("act_id") or row.get("subject") or f"number {place}")
        kind = str(row.get("kind", "")).split(".", maxsplit=1)[0].strip().lower()
        if kind in WITHOUT_GOODS:
            continue
        handler = HANDLERS.get(kind)
        because = (
            f"was ignored: its kind {row.get('kind')!r} is unknown here" if handler is None else handler(worlds, row)
        )
        if because:
            notes.append(f"Act {name} {because}.")
    return notes


def carried_out(acts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of a ledger's acts, the actions that reached the ERP: the lines of exports, each once, as acts of their own kind.

    What was only proposed or approved is not done; nor is a batch of which the last word is that it failed, nor what the world has
    lived through already (`is_lived`). An act that is itself of an action's kind is passed on.

    >>> wish = {"act_id": "a1", "kind": "propose", "payload": {"proposal": {"kind": "purchase"}}}
    >>> sent = {
    ...     "act_id": "a2",
    ...     "kind": "export",
    ...     "subject": "b1",
    ...     "payload": {"lines": [{"proposal_id": "p1", "kind": "expedite"}]},
    ... }
    >>> [(act["act_id"], act["kind"]) for act in carried_out([wish, sent, sent])]
    [('p1', 'expedite')]
    """
    found: dict[str, Mapping[str, Any]] = {}
    batches: dict[str, dict[str, Mapping[str, Any]]] = {}
    for act in acts:
        said, kind = _fields(act), str(act.get("kind", ""))
        if kind in HANDLERS:
            found[str(act.get("act_id") or len(found))] = act
        elif kind == "export" and not said.get("is_lived"):
            lines = {str(line.get("proposal_id")): line for line in said.get("lines", ()) if isinstance(line, Mapping)}
            batches[str(act.get("subject", ""))] = lines
            for name, line in lines.items():
                found.setdefault(name, {**line, "act_id": name})
        elif kind in ("export_failed", "export_cancelled"):
            batch = str(act.get("subject", ""))
            for name in said.get("proposal_ids") or batches.get(batch, {}):
                found.pop(str(name), None)
            if kind == "export_cancelled":
                batches.pop(batch, None)
        elif kind in ("export_sent", "acknowledge"):
            # A delivery that failed and was tried again has arrived after all.
            lines = batches.get(str(act.get("subject", "")), {})
            for name in map(str, said.get("proposal_ids") or lines):
                if name in lines:
                    found.setdefault(name, {**lines[name], "act_id": name})
            for name in said.get("refused_ids", ()):
                found.pop(str(name), None)
    return list(found.values())


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
    bought, coming = worlds[0].tables["purchases"], _open_lines(worlds[0], row)
    if not len(coming):
        return "was ignored: no such purchase order line is open"
    # Forks number their orders differently; the same line is that of the same SKU, site and day.
    wanted = {
        (int(cell), int(day)) for cell, day in zip(bought["cell"][coming], bought["ordered_day"][coming], strict=True)
    }
    for world in worlds:
        _hurry(world, wanted)
    return ""


def _cancel(worlds: Sequence[World], row: Mapping[str, Any]) -> str:
    """Call off what has not come of an open line that its supplier has not yet sent off."""
    bought, day = worlds[0].tables["purchases"], worlds[0].day
    rows = _open_lines(worlds[0], row)
    rows = rows[(bought["received"][rows] == 0) & (bought["first_day"][rows] > day + 1)]
    if not len(rows):
        return "was ignored: no such purchase order line is open and still with its supplier"
    wanted = set(zip(bought["cell"][rows].tolist(), bought["ordered_day"][rows].tolist(), strict=True))
    for world in worlds:
        lines = world.tables["purchases"]
        same = [pair in wanted for pair in zip(lines["cell"].tolist(), lines["ordered_day"].tolist(), strict=True)]
        mine = np.flatnonzero(np.array(same, dtype=bool) & (lines["is_closed"] == 0) & (lines["received"] == 0))
        np.add.at(world.cells["on_order"], lines["cell"][mine], -lines["qty"][mine])
        lines["is_closed"][mine], lines["touched"][mine] = 1, world.day
    return ""


def _release(worlds: Sequence[World], row: Mapping[str, Any]) -> str:
    """Let a held order go on."""
    number = str(row.get("order_id", "")).removeprefix("SO")
    wanted = int(number) - SO_BASE if number.isdigit() else -1
    held = worlds[0].tables["orders"]
    if not ((held["id"] == wanted) & (held["hold"] == 1)).any():
        return "was ignored: no such order is held"
    key = held["key"][held["id"] == wanted]
    for world in worlds:
        mine = world.tables["orders"]
        rows = np.flatnonzero(np.isin(mine["key"], key) & (mine["hold"] == 1))
        at = moment(world.day, np.full(len(rows), MORNING_MINUTE))
        world.tell(Step.CREDIT_RELEASED, mine["id"][rows], at)
        orders.let_go(world, rows, at)
    return ""


def _parameters(worlds: Sequence[World], row: Mapping[str, Any]) -> str:
    """Set reorder point and order-up-to level of a shelf."""
    cell = _cell(worlds[0], row.get("sku_id"), row.get("site_id"))
    levels = {
        name: _number(row.get(said)) for name, said in (("reorder", "reorder_point_qty"), ("upto", "order_up_to_qty"))
    }
    if cell is None or all(level is None for level in levels.values()):
        return "was ignored: it names no SKU and site of ours, or no level"
    for world in worlds:
        for name, level in levels.items():
            if level is not None:
                world.cells[name][cell] = np.ceil(level)
    return ""


def _open_lines(world: World, row: Mapping[str, Any]) -> np.ndarray:
    """The open purchase lines that an act names."""
    bought = world.tables["purchases"]
    number = str(row.get("po_id", "")).removeprefix("PO")
    mine = (bought["po"] == int(number) - PO_BASE) if number.isdigit() else np.zeros(len(bought), dtype=bool)
    if row.get("line_key") not in (None, ""):
        mine &= (bought["number"] * LINE_STEP).astype(str) == str(row["line_key"])
    return np.flatnonzero(mine & (bought["is_closed"] == 0))


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


def _number(said: Any) -> float | None:
    try:
        number = float(said)
    except (TypeError, ValueError):
        return None
    return number if 0 <= number < float("inf") else None


HANDLERS: Mapping[str, Callable[[Sequence[World], Mapping[str, Any]], str]] = {
    "purchase": _purchase,
    "re_source": _purchase,
    "transfer": _transfer,
    "expedite": _expedite,
    "cancel_purchase": _cancel,
    "release_order": _release,
    "stock_parameter": _parameters,
}
# What is decided and changes no goods in this world.
WITHOUT_GOODS = (
    "supplier_message", "carrier_message", "customer_message", "fix_data", "correct_price", "credit_review", "hold_order",
    "allocate", "substitute", "policy_change",
)  # fmt: skip
