"""The head of the page AI cost: the year to come and the whole plan with how sure they are, the last month, unit costs, run-rate."""

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl

from models.months import month_after
from pages.parts import ai_cost_world, empty, kpi, look, ratios
from pages.parts.ask import has_rows, mart
from pages.parts.chosen import Chosen
from pages.parts.figures import Figure, figure
from pages.parts.page import Visit

PLAN, ACTUAL, BANDS = "marts.ai_planned_costs", "marts.ai_costs", "scores.ai_cost_bands"
YEAR = 12
LEVELS = ("p10_amount", "p50_amount", "p80_amount", "p90_amount")
NOTHING = "No use case of AI has been taken up, so nothing is planned."
FIX = "Take one up on the page Use cases: its cost is planned with the next refresh."
ALL_TIME = Chosen(compare="none")


def draw(visit: Visit) -> None:
    """Draws the numbers and a line under them that says how sure they are."""
    if not has_rows(visit, PLAN):
        empty.nothing(NOTHING, key="ai_cost_head", fix=FIX)
        return
    kpi.strip(visit, ALL_TIME, numbers(visit))
    look.note(" ".join(sentences(visit)))


def numbers(visit: Visit) -> list[Figure]:
    """The numbers on the cards, each with its receipt."""
    first, last = span(visit)
    found = [
        replace(figure(visit, "ai_planned_cost", until=month_after(first, YEAR - 1)), title="Next twelve months"),
        replace(figure(visit, "ai_planned_cost"), title=f"Next {_months(first, last)} months"),
        figure(visit, "ai_people_cost_share"),
        replace(figure(visit, "ai_cost_per_case"), title="Running cost per resolved case"),
        replace(figure(visit, "ai_full_cost_per_case"), title="Full cost per resolved case"),
        replace(figure(visit, "ai_cost_per_accepted"), title="Running cost per accepted answer"),
    ]
    if month := last_month(visit):
        spent = figure(visit, "ai_actual_cost", since=month, until=month)
        found.insert(2, replace(spent, title=f"{visit.words.month(month)} {month.year}, actual"))
    return found


def sentences(visit: Visit) -> list[str]:
    """How sure the plan is, what is held in reserve, and what the last month comes to in a year."""
    words, said = visit.words, []
    simulated = ai_cost_world.planned(visit)
    if simulated is not None:
        year = np.quantile(simulated.cost()[:, :YEAR].sum(axis=1), (0.1, 0.5, 0.8, 0.9))
        said.append(f"Next twelve months before the reserve: {ratios.levels(year, words)}.")
    band = mart(visit, BANDS, where={"scope_kind_name": "total"})
    if band.height and band["p50_amount"][0] is not None:
        row = band.row(0, named=True)
        said.append(
            f"The whole plan: {ratios.levels((row[name] for name in LEVELS), words)}; "
            f"reserve {words.money(row['p80_amount'] - row['p50_amount'])} (P80 less P50). "
            "P80 is what is not exceeded in 8 of 10 possible futures."
        )  # fmt: skip
    if missing := ai_cost_world.gap(visit):
        said.append(missing)
    if (month := last_month(visit)) is not None:
        spent = figure(visit, "ai_actual_cost", since=month, until=month).value
        said.append(f"At the rate of {words.month(month)}: {words.money(float(spent) * YEAR)} a year.")
    return said


def span(visit: Visit) -> tuple[dt.date, dt.date]:
    """The first and the last month of the plan."""
    months = mart(visit, PLAN, columns=("month_date",))["month_date"]
    return months.min(), months.max()  # type: ignore[return-value]  # a column of dates


def last_month(visit: Visit) -> dt.date | None:
    """The last month that is over and cost anything; None where nothing was spent yet."""
    if visit.as_of is None or not has_rows(visit, ACTUAL):
        return None
    this = visit.as_of.replace(day=1)
    spent = mart(visit, ACTUAL, columns=("month_date",)).filter(pl.col("month_date") < this)["month_date"]
    return spent.max() if spent.len() else None  # type: ignore[return-value]  # a column of dates


def _months(first: dt.date, last: dt.date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1
