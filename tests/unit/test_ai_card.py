"""The card of a use case: the catalogue says all four sentences, who said none has gaps and no errors, and evidence stands beside them."""

import json
from dataclasses import asdict
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.ai_economics.card import SENTENCES
from models.ai_economics.maturity import STEPS
from models.ai_economics.use_case import is_sound, use_case
from pages.parts import ai_registry_card, ai_registry_form
from pages.parts.ai_registry import Held
from pipelines.use_cases import registry, templates
from tests.unit.test_ai_budget import act, book

UC3 = templates()["UC3"]
BARE = {name: part for name, part in UC3.items() if name != "card"}
# What a card says of data that are missing, by what its use case does then.
ON_INCOMPLETE = {
    "escalate": ("escalate_when", "missing"),
    "hold": ("escalate_when", "waits"),
    "degrade": ("trust_when", "says so"),
}


def held(said: dict[str, Any], stage: str = "pilot", **ranked: Any) -> Held:
    whole = {**said, "stage": stage, "started": "2026-02-16"}
    return Held(use_case(whole), whole, whole, False, {}, ranked)


@pytest.mark.parametrize("name", templates())
def test_every_packaged_use_case_says_all_four_in_sentences(name: str):
    said = templates()[name]["card"]
    assert list(said) == list(SENTENCES)
    for sentence in said.values():
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert len(sentence.split()) > 6
    assert use_case(templates()[name]).card.unsaid == ()


def test_no_two_use_cases_share_a_sentence():
    every = [sentence for said in templates().values() for sentence in said["card"].values()]
    assert len({*every}) == len(every) == len(SENTENCES) * len(templates())


@pytest.mark.parametrize("name", templates())
def test_a_card_fits_the_controls_and_needs_of_its_definition(name: str):
    said = templates()[name]
    where, word = ON_INCOMPLETE[said["needs"]["on_incomplete"]]
    assert word in said["card"][where], "what it does where data are missing"
    whole, controls = " ".join(said["card"].values()), {one["control"] for one in said["controls"]}
    assert "cap on tool calls" not in controls or "cap" in whole
    assert "value threshold" not in controls or "value threshold" in whole
    assert said["autonomy"] != "acts after approval" or "approve" in whole


def test_a_definition_that_was_registered_before_loads_and_its_gaps_are_said():
    assert is_sound(BARE)
    case = use_case(BARE)
    assert case.card.unsaid == SENTENCES
    assert set(ai_registry_card.sentences(case).values()) == {"not said"}
    assert ai_registry_card.unsaid(case).startswith("A gap: nobody has said what it does, what it does not do, when")
    half = use_case({**BARE, "card": {"does": "It fills an order.", "trust_when": " "}})
    assert ai_registry_card.sentences(half) == {
        "What it does": "It fills an order.", "What it does not do": "not said", "When to trust it": "not said",
        "When a person takes over": "not said",
    }  # fmt: skip
    assert "what it does," not in ai_registry_card.unsaid(half)
    assert ai_registry_card.unsaid(use_case(UC3)) == ""


@pytest.mark.parametrize(
    ("card", "fault"),
    [
        ("It does much.", "Its card must say each sentence by its name."),
        ({"does": 3}, "What its card says of does must be a text."),
        ({"costs": "much"}, "Its card knows no costs."),
    ],
)
def test_a_card_that_cannot_be_read_is_a_sentence(card: Any, fault: str):
    assert fault in ai_registry_form._faults({**UC3, "card": card})


def test_one_sentence_changed_by_an_act_leaves_the_others():
    change = {"definition": {"card": {"trust_when": "Trust it on Mondays."}}, "reason": "Tried."}
    told = vars(act("use_case", "UC3", **change))
    after = registry([told])["UC3"]["definition"]
    assert asdict(use_case(after).card) == {**UC3["card"], "trust_when": "Trust it on Mondays."}
    assert book(act("use_case", "UC3", **change)).definition("UC3", BARE)["card"] == {"trust_when": "Trust it on Mondays."}  # fmt: skip


@pytest.mark.parametrize(
    ("works_on", "earned", "said"),
    [
        (3, 3, "trusted as far as it works"),
        (3, 4, "trusted further than it works"),
        (4, 1, "trusted less far than it works"),
    ],
)
def test_the_badge_says_how_far_trust_goes(works_on: int, earned: int, said: str):
    told = {
        "works_on_step_name": STEPS[works_on], "earned_step_name": STEPS[earned], "is_step_earned": earned >= works_on,
        "step_because_text": "", "rank_no": 1, "total_score_number": 50.0, "because_text": "",
    }  # fmt: skip
    assert ai_registry_card.trust(held(UC3, **told))[0] == said
    assert ai_registry_card.trust(held(UC3, "candidate", **told))[0] == "no evidence yet"
    assert ai_registry_card.trust(held(UC3))[0] == "trust known after the next refresh"


def drawing() -> None:
    from models.ai_economics.use_case import use_case as made
    from pages.parts import ai_registry_card as cards
    from pages.parts.ai_registry import Held as Kept
    from pipelines.use_cases import templates as catalogue

    said = catalogue()["UC3"]
    for one in (said, {name: part for name, part in said.items() if name != "card"}):
        kept = Kept(made(one), one, one, False, {}, {})
        cards.badge(kept)
        cards.draw(kept)


def test_the_card_is_drawn_with_what_it_says_and_with_what_it_does_not_say():
    screen = AppTest.from_function(drawing).run(timeout=60)
    assert not screen.exception
    shown = [one.proto.body for one in screen.get("html")]
    assert "waits" in shown[0]
    assert "not said" not in shown[0]
    assert shown[2].count("not said") == len(SENTENCES)
    assert [one.value for one in screen.markdown if "A gap" in one.value], "the gap is visible"
    assert len([one.value for one in screen.markdown if "A gap" in one.value]) == 1, (
        "and where all is said there is none"
    )


def typing() -> None:
    import json as texts

    import streamlit as st

    from pages.parts import ai_registry_fields
    from pipelines.use_cases import templates as catalogue

    known = {"W1": catalogue()["W1"], "": {"alternative": {"name": ""}}}
    told = {name: ai_registry_fields.fields(said, key=f"n{name}", is_new=True)[0] for name, said in known.items()}
    st.text(texts.dumps(told))


def test_people_say_the_four_sentences_of_an_own_use_case_and_an_untouched_form_changes_none():
    screen = AppTest.from_function(typing).run(timeout=60)
    told = json.loads(screen.text[0].value)
    assert told["W1"]["card"] == templates()["W1"]["card"]
    assert "card" not in told[""], "who says nothing of it says no card"
    screen.text_area(key="uc_n_card_does").set_value("It finds the bin.")
    screen.text_area(key="uc_nW1_card_does").set_value("")
    told = json.loads(screen.run(timeout=60).text[0].value)
    assert told[""]["card"] == {"does": "It finds the bin."}
    assert use_case({**templates()["W1"], "card": told["W1"]["card"]}).card.unsaid == ("does",), (
        "taken back, a gap again"
    )
