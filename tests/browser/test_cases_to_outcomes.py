"""A Monday morning without a mouse: cases are read and decided by keys, somebody else approves, and what is approved leaves the house."""

from collections.abc import Callable

import pytest

from tests.browser.driver import Person
from tests.browser.personas import APPROVER, PLANNER, acts_as, presses
from tests.browser.server import Server


def picked(person: Person) -> str:
    """The title of the case that is looked at."""
    return person.page.locator(".st-key-panel_case p").first.inner_text()


def test_cases_are_walked_and_put_away_by_keys(office: Server, somebody: Callable[..., Person]):
    planner = somebody(office).goes_to("/cases").sees("What could be done", "What follows from it").sees_no_error()
    first = picked(planner)
    second = picked(presses(planner, "j"))
    assert second != first
    assert picked(presses(planner, "k")) == first
    presses(planner, "z").sees("It sleeps until")
    assert picked(planner) != first
    presses(planner, "u").sees("Taken back")
    presses(planner, "s").sees("has it now").sees_no_error()


def test_a_case_is_dismissed_with_a_reason_and_accepted_and_both_are_undone_by_keys(
    office: Server, somebody: Callable[..., Person]
):
    planner = acts_as(somebody(office).goes_to("/cases"), PLANNER)
    first = picked(planner)
    presses(planner, "d").sees("Why is it dismissed?", "not worth it")
    presses(planner, "2").sees("Dismissed: not worth it.")
    assert picked(planner) != first
    presses(planner, "u").sees("Taken back")
    assert picked(planner) == first  # what comes back is looked at again
    presses(planner, "a").sees("Proposed:")
    assert picked(planner) != first
    presses(planner, "u").sees("Withdrawn").sees_no_error()
    assert picked(planner) == first
    presses(planner, "n").sees("Your choice")


def test_what_is_accepted_waits_for_another_person_and_then_leaves(office: Server, somebody: Callable[..., Person]):
    planner = acts_as(somebody(office).goes_to("/cases"), PLANNER)
    _reaches_a_case_that_needs_approval(planner)
    presses(planner, "a").sees("Proposed:")
    planner.goes_to("/decisions").sees("Waiting for somebody's yes", "You cannot approve it.")
    approver = acts_as(planner, APPROVER)
    presses(approver, "a").sees("Approved:")
    planner = acts_as(approver.goes_to("/decisions?tab=export").sees("Ready to leave"), PLANNER)
    planner.page.get_by_role("button", name="Export").first.click()
    planner.waits().sees("Exported:", "What has left").sees_no_error()
    planner.goes_to("/decisions?tab=acts").sees("Every act, the latest first", "Each is sealed", "One root a day")
    planner.page.get_by_role("button", name="Verify every seal").click()
    planner.waits().sees("are as they were sealed").sees_no_error()


def test_agents_look_and_what_they_did_is_told_step_by_step(office: Server, somebody: Callable[..., Person]):
    planner = acts_as(somebody(office).goes_to("/rules?tab=agents"), PLANNER)
    planner.page.get_by_role("button", name="Let the agents look").click()
    planner.waits().sees("The agents have looked").sees_no_error()
    planner.goes_to("/rules?tab=trace").sees("Step by step", "What agents did, the latest first").sees_no_error()


def test_a_policy_is_replayed_before_it_is_changed(office: Server, somebody: Callable[..., Person]):
    planner = acts_as(somebody(office).goes_to("/rules?tab=change"), PLANNER)
    planner.sees("On the last 90 days", "Approvals asked for, a day")
    text = planner.page.get_by_role("textbox", name="The policy")
    text.fill(text.input_value().replace("{at_most: 750}", "{at_most: 700}").replace("{above: 750}", "{above: 700}"))
    text.press("Control+Enter")
    planner.waits().sees("Changed")
    planner.page.get_by_role("button", name="Propose this version").click()
    planner.waits().sees("somebody else decides on it").sees_no_error()


def test_a_plan_is_made_of_orders_moves_and_shares(office: Server, somebody: Callable[..., Person]):
    planner = acts_as(somebody(office).goes_to("/plan"), PLANNER)
    planner.sees("Orders to suppliers, by what they gain", "Propose this order").sees_no_error()
    presses(planner, "a").sees("Proposed:")
    planner.goes_to("/plan?tab=transfers").sees("Moves between sites, by what they gain").sees_no_error()
    planner.goes_to("/plan?tab=allocation").sees("Where there is too little", "The price of each rule").sees_no_error()
    planner.goes_to("/plan?tab=promises").sees("What can be promised").sees_no_error()


def test_a_shelf_tells_its_future_and_why_so_much(office: Server, somebody: Callable[..., Person]):
    planner = somebody(office).goes_to("/shelf", charts=2)
    planner.sees("Stock policy", "Why", "Demand by week, and the next thirteen").sees_no_error()


def test_what_decisions_earned_is_told_with_what_is_not_counted(office: Server, somebody: Callable[..., Person]):
    executive = acts_as(somebody(office).goes_to("/decisions?tab=earned"), "Elena Rossi, executive")
    executive.sees(
        "What decisions earned", "Whose overrides help", "Every decision whose outcome is known"
    ).sees_no_error()


def _reaches_a_case_that_needs_approval(planner: Person) -> None:
    """Walk down the inbox until the policy asks for somebody else's yes."""
    for _ in range(20):
        if planner.page.get_by_text("It needs the approval of one person (approver)").count():
            return
        presses(planner, "j")
    pytest.fail("no case among the twenty worst needs an approval")
