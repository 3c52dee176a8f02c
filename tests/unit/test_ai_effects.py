"""What AI changed is told by the design that the cases themselves show, and never beyond what was compared."""

import datetime as dt
from typing import Any

import duckdb
import polars as pl
import pytest

from models.ai_economics.case_rows import panel, rows_of, units_of, with_units
from models.ai_economics.effects import MODEL, score
from models.model import RIVAL_ONLY, Asked
from pipelines.scoring import types
from tests.ai_case_frames import AS_OF, cases, frames

SAVED = 4.0
LOT: dict[str, Any] = {"starts": [16] * 3, "lot": 0.6, "assignment": "random", "a_week": 25}
WAVES: dict[str, Any] = {"starts": [14, 14, 18, 18, 22, 22, None, None], "assignment": "staggered"}
ONE_DATE: dict[str, Any] = {"starts": [16] * 4 + [None] * 4}
SITES_BY_LOT: dict[str, Any] = {"starts": [16] * 5 + [None] * 5, "assignment": "random"}
AT_ONCE: dict[str, Any] = {"starts": [16] * 4}
CHOSEN: dict[str, Any] = {"starts": [4] * 4, "lot": 0.5, "assignment": "chosen"}
ONLY_AI: dict[str, Any] = {"starts": [0] * 4, "assignment": "chosen"}
SHORT: dict[str, Any] = {"starts": [6, 6, 6, None, None, None]}


def told(
    as_of: dt.date = AS_OF, assumed: dict[str, float] | None = None, **log: Any
) -> tuple[pl.DataFrame, pl.DataFrame]:
    tables = score(frames(cases(**log), assumed=assumed), Asked(as_of, 1)).tables
    return tables["scores.ai_effects"], tables["scores.ai_benefits"]


def row(effects: pl.DataFrame, measure: str = "minutes per case") -> dict[str, Any]:
    return effects.row(by_predicate=pl.col("measure_name") == measure, named=True)


@pytest.mark.parametrize(
    ("log", "design", "grade"),
    [
        (LOT, "randomised", "A"),
        (WAVES, "staggered", "A"),
        (SITES_BY_LOT, "randomised", "A"),
        (ONE_DATE, "before_after", "B"),
        (AT_ONCE, "observed", "C"),
        (CHOSEN, "observed", "C"),
        (SHORT, "before_after", "C"),
        (WAVES | {"assignment": "chosen"}, "staggered", "B"),
        (ONLY_AI, "assumed", "D"),
    ],
)
def test_the_design_is_read_off_the_cases(log, design, grade):
    found = row(told(**log)[0])
    assert (found["design_code"], found["evidence_grade"]) == (design, grade)


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (WAVES, "compared with sites that had not begun yet by then, those that never began among them."),
        (WAVES | {"starts": [14, 14, 18, 18, 22, 22]}, "compared with sites that had not begun yet by then."),
        (ONE_DATE, "began in the same week and are compared with sites that never began."),
    ],
)
def test_it_says_with_whom_sites_that_began_were_compared(log, said):
    assert said in row(told(**log)[0])["because_text"]


def test_a_share_moves_by_points_and_money_and_minutes_by_themselves():
    effects, _ = told(**LOT)
    said = row(effects, "error share")["because_text"]
    change = row(effects, "error share")["effect_number"] * 100
    assert f"by {abs(change):.2f} points from " in said
    assert f"(change {change:,.2f} points, between ".replace("-", "−") in said
    assert "-" not in said
    assert said.count("%") == 1  # what it was before is a share; how far it moved is not
    assert "points" not in row(effects)["because_text"]


@pytest.mark.parametrize("log", [LOT, WAVES, ONE_DATE, SITES_BY_LOT, CHOSEN])
def test_the_true_effect_lies_in_the_interval_nineteen_times_in_twenty(log):
    """Of eight companies not more than two may miss it."""
    found = [row(told(**log, seed=seed)[0]) for seed in range(20, 28)]
    held = sum(one["low_number"] <= -SAVED <= one["high_number"] for one in found)
    assert held >= 6
    assert sum(one["effect_number"] for one in found) / 8 == pytest.approx(-SAVED, abs=0.4)


def test_a_lot_of_sites_is_not_a_lot_of_cases():
    """The log says random, but whole sites have one arm only: then sites are compared, and where all began at once nothing by lot is."""
    found = row(told(**ONE_DATE, assignment="random")[0])
    assert found["design_code"] == "randomised"
    assert found["treated_unit_count"] == found["comparison_unit_count"] == 4
    all_at_once = row(told(**AT_ONCE, assignment="random")[0])
    assert (all_at_once["design_code"], all_at_once["evidence_grade"]) == ("observed", "C")


def test_without_a_baseline_nothing_is_claimed():
    effects, benefits = told(**ONLY_AI)
    assert effects["effect_number"].null_count() == effects.height == 6
    assert benefits.height == 0
    assert "without a baseline nothing is claimed" in effects["because_text"][0]


def test_a_measure_that_nobody_recorded_is_not_claimed():
    effects, benefits = told(**LOT, is_error=None, is_wrong_commitment=None)
    assert row(effects, "error share")["evidence_grade"] == "D"
    assert "not recorded" in row(effects, "error share")["because_text"]
    assert row(effects, "cost per case")["evidence_grade"] == "A"  # of what was recorded
    assert set(benefits["mechanism_name"]) == {"labour minutes saved", "review", "rework"}


def test_what_never_happened_is_only_rarer_than_three_in_n():
    effects, _ = told(**LOT, wrong_shares=(0.0, 0.0))
    found = row(effects, "wrong commitment share")
    assert found["effect_number"] == 0
    assert found["high_number"] == pytest.approx(3 / found["treated_case_count"], abs=1e-6)
    assert found["low_number"] == pytest.approx(-3 / found["comparison_case_count"], abs=1e-6)


def test_the_parts_add_up_to_the_quality_adjusted_whole():
    """Realised over all months = the fall of the cost per case × cases with AI; bankable = its low end, where all freed time is cash."""
    effects, benefits = told(**LOT, assumed={"ai_realisation_share": 1.0})
    whole, count = row(effects, "cost per case"), row(effects)["treated_case_count"]
    assert benefits["realised_amount"].sum() == pytest.approx(-whole["effect_number"] * count, rel=1e-3)
    assert benefits["bankable_amount"].sum() == pytest.approx(-whole["high_number"] * count, rel=1e-3)


def test_only_grades_a_and_b_are_bankable_and_never_above_what_was_realised():
    for log in (LOT, WAVES, ONE_DATE, AT_ONCE, CHOSEN, SHORT):
        _, benefits = told(**log)
        assert benefits.filter(pl.col("bankable_amount") > pl.col("realised_amount").clip(0)).height == 0
        poor = benefits.filter(pl.col("evidence_grade") == "C")
        assert poor.filter(pl.col("bankable_amount") > 0).height == 0
        assert benefits.filter(pl.col("is_claimed") == (pl.col("benefit_class_code") == "soft")).height == 0


def test_what_goes_wrong_is_a_cost_and_has_its_name():
    _, benefits = told(**LOT, error_shares=(0.01, 0.12), wrong_shares=(0.0, 0.08))
    sums = dict(benefits.group_by("mechanism_name").agg(pl.col("realised_amount").sum()).iter_rows())
    assert sums["errors caused"] < 0
    assert sums["wrong commitments"] < 0
    assert sums["labour minutes saved"] > 0
    assert sum(sums.values()) < 0


def test_freed_time_is_cash_only_so_far_as_it_is_realised():
    """The class changes with the assumption and what is bankable with it, the sum does not."""
    some, all_of_it = (told(**LOT, assumed={"ai_realisation_share": share})[1] for share in (0.25, 1.0))
    labour = pl.col("mechanism_name") == "labour minutes saved"
    cash = [
        one.filter(labour, pl.col("benefit_class_code") == "cash")["realised_amount"].sum() for one in (some, all_of_it)
    ]
    assert cash[0] == pytest.approx(0.25 * cash[1], abs=0.01)
    assert some["realised_amount"].sum() == pytest.approx(all_of_it["realised_amount"].sum(), abs=0.05)
    assert some["bankable_amount"].sum() < all_of_it["bankable_amount"].sum()


def test_recorded_costs_replace_assumed_ones():
    dear = told(**LOT, error_cost_amount=400.0)[0]
    assert "an error at 400.00 (mean of" in row(dear, "cost per case")["because_text"]
    plain = told(**LOT)[0]
    assert "an error at 120.00 (assumed)" in row(plain, "cost per case")["because_text"]


def test_a_trend_before_the_start_lowers_the_grade():
    """Sites that were getting faster anyway are no comparison for those that were not."""
    log = cases([16.0] * 6 + [None] * 6, a_week=8)  # type: ignore[list-item]
    week = (pl.col("opened_at") - pl.col("opened_at").min()).dt.total_days() // 7
    first_six = pl.col("site_id") < "S06"
    drifting = log.with_columns(
        hands_on_minutes=pl.col("hands_on_minutes") - pl.when(first_six).then(week * 0.4).otherwise(0.0)
    )
    found = row(score(frames(drifting), Asked(AS_OF, 1)).tables["scores.ai_effects"])
    assert found["before_p_share"] < 0.01
    assert found["evidence_grade"] == "C"
    assert "did not move alike" in found["because_text"]


def test_the_fingerprint_changes_with_the_past_only():
    log = cases(**WAVES)
    later = log.with_columns(
        hands_on_minutes=pl.when(pl.col("arm_code") == "assisted").then(1.0).otherwise(pl.col("hands_on_minutes"))
    )
    earlier = log.with_columns(
        hands_on_minutes=pl.when(pl.col("opened_at") == pl.col("opened_at").min())
        .then(1.0)
        .otherwise(pl.col("hands_on_minutes"))
    )
    keys = [
        score(frames(one), Asked(AS_OF, 1)).tables["scores.ai_effects"]["baseline_key"][0]
        for one in (log, later, earlier)
    ]
    assert keys[0] == keys[1] != keys[2]


def test_the_future_and_the_order_of_rows_do_not_matter():
    log = cases(**WAVES)
    known = score(frames(log), Asked(dt.date(2026, 7, 5), 1)).tables
    cut = log.filter(pl.col("opened_at").dt.date() <= dt.date(2026, 7, 5))
    shuffled = score(frames(cut.sample(fraction=1, shuffle=True, seed=1)), Asked(dt.date(2026, 7, 5), 1)).tables
    for name in known:
        assert known[name].equals(shuffled[name])


def test_teams_of_one_site_that_begin_in_different_weeks_are_units():
    one = pl.concat(
        cases([start], seed=10 + n, team_name=f"team {n}") for n, start in enumerate([14, 18, 22, None, None])
    )
    found = row(score(frames(one), Asked(AS_OF, 1)).tables["scores.ai_effects"])
    assert found["design_code"] == "staggered"
    assert (found["treated_unit_count"], found["comparison_unit_count"]) == (3, 2)


def test_the_weeks_since_the_start_show_the_effect_and_nothing_before_it():
    for log in (WAVES, ONE_DATE, LOT):
        weeks = score(frames(cases(**log)), Asked(AS_OF, 1)).tables["scores.ai_effect_weeks"]
        minutes = weeks.filter(pl.col("measure_name") == "minutes per case").sort("week_no")
        before, after = (minutes.filter(pl.col("is_before") == side)["effect_number"] for side in (True, False))
        assert (after + SAVED).abs().max() < 1.5
        assert before.is_empty() == (log is LOT)
        assert before.is_empty() or before.abs().max() < 1.0
        held = minutes.filter(
            (pl.col("low_number") < -SAVED * ~pl.col("is_before"))
            & (pl.col("high_number") > -SAVED * ~pl.col("is_before"))
        )
        assert held.height >= minutes.height - 2
    assert score(frames(cases(**AT_ONCE)), Asked(AS_OF, 1)).tables["scores.ai_effect_weeks"].height == 0


def test_every_promise_of_the_tables_is_kept():
    """Keys are unique and every check holds, over logs of all designs, in the types of the dictionary."""
    designs = (LOT, WAVES, ONE_DATE, SITES_BY_LOT, AT_ONCE, CHOSEN, ONLY_AI, SHORT)
    logs = [cases(**log, seed=seed, use_case=f"U{seed}") for seed, log in enumerate(designs)]
    tables = score(frames(*logs), Asked(AS_OF, 1)).tables
    con = duckdb.connect()
    for output in MODEL.writes:
        con.register("scored", tables[output.name].select(output.columns))
        cast = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in types(output.columns).items())
        con.execute(f"create or replace table told as select {cast} from scored").fetchall()
        counts = f"select count(*), count(distinct ({', '.join(output.key)})) from told"
        rows, keys = con.execute(counts).fetchall()[0]
        assert rows == keys > 0
        for check in output.checks:
            assert con.execute(f"select count(*) from told where not ({check})").fetchall() == [(0,)], check


def test_nothing_is_said_without_a_log_and_the_rival_claims_nothing():
    for asked in (Asked(AS_OF, 1), Asked(AS_OF, RIVAL_ONLY)):
        tables = score(frames(), asked).tables
        assert all(tables[output.name].select(output.columns).height == 0 for output in MODEL.writes)
    assert score(frames(cases(**LOT)), Asked(AS_OF, RIVAL_ONLY)).tables["scores.ai_benefits"].height == 0


def test_logs_may_call_a_use_case_by_its_name_or_its_id():
    both = pl.concat(
        [cases(**LOT), cases(**LOT | {"seed": 2}, use_case="Order copilot"), cases(**LOT | {"seed": 3}, use_case="own")]
    )
    effects = score(frames(both), Asked(AS_OF, 1)).tables["scores.ai_effects"]
    assert sorted(effects["use_case_id"].unique()) == ["UC3", "own"]
    assert set(effects.filter(pl.col("use_case_id") == "UC3")["use_case_name"]) == {"Order copilot"}


def test_gaps_are_bridged_from_the_same_side_of_the_start_and_part_weeks_left_out():
    """A site without a case in the week of its start gets the mean of what came after, never of what came before."""
    log = cases([10, None], weeks=20, saved=8.0)
    rows = with_units(rows_of(log, AS_OF))
    start = rows["week_date"].unique().sort()[10]
    holes = rows.filter(~((pl.col("unit_name") == "S00") & (pl.col("week_date") == start - dt.timedelta(days=7))))
    found = units_of(holes, rows["week_date"].max() + dt.timedelta(days=3))
    assert len(found.weeks) == 19
    assert found.starts.tolist() == [10.0, float("inf")]
    seen = panel(holes, found, "hands_on_minutes")
    assert seen[0, 9] == seen[0, 8]
    assert seen[0, 10] < seen[0, 8] - 5
    one_sided = holes.filter((pl.col("unit_name") == "S01") | (pl.col("week_date") < start))
    assert panel(one_sided, found, "hands_on_minutes") is None
