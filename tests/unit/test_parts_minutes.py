"""The minutes that a decision took: counted while its thing is looked at, once, and never for a lunch break."""

from types import SimpleNamespace

import pytest

from pages.parts import minutes


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    at = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(minutes, "time", SimpleNamespace(monotonic=lambda: at.now))
    monkeypatch.setattr(minutes, "st", SimpleNamespace(session_state={}))
    return at


def test_minutes_count_from_when_a_thing_was_first_looked_at_to_the_decision(clock: SimpleNamespace):
    minutes.looks_at("case 1")
    clock.now += 90
    minutes.looks_at("case 1")
    clock.now += 30
    assert minutes.spent("case 1") == 2.0
    assert minutes.spent("case 1") == 0.0


def test_they_begin_anew_with_another_thing_and_end_at_twenty(clock: SimpleNamespace):
    minutes.looks_at("case 1")
    clock.now += 60
    minutes.looks_at("case 2")
    clock.now += 3600
    assert (minutes.spent("case 1"), minutes.spent("case 2")) == (0.0, minutes.MOST)
