"""Rows that could not be accepted, grouped by what would put them right; and what masters and moments lack."""

from pages.parts import empty, look, tables
from pages.parts.ask import ask, between, mart
from pages.parts.page import Visit

FAULTS = """
select contract, file_name, column_name, reason, fix, count(*) as row_count, min(line_no) as first_line, min(value_text) as example_text
from raw.set_aside group by contract, file_name, column_name, reason, fix order by row_count desc limit 200
"""


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
    """Draws what the masters lack: entries that facts use and nobody describes, names that stand twice, and missing moments."""
    if visit.build is None:
        look.note("There is no build yet.")
        return
    labels = {
        "master_name": "Master",
        "master_id": "Identifier",
        "entry_name": "Name",
        "twin_count": "Others of that name",
    }
    orphans = mart(
        visit, "marts.master_entries", where={"is_orphan": True}, order_by=("master_name", "master_id"), limit=2000
    )
    columns = ("master_name", "master_id")
    title = "Used in facts, described in no master"
    tables.show(
        visit, orphans, name="orphans", title=title, columns=columns, labels=labels, source="marts.master_entries"
    )
    twins = mart(
        visit,
        "marts.master_entries",
        where={"twin_count": between(1, None)},
        order_by=("master_name", "entry_name"),
        limit=2000,
    )
    title = "Names that stand more than once"
    said = ("master_name", "entry_name", "master_id", "twin_count")
    tables.show(visit, twins, name="twins", title=title, columns=said, labels=labels, source="marts.master_entries")
    gaps = mart(
        visit, "marts.missing_times", where={"row_count": between(1, None)}, order_by=("-missing_count", "table_name")
    )
    labels = {"table_name": "Table", "column_name": "Moment", "row_count": "Rows", "missing_count": "Without it"}
    tables.show(visit, gaps, name="gaps", title="Missing moments", labels=labels, source="marts.missing_times")
