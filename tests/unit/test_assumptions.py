"""Assumptions are dated, graded and within their own ranges, and the latest that is not after the day holds."""

import datetime as dt

import pytest

from pipelines import assumptions
from pipelines.assumptions import DISTRIBUTIONS, GRADES, Assumption


@pytest.mark.parametrize("entry", assumptions.assumptions(), ids=lambda entry: f"{entry.name} {entry.date}")
def test_an_assumption_says_where_it_comes_from_and_lies_in_its_range(entry: Assumption):
    assert entry.low <= entry.value <= entry.high
    assert entry.grade in GRADES
    assert entry.distribution in DISTRIBUTIONS
    assert len(entry.meaning) > 20
    assert len(entry.source) > 8
    assert entry.unit
    assert entry.owner


def test_no_name_has_two_entries_of_one_day():
    days = [(entry.name, entry.date) for entry in assumptions.assumptions()]
    assert len(days) == len(set(days))


def test_the_latest_entry_that_is_not_after_the_day_holds(monkeypatch: pytest.MonkeyPatch):
    first = assumptions.assumptions()[0]
    entries = tuple(
        Assumption(**{**vars(first), "value": value, "date": dt.date(2026, month, 1)})
        for value, month in ((1, 1), (2, 6), (3, 9))
    )
    monkeypatch.setattr(assumptions, "assumptions", lambda: entries)
    assert [assumptions.in_force(dt.date(2026, month, 1))[0].value for month in (1, 5, 6, 12)] == [1, 1, 2, 3]
    assert assumptions.in_force(dt.date(2020, 1, 1))[0].value == 1, "a company older than the entry still has one"


def test_every_build_holds_them(tiny):
    from store.warehouse import current_build

    rows = current_build(tiny).query("select assumption_name, assumed_number, source_grade from raw.assumptions")
    assert set(rows["assumption_name"]) == {entry.name for entry in assumptions.assumptions()}
    assert rows["assumed_number"].null_count() == 0
