"""Rows that could not be accepted, grouped by what would put them right; and the masters' orphans and unused entries."""

import streamlit as st

from pages.parts import empty, look, tables
from pages.parts.ask import ask, mart
from pages.parts.page import Visit

FAULTS = """
select contract, file_name, column_name, reason, fix, count(*) as row_count, min(line_no) as first_line, min(value_text) as example_text
from raw.set_aside group by contract, file_name, column_name, reason, fix order by row_count desc limit 200
"""
ORPHANS = "select '{table}' as master, {key} as id from core.{table} where is_implied order by 2 limit 2000"
MASTERS = {
    "skus": "sku_id",
    "sites": "site_id",
    "customers": "customer_id",
    "suppliers": "supplier_id",
    "carriers": "carrier_id",
}


def board(visit: Visit) -> None:
    """Draws what was set aside in the loads of this build, with downloads."""
    if visit.build is None:
        look.note("There is no build yet.")
        return
    faults = ask(visit, FAULTS)
    if faults.is_empty():
        empty.nothing("No row was set aside: every line of every load kept its contract.", key="aside")
        return
    labels = {
        "row_count": "Rows",
        "first_line": "First on line",
        "example_text": "For example",
        "column_name": "Column",
        "reason": "Why",
        "fix": "What to do",
    }
    tables.show(visit, faults, name="faults", title="Faults, by what would put them right", labels=labels)
    columns = (
        "load_id",
        "file_name",
        "contract",
        "line_no",
        "column_name",
        "value_text",
        "reason",
        "fix",
        "row_values",
    )
    rows = mart(visit, "raw.set_aside", columns=columns, order_by=("load_id", "line_no"), limit=2000)
    tables.show(
        visit,
        rows,
        name="aside",
        title="Rows set aside",
        source="raw.set_aside",
        note="The download holds each whole row: put it right and upload it.",
    )


def masters(visit: Visit) -> None:
    """Draws identifiers that facts use but no master describes: the orphans of SKUs, sites, customers, suppliers and carriers."""
    if visit.build is None:
        look.note("There is no build yet.")
        return
    sql = " union all ".join(f"({ORPHANS.format(table=table, key=key)})" for table, key in MASTERS.items())
    counted = " union all ".join(
        f"select '{table}' as master, count(*) filter (where not is_implied) as described, count(*) filter (where is_implied) as orphans from core.{table}"
        for table in MASTERS
    )
    with st.container(key="panel_masters"):
        tables.small(
            visit,
            ask(visit, counted),
            title="Masters and orphans",
            labels={"master": "Master", "described": "Described", "orphans": "Used but described nowhere"},
        )
    rows = ask(visit, sql)
    if rows.is_empty():
        empty.nothing("Every identifier in the facts is described by a master.", key="orphans")
        return
    tables.show(
        visit,
        rows,
        name="orphans",
        title="Used in facts, described nowhere",
        labels={"master": "Master", "id": "Identifier"},
    )
