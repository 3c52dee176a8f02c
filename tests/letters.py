"""A late purchase line, a late order line, and the letters that they give rise to."""

from datetime import date

from decisions.proposers import words
from decisions.proposers.follow_up import compose
from decisions.proposers.toolbox import Found

CASE = {
    "case_id": "late_inbound · PO4711 · 10",
    "as_of_date": date(2026, 11, 13),
    "po_id": "PO4711",
    "order_id": "O77",
    "our_name": "Acme GmbH",
}
LINE = {
    "po_id": "PO4711",
    "line_key": "10",
    "supplier_id": "V-12",
    "supplier_name": "Hansa Stahl GmbH",
    "sku_id": "A-100",
    "due_date": "2026-11-04",
    "open_qty": "240.0000",
}
LATE = {
    "order_id": "O77",
    "line_key": "3",
    "sku_id": "A-100",
    "customer_name": "Bau & Co",
    "due_date": "2026-11-10",
    "arrival_p80_date": "2026-11-24",
    "ordered_qty": 12.0,
}
GOOD = (
    "Dear [supplier_name],\n\nwe are still waiting for PO4711, line 10: 240 units of A-100, "
    "which were due on 4 Nov 2026. Could you let us know by 17 November 2026 when they arrive?\n\nKind regards\n[our_name]"
)


def chase(**line: object) -> words.Letter:
    found = {"line": Found("line", "marts.inbound_risks", (LINE | line,), 1)}
    return compose("supplier_message", CASE, {"po_id": "PO4711"}, found)
