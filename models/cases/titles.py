"""What a case is called, what caused it, and why it ranks where it does, in plain sentences."""

from collections.abc import Sequence

from models.cases.kinds import KINDS, SHORTAGES
from models.cases.known import Known, Row
from models.cases.units import Unit


def title(known: Known, cause: Row, signals: Sequence[Row], units: Sequence[Unit]) -> str:
    """The case in a few words: what, of what, where, and how far it reaches."""
    kind = KINDS[cause["signal_kind_code"]].title
    said = f"{kind}: {subject(known, cause)}" if subject(known, cause) else kind
    empty = sum(s["signal_kind_code"] in SHORTAGES for s in signals)
    lines = len({(u.order_id, u.line_key) for u in units if u.kind == "order line"})
    prices = sum(u.kind == "price difference" for u in units)
    more = []
    if empty and cause["signal_kind_code"] not in SHORTAGES:
        more.append(_count(empty, "shelf runs empty", "shelves run empty"))
    if cause["signal_kind_code"] in SHORTAGES and empty > 1:
        more.append(_count(empty, "shelf", "shelves"))
    if lines and cause["signal_kind_code"] not in ("order_short", "missing_data"):
        more.append(_count(lines, "order line waits", "order lines wait"))
    if prices:
        more.append(_count(prices, "order line", "order lines"))
    return f"{said} – {', '.join(more)}" if more else said


def subject(known: Known, signal: Row) -> str:
    """What a signal is about, by the names that people know."""
    kind, sku, site = signal["signal_kind_code"], signal["sku_id"], signal["site_id"]
    if kind == "supplier_worse":
        return str(known.supplier.get(signal["supplier_id"]) or signal["supplier_id"])
    if kind == "late_inbound":
        who = known.supplier.get(signal["supplier_id"]) or signal["supplier_id"] or "unknown supplier"
        return f"{signal['po_id']} line {signal['po_line_key']} of {who}, {known.sku_name(sku)} for {known.site_name(site)}"
    if kind in ("order_short", "wrong_price", "missing_data") or (kind == "late_outbound" and signal["line_key"]):
        of = f", {known.sku_name(sku)}" if sku else ""
        return f"order {signal['order_id']} line {signal['line_key']}{of}"
    if kind in ("order_held", "over_credit"):
        who = known.customer.get(signal["customer_id"]) or signal["customer_id"] or "unknown customer"
        return f"order {signal['order_id']} of {who}" if kind == "order_held" else str(who)
    if signal["shipment_id"]:
        return f"shipment {signal['shipment_id']}"
    if signal["carrier_id"]:
        return str(known.carrier.get(signal["carrier_id"]) or signal["carrier_id"])
    if sku:
        return f"{known.sku_name(sku)} at {known.site_name(site)}" if site else known.sku_name(sku)
    return signal["signal_id"].split(" · ", 1)[-1]


def cause_text(cause: Row, signals: Sequence[Row]) -> str:
    """What caused the case, and what else had a hand in it."""
    others = sorted(
        {
            KINDS[s["signal_kind_code"]].title.lower()
            for s in signals
            if s is not cause and KINDS[s["signal_kind_code"]].rank <= KINDS["late_inbound"].rank
        }
        - {KINDS[cause["signal_kind_code"]].title.lower()}
    )
    also = f" Also in it: {', '.join(others)}." if others else ""
    return f"{cause['because_text'] or KINDS[cause['signal_kind_code']].title + '.'}{also}"


def why(loss: float, actionability: float, minutes: float, labour: float, best: Row) -> str:
    """The arithmetic of the rank.

    >>> why(1000.0, 0.5, 12.0, 8.4, {"is_do_nothing": True})
    'Expected loss 1,000 × 50 % that acting is assumed to save = 500, against 12 minutes of work that cost 8.'
    """
    said = (
        f"Expected loss {loss:,.0f} × {actionability * 100:.0f} % that acting is assumed to save = {loss * actionability:,.0f}, "
        f"against {minutes:.0f} minutes of work that cost {labour:,.0f}."
    )
    return said if best["is_do_nothing"] else f"{said} The suggested action is worth {best['gain_amount']:,.0f}."


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
