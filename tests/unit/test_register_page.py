"""Keeping a row of a register on its page: what stands is not lost by keeping it, and a row that there is not is said not to be there."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from decisions.desk import Desk
from decisions.registers import Kept, cost_now
from pages.parts.page import Visit
from pages.parts.registers import rows, total_cost
from pipelines.flow import ledger_of
from tests.ai_builds import built, held
from tests.desks import EXECUTIVE
from tests.worlds import world

AS_OF = dt.date(2026, 11, 13)
SUBJECT = "security_baseline/sign_in"
NOBODY_KNOWS = "nobody knows"


def board(wanted: str) -> None:
    import streamlit as st

    from pages.parts import at_desk, registers
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"), here="risks")
    desk = at_desk.desk(visit)
    if wanted:
        st.query_params["row"] = wanted
    registers.board(visit, desk, registers.rows(visit, desk), ("security_baseline",))


def form(subject: str) -> None:
    from decisions.desk import Desk
    from pages.parts import acting, register_row, registers
    from pipelines.flow import ledger_of
    from store.company import open_company
    from tests.desks import EXECUTIVE
    from tests.unit.parts_visit import visit_to

    company = open_company("acme")
    visit, desk = visit_to(company, here="risks"), Desk(ledger_of(company), EXECUTIVE)
    acting.said(desk)
    found = registers.rows(visit, desk).filter(row_code=subject.split("/")[1])
    register_row._form(visit, desk, found.row(0, named=True), subject)


@pytest.fixture
def visit() -> Visit:
    return built(held(world("marts.registers", as_of=AS_OF), "marts.registers"))


def drawn(part: Callable[[str], None], wanted: str) -> AppTest:
    page = AppTest.from_function(part, default_timeout=60, args=(wanted,)).run()
    assert not page.exception, page.exception
    return page


def field(page: AppTest, label: str, kind: str = "number_input") -> Any:
    return next(one for one in page.get(kind) if one.label.startswith(label))


def notes(page: AppTest) -> str:
    return "\n".join(one.proto.body for one in page.get("html"))


def test_keeping_a_row_keeps_what_it_costs_unless_somebody_changes_it(visit: Visit):
    """Its house estimate stands in the field; what is emptied is nobody's figure any more, and stays empty."""
    desk, page = Desk(ledger_of(visit.company), EXECUTIVE), drawn(form, SUBJECT)
    estimated = total_cost(rows(visit, desk))
    for nth, (typed, kept) in enumerate(
        ((None, "160.00"), (175.0, "175.00"), (None, "175.00"), (NOBODY_KNOWS, None), (None, None))
    ):
        if typed is not None:
            field(page, "Cost a month").set_value(None if typed == NOBODY_KNOWS else typed)
        field(page, "Answers for it", "text_input").set_value(f"head of IT, {nth}")
        field(page, "Why", "text_input").set_value("We have looked at it.")
        next(one for one in page.button if one.label == "Keep it").click().run(timeout=60)
        assert not page.exception, page.exception
        acts = ledger_of(visit.company).acts("keep_register")
        assert (len(acts), acts[-1].payload["monthly_cost"]) == (nth + 1, kept)
        if kept == "160.00":
            assert total_cost(rows(visit, Desk(ledger_of(visit.company), EXECUTIVE))) == estimated


def test_a_row_of_missing_days_is_not_turned_into_a_sum_that_somebody_said(visit: Visit):
    """Its cost follows the days that are there."""
    desk = Desk(ledger_of(visit.company), EXECUTIVE)
    name = "capability_gap/governance"
    desk.keep_register(name, Kept(status="planned", owner="controller", held=0.5), "Counted.")
    row = rows(visit, desk).filter(row_code="governance", register_code="capability_gap").row(0, named=True)
    assert row["monthly_cost"] > 0
    assert cost_now(desk.book, name) is None


@pytest.mark.parametrize(
    ("wanted", "is_said"),
    [("security_baseline/signin", True), (SUBJECT, False), ("risks/drift", False), ("", False)],
)
def test_a_row_that_there_is_not_is_said_not_to_be_there(visit: Visit, wanted: str, is_said: bool):
    """One of another tab is known, and an address that names none asks for none."""
    assert (
        f"There is no row {wanted} in these registers; the first one is shown." in notes(drawn(board, wanted))
    ) is is_said
