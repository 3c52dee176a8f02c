"""Plan against actual: only a plan that was frozen before a month began counts, and what is only accrued is no plan that was met."""

import datetime as dt

import polars as pl
import pytest

from models.ai_economics.plan_actual import by_layer, by_month, frozen_for, without_write_offs
from models.ai_economics.reforecast import ABOVE, BELOW, INSIDE, believed, realised
from pages.parts.ai_reforecast import ratios_said
from pages.parts.words import Words
from pipelines import ai_frozen_plans
from pipelines.table import tables
from tests.frozen_plans import act, plan_of
from tests.worlds import World

MARCH, APRIL, MAY, JUNE, JULY = (dt.date(2026, month, 1) for month in (3, 4, 5, 6, 7))
GOVERNANCE = "security and governance"
FIRST = act("2026-02", "2026-03-06T08:00:00Z", plan_of(["2026-04", "2026-05", "2026-06"], 100, 1_000, 50, 70))
LATER = act("2026-03", "2026-05-06T08:00:00Z", plan_of(["2026-05", "2026-06", "2026-07"], 80, 500, 40, 70))


def told(acts: list[dict], as_of: str = "2026-06-20", *, has_calls: bool = False) -> pl.DataFrame:
    """The mart over these acts: UC3 had 60 cases, brought 400, cost 30 of review and accrued 70 in each month from March to May.

    Where it has calls, those of April cost 5, and those of May have no price.
    """
    made = World()
    for schema in ("raw", "scores", "marts"):
        made.execute(f"create schema {schema}")
    made.execute(f"create table raw.company as select date '{as_of}' as as_of_date")
    ai_frozen_plans.empty(made)
    ai_frozen_plans.fill(made, acts)
    made.execute(
        "create table scores.ai_cost_months as select 'governance' as component_code, ? as layer_code", [GOVERNANCE]
    )
    months = "(select unnest([date '2026-03-01', date '2026-04-01', date '2026-05-01']) as month_date)"
    made.execute(
        "create table marts.ai_volumes as select month_date, 'UC3' as use_case_id, 60 as case_count, 0 as unpriced_call_count "
        f"from {months}"
    )
    made.execute(
        "create table marts.value_rows as select month_date, 'UC3' as use_case_id, cast(420 as decimal(18, 4)) as benefit_amount, "
        f"cast(20 as decimal(18, 4)) as error_cost_amount from {months}"
    )
    made.execute(
        "create table marts.ai_costs as select month_date, 'UC3' as use_case_id, 'governance' as component_code, cost_source_name, "
        f"actual_amount from {months}, (values ('review log', 30.0), ('accrual', 70.0)) as said (cost_source_name, actual_amount)"
    )  # fmt: skip
    if has_calls:
        made.execute("insert into marts.ai_costs values (date '2026-04-01', 'UC3', 'model usage', 'usage', 5.0)")
        made.execute("update marts.ai_volumes set unpriced_call_count = 9 where month_date = date '2026-05-01'")
    made.execute(f"create table marts.ai_plan_actuals as {tables()['marts.ai_plan_actuals'].sql}")
    for check in tables()["marts.ai_plan_actuals"].checks:
        assert made.query(f"select * from marts.ai_plan_actuals where not ({check})").is_empty(), check
    return made.query("select * from marts.ai_plan_actuals")


def test_what_came_stands_in_the_layer_of_the_frozen_plan_and_not_of_the_plan_of_today():
    frozen = plan_of(["2026-04", "2026-05"], 100, 1_000, 50, 70)
    renamed = {
        **frozen,
        "costs": {"UC3": {"oversight": frozen["costs"]["UC3"][GOVERNANCE]}},
        "layers": {"governance": "oversight"},
    }
    rows = told([act("2026-02", "2026-03-06T08:00:00Z", renamed)])
    april = row(rows, APRIL, "logged cost", "oversight")
    assert (april["planned_number"], april["actual_number"]) == (50, 30)
    assert row(rows, MARCH, "logged cost", GOVERNANCE)["actual_number"] == 30, "no plan was frozen before March"
    assert rows.filter(month_date=APRIL, measure_name="logged cost", layer_code=GOVERNANCE).is_empty()


def row(rows: pl.DataFrame, month: dt.date, measure: str = "cases", layer: str | None = None) -> dict:
    mine = rows.filter(month_date=month, measure_name=measure)
    return mine.filter(layer_code=layer or mine["layer_code"][0]).row(0, named=True)


def test_the_plan_of_a_month_is_the_newest_that_was_frozen_before_it_began():
    rows = told([FIRST, LATER])
    assert row(rows, MARCH)["plan_actual_standing_name"] == "no plan was frozen before this month"
    assert row(rows, MARCH)["planned_number"] is None
    assert [row(rows, month)["planned_number"] for month in (APRIL, MAY, JUNE, JULY)] == [100, 100, 80, 80]
    assert [row(rows, month)["first_planned_number"] for month in (MAY, JUNE, JULY)] == [100, 100, 80]
    assert row(rows, MAY)["plan_actual_standing_name"] == "measured"
    assert row(rows, JUNE)["plan_actual_standing_name"] == "not over"
    assert row(rows, MAY, "benefit")["actual_number"] == 400, "benefit less what errors cost"


def test_without_a_frozen_plan_no_month_is_held_against_itself():
    rows = told([])
    assert set(rows["plan_actual_standing_name"]) == {"no plan was frozen before this month"}
    assert by_layer(rows).is_empty()
    assert realised(rows).is_empty()
    assert by_month(rows)["plan_amount"].to_list() == [None, None, None]
    assert frozen_for(rows, APRIL) == {}


def test_what_is_accrued_is_never_a_plan_that_was_met():
    rows = told([FIRST, LATER])
    assert row(rows, MAY, "accrued cost")["plan_actual_standing_name"] == "accrued, not measured"
    layer = by_layer(rows).row(0, named=True)
    assert layer == {
        "layer_code": GOVERNANCE, "plan_amount": 100.0, "actual_amount": 60.0, "difference_amount": -40.0, "difference_share": -0.4,
        "accrued_plan_amount": 140.0, "accrued_amount": 140.0,
    }  # fmt: skip
    assert by_month(rows).rows() == [(MARCH, None, 30.0), (APRIL, 50.0, 30.0), (MAY, 50.0, 30.0)]
    assert frozen_for(rows, JUNE) == {GOVERNANCE: 110.0}


def test_what_is_written_off_of_earlier_payments_burns_no_budget():
    spent = pl.DataFrame(
        [("accrual", "connectors"), ("accrual", "gateway"), ("bill", "connectors")],
        schema=["cost_source_name", "cost_line_name"], orient="row",
    )  # fmt: skip
    assert without_write_offs(spent).rows() == [("accrual", "gateway"), ("bill", "connectors")]


def test_a_layer_that_nobody_measured_has_no_difference():
    rows = told([FIRST]).filter(pl.col("measure_name") != "logged cost")
    bare = row(told([FIRST]), MAY, "logged cost") | {"layer_code": "compute", "actual_number": None}
    rows = pl.concat([rows, pl.DataFrame([bare], schema=rows.schema)])
    assert by_layer(rows).filter(layer_code="compute")["difference_amount"].to_list() == [None]


def test_use_cases_that_nobody_measured_save_nothing():
    rows = told([FIRST, LATER])
    bare = row(rows, MAY, "logged cost") | {
        "use_case_id": "UC9",
        "actual_number": None,
        "plan_actual_standing_name": "not measured",
    }
    part = bare | {"use_case_id": "UC8", "actual_number": 1.0, "plan_actual_standing_name": "calls without a price"}
    more = pl.concat([rows, pl.DataFrame([bare, part], schema=rows.schema)])
    assert by_layer(more).equals(by_layer(rows))
    assert by_month(more).equals(by_month(rows))
    nothing = by_month(pl.DataFrame([bare], schema=rows.schema))
    assert nothing.rows() == [(MAY, bare["planned_number"], None)]


def test_a_month_of_calls_without_a_price_is_not_a_month_without_cost():
    plan = plan_of(["2026-04", "2026-05"], 100)
    plan["costs"]["UC3"]["model usage"] = {"logged": ["10.00", "10.00"], "accrued": ["0.00", "0.00"]}
    rows = told([act("2026-02", "2026-03-06T08:00:00Z", plan)], has_calls=True)
    assert row(rows, APRIL, "logged cost", "model usage")["actual_number"] == 5
    may = row(rows, MAY, "logged cost", "model usage")
    assert (may["actual_number"], may["plan_actual_standing_name"]) == (None, "calls without a price")
    model = by_layer(rows).filter(layer_code="model usage").row(0, named=True)
    assert (model["plan_amount"], model["actual_amount"]) == (10, 5)


def test_realised_by_planned_and_the_rest_at_the_rate_that_is_believed():
    found = {one["measure_name"]: one for one in realised(told([FIRST, LATER])).iter_rows(named=True)}
    cases = found["cases"]
    assert (cases["month_count"], cases["planned_number"], cases["actual_number"]) == (2, 200, 120)
    assert cases["realised_share"] == 0.6
    # Two months: 2 ÷ (2 + 3) of the way from 1 to 0.6; 80 cases are planned for each of June and July.
    assert cases["believed_share"] == pytest.approx(0.84)
    assert (cases["left_number"], cases["forecast_number"]) == (160, pytest.approx(134.4))
    assert (cases["band_name"], found["benefit"]["band_name"]) == (INSIDE, BELOW)
    assert (found["benefit"]["low_number"], found["benefit"]["actual_number"]) == (1_000, 800)
    assert found["logged cost"]["realised_share"] == 0.6, "what is accrued is not in it"


def test_what_was_planned_at_nought_or_below_has_no_rate():
    rows = told([act("2026-02", "2026-03-06T08:00:00Z", plan_of(["2026-04", "2026-07"], 100, -30))])
    one = realised(rows).filter(measure_name="benefit").row(0, named=True)
    assert (one["realised_share"], one["believed_share"], one["forecast_number"], one["left_number"]) == (
        None,
        None,
        None,
        -30,
    )
    assert one["band_name"] == ABOVE


def test_huge_ratios_are_told_in_times_and_plans_of_about_nought_as_two_amounts():
    words = Words("en_GB", "EUR", "Europe/Berlin")
    rows = pl.DataFrame(
        {
            "actual_number": [50_700.0, 3_610.0, 50_700.0, -2_200.0],
            "planned_number": [7_560.0, 2_390.0, 7_560.0, -661.0],
            "first_planned_number": [175.7, 422.6, 0.2, -661.0],
            "believed_share": [1.086, 12.2, 1.0, None],
        }
    )
    realised_text, first_text, believed_text = (one.to_list() for one in ratios_said(rows, words, words.money))
    assert realised_text[:3] == ["670.6%", "151.0%", "670.6%"]
    assert first_text[:3] == ["289 times the plan", "854.2%", "plan was about nought: €0.20 planned, €50.7K seen"]
    assert first_text[3] == realised_text[3] == "plan was below nought: −€661 planned, −€2.2K seen"
    assert believed_text == ["108.6%", "12 times the plan", "100.0%", "no data"]
    found = realised(told([FIRST, LATER])).filter(measure_name="cases").row(0, named=True)
    assert found["first_share"] == found["actual_number"] / found["first_planned_number"]


def test_only_months_held_against_the_newest_plan_with_a_month_behind_it_say_what_it_misses():
    renewed = act("2026-03", "2026-04-20T08:00:00Z", plan_of(["2026-05", "2026-06"], 50))
    one = realised(told([FIRST, renewed])).filter(measure_name="cases").row(0, named=True)
    assert (one["month_count"], one["realised_share"]) == (2, 120 / 150)
    # May alone was held against the newer plan: 60 cases where 50 were planned, one month of four to be believed.
    assert (one["latest_share"], one["believed_share"]) == (1.2, pytest.approx(1.05))
    assert one["forecast_number"] == pytest.approx(52.5)
    assert (one["low_number"], one["high_number"], one["band_name"]) == (25, 100, INSIDE)


def test_a_rate_is_believed_the_more_the_more_months_have_shown_it():
    shares = [believed(0.4, months) for months in range(40)]
    assert shares == sorted(shares, reverse=True)
    assert (shares[0], shares[3]) == (1.0, pytest.approx(0.7))
    assert all(0.4 < share <= 1 for share in shares)
