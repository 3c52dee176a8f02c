"""Scarce stock shared out: every rule side by side with its price, one of them line by line, and cells that may be locked."""

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import streamlit as st

from decisions.desk import Desk
from decisions.seen import evidence
from decisions.wish import planned
from models.allocation.rules import Claims, given
from pages.parts import empty, look, picked, tables, way_back
from pages.parts.ask import has_rows, mart
from pages.parts.chosen import Chosen
from pages.parts.grid import headings
from pages.parts.page import Visit
from pages.parts.sensitive import why_no_sum, without

RULES, LINES, TIERS = "scores.allocation_rules", "scores.allocations", "scores.allocation_tiers"
COMPARED = ["rule_name", "given_qty", "margin_amount", "worth_amount", "missed_worth_amount", "shadow_amount", "floor_breach_count",
            "worst_fill_share", "fairness_number", "loser_count", "because_text"]  # fmt: skip
WAITS = ["order_id", "line_key", "customer_id", "tier_code", "due_date", "wanted_qty", "floor_qty", "unit_worth_amount"]
SHOWN = [
    "order_id",
    "line_key",
    "customer_id",
    "tier_code",
    "due_date",
    "wanted_qty",
    "floor_qty",
    "first_come_qty",
    "given_qty",
]
LABELS = {
    "rule_name": "Rule",
    "line_count": "Lines",
    "line_key": "Line",
    "supply_qty": "There is",
    "demand_qty": "Wanted",
    "given_qty": "Gets",
    "margin_amount": "Margin",
    "worth_amount": "Worth with penalties",
    "missed_worth_amount": "Worth missed",
    "shadow_amount": "One more is worth",
    "floor_breach_count": "Floors broken",
    "worst_fill_share": "Worst served",
    "fairness_number": "Fairness",
    "loser_count": "Losers",
    "because_text": "Because",
    "wanted_qty": "Wants",
    "floor_qty": "Contract floor",
    "first_come_qty": "By first come",
    "locked_qty": "Lock at",
    "tier_code": "Tier",
}
DOES_NOT_KNOW = "Whether every line will still be wanted when it ships, and what a customer says who gets less."
NOTHING = "Nowhere do open order lines want more than is there, so there is nothing to share out."


def board(visit: Visit, desk: Desk, chosen: Chosen) -> None:
    """Draws the shelves that are short, the rules side by side for the one picked, and its lines."""
    if not has_rows(visit, RULES):
        empty.nothing(NOTHING, key="plan_allocation")
        return
    every = mart(visit, RULES, chosen=chosen, order_by=("-missed_worth_amount", "sku_id", "site_id"))
    short = every.unique(["sku_id", "site_id"], keep="first", maintain_order=True)
    # Shelves with something to share among several stand first; on the empty ones no rule can help.
    short = short.sort((pl.col("supply_qty") > 0) & (pl.col("line_count") > 1), pl.col("supply_qty") > 0, descending=True,
                       maintain_order=True)  # fmt: skip
    columns = ["sku_id", "site_id", "line_count", "supply_qty", "demand_qty", "missed_worth_amount"]
    title = f"Where there is too little, by what is missed, money in {visit.company.reporting_currency}"
    shelf = picked.table(visit, short, name="short", title=title, columns=columns, labels=LABELS, source=RULES)
    if shelf is None:
        return
    _lab(visit, desk, every.filter(sku_id=shelf["sku_id"], site_id=shelf["site_id"]), shelf)


def _lab(visit: Visit, desk: Desk, rules: pl.DataFrame, shelf: dict[str, Any]) -> None:
    """The rules of one shelf and the lines under the chosen one, solved again with what is locked."""
    where = {"sku_id": shelf["sku_id"], "site_id": shelf["site_id"]}
    if float(shelf["supply_qty"]) <= 0:
        with st.container(key="panel_nothing_there"):
            look.title(f"{shelf['sku_id']} at {shelf['site_id']}", "nothing is there, so no rule can share it out")
            look.note("What helps is an order or a move: see the other tabs, or the case of this shelf.")
        rule = rules["rule_name"][0]
        waits = mart(visit, LINES, where={**where, "rule_name": rule}, order_by=("due_date", "order_id", "line_key"))
        tables.show(visit, waits, name="waits", title="Who waits for it", columns=WAITS, labels=LABELS, source=LINES)
        return
    rules = rules.sort("is_suggested", "worth_amount", descending=True, maintain_order=True)
    title = f"The price of each rule: {shelf['sku_id']} at {shelf['site_id']}"
    tables.show(visit, rules, name="rules", title=title, columns=COMPARED, labels=LABELS, source=RULES)
    tiers = mart(visit, TIERS, where=where, order_by=("rule_name", "tier_code"))
    if tiers.n_unique(["tier_code", "fill_share"]) > tiers.n_unique("tier_code"):
        wide = tiers.pivot("tier_code", index="rule_name", values="fill_share")
        tables.show(visit, wide, name="tiers", title="Service by tier of customer", labels={"rule_name": "Rule"},
                    units=dict.fromkeys(wide.columns[1:], "share"))  # fmt: skip
    with st.container(key="panel_lab"):
        names = rules["rule_name"].to_list()
        suggested = rules.filter(pl.col("is_suggested"))["rule_name"].to_list() or names[-1:]
        rule = st.selectbox(
            "Share out by", names, index=names.index(suggested[0]), key=f"rule_{shelf['sku_id']}_{shelf['site_id']}"
        )
        lines = mart(
            visit, LINES, where={**where, "rule_name": rule}, order_by=("ordered_date", "order_id", "line_key")
        )
        _lines(visit, desk, shelf, rule, lines)


def _lines(visit: Visit, desk: Desk, shelf: dict[str, Any], rule: str, lines: pl.DataFrame) -> None:
    shown = without(visit, lines.select(SHOWN)).with_columns(locked_qty=pl.lit(None, dtype=pl.Float64))
    numbers = [name for name, kind in shown.schema.items() if kind.is_numeric()]
    edited = st.data_editor(
        shown.with_columns(pl.col(numbers).cast(pl.Float64)).to_arrow(compat_level=pl.CompatLevel.oldest()),
        key=f"lock_{shelf['sku_id']}_{shelf['site_id']}_{rule}",
        hide_index=True,
        placeholder="–",
        disabled=SHOWN,
        column_config=headings(visit, shown, LABELS),
    )
    locked = pl.DataFrame(edited)["locked_qty"].cast(pl.Float64)
    claims = claims_of(lines, float(shelf["supply_qty"]), locked)
    got = given(claims, rule)
    first = lines["first_come_qty"].cast(pl.Float64).to_numpy()
    earned = float((got * claims.margin).sum())
    broken = int((got < claims.floors - 1e-9).sum())
    gain = float((got * claims.worth).sum() - (first * claims.worth).sum())
    words = visit.words
    margin = "" if why_no_sum(visit, ("margin_amount",)) else f"margin {words.money(earned)}; "
    said = f"{words.number(float(got.sum()))} of {words.number(float(shelf['supply_qty']))} given out; {margin}"
    look.note(
        said + f"{words.money(gain)} more worth than first come; {words.plural(broken, 'contract floor')} broken."
    )
    if locked.null_count() < locked.len():
        again = lines.select(SHOWN[:4]).with_columns(pl.Series("given_qty", got))
        tables.small(visit, again, title="Solved again with what is locked", labels=LABELS)
    action = {
        "sku_id": shelf["sku_id"],
        "site_id": shelf["site_id"],
        "rule": rule,
        "lines": [
            {"order_id": order, "line_key": key, "given_qty": f"{qty:g}"}
            for (order, key), qty in zip(lines.select("order_id", "line_key").iter_rows(), got.tolist(), strict=True)
        ],
    }
    moved = Decimal(f"{float((got * claims.worth).sum()):.2f}")
    figures = {"moved_amount": moved, "gain_amount": Decimal(f"{gain:.2f}"), "data_grade_code": _grade(visit),
               "because_text": f"{rule}: {said}", "does_not_know_text": DOES_NOT_KNOW}  # fmt: skip
    wish = planned("allocate", action, figures, title=f"Share out {shelf['sku_id']} at {shelf['site_id']} by {rule}",
                   build_id=visit.build.build_id, as_of=visit.as_of or dt.date.min,
                   evidence=evidence("allocate", action, visit.build))  # fmt: skip
    st.button("Propose this sharing", key="plan_allocate", type="primary", shortcut="A", on_click=way_back.propose,
              args=(f"Proposed: {wish.title}.", desk, wish))  # fmt: skip


def _grade(visit: Visit) -> str | None:
    """The worst grade of the extracts that a sharing rests on."""
    grades = dict(mart(visit, "marts.data_grades", columns=("contract_name", "data_grade_code")).iter_rows())
    return max((grades[name] for name in ("orders", "order_lines", "stock_days") if name in grades), default=None)


def claims_of(lines: pl.DataFrame, supply: float, locked: pl.Series) -> Claims:
    """The lines of one shelf as claims, in the order in which customers came, with what somebody has locked."""
    wanted = lines["wanted_qty"].cast(pl.Float64).to_numpy()
    in_pieces = bool(np.allclose(wanted, np.round(wanted)))
    return Claims(
        supply=np.array([supply]),
        step=np.array([1.0 if in_pieces else 0.001]),
        shelf=np.zeros(lines.height, dtype=int),
        wanted=wanted,
        floor=lines["floor_qty"].cast(pl.Float64).to_numpy(),
        margin=lines["unit_margin_amount"].cast(pl.Float64).to_numpy(),
        worth=lines["unit_worth_amount"].cast(pl.Float64).to_numpy(),
        tier=lines["tier_code"].fill_null("~").rank("dense").to_numpy(),
        since=np.arange(lines.height),
        locked=locked.fill_null(float("nan")).to_numpy(),
    )
