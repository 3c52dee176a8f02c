"""Before an agent acts alone, who owns, approves, keeps, enters and is called has to be settled: the desk refuses it until then."""

from datetime import timedelta
from pathlib import Path

import pytest

from decisions.levels import BEFORE, rows_now, unsettled
from decisions.registers import Kept
from errors import Refusal
from tests.desks import AGENT, APPROVER, EXECUTIVE, MORNING, Office
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
