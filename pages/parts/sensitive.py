"""What a viewer's roles do not open: columns of sensitive classes, left out of every table, detail, download and receipt.

Which columns belong to a class, and to which roles it is open, stands in the register of sensitive classes and nowhere else.
"""

from collections.abc import Collection, Iterable
from functools import cache

import polars as pl

from decisions.roles import in_order
from pages.parts.labels import label
from pages.parts.page import Visit
from pipelines.registers import belongs, templates

REGISTER = "data_classes"


def closed(columns: Iterable[str], roles: Collection[str]) -> dict[str, str]:
    """Those of the columns that none of the roles opens, each with the class that closes it, in their order.

    A column belongs to a class by its name, or by the end of it; one that belongs to several is open where all of them are.

    >>> closed(("sku_id", "unit_margin_amount", "unit_cost"), {"planner"})
    {'unit_margin_amount': 'Financials'}
    >>> closed(("margin_amount",), {"planner", "auditor"}), closed(("unit_cost",), ())
    ({}, {'unit_cost': 'Supplier terms'})
    """
    shut = [(title, named) for _, title, named, open_to, _ in _classes() if not open_to & frozenset(roles)]
    found = {}
    for column in columns:
        if title := next((title for title, named in shut if belongs(column, named)), ""):
            found[column] = title
    return found


def without(visit: Visit, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows without the columns that the viewer may not see."""
    return frame.drop(list(closed(frame.columns, visit.viewer.roles)))


def said(visit: Visit, columns: Iterable[str]) -> str:
    """What was left out and why, in a sentence; empty where nothing was."""
    found = closed(columns, visit.viewer.roles)
    if not found:
        return ""
    whose = ", ".join(in_order(visit.viewer.roles)) or "somebody without a role"
    names = ", ".join(f"{label(column)} ({title.lower()})" for column, title in found.items())
    return f"Left out, since it is not open to {whose}: {names}."


def why_no_sum(visit: Visit, columns: Iterable[str]) -> str:
    """Why a number that is made of these columns is not shown: a class of theirs closes its sums as well; empty where none does."""
    titles = {title for _, title, _, _, closes_sums in _classes() if closes_sums}
    found = [title for title in closed(columns, visit.viewer.roles).values() if title in titles]
    return f"{found[0].lower()} are not open to your role" if found else ""


def open_to(row_code: str) -> list[str]:
    """The roles to which a class of the register is open, in their usual order.

    >>> open_to("financials")
    ['approver', 'executive', 'analyst', 'auditor']
    """
    return next((in_order(roles) for code, _, _, roles, _ in _classes() if code == row_code), [])


@cache
def _classes() -> tuple[tuple[str, str, tuple[str, ...], frozenset[str], bool], ...]:
    """Every class: its code, its name, its columns, the roles that it is open to, and whether sums of it are closed with it."""
    register = next(one for one in templates() if one["register"] == REGISTER)
    return tuple(
        (row["row"], row["name"], tuple(row["columns"]), frozenset(row["open_to"]), bool(row.get("closes_sums")))
        for row in register["rows"]
    )
