"""Stock in the wrong site: what could be moved from where to where, what it gains, and what the giver risks."""

import datetime as dt
from decimal import Decimal
from typing import Any

import streamlit as st

from decisions.desk import Desk
from decisions.seen import evidence
from decisions.wish import planned
from pages.parts import empty, look, picked, way_back
from pages.parts.ask import has_rows, mart
from pages.parts.chosen import Chosen
from pages.parts.notice import plain
from pages.parts.page import Visit

SOURCE = "scores.transfers"
COLUMNS = ["sku_id", "from_site_id", "to_site_id", "moved_qty", "gain_amount", "gain_low_amount", "gain_high_amount",
           "transfer_cost_amount",
           "donor_loss_amount", "stockout_share", "stockout_after_share", "lead_days", "because_text"]  # fmt: skip
LABELS = {
    "from_site_id": "From",
    "to_site_id": "To",
    "moved_qty": "Move",
    "gain_amount": "Net gain",
    "gain_low_amount": "9 in 10 above",
    "gain_high_amount": "1 in 10 above",
    "transfer_cost_amount": "Cost",
    "donor_loss_amount": "Giver loses",
    "stockout_share": "Runs out",
    "stockout_after_share": "If moved",
    "lead_days": "Days",
    "because_text": "Because",
}


def board(visit: Visit, desk: Desk, chosen: Chosen) -> None:
    """Draws the suggested moves, the greatest gain first, and the one that is picked with its button."""
    if not has_rows(visit, SOURCE):
        empty.nothing("Nothing is worth moving between sites today.", key="plan_transfers")
        return
    found = mart(visit, SOURCE, chosen=chosen, order_by=("-gain_amount", "sku_id"))
    title = f"Moves between sites, by what they gain, money in {visit.company.reporting_currency}"
    row = picked.table(visit, found, name="transfers", title=title, columns=COLUMNS, labels=LABELS, source=SOURCE)
    if row:
        _one(visit, desk, row)


def _one(visit: Visit, desk: Desk, row: dict[str, Any]) -> None:
    action = {name: row[name] for name in ("sku_id", "from_site_id", "to_site_id")} | {
        "qty": Decimal(str(row["moved_qty"]))
    }
    moved = action["qty"] * Decimal(str(row["unit_cost"] or 0))
    figures = {**row, "moved_amount": moved, "horizon_days": desk.book.policy("transfer").horizon_days}
    title = f"Move {action['qty'].normalize():f} of {row['sku_id']} from {row['from_site_id']} to {row['to_site_id']}"
    wish = planned("transfer", action, figures, title=title, build_id=visit.build.build_id, as_of=visit.as_of or dt.date.min,
                   evidence=evidence("transfer", action, visit.build))  # fmt: skip
    with st.container(key="panel_transfer"):
        look.title(title)
        st.markdown(plain(row["because_text"]))
        look.note(f"What it does not know: {row['does_not_know_text']}")
        look.note(desk.verdict(wish).because)
        st.button("Propose this move", key="plan_transfer", type="primary", shortcut="A", on_click=way_back.propose,
                  args=(f"Proposed: {title}.", desk, wish))  # fmt: skip
