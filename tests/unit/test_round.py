"""A round of the agents on a real build and ledger: what each did is on record, and a second round does nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from decisions.agent_counts import counts, letters, timeline
from decisions.book import Book
from decisions.desk import Desk
from decisions.in_hand import Hands
from decisions.person import Person
from decisions.proposers.order_exceptions import ORDER_EXCEPTIONS
from decisions.proposers.queues import AGENTS
from decisions.round import Round, run_round
from errors import Refusal
from store.company import Company
from store.ledger import Ledger
from store.warehouse import Build
from tests.case_builds import ASLEEP, LATE, MOVED, TIED, UNSURE, made, option
from tests.desks import APPROVER, Office, wish

NOON = datetime(2026, 11, 14, 12, tzinfo=UTC)
INVENTORY = "inventory-agent"


@pytest.fixture
def ledger(company: Company) -> Ledger:
    """The company's ledger, in which one case was put away already."""
    opened = Ledger.open(None, company.folder)
    Desk(opened, Person("paula", frozenset({"planner"}))).dismiss(ASLEEP["case_id"], "known")
    return opened


def gone(company: Company, build: Build, ledger: Ledger, **more: object) -> Round:
    return run_round(company, build, ledger, Book(), lambda: NOON, **more)


def of(done: Round, code: str) -> tuple[int, int, int, int]:
    one = next(one for one in done.agents if one.agent_code == code)
    return one.looked_at, one.solved, one.escalated, one.refused


def book(ledger: Ledger) -> Book:
    return Book(ledger.acts())


def test_each_agent_looks_at_its_queue_and_everything_is_on_record(company: Company, ledger: Ledger):
    done = gone(company, made(company), ledger)
    assert of(done, "inventory") == (3, 1, 2, 0)
    assert of(done, "follow_up") == (1, 1, 0, 0)
    held = book(ledger)
    (standing,) = [one for one in held.standings.values() if one.proposal.kind == "transfer"]
    assert (standing.state, standing.proposer, standing.proposal.subject["sku_id"]) == ("pending", INVENTORY, "A1")
    assert [evidence.table for evidence in standing.proposal.evidence] == ["marts.stock_now"] * 2
    runs = [run for run in held.runs if run.subject == INVENTORY]
    assert [run.payload["case_id"] for run in runs] == [MOVED["case_id"], TIED["case_id"], UNSURE["case_id"]]
    assert runs[0].payload["proposal_id"] == standing.proposal_id
    rows = timeline(runs[1])
    assert [row["step_no"] for row in rows] == list(range(1, len(rows) + 1))
    assert any("tie" in row["step_text"] for row in rows)
    assert ledger.verify().is_intact


def test_a_second_round_on_the_same_build_does_nothing(company: Company, ledger: Ledger):
    build = made(company)
    gone(company, build, ledger)
    before = len(ledger.acts())
    again = gone(company, build, ledger)
    assert sum(one.looked_at for one in again.agents) == 0
    assert len(ledger.acts()) == before


def test_the_cap_of_a_build_holds_over_several_rounds(company: Company, ledger: Ledger):
    few = [replace(agent, stops=replace(agent.stops, per_round=1)) for agent in AGENTS]
    build = made(company)
    looked = [sum(one.looked_at for one in gone(company, build, ledger, agents=few).agents) for _ in range(3)]
    assert looked == [2, 0, 0]


def test_a_round_that_was_cut_short_is_finished_without_a_second_wish(
    company: Company, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    build = made(company)

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(Desk, "trace", power_cut)
        with pytest.raises(KeyboardInterrupt):
            gone(company, build, ledger)
    assert [act.kind for act in ledger.acts()] == ["dismiss", "propose"]
    gone(company, build, ledger)
    kinds = [act.kind for act in ledger.acts()]
    assert kinds.count("propose") == 2
    assert sorted(one.proposal.kind for one in book(ledger).standings.values()) == ["supplier_message", "transfer"]


def test_on_the_next_build_a_wish_that_waits_is_left_alone(company: Company, ledger: Ledger):
    gone(company, made(company), ledger)
    done = gone(company, made(company, "b2"), ledger)
    assert of(done, "inventory") == (2, 0, 2, 0)
    assert of(done, "follow_up") == (0, 0, 0, 0)


def test_what_people_turn_down_twice_is_not_asked_for_again(company: Company, ledger: Ledger):
    for number in (1, 2):
        options = [option(MOVED, 1, "transfer", 80 + number)]
        gone(company, made(company, f"b{number}", options=options), ledger)
        (open_now,) = [one for one in book(ledger).standings.values() if one.is_open]
        Desk(ledger, APPROVER, clock=lambda: NOON).decline(open_now.proposal_id, reason_code="no")
    done = gone(company, made(company, "b3", options=[option(MOVED, 1, "transfer", 90)]), ledger)
    assert of(done, "inventory")[1] == 0
    assert (
        "turned this down 2 times"
        in next(
            run
            for run in reversed(book(ledger).runs)
            if run.subject == INVENTORY and run.payload["case_id"] == MOVED["case_id"]
        ).payload["because"]
    )


def test_a_model_that_is_off_is_not_used_and_people_decide(company: Company, ledger: Ledger):
    done = gone(company, made(company, off="demand"), ledger)
    assert of(done, "inventory")[1] == 0
    assert "'demand' is off" in book(ledger).runs[0].payload["because"]
    assert [one.proposal.kind for one in book(ledger).standings.values()] == ["supplier_message"]


def test_a_build_that_is_no_longer_current_decides_nothing(company: Company, ledger: Ledger):
    old = made(company)
    made(company, "b2", on_hand=9)
    done = gone(company, old, ledger)
    assert sum(one.solved for one in done.agents) == 0
    assert all("stale" in run.payload["because"] for run in book(ledger).runs if run.payload["outcome"] == "escalated")


def test_an_approval_of_an_agents_wish_needs_the_shelf_that_it_saw(company: Company, ledger: Ledger):
    gone(company, made(company), ledger)
    (wish,) = [one for one in book(ledger).standings.values() if one.proposal.kind == "transfer"]
    later = made(company, "b2", on_hand=9)
    with pytest.raises(Exception, match="has changed"):
        Desk(ledger, APPROVER, build=later, clock=lambda: NOON).approve(wish.proposal_id, wish.content_hash)


@pytest.mark.parametrize(
    "forged",
    [
        {"moved_amount": Decimal(1)},
        {"confidence_share": 0.99},
        {"data_grade": "A"},
        {"case_id": "another case"},
        {"build_id": "b0"},
        {"action": {"sku_id": "A1", "from_site_id": "MUC", "to_site_id": "LEJ", "qty": Decimal(9_999)}},
    ],
)
def test_an_agent_that_calls_the_desk_itself_cannot_make_anything_up(company: Company, ledger: Ledger, forged: dict):
    """Its figures decide under which limit it falls: they are held to what the build offers for the case."""
    build = made(company)
    gone(company, build, ledger)
    (wish,) = [one.proposal for one in book(ledger).standings.values() if one.proposal.kind == "transfer"]
    desk = Desk(Ledger.open(None, company.folder.parent / "new"), Person(INVENTORY, is_agent=True), build=build)
    with pytest.raises(Refusal):
        desk.propose(replace(wish, **forged))
    assert [act.kind for act in desk.book.alerts] == ["refused"]
    assert desk.propose(wish).state == "pending"


def test_while_the_calendar_is_frozen_nobody_looks(company: Company, ledger: Ledger):
    Desk(ledger, APPROVER).freeze("stocktaking")
    done = gone(company, made(company), ledger)
    assert (done.agents, "frozen" in done.because) == ((), True)
    Desk(ledger, APPROVER).thaw()
    assert of(gone(company, made(company), ledger), "inventory")[1] == 1


def test_what_was_not_earned_is_lowered_before_an_agent_acts_on_it(company: Company, ledger: Ledger):
    """Its moves have made things worse: in the very round in which that is known it proposes no more of them."""
    bad = {
        "action_kind_code": "transfer", "segment_name": "", "proposer_name": INVENTORY, "decider_name": INVENTORY,
        "is_agent": True, "is_matured": True, "is_right": False, "proposed_date": NOON.date() - timedelta(days=30),
        "benefit_amount": Decimal(-300), "error_cost_amount": Decimal(300),
    }  # fmt: skip
    grades = [{"contract_name": "stock_days", "data_grade_code": "A"}]
    build = made(company, more={"marts.decisions": [bad] * 9, "marts.data_grades": grades})
    assert of(gone(company, build, ledger), "inventory") == (3, 0, 3, 0)
    held = book(ledger)
    assert held.level("transfer") == 1
    assert not [one for one in held.standings.values() if one.proposal.kind == "transfer"]


def test_poor_data_takes_away_what_rests_on_it(company: Company, ledger: Ledger):
    good = {
        "action_kind_code": "transfer", "segment_name": "", "proposer_name": INVENTORY, "decider_name": INVENTORY,
        "is_agent": True, "is_matured": True, "is_right": True, "proposed_date": NOON.date() - timedelta(days=30),
        "benefit_amount": Decimal(30), "error_cost_amount": Decimal(0),
    }  # fmt: skip
    grades = [
        {"contract_name": "stock_days", "data_grade_code": "D"},
        {"contract_name": "order_lines", "data_grade_code": "A"},
    ]
    build = made(company, more={"marts.decisions": [good] * 60, "marts.data_grades": grades})
    gone(company, build, ledger)
    held = book(ledger).levels[("transfer", "")]
    assert (held.level, held.because) == (1, "Its data is too old or too poor to act on.")


def test_a_request_that_nobody_marked_as_done_keeps_the_agent_away_only_for_its_time(tmp_path: Path):
    office, who = Office(tmp_path / "acme"), Person(ORDER_EXCEPTIONS.who, is_agent=True)
    request = {"kind": "fix_data", "subject": {"table": "stock_days", "key": "A1"}, "action": {"table": "stock_days"}}
    assert office.desk(who).propose(wish(moved=0, case_id="c1", horizon_days=28, **request)).state == "approved"
    case = {"case_id": "c1", "at_risk_amount": Decimal(5)}
    made = wish().as_of
    taken = [
        Hands(office.desk().book, ORDER_EXCEPTIONS, "b9", made + timedelta(days=days)).taken([case]) for days in (3, 29)
    ]
    assert taken == [{"c1"}, set()]


def test_a_round_closes_what_nobody_answered_in_time(company: Company, ledger: Ledger):
    """Else a wish that nobody read would keep the agent from its case for ever."""
    gone(company, made(company), ledger)
    (wish,) = [one for one in book(ledger).standings.values() if one.proposal.kind == "transfer"]
    later = NOON + timedelta(days=9)
    run_round(company, made(company, "b2"), ledger, Book(), lambda: later)
    assert book(ledger).standing(wish.proposal_id).state == "expired"


def test_a_company_without_cases_is_told_so(tiny: Company):
    from store.warehouse import current_build

    build = current_build(tiny)
    assert build is not None
    done = run_round(tiny, build, Ledger.open(None, tiny.folder.parent / "elsewhere"), Book(), lambda: NOON)
    assert done.because or all(one.refused == 0 for one in done.agents)


def test_the_count_tells_solved_from_wrong(company: Company, ledger: Ledger):
    gone(company, made(company), ledger)
    (wish,) = [one for one in book(ledger).standings.values() if one.proposal.kind == "transfer"]
    before = next(one for one in counts(book(ledger)) if one.who == INVENTORY)
    assert (before.runs, before.waiting, before.solved, before.escalated, before.wrong) == (3, 1, 0, 2, 0)
    Desk(ledger, APPROVER, clock=lambda: NOON).approve(wish.proposal_id, wish.content_hash)
    outcomes = [
        {"proposal_id": wish.proposal_id, "benefit_amount": Decimal(-12)},
        {"proposal_id": "other", "benefit_amount": None},
    ]
    after = next(one for one in counts(book(ledger), outcomes) if one.who == INVENTORY)
    assert (after.solved, after.untouched, after.matured, after.wrong) == (1, 1, 1, 1)
    assert after.benefit_amount == Decimal(-12)
    (letter,) = letters(book(ledger), [LATE["case_id"]])
    assert letter["letter_state"] == "waits for a reader"
    assert letters(book(ledger), [])[0]["letter_state"] == "closed"
