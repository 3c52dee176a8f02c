"""Today: what is going wrong, what is it worth, and what has changed?"""

from functools import partial

import polars as pl

from models.contribution import contributions
from pages.parts import brief, charts, filters, kpi, problems
from pages.parts.ask import mart
from pages.parts.chosen import Chosen
from pages.parts.figures import Figure, figure, measure
from pages.parts.kept import Kept, place
from pages.parts.page import Page, Visit

MOVED: Kept[pl.DataFrame] = Kept(at_most=200)

PAGE = Page(
    title="Today",
    question="What is going wrong, what is each problem worth, and what has changed?",
    audience="planner",
    needs=("order_lines",),
    icon=":material/today:",
    order=10,
    is_default=True,
)
NUMBERS = {
    "net_sales": "orders",
    "line_fill_rate": "orders",
    "on_time_in_full": "orders",
    "backorder_value": "orders",
    "inventory_value": "inventory",
    "supplier_on_time_in_full": "suppliers",
}


def render(visit: Visit) -> None:
    """The brief, the numbers against before, the ten worst things in money, and what moved the service."""
    chosen = filters.bar(visit, "site_id", "category_name")
    worst = mart(visit, "marts.problems", chosen=chosen, order_by=("-money_amount", "problem_id"), limit=200)
    fill, full = figure(visit, "line_fill_rate", chosen), figure(visit, "on_time_in_full", chosen)
    service: list[str | Figure | brief.Link] = [
        "Of the lines due in this period",
        fill,
        "were shipped complete;",
        full,
        "of the orders came on time and in full.",
    ]
    brief.lines(visit, [service, *problems.sentences(visit, worst)])
    kpi.strip(visit, chosen, list(NUMBERS), to=NUMBERS)
    problems.board(visit, worst.head(10), chosen)
    changes(visit, chosen)


def changes(visit: Visit, chosen: Chosen) -> None:
    """What moved the service: categories and customers by how much each added to the change of a rate."""
    if chosen.earlier is None:
        return
    for name, column, title in (
        ("line_fill_rate", "category_name", "What moved the line fill rate, by category (its part of the change)"),
        ("on_time_in_full", "customer_name", "What moved on time in full, by customer (its part of the change)"),
    ):
        moved = MOVED.get((*place(visit), name, column, repr(chosen)), partial(moved_by, visit, name, column, chosen))
        charts.bars(
            visit, moved, x=column, y="contribution_share", title=title, unit="share", better="higher", worst_first=True
        )


def moved_by(visit: Visit, name: str, column: str, chosen: Chosen) -> pl.DataFrame:
    """The eight values of a column that moved a rate most since the period before."""
    now = measure(visit, name, by=(column,), chosen=chosen)
    before = measure(visit, name, by=(column,), chosen=chosen.earlier)
    return contributions(before, now, by=column).head(8)
