"""Whose value the headline is: the part with AI and the part of people alone are one sum on the screen, the board page and in Excel."""

import datetime as dt
from decimal import Decimal
from typing import Any

import fastexcel
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import ai_board, ai_head, ai_split, ai_unpriced, board, export
from pages.parts.figures import measure
from pages.parts.labels import heading
from tests.ai_value_rows import COSTS, OCT, ROWS, built, decision

UNTAKEN = {**decision("P4", OCT, "11"), "is_taken_up": False}  # by an agent whose use case nobody took up
UNPRICED = {
    "marts.ai_calls": [
        {
            "called_date": dt.date(2026, 10, 5),
            "case_id": case,
            "called_model_name": "unheard-of",
            "seller_name": "nobody",
        }
        for case in ("O1", "O1", "O2")
    ],
    "marts.ai_bill_charges": [],
}


def test_the_parts_are_the_headline_to_the_last_decimal():
    visit = built([*ROWS, UNTAKEN])
    head = ai_head.head(visit)
    people = ai_split.by_people(head.parts)
    assert (people["decision_count"], people["net_earned_amount"]) == (2, Decimal("976.5"))
    (with_ai,) = head.parts.filter("is_with_ai").iter_rows(named=True)
    assert (with_ai["decision_count"], with_ai["effect_count"]) == (
        2,
        2,
    )  # what an agent proposed is with AI, taken up or not
    assert head.parts["net_earned_amount"].sum() == head.figures["net_verified_value"].value
    assert with_ai["ai_cost_amount"] == head.figures["ai_total_cost"].value
    cut = measure(visit, "net_verified_value", by=("is_with_ai",), since=head.since, until=head.until)
    assert dict(cut.select("is_with_ai", "value").iter_rows()) == dict(
        head.parts.select("is_with_ai", "net_earned_amount").iter_rows()
    )


@pytest.mark.parametrize(
    ("rows", "costs", "said"),
    [
        (
            [decision("P1", OCT, "50")],
            COSTS[2:3],
            {"With AI": "for nothing that AI brought was seen", "People alone": "−€30.00"},
        ),
        ([decision("P1", OCT, "50", use_case="UC3")], [], None),
        (
            [decision("P1", OCT, "50")],
            [],
            {"People alone": "€50.00 net, 100.0% of it all, from 1 decision that no agent"},
        ),
    ],
)
def test_a_part_that_is_not_there_is_not_told(rows, costs, said):
    visit = built(rows, costs)
    found = ai_split.sentences(ai_head.head(visit).parts, visit.words)
    if said is None:
        assert found == {}
        return
    assert set(found) == set(said)
    if "With AI" in said:
        assert found["With AI"].startswith(f"−€80.00 net, {said['With AI']}")
        assert (
            found["People alone"] == "€50.00 net, from 1 decision that no agent of AI proposed."
        )  # no share beside a loss
    else:
        assert found["People alone"].startswith(said["People alone"])


def screen() -> None:
    from pages.parts import ai_bridge, ai_head
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"), here="value")
    head = ai_head.head(visit)
    ai_head.verdict(visit, head)
    ai_head.numbers(visit, head)
    ai_bridge.pictures(visit, head)


def drawn() -> str:
    page = AppTest.from_function(screen, default_timeout=60).run()
    assert not page.exception, page.exception
    return "\n".join(one.proto.body for one in page.get("html"))


def test_screen_and_board_page_say_the_same_split_and_the_same_gap():
    visit = built([*ROWS, UNTAKEN], more=UNPRICED)
    shown, head = drawn(), ai_head.head(visit)
    sheet = ai_board.sheet(visit, head)
    printed = " ".join(board.paper(sheet, is_compressed=False).texts)
    assert sheet.left_out == "Not in it: 3 calls of 2 cases to 1 model that has neither a price nor a bill."
    assert [name for name, _ in sheet.parts] == ["With AI", "People alone"]
    for text in (sheet.left_out, *(said for _, said in sheet.parts)):
        assert text in shown
        assert text in printed
    assert ai_unpriced.said(visit, dt.date(2026, 9, 1), dt.date(2026, 9, 30)) == ""


def test_the_board_page_is_silent_where_every_call_has_a_price():
    visit = built()
    sheet = ai_board.sheet(visit, ai_head.head(visit))
    assert sheet.left_out == ""
    assert "Not in it" not in " ".join(board.paper(sheet, is_compressed=False).texts)


def test_the_workbook_holds_the_parts_and_their_sum_under_headings_for_people():
    visit = built([*ROWS, UNTAKEN])
    head = ai_head.head(visit)
    named = export.with_headings("EUR", ai_split.LABELS, {}, ai_split.table(head.parts))
    rows = fastexcel.read_excel(export.xlsx_bytes(named, {})).load_sheet("Rows").to_polars()
    net = {
        name: float(amount)
        for name, amount in rows.select("Decided [part_name]", "Net (EUR) [net_earned_amount]").iter_rows()
    }
    assert net["People alone"] == pytest.approx(976.5)
    assert net["Together"] == pytest.approx(float(head.figures["net_verified_value"].value), abs=1e-6)
    assert net["With AI"] + net["People alone"] == pytest.approx(net["Together"])


def test_the_net_value_is_told_at_all_four_levels():
    shelves = [
        decision(f"{name} Z{number}", OCT, str(50 * number), use_case=name)
        for name in (None, "UC3")
        for number in range(9)
    ]
    visit = built([*ROWS, *shelves])
    head = ai_head.head(visit)
    assert list(head.levels) == sorted(head.levels)
    assert len(set(head.levels)) == 4
    assert head.year == (head.levels[0], head.levels[3])
    words = visit.words
    said = ", ".join(
        f"{name} {words.money(one)}" for name, one in zip(("P10", "P50", "P80", "P90"), head.levels, strict=True)
    )
    assert said in drawn()


@pytest.mark.parametrize(
    ("column", "unit", "given", "said"),
    [
        ("npv_amount", "", "Net present value", "Net present value (EUR) [npv_amount]"),
        ("npv_amount", "", "NPV, EUR", "NPV, EUR [npv_amount]"),
        ("resolved_cost", "per_unit", "Cost a case", "Cost a case (EUR) [resolved_cost]"),
        ("planned_number", "money", "Planned", "Planned (EUR) [planned_number]"),
        ("simple_return_number", "share", "", "Simple return number (1 = 100%) [simple_return_number]"),
        ("month_date", "", "Month", "Month [month_date]"),
    ],
)
def test_a_heading_says_what_the_screen_says_the_unit_and_the_name_for_programs(column, unit, given, said):
    assert heading(column, "EUR", unit, given) == said


def test_no_two_headings_of_a_download_are_alike():
    frame = pl.DataFrame({"a_name": [1], "a_id": [1], "a": [1]})
    labels: dict[str, Any] = dict.fromkeys(frame.columns, "Same")
    assert len(set(export.with_headings("EUR", labels, {}, frame).columns)) == 3
