"""A carrier that was late for a month and is on time again is told with its weeks; snow that befalls all of them is nobody's slump."""

import datetime as dt

import pytest

from tests.worlds import world

LAST = dt.date(2026, 11, 13)
A_WEEK = 15


def slumps(bad, late=7):
    """Forty weeks of two carriers with fifteen deliveries a week, one of them late; in bad weeks (counted back) so many more are."""
    rows = []
    for carrier, weeks in bad.items():
        for back in range(40):
            due = LAST - dt.timedelta(days=7 * back + 3)
            for number in range(A_WEEK):
                days = 2 if number < 1 + late * (back in weeks) else 0
                rows.append(
                    {
                        "shipment_id": f"{carrier}{back}-{number}",
                        "carrier_id": carrier,
                        "shipped_at": f"{due - dt.timedelta(days=2)}T10:00:00Z",
                        "promised_at": f"{due}T16:00:00Z",
                        "delivered_at": f"{due + dt.timedelta(days=days)}T12:00:00Z",
                    }
                )
    made = world("marts.carrier_slumps", as_of=LAST, shipments=rows)
    return made.query("select * from marts.carrier_slumps").to_dicts()


def test_a_month_of_late_deliveries_is_told_with_its_first_and_last_week():
    (row,) = slumps({"FAST": {5, 6, 7, 8}, "OTHER": set()})
    assert row["carrier_id"] == "FAST"
    assert row["since_date"] == LAST - dt.timedelta(days=7 * 9 - 1)
    assert row["alert_date"] == LAST - dt.timedelta(days=7 * 5)
    assert row["expected_number"] == pytest.approx(1 / A_WEEK)
    assert row["came_number"] > 0.4


@pytest.mark.parametrize(
    "bad",
    [
        {"FAST": set(), "OTHER": set()},
        {"FAST": {5, 6, 7, 8}, "OTHER": {5, 6, 7, 8}},
        {"FAST": {20, 21, 22, 23}, "OTHER": set()},
    ],
    ids=["none is late", "all are late", "long over"],
)
def test_nobody_is_called_for_what_befalls_all_or_is_long_over(bad):
    assert slumps(bad) == []


def test_a_week_that_is_a_little_worse_is_no_slump():
    assert slumps({"FAST": {5}, "OTHER": set()}, late=2) == []
