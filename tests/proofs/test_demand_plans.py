"""Plans by hand: which of them are judged, on which days, against what, and from when each could have been known."""

import datetime as dt
from itertools import product

import pytest

from pipelines.table import tables
from tests.worlds import line, put, world

ORIGINS = (dt.date(2026, 10, 17), dt.date(2026, 9, 19))
AS_OF = dt.date(2026, 11, 14)


def plan(starts: str, made: str | None = "2026-10-22", **columns) -> dict:
    return {
        "sku_id": "BOLT", "site_id": "LEJ", "plan_starts_date": starts, "plan_days": 7, "planned_qty": 90,
        "statistical_qty": 60, "made_date": made, "planner_name": "ana", "reason_code": "promo",
    } | columns  # fmt: skip


def told(
    *plans: dict, empty: tuple[str, ...] = (), sites: tuple[str, ...] = ("LEJ",), lines: tuple[dict, ...] = ()
) -> list[dict]:
    """Rows of the mart. The forecast said 10 for each weekday and 0 for each weekend day; 12 came on each weekday."""
    needed = ("core.demand_plans", "core.calendar", "marts.sku_margins", "core.skus", "core.sites")
    begun = bought("2026-08-01", 1, sku_id="NUT")  # so that the calendar reaches back
    made = world(*needed, as_of=AS_OF, demand_plans=list(plans), order_lines=[begun, *lines])
    for origin, step, site in product(ORIGINS, range(1, 29), sites):
        day = origin + dt.timedelta(days=step)
        is_worked = day.weekday() < 5
        said = {"mean_qty": 10 * is_worked, "came_qty": None if day.isoformat() in empty else 12 * is_worked}
        where = {"sku_id": "BOLT", "site_id": site, "origin_date": origin, "target_date": day}
        put(made, "scores.demand_lookbacks", {**where, **said, "model_code": "demand"})
    made.execute(f"create table marts.demand_plans as {tables()['marts.demand_plans'].sql}")
    return made.query("select * from marts.demand_plans order by plan_starts_date, site_id").to_dicts()


def bought(day: str, qty: int, **columns) -> dict:
    return line(
        f"O-{day}-{columns}",
        ordered_at=f"{day}T12:00:00Z",
        ordered_qty=qty,
        net_amount=qty * 5,
        **columns,
    )


def test_a_week_by_hand():
    """60 came (5 × 12); the forecast said 50, the system 60, people 90; naive says the last week again: 3 on its Monday."""
    (row,) = told(plan("2026-10-26"), lines=(bought("2026-10-12", 3), bought("2026-10-26", 7)))
    assert row["plan_standing_name"] == "judged"
    assert (row["origin_date"], row["counted_share"]) == (ORIGINS[0], 1.0)
    said = {name: float(row[f"{name}_seen_qty"]) for name in ("naive", "proposal", "model", "plan")}
    assert (float(row["seen_qty"]), said) == (60, {"naive": 3, "proposal": 60, "model": 50, "plan": 90})
    assert [float(row[f"{name}_abs_error_qty"]) for name in ("naive", "proposal", "model", "plan")] == [57, 0, 10, 30]
    assert (float(row["helped_qty"]), float(row["unit_net_amount"]), float(row["helped_amount"])) == (-30, 5, -150)


@pytest.mark.parametrize(
    ("made", "standing"),
    [
        ("2026-10-25", "judged"),
        ("2026-10-26", "decided after its period began"),
        ("2026-11-02", "decided after its period began"),
        (None, "not known when it was decided"),
    ],
)
def test_only_what_was_decided_before_its_period_counts(made, standing):
    (row,) = told(plan("2026-10-26", made))
    assert row["plan_standing_name"] == standing
    assert (row["plan_abs_error_qty"] is not None) == (standing == "judged")


def test_the_forecast_never_stands_later_than_the_planner():
    """Decided the day before the newer look back: only the older one may be asked, and it does not reach that week."""
    late, early = told(plan("2026-10-05", "2026-10-01"), plan("2026-10-19", "2026-10-16"))
    assert (late["origin_date"], late["plan_standing_name"]) == (ORIGINS[1], "judged")
    assert early["plan_standing_name"] == "no look back reaches it"


def test_days_with_an_empty_shelf_are_left_out_on_all_sides():
    """Two of five weekdays are gone: 36 came, and three fifths of each figure are held against it."""
    (row,) = told(plan("2026-10-26"), empty=("2026-10-27", "2026-10-28"))
    assert row["counted_share"] == pytest.approx(0.6)
    assert [float(row[name]) for name in ("seen_qty", "model_seen_qty", "plan_seen_qty", "proposal_seen_qty")] == [
        36,
        30,
        54,
        36,
    ]
    (row,) = told(plan("2026-10-26"), empty=("2026-10-27", "2026-10-28", "2026-10-29"))
    assert row["plan_standing_name"] == "less than half of it can be seen"


def test_a_month_is_judged_by_the_part_that_a_look_back_covers():
    """September 24 to October 23, decided on the 20th: the look back of September 19 ends on October 17, with 17 of its 22 weekdays."""
    (row,) = told(plan("2026-09-24", "2026-09-20", plan_days=30, planned_qty=220, statistical_qty=None))
    assert row["plan_standing_name"] == "judged"
    assert row["counted_share"] == pytest.approx(17 / 22)
    assert (float(row["seen_qty"]), float(row["plan_seen_qty"])) == (204, 170)
    assert row["proposal_seen_qty"] is None
    assert float(row["helped_qty"]) == 34 - 34


def test_a_period_that_is_not_over_is_not_judged():
    (row,) = told(plan("2026-11-09"))
    assert row["plan_standing_name"] == "its period is not over"


def test_a_plan_for_all_sites_needs_all_of_them():
    """A sum over two sites that were looked back on is judged; with sales at a third it is not."""
    everywhere = plan("2026-10-26", site_id=None)
    (row,) = told(everywhere, sites=("LEJ", "HAM"), lines=(bought("2026-10-27", 5),))
    assert (row["site_id"], row["plan_standing_name"], float(row["seen_qty"])) == ("*", "judged", 120)
    (row,) = told(everywhere, sites=("LEJ", "HAM"), lines=(bought("2026-10-27", 5, site_id="MUC"),))
    assert row["plan_standing_name"] == "not all sites were looked back on"


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ({"plan_days": 28}, 28),
        ({"plan_days": None, "plan_ends_date": "2026-10-11"}, 7),
        ({"plan_days": None, "plan_bucket_code": " Woche "}, 7),
        ({"plan_days": None, "plan_bucket_code": "Month"}, 31),
        ({"plan_days": None, "plan_bucket_code": "quarter"}, None),
    ],
)
def test_how_long_a_period_is(said, days):
    made = world("core.demand_plans", demand_plans=[plan("2026-10-05", **said)])
    row = made.query("select plan_days, plan_ends_date from core.demand_plans").row(0, named=True)
    assert row["plan_days"] == days
    assert row["plan_ends_date"] == (dt.date(2026, 10, 5) + dt.timedelta(days=days - 1) if days else None)


def test_where_nothing_says_how_long_the_next_plan_does():
    """Mondays a week apart make weeks, first days of months make months of their own length, and anything else stays unknown."""
    weeks = [plan(day, plan_days=None) for day in ("2026-10-05", "2026-10-12", "2026-10-26")]
    months = [plan(day, plan_days=None, site_id="HAM") for day in ("2026-08-01", "2026-09-01")]
    odd = [plan(day, plan_days=None, site_id="ODD") for day in ("2026-10-05", "2026-10-19", "2026-10-29")]
    made = world("core.demand_plans", demand_plans=weeks + months + odd)
    found = made.query("select site_id, plan_days from core.demand_plans order by site_id, plan_starts_date").rows()
    assert found == [("HAM", 31), ("HAM", 30), *[("LEJ", 7)] * 3, *[("ODD", None)] * 3]
