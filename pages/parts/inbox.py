"""The inbox of cases: rows of the build joined with what people did with them since, ranked, and walked by keyboard."""

from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st

from decisions.book import Book
from pages.parts import address, empty, export, look, receipt
from pages.parts.ask import has_rows, mart
from pages.parts.chosen import Chosen
from pages.parts.grid import grid
from pages.parts.page import Visit

SOURCE = "marts.cases"
SHOWN = {
    "expected_loss_amount": "Loss",
    "kind_text": "What",
    "where_text": "Of",
    "act_by_date": "Act by",
    "to_do_text": "Suggested, its gain",
    "at_risk_amount": "At risk",
    "chance_share": "Chance",
    "owner_text": "Owner",
    "standing_text": "Stands",
}
KINDS = {
    "demand_spike": "demand rose",
    "demand_drop": "demand fell",
    "stockout_ahead": "will run out",
    "stocked_out": "is out",
    "excess_stock": "too much",
    "misplaced_stock": "at wrong site",
    "late_inbound": "purchase late",
    "late_outbound": "shipment late",
    "supplier_worse": "supplier worse",
    "price_anomaly": "strange price",
    "quantity_anomaly": "strange quantity",
    "order_held": "order held",
    "order_short": "order short",
    "over_credit": "over credit",
    "wrong_price": "wrong price",
    "missing_data": "data missing",
    "stale_parameter": "old parameter",
    "data_defect": "data wrong",
}
ACTIONS = {
    "purchase": "order",
    "re_source": "order elsewhere",
    "transfer": "move stock",
    "expedite": "hurry it",
    "cancel_purchase": "cancel it",
    "substitute": "substitute",
    "allocate": "share out",
    "release_order": "release",
    "hold_order": "hold",
    "correct_price": "correct price",
    "credit_review": "credit review",
    "stock_parameter": "set parameter",
    "fix_data": "fix data",
    "supplier_message": "write supplier",
    "carrier_message": "write carrier",
    "customer_message": "write customer",
}
SHELVES = {
    "open": "To decide",
    "decided": "Decided",
    "hidden": "Not worth the minutes",
    "away": "Snoozed or dismissed",
    "came": "What came of it",
    "missed": "What was missed",
}
NOTHING = {
    "open": "Nothing to decide with these filters: no case is worth more than the minutes that it takes, or each is decided already.",
    "decided": "Nothing was decided yet. What you accept under To decide comes here.",
    "hidden": "Every case that was found is worth its minutes.",
    "away": "Nobody has snoozed or dismissed a case.",
}
SEES = ("stock_days", "purchase_lines", "order_lines", "shipments")
GRID, LAST, ROW, GONE = "inbox_grid", "inbox_last", "case", "inbox_gone"


def shelf() -> str:
    """Which part of the inbox is looked at."""
    return address.tabs("show", SHELVES)


def rows(visit: Visit, chosen: Chosen, book: Book, which: str) -> pl.DataFrame:
    """The cases of one part of the inbox, the greatest expected loss first, each with its owner and where it stands."""
    found = mart(visit, SOURCE, chosen=chosen, order_by=("-expected_loss_amount", "act_by_date", "case_id"), limit=2000)
    places = [place_of(visit, row, book) for row in found.select(
        "case_id", "at_risk_amount", "is_shown", "owner_role_name", "sku_name", "site_id", "supplier_name", "customer_name",
        "carrier_name", "order_id"
    ).iter_rows(named=True)]  # fmt: skip
    schema = {"part_code": pl.String, "owner_text": pl.String, "standing_text": pl.String, "where_text": pl.String}
    live = pl.DataFrame(places, schema=schema, orient="row")
    said = {
        "kind_text": pl.col("case_kind_code").replace(KINDS),
        "to_do_text": pl.struct("suggested_kind_code", "suggested_gain_amount").map_elements(
            lambda row: _to_do(visit, row), return_dtype=pl.String
        ),
    }
    return pl.concat([found, live], how="horizontal").filter(part_code=which).with_columns(**said)


def _to_do(visit: Visit, row: dict[str, Any]) -> str:
    """The suggested action in a word or two, with its net gain."""
    action = ACTIONS.get(row["suggested_kind_code"] or "", "nothing")
    gain = row["suggested_gain_amount"]
    return f"{action} +{visit.words.money_exact(gain, places=0)}" if gain and gain > 0 else action


def known(visit: Visit) -> bool:
    """Whether any case was found in this build; if none was, says why and which extracts would show more."""
    if has_rows(visit, SOURCE):
        return True
    absent = empty.missing(visit, SEES)
    said = "Nothing that is known of orders, stock, purchases and shipments is worth a case today."
    if absent:
        empty.needs(visit, *(contract.name for contract in absent), what="To see what goes wrong ahead, Cases")
    else:
        empty.nothing(said, key="no_cases")
    return False


def table(visit: Visit, found: pl.DataFrame, chosen: Chosen, which: str) -> dict[str, Any] | None:
    """Draws the list and gives the picked case: the one in the address, else the first."""
    with st.container(key="panel_inbox"):
        currency = visit.company.reporting_currency
        look.title(
            "Cases, by what is lost if nobody acts", f"{visit.words.plural(found.height, 'case')}, money in {currency}"
        )
        if found.is_empty():
            look.note(NOTHING[which])
            if which == "open" and (absent := empty.missing(visit, SEES)):
                empty.needs(
                    visit, *(contract.name for contract in absent), what="To see more of what goes wrong, Cases"
                )
            return None
        names = found["case_id"].to_list()
        at = _at(names)
        st.session_state[GRID] = {"selection": {"rows": [at], "columns": [], "cells": []}}
        columns = [column for column in SHOWN if column in found.columns]
        grid(visit, found.select(columns), key=GRID, alt="Cases, dearest first", labels=SHOWN, pick=True)
        with st.container(horizontal=True, gap="small", key="tools_inbox", vertical_alignment="center"):
            _step("Next", "J", names, at + 1)
            _step("Previous", "K", names, at - 1)
            export.buttons(
                visit,
                found,
                name="cases",
                title="Cases",
                chosen=chosen,
                source=SOURCE,
                key="export_cases",
                labels=SHOWN,
            )
            receipt.table_button(visit, found, title="Cases", source=SOURCE, chosen=chosen, key="receipt_cases")
    return found.row(at, named=True)


def _at(names: list[str]) -> int:
    """Which row is looked at: one that was just taken back, the one just clicked, that of the address, or the one in its place."""
    if st.session_state.get(GONE) in names:
        address.write(ROW, [st.session_state.pop(GONE)])
        st.session_state.pop(GRID, None)
    clicked = (st.session_state.get(GRID) or {}).get("selection", {}).get("rows") or [None]
    last = st.session_state.get(LAST, 0)
    said = address.values(ROW)
    if clicked[0] not in (None, last) and clicked[0] < len(names):
        at = clicked[0]
    elif said and said[-1] in names:
        at = names.index(said[-1])
    else:
        at = min(last, len(names) - 1) if said else 0
    address.write(ROW, [names[at]])
    st.session_state[LAST] = at
    return int(at)


def _step(label: str, key: str, names: list[str], to: int) -> None:
    st.button(
        label,
        key=f"inbox_{label.lower()}",
        shortcut=key,
        type="tertiary",
        disabled=not 0 <= to < len(names),
        on_click=lambda: address.write(ROW, [names[to]]),
    )


def leaves(case_id: str) -> None:
    """Remember a case that has just left the list: if it comes back because somebody undoes that, it is looked at again."""
    st.session_state[GONE] = case_id


def place_of(visit: Visit, row: dict[str, Any], book: Book) -> tuple[str, str, str, str]:
    """Part of the inbox, owner, standing and place of one case."""
    case, made = book.case(row["case_id"]), book.about(row["case_id"])
    thing = (
        row["sku_name"] or row["supplier_name"] or row["customer_name"] or row["carrier_name"] or row["order_id"] or ""
    )
    where = f"{thing} · {row['site_id']}" if row["site_id"] else thing
    owner = case.owner or (row["owner_role_name"] or "").replace("_", " ")
    at_risk = row["at_risk_amount"] or Decimal(0)
    alive = [standing for standing in made if standing.state not in ("declined", "withdrawn", "expired")]
    if case.dismissed_reason:
        return "away", owner, f"dismissed: {case.dismissed_reason}", where
    if visit.as_of and case.sleeps(visit.as_of, at_risk):
        return "away", owner, f"snoozed until {visit.words.day(case.snoozed_until)}", where
    if alive:
        return "decided", owner, alive[0].state, where
    if not row["is_shown"]:
        return "hidden", owner, "not shown", where
    return "open", owner, made[0].state if made else "new", where
