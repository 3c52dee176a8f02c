"""The cost workbook, read back: every stored value is what its formula gives, and both are the screen's figures; no text is a formula."""

import io
import math
import re
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from models.ai_economics import plan_tables
from models.ai_economics.cash_flows import flows
from models.ai_economics.inputs import world_of
from models.ai_economics.plan_totals import parts, reserve_apart
from models.ai_economics.programme import simulated
from pages.parts.ai_cost_book import Contents, book
from tests.ai_programmes import AS_OF, frames, taken_up

SHEETS = ("About", "Assumptions", "Months", "Components", "Business case")
SPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
WICKED = "=HYPERLINK(1)"
Cells = dict[tuple[str, str], tuple[str | None, Any]]


@pytest.fixture(scope="module")
def contents() -> Contents:
    """The programme of the tests as the page reads it, with an assumption whose reason would be a formula."""
    found = simulated(world_of(frames(taken_up("UC3", "UC4")), AS_OF, count=50, seed=3))
    rows, brought = plan_tables.cost_months(found), plan_tables.value_months(found)
    assumed = frames()["raw.assumptions"].with_columns(
        pl.lit(WICKED).alias("reason_text"), pl.lit("C").alias("source_grade")
    )
    lines = (
        reserve_apart(rows).group_by("component_code", "budget_category_code", "layer_code", "cost_line_name", "month_date")
        .agg(pl.col("planned_amount").sum()).sort("component_code", "cost_line_name", "month_date")
    )  # fmt: skip
    return Contents(lines, flows(rows, brought, 0.10), assumed, float(rows["planned_amount"].sum()))


@pytest.fixture(scope="module")
def cells(contents: Contents) -> Cells:
    """Formula and stored value of every cell, by sheet and place."""
    return read_back(book(contents, {"Title": "The cost of AI", "Company": "=Acme"}))


def read_back(made: bytes) -> Cells:
    found: Cells = {}
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        words = [
            "".join(one.itertext()) for one in ET.fromstring(packed.read("xl/sharedStrings.xml")).findall("x:si", SPACE)
        ]
        for number, sheet in enumerate(SHEETS, start=1):
            for cell in ET.fromstring(packed.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{{{SPACE['x']}}}c"):
                formula, value = cell.find("x:f", SPACE), cell.find("x:v", SPACE)
                stored: Any = None if value is None else value.text
                if cell.get("t") == "s":
                    stored = words[int(stored)]
                elif stored is not None:
                    stored = float(stored)
                found[sheet, cell.get("r")] = (None if formula is None else formula.text, stored)
    return found


def worked_out(cells: Cells, sheet: str, place: str) -> Any:
    """The value of a cell from the formulas alone, by the few functions that the workbook uses."""
    formula, stored = cells.get((sheet, place), (None, 0.0))
    return stored if formula is None else eval(python(cells, sheet, formula), FUNCTIONS)


def python(cells: Cells, sheet: str, formula: str) -> str:
    def put(match: re.Match[str]) -> str:
        where = (match["sheet"] or sheet).strip("'!")
        first, last = match["first"].replace("$", ""), (match["last"] or "").replace("$", "")
        if not last:
            return repr(worked_out(cells, where, first))
        return repr([worked_out(cells, where, one) for one in spanned(first, last)])

    text = re.sub(r"(?P<sheet>\w+!)?(?P<first>\$?[A-Z]{1,3}\$?\d+)(?::(?P<last>\$?[A-Z]{1,3}\$?\d+))?", put, formula)
    return (
        re.sub(r"(?<![<>=])=(?!=)", "==", text)
        .replace("^", "**")
        .replace("IF(", "WHETHER(")
        .replace("SUMWHETHER(", "SUMIF(")
    )


def spanned(first: str, last: str) -> list[str]:
    (left, top), (right, bottom) = (re.fullmatch(r"([A-Z]+)(\d+)", one).groups() for one in (first, last))
    columns = [letters(n) for n in range(number(left), number(right) + 1)]
    return [f"{column}{row}" for row in range(int(top), int(bottom) + 1) for column in columns]


def number(name: str) -> int:
    return sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(name)))


def letters(of: int) -> str:
    return (letters((of - 1) // 26) if of > 26 else "") + chr((of - 1) % 26 + 65)


FUNCTIONS = {
    "__builtins__": {},
    "SUM": math.fsum,
    "ROUND": round,
    "SUMIF": lambda keys, key, values: math.fsum(v for k, v in zip(keys, values, strict=True) if k == key),
    "NPV": lambda rate, values: math.fsum(v / (1 + rate) ** (n + 1) for n, v in enumerate(values)),
    "WHETHER": lambda test, then, other: then if test else other,
}  # fmt: skip


def test_every_stored_value_is_what_its_formula_gives(cells: Cells):
    live = {where: stored for where, (formula, stored) in cells.items() if formula is not None}
    assert len(live) > 100
    for (sheet, place), stored in live.items():
        assert worked_out(cells, sheet, place) == pytest.approx(stored, rel=1e-9, abs=1e-6), (
            sheet,
            place,
            cells[sheet, place][0],
        )


def test_the_figures_are_those_of_the_screen(cells: Cells, contents: Contents):
    about = {
        value[1]: cells["About", f"B{place[1:]}"]
        for (sheet, place), value in cells.items()
        if sheet == "About" and place[0] == "A"
    }
    assert about["Total of the plan"][1] == pytest.approx(contents.total, abs=0.005)
    assert about["Parts less total (must be 0)"][1] == 0
    assert cells["Business case", "B3"][1] == pytest.approx(contents.flows.worth)
    assert cells["Business case", "B3"][0].startswith("D9+NPV(B2,D10:D"), "the first month counts at once"
    shown = dict(parts(contents.lines, "component_code").iter_rows())
    for row in range(2, 14):
        assert cells["Components", f"D{row}"][1] == pytest.approx(
            shown.get(cells["Components", f"A{row}"][1], 0.0), abs=1e-6
        )


def test_excels_own_npv_is_one_month_of_interest_lower(cells: Cells):
    rate, ours, theirs = (cells["Business case", place][1] for place in ("B2", "B3", "B4"))
    assert theirs == pytest.approx(ours / (1 + rate))


def test_a_changed_month_moves_the_total_and_the_worth(cells: Cells, contents: Contents):
    """The formulas live: another figure in one cell gives another total and another present value."""
    other = dict(cells)
    row = next(place[1:] for (sheet, place), value in cells.items() if sheet == "Months" and value[1] == "gateway")
    place = f"E{row}"
    other["Months", place] = (None, cells["Months", place][1] + 1_000)
    total = next(
        where
        for where, (formula, _) in cells.items()
        if where[0] == "About" and formula and formula.startswith("Months!")
    )
    assert worked_out(other, *total) == pytest.approx(contents.total + 1_000, abs=0.005)
    assert worked_out(other, "Business case", "B3") == pytest.approx(contents.flows.worth - 1_000)


def test_no_text_is_a_formula(cells: Cells):
    texts = [stored for _, stored in cells.values() if isinstance(stored, str)]
    assert f"'{WICKED}" in texts
    assert "'=Acme" in texts
    assert not [text for text in texts if text.startswith(("=", "+", "@"))]
    assert not [formula for formula, _ in cells.values() if formula and "HYPERLINK" in formula]
