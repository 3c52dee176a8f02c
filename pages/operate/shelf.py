"""A SKU at a site: what is on the shelf, what may become of it, what is suggested, and what was said and came before."""

import streamlit as st

from pages.parts import empty, fan, filters, shelf_facts, stock_ahead, tables, why_changed
from pages.parts.ask import between, has_rows, mart
from pages.parts.page import Page, Visit

PAGE = Page(
    title="SKU at a site",
    question="What is on this shelf, what will become of it, what should be done, and why so much?",
    audience="planner",
    needs=("stock_days", "order_lines"),
    icon=":material/shelves:",
    order=32,
)
OPEN_LINES = ["po_id", "supplier_name", "ordered_date", "due_date", "ordered_qty", "open_qty", "open_amount"]


def render(visit: Visit) -> None:
    """Facts, the stock ahead with what-if sliders, the demand behind it, the suggestion with its derivation, and what is on its way."""
    chosen = filters.bar(visit, "site_id", "sku_id", dates=False)
    picked = _shelf(visit, chosen)
    if picked is None:
        return
    sku, site = picked
    where = {"sku_id": sku, "site_id": site}
    row = shelf_facts.row_of(visit, sku, site)
    point = float(row["reorder_point_qty"]) if row and row["reorder_point_qty"] is not None else None
    wide, narrow = st.columns([5, 2], gap="small")
    with wide:
        if row:
            shelf_facts.suggestion(visit, row)
        stock_ahead.panel(visit, sku, site, reorder_point=point)
        if has_rows(visit, fan.LEVELS):
            weeks = fan.weeks(visit, {"level_name": "sku_site", **where, "category_name": "*"})
            fan.fan(visit, weeks, title="Demand by week, and the next thirteen")
    with narrow:
        shelf_facts.facts(visit, sku, site)
        if row:
            shelf_facts.policy(visit, row)
    shelf_facts.derivation(visit, sku, site)
    why_changed.panel(visit, sku, site)
    lines = mart(
        visit, "marts.purchase_lines", where={**where, "open_qty": between(0.001, None)}, order_by=("due_date",)
    )
    tables.show(visit, lines, name="on_its_way", title="On its way", columns=OPEN_LINES, source="marts.purchase_lines")


def _shelf(visit: Visit, chosen: filters.Chosen) -> tuple[str, str] | None:
    """The one SKU at one site that the filters name; else the shelf with most at stake among them, with a hint to choose."""
    found = mart(visit, "marts.stock_now", chosen=chosen, order_by=("-demand_28_amount", "sku_id"), limit=1)
    if not found.height:
        empty.nothing("No stock is known for these filters.", key="shelf")
        return None
    if len(chosen.where.get("sku_id", ())) != 1 or len(chosen.where.get("site_id", ())) != 1:
        st.caption("Choose a SKU and a site above; this is the one that most is asked of.")
    return found["sku_id"][0], found["site_id"][0]
