"""The pages of the registry and of assumptions: what is shown is what holds now, and nothing that was typed is lost or misread."""

import json
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from decisions.ai_folding import AiBook
from models.ai_economics.placement_gaps import gaps
from models.ai_economics.placement_needs import CHOICES, MAY_BE_EMPTY
from models.ai_economics.use_case import merged, use_case
from pages.parts import (
    ai_assumption_table,
    ai_registry,
    ai_registry_detail,
    ai_registry_form,
)
from pages.parts.ai_assumption_uses import uses
from pages.parts.ai_registry import Held
from pages.parts.ai_registry_control import today
from pages.parts.words import Words
from pipelines.assumptions import assumptions
from pipelines.use_cases import templates
from tests.unit.parts_visit import grown, visit_to
from tests.unit.test_ai_budget import DAY, act, book, switch

A2, UC3 = templates()["A2"], templates()["UC3"]
WORDS = Words("en_GB", "EUR", "Europe/Berlin")


def held(said: dict[str, Any] = UC3, **change: Any) -> Held:
    return Held(use_case(said), said, said, False, {"verdict_code": "fund"}, {"rank_no": 2}, **change)


# ── registry ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_table_holds_every_column_of_the_brief():
    row = ai_registry.frame([held()]).row(0, named=True)
    assert set(ai_registry.COLUMNS) <= set(row)
    assert row["systems_text"] == "ERP (write), CRM (read)"
    assert (row["controls_text"], row["verdict_code"], row["reads_or_writes"]) == ("3 of 3", "fund", "writes")
    off = {**UC3, "controls": [{**UC3["controls"][0], "is_on": False}, *UC3["controls"][1:]]}
    assert held(off).controls_on == "2 of 3"


def test_each_use_case_lies_in_one_of_seven_domains_and_five_patterns():
    cases = [use_case(said) for said in templates().values()]
    assert {case.domain for case in cases} == set(ai_registry.DOMAINS)
    assert {case.pattern for case in cases} == set(ai_registry.PATTERNS)


def test_numbers_are_said_with_their_ranges():
    told = ai_registry_detail.numbers(use_case(UC3), WORDS)
    assert told["Cases"] == "0.35 (0.2 to 0.5) for each of the orders; 100.0% of them eligible"
    assert told["Minutes without AI"] == "5 (3.5 to 8)"
    assert "claude-sonnet-5-5 (anthropic) 100.0%" in told["Models"]


def test_the_budget_of_today_says_when_it_refuses():
    visit = visit_to(grown())
    from decisions.ai_budget import budget

    open_book, none = book(), book(switch(True, 0), act("propose", "p", note={"ai_refusals": [{"use_case_id": "A2"}]}))
    usual = today(visit, budget(open_book, "A2", DAY, built=A2), open_book)
    refusing = today(visit, budget(none, "A2", DAY, built=A2), none)
    assert usual["A letter now (about 600 tokens)"] == "would be written."
    assert refusing["A letter now (about 600 tokens)"].startswith(
        "would be refused. The day's budget of 0 tokens for A2"
    )
    assert refusing["Refused"] == "1 call today, 1 ever"
    assert (
        "control is off" in today(visit, budget(book(switch(False)), "A2", DAY, built=A2), AiBook())["Limit of today"]
    )


# ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def form() -> None:
    import json as texts

    import streamlit as st

    from pages.parts import ai_registry_fields
    from pipelines.use_cases import templates as catalogue

    wanted, faults = ai_registry_fields.fields(catalogue()["UC4"], key="t", is_new=True)
    st.text(texts.dumps({"wanted": wanted, "faults": faults}))


def said_by(screen: AppTest) -> dict[str, Any]:
    return json.loads(screen.text[0].value)


def test_what_the_form_says_of_an_untouched_use_case_is_the_use_case():
    told = said_by(AppTest.from_function(form).run(timeout=30))
    assert told["faults"] == []
    kept = {key: value for key, value in told["wanted"].items() if key != "use_case_id"}
    template = templates()["UC4"]
    assert use_case({**template, **kept, "use_case_id": "UC4"}) == use_case(template)


def test_a_line_that_cannot_be_read_is_a_sentence_and_stays():
    screen = AppTest.from_function(form).run(timeout=30)
    screen.text_area(key="uc_t_systems").set_value("erp | sometimes")
    screen.text_area(key="uc_t_models").set_value("openai | gpt")
    screen.text_area(key="uc_t_controls").set_value("stop rules | maybe\ncap | on | enforced | 12")
    told = said_by(screen.run(timeout=30))
    assert len(told["faults"]) == 3
    assert told["wanted"]["controls"] == [{"control": "cap", "is_on": True, "how": "enforced", "limit": 12.0}]
    assert screen.text_area(key="uc_t_systems").value == "erp | sometimes"


def test_how_the_models_share_the_cases_is_said_only_where_it_is_more_than_fixed_shares():
    screen = AppTest.from_function(form).run(timeout=30)
    assert "routing" not in said_by(screen)["wanted"]
    screen.selectbox(key="uc_t_way").set_value("cascade")
    screen.number_input(key="uc_t_check").set_value(500.0)
    told = said_by(screen.run(timeout=30))["wanted"]
    assert told["routing"] == {"way": "cascade", "check_tokens": 500.0, "misrouted_share": 0.0}
    assert "A cascade needs two models or more." in ai_registry_form._faults({**templates()["UC4"], **told})


def needing() -> None:
    import json as texts

    import streamlit as st

    from pages.parts import ai_registry_fields
    from pipelines.use_cases import templates as catalogue

    known = {"W1": catalogue()["W1"], "A5": catalogue()["A5"], "": {"alternative": {"name": ""}}}
    told = {name: ai_registry_fields.fields(said, key=f"n{name}", is_new=True)[0] for name, said in known.items()}
    st.text(texts.dumps(told))


def test_needs_that_nobody_touched_are_those_of_the_definition_and_of_an_empty_form_none():
    told = said_by(AppTest.from_function(needing).run(timeout=60))
    for name in ("W1", "A5"):
        assert use_case({**templates()[name], "needs": told[name]["needs"]}).needs == use_case(templates()[name]).needs
        assert told[name]["needs"] == templates()[name]["needs"], "what was not changed stands as it was said"
    assert "needs" not in told[""], "what nobody says stays what is taken of its kind"


def test_needs_of_an_own_use_case_are_typed_and_what_is_wrong_is_said_in_words():
    screen = AppTest.from_function(needing).run(timeout=60)
    screen.number_input(key="uc_n_need_longest_seconds").set_value(4.0)
    screen.number_input(key="uc_n_need_offline_share").set_value(0.7)
    screen.number_input(key="uc_n_need_outage_likeliest").set_value(300.0)
    screen.number_input(key="uc_n_need_outage_highest").set_value(900.0)
    screen.checkbox(key="uc_n_need_must_stay").set_value(True)
    screen.selectbox(key="uc_n_need_tier").set_value("small")
    screen.selectbox(key="uc_n_need_on_incomplete").set_value("hold")
    screen.text_input(key="uc_n_need_validation").set_value("The stock of the site is asked first.")
    screen.text_area(key="uc_n_need_edge_does").set_value("It finds the bin.")
    screen.multiselect(key="uc_n_need_minimum_data").set_value(["sku_id", "sku_name"])
    told = said_by(screen.run(timeout=60))[""]["needs"]
    assert told == {
        "longest_seconds": 4.0, "offline_share": 0.7, "outage_cost_per_hour": [0.0, 300.0, 900.0], "must_stay": True, "tier": "small",
        "on_incomplete": "hold", "validation": "The stock of the site is asked first.", "edge_does": "It finds the bin.",
        "minimum_data": ["sku_id", "sku_name"],
    }  # fmt: skip
    assert use_case({**templates()["W1"], "needs": told}).needs.minimum_data == ("sku_id", "sku_name")
    screen.number_input(key="uc_n_need_offline_share").set_value(2.0)
    screen.number_input(key="uc_n_need_outage_highest").set_value(100.0)
    wrong = said_by(screen.run(timeout=60))[""]["needs"]
    faults = ai_registry_form._faults({**templates()["W1"], "needs": wrong})
    assert faults == [
        "Its offline share must be a number from 0 to 1.",
        "Its outage cost per hour must rise from nought.",
    ]


def test_a_choice_that_goes_back_to_what_nobody_has_said_can_be_recorded():
    """Every choice of a definition that says them all is put to the first of its options: none of them is a fault."""
    screen = AppTest.from_function(needing).run(timeout=60)
    assert templates()["W1"]["needs"]["on_incomplete"]
    for name in CHOICES:
        field = screen.selectbox(key=f"uc_nW1_need_{name}")
        field.set_value("" if name in MAY_BE_EMPTY else field.options[0])
    told = said_by(screen.run(timeout=60))["W1"]["needs"]
    whole = merged(templates()["W1"], {"needs": told})
    assert ai_registry_form._faults(whole) == []
    assert use_case(whole).needs.on_incomplete == ""
    assert gaps(use_case(whole)) != gaps(use_case(templates()["W1"])), "what nobody has said is a gap again"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"alternative": {**UC3["alternative"], "name": ""}}, "It must name the cheapest way without a model."),
        ({"minutes_saved_share": [0.5, 0.4, 0.9]}, "Its minutes saved share must rise from nought to one."),
        ({"models": []}, "The shares of its models must sum to one."),
        ({"owner": ""}, "It says nothing of: owner."),
    ],
)
def test_each_fault_is_one_sentence(change, fault):
    assert fault in ai_registry_form._faults({**UC3, **change})


def test_no_use_case_leaves_the_stage_of_a_candidate_without_a_plain_way(tmp_path):
    from errors import Refusal
    from tests.desks import EXECUTIVE, Office

    bare = {
        **UC3,
        "use_case_id": "OWN",
        "stage": "pilot",
        "started": "2026-11-01",
        "alternative": {**UC3["alternative"], "name": ""},
    }
    with pytest.raises(Refusal, match="cheapest way without a model"):
        Office(tmp_path / "acme").desk(EXECUTIVE).register("OWN", bare, "We want it.")


def test_the_desk_refuses_needs_that_cannot_be_in_words(tmp_path):
    from errors import Refusal
    from tests.desks import EXECUTIVE, Office

    own = {**UC3, "use_case_id": "OWN", "name": "Own one", "needs": {"offline_share": 2.0}}
    with pytest.raises(Refusal, match="Its offline share must be a number from 0 to 1"):
        Office(tmp_path / "acme").desk(EXECUTIVE).register("OWN", own, "We want it.")


# ── assumptions ──────────────────────────────────────────────────────────────────────────────────────────────────────
ROW = {
    "assumption_name": "ai_error_cost",
    "assumed_number": 120.0,
    "packaged_number": 120.0,
    "low_number": 40.0,
    "high_number": 300.0,
    "is_own": False,
}


def test_an_own_value_shows_at_once_with_author_and_reason():
    told = ai_assumption_table.live(
        ROW, act("assume", "ai_error_cost", value=90, low=50, high=200, reason="Counted.", grade="C")
    )
    assert (told["assumed_number"], told["low_number"], told["source_grade"], told["is_own"]) == (90.0, 50.0, "C", True)
    assert told["own_text"] == "elsa: Counted. (from the next refresh on)"
    built = {**ROW, "is_own": True, "assumed_number": 90.0}
    assert ai_assumption_table.live(built, act("assume", value=90, reason="Counted."))["own_text"] == "elsa: Counted."


def test_a_value_that_was_taken_back_shows_the_packaged_one():
    told = ai_assumption_table.live({**ROW, "is_own": True, "assumed_number": 90.0, "low_number": 1.0}, None)
    assert (told["assumed_number"], told["low_number"], told["is_own"]) == (120.0, 40.0, False)
    assert ai_assumption_table.live(ROW, None) == {"own_text": ""}


def test_filters_narrow_by_grade_owner_words_and_own():
    rows = pl.DataFrame(
        {
            "assumption_name": ["ai_error_cost", "labour_cost_per_hour"], "meaning_text": ["What an error costs.", "An hour of work."],
            "source_text": ["none", "BLS"], "source_grade": ["assumption", "A"], "owner_name": ["finance", "people"],
            "is_own": [True, False],
        }
    )  # fmt: skip
    assert ai_assumption_table.passing(rows, grade="A")["owner_name"].to_list() == ["people"]
    assert ai_assumption_table.passing(rows, words="hour bls").height == 1
    assert ai_assumption_table.passing(rows, words="error hour").height == 0
    assert ai_assumption_table.passing(rows, owner="finance", is_own=True).height == 1
    assert ai_assumption_table.passing(rows, is_own=True)["owner_name"].to_list() == ["finance"]


def test_what_reads_an_assumption_is_told_from_the_sources():
    assert "marts.shelf_signals" in uses("lost_sale_share")
    assert any(one.startswith("models: ") for one in uses("act_minutes_purchase"))
    assert any("inputs" in one for one in uses("usd_per_eur"))
    assert uses("nobody_reads_this") == ()


def test_nearly_every_assumption_is_read_somewhere():
    """What nothing reads is clutter."""
    unread = {entry.name for entry in assumptions() if not uses(entry.name)}
    assert len(unread) <= 5, sorted(unread)
