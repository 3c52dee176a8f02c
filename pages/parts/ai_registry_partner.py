"""What a partner that delivers the programme would bill: one package once, four that recur, from the planned lines."""

import polars as pl

from models.ai_economics.partner import packages
from pages.parts import tables
from pages.parts.ask import ask
from pages.parts.page import Visit

SHARE, MARGIN = "ai_partner_share", "ai_partner_margin_share"
LINES_SQL = (
    "select cost_line_name, sum(planned_amount) as planned_amount from scores.ai_cost_months group by cost_line_name"
)
HELD_SQL = "select assumption_name, assumed_number from raw.assumptions where assumption_name in (?, ?)"
LABELS = {
    "package_name": "Package",
    "cost_amount": "Cost of delivering",
    "partner_price_amount": "Price",
    "partner_margin_amount": "Margin",
    "is_recurring": "Recurs",
}


def board(visit: Visit) -> None:
    """Draws the packages; nothing where no programme is planned."""
    found = rows(visit)
    if found.is_empty():
        return
    recurring = float(found.filter("is_recurring")["partner_price_amount"].sum()) / 3
    tables.show(
        visit, found, name="ai_partner", title=f"What a partner would bill over 36 months, money in {visit.company.reporting_currency}",
        labels=LABELS, source="scores.ai_cost_months",
        note=f"What runs already was implemented before. Recurring: {visit.words.money(recurring)} a year. "
        f"Its share of the work and its margin are assumptions ({SHARE}, {MARGIN}).",
    )  # fmt: skip


def rows(visit: Visit) -> pl.DataFrame:
    """One row a package of the planned programme."""
    held = dict(ask(visit, HELD_SQL, (SHARE, MARGIN)).iter_rows())
    planned = {name: float(amount) for name, amount in ask(visit, LINES_SQL).iter_rows()}
    if not planned or len(held) < 2:
        return packages({}, share=0, margin=0).clear()
    return packages(planned, share=held[SHARE], margin=held[MARGIN])
