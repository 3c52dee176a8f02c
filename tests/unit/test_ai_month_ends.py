"""A demo's past months are closed one after another, each with the build of its month end; its plan was made before its months began."""

from datetime import date
from types import SimpleNamespace

import pytest

from decisions import __main__ as command_line
from decisions import lived_ai
from decisions.clock import clock_of
from decisions.desk import Desk
from errors import Refusal
from pipelines import month_ends
from tests.ai_closings import ROW, build_with
from tests.desks import EXECUTIVE, Office
from tests.frozen_plans import COSTS, build_of, planned_in


def test_nobody_s_past_is_made_up():
    acme = SimpleNamespace(is_demo=False, name="acme", folder=None)
    for keeps in (month_ends.keep, command_line.close_past):
        with pytest.raises(Refusal, match="no demo company"):
            keeps(acme)


def test_each_month_end_closes_what_is_over_by_then_and_freezes_its_own_plan(tmp_path):
    office = Office(tmp_path / "acme")
    demo = SimpleNamespace(is_demo=True)

    def closes(build_id: str, as_of: date, months: list[date], planned: date) -> list[str]:
        made = planned_in(build_with(ROW, [], at=months[0]), [(*COSTS[0][:3], planned, "7")], [], [])
        for month in months[1:]:
            made.execute(
                f"insert into marts.north_star select date '{month}', * exclude (month_date) from marts.north_star limit 1"
            )
        build = build_of(made, build_id, as_of)
        return lived_ai.close_months(Desk(office.ledger, EXECUTIVE, build=build, clock=clock_of(demo, build)), build)

    march, april = date(2026, 3, 1), date(2026, 4, 1)
    assert closes("2026-04-05", date(2026, 4, 5), [march, april], date(2026, 5, 1)) == ["2026-03"]
    assert closes("2026-05-05", date(2026, 5, 5), [march, april], date(2026, 6, 1)) == ["2026-04"]
    held = [office.desk().book.ai.closings[month][-1] for month in ("2026-03", "2026-04")]
    assert [one.plan["months"] for one in held] == [["2026-05"], ["2026-06"]]
    assert [one.at.date() for one in held] == [date(2026, 4, 6), date(2026, 5, 6)]
    assert [one.made_with["build_id"] for one in held] == ["2026-04-05", "2026-05-05"]
