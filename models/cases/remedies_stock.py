"""What can be done where a shelf holds or is ordered too much or too little: another parameter, a purchase called off, goods moved on."""

from collections.abc import Iterator

from models.cases.known import Known, Row
from models.cases.options import Option, qty_text
from models.cases.units import Unit
from models.cases.worked_out import move

MOST_EACH = 2  # options of one sort in a case


def worst(signals: list[Row], units: list[Unit], count: int = MOST_EACH) -> list[Row]:
    """The signals whose units lose most."""
    loss: dict[str, float] = {}
    for unit in units:
        loss[unit.signal_id] = loss.get(unit.signal_id, 0.0) + unit.expected
    return sorted(signals, key=lambda s: (-loss.get(s["signal_id"], 0.0), s["signal_id"]))[:count]


def parameters(known: Known, of: dict[str, list[Row]], units: list[Unit]) -> Iterator[Option]:
    """New reorder point and order-up-to level where they no longer fit, or where demand has moved."""
    wanted = [*of.get("stale_parameter", ()), *of.get("demand_spike", ()), *of.get("demand_drop", ())]
    seen: set[tuple[str, str]] = set()
    for signal in worst(wanted, units, 2 * MOST_EACH):
        shelf = (signal["sku_id"], signal["site_id"])
        now = known.parameter.get(shelf)
        if now is None or shelf in seen or not now["usual_up_to_qty"] or not now["order_up_to_qty"]:
            continue
        seen.add(shelf)
        was, upto = float(now["order_up_to_qty"]), float(now["usual_up_to_qty"])
        gap = max(was - float(now["reorder_point_qty"] or 0), 0.0)
        reorder = max(upto - gap * min(upto / was, 1.0), 0.0) if was > 0 else upto / 2
        saved = {u.key: 1.0 for u in units if (u.sku_id, u.site_id) == shelf and u.key.startswith("parameter")}
        saved |= _less_stock(shelf, units, max(was - upto, 0.0))
        yield _level(known, shelf, (was, upto, reorder), saved, horizon_days=56)


def excess(known: Known, of: dict[str, list[Row]], units: list[Unit]) -> Iterator[Option]:
    """Purchases that still come on top of excess cancelled; else the parameter lowered, so that no more is ordered."""
    for signal in worst(of.get("excess_stock", []), units):
        shelf = (signal["sku_id"], signal["site_id"])
        for line in known.inbound.get(shelf, ())[:MOST_EACH]:
            key = f"purchase line · {line.po_id} · {line.line_key}"
            yield Option(
                "cancel_purchase",
                f"Cancel or postpone {line.po_id} line {line.line_key}: {line.qty:,.0f} of {known.sku_name(shelf[0])}",
                {"po_id": line.po_id, "line_key": line.line_key, "qty": qty_text(line.qty)},
                f"The shelf holds more than 90 days of demand already, and this comes on top about {line.likely:%d %b}.",
                "Whether the supplier still lets it be cancelled, and at which fee.",
                {key: 1.0},
                known.range_of("cancel_success_share"),
                known.labour("cancel_purchase"),
                line.amount,
                horizon_days=91,
            )
        if shelf in known.parameter and not of.get("stale_parameter") and not of.get("demand_drop"):
            yield from _lowered(known, shelf, units)
        for row in known.moves_from.get(shelf, ())[:MOST_EACH]:
            yield move(known, row)
        if shelf not in known.parameter:
            yield _moved_off(known, shelf, units)


def _level(
    known: Known,
    shelf: tuple[str, str],
    levels: tuple[float, float, float],
    saved: dict[str, float],
    *,
    horizon_days: int,
) -> Option:
    """The option to set a shelf's levels: `levels` are the order-up-to level as it is, as it would be, and the new reorder point."""
    was, upto, reorder = levels
    return Option(
        "stock_parameter",
        f"Set {known.sku_name(shelf[0])} at {known.site_name(shelf[1])} to order up to {upto:,.0f} (now about {was:,.0f})",
        {
            "sku_id": shelf[0],
            "site_id": shelf[1],
            "reorder_point_qty": qty_text(round(reorder)),
            "order_up_to_qty": qty_text(round(upto)),
        },
        known.parameter[shelf]["because_text"],
        "The parameter in the source system itself; it is read off the orders.",
        saved,
        known.range_of("parameter_success_share"),
        known.labour("stock_parameter"),
        moved=abs(upto - was) * known.unit_cost(shelf[0]),
        horizon_days=horizon_days,
    )


def _lowered(known: Known, shelf: tuple[str, str], units: list[Unit]) -> Iterator[Option]:
    now = known.parameter[shelf]
    was, upto = float(now["order_up_to_qty"] or 0), float(now["usual_up_to_qty"] or 0)
    if 0 < upto < was:
        reorder = upto * float(now["reorder_point_qty"] or 0) / was
        yield _level(known, shelf, (was, upto, reorder), _less_stock(shelf, units, was - upto), horizon_days=91)
    else:
        yield _moved_off(known, shelf, units)


def _less_stock(shelf: tuple[str, str], units: list[Unit], less: float) -> dict[str, float]:
    """Half of the excess that will not be bought again: the level is reached anew only when what is there is sold."""
    mine = [u for u in units if (u.sku_id, u.site_id) == shelf and u.kind == "stock" and u.qty]
    return {u.key: 0.5 * min(less / float(u.qty or 1), 1.0) for u in mine}


def _moved_off(known: Known, shelf: tuple[str, str], units: list[Unit]) -> Option:
    """Excess given back to the site that feeds this one, or to the one that sells most of the SKU; else nothing more ordered."""
    stock = known.stock.get(shelf) or {}
    others = [site for site in known.sites_of.get(shelf[0], ()) if site != shelf[1]]
    excess = float(stock.get("excess_qty") or 0)
    sells = [(sum(known.demand((shelf[0], site))[:91]), site) for site in others]
    best = max(sells, default=(0.0, ""))
    qty = float(int(min(excess, best[0])))
    mine = (
        {u.key: min(qty / excess, 1.0) for u in units if (u.sku_id, u.site_id) == shelf and u.kind == "stock"}
        if excess
        else {}
    )
    if qty < 1:
        return Option(
            "stock_parameter",
            f"Order no more of {known.sku_name(shelf[0])} for {known.site_name(shelf[1])} until the excess is sold",
            {"sku_id": shelf[0], "site_id": shelf[1], "reorder_point_qty": "0", "order_up_to_qty": "0"},
            f"{excess:,.0f} lie beyond 90 days of demand.",
            "Whether the range keeps it, and whether anybody else would take it.",
            dict.fromkeys((u.key for u in units if (u.sku_id, u.site_id) == shelf and u.kind == "stock"), 0.2),
            known.range_of("order_stop_success_share"),
            known.labour("stock_parameter"),
            horizon_days=91,
        )
    fixed = known.range_of("transfer_cost")
    return Option(
        "transfer",
        f"Move {qty:,.0f} of {known.sku_name(shelf[0])} from {known.site_name(shelf[1])} to {known.site_name(best[1])}",
        {"sku_id": shelf[0], "from_site_id": shelf[1], "to_site_id": best[1], "qty": qty_text(qty)},
        f"{known.site_name(best[1])} sells {best[0]:,.0f} of it in 90 days and would need to buy less.",
        "Whether it is worth the room on the next vehicle.",
        mine,
        known.range_of("move_off_success_share"),
        fixed,
        qty * known.unit_cost(shelf[0]),
        horizon_days=91,
    )
