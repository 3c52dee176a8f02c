"""The demo world's calendar: weekdays, holidays that move with Easter, and counting in working days."""

from datetime import date

import numpy as np
import pytest

from pipelines.demo.clock import (
    after_working_days,
    date_of,
    day_number,
    holidays,
    is_working_day,
    minute_of,
    moment,
    weekday,
)
from pipelines.demo.scale import SIZES


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 11, 14), date(2030, 1, 1)])
def test_a_date_survives_the_way_there_and_back(day):
    assert date_of(day_number(day)) == day
    assert weekday(day_number(day)) == day.weekday()


@pytest.mark.parametrize(
    ("year", "easter_monday"),
    [(2024, date(2024, 4, 1)), (2025, date(2025, 4, 21)), (2026, date(2026, 4, 6)), (2027, date(2027, 3, 29))],
)
def test_easter_monday_is_a_holiday_where_the_church_puts_it(year, easter_monday):
    assert day_number(easter_monday) in holidays(year)
    assert not is_working_day(day_number(easter_monday))


def test_working_days_pass_over_weekends_and_christmas():
    christmas_eve = day_number(date(2025, 12, 24))
    got = [date_of(day).isoformat() for day in after_working_days(christmas_eve, np.array([0, 1, 2, 3, 4]))]
    assert got == ["2025-12-24", "2025-12-29", "2025-12-30", "2025-12-31", "2026-01-02"]


def test_counting_nothing_from_a_day_off_gives_the_next_working_day():
    saturday = day_number(date(2026, 11, 14))
    assert date_of(after_working_days(saturday, 0)).isoformat() == "2026-11-16"
    assert date_of(after_working_days(saturday, 1)).isoformat() == "2026-11-16"


def test_a_moment_and_its_minute_are_one():
    day = day_number(date(2026, 3, 3))
    assert minute_of(moment(day, 615), day) == 615
    assert minute_of(moment(day - 1, 1_439), day) == -1


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_histories_begin_on_a_sunday_and_end_on_a_saturday(size):
    """Weekly files then hold whole weeks."""
    assert weekday(size.first_day) == 6
    assert weekday(size.history_end) == 5
    assert (size.default_last - size.history_end) % 28 == 0
