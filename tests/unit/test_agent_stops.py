"""The order-exception agent is stopped by its cap, by its stop rules and by tasks that fail; the last two have no switch."""

import json
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from decisions.ai_budget import ALWAYS_ON
from decisions.earning import records, settle
from decisions.person import Person
from decisions.policy import Refused
from decisions.proposers.run import run
from decisions.proposers.situation import ESCALATED, PROPOSED
from errors import Refusal
from pipelines.use_cases import templates
from tests.desks import EXECUTIVE, PLANNER, Office, wish
from tests.unit.test_agents import CASE, MODELS, ORDER, TODAY, option, situation
from tests.unit.test_earning import outcome

UC4 = templates()["UC4"]
CONTROLS = {one["control"]: one for one in UC4["controls"]}
HELD = CASE | {"case_id": "order_held · O1", "case_kind_code": "order_held", "order_id": "O1", "customer_id": "C1"}
FRAMES = {
    "core.orders": pl.DataFrame({
        "order_id": ["O1"], "customer_id": ["C1"], "ordered_at": [TODAY], "requested_date": [TODAY], "status_code": ["held"],
        "hold_code": ["credit"],
    }),
    "core.customers": pl.DataFrame({
        "customer_id": ["C1"], "tier_code": ["A"], "credit_limit_amount": [900.0], "minimum_fill_share": [0.9],
    }),
    "marts.order_late_risks": pl.DataFrame({
        "order_id": ["O1"], "line_key": ["1"], "sku_id": ["A1"], "due_date": [TODAY], "late_share": [0.1], "arrival_p80_date": [TODAY],
        "ordered_qty": [4.0],
    }),
}  # fmt: skip
RELEASE = option(1, "release_order", Decimal(80), order_id="O1") | {"case_id": HELD["case_id"]}


def gone(**changed: Any):
    """A run of the order agent over one held order."""
    options = changed.pop("options", (RELEASE,))
    return run(ORDER, situation(options, agent=ORDER, case=HELD, frames=FRAMES, models=MODELS, **changed))


def test_all_that_is_asked_of_it_is_enforced_and_not_only_declared():
    assert set(CONTROLS) == {"cap on tool calls", "stop rules", "success rate of tasks", "daily token budget"}
    assert {one["how"] for one in CONTROLS.values()} == {"enforced"}


def test_it_asks_no_more_tools_than_the_cap_and_hands_over_with_a_trace():
    free, capped = gone(), gone(tool_call_cap=2)
    assert (free.outcome, capped.outcome, capped.proposal) == (PROPOSED, ESCALATED, None)
    assert [sum(step.stage == "context" and not step.mark for step in made.trace) for made in (free, capped)] == [3, 2]
    assert [(step.stage, step.mark) for step in capped.trace if "cap of 2" in step.text] == [
        ("context", "stopped"),
        ("act", "stopped"),
    ]
    assert gone(tool_call_cap=3).outcome == PROPOSED


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"options": (RELEASE | {"confidence_share": 0.69},)}, "stops below"),
        ({"options": (RELEASE | {"data_grade_code": "D"},)}, "grade D"),
        ({"declined": lambda _: 2}, "turned this down 2 times"),
        ({"is_current_build": False}, "stale"),
        ({"today": TODAY + timedelta(days=4)}, "stale"),
        ({"judged": lambda _: Refused("Data of grade D decides nothing.")}, "policy refuses"),
    ],
)
def test_a_stop_rule_ends_its_run_and_nothing_goes_on(changed: dict[str, Any], says: str):
    assert gone().outcome == PROPOSED
    made = gone(**changed)
    assert (made.outcome, made.proposal, made.trace[-1].mark) == (ESCALATED, None, "stopped")
    assert says in made.because
    assert "proposal_id" not in made.said()


def test_where_its_tasks_fail_it_may_go_no_further_at_once(tmp_path):
    """Twenty releases that were wrong: the level falls before it acts again, and its next wish is refused at the desk."""
    office, agent = Office(tmp_path / "acme"), Person(ORDER.who, is_agent=True)
    asked = {"kind": "release_order", "subject": {"order_id": "O1"}, "action": {"order_id": "O1"}}
    assert office.desk(agent).propose(wish(**asked, case_id="c1")).state == "pending"
    wrong = {
        "action_kind_code": "release_order",
        "segment_name": "",
        "proposer_name": ORDER.who,
        "decider_name": ORDER.who,
    }
    settle(office.desk(PLANNER), records([outcome(is_right=False) | wrong] * 20, as_of=TODAY))
    assert office.desk().book.level("release_order") == 1
    again = {**asked, "subject": {"order_id": "O2"}, "action": {"order_id": "O2"}}
    with pytest.raises(Refusal):
        office.desk(agent).propose(wish(**again, case_id="c2"))


@pytest.mark.parametrize("how", ["enforced", "declared"])
@pytest.mark.parametrize("control", ["stop rules", "success rate of tasks"])
def test_what_every_run_keeps_to_has_no_switch(tmp_path, control: str, how: str):
    """Neither by the switch nor by changing the definition, whatever it says of how the control is kept: the runs are ours."""
    office = Office(tmp_path / "acme")
    said = UC4 | {"controls": [one | {"how": how} for one in UC4["controls"]]}
    desk = running(office, said)
    with pytest.raises(Refusal, match="cannot be switched off"):
        desk.control("UC4", control, False, None, "Too strict.")
    off = [one | {"is_on": False} if one["control"] == control else one for one in said["controls"]]
    with pytest.raises(Refusal, match="cannot be switched off"):
        desk.register("UC4", {"controls": off}, "Too strict.", template=said)
    assert desk.control("UC4", "cap on tool calls", False, None, "It ends by itself.") is not None


def test_a_definition_may_leave_out_what_every_run_keeps_to_anyway(tmp_path):
    desk = running(Office(tmp_path / "acme"), UC4)
    few = [one for one in UC4["controls"] if one["control"] not in ALWAYS_ON]
    assert desk.register("UC4", {"controls": few}, "We name only what we switch.", template=UC4) is not None


@pytest.mark.parametrize("control", ["stop rules", "success rate of tasks"])
def test_a_switch_that_an_older_act_left_off_keeps_nobody_from_stopping_the_use_case(tmp_path, control: str):
    """It can be put on again, too; only whoever says the controls anew must not say that it is off."""
    off = [one | {"is_on": False, "how": "declared"} if one["control"] == control else one for one in UC4["controls"]]
    desk = running(Office(tmp_path / "acme"), UC4 | {"controls": off})
    assert desk.control("UC4", control, True, None, "It was on all the time.") is not None
    assert desk.register("UC4", {"stage": "stopped"}, "We end it.", template=UC4 | {"controls": off}) is not None


def running(office: Office, said: dict[str, Any]) -> Any:
    """The executive's desk at a company whose build holds UC4 so, and where it runs."""
    held = pl.DataFrame({"use_case_id": ["UC4"], "definition_text": [json.dumps(said, default=str)]})
    office.build = SimpleNamespace(query=lambda *_: held, has=lambda _: False, build_id="b1")
    office.desk(EXECUTIVE).register("UC4", {"stage": "pilot", "started": TODAY}, "It pays.", template=said)
    return office.desk(EXECUTIVE)
