"""Where somebody switches a control or sets its limit: cents stay, a currency is named, what the desk did not record is not claimed."""

from typing import Any

from streamlit.testing.v1 import AppTest

from models.ai_economics.use_case import Control, merged, use_case
from pages.parts import ai_registry_control, ai_registry_fields
from pipelines.flow import ledger_of
from pipelines.use_cases import templates
from store.company import open_company
from tests.unit.parts_visit import grown, visit_to


def switches() -> None:
    import json as texts
    from types import SimpleNamespace

    import polars as pl

    from decisions.desk import Desk
    from models.ai_economics.use_case import use_case as made
    from pages.parts import acting, ai_registry_control
    from pages.parts.ai_registry import Held as Picked
    from pipelines.flow import ledger_of
    from pipelines.use_cases import templates as catalogue
    from store.company import open_company
    from tests.desks import APPROVER
    from tests.unit.parts_visit import visit_to

    company, built = open_company("acme"), catalogue()["UC2"]
    known = pl.DataFrame({"use_case_id": ["UC2"], "definition_text": [texts.dumps(built, default=str)]})
    build: Any = SimpleNamespace(query=lambda *_: known, build_id="b1")
    desk = Desk(ledger_of(company), APPROVER, build=build)
    acting.said(desk)
    now = desk.book.ai.definition("UC2", built)
    ai_registry_control._switch(visit_to(company), desk, Picked(made(now), now, built, False, {}, {}))


def limits() -> list[float | None]:
    return [one.payload["limit"] for one in ledger_of(open_company("acme")).acts("ai_control")]


def sent(screen: AppTest) -> str:
    """What the page says once the form was sent."""
    screen.text_input(key="ai_control_why_UC2_smaller model").set_value("Counted.")
    screen.button[0].click().run(timeout=60)
    assert not screen.exception, screen.exception
    return "\n".join(one.value for one in screen.markdown)


def test_a_limit_in_money_keeps_its_cents_names_its_currency_and_is_not_taken_away_by_emptying_it():
    company = grown(reporting_currency="EUR")
    screen = AppTest.from_function(switches, default_timeout=60).run()
    screen.selectbox(key="ai_control_UC2").set_value("smaller model").run(timeout=60)
    first = screen.number_input[0]
    assert (first.label, first.value, first.placeholder) == (
        "Limit, EUR for a million tokens written", None, "none of its own",
    )  # fmt: skip
    first.set_value(7.5)
    assert "at most 7.5 EUR for a million tokens written. It holds at once." in sent(screen)
    assert screen.number_input[0].value == 7.5
    screen.toggle[0].set_value(False)
    assert "is off, at most 7.5 EUR" in sent(screen)
    assert "Nothing changed" in sent(screen)
    assert "It holds at once" not in sent(screen)
    screen.number_input[0].set_value(None)
    assert "Nothing changed" in sent(screen)
    assert screen.number_input[0].placeholder == "stays at 7.5"
    assert "changed by another number" in screen.number_input[0].help
    assert limits() == [7.5, None], "what was not typed was not said"
    own = Control("smaller model", is_on=True, limit=7.5)
    assert ai_registry_control._limit(own, visit_to(company)) == ", at most 7.5 EUR for a million tokens written"


def test_a_limit_is_taken_out_by_the_line_of_its_control():
    """As the help of the field says."""
    given = {
        **templates()["UC2"],
        "controls": [{"control": "smaller model", "is_on": True, "how": "declared", "limit": 7.5}],
    }
    faults: list[str] = []
    kept = ai_registry_fields._read_controls([["smaller model", "on", "declared"]], faults)
    assert (use_case(merged(given, {"controls": kept})).controls[0].limit, faults) == (None, [])
