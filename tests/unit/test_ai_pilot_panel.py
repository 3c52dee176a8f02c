"""The pilot that is planned on the value page: refused, too small or enough, and what to do where sites are few."""

import datetime as dt

import polars as pl
import pytest

from models.ai_economics import rollout
from pages.parts import ai_pilot
from pages.parts.words import Words

WORDS = Words("en_GB", "EUR", "Europe/Berlin")


def panel(units: int, weeks: int) -> pl.DataFrame:
    start = dt.date(2026, 5, 4)
    rows = [
        (f"S{unit}", start + dt.timedelta(weeks=week), 10.0 + unit + 0.3 * ((week * 7 + unit * 5) % 11))
        for unit in range(units)
        for week in range(weeks)
    ]
    return pl.DataFrame(rows, schema=["unit_name", "week_date", "measured_number"], orient="row")


@pytest.mark.parametrize(
    ("units", "weeks", "effect_share", "said"),
    [(8, 20, 0.4, "enough"), (8, 20, 0.001, "too small"), (8, 8, 0.4, "refused"), (3, 20, 0.4, "refused")],
)
def test_a_pilot_is_refused_too_small_or_enough(units, weeks, effect_share, said):
    found = rollout.designed(panel(units, weeks), planned_effect_share=effect_share, start_date=dt.date(2026, 11, 16))
    assert ai_pilot.verdict(found) == said
    assert bool(ai_pilot.figures(found, WORDS)) == (said != "refused")


def test_where_there_are_too_few_sites_lots_are_drawn_case_by_case():
    weeks = panel(3, 20).with_columns(case_count=pl.lit(500))
    said = ai_pilot.queue_split(weeks, ai_pilot.Wishes(0.10, 12, None, 1), WORDS)
    assert "1,500 cases a week" in said
    assert said.endswith("which is enough for the plan.")
    assert (
        ai_pilot.queue_split(weeks.with_columns(case_count=pl.lit(0)), ai_pilot.Wishes(0.1, 12, None, 1), WORDS) == ""
    )
