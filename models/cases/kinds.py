"""What is known of each kind of case before any is seen: whose it is, how much acting helps, and which kind explains which."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of signal and of case.

    Attributes:
        rank: among the signals of one case the lowest rank is the cause.
        title: what it is called; the subject follows.
        actionability: share of the expected loss that somebody who acts usually saves. Nobody has measured it; outcomes will.
        owner: the role that it belongs to.
        horizon_days: after so many days it shows whether acting helped.
    """

    rank: int
    title: str
    actionability: float
    owner: str
    horizon_days: int


KINDS: dict[str, Kind] = {
    "data_defect": Kind(0, "Records disagree", 0.8, "data", 7),
    "supplier_worse": Kind(1, "Supplier got worse", 0.4, "purchasing", 56),
    "demand_spike": Kind(2, "Demand rose", 0.6, "planning", 42),
    "demand_drop": Kind(3, "Demand fell", 0.3, "planning", 56),
    "stale_parameter": Kind(4, "Parameter no longer fits", 0.8, "planning", 56),
    "late_inbound": Kind(5, "Late purchase", 0.5, "purchasing", 28),
    "over_credit": Kind(6, "Over the credit limit", 0.7, "finance", 30),
    "order_held": Kind(7, "Order held", 0.8, "finance", 14),
    "price_anomaly": Kind(8, "Strange price", 0.7, "sales", 14),
    "quantity_anomaly": Kind(9, "Strange quantity", 0.5, "sales", 14),
    "late_outbound": Kind(10, "Late delivery", 0.4, "logistics", 14),
    "misplaced_stock": Kind(11, "Stock in the wrong place", 0.7, "planning", 14),
    "stocked_out": Kind(12, "Empty shelf", 0.6, "planning", 28),
    "stockout_ahead": Kind(13, "Shelf runs empty", 0.7, "planning", 28),
    "order_short": Kind(14, "Order short", 0.5, "sales", 14),
    "wrong_price": Kind(15, "Wrong price", 0.8, "sales", 14),
    "missing_data": Kind(16, "Order incomplete", 0.8, "sales", 7),
    "excess_stock": Kind(17, "More stock than needed", 0.15, "planning", 91),
}
# What a shortage looks like, wherever it comes from.
SHORTAGES = ("stocked_out", "stockout_ahead")
# From grade to how far it can be trusted; the worst of the tables that a case rests on is its own.
GRADES = "ABCD"
