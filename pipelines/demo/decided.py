"""What people and agents decided in a demo world, as rows in a file of its own: not an extract, for Crossdock itself keeps decisions.

The command `python -m decisions lived` reads it and lets the same people do the same at the desk, with the clock at that time.
"""

from pathlib import Path

import numpy as np
import polars as pl

from pipelines.demo import hands
from pipelines.demo.clock import date_of
from pipelines.demo.columns import LINE_STEP, PO_BASE, SO_BASE, coded
from pipelines.demo.deciding import COLUMNS, EXPEDITE, KIND_NAMES, TRANSFER
from pipelines.demo.hands import HANDS
from pipelines.demo.plants import DEMOTED
from pipelines.demo.world import World

FILE_NAME = "decisions.parquet"
ZONE = "Europe/Berlin"
SEGMENTS = ("A", "B", "C")
# What moving one SKU between two sites costs, beyond what the world itself loses by it.
MOVE_COST = 27.5


def write(folder: Path, main: World) -> None:
    """Write all decisions so far, the first first; no file where nobody decides."""
    if main.net.size.decides_days:
        frame(main).write_parquet(folder / FILE_NAME)


def frame(main: World) -> pl.DataFrame:
    """One row a decision: who wished what when, what the system had suggested, who answered, and what came of it in the ERP."""
    log = (main.log.table("decisions") if main.log is not None else None) or dict.fromkeys(COLUMNS, np.zeros(0, int))
    net, goods = main.net, main.net.goods
    cell, other, kind, hand = (log[name] for name in ("cell", "other", "kind", "hand"))
    sku = np.where(cell >= 0, cell % goods.count, -1)
    segment = hands.segments(net.size.name, net.dice.seed)
    began = pl.Series(log["day"]).cast(pl.Int64) * 86_400 + pl.Series(np.round(log["minute"] * 60).astype(np.int64))
    at = (
        (began * 1_000_000)
        .cast(pl.Datetime("us"))
        .dt.replace_time_zone(ZONE, ambiguous="earliest", non_existent="null")
    )
    person = np.array([one.who for one in HANDS])
    rows = pl.DataFrame(
        {
            "decided_at": at.dt.convert_time_zone("UTC"),
            "kind": _named(KIND_NAMES, kind),
            "proposer": pl.Series(person[hand] if len(hand) else [], dtype=pl.String),
            "is_agent": pl.Series([HANDS[number].is_agent for number in hand], dtype=pl.Boolean),
            "sku_id": _named(goods.code, sku),
            "site_id": _named(net.sites.code, np.where(cell >= 0, cell // goods.count, -1)),
            "from_site_id": _named(net.sites.code, np.where(other >= 0, other // goods.count, -1)),
            "supplier_id": _named(net.suppliers.code, log["supplier"]),
            "po_id": _numbered("PO", PO_BASE, log["po"], np.zeros(len(kind))),
            "line_key": _numbered("", 0, log["number"] * LINE_STEP, np.zeros(len(kind))),
            "order_id": _numbered("SO", SO_BASE, log["order"], np.full(len(kind), -1)),
            "customer_id": _named(net.customers.code, log["customer"]),
            "segment": _named(SEGMENTS, np.where(sku >= 0, segment[sku], -1)),
            "suggested_qty": pl.Series(log["suggested"]),
            "qty": pl.Series(log["qty"]),
            # A purchase and a transfer move their goods, an expedite its surcharge, a release the order's sales.
            "moved_amount": pl.Series(np.round(np.where((kind <= TRANSFER), log["qty"] * log["cost"], log["cost"]), 2)),
            "unit_cost": pl.Series(np.round(np.where(kind < EXPEDITE, log["cost"], 0.0), 4)),
            "gain_amount": pl.Series(np.round(log["gain"], 2)),
            "confidence_share": pl.Series(log["confidence"]),
            **_words(log),
            "minutes": pl.Series(log["minutes"]),
            "changed_minutes": pl.Series(log["changed_minutes"]),
            "approver": _named(hands.APPROVERS, log["approver"]),
            "waited_minutes": pl.Series(log["waited"]),
            "approved_minutes": pl.Series(log["approved_minutes"]),
            "is_declined": pl.Series(log["declined"] >= 0),
            "input_tokens": pl.Series(np.maximum(log["input_tokens"], 0)),
            "output_tokens": pl.Series(np.maximum(log["output_tokens"], 0)),
        }
    )
    return rows.sort("decided_at", "kind", "proposer", "sku_id", "site_id", "order_id", "po_id", nulls_last=True)


def truths(main: World) -> list[tuple]:
    """The truth about the agents that no world without them can tell: who has earned more, and what needless moves cost to make."""
    if not main.net.size.decides_days or main.day < hands.first_day(main.net):
        return []
    hand = HANDS[hands.PROCUREMENT]
    began = date_of(hands.first_day(main.net))
    return [("A1", hand.kind, "agent", hand.who, began, None, 0.0, hand.says)]


def needless(main: World, kind: str, since: int) -> float:
    """What it cost to carry out an agent's needless moves since a day; nothing for any other plant."""
    log = main.log.table("decisions") if main.log is not None and kind == DEMOTED else None
    if log is None:
        return 0.0
    return MOVE_COST * float(((log["kind"] == TRANSFER) & (log["day"] >= since) & (log["declined"] < 0)).sum())


def _words(log: dict[str, np.ndarray]) -> dict[str, pl.Series]:
    """Why a quantity was changed and why a wish was declined."""
    whys = [*hands.DECLINED, ("CREDIT", "They owe too much already.")]
    changed = [
        hands.REASONS[who][why] if why >= 0 else (None, None)
        for who, why in zip(log["hand"], log["reason"], strict=True)
    ]
    declined = [whys[why] if why >= 0 else (None, None) for why in log["declined"]]
    pairs = {"reason": changed, "decline": declined}
    return {
        f"{name}_{part}": pl.Series([pair[at] for pair in found], dtype=pl.String)
        for name, found in pairs.items()
        for at, part in enumerate(("code", "text"))
    }


def _named(names: object, index: np.ndarray) -> pl.Series:
    """A name for each number, none for -1."""
    found = coded(names, np.maximum(index, 0)) if len(index) else pl.Series([], dtype=pl.String)  # type: ignore[arg-type]
    return pl.select(pl.when(pl.Series(index >= 0)).then(found)).to_series()


def _numbered(prefix: str, base: int, numbers: np.ndarray, none_to: np.ndarray) -> pl.Series:
    """Document numbers; none up to a number that means none."""
    said = pl.Series([f"{prefix}{number + base}" for number in numbers.tolist()], dtype=pl.String)
    return pl.select(pl.when(pl.Series(numbers > none_to)).then(said)).to_series()
