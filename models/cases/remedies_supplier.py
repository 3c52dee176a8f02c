"""What helps with a supplier that got worse: one talk about everything that is late."""

from collections.abc import Iterator

from models.cases.known import Known, Row
from models.cases.options import Option
from models.cases.remedies_shelf import ASKED_DAYS, earlier
from models.cases.units import Unit


def by_supplier(known: Known, units: list[Unit], supplier_id: str, late: list[Row]) -> Iterator[Option]:
    """One message about everything that a supplier is late with."""
    if not late:
        return
    who = known.supplier.get(supplier_id) or supplier_id
    lines = [
        known.line[(signal["po_id"], signal["po_line_key"])]
        for signal in late
        if (signal["po_id"], signal["po_line_key"]) in known.line
    ]
    saved: dict[str, float] = {}
    for shelf in sorted({line.shelf for line in lines}):
        first = min(
            (line for line in lines if line.shelf == shelf), key=lambda line: (line.likely, line.po_id, line.line_key)
        )
        saved |= earlier(known, shelf, units, first, ASKED_DAYS)
    # A supplier that mends needs no longer lead time to be held stock for.
    mends = known.share("supplier_talk_saves_share")
    saved |= {unit.key: mends for unit in units if unit.key == f"lead time · {supplier_id}"}
    named = ", ".join(sorted({line.po_id for line in lines})[:5])
    yield Option(
        "supplier_message",
        f"Ask {who} for a plan of all {len(lines)} late lines",
        {
            "supplier_id": supplier_id,
            "po_id": lines[0].po_id if lines else None,
            "text": f"{len(lines)} lines of ours are late or will be ({named}). Please send a delivery plan line by line, "
            "and say what has changed since your lead times grew.",
        },
        f"{len(lines)} open lines are late or likely to be; one talk about all of them takes half an hour.",
        "Why the supplier got worse.",
        saved,
        known.range_of("supplier_message_success_share"),
        known.labour("supplier_talk"),
        horizon_days=28,
    )
