"""The worst things of the day as sentences and rows that lead to the page where each can be looked into."""

from typing import Any

import polars as pl
import streamlit as st

from pages.parts import export, look, receipt
from pages.parts.brief import Link
from pages.parts.chosen import Chosen
from pages.parts.figures import Figure
from pages.parts.notice import plain
from pages.parts.page import Visit

# Which page answers for a kind of problem, and the word in its address for what the problem is about.
ROADS = {
    "backorder": ("orders", "sku"),
    "overdue purchase": ("suppliers", "supplier"),
    "late shipment": ("shipments", "carrier"),
    "excess stock": ("inventory", "sku"),
}


def board(visit: Visit, worst: pl.DataFrame, chosen: Chosen) -> None:
    """Draws the worst things, dearest first; each name is a link to its page with the filter set."""
    with st.container(key="panel_problems"):
        look.title("The worst things, in money", visit.words.plural(worst.height, "row"))
        if worst.is_empty():
            look.note("Nothing is late, short, overdue or in excess under these filters.")
            return
        with st.grid(2, min_column_width=260, gap="xxsmall", vertical_alignment="center", key="problem_rows"):
            for row in worst.to_dicts():
                _row(visit, row)
        with st.container(horizontal=True, gap="small", key="tools_problems"):
            export.buttons(
                visit, worst, name="problems", title="The worst things, in money", chosen=chosen, key="export_problems"
            )
            receipt.table_button(
                visit,
                worst,
                title="The worst things, in money",
                source="marts.problems",
                chosen=chosen,
                key="receipt_problems",
            )


def sentences(visit: Visit, worst: pl.DataFrame) -> list[list[str | Figure | Link]]:
    """The dearest problem of each kind, in words; nothing is said that is not a row."""
    said: list[list[str | Figure | Link]] = []
    for row in worst.unique("problem_kind_code", keep="first", maintain_order=True).head(3).to_dicts():
        page, word = ROADS[row["problem_kind_code"]]
        where = f"at {row['site_name']} " if row["site_name"] else ""
        money = visit.words.money(row["money_amount"])
        name = Link(str(row["subject_name"]), page, {word: row["subject_id"]})
        said.append([f"Dearest {row['problem_kind_code']}:", name, f"{where}with {money} ({row['money_basis_name']})."])
    return said


def _row(visit: Visit, row: dict[str, Any]) -> None:
    page, word = ROADS[row["problem_kind_code"]]
    label = row["subject_name"] + (f" · {row['site_name']}" if row["site_name"] else "")
    query = {
        "company": visit.company.name,
        word: row["subject_id"],
        **({"site": row["site_id"]} if row["site_id"] else {}),
    }
    money = f"**{plain(visit.words.money(row['money_amount']))}**"
    since = f" · since {visit.words.day(row['since_date'])}" if row["since_date"] else ""
    door = visit.door(page)
    if door is not None:
        st.page_link(door, label=plain(label), query_params=query)
    else:
        st.markdown(plain(label))
    st.markdown(f"{money} {plain(row['money_basis_name'])} · {plain(row['problem_kind_code'] + since)}")
