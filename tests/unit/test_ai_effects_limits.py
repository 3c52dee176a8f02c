"""How far a measured effect reaches: which cases it may be claimed for, what of it counts, and when its grade is lowered."""

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from models.ai_economics import judged_effects
from models.ai_economics.effects import MODEL, score
from models.ai_economics.realised import MECHANISMS
from models.ai_economics.staggered import measured
from models.model import Asked
from tests.ai_case_frames import AS_OF, cases, frames

LOT: dict[str, Any] = {"starts": [16] * 3, "lot": 0.6, "assignment": "random", "a_week": 25}
MONEY = ("realised_amount", "bankable_amount")


def told(*logs: pl.DataFrame, assumed: dict[str, float] | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    tables = score(frames(*logs, assumed=assumed), Asked(AS_OF, 1)).tables
    return tables["scores.ai_effects"], tables["scores.ai_benefits"]


def row(effects: pl.DataFrame, measure: str = "minutes per case") -> dict[str, Any]:
    return effects.row(by_predicate=pl.col("measure_name") == measure, named=True)


def graded(benefits: pl.DataFrame, mechanism: str = "labour minutes saved") -> dict[str, int]:
    """Cases by grade of one mechanism."""
    of_one = benefits.filter(pl.col("mechanism_name") == mechanism, pl.col("benefit_class_code") == "cash")
    return dict(of_one.group_by("evidence_grade").agg(pl.col("treated_case_count").sum()).iter_rows())


def week_of(log: pl.DataFrame) -> pl.Expr:
    return (pl.col("opened_at") - pl.lit(log["opened_at"].min())).dt.total_days() // 7


@pytest.fixture(scope="module")
def one_week_of_lots() -> pl.DataFrame:
    """Forty cases with AI and forty without by lot in one week at one site; then five thousand at another, where people chose."""
    arms = (cases([start], weeks=1, a_week=40, seed=1, assignment_code="random") for start in (0, None))
    lot = pl.concat(one.with_columns(work_id=pl.format("{}-{}", "work_id", "arm_code")) for one in arms)
    later = cases([0], weeks=10, a_week=500, assignment="chosen", seed=2).with_columns(
        site_id=pl.lit("S99"), opened_at=pl.col("opened_at") + dt.timedelta(days=70)
    )
    return pl.concat([lot, later])


def test_an_effect_by_lot_is_banked_for_the_cases_that_were_drawn_and_no_others(one_week_of_lots):
    effects, benefits = told(one_week_of_lots)
    assert row(effects)["evidence_grade"] == "A"
    assert graded(benefits) == {"A": 40, "C": 5000}
    assert benefits.filter(pl.col("evidence_grade") == "C", pl.col("bankable_amount") > 0).height == 0
    assert "not drawn" in benefits.filter(pl.col("evidence_grade") == "C")["because_text"][0]


def test_cases_that_somebody_chose_beside_the_lot_are_not_drawn():
    log = cases(**LOT)
    chosen = cases([16], a_week=5, assignment="chosen", seed=3).filter(pl.col("arm_code") == "assisted")
    by_lot = log.filter(pl.col("arm_code") == "assisted").height
    assert graded(told(pl.concat([log, chosen]))[1]) == {"A": by_lot, "C": chosen.height}


def test_the_lot_holds_as_long_as_cases_are_kept_without_ai():
    """A week in which the lot gave all cases AI counts, a month after the last case without it does not."""
    log = cases(**LOT)
    week, is_assisted = week_of(log), pl.col("arm_code") == "assisted"
    gap = log.filter(is_assisted | (week != 20))
    assert graded(told(gap)[1]) == {"A": gap.filter(is_assisted).height}
    ended = log.filter(is_assisted | (week < 26))
    assert graded(told(ended)[1]) == {
        "A": ended.filter(is_assisted, week < 26).height,
        "C": ended.filter(is_assisted, week >= 26).height,
    }


def test_an_effect_over_time_is_banked_for_the_sites_that_were_compared():
    log = cases([14, 14, 18, 18, 22, 22, None, None], assignment="staggered")  # type: ignore[list-item]
    new = cases([0], weeks=4, a_week=50, assignment="staggered", seed=4).with_columns(
        site_id=pl.lit("S99"), opened_at=pl.col("opened_at") + dt.timedelta(days=7 * 25)
    )
    before, after = graded(told(log)[1]), graded(told(pl.concat([log, new]))[1])
    assert after == before | {"C": new.height}


@pytest.mark.parametrize(("paid", "absorbed"), [(0.5, 0.3), (0.25, 0.6), (1.0, 0.3), (0.0, 0.0)])
def test_freed_minutes_are_cash_capacity_and_the_rest_is_soft_and_not_claimed(paid, absorbed):
    assumed = {"ai_realisation_share": paid, "ai_growth_absorbed_share": absorbed}
    effects, benefits = told(cases(**LOT), assumed=assumed)
    labour = benefits.filter(pl.col("mechanism_name") == "labour minutes saved")
    sums = dict(labour.group_by("benefit_class_code").agg(pl.col("realised_amount").sum()).iter_rows())
    found = row(effects)
    whole = -found["effect_number"] * found["treated_case_count"] * 36 / 60
    shares = {"cash": paid, "capacity": (1 - paid) * absorbed, "soft": (1 - paid) * (1 - absorbed)}
    assert sums == pytest.approx({kind: whole * share for kind, share in shares.items() if share > 0}, rel=1e-3)
    soft = pl.col("benefit_class_code") == "soft"
    assert not benefits.filter(soft)["is_claimed"].any()
    assert benefits.filter(~soft)["is_claimed"].all()
    assert benefits.filter(soft)["bankable_amount"].sum() == 0


def test_what_is_bankable_grows_with_what_is_realised_and_is_the_low_end_of_what_counts():
    """Where all freed minutes are paid less, the low end of the whole cost per case; where fewer are, less than that part of it."""
    banked = {}
    for paid in (0.25, 0.5, 1.0):
        assumed = {"ai_realisation_share": paid, "ai_growth_absorbed_share": 0.0}
        effects, benefits = told(cases(**LOT), assumed=assumed)
        banked[paid] = benefits["bankable_amount"].sum()
        assert banked[paid] < benefits.filter("is_claimed")["realised_amount"].sum()
    cases_by_lot = row(effects)["treated_case_count"]
    assert banked[0.25] < banked[0.5] < banked[1.0]
    assert banked[1.0] == pytest.approx(-row(effects, "cost per case")["high_number"] * cases_by_lot, rel=1e-3)
    # The same log, of whose minutes only half are there: what a case costs in it is what counts where half of the freed time is cash.
    halved = cases(**LOT).with_columns(pl.col("hands_on_minutes") / 2)
    whole = row(told(halved)[0], "cost per case")
    assert banked[0.5] == pytest.approx(-whole["high_number"] * cases_by_lot, rel=1e-3)


def test_minutes_added_are_paid_whole():
    """AI that takes longer costs its minutes whole, and so do review and rework that it adds, whatever share of freed ones is cash."""
    log = cases(**LOT, saved=-3.0)
    more = log.with_columns(rework_minutes=pl.when(pl.col("arm_code") == "assisted").then(1.5).otherwise(0.5))
    effects, benefits = told(more, assumed={"ai_realisation_share": 0.1, "ai_growth_absorbed_share": 0.0})
    for measure, mechanism in (
        ("minutes per case", "labour minutes added"),
        ("review minutes per case", "review"),
        ("rework minutes per case", "rework"),
    ):
        mine, found = benefits.filter(pl.col("mechanism_name") == mechanism), row(effects, measure)
        assert set(mine["benefit_class_code"]) == {"cash"}
        whole = -found["effect_number"] * found["treated_case_count"] * 36 / 60
        assert mine["realised_amount"].sum() == pytest.approx(whole, rel=1e-3)
        assert whole < 0


def test_so_few_sites_that_nothing_could_be_shown_are_not_grade_a():
    """One site in each of two waves and none that waits: two assignments, so no result has a chance below a half."""
    for starts in ([14, 18, None], [16, 16, 16, None, None, None]):
        log = cases(starts, assignment="random", a_week=30)  # type: ignore[arg-type]
        effects, benefits = told(log)
        found = row(effects)
        assert found["least_p_share"] > 0.05
        assert found["evidence_grade"] == "C"
        assert "No grade above C" in found["because_text"]
        assert benefits.filter(pl.col("bankable_amount") > 0).height == 0
    enough = row(told(cases([14, 14, 18, 18, None, None], assignment="random"))[0])  # type: ignore[list-item]
    assert (enough["least_p_share"] <= 0.05, enough["evidence_grade"]) == (True, "A")


@pytest.mark.parametrize("missing", ["low", "high"])
def test_without_an_interval_nothing_is_better_than_grade_c(monkeypatch, missing):
    """Eight sites in four waves are enough to show something; without an end it is still not known how far off the effect may be."""
    monkeypatch.setattr(judged_effects, "measured", lambda *a, **k: replace(measured(*a, **k), **{missing: None}))
    effects, benefits = told(cases([14, 14, 18, 18, 22, 22, None, None], assignment="staggered"))  # type: ignore[list-item]
    found = row(effects)
    assert (found["design_code"], found["evidence_grade"]) == ("staggered", "C")
    assert "cannot be told, so no grade above C" in found["because_text"]
    assert benefits.filter(pl.col("bankable_amount") > 0).height == 0


def test_where_nothing_varied_the_ends_are_the_effect():
    lone = cases([0], weeks=1, a_week=80, lot=0.5, assignment="random", hands_on_minutes=5.0)
    found = row(told(lone)[0])
    assert (found["evidence_grade"], found["low_number"], found["high_number"]) == ("A", 0.0, 0.0)


def test_a_company_s_own_past_is_before_the_start_only():
    """What is left without AI after the start is what AI could not do: it is no baseline."""
    log = cases([16] * 4)
    hard = cases([None] * 4, seed=7, a_week=3).filter(week_of(log) >= 16)  # type: ignore[list-item]
    hard = hard.with_columns(hands_on_minutes=pl.lit(60.0), assignment_code=pl.lit("chosen"), site_id=pl.lit("S00"))
    plain, mixed = (row(told(one)[0]) for one in (log, pl.concat([log, hard.head(20)])))
    assert (mixed["design_code"], mixed["evidence_grade"]) == ("observed", "C")
    for name in ("effect_number", "baseline_number", "comparison_case_count"):
        assert mixed[name] == plain[name], name


def test_a_use_case_is_known_by_its_name_however_it_is_written():
    names = ("UC3", "uc3", "Order copilot", " ORDER Copilot ", "own")
    logs = [cases(**LOT | {"seed": seed}, use_case=name) for seed, name in enumerate(names)]
    effects, _ = told(*logs)
    assert sorted(effects["use_case_id"].unique()) == ["UC3", "own"]


def test_every_mechanism_has_its_name_and_the_rows_stay_one_a_key(one_week_of_lots):
    logs = [one_week_of_lots, cases(**LOT, use_case="worse", saved=-3.0, error_shares=(0.01, 0.12))]
    _, benefits = told(*logs)
    assert set(benefits["mechanism_name"]) <= set(MECHANISMS)
    assert {"labour minutes saved", "labour minutes added"} < set(MECHANISMS)
    key = next(output.key for output in MODEL.writes if output.name == "scores.ai_benefits")
    assert benefits.select(key).is_duplicated().sum() == 0
    assert benefits.select(MONEY).null_count().sum_horizontal().item() == 0
