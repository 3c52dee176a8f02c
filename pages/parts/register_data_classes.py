"""Classes of sensitive data against their rules: where each may lie, whether it may leave, how long it is kept, and what data show."""

import polars as pl

from pages.parts import tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

SOURCE = "marts.data_class_rules"
ORDER = ("kept too long", "kept", "no data")
LEAVES = ("not kept", "cannot be seen", "may leave")
COLUMNS = {
    "class_name": 200, "keep_verdict_code": 120, "leave_verdict_code": 125, "keep_days": 90, "region_name": 125, "oldest_date": 105,
    "old_row_count": 75, "left_call_count": 70, "keep_text": 420, "leave_text": 420, "deleter_name": 100,
}  # fmt: skip
LABELS = {
    "keep_verdict_code": "Kept in time",
    "class_name": "Class",
    "keep_days": "Kept (days)",
    "oldest_date": "Oldest row",
    "old_row_count": "Too old",
    "keep_text": "Found, and what to delete",
    "leave_verdict_code": "To providers",
    "left_call_count": "Calls",
    "leave_text": "Where it went, as far as can be seen",
    "region_name": "May lie in",
    "deleter_name": "Deleted by",
    "owner_name": "Answers for it",
    "held_row_count": "Rows",
    "keep_until_date": "Kept from",
    "old_load_count": "Loads",
    "is_open_to_providers": "May go to providers",
    "class_code": "Code",
}
MEANT = (
    "The clock of an order begins on its day, that of a price or a term when the next one takes its place. Days are house rules until the "
    "company's own counsel says otherwise. In which region a machine or a provider keeps data no extract tells: the rows above say who "
    "answers for it. Nothing is deleted by itself."
)


def board(visit: Visit) -> None:
    """Draws the classes, those that are kept too long or went where they may not first; nothing before a build."""
    if visit.build is None or not has_rows(visit, SOURCE):
        return
    found = by_verdict(mart(visit, SOURCE, order_by=("class_code",)))
    tables.show(
        visit, found, name="data_class_rules", title=f"Sensitive classes: {said(found)}", columns=COLUMNS, labels=LABELS,
        units={"keep_verdict_code": "verdict", "leave_verdict_code": "verdict"}, source=SOURCE, note=MEANT,
    )  # fmt: skip


def by_verdict(found: pl.DataFrame) -> pl.DataFrame:
    """The rows, those that were kept too long first, then those that went where they may not."""
    places = [tables.in_order("keep_verdict_code", ORDER), tables.in_order("leave_verdict_code", LEAVES)]
    return found.sort(places, maintain_order=True)


def said(found: pl.DataFrame) -> str:
    """How many are kept too long, and how many went to a provider although they may not."""
    old = found.filter(pl.col("keep_verdict_code") == "kept too long").height
    left = found.filter(pl.col("leave_verdict_code") == "not kept").height
    return f"{old} kept too long, {left} seen to have left"
