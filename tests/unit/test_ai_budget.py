"""A use case's budget for a day: an enforced control refuses, one that is off does not, and what was stopped makes no call."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from decisions.ai_budget import Budget, budget, refused_count, tool_call_cap
from decisions.ai_folding import AiBook
from decisions.book import Book
from decisions.desk import Desk
from decisions.drafting import Drafter, Endpoint
from decisions.person import Person
from decisions.round import run_round
from pipelines import use_cases
from store.ledger import Ledger
from tests.case_builds import made
from tests.desks import APPROVER, EXECUTIVE, Office
from tests.letters import chase

DAY, AT = date(2026, 11, 14), datetime(2026, 11, 14, 9, tzinfo=UTC)
A2 = use_cases.templates()["A2"]
# Nobody listens there: a drafter that asked would fail, and say so in its words.
NOBODY = Endpoint("http://127.0.0.1:9/v1", "tiny-1b", timeout_seconds=0.5)


def act(kind: str, subject: str = "A2", at: datetime = AT, **payload: object) -> SimpleNamespace:
    return SimpleNamespace(kind=kind, subject=subject, who="elsa", at=at, payload=payload)


def book(*acts: SimpleNamespace) -> AiBook:
    made = AiBook()
    for one in acts:
        made.take(one)
    return made


def switch(is_on: bool, limit: float | None = None) -> SimpleNamespace:
    return act("ai_control", control="daily token budget", is_on=is_on, limit=limit, reason="x")


def spent(tokens: int, use_case: str = "A2", at: datetime = AT) -> SimpleNamespace:
    calls = [{"use_case_name": use_case, "input_token_count": tokens, "output_token_count": 0}]
    return act("propose", "p1", at, note={"ai_calls": calls})


def test_what_was_taken_on_the_day_counts_and_nothing_else_does():
    yesterday = AT.replace(day=13)
    held = book(spent(700), spent(300), spent(9_000, at=yesterday), spent(9_000, "A5"), spent(50, "supplier message"))
    assert budget(held, "A2", DAY, limit=1_500) == Budget("A2", 1_500, 1_050)
    assert budget(held, "A2", DAY, limit=1_500).left == 450


@pytest.mark.parametrize("built", [{}, A2])
def test_an_enforced_limit_refuses_and_one_that_is_off_does_not(built):
    on, off = book(switch(True, 1_000), spent(900)), book(switch(True, 1_000), spent(900), switch(False))
    assert "900 are used, and the call may take 101" in budget(on, "A2", DAY, built=built).why_not(101)
    assert budget(on, "A2", DAY, built=built).why_not(100) == ""
    assert budget(off, "A2", DAY, built=built).why_not(10**9) == ""
    assert budget(off, "A2", DAY, built=built).left is None
    again = book(switch(True, 1_000), spent(900), switch(False), switch(True))
    assert budget(again, "A2", DAY, built=built).limit == 1_000


def test_a_limit_of_nought_refuses_all():
    none = budget(book(switch(True, 0)), "A2", DAY)
    assert none.why_not(1)
    assert none.left == 0


def test_a_control_that_is_only_declared_refuses_nothing():
    declared = {"controls": [{"control": "daily token budget", "is_on": True, "how": "declared", "limit": 0}]}
    assert budget(book(), "A2", DAY, built=declared).why_not(10**6) == ""


def test_what_was_stopped_makes_no_call_whatever_its_budget():
    stopped = book(switch(False), act("use_case", definition={"stage": "stopped"}, reason="x"))
    assert "stopped" in budget(stopped, "A2", DAY, built=A2).why_not(1)
    said = {"started": "2026-02-16"}
    again = [act("use_case", definition={**said, "stage": stage}, reason="x") for stage in ("stopped", "pilot")]
    assert budget(book(*again), "A2", DAY, built=A2).why_not(1) == ""


def test_the_template_speaks_and_the_refusal_comes_back_without_a_call():
    held = book(switch(True, 0))
    worded = Drafter(NOBODY, budget=lambda of: budget(held, of, DAY)).words(chase(), case_id="c1")
    assert (worded.source, worded.call) == ("template", None)
    assert "budget of 0 tokens for A2" in worded.because
    assert worded.refusal is not None
    assert (worded.refusal["use_case_id"], worded.refusal["control"], worded.refusal["case_id"]) == (
        "A2",
        "daily token budget",
        "c1",
    )
    asked = Drafter(NOBODY, budget=Budget).words(chase())
    assert asked.call is not None
    assert asked.refusal is None


def test_a_stopped_use_case_is_told_as_that():
    worded = Drafter(NOBODY, budget=lambda of: Budget(of, is_stopped=True)).words(chase())
    assert worded.call is None
    assert "was stopped" in worded.because
    assert worded.refusal["control"] == "stage"


def test_refusals_are_counted_by_use_case_and_day():
    refusal = {"use_case_id": "A2", "control": "daily token budget"}
    held = book(
        act("propose", "p1", note={"ai_refusals": [refusal]}),
        act("agent_run", "follow-up-agent", note={"ai_refusals": [refusal]}),
        act("agent_run", "follow-up-agent", AT.replace(day=12), note={"ai_refusals": [refusal]}),
    )
    assert (refused_count(held, "A2"), refused_count(held, "A2", DAY), refused_count(held, "A5")) == (3, 2, 0)
    assert budget(held, "A2", DAY).refused_count == 2


def test_a_switch_at_the_desk_shows_at_once(tmp_path):
    office = Office(tmp_path / "acme")
    office.desk(APPROVER).control("A2", "daily token budget", True, 10, "Too dear.")
    assert budget(office.desk(EXECUTIVE).book.ai, "A2", DAY, built=A2).limit == 10
    office.desk(EXECUTIVE).register(
        "A2", {"stage": "stopped", "started": date(2026, 2, 16)}, "It saves nothing.", template=A2
    )
    assert budget(Book(office.ledger.acts()).ai, "A2", DAY, built=A2).is_stopped


# ── tool calls ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_cap_on_tool_calls_is_the_control_s_or_the_definition_s():
    cap = act("ai_control", control="cap on tool calls", is_on=True, limit=3, reason="x")
    off = act("ai_control", control="cap on tool calls", is_on=False, limit=None, reason="x")
    assert tool_call_cap(book(), "A2", A2) == A2["tokens"]["tool_call_cap"] == 14
    assert tool_call_cap(book(cap), "A2", A2) == 3
    assert tool_call_cap(book(cap, off), "A2", A2) is None
    assert tool_call_cap(book(), "A2") is None


def test_a_round_keeps_what_a_budget_refused_and_hands_over_at_the_cap(company):
    """The controls are read of the ledger: no model is asked, the template speaks, and the refusal stands beside the wish."""
    ledger = Ledger.open(None, company.folder)
    build = made(company)
    desk = Desk(ledger, Person("elsa", frozenset({"executive"})))
    desk.control("A2", "daily token budget", True, 0, "Too dear.")
    held = Book()
    done = run_round(company, build, ledger, held, lambda: AT, endpoint=NOBODY)
    assert sum(one.solved for one in done.agents if one.agent_code == "follow_up") == 1
    assert refused_count(held.ai, "A2", DAY) == 1
    (wish,) = [one for one in ledger.acts("propose") if one.payload["proposal"]["kind"] == "supplier_message"]
    assert wish.payload["note"]["ai_refusals"][0]["limit"] == 0
    assert "ai_calls" not in wish.payload["note"]


def test_a_round_asks_no_more_tools_than_the_cap(company):
    ledger = Ledger.open(None, company.folder)
    Desk(ledger, Person("elsa", frozenset({"executive"}))).control("A2", "cap on tool calls", True, 0, "Loops.")
    held = Book()
    run_round(company, made(company), ledger, held, lambda: AT)
    said = [run.payload for run in held.runs if run.subject == "follow-up-agent"]
    assert [(run["outcome"], "cap of 0" in run["because"]) for run in said] == [("escalated", True)]
