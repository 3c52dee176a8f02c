"""What is known of one SKU at one site, what is suggested for it and how that came about."""

from typing import Any

import streamlit as st

from pages.parts import look, steps, tables
from pages.parts.ask import has_rows, mart
from pages.parts.notice import plain
from pages.parts.page import Visit

SOURCE = "marts.replenishment"
FACTS = [
    "sku_name", "category_name", "abc_class", "on_hand_qty", "on_order_qty", "demand_28_qty", "cover_days", "on_hand_amount", "stock_date",
]  # fmt: skip
POLICY = [
    "supplier_name", "lead_p50_days", "lead_p90_days", "protection_days", "demand_mean_qty", "safety_qty", "reorder_point_qty",
    "order_up_to_qty", "position_qty", "normal_safety_qty", "normal_reorder_point_qty", "minimum_order_qty", "pack_qty",
    "proposed_qty", "proposed_amount", "stockout_share", "stockout_after_share", "gain_amount", "gain_low_amount", "gain_high_amount",
    "do_nothing_amount", "order_by_date",
]  # fmt: skip


LABELS = {
    "lead_p50_days": "A new order takes (days)",
    "lead_p90_days": "9 in 10 within (days)",
    "protection_days": "Must last (days)",
    "demand_mean_qty": "Demand until then",
    "safety_qty": "Safety stock",
    "reorder_point_qty": "Reorder point",
    "order_up_to_qty": "Order up to",
    "position_qty": "There, coming, promised",
    "normal_safety_qty": "Safety stock, textbook",
    "normal_reorder_point_qty": "Reorder point, textbook",
    "minimum_order_qty": "Least order",
    "pack_qty": "Pack",
    "proposed_qty": "Order",
    "proposed_amount": "Its cost",
    "stockout_share": "Chance to run out",
    "stockout_after_share": "With the order",
    "gain_amount": "Expected gain",
    "gain_low_amount": "1 in 10 below",
    "gain_high_amount": "1 in 10 above",
    "do_nothing_amount": "Lost if nothing is ordered",
    "order_by_date": "Order by",
}


def facts(visit: Visit, sku_id: str, site_id: str) -> None:
    """The row of the stock table as labels and values."""
    rows = mart(visit, "marts.stock_now", where={"sku_id": sku_id, "site_id": site_id})
    if rows.height:
        row = rows.row(0, named=True)
        tables.detail(
            visit,
            row,
            title=f"{row['sku_name'] or sku_id} at {row['site_name'] or site_id}",
            columns=[name for name in FACTS if name in row],
        )


def row_of(visit: Visit, sku_id: str, site_id: str) -> dict[str, Any] | None:
    """What is suggested for the shelf; None where nothing is."""
    if not has_rows(visit, SOURCE):
        return None
    rows = mart(visit, SOURCE, where={"sku_id": sku_id, "site_id": site_id})
    return rows.row(0, named=True) if rows.height else None


def suggestion(row: dict[str, Any]) -> None:
    """Draws what is suggested, in words."""
    with st.container(key="panel_suggestion"):
        look.title("What is suggested")
        st.markdown(plain(row["because_text"]))
        look.note(f"What it does not know: {row['does_not_know_text']}")


def policy(visit: Visit, row: dict[str, Any]) -> None:
    """Draws the figures of the stock policy, the textbook's beside them."""
    there = [name for name in POLICY if row.get(name) is not None]
    tables.detail(visit, row, title="Stock policy", name="stock_policy", columns=there, labels=LABELS)


def derivation(visit: Visit, sku_id: str, site_id: str) -> None:
    """How the suggested quantity came about; the steps add up to it."""
    found = steps.rows(visit, sku_id, site_id)
    if found.height:
        total = visit.words.number(found["step_qty"].sum())
        tables.show(visit, found.select("step_name", "step_qty", "step_text"), name="derivation", title=f"Why {total}?",
                    labels={"step_name": "Step", "step_qty": "Quantity", "step_text": "Because"}, source=steps.SOURCE)  # fmt: skip
