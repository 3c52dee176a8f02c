"""Which technique a need calls for: the plainest one that does it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ai_economics.technique import (
    ACTION,
    AGENT,
    COPILOT,
    DRAFT,
    FACT,
    FORECAST,
    NUMBER,
    RETRIEVAL,
    RULE,
    TECHNIQUES,
    WANTED,
    Need,
    advice,
)

NEED = Need(
    wanted=ACTION,
    ruled_share=0.3,
    has_history=True,
    has_sources=True,
    steps=4,
    is_bounded=True,
    cases_per_month=400,
)


@pytest.mark.parametrize(
    ("change", "technique"),
    [
        ({}, AGENT),
        ({"steps": 1}, COPILOT),
        ({"cases_per_month": 20}, COPILOT),
        ({"wanted": DRAFT}, COPILOT),
        ({"wanted": FACT}, RETRIEVAL),
        ({"wanted": NUMBER}, FORECAST),
        ({"wanted": NUMBER, "has_history": False}, RULE),
        ({"ruled_share": 0.8}, RULE),
    ],
)
def test_each_need_gets_the_plainest_technique_that_does_it(change: dict, technique: str) -> None:
    assert advice(replace(NEED, **change)).technique == technique


def test_what_is_missing_is_said_before_anything_begins() -> None:
    assert not advice(NEED).missing
    assert "until then it may only propose" in advice(replace(NEED, is_bounded=False)).missing[0]
    assert "guess" in advice(replace(NEED, wanted=FACT, has_sources=False)).missing[0]


@pytest.mark.parametrize(
    "change",
    [
        {"wanted": "magic"},
        {"ruled_share": 1.1},
        {"steps": 0},
        {"cases_per_month": -1},
        {"cases_per_month": float("nan")},
    ],
)
def test_an_answer_that_cannot_be_is_refused(change: dict) -> None:
    with pytest.raises(ValueError, match=r"is one of|A share lies"):
        advice(replace(NEED, **change))


@given(
    wanted=st.sampled_from(WANTED),
    ruled=st.floats(0, 1),
    flags=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    steps=st.integers(1, 30),
    cases=st.floats(0, 1e6),
)
def test_every_need_has_an_answer_a_reason_and_a_plain_way_to_beat(
    wanted: str, ruled: float, flags: tuple[bool, bool, bool], steps: int, cases: float
) -> None:
    history, sources, bounded = flags
    told = advice(
        Need(
            wanted=wanted,
            ruled_share=ruled,
            has_history=history,
            has_sources=sources,
            steps=steps,
            is_bounded=bounded,
            cases_per_month=cases,
        )
    )
    assert told.technique in TECHNIQUES
    assert told.because
    assert told.beats
    assert ruled < 0.8 or not told.has_language_model, "a stable process needs no language model"
    assert told.technique != AGENT or steps > 1
