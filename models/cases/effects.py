"""What follows from the cause of a case, step by step, in numbers and money: shelves, order lines, customers, penalties, margin, work."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from models.cases.known import Known, Row
from models.cases.units import Unit

Told = tuple[str, int, float | None, float | None, dt.date | None, str]


def effect_rows(
    known: Known, case_id: str, signals: Sequence[Row], units: Sequence[Unit], minutes: float
) -> list[dict[str, Any]]:
    """The steps of a case's chain of effects that have anything in them, nearest to the cause first."""
    makers: tuple[Callable[..., Told | None], ...] = (
        _purchases,
        _shelves,
        _feeding,
        _excess,
        _lines,
        _shipments,
        _customers,
        _waiting,
        _margin,
        _prices,
    )
    told = [(level, said) for level, maker in enumerate(makers, start=1) if (said := maker(known, signals, units))]
    labour = known.share("labour_cost_per_hour") * minutes / 60
    work: Told = (
        "work",
        len(signals),
        None,
        labour,
        known.as_of,
        f"About {minutes:.0f} minutes to look into it and see it through.",
    )
    told.append((len(makers) + 1, work))
    return [
        {
            "case_id": case_id,
            "step_no": number,
            "level_no": level,
            "effect_name": said[0],
            "effect_count": said[1],
            "effect_qty": None if said[2] is None else round(said[2], 3),
            "effect_amount": None if said[3] is None else round(said[3], 4),
            "effect_date": said[4],
            "because_text": said[5],
        }
        for number, (level, said) in enumerate(told, start=1)
    ]


def _purchases(known: Known, signals: Sequence[Row], _: Sequence[Unit]) -> Told | None:
    late = [s for s in signals if s["signal_kind_code"] == "late_inbound"]
    lines = [known.line[(s["po_id"], s["po_line_key"])] for s in late if (s["po_id"], s["po_line_key"]) in known.line]
    if not lines:
        return None
    first = min(line.due for line in lines)
    overdue = sum(line.due <= known.as_of for line in lines)
    weeks = {line.likely.isocalendar()[:2] for line in lines}
    busiest = max(sum(line.likely.isocalendar()[:2] == week for line in lines) for week in weeks)
    said = f"{overdue} of them are overdue, and up to {busiest} will come in one week and fill the dock."
    return (
        "late purchase lines",
        len(lines),
        sum(line.qty for line in lines),
        sum(line.amount for line in lines),
        first,
        said,
    )


def _shelves(known: Known, _: Sequence[Row], units: Sequence[Unit]) -> Told | None:
    mine = [u for u in units if u.kind == "expected demand" and (u.site_id not in known.feeds)]
    return _empty(known, mine, "shelves that run empty", "Demand that is expected finds them empty")


def _feeding(known: Known, _: Sequence[Row], units: Sequence[Unit]) -> Told | None:
    mine = [u for u in units if u.kind == "expected demand" and u.site_id in known.feeds]
    return _empty(known, mine, "branch shelves that run empty", "They are fed by another site of ours")


def _empty(known: Known, mine: list[Unit], named: str, said: str) -> Told | None:
    if not mine:
        return None
    worst = max(mine, key=lambda unit: (unit.expected, unit.key))
    text = f"{said}; most is lost of {known.sku_name(str(worst.sku_id))} at {known.site_name(str(worst.site_id))}."
    _, count, _, amount, first, _ = _told(named, mine, text)
    return named, count, sum((u.qty or 0) * u.chance for u in mine), amount, first, text


def _excess(known: Known, _: Sequence[Row], units: Sequence[Unit]) -> Told | None:
    mine = [u for u in units if u.kind in ("stock", "purchase line")]
    if not mine:
        return None
    tied = sum((u.qty or 0) * known.unit_cost(str(u.sku_id)) for u in mine)
    more = sum(u.kind == "purchase line" for u in mine)
    text = f"{tied:,.0f} are tied up in it" + (
        f", and {more} more purchase line{' is' if more == 1 else 's are'} on the way." if more else "."
    )
    return (
        "stock beyond 90 days of demand",
        len(mine),
        sum(u.qty or 0 for u in mine),
        sum(u.expected for u in mine),
        known.as_of,
        text,
    )


def _lines(_: Known, __: Sequence[Row], units: Sequence[Unit]) -> Told | None:
    mine = [u for u in units if u.kind == "order line"]
    if not mine:
        return None
    orders = len({u.order_id for u in mine})
    return _told("order lines that wait", mine, f"They belong to {orders} {'order' if orders == 1 else 'orders'}.")


def _shipments(_: Known, __: Sequence[Row], units: Sequence[Unit]) -> Told | None:
    mine = [u for u in units if u.kind == "shipment"]
    said = "They have left and will arrive after the promised day."
    return _told("lines late on the way", mine, said) if mine else None


def _told(named: str, mine: Sequence[Unit], said: str) -> Told:
    first = min((u.day for u in mine if u.day), default=None)
    return named, len(mine), sum(u.qty or 0 for u in mine), sum(u.expected for u in mine), first, said


def _customers(known: Known, _: Sequence[Row], units: Sequence[Unit]) -> Told | None:
    who: dict[str, float] = {}
    for unit in units:
        if unit.customer_id:
            who[unit.customer_id] = who.get(unit.customer_id, 0.0) + unit.expected
    if not who:
        return None
    most = max(who, key=lambda one: (who[one], one))
    return "customers", len(who), None, None, None, f"Most hangs on {known.customer.get(most) or most}."


def _waiting(_: Known, __: Sequence[Row], units: Sequence[Unit]) -> Told | None:
    mine = [u for u in units if u.wait_amount > 0]
    amount = sum(u.wait_amount * u.chance for u in mine)
    return (
        (
            "penalties and waiting",
            len(mine),
            None,
            amount,
            None,
            "By contract, and for calls and goodwill by assumption.",
        )
        if mine
        else None
    )


def _margin(_: Known, __: Sequence[Row], units: Sequence[Unit]) -> Told | None:
    mine = [
        u
        for u in units
        if u.kind in ("expected demand", "order line", "demand of the next quarter") and u.amount > u.wait_amount
    ]
    amount = sum((u.amount - u.wait_amount) * u.chance for u in mine)
    return ("margin lost", len(mine), None, amount, None, "Of demand and orders that do not wait.") if mine else None


def _prices(_: Known, __: Sequence[Row], units: Sequence[Unit]) -> Told | None:
    mine = [u for u in units if u.kind == "price difference"]
    return (
        (
            "price differences",
            len(mine),
            None,
            sum(u.expected for u in mine),
            None,
            "Between the agreed price and what was charged.",
        )
        if mine
        else None
    )
