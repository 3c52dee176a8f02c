"""What broke a row of a register: exactly those that its check counted and found otherwise, and the pages where they can be looked at."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from pages.parts import tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

SOURCE, CALLS = "marts.register_breaks", "marts.ai_calls"
CAPPED = "tool_calls_capped"  # its cases are looked at call by call
# What kind of thing it is: the page where it can be looked at, with what its address says.
WAYS: dict[str, tuple[str, dict[str, str]]] = {
    "account": ("decisions", {"tab": "acts"}),  # the act that noted it; who it is, the server's list of accounts tells
    "action kind": ("decisions", {"tab": "all"}),  # where one of its kind is taken back
    "act": ("decisions", {"tab": "acts"}),
    "assumption": ("assumptions", {}),
    "call": ("cost", {"tab": "usage"}),
    "case": ("value", {"tab": "measured"}),
    "control": ("use_cases", {}),
    "decision": ("decisions", {"tab": "all"}),
    "extract": ("upload", {}),
    "line": ("health", {}),
    "model": ("models", {}),
    "month": ("value", {"tab": "closed"}),
    "site": ("risks", {"tab": "risks"}),
    "use case": ("use_cases", {}),
}
# Cells that open the thing itself: the column carries the word under which its page reads it from the address.
LINKS = {"assumption": "assumptions", "model": "models", "use_case": "use_cases"}
COLUMNS = {
    "thing_name": 240, "assumption": 260, "model": 220, "use_case": 80, "use_case_name": 220, "seen_date": 110,
    "error_cost_amount": 100, "because_text": 460,
}  # fmt: skip
LABELS = {
    "thing_name": "Which", "assumption": "Assumption", "model": "Model", "use_case": "Id", "use_case_name": "Use case",
    "seen_date": "Day", "because_text": "Why it counts against it", "error_cost_amount": "Cost", "thing_code": "Kind",
    "check_code": "Check", "break_no": "No", "is_counted": "Counted", "thing_count": "Things",
}  # fmt: skip
NOTES = {
    "account": "No build holds the names of people: who person 1 is, the server's list of accounts says (accounts list)."
}
OF_CALLS = {
    "called_at": 150, "step_name": 150, "tool_call_count": 100, "called_model_name": 200, "token_count": 100, "usage_cost": 100,
    "status_code": 90,
}  # fmt: skip


def board(visit: Visit, row: Mapping[str, Any]) -> None:
    """Draws what the check of a row counted against it, with the cases behind; nothing where nothing stands against it."""
    found = broken(visit, row["check_code"])
    if found.is_empty():
        return
    words = visit.words
    title = f"Not as it should be: {words.count(row['checked_count'] - row['kept_count'])} of {words.count(row['checked_count'])}"
    picked = _table(visit, found, "register_breaks", title, pick=row["check_code"] == CAPPED)
    if picked:
        _calls(visit, picked)
    behind = broken(visit, row["check_code"], is_counted=False)
    if behind.height:
        _table(visit, behind, "register_behind", "The cases behind it")
    with st.container(horizontal=True, gap="medium", key="register_breaks_ways"):
        for to, query in ways(row["check_code"], [*found["thing_code"].head(1), *behind["thing_code"].head(1)]):
            _door(visit, to, query)


def broken(visit: Visit, check_code: str, *, is_counted: bool = True) -> pl.DataFrame:
    """What stands against a check, as many rows as it checked less those that it found kept; or the cases behind those."""
    where = {"check_code": check_code, "is_counted": is_counted}
    if not check_code or not has_rows(visit, SOURCE):
        return pl.DataFrame(schema={"thing_code": pl.String})
    return mart(visit, SOURCE, where=where, order_by=("break_no",))


def ways(check_code: str, kinds: list[str]) -> list[tuple[str, dict[str, str]]]:
    """The pages, with what their addresses say, on which things of these kinds can be looked at.

    >>> ways("models_judged", ["model"]), ways("tool_calls_capped", ["case"])
    ([('models', {})], [('cost', {'tab': 'usage'})])
    """
    return [WAYS["call"]] if check_code == CAPPED else [WAYS[kind] for kind in kinds]


def _table(visit: Visit, found: pl.DataFrame, name: str, title: str, *, pick: bool = False) -> dict[str, Any] | None:
    """The rows as a table; a cell that names a thing which has a page of its own opens it there."""
    kind = found["thing_code"][0]
    own = {"thing_name": kind} if kind in LINKS else {}
    shown = found.rename({"use_case_id": "use_case", **own})
    said = {column: width for column, width in COLUMNS.items() if column in shown.columns and shown[column].count()}
    if kind == "use case":
        said.pop("use_case_name")  # it would say the same twice
    return tables.show(
        visit,
        shown,
        name=name,
        title=title,
        columns=said,
        labels=LABELS,
        source=SOURCE,
        links=LINKS,
        pick=pick,
        note=NOTES.get(kind, ""),
    )


def _calls(visit: Visit, case: Mapping[str, Any]) -> None:
    """The calls of one case, in their order."""
    where = {"case_id": case["thing_name"], "use_case_id": case["use_case"]}
    found = mart(visit, CALLS, where=where, order_by=("called_at", "call_id"))
    tables.show(
        visit, found, name="register_calls", title=f"The calls of {case['thing_name']}", columns=OF_CALLS, source=CALLS
    )


def _door(visit: Visit, to: str, query: Mapping[str, str]) -> None:
    door = visit.door(to)
    if door is not None:
        st.page_link(
            door, label=f"Look there: {door.title}", icon=":material/arrow_forward:", query_params={"company": visit.company.name, **query}
        )  # fmt: skip
