"""Before an agent acts alone, who owns, approves, keeps, enters and is called has to be settled: the desk refuses it until then."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from decisions.levels import BEFORE, rows_now, unsettled
from decisions.policy import judge
from decisions.policy_text import packaged, policy_of
from decisions.registers import Kept
from errors import Refusal
from tests.desks import AGENT, APPROVER, EXECUTIVE, MORNING, PLANNER, Office, wish
from tests.worlds import World, world

TODAY = MORNING.date()
IN_PLACE = Kept(
    status="in place", owner="head of IT", evidence="Signed and filed in the audit share.", reviewed_on=TODAY
)
EVERY = sorted({name for names in BEFORE.values() for name in names})


@pytest.fixture(scope="module")
def build() -> World:
    """The registers as they are packaged, with nothing that would show any of them."""
    return world("marts.registers", as_of=TODAY - timedelta(days=2))


@pytest.fixture
def office(tmp_path: Path, build: World) -> Office:
    return Office(tmp_path / "acme", build=build)


def kept(office: Office, *names: str, said: Kept = IN_PLACE) -> None:
    for name in names:
        office.desk(EXECUTIVE).keep_register(name, said, "We have looked at it.")


def changed(office: Office, ceiling: int, day: int) -> None:
    """The policy of purchases with another ceiling, proposed by one and approved by two."""
    text = packaged()["purchase"].text.replace("ceiling: 3", f"ceiling: {ceiling}")
    action = {"policy": "purchase", "yaml": text}
    wished = wish(
        moved=0, kind="policy_change", subject={"policy": "purchase"}, action=action, as_of=date(2026, 11, day)
    )
    standing = office.desk().propose(wished)
    for person in (APPROVER, EXECUTIVE):
        if office.state(standing.proposal_id) == "pending":
            office.desk(person).approve(standing.proposal_id, standing.content_hash)


def test_no_agent_may_act_alone_before_it_is_settled_and_the_desk_names_what_is_open(office: Office):
    with pytest.raises(Refusal) as refused:
        office.desk(EXECUTIVE).set_level("purchase", "", 3, "earned", {})
    assert "escalation: Escalation (missing)" in refused.value.why
    assert "Risks and controls" in refused.value.fix
    assert office.desk().book.level("purchase") == 2


def test_once_every_row_is_in_place_it_may_also_before_the_next_build(office: Office):
    kept(office, *EVERY)
    office.desk(APPROVER).set_level("purchase", "", 3, "earned", {})
    assert office.desk().book.level("purchase") == 3


def test_each_row_that_the_data_do_not_show_keeps_it_shut_by_itself(office: Office, build: World):
    said_only = [
        f"{row['register_code']}/{row['row_code']}"
        for row in rows_now(office.desk().book, build)
        if row["verdict_code"] != "in place"
    ]
    assert len(said_only) >= 10
    kept(office, *EVERY)
    for name in said_only:
        kept(office, name, said=Kept(status="missing", owner="head of IT"))
        with pytest.raises(Refusal):
            office.desk(EXECUTIVE).set_level("purchase", "", 3, "earned", {})
        kept(office, name)
    office.desk(EXECUTIVE).set_level("purchase", "", 3, "earned", {})


def test_what_was_looked_at_too_long_ago_or_is_only_planned_is_not_settled(office: Office, build: World):
    kept(office, *EVERY)
    old = Kept(
        status="in place",
        owner="head of IT",
        evidence="Signed and filed in the audit share.",
        reviewed_on=TODAY - timedelta(days=900),
    )
    kept(office, "training/escalation", said=old)
    assert list(unsettled(rows_now(office.desk().book, build))) == ["escalation"]
    kept(office, "training/escalation", said=Kept(status="planned", owner="head of operations"))
    assert list(unsettled(rows_now(office.desk().book, build))) == ["escalation"]


def test_less_freedom_and_suggesting_are_never_held_back(office: Office):
    office.desk(AGENT).set_level("purchase", "", 1, "drifted", {})
    office.desk(EXECUTIVE).set_level("purchase", "", 2, "better again", {})
    assert office.desk().book.level("purchase") == 2


def test_what_is_called_not_applicable_settles_nothing(office: Office, build: World):
    kept(office, *EVERY, said=Kept(status="not applicable", owner="head of IT"))
    assert set(unsettled(rows_now(office.desk().book, build))) == set(BEFORE)
    with pytest.raises(Refusal):
        office.desk(EXECUTIVE).set_level("purchase", "", 3, "earned", {})


def test_a_policy_that_forgets_to_ask_lets_no_agent_alone_before_it_has_earned_it():
    text = packaged()["purchase"].text
    said = yaml.safe_load(text)
    said["rules"] = [rule for rule in said["rules"] if "autonomy_level" not in rule.get("when", {})]
    said["cases"] = [one for one in said["cases"] if "autonomy_level" not in one["given"]]
    forgetful = policy_of(yaml.safe_dump(said))
    facts = {"moved_today_amount": Decimal(80), "confidence_share": 0.9, "data_grade": "A", "wishes_today": 1, "changed_share": 0.0,
             "is_frozen": False, "proposer_kind": "agent"}  # fmt: skip
    assert [judge(facts | {"autonomy_level": level}, forgetful).code for level in (2, 3)] == [
        "needs_approval",
        "allowed",
    ]
    assert judge(facts | {"autonomy_level": None}, forgetful).code == "needs_approval"


def test_a_ceiling_that_rises_again_gives_no_level_back(office: Office):
    office.build = None  # a company before its first build, whose past is written by hand
    office.desk(EXECUTIVE).set_level("purchase", "", 3, "earned", {})
    for day, ceiling in ((10, 2), (11, 3)):
        changed(office, ceiling, day)
        assert office.desk().book.policy("purchase").autonomy.ceiling == ceiling
    assert office.desk().book.level("purchase") == 2


def test_a_lowered_ceiling_forgives_nothing(office: Office):
    """What an agent did beyond its limits since it was let alone still takes it down."""
    office.build = None
    office.desk(EXECUTIVE).set_level("purchase", "", 3, "earned", {})
    since = office.desk().book.levels[("purchase", "")].since
    office.later(days=1)
    changed(office, 2, 10)
    assert office.desk().book.levels[("purchase", "")].since == since


def test_a_segment_is_not_given_by_itself_what_it_has_with_its_kind(office: Office):
    kept(office, *EVERY)
    office.desk(EXECUTIVE).set_level("purchase", "", 3, "earned", {})
    with pytest.raises(Refusal):
        office.desk(PLANNER).set_level("purchase", "A", 3, "the same as all", {})
    office.desk(EXECUTIVE).set_level("purchase", "A", 3, "earned by itself", {})


def test_a_build_that_is_older_than_the_registers_lets_nobody_alone(office: Office):
    office.build = world("raw.company", as_of=TODAY)
    office.build.execute("drop table if exists marts.registers")
    with pytest.raises(Refusal, match="older than the registers"):
        office.desk(EXECUTIVE).set_level("purchase", "", 3, "earned", {})
