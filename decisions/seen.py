"""What a proposal rests on: copies of rows of the build it is made on, and whether a later build still says the same."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from decisions.proposal import Evidence, Proposal
from decisions.wish import rests_on
from errors import Refusal
from store.warehouse import Build

TABLE = re.compile(r"(core|marts|scores)\.[a-z][a-z0-9_]*")
COLUMN = re.compile(r"[a-z][a-z0-9_]*")
# What a file for the source system has to say beside the action, and what nobody minds changing.
ALSO_COPIED = {
    "core.purchase_lines": ("supplier_id", "sku_id", "site_id", "ordered_qty", "received_qty", "promised_date"),
    "core.order_lines": ("sku_id", "unit_price"),
}


def evidence(kind: str, action: Mapping[str, Any], build: Build) -> list[Evidence]:
    """Copies of the rows that an action rests on, as the build has them now; a row that is not there is left out."""
    found = []
    for table, key, columns in rests_on(kind, action):
        rows = _rows(
            build, table, key, [*columns, *(name for name in ALSO_COPIED.get(table, ()) if name not in columns)]
        )
        if len(rows):
            row = {name: None if value is None else str(value) for name, value in rows.row(0, named=True).items()}
            found.append(Evidence(table, key, row, columns))
    return found


def changes(proposal: Proposal, build: Build) -> list[str]:
    """What has changed since the proposal was made, in words; nothing where it was made on this very build.

    A row that is no longer there has changed.
    """
    if proposal.build_id == build.build_id:
        return []
    found = [_changed(evidence, build) for evidence in proposal.evidence if evidence.holds_on]
    return [said for said in found if said]


def _changed(evidence: Evidence, build: Build) -> str:
    rows = _rows(build, evidence.table, evidence.key, evidence.holds_on)
    what = f"{evidence.table} of {', '.join(evidence.key.values())}"
    if not len(rows):
        return f"{what} is no longer there"
    now = rows.row(0, named=True)
    moved = [
        f"{column} was {evidence.row.get(column)} and is {now[column]}"
        for column in evidence.holds_on
        if _plain(evidence.row.get(column)) != _plain(now[column])
    ]
    return f"{what}: {'; '.join(moved)}" if moved else ""


def _rows(build: Build, table: str, key: Mapping[str, str], columns: Sequence[str]) -> pl.DataFrame:
    """The row of a key; names are checked, for they may come back from a ledger that somebody wrote to."""
    if not TABLE.fullmatch(table) or not all(COLUMN.fullmatch(column) for column in [*columns, *key]):
        raise Refusal(
            "Nothing was recorded.", f"{table} is no table that evidence can be read from.", "Propose it anew."
        )
    where = " and ".join(f"cast({column} as varchar) = ?" for column in key)
    return build.query(f"select {', '.join(columns)} from {table} where {where}", list(key.values()))  # noqa: S608  names are checked


def _plain(value: Any) -> str:
    """The value as text that does not depend on how many noughts its decimal carries."""
    if value is None:
        return ""
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except ArithmeticError:
        return str(value)
