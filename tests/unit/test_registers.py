"""Rows of registers: who may keep one, what one may say, and how what was said is held against the data and its day of review."""

import datetime as dt
from dataclasses import asdict, replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from decisions import lived_registers
from decisions.person import Person
from decisions.registers import Kept
from errors import Refusal
from models.ai_economics.register_verdict import RED, STATED, VERDICTS, verdict
from pages.parts import register_row, registers
from pages.parts.words import Words
from pipelines import registers as built
from tests.ai_builds import built as built_visit
from tests.ai_builds import held
from tests.desks import AGENT, APPROVER, AUDITOR, EXECUTIVE, MORNING, PLANNER, Office
from tests.worlds import World, world

ANALYST = Person("nina", frozenset({"analyst"}))
ADMIN = Person("adam", frozenset({"administrator"}))
WHY = "We have looked at it."
ROW = "security_baseline/backup"
TODAY = MORNING.date()
SAID = Kept(
    status="in place", owner="head of IT", evidence="Restored on 3 November, log in the IT share.", reviewed_on=TODAY,
    monthly_cost=Decimal(75),
)  # fmt: skip
AS_OF = dt.date(2026, 11, 13)


@pytest.fixture
def office(tmp_path) -> Office:
    return Office(tmp_path / "acme")


def acts(office: Office) -> list[dict[str, Any]]:
    return [asdict(act) for act in office.ledger.acts()]


# ── the act ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("person", [EXECUTIVE, ANALYST, ADMIN])
def test_a_row_is_kept_with_who_and_what_shows_it(office: Office, person: Person):
    done = office.desk(person).keep_register(ROW, SAID, WHY)
    assert done is not None
    assert (done.kind, done.subject, done.who) == ("keep_register", ROW, person.who)
    assert done.payload == {
        "status": "in place", "owner": "head of IT", "evidence": "Restored on 3 November, log in the IT share.",
        "reviewed_on": TODAY.isoformat(), "monthly_cost": "75.00", "held": None, "reason": WHY,
    }  # fmt: skip
    assert [act.who for act in office.desk(AUDITOR).book.registers[ROW]] == [person.who]


@pytest.mark.parametrize("person", [PLANNER, APPROVER, AUDITOR, AGENT])
def test_nobody_else_keeps_a_row(office: Office, person: Person):
    with pytest.raises(Refusal):
        office.desk(person).keep_register(ROW, SAID, WHY)
    assert office.ledger.acts() == []


def test_the_same_again_changes_nothing_and_what_differs_is_one_more_act(office: Office):
    desk = office.desk(EXECUTIVE)
    assert desk.keep_register(ROW, SAID, WHY) is not None
    assert desk.keep_register(ROW, replace(SAID, monthly_cost=Decimal("75.000")), "Again.") is None
    assert desk.keep_register(ROW, replace(SAID, monthly_cost=None), "Nobody knows.") is not None
    assert len(desk.book.registers[ROW]) == 2


@pytest.mark.parametrize(
    ("subject", "change", "why", "said"),
    [
        ("security_baseline/no_such_row", {}, WHY, "no row 'security_baseline/no_such_row'"),
        (ROW, {"status": "perhaps"}, WHY, "no status 'perhaps'"),
        (ROW, {"owner": " "}, WHY, "the row needs an owner"),
        (ROW, {"owner": "x" * 101}, WHY, "longer than 100"),
        (ROW, {"evidence": "yes"}, WHY, "needs evidence"),
        (ROW, {"evidence": "x" * 2001}, WHY, "longer than 2000"),
        (ROW, {"reviewed_on": None}, WHY, "nobody is said to have looked"),
        (ROW, {"reviewed_on": TODAY + dt.timedelta(days=1)}, WHY, "nobody has looked at it on"),
        (ROW, {"reviewed_on": dt.date(2001, 1, 1)}, WHY, "nobody has looked at it on"),
        (ROW, {"monthly_cost": Decimal(-1)}, WHY, "cannot be"),
        (ROW, {"monthly_cost": Decimal("NaN")}, WHY, "cannot be"),
        (ROW, {"monthly_cost": "much"}, WHY, "is no amount"),
        (ROW, {"held": float("inf")}, WHY, "cannot be counted"),
        (ROW, {}, "  ", "reason"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_recorded(office: Office, subject, change, why, said):
    with pytest.raises(Refusal, match=f"(?i){said}"):
        office.desk(EXECUTIVE).keep_register(subject, replace(SAID, **change), why)
    assert office.ledger.acts() == []


def test_what_is_planned_or_does_not_apply_needs_no_evidence(office: Office):
    desk = office.desk(EXECUTIVE)
    for status in ("planned", "missing", "not applicable"):
        assert desk.keep_register(ROW, Kept(status=status, owner="head of IT"), WHY) is not None


def test_the_demo_keeps_some_rows_once_and_never_over_what_somebody_said(office: Office):
    mine = "training/approvers"
    office.desk(ADMIN).keep_register(mine, Kept(status="missing", owner="nobody yet"), WHY)
    told = lived_registers.begin(office.desk(EXECUTIVE))
    assert set(told) == set(lived_registers.STANDS) - {mine}
    assert lived_registers.begin(office.desk(EXECUTIVE)) == []
    assert office.desk().book.registers[mine][-1].payload["status"] == "missing"


# ── the tables ───────────────────────────────────────────────────────────────────────────────────────────────────────
def row_of(made: World, name: str) -> dict[str, Any]:
    register, row = name.split("/")
    return made.query("select * from marts.registers where register_code = ? and row_code = ?", [register, row]).row(
        0, named=True
    )


def test_a_kept_row_turns_from_missing_to_in_place_and_overdue_a_cycle_later(office: Office):
    before = row_of(world("marts.registers", as_of=AS_OF), ROW)
    assert (before["verdict_code"], before["is_red"], before["cost_basis_text"]) == ("missing", True, "house estimate")
    office.desk(EXECUTIVE).keep_register(ROW, SAID, WHY)
    after = row_of(world("marts.registers", as_of=AS_OF, acts=acts(office)), ROW)
    assert (after["verdict_code"], after["author_name"], after["monthly_cost"]) == ("in place", "elsa", Decimal(75))
    assert after["look_again_date"] == TODAY + dt.timedelta(days=90)
    due = TODAY + dt.timedelta(days=90)
    last_day = row_of(world("marts.registers", as_of=due, acts=acts(office)), ROW)
    late = row_of(world("marts.registers", as_of=due + dt.timedelta(days=1), acts=acts(office)), ROW)
    assert (last_day["verdict_code"], late["verdict_code"], late["is_red"]) == ("in place", "overdue", True)


def test_what_the_data_contradict_is_contradicted_whatever_is_said(office: Office):
    """A price list of last year stands against the word that masters are fresh."""
    office.desk(EXECUTIVE).keep_register("risks/old_masters", SAID, WHY)
    made = world("marts.register_checks", as_of=AS_OF, acts=acts(office))
    made.execute("update raw.loads set loaded_at = timestamptz '2024-01-01 12:00:00+00' where contract = 'prices'")
    made.execute("update raw.loads set loaded_at = timestamptz '2026-11-01 12:00:00+00' where contract <> 'prices'")
    for name in ("marts.register_facts", "marts.register_checks", "marts.registers"):
        again(made, name)
    row = row_of(made, "risks/old_masters")
    assert (row["verdict_code"], row["is_red"], row["kept_count"], row["checked_count"]) == ("contradicted", True, 4, 5)
    assert row["found_text"].startswith("4 of 5 masters were brought within their targets")
    made.execute("update raw.loads set loaded_at = timestamptz '2026-11-01 12:00:00+00'")
    for name in ("marts.register_facts", "marts.register_checks", "marts.registers"):
        again(made, name)
    row = row_of(made, "risks/old_masters")
    assert (row["verdict_code"], row["look_again_date"]) == ("in place", AS_OF + dt.timedelta(days=90))


def again(made: World, name: str) -> None:
    from pipelines.table import tables

    made.execute(f"create or replace {tables()[name].kind} {name} as {tables()[name].sql}")


def test_nothing_counted_is_no_data_and_shows_nothing():
    made = world("marts.registers", as_of=AS_OF)
    row = row_of(made, "risks/unapproved_action")
    assert (row["found_code"], row["verdict_code"]) == ("no data", "missing")
    assert row["kept_share"] is None


def test_rows_for_sites_wait_until_a_use_case_runs_there():
    made = world("marts.register_checks", as_of=AS_OF)
    again(made, "marts.registers")
    assert row_of(made, "edge_controls/signed_packages")["verdict_code"] == "not applicable"
    made.execute(
        "update raw.use_case_bounds set stage_code = 'pilot', deployment_code = 'edge', started_date = date '2026-10-01' "
        "where use_case_id = 'W1'"
    )
    for name in ("marts.register_facts", "marts.register_checks", "marts.registers"):
        again(made, name)
    row = row_of(made, "edge_controls/signed_packages")
    assert (row["verdict_code"], row["is_needed"]) == ("missing", True)


def test_a_planned_row_that_nobody_looks_at_is_overdue_a_cycle_after_the_first_use_case():
    made = world("marts.register_checks", as_of=AS_OF)
    begin = "update raw.use_case_bounds set stage_code = 'pilot', started_date = date '{}' where use_case_id = 'UC3'"
    for begun, stands in (("2026-05-17", "planned"), ("2026-05-16", "overdue")):
        made.execute(begin.format(begun))
        again(made, "marts.registers")
        assert row_of(made, "watch_list/planning_copilots")["verdict_code"] == stands


def test_a_goal_is_in_place_once_its_target_is_set(office: Office):
    office.desk(EXECUTIVE).set_target("inventory_turns", Decimal(8), dt.date(2027, 12, 31), WHY, baseline=6.0)
    made = world("marts.registers", as_of=AS_OF, acts=acts(office))
    row = row_of(made, "goals/inventory")
    assert (row["verdict_code"], row["begin_number"], row["target_number"]) == ("in place", 6.0, 8.0)
    assert row_of(made, "goals/service")["verdict_code"] == "planned"


def test_the_rule_of_the_table_is_the_rule_of_the_page():
    """Every combination of what is said, found, needed, shown and due comes out the same in SQL and in Python."""
    made = world("marts.register_checks", as_of=AS_OF)
    made.execute("update raw.use_case_bounds set stage_code = 'stopped'")
    made.execute("create or replace table marts.register_checks as select * from marts.register_checks limit 0")
    filled = (
        "insert into marts.register_checks (check_code, found_code, found_text, checked_count) values (?, ?, '', ?)"
    )
    for code, count in (("in place", 1), ("contradicted", 1), ("no data", 0)):
        made.execute(filled, [code, code, count])
    made.execute("delete from raw.register_rows")
    cases = list(
        product(STATED, ("in place", "contradicted", "no data", ""), (None, True, False), (True, False), (True, False))
    )
    columns = list(built.COLUMNS)
    for number, (stated, found, is_needed, has_evidence, is_overdue) in enumerate(cases):
        row = dict.fromkeys(columns) | {
            "register_code": "r", "row_code": str(number), "stated_code": stated, "check_code": found, "metric_name": "", "has_act": False,
            "evidence_text": "shown" if has_evidence else "", "reviewed_date": AS_OF - dt.timedelta(days=30 + is_overdue),
            "review_cycle_days": 30, "applies_code": {None: "", True: "in place", False: "no data"}[is_needed], "unit_name": "",
        }  # fmt: skip
        made.execute(
            f"insert into raw.register_rows values ({', '.join('?' * len(columns))})", [row[name] for name in columns]
        )
    again(made, "marts.registers")
    told = dict(made.query("select row_code, verdict_code from marts.registers").iter_rows())
    for number, (stated, found, is_needed, has_evidence, is_overdue) in enumerate(cases):
        wanted = verdict(stated, found=found, is_needed=is_needed, has_evidence=has_evidence, is_overdue=is_overdue)
        assert told[str(number)] == wanted, cases[number]
    assert len(set(told.values())) == 6


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_was_said_since_the_build_shows_as_the_next_build_will_have_it(office: Office):
    """The live row of the page equals the row that a build over the same acts makes."""
    name = "capability_gap/governance"
    office.desk(EXECUTIVE).keep_register(ROW, SAID, WHY)
    office.desk(EXECUTIVE).keep_register(name, Kept(status="planned", owner="controller", held=0.5), WHY)
    blank, idle = "capability_gap/platform", "capability_gap/edge_mlops"
    office.desk(EXECUTIVE).keep_register(blank, Kept(status="planned", owner="controller"), WHY)
    office.desk(EXECUTIVE).keep_register(idle, replace(SAID, monthly_cost=None, held=1), WHY)
    before, after = (world("marts.registers", as_of=AS_OF, acts=said) for said in ((), acts(office)))
    for subject in (ROW, name, blank, idle):
        act = office.desk().book.registers[subject][-1]
        live, made = registers.live(row_of(before, subject), act), row_of(after, subject)
        assert {key: cell for key, cell in live.items() if key in made and key != "kept_at"} == {
            key: made[key] for key in live if key in made and key != "kept_at"
        }
        assert live["is_newer"]
        assert not registers.live(made, act)["is_newer"]


def test_why_a_row_stands_so_is_said_in_words():
    class Seen:
        words = Words("en_GB", "EUR", "Europe/Berlin")

    base = row_of(world("marts.registers", as_of=AS_OF), "risks/drift")
    told = {
        code: register_row.why(Seen(), base | {"verdict_code": code, "stated_code": stated, "author_name": "elsa"})  # type: ignore[arg-type]
        for code, stated in (("contradicted", "in place"), ("missing", "in place"), ("overdue", "planned"), ("not applicable", "missing"))
    }  # fmt: skip
    assert told["contradicted"].startswith("It was said to be in place, and the data say otherwise.")
    assert told["missing"].startswith("It was said to be in place, and nothing shows it")
    assert told["overdue"].startswith("Nobody has looked at it since AI began")
    assert told["not applicable"].startswith("Nothing runs yet that needs it.")


def test_red_rows_come_first_and_a_kept_one_stays_in_its_place(office: Office):
    visit = built_visit(held(world("marts.registers", as_of=AS_OF), "marts.registers"))
    before = registers.rows(visit, office.desk(EXECUTIVE))
    codes = before["verdict_code"].to_list()
    assert codes == sorted(codes, key=VERDICTS.index)
    assert codes[0] in RED
    office.desk(EXECUTIVE).keep_register(ROW, SAID, WHY)
    after = registers.rows(visit, office.desk(EXECUTIVE))
    assert after["row_code"].to_list() == before["row_code"].to_list()
    assert registers.counts(after)["in place"] == registers.counts(before).get("in place", 0) + 1
    assert registers.total_cost(after) - registers.total_cost(before) == Decimal(75 - 60), (
        "the house estimate of a backup was 60"
    )
