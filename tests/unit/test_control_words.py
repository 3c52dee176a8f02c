"""What pages say of controls is true for calls of other systems as well, which Crossdock reads from a log and cannot refuse."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from decisions.ai_budget import DAILY_TOKENS
from pages.parts import ai_registry_control, register_cases
from tests.ai_builds import built, held
from tests.unit.test_control_compliance import AS_OF, again, control, running
from tests.worlds import world

CONTROLS = "marts.control_compliance"


def screen(limit: float | None) -> None:
    from typing import Any

    from decisions.desk import Desk
    from models.ai_economics.use_case import use_case
    from pages.parts import ai_registry_control
    from pages.parts.ai_registry import Held as Picked
    from pipelines.flow import ledger_of
    from pipelines.use_cases import templates
    from store.company import open_company
    from tests.desks import EXECUTIVE
    from tests.unit.parts_visit import visit_to

    company, given = open_company("acme"), templates()["UC2"]
    named: dict[str, Any] = {
        **given,
        "controls": [
            {"control": "daily token budget", "is_on": True, "how": "enforced", "limit": limit},
            {"control": "smaller model", "is_on": False, "how": "declared", "limit": None},
        ],
    }
    picked = Picked(use_case(named), named, named, False, {}, {})
    ai_registry_control.panel(visit_to(company), Desk(ledger_of(company), EXECUTIVE), picked)


@pytest.fixture
def company() -> None:
    """One whose build counted the use case as running, with one control more than its definition names: the planned review."""
    made = running(world(CONTROLS, as_of=AS_OF))
    made.execute(f"delete from {CONTROLS} where control_name not in (?, 'review of the planned share')", [DAILY_TOKENS])
    built(held(made, CONTROLS))


def drawn(limit: float | None) -> str:
    """The panel of controls in words."""
    page = AppTest.from_function(screen, default_timeout=60, args=(limit,)).run()
    assert not page.exception, page.exception
    words = "\n".join([*(one.proto.body for one in page.get("html")), *(one.value for one in page.markdown)])
    return re.sub(r"</dt><dd>", ": ", words)


@pytest.mark.usefixtures("company")
def test_the_usual_limit_is_said_to_be_for_calls_made_here_and_an_own_one_to_be_its_own():
    words = drawn(None)
    assert "No limit of its own is set that days could be held against. The usual limit is for calls that" in words
    assert "Limit of today: 20,000 tokens, the usual limit for calls that Crossdock itself makes<" in words
    assert "Limit of today: 5,000 tokens<" in drawn(5000)


@pytest.mark.usefixtures("company")
def test_the_review_that_the_plan_reckons_with_is_not_counted_among_the_switches():
    assert "1 of 2 on, and the review that the plan reckons with" in drawn(None)
    case: Any = SimpleNamespace(controls=())
    assert ai_registry_control._count_on(case, {}) == "0 of 0 on"


@pytest.mark.parametrize(("limit", "counted"), [(None, None), (5_000, "Nothing was counted that it could be held")])
def test_a_budget_without_a_limit_says_that_it_has_none_of_its_own(limit: int | None, counted: str | None):
    made = running(world(CONTROLS, as_of=AS_OF))
    made.execute("update raw.use_case_controls set limit_number = ? where control_name = ?", [limit, DAILY_TOKENS])
    again(made, CONTROLS)
    told = control(made, "UC2", DAILY_TOKENS)
    assert (told["checked_count"], told["verdict_code"]) == (None, "not seen")
    assert told["seen_text"].startswith(counted or "No limit of its own is set")


def test_both_pages_say_alike_what_an_enforced_control_can_refuse():
    for said in (ai_registry_control.MEANT, register_cases.MEANT):
        assert "Only calls that Crossdock makes itself (letters of its agents) can be refused here" in said
        assert "calls of other systems come in by their log" in said
