"""What is known of one SKU at one site, what is suggested for it and how that came about."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from pages.parts import look, steps, told
from pages.parts.ask import has_rows, mart
from pages.parts.labels import label, unit_of
from pages.parts.notice import plain
from pages.parts.page import Visit

SOURCE, CASES = "marts.replenishment", "marts.cases"
FACTS = [
    "category_name", "abc_class", "on_hand_qty", "on_order_qty", "demand_28_qty", "cover_days", "on_hand_amount", "stock_date",
]  # fmt: skip
POLICY = [
    "supplier_name", "lead_p50_days", "lead_p90_days", "protection_days", "demand_mean_qty", "safety_qty", "reorder_point_qty",
    "order_up_to_qty", "position_qty", "normal_safety_qty", "normal_reorder_point_qty", "minimum_order_qty", "pack_qty",
    "proposed_qty", "proposed_amount", "stockout_share", "stockout_after_share", "gain_amount", "gain_low_amount", "gain_high_amount",
    "do_nothing_amount", "order_by_date",
]  # fmt: skip

ORDERED = (
    "proposed_amount",
    "stockout_after_share",
    "gain_amount",
    "gain_low_amount",
    "gain_high_amount",
)  # said of an order
LABELS = {
    "on_hand_qty": "On hand",
    "on_order_qty": "On its way",
    "demand_28_qty": "Asked for in 28 days",
    "cover_days": "Lasts",
    "on_hand_amount": "Worth, at cost",
    "stock_date": "Counted on",
    "supplier_name": "Supplier",
    "lead_p50_days": "A new order takes",
    "lead_p90_days": "9 in 10 come within",
    "protection_days": "Must last",
    "demand_mean_qty": "Demand until then",
    "safety_qty": "Safety stock",
    "reorder_point_qty": "Reorder point",
    "order_up_to_qty": "Order up to",
    "position_qty": "There + coming − promised",
    "normal_safety_qty": "Safety stock, textbook",
    "normal_reorder_point_qty": "Reorder point, textbook",
    "minimum_order_qty": "Least order",
    "pack_qty": "Pack",
    "proposed_qty": "Order",
    "proposed_amount": "Its cost",
    "stockout_share": "Chance to run out",
    "stockout_after_share": "With the order",
    "gain_amount": "Expected gain",
    "gain_low_amount": "Gain, 9 in 10 above",
    "gain_high_amount": "Gain, 1 in 10 above",
    "do_nothing_amount": "Lost if nothing is ordered",
    "order_by_date": "Order by",
}

STEPS = {"step_name": "Step", "step_qty": "Quantity", "step_text": "Because"}


def facts(visit: Visit, sku_id: str, site_id: str) -> None:
    """The row of the stock table as labels and values."""
    rows = mart(visit, "marts.stock_now", where={"sku_id": sku_id, "site_id": site_id})
    if rows.height:
        row = rows.row(0, named=True)
        title = f"{row['sku_name'] or sku_id} at {row['site_name'] or site_id}"
        _listed(visit, row, [name for name in FACTS if name in row], title=title, name="detail")


def row_of(visit: Visit, sku_id: str, site_id: str) -> dict[str, Any] | None:
    """What is suggested for the shelf; None where nothing is."""
    if not has_rows(visit, SOURCE):
        return None
    rows = mart(visit, SOURCE, where={"sku_id": sku_id, "site_id": site_id})
    return rows.row(0, named=True) if rows.height else None


def suggestion(visit: Visit, row: dict[str, Any]) -> None:
    """Draws what is suggested, in words, and the ways to where it is decided."""
    with st.container(key="panel_suggestion"):
        look.title("What is suggested")
        st.markdown(plain(row["because_text"]))
        look.note(f"What it does not know: {row['does_not_know_text']}")
        with st.container(horizontal=True, gap="medium", key="tools_suggestion"):
            _ways(visit, row)


def _ways(visit: Visit, row: Mapping[str, Any]) -> None:
    """Links to the case that the shelf is in, and to the plan that its order is in."""
    where = {"sku_id": row["sku_id"], "site_id": row["site_id"]}
    here = {"company": visit.company.name}
    found = pl.DataFrame()
    if has_rows(visit, CASES):
        wanted = {**where, "is_shown": True}
        found = mart(visit, CASES, where=wanted, columns=("case_id",), order_by=("-expected_loss_amount",), limit=1)
    if found.height and (cases := visit.door("cases")) is not None:
        query = {**here, "case": found["case_id"][0]}
        st.page_link(cases, label="Its case", icon=":material/inbox:", query_params=query)
    if (row["proposed_qty"] or 0) > 0 and (plan := visit.door("plan")) is not None:
        tab = "orders" if row["supplier_id"] else "transfers"
        query = {**here, "tab": tab, "sku": row["sku_id"], "site": row["site_id"]}
        st.page_link(plan, label="Its order in the plan", icon=":material/edit_calendar:", query_params=query)


def policy(visit: Visit, row: dict[str, Any]) -> None:
    """Draws the figures of the stock policy, the textbook's beside them."""
    silent = () if row["proposed_qty"] else ORDERED
    there = [name for name in POLICY if row.get(name) is not None and name not in silent]
    _listed(visit, row, there, title="Stock policy", name="stock_policy")


def _listed(visit: Visit, row: Mapping[str, Any], columns: Sequence[str], *, title: str, name: str) -> None:
    """Some of a row's values with their units, at a readable length; every digit is in the downloads."""
    with st.container(key=f"panel_{name}"):
        look.title(title)
        look.pairs(
            {LABELS.get(column, label(column)): visit.words.value(row[column], unit_of(column)) for column in columns}
        )


def derivation(visit: Visit, sku_id: str, site_id: str) -> None:
    """How the suggested quantity came about; the steps add up to it."""
    found = steps.rows(visit, sku_id, site_id)
    if not found.height:
        return
    total = found["step_qty"].sum()
    title = f"Why {visit.words.number(total)}?" if total else "Why is nothing ordered?"
    told.told(visit, found, name="derivation", title=title, source=steps.SOURCE, columns=list(STEPS), labels=STEPS,
              units={"step_qty": "number"}, note="the steps add up to it")  # fmt: skip
