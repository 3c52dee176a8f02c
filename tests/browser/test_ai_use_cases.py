"""An executive runs the registry: takes a use case up, switches its budget, sees a call refused, and puts an own value in place."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.driver import Person
from tests.browser.personas import PLANNER, acts_as, chooses, panel
from tests.browser.server import Server, serving

EXECUTIVE = "Elena Rossi, executive"
# Nobody listens there: a letter that the budget let through would come back in the template's words all the same.
NOBODY = {"CROSSDOCK_LLM_URL": "http://127.0.0.1:9/v1", "CROSSDOCK_LLM_MODEL": "tiny-1b"}


@pytest.fixture
def house(company_home: Path, tmp_path: Path) -> Iterator[Server]:
    """A server over a copy of the demo company whose letters a language model may word."""
    home = tmp_path / "home"
    shutil.copytree(company_home / "demo", home / "demo")
    with serving(
        tmp_path, environment={"CROSSDOCK_HOME": str(home), "CROSSDOCK_VIEWER": "K.Lindqvist", **NOBODY}
    ) as running:
        yield running


def sets_budget(person: Person, *, limit: int | None = None, switches: bool = False, why: str) -> Person:
    """Set the daily budget of the use case that is looked at."""
    held = panel(person, "ai_controls")
    if switches:
        held.get_by_text("Switched on", exact=True).click()
    if limit is not None:
        held.get_by_role("spinbutton", name="Limit, tokens a day").fill(str(limit))
    held.get_by_label("Why").fill(why)
    held.get_by_role("button", name="Set the control").click()
    return person.waits()


def test_a_use_case_is_taken_up_and_stopped_by_a_form(house: Server, somebody: Callable[..., Person]):
    boss = acts_as(somebody(house).goes_to("/use_cases?use_case=S3"), EXECUTIVE)
    boss.sees(
        "S3 · Sales order validation", "When to trust it", "A good decision", "The plain way to beat"
    ).sees_no_error()
    panel(boss, "ai_stage").get_by_text("Begin a pilot", exact=True).click()
    held = panel(boss, "ai_stage")
    held.get_by_role("button", name="Record it").click()
    boss.waits().sees("It needs a reason")
    held.get_by_label("Why").fill("A third of our orders come by mail.")
    held.get_by_role("button", name="Record it").click()
    boss.waits().sees("S3 was changed", "Changed since the last refresh", "S3 is in pilot").sees_no_error()
    panel(boss, "ai_stage").get_by_text("Stop it", exact=True).click()
    panel(boss, "ai_stage").get_by_label("Why").fill("The rules do as well.")
    panel(boss, "ai_stage").get_by_role("button", name="Record it").click()
    boss.waits().sees("it was stopped and makes no call").sees_no_error()


def test_an_enforced_budget_refuses_and_one_that_is_off_does_not(house: Server, somebody: Callable[..., Person]):
    boss = acts_as(somebody(house).goes_to("/use_cases?use_case=A2"), EXECUTIVE)
    boss.sees("would be written.", "0 calls today")
    sets_budget(boss, switches=True, why="We try without.").sees("daily token budget: off", "none: the control is off")
    sets_budget(boss, switches=True, why="It was too dear.").sees("daily token budget: on")
    sets_budget(boss, limit=0, why="No more letters today.").sees(
        "would be refused", "The day's budget of 0 tokens for A2 does not hold it"
    )
    planner = acts_as(boss.goes_to("/rules?tab=agents"), PLANNER)
    planner.page.get_by_role("button", name="Let the agents look").click()
    planner.waits().sees("The agents have looked")
    boss = acts_as(planner.goes_to("/use_cases?use_case=A2"), EXECUTIVE)
    boss.sees("Refused lately").sees_no_error()
    assert "0 calls today" not in panel(boss, "ai_controls").inner_text()
    boss.goes_to("/use_cases?use_case=UC4").sees(
        "stop rules: on, enforced. Kept:", "success rate of tasks: on, enforced. Kept:"
    )
    chooses(boss, "Control", "stop rules")
    sets_budget(boss, switches=True, why="We try without.").sees("cannot be switched off", "stop rules: on")
    boss.goes_to("/use_cases?use_case=UC1").sees("How fresh the sources are", "freshness target for each source: off")


def test_a_use_case_of_ones_own_is_described_and_its_faults_are_said(house: Server, somebody: Callable[..., Person]):
    boss = acts_as(somebody(house).goes_to("/use_cases?tab=own"), EXECUTIVE)
    chooses(boss, "Begin from", "S3 · Sales order validation")
    boss.page.get_by_label("ID", exact=True).fill("OWN1")
    boss.page.get_by_label("Name", exact=True).fill("Mail orders read")
    boss.page.get_by_label("What it is").fill("")
    boss.page.get_by_label("Why").fill("Mail orders take us an hour a day.")
    boss.page.get_by_role("button", name="Register it").click()
    boss.waits().sees("It must name the cheapest way without a model.", "everything you typed is still here")
    assert boss.page.get_by_label("Name", exact=True).input_value() == "Mail orders read"
    boss.page.get_by_label("What it is").fill("A form on our web shop")
    boss.page.get_by_text("What it needs of the place where it runs", exact=True).click()
    boss.page.get_by_role("spinbutton", name="Work done while the line").fill("2")
    boss.page.get_by_role("button", name="Register it").click()
    boss.waits().sees("Its offline share must be a number from 0 to 1.", "everything you typed is still here")
    boss.page.get_by_role("spinbutton", name="Work done while the line").fill("0.4")
    boss.page.get_by_role("button", name="Register it").click()
    boss.waits().sees("OWN1 is registered").goes_to("/use_cases?use_case=OWN1").sees(
        "OWN1 · Mail orders read", "OWN1 is a candidate", "40.0% of its work where the line may be missing"
    ).sees_no_error()


def test_a_pilot_without_value_in_the_ledger_is_not_scaled(house: Server, somebody: Callable[..., Person]):
    boss = acts_as(somebody(house).goes_to("/use_cases?use_case=UC2"), EXECUTIVE)
    boss.sees("Not to be scaled yet", "the value ledger holds no benefit of it that was seen").sees_no_error()
    held = panel(boss, "ai_stage")
    held.get_by_text("Put it into production", exact=True).click()
    held.get_by_label("Why", exact=True).fill("Everybody likes it.")
    held.get_by_role("button", name="Record it").click()
    boss.waits().sees("UC2 is not ready for production", "these of its controls were not kept").sees_no_error()


def test_an_own_assumption_shows_its_effect_and_is_marked(house: Server, somebody: Callable[..., Person]):
    boss = acts_as(somebody(house).goes_to("/assumptions?assumption=ai_error_cost", charts=0), EXECUTIVE)
    boss.sees("error cost", "What the planned cost rests on").sees_no_error()
    held = panel(boss, "ai_own_value")
    held.get_by_label("Value", exact=True).fill("60")
    held.get_by_label("Value", exact=True).press("Enter")
    boss.waits()
    held.get_by_label("Why").fill("Counted on 200 credits.")
    held.get_by_label("Why").press("Tab")
    boss.waits()
    held.get_by_role("button", name="Put it in place").click()
    boss.waits().sees("error cost is 60 now", "own value", "Packaged value", "from the next refresh on").sees_no_error()
    panel(boss, "ai_own_value").get_by_label("Why").fill("It was a guess.")
    panel(boss, "ai_own_value").get_by_label("Why").press("Tab")
    boss.waits()
    panel(boss, "ai_own_value").get_by_role("button", name="Take it back").click()
    boss.waits().sees("The packaged value of error cost is back.").sees_no_error()


def test_a_target_is_set_with_a_reason_and_taken_back(house: Server, somebody: Callable[..., Person]):
    boss = acts_as(somebody(house).goes_to("/value?tab=targets"), EXECUTIVE)
    boss.sees("Outcome targets", "Customer retention").sees_no_error()
    chooses(boss, "Number", "Gross margin")
    held = panel(boss, "target_set")
    held.get_by_label("At least (%)").fill("40")
    held.get_by_label("At least (%)").press("Enter")
    boss.waits()
    held.get_by_role("button", name="Set the target").click()
    boss.waits().sees("It needs a reason")
    held.get_by_label("Why").fill("Agreed with the board.")
    held.get_by_label("Why").press("Enter")
    boss.waits()
    held.get_by_role("button", name="Set the target").click()
    boss.waits().sees("The target of Gross margin is set.", "40.0%", "E.Rossi: Agreed with the board.").sees_no_error()
    held.get_by_label("Why").fill("It was too much.")
    held.get_by_label("Why").press("Enter")
    boss.waits()
    held.get_by_role("button", name="Take it back").click()
    boss.waits().sees("Gross margin has no target any more.").sees_no_error()
