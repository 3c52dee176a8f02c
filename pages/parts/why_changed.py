"""Why today's quantity is not yesterday's: the change since the build before, shared out to its causes; the parts add up to it."""

from decimal import Decimal

import polars as pl
import streamlit as st

from models.inventory.difference import difference
from models.inventory.order_terms import from_row
from pages.parts import look, tables
from pages.parts.ask import ask, has_rows
from pages.parts.kept import Kept, place
from pages.parts.page import Visit
from store.warehouse import Build, builds

SOURCE, QUANTITY = "scores.replenishment_inputs", "scores.replenishment"
FOUND: Kept[tuple[Build, Decimal, Decimal, dict[str, Decimal]] | None] = Kept(at_most=200)
WHERE = "where sku_id = ? and site_id = ?"
LABELS = {"cause_name": "Cause", "part_qty": "Changes it by", "meaning_text": "That is"}
MEANS = {
    "demand": "what customers and branches are expected to ask for, and what is promised to them",
    "lead time": "how long suppliers take, and when the next order can be placed",
    "stock": "what is on hand and on order, here and at the branches that are fed from here",
    "policy": "the wanted service, the cost of holding, and the order in which it travels",
    "price": "unit cost, price breaks, and what a missing unit costs",
    "data fix": "minimum order, pack and shelf life, as the master data say them now",
}


def panel(visit: Visit, sku_id: str, site_id: str) -> None:
    """Draws the change since the last build whose data ended on an earlier day; nothing where there is none."""
    found = FOUND.get((*place(visit), sku_id, site_id), lambda: _found(visit, sku_id, site_id))
    if found is None:
        return
    before, then, now, parts = found
    day = before.facts()["as_of_date"]
    words = visit.words
    with st.container(key="panel_why_changed"):
        look.title(f"Why not {words.number(then)}, as on {words.day(day)}?")
        if then == now:
            look.note(f"It was {words.number(then)} then, too.")
        moved = {cause: part for cause, part in parts.items() if part}
        said = [f"{'+' if part > 0 else ''}{words.number(part, places=3)}" for part in moved.values()]
        frame = pl.DataFrame(
            {"cause_name": list(moved), "part_qty": said, "meaning_text": [MEANS[cause] for cause in moved]}
        )
        if moved:
            tables.small(visit, frame, labels=LABELS, units=dict.fromkeys(frame.columns, "text"))
        total = f"{words.number(then)} {' '.join(said)} = {words.number(now)}".replace(" +", " + ").replace(" −", " − ")
        look.note(f"{total}: the parts add up to the change." if moved else "None of what it rests on has changed.")


def _found(visit: Visit, sku_id: str, site_id: str) -> tuple[Build, Decimal, Decimal, dict[str, Decimal]] | None:
    if not has_rows(visit, SOURCE):
        return None
    mine = ask(visit, f"select * from {SOURCE} {WHERE}", (sku_id, site_id))  # noqa: S608  names are ours
    now = ask(visit, f"select proposed_qty from {QUANTITY} {WHERE}", (sku_id, site_id))  # noqa: S608
    before = _before(visit, sku_id, site_id)
    if before is None or not mine.height or not now.height:
        return None
    theirs = before.query(f"select * from {SOURCE} {WHERE}", [sku_id, site_id])  # noqa: S608
    then = before.query(f"select proposed_qty from {QUANTITY} {WHERE}", [sku_id, site_id])  # noqa: S608
    parts = difference(from_row(theirs.row(0, named=True)), from_row(mine.row(0, named=True)))
    return before, Decimal(str(then.item())), Decimal(str(now.item())), parts


def _before(visit: Visit, sku_id: str, site_id: str) -> Build | None:
    """The latest build whose data ended before this one's and that had a quantity for the shelf."""
    for build in builds(visit.company):
        if build.build_id >= visit.build.build_id or build.facts()["as_of_date"] >= visit.as_of:
            continue
        if not build.has(SOURCE):
            return None
        return build if build.query(f"select 1 from {SOURCE} {WHERE}", [sku_id, site_id]).height else None  # noqa: S608
    return None
