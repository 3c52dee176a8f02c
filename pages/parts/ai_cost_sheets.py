"""The sheets of the cost workbook: where each thing stands, its formulas, and the value that each formula has."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from decisions.exports.cells import harmless
from models.ai_economics.cash_flows import Flows
from models.ai_economics.finance import excel_npv, monthly_rate
from models.ai_economics.plan_totals import EVERY

TOP, LEFT = 1, 4  # the first row of figures and the first column of months, counted from nought
HEADINGS = ("Component", "Budget category", "Layer", "Cost line")
ASSUMED = {
    "assumption_name": "Name",
    "meaning_text": "What it is",
    "assumed_number": "Value",
    "low_number": "Low",
    "high_number": "High",
    "unit_name": "Unit",
    "source_grade": "Grade",
    "source_text": "Source",
    "source_date": "Date",
    "is_own": "Own value",
    "author_name": "Set by",
    "reason_text": "Reason",
}


@dataclass(frozen=True)
class Placed:
    """Where the lines, months and sums of the sheet Months stand, for formulas of other sheets.

    Attributes:
        line_rows: cost line → its row; total_row: the row of sums.
        sum_column: the column of row sums; total_cell: where both sums meet, and `total` its value.
        months: the months in the order of their columns, and what each costs.
    """

    line_rows: Mapping[str, int]
    total_row: int
    sum_column: int
    total_cell: str
    total: float
    months: Mapping[Any, float]
    component_range: str

    def column(self, nth: int) -> str:
        """The letters of the nth month's column."""
        return xl_col_to_name(LEFT + nth)


def formats(book: Any) -> dict[str, Any]:
    """The few formats of the workbook."""
    return {
        "bold": book.add_format({"bold": True, "valign": "top"}),
        "head": book.add_format({"bold": True, "bottom": 1}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top", "align": "left"}),
        "money": book.add_format({"num_format": "#,##0.00", "align": "right"}),
        "sum": book.add_format({"num_format": "#,##0.00", "bold": True, "top": 1}),
        "share": book.add_format({"num_format": "0.0%"}),
        "rate": book.add_format({"num_format": "0.000000%"}),
        "month": book.add_format({"num_format": "mmm yyyy", "bold": True, "bottom": 1, "align": "right"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
    }


def months(sheet: Any, lines: pl.DataFrame, inks: Mapping[str, Any]) -> Placed:
    """Cost lines down, months across; the last column and the last row are sums."""
    dates = lines["month_date"].unique().sort().to_list()
    keys = lines.select("component_code", "budget_category_code", "layer_code", "cost_line_name").unique(
        maintain_order=True
    )
    amounts = {
        (line, month): value
        for line, month, value in lines.select("cost_line_name", "month_date", "planned_amount").iter_rows()
    }
    width, height = len(dates), keys.height
    for place, name in enumerate(HEADINGS):
        sheet.write_string(0, place, name, inks["head"])
    for nth, month in enumerate(dates):
        sheet.write_datetime(0, LEFT + nth, month, inks["month"])
    sheet.write_string(0, LEFT + width, "Sum", inks["head"])
    rows = {}
    for line, key in enumerate(keys.iter_rows(), start=TOP):
        values = [amounts.get((key[3], month), 0.0) for month in dates]
        for place, text in enumerate(key):
            sheet.write_string(line, place, str(harmless(text)))
        for nth, value in enumerate(values):
            sheet.write_number(line, LEFT + nth, value, inks["money"])
        cells = f"{xl_rowcol_to_cell(line, LEFT)}:{xl_rowcol_to_cell(line, LEFT + width - 1)}"
        sheet.write_formula(line, LEFT + width, f"=SUM({cells})", inks["money"], math.fsum(values))
        rows[key[3]] = line
    total_row = TOP + height
    sheet.write_string(total_row, 0, "All", inks["bold"])
    sums = [math.fsum(amounts.get((name, month), 0.0) for name in rows) for month in dates]
    total = math.fsum(sums)
    for nth, value in enumerate([*sums, total]):
        cells = f"{xl_rowcol_to_cell(TOP, LEFT + nth)}:{xl_rowcol_to_cell(total_row - 1, LEFT + nth)}"
        sheet.write_formula(total_row, LEFT + nth, f"=SUM({cells})", inks["sum"], value)
    sheet.freeze_panes(TOP, LEFT)
    sheet.set_column(0, 3, 24)
    sheet.set_column(LEFT, LEFT + width, 12)
    return Placed(
        rows, total_row, LEFT + width, xl_rowcol_to_cell(total_row, LEFT + width), total, dict(zip(dates, sums, strict=True)),
        f"D2:D{1 + len(EVERY)}",
    )  # fmt: skip


def components(sheet: Any, lines: pl.DataFrame, placed: Placed, inks: Mapping[str, Any]) -> None:
    """The eleven components and what stands apart by SUMIF, with their shares, and the sum of them."""
    sums = dict(lines.group_by("component_code").agg(pl.col("planned_amount").sum()).iter_rows())
    for place, name in enumerate(("Component", "Includes", "Driven by", "Whole plan", "Share")):
        sheet.write_string(0, place, name, inks["head"])
    keys = f"Months!$A${TOP + 1}:$A${placed.total_row}"
    letters = xl_col_to_name(placed.sum_column)
    values = f"Months!${letters}${TOP + 1}:${letters}${placed.total_row}"
    last = 1 + len(EVERY)
    for line, one in enumerate(EVERY, start=1):
        for place, text in enumerate((one.code, one.includes, one.driver)):
            sheet.write_string(line, place, str(harmless(text)), inks["wrapped"])
        amount = float(sums.get(one.code, 0.0))
        sheet.write_formula(line, 3, f"=SUMIF({keys},A{line + 1},{values})", inks["money"], amount)
        share = amount / placed.total if placed.total else 0
        sheet.write_formula(line, 4, f"=IF(D${last + 1}=0,0,D{line + 1}/D${last + 1})", inks["share"], share)
    sheet.write_string(last, 0, "All", inks["bold"])
    sheet.write_formula(last, 3, f"=SUM(D2:D{last})", inks["sum"], placed.total)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 50)
    sheet.set_column(3, 4, 14)


def business_case(sheet: Any, told: Flows, placed: Placed, inks: Mapping[str, Any], *, reserve: str) -> None:
    """Months down: benefit, cost by formula from the sheet Months, net, cumulated; above them the rates and the present value."""
    rows, monthly = told.months, float(monthly_rate(told.yearly_rate))
    top, first = 7, 8
    last = first + rows.height - 1
    sheet.write_string(0, 0, "Discount a year", inks["bold"])
    sheet.write_number(0, 1, told.yearly_rate, inks["rate"])
    sheet.write_string(1, 0, "Discount a month", inks["bold"])
    sheet.write_formula(1, 1, "=(1+B1)^(1/12)-1", inks["rate"], monthly)
    sheet.write_string(2, 0, "Present value (first month at once)", inks["bold"])
    sheet.write_formula(2, 1, f"=D{first + 1}+NPV(B2,D{first + 2}:D{last + 1})", inks["money"], told.worth)
    sheet.write_string(3, 0, "Excel's NPV of the same flows", inks["bold"])
    sheet.write_formula(
        3,
        1,
        f"=NPV(B2,D{first + 1}:D{last + 1})",
        inks["money"],
        float(excel_npv(monthly, rows["net_amount"].to_numpy())),
    )
    sheet.write_string(
        3, 2, "It discounts the first month too, so it is smaller by one month's interest.", inks["wrapped"]
    )
    sheet.write_string(4, 0, "Sum of net, not discounted", inks["bold"])
    sheet.write_formula(4, 1, f"=SUM(D{first + 1}:D{last + 1})", inks["money"], math.fsum(rows["net_amount"]))
    for place, name in enumerate(("Month", "Benefit that counts", "Cost without reserve", "Net", "Cumulated")):
        sheet.write_string(top, place, name, inks["head"])
    columns = {month: nth for nth, month in enumerate(placed.months)}
    for line, (month, benefit, cost, net, cumulated) in enumerate(rows.iter_rows(), start=first):
        sheet.write_datetime(line, 0, month, inks["day"])
        sheet.write_number(line, 1, benefit, inks["money"])
        sheet.write_formula(line, 2, _cost(placed, columns.get(month), reserve), inks["money"], cost)
        sheet.write_formula(line, 3, f"=B{line + 1}-C{line + 1}", inks["money"], net)
        before = f"E{line}+" if line > first else ""
        sheet.write_formula(line, 4, f"={before}D{line + 1}", inks["money"], cumulated)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 4, 22)


def _cost(placed: Placed, nth: int | None, reserve: str) -> str:
    """The formula of a month's cost: the month's sum less the reserve's line, where there is one."""
    if nth is None:
        return "=0"
    letters = placed.column(nth)
    less = f"-Months!{letters}{placed.line_rows[reserve] + 1}" if reserve in placed.line_rows else ""
    return f"=Months!{letters}{placed.total_row + 1}{less}"


def assumptions(sheet: Any, assumed: pl.DataFrame, inks: Mapping[str, Any]) -> None:
    """Every assumption with its range, grade and source; those that the company set itself say who and why."""
    known = [name for name in ASSUMED if name in assumed.columns]
    for place, name in enumerate(known):
        sheet.write_string(0, place, ASSUMED[name], inks["head"])
    for line, row in enumerate(assumed.select(known).iter_rows(), start=1):
        for place, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(line, place, value)
            elif isinstance(value, int | float):
                sheet.write_number(line, place, value)
            elif value is not None:
                sheet.write_string(line, place, str(harmless(value)))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, assumed.height, max(len(known) - 1, 0))
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, len(known), 18)
