"""What was assumed when: an own value counts from the month of its act on, and what has happened never reads what is assumed today."""

import datetime as dt
from typing import Any

import pytest

from pipelines import assumptions
from pipelines.assumptions import DAWN, DUSK, Assumption, history
from pipelines.graph import graph, model_of
from tests.worlds import world

AS_OF = dt.date(2026, 11, 14)
WAGE = "labour_cost_per_hour"
# Where the values of today may be read under figures of what has happened, and why.
READS_TODAY = {
    "marts.ai_calls": "whether a call was in time is told by today's target; it moves no money",
    "scores.ai_accruals": "its model makes the plan too; the accruals take each month's own assumptions",
}


def assume(day: str, number: float | None, name: str = WAGE, /, **said: Any) -> dict[str, Any]:
    payload = {"value": number, "low": number, "high": number, "reason": "Counted.", **said}
    return {
        "act_id": day, "act_no": 1, "kind": "assume", "subject": name, "who": "elsa", "at": dt.datetime.fromisoformat(f"{day}+00:00"),
        "payload": payload,
    }  # fmt: skip


def told(*acts: dict[str, Any], as_of: dt.date = AS_OF, zone: str = "UTC") -> list[tuple[dt.date, dt.date, float]]:
    return [(one.since, one.until, one.entry.value) for one in history(as_of, acts, zone) if one.entry.name == WAGE]


PACKAGED = told()[0][2]
JUNE, AUGUST, NOVEMBER = dt.date(2026, 6, 1), dt.date(2026, 8, 1), dt.date(2026, 11, 1)


def test_a_value_counts_from_the_month_of_its_act_until_the_next_and_the_first_entry_before():
    acts = (assume("2026-06-09T10:00", 50), assume("2026-08-30T10:00", 60))
    assert told(*acts) == [(DAWN, JUNE, PACKAGED), (JUNE, AUGUST, 50), (AUGUST, DUSK, 60)]


def test_what_held_at_the_end_of_a_month_holds_for_it_and_a_value_that_is_taken_back_is_the_packaged_one_again():
    acts = (assume("2026-06-09T10:00", 50), assume("2026-06-20T10:00", 55), assume("2026-08-01T10:00", None))
    assert told(*acts) == [(DAWN, JUNE, PACKAGED), (JUNE, AUGUST, 55), (AUGUST, DUSK, PACKAGED)]


def test_the_open_month_reads_what_holds_now_even_where_it_was_said_after_the_last_of_the_data():
    assert told(assume("2027-01-20T10:00", 50)) == [(DAWN, NOVEMBER, PACKAGED), (NOVEMBER, DUSK, 50)]


def test_nothing_in_an_act_dates_it_back():
    early = dict.fromkeys(("at", "day", "date", "valid_from", "valid_from_date"), "2020-01-01")
    assert told(assume("2026-11-20T10:00", 50, **early)) == [(DAWN, NOVEMBER, PACKAGED), (NOVEMBER, DUSK, 50)]
    turned_back = (assume("2026-11-02T10:00", 50), assume("2026-03-02T10:00", 60))
    assert told(*turned_back) == [(DAWN, NOVEMBER, PACKAGED), (NOVEMBER, DUSK, 60)], "by a clock that was set back"


def test_a_month_ends_when_it_ends_at_the_company():
    late = assume("2026-07-31T22:30", 50)
    assert told(late, zone="Europe/Berlin")[1][0] == AUGUST
    assert told(late, zone="America/New_York")[1][0] == dt.date(2026, 7, 1)


def test_a_later_entry_of_the_package_moves_no_earlier_month_and_stands_behind_an_own_value(monkeypatch):
    first = next(one for one in assumptions.assumptions() if one.name == WAGE)
    later = Assumption(**{**vars(first), "value": 44.0, "date": dt.date(2026, 8, 9)})
    monkeypatch.setattr(assumptions, "assumptions", lambda: (first, later))
    assert told() == [(DAWN, AUGUST, PACKAGED), (AUGUST, DUSK, 44)]
    own = told(assume("2026-06-09T10:00", 50), assume("2026-11-02T10:00", None))
    assert own[1:] == [(JUNE, AUGUST, 50), (AUGUST, NOVEMBER, 50), (NOVEMBER, DUSK, 44)]


@pytest.mark.parametrize(
    "top", ["marts.north_star", "marts.value_ledger", "marts.ai_case_costs", "marts.ai_cost_events"]
)
def test_what_has_happened_never_reads_what_is_assumed_today(top):
    found, waiting = set(), {top}
    while waiting:
        name = waiting.pop()
        if name in graph() and name not in found:
            found.add(name)
            waiting |= graph()[name].reads
    today = {name for name in found if "raw.assumptions" in graph()[name].reads}
    plan = model_of("scores.ai_accruals")
    assert plan is not None
    planned = {output.name for output in plan.writes} - {"scores.ai_accruals"}
    assert today <= {*READS_TODAY}, "read raw.assumption_history there"
    assert not found & planned, "the plan reads today's assumptions, so nothing that has happened may rest on it"


CALLS = [
    {
        "call_id": f"C{month}", "provider_name": "anthropic", "served_model_name": "claude-haiku-5-5", "use_case_name": "UC3",
        "called_at": f"2026-{month:02}-20T12:00:00Z", "input_token_count": 900_000, "output_token_count": 90_000,
    }
    for month in range(6, 12)
]  # fmt: skip
WORK = [
    {
        "work_id": f"W{month}", "use_case_name": "UC3", "opened_at": f"2026-{month:02}-20T12:00:00Z", "arm_code": "assisted",
        "closed_at": f"2026-{month:02}-20T13:00:00Z", "review_minutes": 30, "rework_minutes": 7,
    }
    for month in range(6, 12)
]  # fmt: skip
BILLS = [
    {
        "bill_line_key": f"B{month}", "occurrence": 1, "provider_name": "OpenAI", "currency_code": "GBP", "is_ai": True,
        "charge_starts_at": f"2026-{month:02}-01T00:00:00Z", "billed_amount": 70, "effective_amount": 70,
    }
    for month in range(6, 12)
]  # fmt: skip
TICKETS = [
    {"ticket_id": f"T{month}", "opened_at": f"2026-{month:02}-20T12:00:00Z", "topic_name": "AI training"}
    for month in range(6, 12)
]


def costs(acts: list[dict[str, Any]]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Costs by month and source, and hidden ones by month and kind, by the real SQL."""
    made = world(
        "marts.ai_cost_ledger", "marts.ai_cost_events", acts=acts, ai_calls=CALLS, ai_cases=WORK, ai_bills=BILLS, service_tickets=TICKETS
    )  # fmt: skip
    asked = "select month_date, cost_source_name, sum(actual_amount) from marts.ai_cost_ledger group by all"
    events = (
        "select event_date, cost_event_code, sum(event_amount) from marts.ai_cost_events where is_detected group by all"
    )
    return tuple({row[:2]: row[2] for row in made.query(sql).rows()} for sql in (asked, events))  # type: ignore[return-value]


def test_every_assumption_moved_today_moves_no_cost_of_a_month_that_is_over():
    before = costs([])
    assert {source for _, source in before[0]} == {"usage", "review log", "bill"}
    assert {kind for _, kind in before[1]} >= {"review by people", "support and training"}
    for side in ("low", "high"):
        moved = [assume("2026-11-20T10:00", getattr(one, side), one.name) for one in assumptions.in_force(AS_OF)]
        for then, now in zip(before, costs(moved), strict=True):
            over = [key for key in then if key[0] < NOVEMBER]
            assert {key: now[key] for key in over} == {key: then[key] for key in over}
            assert now != then, "the open month reads what holds now"


def test_a_cost_bears_what_was_assumed_at_the_end_of_its_month():
    dearer, _ = costs([assume("2026-08-31T10:00", 84, WAGE)])
    cheap, _ = costs([])
    for month in range(6, 12):
        key = (dt.date(2026, month, 1), "review log")
        assert dearer[key] == (2 if month >= 8 else 1) * cheap[key]
