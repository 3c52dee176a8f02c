"""The pegged plan of one shelf: what is there and will come, against orders that wait and demand that is expected."""

import datetime as dt
from collections.abc import Mapping

from models.cases.known import Known, Shelf
from models.cases.pegging import Pegged, Supply, Wish, peg


def supplies(known: Known, shelf: Shelf, *, changed: Mapping[str, dt.date] | None = None) -> list[Supply]:
    """What is on hand and on its way to a shelf; `changed` gives purchase lines another day of arrival."""
    on_hand = float((known.stock.get(shelf) or {}).get("on_hand_qty") or 0)
    coming = [
        Supply(
            (changed or {}).get(name(line.po_id, line.line_key), line.likely), line.qty, name(line.po_id, line.line_key)
        )
        for line in known.inbound.get(shelf, ())
    ]
    return [Supply(known.as_of, on_hand), *coming]


def name(document: str, line: str) -> str:
    """The key of a line of a document in words.

    >>> name("PO1", "10")
    'PO1 · 10'
    """
    return f"{document} · {line}"


def plan(
    known: Known, shelf: Shelf, more: list[Supply], days: int, changed: Mapping[str, dt.date] | None = None
) -> Pegged:
    """The pegged plan of a shelf over so many days, with what else may come, or comes on another day."""
    wishes = [
        Wish(name(line["order_id"], line["line_key"]), line["due_date"] or known.as_of, float(line["open_qty"]))
        for line in known.lines_of.get(shelf, ())
        if not line["hold_code"]
    ]
    return peg([*supplies(known, shelf, changed=changed), *more], wishes, known.demand(shelf)[:days], known.as_of)
