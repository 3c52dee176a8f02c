"""What an order takes at each site, by the log of events: what an improvement of order work is counted from, and where that is missing."""

from typing import Any

import polars as pl
import streamlit as st

from pages.parts import empty, look, tables, told
from pages.parts.ask import ask, has_rows, mart
from pages.parts.page import Visit
from pages.parts.words import Words

BASELINES, ORDERS = "scores.order_baselines", "marts.orders"
TITLE = "What an order takes, by site"
ROWS_TOLD = 12
NOTE = "the last half year of the log of events"
WITHIN = "Where AI works on orders already, its help is in these figures: they are what a use case that begins now is compared with."
UNTOLD = "no order of it has a logged event, so no saving of work on its orders can be claimed"
LABELS = {
    "site_id": "Site",
    "span_text": "Weeks",
    "order_count": "Orders logged",
    "touches_text": "Touches per order, 95% interval",
    "minutes_text": "Minutes per order, 95% interval",
    "touchless_share": "Touched by nobody",
    "because_text": "As a baseline",
}
TEXTS = dict.fromkeys(("span_text", "touches_text", "minutes_text", "because_text"), "text")
MISSING_SQL = """
    select distinct coalesce(orders.site_id, 'several') as site_id
    from marts.orders as orders
    left join scores.order_baselines as known on known.site_id = coalesce(orders.site_id, 'several')
    where known.site_id is null
    order by 1
"""


def board(visit: Visit) -> None:
    """Draws the baselines of order work behind a fold, sites without one among them."""
    with st.expander(TITLE, icon=":material/timer:"):
        found = rows(visit)
        if not found.height:
            empty.nothing(
                "No order has a logged event: what an order takes is not known, and no saving of work on orders can be claimed.",
                key="ai_order_baselines",
                fix="Upload order events: who did what on which order, and when.",
            )
            return
        shown = told.told if found.height <= ROWS_TOLD else tables.show
        shown(
            visit, found, name="ai_order_baselines", title=TITLE, source=BASELINES, columns=list(LABELS), labels=LABELS, units=TEXTS,
            note=NOTE,
        )  # fmt: skip
        look.note(WITHIN)


def rows(visit: Visit) -> pl.DataFrame:
    """One row a site, those without a baseline last and with the reason; no row where no order was ever logged."""
    if visit.build is None or not has_rows(visit, BASELINES):
        return pl.DataFrame()
    known = mart(visit, BASELINES, order_by=("site_id",))
    said = [worded(row, visit.words) for row in known.iter_rows(named=True)]
    found = pl.concat([known.drop("because_text"), pl.DataFrame(said)], how="horizontal")
    if not has_rows(visit, ORDERS):
        return found
    lacking = ask(visit, MISSING_SQL).with_columns(
        pl.lit("none").alias("span_text"),
        *(pl.lit("not known").alias(name) for name in ("touches_text", "minutes_text")),
        order_count=pl.lit(0, pl.Int64),
        because_text=pl.lit(f"missing: {UNTOLD}"),
    )
    return pl.concat([found, lacking], how="diagonal")


def worded(row: dict[str, Any], words: Words) -> dict[str, str]:
    """The weeks, touches and minutes of one site as people read them, and whether they are long enough to compare with."""
    return {
        "span_text": words.span(row["first_week_date"], row["last_week_date"]),
        "touches_text": _spread(row["touches_per_order_number"], row["low_number"], row["high_number"], words),
        "minutes_text": _spread(row["order_hands_on_minutes"], row["low_minutes"], row["high_minutes"], words),
        "because_text": "long enough" if row["is_long_enough"] else str(row["because_text"]),
    }


def _spread(number: float | None, low: float | None, high: float | None, words: Words) -> str:
    if number is None:
        return "not told by the source"
    if low is None:
        return f"{words.number(number)}, interval not known"
    return f"{words.number(number)} ({words.number(low)} to {words.number(high)})"
