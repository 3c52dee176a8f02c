"""Agents on the page Rules: what keeps further ones from acting alone and which act alone already, and what each reads, once."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from decisions.book import Book
from decisions.levels import alone
from decisions.standing import Level
from pages.parts import agents
from pages.parts.page import Visit
from tests.ai_builds import built, held
from tests.unit.parts_visit import grown
from tests.worlds import world


@pytest.fixture
def visit() -> Visit:
    return built(held(world("marts.registers", as_of=dt.date(2026, 11, 13)), "marts.registers"))


def desk_with(*levels: tuple[str, str, int]) -> Any:
    book, day = Book(), dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)
    for kind, segment, level in levels:
        book.levels[kind, segment] = Level(kind, segment, level, "It has earned it.", day)
    return SimpleNamespace(book=book)


def test_what_is_not_settled_holds_further_agents_back_and_what_acts_alone_already_is_named(visit: Visit):
    nobody = agents._held_back(visit, desk_with(("purchase", "", 2)))
    assert nobody.startswith("No further agent may act alone (L3) until this is settled: model ownership: ")
    assert "already" not in nobody
    said = agents._held_back(visit, desk_with(("purchase", "", 2), ("release_order", "", 3), ("transfer", "A", 3)))
    assert said.startswith(nobody)
    assert said.removeprefix(nobody) == (
        " Acts alone already: Order exceptions (release a held order, since 2 Nov 2026, 08:00 UTC); "
        "Inventory (move stock between sites, segment A, since 2 Nov 2026, 08:00 UTC); what is open takes no level away."
    )


def test_no_level_above_its_ceiling_acts_alone():
    assert alone(desk_with(("policy_change", "", 3)).book) == []


def screen() -> None:
    from pages.parts import agents, at_desk
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"), here="rules")
    agents.board(visit, at_desk.desk(visit))


def test_each_table_that_an_agent_may_read_is_named_once():
    grown()
    page = AppTest.from_function(screen, default_timeout=60).run()
    assert not page.exception, page.exception
    words = "\n".join(one.proto.body for one in page.get("html"))
    assert "<dd>marts.inbound_risks, marts.late_risks, marts.order_late_risks</dd>" in words
