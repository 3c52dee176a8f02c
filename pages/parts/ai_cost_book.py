"""The cost of AI as a workbook that goes on counting: live formulas whose stored values are what the screen shows."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl
import streamlit as st
import xlsxwriter

from decisions.exports.cells import harmless
from models.ai_economics.cash_flows import RESERVE_LINE, Flows, flows
from models.ai_economics.plan_totals import reserve_apart
from pages.parts import ai_cost_sheets as sheets
from pages.parts import ai_cost_world, export, look, tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

PLAN, VALUE, ASSUMED, CASES = (
    "marts.ai_planned_costs",
    "scores.ai_value_months",
    "raw.assumptions",
    "scores.ai_business_cases",
)
RATE = "ai_discount_share_per_year"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
METHOD = {
    "Months": "One row a cost line, one column a month; means of 10,000 possible futures. Every sum is a formula over its cells.",
    "Components": "SUMIF over the sheet Months; the last line must be the same total.",
    "Business case": "Benefits that count (cash and capacity, nothing soft) less cost without the reserve. The first month counts at once.",
    "NPV": "Excel's NPV discounts the first flow too, so the formula is the first flow + NPV(rate, the rest). Both stand there.",
    "Reserve": "P80 less P50 of the simulated total, one line of its own (contingency); not in the business case.",
    "Grades": "A official or measured · B vendor or textbook · C unverified · assumption: no source found.",
}


@dataclass(frozen=True)
class Contents:
    """What the workbook holds, and the two figures that it shares with the screen."""

    lines: pl.DataFrame
    flows: Flows
    assumed: pl.DataFrame
    total: float


def board(visit: Visit) -> None:
    """Draws what is in the workbook with its two figures, and the button that makes it."""
    if not has_rows(visit, PLAN):
        return
    found, words = contents(visit), visit.words
    taken = mart(visit, CASES, where={"is_taken_up": True}, columns=("npv_amount",))["npv_amount"]
    with st.container(key="panel_ai_book"):
        look.title(
            "The plan as a workbook",
            "sums and present value are live formulas; their stored values are those of the screen",
        )
        look.pairs(
            {
                "Planned cost, reserve included": words.money_exact(found.total),
                f"Present value at {words.share(found.flows.yearly_rate)} a year, reserve not included": words.money_exact(
                    found.flows.worth
                ),
                "The same by the use cases' own business cases": words.money_exact(float(taken.sum()))
                if taken.null_count() == 0
                else "a price is not known",
                "How sure that is": ai_cost_world.unsure(visit) or "every use case was measured against a comparison",
                "Sheets": "About, Assumptions, Months, Components, Business case",
            }
        )
        st.download_button(
            "Workbook",
            data=partial(_made, visit),
            file_name=export.file_name(visit, "ai_cost", "xlsx"),
            mime=XLSX,
            key="ai_book_xlsx",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
        )
    months = found.flows.months
    tables.show(
        visit,
        months,
        name="ai_cash_flows",
        title=f"Benefits less cost, by month, in {visit.company.reporting_currency}",
        labels={
            "month_date": "Month",
            "benefit_amount": "Benefit that counts",
            "cost_amount": "Cost without reserve",
            "net_amount": "Net",
            "cumulated_amount": "Cumulated",
        },
        units=dict.fromkeys(months.columns[1:], "money"),
        source=PLAN,
    )


def contents(visit: Visit) -> Contents:
    """The planned lines by month, the flows of the business case and the assumptions, as this build has them."""
    planned, assumed = mart(visit, PLAN), mart(visit, ASSUMED, order_by=("assumption_name",))
    brought = mart(visit, VALUE) if has_rows(visit, VALUE) else _nothing_brought()
    rate = float(assumed.filter(pl.col("assumption_name") == RATE)["assumed_number"].item())
    lines = (
        reserve_apart(planned)
        .group_by("component_code", "budget_category_code", "layer_code", "cost_line_name", "month_date")
        .agg(pl.col("planned_amount").cast(pl.Float64).sum())
        .sort("component_code", "cost_line_name", "month_date")
    )
    return Contents(lines, flows(planned, brought, rate), assumed, float(planned["planned_amount"].sum() or 0))


def book(found: Contents, about: Mapping[str, str]) -> bytes:
    """The workbook's bytes: five sheets, every formula written with the value that it has.

    Args:
        about: what stands at the head of its first sheet, name → text.
    """
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as made:
        inks = sheets.formats(made)
        head, assumptions, months, components, case = (
            made.add_worksheet(name) for name in ("About", "Assumptions", "Months", "Components", "Business case")
        )
        placed = sheets.months(months, found.lines, inks)
        sheets.components(components, found.lines, placed, inks)
        sheets.business_case(case, found.flows, placed, inks, reserve=RESERVE_LINE)
        sheets.assumptions(assumptions, found.assumed, inks)
        _about(head, about, placed, inks)
    return out.getvalue()


def _about(sheet: Any, about: Mapping[str, str], placed: "sheets.Placed", inks: Mapping[str, Any]) -> None:
    """Title, company and build, how to read each sheet, and the check that all parts make one total."""
    for line, (key, value) in enumerate({**about, **METHOD}.items()):
        sheet.write_string(line, 0, str(harmless(key)), inks["bold"])
        sheet.write_string(line, 1, str(harmless(value)), inks["wrapped"])
    last = len(about) + len(METHOD) + 1
    sheet.write_string(last, 0, "Total of the plan", inks["bold"])
    sheet.write_formula(last, 1, f"=Months!{placed.total_cell}", inks["money"], placed.total)
    sheet.write_string(last + 1, 0, "Parts less total (must be 0)", inks["bold"])
    sheet.write_formula(
        last + 1, 1, f"=ROUND(SUM(Components!{placed.component_range})-Months!{placed.total_cell},4)", inks["money"], 0
    )
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100)


def _made(visit: Visit) -> bytes:
    return book(
        contents(visit),
        {
            **export.about(visit, "The cost of AI and what it brings", source=f"{PLAN}, {VALUE}, {ASSUMED}"),
            "Left out": ai_cost_world.gap(visit) or "nothing: every model has a price",
        },
    )


def _nothing_brought() -> pl.DataFrame:
    return pl.DataFrame(schema={"month_date": pl.Date, "benefit_class_code": pl.String, "planned_amount": pl.Float64})
