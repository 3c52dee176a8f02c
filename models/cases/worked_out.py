"""Options that other models have worked out for all shelves together: orders, transfers, and how to share out what is scarce."""

from collections.abc import Iterator

from models.cases.known import Assumed, Known, Row, Shelf
from models.cases.options import Option, qty_text

CYCLE_DAYS = 28  # after an order has come, until it shows whether it was right


def replenish(known: Known, shelf: Shelf, row: Row) -> Option:
    """The order that replenishment proposes, with the benefit that it has worked out on sample paths."""
    qty, who = float(row["proposed_qty"]), known.supplier.get(row["supplier_id"]) or row["supplier_id"]
    return Option(
        "purchase",
        f"Order {qty:,.0f} of {known.sku_name(shelf[0])} from {who} for {known.site_name(shelf[1])}",
        {
            "sku_id": shelf[0],
            "site_id": shelf[1],
            "supplier_id": row["supplier_id"],
            "qty": qty_text(qty),
            "unit_cost": f"{float(row['unit_cost'] or 0):.4f}",
        },
        row["because_text"],
        row["does_not_know_text"],
        moved=float(row["proposed_amount"] or 0),
        gain=_gain(row),
        sure=float(row["confidence_share"] or 0),
        act_by=row["order_by_date"],
        horizon_days=int(row["lead_p90_days"] or 14) + CYCLE_DAYS,
    )


def move(known: Known, row: Row) -> Option:
    """A transfer out of the plan that was made for all sites together."""
    qty = float(row["moved_qty"])
    return Option(
        "transfer",
        f"Move {qty:,.0f} of {known.sku_name(row['sku_id'])} from {known.site_name(row['from_site_id'])} "
        f"to {known.site_name(row['to_site_id'])}",
        {
            "sku_id": row["sku_id"],
            "from_site_id": row["from_site_id"],
            "to_site_id": row["to_site_id"],
            "qty": qty_text(qty),
        },
        row["because_text"],
        row["does_not_know_text"],
        cost=Assumed(*[float(row["transfer_cost_amount"] or 0)] * 3),
        moved=qty * float(row["unit_cost"] or 0),
        gain=_gain(row),
        sure=float(row["confidence_share"] or 0),
        horizon_days=14,
    )


def _gain(row: Row) -> tuple[float, float, float]:
    low, high = float(row["gain_low_amount"] or 0), float(row["gain_high_amount"] or 0)
    return float(row["gain_amount"] or 0), min(low, high), max(low, high)


def shared_out(known: Known, shelf: Shelf) -> Iterator[Option]:
    """What is there given to those for whom it is worth most, where that beats serving who came first."""
    worth = {row["rule_name"]: row for row in known.rules.get(shelf, ())}
    best = next((row for row in worth.values() if row["is_suggested"]), None)
    first = worth.get("first come")
    if best is None or first is None or best is first:
        return
    gain = float(best["worth_amount"] or 0) - float(first["worth_amount"] or 0)
    if gain <= 0:
        return
    lines = [
        {"order_id": row["order_id"], "line_key": row["line_key"], "qty": qty_text(float(row["given_qty"]))}
        for row in known.shares.get(shelf, ())
        if row["rule_name"] == best["rule_name"]
    ]
    yield Option(
        "allocate",
        f"Share {known.sku_name(shelf[0])} at {known.site_name(shelf[1])} out by {best['rule_name']} instead of first come",
        {"sku_id": shelf[0], "site_id": shelf[1], "rule": best["rule_name"], "lines": lines},
        best["because_text"],
        "What was promised to customers by telephone.",
        gain=(gain, gain / 2, gain * 1.5),
        sure=0.8,
        horizon_days=7,
    )
