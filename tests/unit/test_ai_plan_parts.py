"""The parts of the AI plan one by one: verdicts, what was seen of running use cases, how sure a month is, the registry."""

import datetime as dt
import json

import numpy as np
import polars as pl
import pytest

from models.ai_economics import net_value, plan, seen
from models.ai_economics.draws import Spread, drawn
from models.ai_economics.inputs import registry, spreads, world_of
from models.ai_economics.programme import simulated
from models.ai_economics.sensitivity import tornado
from models.ai_economics.use_case import use_case
from models.ai_economics.verdict import verdict
from models.model import Asked
from pipelines.assumptions import history
from pipelines.use_cases import registry as registered
from pipelines.use_cases import templates
from tests.ai_programmes import AS_OF, effect, frames, taken_up, volumes


@pytest.mark.parametrize(
    ("worth", "alone", "plain", "grade", "said"),
    [
        (10.0, 12.0, 1.0, "A", "fund"),
        (10.0, 12.0, 1.0, "B", "fund"),
        (10.0, 12.0, 1.0, "C", "cannot tell"),
        (10.0, 12.0, 1.0, "D", "cannot tell"),
        (10.0, 12.0, 40.0, "A", "stop"),  # the plain way is worth more
        (-1.0, 2.0, 0.0, "A", "cannot tell"),  # it pays its own cost and not its share of the common one
        (-10.0, -8.0, -99.0, "D", "stop"),  # no measurement is needed to see that
    ],
)
def test_a_verdict_weighs_worth_against_how_it_was_measured(worth, alone, plain, grade, said):
    spread = np.linspace(-0.5, 0.5, 50)
    told = verdict(
        worth=worth + spread,
        direct_worth=alone + spread,
        alternative_worth=plain,
        evidence_grade=grade,
        name="Order copilot",
    )
    assert told.code == said
    assert told.because.endswith(".")


def test_a_use_case_without_a_price_cannot_be_judged():
    nothing = np.full(10, np.nan)
    told = verdict(worth=nothing, direct_worth=nothing, alternative_worth=0.0, evidence_grade="A")
    assert (told.code, "price" in told.because) == ("cannot tell", True)


def test_measured_effects_take_the_place_of_assumed_ones():
    told = frames(
        taken_up("UC3"),
        effects=[effect("UC3", -2.0, -2.4, -1.6), effect("UC3", -0.01, -0.02, 0.0, measure="error share")],
    )
    found = world_of(told, AS_OF, count=2000, seed=1)
    minutes = found.measured["UC3"]["minutes_saved"]
    assert minutes.mean() == pytest.approx(2.0, abs=0.01)
    assert np.quantile(minutes, 0.975) == pytest.approx(2.4, abs=0.02)
    assert found.measured["UC3"]["error_share_change"].mean() == pytest.approx(-0.01, abs=0.001)


@pytest.mark.parametrize("grade", ["C", "D"])
def test_what_was_not_compared_is_not_taken_for_measured(grade):
    told = frames(taken_up("UC3"), effects=[effect("UC3", -2.0, -2.4, -1.6, grade=grade)])
    assert world_of(told, AS_OF, count=10, seed=1).measured == {}


def test_volumes_and_cost_of_calls_that_were_seen_are_planned_on():
    told = frames(taken_up("UC3"))
    months = [dt.date(2026, month, 1) for month in (8, 9, 10)]
    told["marts.ai_volumes"] = volumes("UC3", months, 70, 7.0)
    world = world_of(told, AS_OF, count=1, seed=1, is_certain=True)
    # 400 orders a month; seventy of them were handled, at ten cents each.
    wanted = 7.0 * world.drivers["orders"][0, 0] / 400
    assert simulated(world).costs["UC3", "model calls"][0, 0] == pytest.approx(wanted)


def test_calls_without_a_price_do_not_make_cases_cheap():
    """Of seventy cases thirty-five have a price for all their calls, of ten cents each; without any, nothing is measured."""
    told = frames(taken_up("UC3"))
    months = [dt.date(2026, month, 1) for month in (8, 9, 10)]
    for cases, cost, wanted in ((35, 3.5, {"worked_per_unit", "cost_per_case"}), (0, None, {"worked_per_unit"})):
        told["marts.ai_volumes"] = volumes("UC3", months, 70, cost, priced=cases)
        known = world_of(told, AS_OF, count=1, seed=1, is_certain=True).measured["UC3"]
        assert set(known) == wanted
        assert float(known.get("cost_per_case", np.array(0.1)).item()) == pytest.approx(0.1)


def test_two_months_are_too_few_to_plan_on():
    told = frames(taken_up("UC3"))
    months = [dt.date(2026, month, 1) for month in (9, 10)]
    told["marts.ai_volumes"] = volumes("UC3", months, 70, 7.0)
    assert seen.measured(told, registry(told), {}, count=1, seed=1) == {}


def test_the_plan_writes_what_it_promises_and_judges_every_candidate():
    scored = plan.score(frames(taken_up("UC3", "A5")), Asked(AS_OF, 1))
    for output in plan.MODEL.writes:
        frame = scored.tables[output.name]
        assert set(output.columns) <= set(frame.columns), output.name
        assert frame.select(output.key).is_duplicated().sum() == 0, output.name
    cases = scored.tables["scores.ai_business_cases"]
    assert set(cases["use_case_id"]) == set(templates())
    assert cases.filter("is_taken_up")["use_case_id"].sort().to_list() == ["A5", "UC3"]
    assert cases["verdict_code"].is_in(["fund", "stop", "cannot tell"]).all()


def test_a_claim_that_was_only_assumed_is_never_funded():
    scored = plan.score(frames(taken_up("UC3"), orders=500, assumed={"ai_delivery_share": 0.01}), Asked(AS_OF, 1))
    row = scored.tables["scores.ai_business_cases"].filter(pl.col("use_case_id") == "UC3").row(0, named=True)
    assert row["loss_share"] < 0.2
    assert (row["evidence_grade"], row["verdict_code"]) == ("D", "cannot tell")


def test_without_a_month_of_orders_nothing_is_planned():
    told = frames(taken_up("UC3"))
    told |= {name: told[name].clear() for name in ("scores.driver_paths", "marts.driver_months")}
    scored = plan.score(told, Asked(AS_OF, 1))
    assert all(frame.height == 0 for frame in scored.tables.values())
    assert "orders" in scored.because


def test_a_short_history_is_planned_on_with_a_usual_season():
    told = frames(taken_up("UC3"))
    told["scores.driver_paths"] = told["scores.driver_paths"].clear()
    found = world_of(told, AS_OF, count=10, seed=1)
    assert found.drivers["orders"][0, 0] == pytest.approx(400 * 0.90)  # December
    assert found.drivers["orders"][0, 10] == pytest.approx(400 * 1.08)  # October


def test_the_tornado_names_what_moves_the_answer():
    ranges = {"much": Spread(0, 5, 10), "little": Spread(0, 5, 10), "fixed": Spread(3, 3, 3)}
    draws = drawn(ranges, count=2000, seed=2)
    worth = 100 * (draws["much"][:, 0] - 4) + draws["little"][:, 0]
    told = tornado(
        ranges, lambda held: 100 * (held.get("much", 5) - 4) + held.get("little", 5), draws, worth, names=list(ranges)
    )
    assert told["assumption_name"].to_list() == ["much", "little"]
    assert told["spread_share"][0] > 0.99
    assert told["turning_number"][0] == pytest.approx(3.95, abs=0.01)
    assert told["turning_number"][1] is None


def rows_of_value(amounts: list[float], shelves: list[str], *, month: dt.date = dt.date(2026, 9, 1)) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "earning_key": [f"p{place}" for place in range(len(amounts))],
            "earning_source_name": "decision",
            "month_date": month,
            "use_case_id": None,
            "mechanism_name": "purchase",
            "site_id": "LEJ",
            "sku_id": shelves,
            "earned_amount": amounts,
            "low_amount": None,
            "high_amount": None,
        },
        schema_overrides={"use_case_id": pl.String, "low_amount": pl.Float64, "high_amount": pl.Float64},
    )


def test_a_month_is_no_surer_for_having_many_rows_of_one_shelf():
    amounts = [100.0 + 40 * (place % 8) for place in range(80)]  # what a shelf is like shows in all its rows
    apart = net_value.bands(rows_of_value(amounts, [f"A{place}" for place in range(80)]), seed=1)
    together = net_value.bands(rows_of_value(amounts, [f"A{place % 8}" for place in range(80)]), seed=1)
    width = [
        frame.filter(pl.col("scope_name") == "month").select(pl.col("high_amount") - pl.col("low_amount")).item()
        for frame in (apart, together)
    ]
    assert width[1] > 2 * width[0]


def test_a_handful_of_shelves_gives_no_interval():
    few = net_value.bands(rows_of_value([100.0, 90.0, 80.0], ["A", "B", "C"]), seed=1)
    assert few["low_amount"].to_list() == few["high_amount"].to_list() == [None, None]


def test_the_band_holds_the_sum_of_the_rows():
    rows = rows_of_value([10.0] * 30, [f"A{place}" for place in range(30)])
    low, high = (
        net_value.bands(rows, seed=1).filter(pl.col("scope_name") == "year").select("low_amount", "high_amount").row(0)
    )
    assert low == high == pytest.approx(300)


def test_the_levels_of_value_rise_and_hold_as_many_futures_as_they_say():
    rows = rows_of_value([float(place) for place in range(40)], [f"A{place}" for place in range(40)])
    one = net_value.bands(rows, seed=1).filter(pl.col("scope_name") == "year").row(0, named=True)
    levels = [one[name] for name in net_value.BOUNDS]
    assert levels == sorted(levels)
    assert len(set(levels)) == 4
    told = plan.score(frames(taken_up("UC3")), Asked(AS_OF, 1)).tables["scores.ai_business_cases"]
    case = told.filter(pl.col("use_case_id") == "UC3").row(0, named=True)
    names = (
        "npv_low_amount",
        "npv_p10_amount",
        "npv_middle_amount",
        "npv_p80_amount",
        "npv_p90_amount",
        "npv_high_amount",
    )
    worth = simulated(world_of(frames(taken_up("UC3")), AS_OF, count=10_000, seed=1)).npv("UC3")
    shares = [float((worth <= case[name]).mean()) for name in names]
    assert shares == pytest.approx([0.05, 0.1, 0.5, 0.8, 0.9, 0.95], abs=0.01)


def test_a_measured_effect_is_one_draw_for_all_its_months():
    rows = pl.concat(
        [
            rows_of_value([100.0], ["x"], month=dt.date(2026, month, 1)).with_columns(
                earning_source_name=pl.lit("use case"),
                use_case_id=pl.lit("UC3"),
                earning_key=pl.lit(f"{month}"),
                low_amount=pl.lit(60.8),
                high_amount=pl.lit(139.2),
            )
            for month in (7, 8, 9, 10)
        ]
    )
    told = net_value.bands(rows, seed=1).filter(pl.col("use_case_id") == "UC3")
    spans = told.with_columns(wide=pl.col("high_amount") - pl.col("low_amount"))
    assert spans.filter(pl.col("scope_name") == "year")["wide"].item() == pytest.approx(
        4 * spans.filter(pl.col("scope_name") == "month")["wide"].mean(), rel=0.02
    )


def test_an_own_value_counts_until_it_is_taken_back():
    def act(value):
        payload = {"value": value, "low": 1, "high": 3, "reason": "counted"}
        return {
            "kind": "assume",
            "subject": "ai_day_rate",
            "who": "E.Rossi",
            "at": dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
            "payload": payload,
        }

    def now(*acts):
        return {one.entry.name: one for one in history(dt.date(2026, 11, 14), acts)}["ai_day_rate"]

    assert now(act(1), act(2)).entry.value == 2
    assert not now(act(2), act(None)).is_own


def test_the_registry_is_the_templates_with_what_people_changed():
    acts = [
        *taken_up("UC3", owner="head of sales"),
        {
            "kind": "ai_control",
            "subject": "UC3",
            "who": "E.Rossi",
            "at": None,
            "payload": {"control": "daily token budget", "is_on": False, "limit": 5},
        },
    ]
    held = registered(acts)
    case = use_case(held["UC3"]["definition"])
    assert (case.owner, case.stage, case.tokens.input) == ("head of sales", "production", 13200)
    assert [(one.is_on, one.limit) for one in case.controls if one.control == "daily token budget"] == [(False, 5)]
    assert held["UC1"]["is_template"]
    assert not held["UC3"]["is_template"]


@pytest.mark.parametrize("name", sorted(templates()))
def test_a_template_is_whole_and_says_how_it_knows(name):
    case = use_case(templates()[name])
    assert case.grade in ("A", "B", "C", "assumption")
    assert len(case.source) > 20
    assert case.alternative.name
    assert case.good_decision.endswith(".")
    assert any(one.control == "daily token budget" for one in case.controls)
    assert spreads(frames(), [case])[f"{name}.cases_per_unit"].high > 0
    assert json.dumps(templates()[name])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"domain": "gardening"}, "domain"),
        ({"review_share": [0.5, 0.2, 0.9]}, "review share"),
        ({"containment_share": [0.5, 0.7, 1.4]}, "from 0 to 1"),
        ({"models": [{"provider": "openai", "model": "gpt-6-luna", "share": 0.4}]}, "sum to one"),
        ({"stage": "production"}, "since when"),
        ({"alternative": {"name": "", "minutes_saved_share": 0, "one_time_cost": 0, "yearly_cost": 0}}, "cheapest way"),
        ({"tokens": {"input": 1}}, "cannot be read"),
    ],
)
def test_a_definition_with_a_fault_is_refused_with_the_reason(change, said):
    with pytest.raises(ValueError, match=said):
        use_case({**templates()["UC3"], **change})
