"""What is known of each kind of case before any is seen: whose it is, when it shows whether acting helped, what it explains."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of signal and of case.

    Attributes:
        rank: among the signals of one case the lowest rank is the cause.
        title: what it is called; the subject follows.
        owner: the role that it belongs to.
        horizon_days: after so many days it shows whether acting helped.
    """

    rank: int
    title: str
    owner: str
    horizon_days: int


KINDS: dict[str, Kind] = {
    "data_defect": Kind(0, "Records disagree", "data", 7),
    "supplier_worse": Kind(1, "Supplier got worse", "purchasing", 56),
    "demand_spike": Kind(2, "Demand rose", "planning", 42),
    "demand_drop": Kind(3, "Demand fell", "planning", 56),
    "stale_parameter": Kind(4, "Parameter no longer fits", "planning", 56),
    "late_inbound": Kind(5, "Late purchase", "purchasing", 28),
    "over_credit": Kind(6, "Over the credit limit", "finance", 30),
    "order_held": Kind(7, "Order held", "finance", 14),
    "price_anomaly": Kind(8, "Strange price", "sales", 14),
    "quantity_anomaly": Kind(9, "Strange quantity", "sales", 14),
    "late_outbound": Kind(10, "Late delivery", "logistics", 14),
    "misplaced_stock": Kind(11, "Stock in the wrong place", "planning", 14),
    "stocked_out": Kind(12, "Empty shelf", "planning", 28),
    "stockout_ahead": Kind(13, "Shelf runs empty", "planning", 28),
    "order_short": Kind(14, "Order short", "sales", 14),
    "wrong_price": Kind(15, "Wrong price", "sales", 14),
    "missing_data": Kind(16, "Order incomplete", "sales", 7),
    "excess_stock": Kind(17, "More stock than needed", "planning", 91),
}
# How much of the loss somebody who acts usually saves is assumed (`acting_saves_share_…` in raw.assumptions), until outcomes tell.
# What a shortage looks like, wherever it comes from.
SHORTAGES = ("stocked_out", "stockout_ahead")
# From grade to how far it can be trusted; the worst of the tables that a case rests on is its own.
GRADES = "ABCD"
