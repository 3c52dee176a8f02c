"""A technique that somebody chose for a need: who may, what takes a sentence, what is frozen, and where it can be read afterwards."""

from dataclasses import asdict, replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from decisions.ai_folding import AiBook
from decisions.desk import Desk
from decisions.techniques import Choice, chosen
from errors import Refusal
from models.ai_economics.technique import (
    ACTION,
    AGENT,
    COPILOT,
    LANGUAGE,
    NUMBER,
    RULE,
    TECHNIQUES,
    WANTED,
    Need,
    advice,
)
from pages.parts import technique_choices
from pipelines import techniques, use_cases
from pipelines.flow import ledger_of
from tests.desks import AGENT as MACHINE
from tests.desks import APPROVER, AUDITOR, EXECUTIVE, MORNING, PLANNER, Office
from tests.unit.parts_visit import grown, visit_to
from tests.worlds import world

NEED = Need(
    wanted=ACTION, ruled_share=0.3, has_history=True, has_sources=True, steps=4, is_bounded=True, cases_per_month=400
)
STABLE = replace(NEED, ruled_share=0.9)
NAME = use_cases.templates()["UC4"]["name"]
SENTENCE = "The page of rules changes every week, and nobody keeps it."


class Registry:
    """A build that knows one use case, and no more."""

    build_id = "b1"

    def query(self, _sql: str, _params: Any = None) -> pl.DataFrame:
        return pl.DataFrame({"use_case_id": ["UC4"], "definition_text": ['{"name": "Order agent"}']})


@pytest.fixture
def office(tmp_path) -> Office:
    return Office(tmp_path / "acme", build=Registry())


def acts(office: Office) -> list[dict]:
    return [asdict(act) for act in office.ledger.acts()]


def test_a_choice_is_on_record_with_its_answers_and_the_advice_of_then(office: Office):
    act = office.desk(PLANNER).choose_technique("  Late lines ", NEED, AGENT, "", use_case_id="UC4")
    assert act is not None
    assert (act.kind, act.subject, act.who) == ("technique", "Late lines", "paula")
    found = advice(NEED)
    assert act.payload == {
        "need": asdict(NEED), "advised": AGENT, "because": found.because, "missing": [], "technique": AGENT, "beats": found.beats,
        "use_case_id": "UC4", "reason": "",
    }  # fmt: skip


def test_the_latest_choice_of_a_need_holds_and_the_same_again_changes_nothing(office: Office):
    desk = office.desk(EXECUTIVE)
    assert desk.choose_technique("Late lines", NEED, AGENT, "", use_case_id="UC4") is not None
    assert desk.choose_technique("late LINES", NEED, AGENT, "Another reason for the same.", use_case_id="UC4") is None
    assert desk.choose_technique("Prices", STABLE, RULE, "") is not None
    assert desk.choose_technique("late lines", NEED, COPILOT, SENTENCE, use_case_id="UC4") is not None
    book = office.desk().book.ai
    assert {name: act.payload["technique"] for name, act in book.techniques.items()} == {
        "Prices": RULE,
        "Late lines": COPILOT,
    }
    assert list(book.techniques) == ["Prices", "Late lines"], "the one that was chosen last stands last"
    assert [act.payload["technique"] for act in book.techniques_of("UC4")] == [COPILOT]
    assert len(office.ledger.acts("technique")) == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"technique": COPILOT}, "which needs no language model"),
        ({"technique": AGENT, "reason": "we want it"}, "is not what is advised"),
        ({"technique": "magic"}, "no technique 'magic'"),
        ({"use_case_id": "UC99"}, "no use case 'UC99'"),
        ({"name": "  "}, "the need has no name"),
        ({"name": "x" * 101}, "the need has no name"),
        ({"need": replace(STABLE, wanted="magic")}, "what is wanted is one of"),
        ({"need": replace(STABLE, cases_per_month=float("inf"))}, "such a need cannot be"),
        ({"need": replace(STABLE, ruled_share=float("nan"))}, "such a need cannot be"),
        ({"reason": "x" * 2001}, "too long"),
    ],
)
def test_what_cannot_be_chosen_is_refused_and_nothing_is_recorded(office: Office, change: dict, said: str):
    wish: dict[str, Any] = {"name": "Prices", "need": STABLE, "technique": RULE, "reason": "", **change}
    with pytest.raises(Refusal, match=f"(?i){said}"):
        office.desk(PLANNER).choose_technique(**wish)
    assert not office.ledger.acts()


@pytest.mark.parametrize("person", [APPROVER, AUDITOR, MACHINE])
def test_nobody_else_keeps_a_choice(office: Office, person):
    with pytest.raises(Refusal, match=r"may not choose technique|no right to choose technique"):
        office.desk(person).choose_technique("Prices", STABLE, RULE, "")
    assert not office.ledger.acts()


def test_one_that_leaves_the_advice_must_beat_what_was_advised_unless_somebody_says_what(office: Office):
    desk = office.desk(PLANNER)
    for technique, beats, kept in (
        (COPILOT, "", "the rule that was advised"),
        (RULE, "", "people working by the same page"),
        (COPILOT, " a list  on paper ", "a list on paper"),
    ):
        act = desk.choose_technique("Prices", STABLE, technique, SENTENCE, beats=beats)
        assert act is not None
        assert act.payload["beats"] == kept


NEEDS = st.builds(
    Need, wanted=st.sampled_from(WANTED), ruled_share=st.floats(0, 1), has_history=st.booleans(), has_sources=st.booleans(),
    steps=st.integers(1, 9), is_bounded=st.booleans(), cases_per_month=st.floats(0, 1e6),
)  # fmt: skip


@given(need=NEEDS, technique=st.sampled_from(TECHNIQUES), reason=st.sampled_from(["", "because", SENTENCE]))
def test_a_language_model_goes_nowhere_where_none_is_advised_without_a_sentence(
    need: Need, technique: str, reason: str
):
    class Bare:
        ai = AiBook()

    try:
        said = chosen(Bare(), PLANNER, "Prices", need, Choice(technique, reason), None)  # type: ignore[arg-type]  # all of it that is asked
    except Refusal:
        assert technique != advice(need).technique
        assert reason != SENTENCE
        return
    assert said is not None
    if technique in LANGUAGE and not advice(need).has_language_model:
        assert said[2]["reason"] == SENTENCE


def test_choices_reach_the_table_one_row_a_need_with_the_use_case_by_name(office: Office):
    desk = office.desk(PLANNER)
    desk.choose_technique("Late lines", NEED, AGENT, "", use_case_id="UC4")
    desk.choose_technique("Late lines", NEED, COPILOT, SENTENCE, use_case_id="UC4")
    desk.choose_technique("Prices", STABLE, RULE, "")
    made = world("marts.technique_choices", acts=acts(office))
    found = made.query(
        "select need_name, use_case_id, use_case_name, technique_code, advised_technique_code, is_off_advice, has_language_model, "
        "ruled_share, step_count, monthly_case_number, author_name, decided_at from marts.technique_choices order by need_name"
    ).rows()
    assert [row[:-1] for row in found] == [
        ("Late lines", "UC4", NAME, COPILOT, AGENT, True, True, 0.3, 4, 400.0, "paula"),
        ("Prices", None, None, RULE, RULE, False, False, 0.9, 4, 400.0, "paula"),
    ]  # fmt: skip
    assert found[0][-1] == MORNING


@pytest.mark.parametrize(
    "payload",
    [{}, {"need": {}}, {"need": asdict(NEED), "advised": "magic"}, {"need": None}, {"need": {"wanted": NUMBER}}],
)
def test_an_act_that_says_no_choice_leaves_the_one_before(office: Office, payload: dict):
    office.desk(PLANNER).choose_technique("Prices", STABLE, RULE, "")
    broken = {"kind": "technique", "subject": "Prices", "who": "x", "at": MORNING, "payload": payload}
    assert [row[0] for row in techniques.choices([*acts(office), broken])] == ["Prices"]


# ── on the page ──────────────────────────────────────────────────────────────────────────────────────────────────────
def chooser() -> None:
    from dataclasses import replace as changed

    from decisions.desk import Desk
    from pages.parts import acting, technique_choices
    from pipelines.flow import ledger_of
    from store.company import open_company
    from tests.desks import PLANNER
    from tests.unit.parts_visit import visit_to
    from tests.unit.test_technique_choices import STABLE, Registry, advice

    visit = visit_to(open_company("acme"), here="placement")
    visit = changed(visit, viewer=changed(visit.viewer, is_demo=True))
    desk = Desk(ledger_of(visit.company), PLANNER, build=Registry())  # type: ignore[arg-type]  # all of it that is asked
    acting.said(desk)
    technique_choices.form(visit, desk, [], STABLE, advice(STABLE))
    technique_choices.board(visit, desk)


def test_the_form_keeps_a_choice_refuses_without_a_sentence_and_the_table_shows_it(monkeypatch):
    monkeypatch.setenv("CROSSDOCK_MODE", "demo")
    company = grown()
    screen = AppTest.from_function(chooser, default_timeout=60).run()
    assert not screen.exception, screen.exception
    screen.text_input(key="technique_name").set_value("Prices")
    screen.selectbox(key="technique_of_rule").set_value(COPILOT)
    screen.button(key="technique_keep").click().run(timeout=60)
    assert "is not what is advised" in "\n".join(one.value for one in screen.markdown)
    screen.text_input(key="technique_why").set_value(SENTENCE)
    screen.button(key="technique_keep").click().run(timeout=60)
    assert not screen.exception, screen.exception
    assert "copilot. The choice is kept" in "\n".join(one.value for one in screen.markdown)
    (act,) = ledger_of(company).acts("technique")
    told = technique_choices.described(act, visit_to(company).words)
    assert told["Chosen"] == "copilot, which leaves the advice"
    assert told["Settled by a page of rules"] == "90.0%"
    assert told["It must beat, as long as it runs"] == "the rule that was advised"
    assert technique_choices.frame([act])["is_off_advice"].to_list() == [True]


def test_a_use_case_says_which_technique_was_chosen_for_its_needs():
    company = grown()
    visit = visit_to(company)
    assert technique_choices.of_use_case(visit, "UC4") == {}
    desk = Desk(ledger_of(company), PLANNER, build=Registry())  # type: ignore[arg-type]  # all of it that is asked
    desk.choose_technique("Late lines", NEED, COPILOT, SENTENCE, use_case_id="UC4")
    (line,) = technique_choices.of_use_case(visit, "UC4").values()
    assert line.startswith("copilot for Late lines (advised was agent), by paula, ")
    assert technique_choices.of_use_case(visit, "UC3") == {}
