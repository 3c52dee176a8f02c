"""Every letter says what worded it: which template, or which model with which prompt, each in its version, wherever it is shown."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from decisions.book import Book
from decisions.desk import Desk
from decisions.drafting import ORDERS, PROMPT_VERSION, Drafter, Endpoint
from decisions.person import Person
from decisions.proposers import words
from decisions.round import run_round
from pages.parts.case_life import events
from pages.parts.page import Viewer, Visit
from store.company import Company
from store.ledger import Ledger
from tests.case_builds import made
from tests.letters import GOOD, chase
from tests.unit.test_drafting import drafter, model

NOON = datetime(2026, 11, 14, 12, tzinfo=UTC)
LATE_VERSION = words.version_of(words.SUPPLIER_LATE)


def test_a_version_changes_with_the_words_and_only_with_them():
    assert words.version_of(ORDERS) == PROMPT_VERSION
    assert words.version_of(ORDERS + " ") != PROMPT_VERSION
    assert chase().template_version == chase(open_qty=7).template_version == LATE_VERSION
    assert chase(due_date="2026-11-30").template_version == words.version_of(words.SUPPLIER_COMING) != LATE_VERSION


def test_a_model_s_words_name_the_model_that_answered_and_the_prompt():
    with model() as server:
        worded = drafter(server.url).words(chase())
    assert worded.made_with == f"Worded by model tiny-1b-0131, prompt version {PROMPT_VERSION}."
    assert worded.call is not None
    assert worded.call["prompt_version"] == PROMPT_VERSION


@pytest.mark.parametrize("says", [None, GOOD.replace("240", "250")])
def test_where_the_template_stands_it_is_named_and_not_the_model(says: str | None):
    with model(says) as server:
        worded = drafter(server.url).words(chase())
    assert worded.source == "template"
    assert worded.made_with == f"Worded by template supplier message, version {LATE_VERSION}."
    assert worded.call is not None
    assert worded.call["prompt_version"] == PROMPT_VERSION, "the call that came to nothing is on record with its prompt"
    assert Drafter(None).words(chase()).made_with == worded.made_with


def shown() -> None:
    from decisions.book import Book
    from pages.parts import proposals
    from pages.parts.page import Viewer, Visit
    from store.company import open_company
    from store.ledger import Ledger
    from store.warehouse import current_build

    company = open_company("acme")
    (letter,) = [
        one
        for one in Book(Ledger.open(None, company.folder).acts()).standings.values()
        if one.proposal.kind == "supplier_message"
    ]
    proposals.full(Visit(company, current_build(company), Viewer("ana", roles=frozenset({"approver"}))), letter)


@pytest.mark.parametrize("by_model", [False, True])
def test_a_letter_at_the_desk_carries_what_worded_it_and_pages_show_it(company: Company, by_model: bool):
    ledger = Ledger.open(None, company.folder)
    build = made(company)
    wanted = f"Worded by template supplier message, version {LATE_VERSION}."
    if by_model:
        said = (
            GOOD.replace("PO4711", "PO7")
            .replace("240 units of A-100", "40 units of A6")
            .replace("17 November", "17 November")
        )
        with model(said) as server:
            run_round(
                company,
                build,
                ledger,
                Book(),
                lambda: NOON,
                endpoint=Endpoint(server.url, "tiny-1b", timeout_seconds=5.0),
            )
        wanted = f"Worded by model tiny-1b-0131, prompt version {PROMPT_VERSION}."
    else:
        run_round(company, build, ledger, Book(), lambda: NOON)
    book = Book(ledger.acts())
    (letter,) = [one for one in book.standings.values() if one.proposal.kind == "supplier_message"]
    assert words.worded_by(letter.proposal.drivers) == wanted
    assert letter.proposal.content_hash != replace(letter.proposal, drivers=letter.proposal.drivers[:1]).content_hash
    (run,) = [one.payload for one in book.runs if one.subject == "follow-up-agent"]
    assert any(wanted in step["text"] for step in run["trace"] if step["stage"] == "words")
    visit = Visit(company, build, Viewer("ana", roles=frozenset({"approver"})))
    told = events(visit, Desk(ledger, Person("ana", frozenset({"approver"})), build=build, book=book), letter)
    assert [wanted in one[2] for one in told if one[1] == "words"] == [True]


def test_an_approver_reads_it_beside_the_letter(company: Company):
    run_round(company, made(company), Ledger.open(None, company.folder), Book(), lambda: NOON)
    screen = AppTest.from_function(shown, default_timeout=30).run()
    assert not screen.exception, screen.exception
    page = "\n".join(str(element.proto) for kind in ("html", "markdown") for element in screen.get(kind))
    assert f"Worded by template supplier message, version {LATE_VERSION}." in page
