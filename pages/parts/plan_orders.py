"""Orders to suppliers as they are suggested: one row an order, its lines below, quantities that may be changed, and one button."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st

from decisions.desk import Desk
from decisions.proposal import Proposal, Step, changed
from decisions.seen import evidence
from decisions.standing import Standing
from decisions.wish import planned
from errors import Refusal
from pages.parts import empty, look, picked, steps, way_back
from pages.parts.ask import between, has_rows, mart
from pages.parts.chosen import Chosen
from pages.parts.grid import headings
from pages.parts.page import Visit
from pages.parts.sensitive import without

LINES = "marts.replenishment"
ORDERS = [
    "supplier_name",
    "site_name",
    "line_count",
    "proposed_amount",
    "gain_amount",
    "do_nothing_amount",
    "order_by_date",
    "standing_text",
]
COLUMNS = ["sku_id", "sku_name", "proposed_qty", "proposed_amount", "gain_amount", "stockout_share", "stockout_after_share",
           "on_hand_qty", "open_qty", "demand_mean_qty", "safety_qty", "order_by_date", "abc_class", "because_text"]  # fmt: skip
LABELS = {
    "supplier_name": "Supplier",
    "site_name": "For",
    "sku_name": "Article",
    "on_hand_qty": "On hand",
    "abc_class": "Class",
    "line_count": "Lines",
    "proposed_qty": "Suggested",
    "proposed_amount": "Its cost",
    "gain_amount": "Gain",
    "do_nothing_amount": "Lost if not ordered",
    "stockout_share": "Runs out",
    "stockout_after_share": "If ordered",
    "open_qty": "On its way",
    "demand_mean_qty": "Demand till then",
    "safety_qty": "Safety",
    "order_by_date": "Order by",
    "because_text": "Because",
    "standing_text": "Stands",
    "wanted_qty": "Order",
}


def board(visit: Visit, desk: Desk, chosen: Chosen) -> None:
    """Draws the suggested orders, the greatest gain first, and the lines of the one that is picked."""
    if not has_rows(visit, LINES):
        empty.nothing("Nothing is suggested: either no stock is known, or no shelf needs an order.", key="plan_orders")
        return
    lines = mart(visit, LINES, chosen=chosen, where={"proposed_qty": between(0.001, None)}, order_by=("-gain_amount",))
    bought = lines.filter(pl.col("supplier_id").is_not_null())
    orders = _orders(visit, bought, desk)
    title = f"Orders to suppliers, by what they gain, money in {visit.company.reporting_currency}"
    order = picked.table(visit, orders, name="orders", title=title, columns=ORDERS, labels=LABELS, source=LINES)
    if order is None:
        return
    mine = bought.filter(supplier_id=order["supplier_id"], site_id=order["site_id"])
    _lines(visit, desk, order, mine)


def _orders(visit: Visit, bought: pl.DataFrame, desk: Desk) -> pl.DataFrame:
    """One row for each supplier and site, with where the proposals made of its lines stand."""
    stands = {
        (s.proposal.subject.get("sku_id"), s.proposal.subject.get("site_id")): s.state
        for s in desk.book.standings.values()
        if s.proposal.kind == "purchase" and _is_of_today(s, visit)
    }
    said = [stands.get((sku, site), "") for sku, site in bought.select("sku_id", "site_id").iter_rows()]
    total = [pl.col(name).sum() for name in ("proposed_amount", "gain_amount", "do_nothing_amount")]
    return (
        bought.with_columns(pl.Series("state", said, dtype=pl.String))
        .group_by("supplier_id", "supplier_name", "site_id", "site_name")
        .agg(*total, pl.col("order_by_date").min(), line_count=pl.len(), made=(pl.col("state") != "").sum())
        .with_columns(
            standing_text=pl.when(pl.col("made") == 0)
            .then(pl.lit("not proposed yet"))
            .otherwise(pl.format("{} of {} proposed", "made", "line_count"))
        )
        .sort("gain_amount", descending=True)
    )


def _is_of_today(standing: Standing, visit: Visit) -> bool:
    """Whether a proposal still waits or stands, or was made of these data; what earlier ones brought is on hand or on order."""
    if standing.state in ("declined", "withdrawn", "expired"):
        return False
    return standing.state in ("pending", "approved") or standing.proposal.as_of == visit.as_of


def _lines(visit: Visit, desk: Desk, order: Mapping[str, Any], mine: pl.DataFrame) -> None:
    """The lines of one order; a quantity that is changed is an override and asks for a reason."""
    with st.container(key="panel_order_lines"):
        look.title(
            f"{order['supplier_name'] or order['supplier_id']} for {order['site_name'] or order['site_id']}",
            visit.words.plural(mine.height, "line"),
        )
        columns = [name for name in COLUMNS if name in mine.columns]
        shown = without(visit, mine.select(columns)).with_columns(wanted_qty=pl.col("proposed_qty"))
        columns, lead = [name for name in columns if name in shown.columns], ["sku_id", "sku_name", "wanted_qty"]
        shown = shown.select(*lead, *[name for name in columns if name not in lead])
        numbers = [name for name, kind in shown.schema.items() if kind.is_numeric()]
        whole = [name for name in ("proposed_amount", "demand_mean_qty", "safety_qty") if name in numbers]
        edited = st.data_editor(
            shown.with_columns(pl.col(numbers).cast(pl.Float64).round(2))
            .with_columns(pl.col(whole).round(0))
            .to_arrow(compat_level=pl.CompatLevel.oldest()),
            key=f"order_{order['supplier_id']}_{order['site_id']}",
            hide_index=True,
            disabled=[name for name in shown.columns if name != "wanted_qty"],
            column_config=headings(visit, shown, LABELS),
        )
        wanted = [
            Decimal(str(qty)) if qty is not None else Decimal(0) for qty in pl.DataFrame(edited)["wanted_qty"].to_list()
        ]
        found = [
            order_wish(visit, desk, row, qty)
            for row, qty in zip(mine.iter_rows(named=True), wanted, strict=True)
            if qty > 0
        ]
        total = sum((wish.moved_amount for wish in found), Decimal(0))
        gain = sum((wish.gain_amount or Decimal(0) for wish in found), Decimal(0))
        look.note(
            f"{visit.words.plural(len(found), 'line')}, {visit.words.money_exact(total)} together, expected gain {visit.words.money(gain)}."
        )
        st.button("Propose this order", key="plan_propose", type="primary", shortcut="A", disabled=not found, on_click=way_back.propose,
                  args=(f"Proposed: {visit.words.plural(len(found), 'line')}, {visit.words.money_exact(total)}.", desk, *found),
                  kwargs={"by": propose_all})  # fmt: skip


def order_wish(visit: Visit, desk: Desk, row: Mapping[str, Any], qty: Decimal) -> Proposal:
    """The proposal to order so much of one line; another quantity than the suggested one is an override."""
    suggested = Decimal(str(row["proposed_qty"]))
    fields = {name: row[name] for name in ("sku_id", "site_id", "supplier_id")}
    action = {**fields, "qty": suggested, "unit_cost": row["unit_cost"]}
    figures = {
        **row,
        "moved_amount": row["proposed_amount"],
        "act_by_date": row["order_by_date"],
        "horizon_days": desk.book.policy("purchase").horizon_days,
    }
    derived = [
        Step(name, Decimal(str(step)), text or "")
        for name, step, text in steps.rows(visit, row["sku_id"], row["site_id"])
        .select("step_name", "step_qty", "step_text")
        .iter_rows()
    ]
    wish = planned("purchase", action, figures, title=f"Order {suggested.normalize():f} of {row['sku_id']} for {row['site_id']}",
                   build_id=visit.build.build_id, as_of=visit.as_of or dt.date.min, case_id=case_of(visit, row),
                   evidence=evidence("purchase", action, visit.build), steps=derived)  # fmt: skip
    if qty == suggested:
        return wish
    return changed(wish, {**action, "qty": qty}, moved_amount=wish.moved_amount * qty / suggested)


def case_of(visit: Visit, row: Mapping[str, Any]) -> str:
    """The case that an order for this shelf settles; empty where there is none."""
    if not has_rows(visit, "marts.cases"):
        return ""
    where = {"sku_id": row["sku_id"], "site_id": row["site_id"], "case_kind_code": ["stockout_ahead", "stocked_out"]}
    found = mart(visit, "marts.cases", where=where, columns=("case_id",), limit=1)
    return found["case_id"][0] if found.height else ""


def propose_all(desk: Desk, wishes: list[Proposal]) -> None:
    """Propose each line; what the policy refuses is told with how many went through."""
    refused: list[str] = []
    for wish in wishes:
        try:
            desk.propose(wish)
        except Refusal as no:
            refused.append(f"{wish.subject['sku_id']}: {no.why}")
    if refused:
        said = f"{len(refused)} of {len(wishes)} lines were refused: {' '.join(refused[:3])}"
        raise Refusal("Not all of it was proposed.", said, "Look at those lines; the others are proposed.")
