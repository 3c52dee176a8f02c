"""What an agent does where the systems before it have not told everything: it goes on, waits, or hands over, as its use case says."""

import json
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from decisions.agent_counts import counts
from decisions.ai_folding import AiBook
from decisions.book import Book
from decisions.incomplete import behaviour
from decisions.proposers.situation import ESCALATED, HELD, PROPOSED
from decisions.round import Round, run_round
from models.ai_economics.placement_gaps import DEGRADE, ESCALATE, HOLD, when_incomplete
from models.ai_economics.use_case import use_case
from pipelines import use_cases
from store.company import Company
from store.ledger import Ledger
from tests.case_builds import LATE, made
from tests.unit.test_agents import FRAMES, INVENTORY, run, situation

NOON = datetime(2026, 11, 14, 12, tzinfo=UTC)
SHELF = "marts.stock_now"
UNKNOWN = {SHELF: FRAMES[SHELF].with_columns(on_hand_qty=pl.lit(None, pl.Float64))}


def definition(name: str, on_incomplete: str, *, writes: bool | None = None) -> dict[str, Any]:
    said = json.loads(json.dumps(use_cases.templates()[name], default=str))
    said["needs"]["on_incomplete"] = on_incomplete
    return said if writes is None else {**said, "writes": writes}


# ── one run ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("code", "writes", "outcome", "says"),
    [
        (DEGRADE, False, PROPOSED, "It answers without on_hand_qty, and says so."),
        (HOLD, False, HELD, "Without on_hand_qty the case waits until they are there."),
        (ESCALATE, False, ESCALATED, "Without on_hand_qty it hands the case to a person."),
        (DEGRADE, True, HELD, "Without on_hand_qty the case waits until they are there."),
    ],
)
def test_a_column_that_is_not_filled_is_met_as_the_use_case_says(code: str, writes: bool, outcome: str, says: str):
    case = use_case(definition("W1", code, writes=writes))
    made = run(INVENTORY, situation(frames=UNKNOWN, incomplete=lambda _, missing: when_incomplete(case, missing)))
    assert made.outcome == outcome
    assert any(says in step.text for step in made.trace)
    if made.proposal is None:
        assert says in made.because
        assert made.trace[-1].mark == "stopped"
        assert (made.to_role == "planner") == (outcome == ESCALATED)
    else:
        assert says in made.proposal.does_not_know, "who approves must see what it was made without"


def test_where_nobody_says_it_people_decide_and_nothing_is_said_where_all_is_there():
    assert run(INVENTORY, situation(frames=UNKNOWN)).outcome == ESCALATED
    whole = run(INVENTORY, situation())
    assert whole.outcome == PROPOSED
    assert whole.proposal is not None
    assert "without" not in whole.proposal.does_not_know


@pytest.mark.parametrize("frames", [{}, {SHELF: FRAMES[SHELF].clear()}, {SHELF: FRAMES[SHELF].drop("on_hand_qty")}])
@pytest.mark.parametrize(("code", "outcome"), [(HOLD, HELD), (ESCALATE, ESCALATED), (DEGRADE, ESCALATED)])
def test_without_a_fact_that_it_needs_no_agent_goes_on(frames: dict, code: str, outcome: str):
    """To go on with less is no way for what an agent has declared that it cannot do without."""
    case = use_case(definition("W1", code))
    made = run(INVENTORY, situation(frames=frames, incomplete=lambda _, missing: when_incomplete(case, missing)))
    assert (made.outcome, made.proposal) == (outcome, None)


def test_the_definition_of_today_counts_and_none_means_people():
    book = AiBook()
    assert behaviour(book, "UC4", ("qty",), built=definition("UC4", HOLD)).code == HOLD
    assert behaviour(book, "UC4", ("qty",), built=use_cases.templates()["UC4"]).code == ESCALATE
    assert behaviour(book, "UC4", ("qty",)).code == ESCALATE
    assert behaviour(book, None, ("qty",), built=definition("UC4", HOLD)).code == ESCALATE


@pytest.mark.parametrize("name", sorted(use_cases.templates()))
def test_every_use_case_of_the_catalogue_has_a_behaviour_that_it_keeps(name: str):
    said = use_cases.templates()[name]
    found = when_incomplete(use_case(said), ("on_hand_qty",))
    assert found is not None
    assert found.code == said["needs"]["on_incomplete"]
    assert found.may_go_on == (found.code == DEGRADE)


# ── a round, with letters ────────────────────────────────────────────────────────────────────────────────────────────
def gone(company: Company, ledger: Ledger, build_id: str, *, on_incomplete: str, **line: Any) -> Round:
    """A round on a build whose late line says no day on which it was due, unless `line` tells it."""
    late = {
        "po_id": "PO7", "line_key": "10", "supplier_id": "V1", "supplier_name": "Hansa", "sku_id": "A6", "site_id": "LEJ",
        "due_date": None, "late_share": 1.0, "arrival_p80_date": None, "open_qty": None, "open_amount": None,
    }  # fmt: skip
    known = {"use_case_id": "A2", "definition_text": json.dumps(definition("A2", on_incomplete))}
    build = made(company, build_id, more={"marts.inbound_risks": [late | line], "raw.use_cases": [known]})
    return run_round(company, build, ledger, Book(ledger.acts()), lambda: NOON)


def letters(ledger: Ledger) -> list[str]:
    return [
        act.payload["proposal"]["case_id"]
        for act in ledger.acts("propose")
        if act.payload["proposal"]["kind"] == "supplier_message"
    ]


@pytest.mark.parametrize(("code", "outcome"), [(HOLD, HELD), (ESCALATE, ESCALATED)])
def test_a_letter_whose_facts_are_missing_is_held_or_handed_over(company: Company, code: str, outcome: str):
    ledger = Ledger.open(None, company.folder)
    done = next(one for one in gone(company, ledger, "b1", on_incomplete=code).agents if one.agent_code == "follow_up")
    assert (done.looked_at, done.solved, done.held, done.escalated) == (
        1,
        0,
        int(outcome == HELD),
        int(outcome == ESCALATED),
    )
    assert letters(ledger) == []
    book = Book(ledger.acts())
    (run_of,) = [one.payload for one in book.runs if one.subject == "follow-up-agent"]
    assert run_of["outcome"] == outcome
    assert "due_date" in run_of["because"]
    told = next(one for one in counts(book) if one.who == "follow-up-agent")
    assert (told.held, told.escalated) == (int(outcome == HELD), int(outcome == ESCALATED))


def test_a_case_that_waited_is_taken_up_once_the_data_are_there(company: Company):
    ledger = Ledger.open(None, company.folder)
    gone(company, ledger, "b1", on_incomplete=HOLD)
    whole = {"due_date": NOON.date().replace(day=4), "open_qty": 40}
    done = gone(company, ledger, "b2", on_incomplete=HOLD, **whole)
    assert next(one.solved for one in done.agents if one.agent_code == "follow_up") == 1
    assert letters(ledger) == [LATE["case_id"]]


def test_no_tool_asks_for_a_column_that_it_does_not_read():
    from decisions.proposers.queues import AGENTS

    tools = [tool for agent in AGENTS for tool in agent.tools]
    assert all(set(tool.must_have) <= set(tool.reads) for tool in tools)
    assert sum(bool(tool.must_have) for tool in tools) >= 5
