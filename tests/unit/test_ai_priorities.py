"""Which use case comes next: scores from rows, steps of trust, and house rules of a sound programme."""

import json
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from models.ai_economics import criteria, maturity, priority
from models.ai_economics.criteria import Known
from models.ai_economics.lines import BY_CODE
from models.ai_economics.maturity import Trust
from models.ai_economics.use_case import use_case
from models.model import RIVAL_ONLY, Asked
from pipelines.assumptions import in_force
from pipelines.use_cases import templates
from tests.ai_programmes import AS_OF, effect, frames, taken_up

NUMBERS = {one.name: one.value for one in in_force(AS_OF)}
GRADES = dict.fromkeys(
    (
        "orders",
        "order_lines",
        "skus",
        "customers",
        "purchase_lines",
        "suppliers",
        "shipments",
        "stock_days",
        "receipts",
    ),
    "A",
)
ASKED = Asked(AS_OF, 1)
PROVEN = Trust(answers=100, taken=95, known=100, right=90)


def case(name: str = "UC3", **change: Any):
    return use_case({**templates()[name], **change})


def running(name: str = "UC3", **change: Any):
    return case(name, stage="production", started="2026-02-16", **change)


def known(**change: Any) -> Known:
    usual = {
        "numbers": NUMBERS, "grades": GRADES, "units": (400.0,) * 12, "orders_per_year": 4800.0, "site_count": 3, "yearly_benefit": 2000.0,
        "yearly_sales": 1_000_000.0, "evidence_grade": "D", "has_baseline": False, "case_count": 0, "failed_count": 0, "acted_count": 0,
    }  # fmt: skip
    return Known(**{**usual, **change})


def asked_of(
    *names: str,
    trust: dict[str, dict[str, Any]] | None = None,
    levels: dict[str, int] | None = None,
    verdicts: dict[str, str] | None = None,
    **more: Any,
) -> dict:
    """The frames of the plan's tests with what the ranking reads besides."""
    found = frames(taken_up(*names) if names else [], **more)
    counts = [name for name in priority.MODEL.reads["marts.ai_trust"] if name != "use_case_id"]
    ids = found["raw.use_cases"]["use_case_id"].to_list()
    rows = [
        {"use_case_id": name, **dict.fromkeys(counts, 0), "yearly_sales_amount": 1e6, **(trust or {}).get(name, {})}
        for name in ids
    ]
    acts = [
        ("autonomy", json.dumps({"kind": kind, "segment": "", "level": level}))
        for kind, level in (levels or {}).items()
    ]
    worth = [
        (name, 3000.0 if name in names else 300.0, "A" if name in names else "D", (verdicts or {}).get(name))
        for name in ids
    ]
    shape = {
        "use_case_id": pl.String,
        "benefit_amount": pl.Float64,
        "evidence_grade": pl.String,
        "verdict_code": pl.String,
    }
    return {
        **found,
        "marts.ai_trust": pl.DataFrame(rows),
        "raw.acts": pl.DataFrame(acts, schema={"kind": pl.String, "payload_text": pl.String}, orient="row"),
        "scores.ai_business_cases": pl.DataFrame(worth, schema=shape, orient="row"),
        "marts.data_grades": pl.DataFrame({"contract_name": list(GRADES), "data_grade_code": list(GRADES.values())}),
    }  # fmt: skip


def scored(asked: dict) -> dict[str, dict]:
    rows = priority.score(asked, ASKED).tables["scores.ai_priorities"]
    return {row["use_case_id"]: row for row in rows.iter_rows(named=True)}


# ── criteria ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_impact_is_the_yearly_benefit_against_sales():
    """2,000 of a million is 0.2 per cent; a tenth of a per cent scores half, so 100 · 2 / 3."""
    six = criteria.criteria(case(), known())
    assert six["impact"].score == pytest.approx(100 * 0.002 / 0.003)
    assert "0.20% of sales" in six["impact"].because
    assert criteria.criteria(case(), known(yearly_benefit=-5.0))["impact"].score == 0
    assert criteria.criteria(case(), known(yearly_sales=None))["impact"].because == "its benefit could not be planned"


def test_frequency_counts_the_cases_that_drivers_bring():
    """400 orders a month, 0.35 cases each: 140 a month."""
    assert criteria.cases_per_month(case(), known()) == pytest.approx(140)
    assert criteria.cases_per_month(case(), known(units=())) == 0
    assert criteria.cases_per_month(case(), known(seen_per_month=150.0)) == 150, "never fewer than were seen"
    assert criteria.cases_per_month(case(), known(seen_per_month=3.0)) == pytest.approx(140)
    half = replace(known(), numbers=NUMBERS | {"ai_half_cases_per_month": 140})
    assert criteria.criteria(case(), half)["frequency"].score == pytest.approx(50)


def test_data_readiness_falls_with_the_grades_and_with_what_is_missing():
    whole = criteria.criteria(case(), known())["data"]
    poor = criteria.criteria(case(), known(grades={**GRADES, "orders": "D"}))["data"]
    none = criteria.criteria(case(), known(grades={name: "A" for name in GRADES if name != "orders"}))["data"]
    young = criteria.criteria(case(), known(units=(400.0, 410.0, 405.0)))["data"]
    assert whole.score == 100
    assert 100 > poor.score > none.score
    assert "orders are of grade D" in poor.because
    assert "missing: orders" in none.because
    assert young.score < 100


def test_fit_needs_connected_systems_and_work_that_is_decided_here():
    assert criteria.criteria(case(), known(acted_count=5))["fit"].score == 100
    assert criteria.criteria(case(), known(acted_count=5, grades={}))["fit"].score == 50
    assert criteria.criteria(case(), known(case_count=5))["fit"].score == pytest.approx(80)
    assert criteria.criteria(case(), known())["fit"].score == pytest.approx(65)


def test_governance_falls_with_each_control_that_is_off():
    on = criteria.criteria(case(), known())["governance"].score
    off = [{**one, "is_on": False} for one in templates()["UC3"]["controls"]]
    assert criteria.criteria(case(controls=off), known())["governance"].score == pytest.approx(0.3 * 60 + 0.3 * 70)
    assert (
        on
        > criteria.criteria(case(controls=[*templates()["UC3"]["controls"][:2], off[2]]), known())["governance"].score
    )
    assert criteria.criteria(case(autonomy="acts alone"), known())["governance"].score < on


def test_small_change_is_dearer_with_each_system_that_is_written_to():
    """Two systems, one of them written to, three sites: 100 − 2·8 − 20 − 3·2."""
    assert criteria.criteria(case(), known())["change"].score == pytest.approx(58)
    assert criteria.criteria(case(sites=["LEJ"]), known())["change"].score == pytest.approx(62)


def test_an_exception_rate_comes_from_the_log_before_the_definition():
    assert criteria.failing(case(), known()) == (pytest.approx(0.0195 + 0.002), "as assumed")
    assert criteria.failing(case(), known(case_count=200, failed_count=50)) == (0.25, "by the work log")
    assert criteria.traits(case(), known(case_count=200, failed_count=60))["manageable"].score == pytest.approx(
        0, abs=1e-9
    )


# ── steps of trust ───────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("trust", "level", "earned"),
    [
        (Trust(), None, maturity.NOT_BEGUN),
        (Trust(cases=500), None, maturity.ASSISTS),
        (Trust(cases=10, answers=10, taken=10), None, maturity.ASSISTS),
        (Trust(cases=100, answers=100, taken=75), None, maturity.RECOMMENDS),
        (Trust(known=100, right=80), None, maturity.APPROVED),
        (Trust(known=100, right=98), None, maturity.APPROVED),
        (Trust(known=100, right=98), 2, maturity.APPROVED),
        (Trust(known=100, right=98), 3, maturity.ALONE),
        (Trust(known=100, right=80), 3, maturity.APPROVED),
        (Trust(known=19, right=19), 3, maturity.ASSISTS),
    ],
)
def test_a_step_is_earned_by_enough_cases_and_the_lower_bound_of_their_rate(
    trust: Trust, level: int | None, earned: int
):
    told = maturity.step(running("UC4"), replace(trust, level=level), NUMBERS)
    assert told.earned == earned
    assert told.is_earned == (earned >= maturity.APPROVED)


def test_what_does_not_run_has_earned_nothing():
    told = maturity.step(case("UC4"), Trust(known=100, right=99, level=3), NUMBERS)
    assert (told.earned, told.because) == (maturity.NOT_BEGUN, "It does not run, so it has earned nothing yet.")


def test_the_evidence_is_said_with_its_counts():
    told = maturity.step(running("UC4"), Trust(answers=40, taken=36, known=187, right=186, level=3), NUMBERS)
    assert (
        told.because
        == "36 of 40 answers were taken, so at least 77%; 186 of 187 decisions were right, so at least 97%; its agent was granted level 3."
    )


# ── the model ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_every_use_case_is_ranked_once_and_the_sum_of_weights_does_not_matter():
    rows = scored(asked_of("UC3"))
    assert set(rows) == set(templates())
    assert sorted(row["rank_no"] for row in rows.values()) == list(range(1, len(rows) + 1))
    assert priority.total(dict.fromkeys(priority.CRITERIA, 70.0), NUMBERS) == pytest.approx(70)
    twice = {name: value * 2 for name, value in NUMBERS.items()}
    scores = dict(zip(priority.CRITERIA, (10.0, 90.0, 30.0, 50.0, 70.0, 20.0), strict=True))
    assert priority.total(scores, twice) == pytest.approx(priority.total(scores, NUMBERS))


def test_a_better_case_ranks_before_a_worse_one_and_the_reason_is_said():
    rows = scored(asked_of("UC3", effects=[effect("UC3", -2.0, -3.0, -1.0)]))
    assert rows["UC3"]["rank_no"] < rows["A5"]["rank_no"]
    assert rows["UC3"]["measurable_score_number"] == 100
    assert rows["UC3"]["because_text"].startswith("Strongest in ")
    assert rows["A5"]["earned_step_name"] == "not begun"


def test_levels_and_decisions_earn_the_step_of_an_agent():
    trust = {"UC4": {"case_count": 50, "known_count": 100, "right_count": 99}}
    assert scored(asked_of("UC4", trust=trust))["UC4"]["earned_step_name"] == "acts with approval"
    assert (
        scored(asked_of("UC4", trust=trust, levels={"release_order": 3}))["UC4"]["earned_step_name"]
        == "acts alone within limits"
    )
    assert (
        scored(asked_of("UC4", trust=trust, levels={"purchase": 3}))["UC4"]["earned_step_name"] == "acts with approval"
    )


def test_without_a_version_nothing_is_ranked():
    assert priority.score(asked_of("UC3"), Asked(AS_OF, RIVAL_ONLY)).tables["scores.ai_priorities"].is_empty()


# ── the six recurring workloads ──────────────────────────────────────────────────────────────────────────────────────
def test_the_six_recurring_workloads_are_in_the_catalogue():
    from pages.parts.ai_registry import WORKLOADS

    assert len(WORKLOADS) == 6
    assert set(WORKLOADS.values()) <= set(templates())


def test_every_driver_and_system_of_the_catalogue_names_its_extracts():
    from pipelines.contract import contracts

    named = {system for said in templates().values() for system in (one["system"] for one in said["systems"])}
    assert named <= set(criteria.SYSTEM_EXTRACTS)
    assert {
        name for group in (*criteria.SYSTEM_EXTRACTS.values(), *criteria.DRIVER_EXTRACTS.values()) for name in group
    } <= set(contracts())


def test_a_partner_bills_cost_and_margin_and_each_line_stands_in_one_package():
    from models.ai_economics.partner import PACKAGES, packages

    named = [code for codes in PACKAGES.values() for code in codes]
    assert len(named) == len(set(named))
    assert set(named) <= set(BY_CODE)
    told = packages({"connectors": 100.0, "red team": 30.0, "model calls": 500.0}, share=0.5, margin=0.2)
    assert told["cost_amount"].sum() == pytest.approx(65)
    assert told["partner_price_amount"].sum() == pytest.approx(65 / 0.8)
    assert told.filter("is_recurring")["partner_margin_amount"].sum() == pytest.approx(15 / 0.8 * 0.2)


def test_a_running_use_case_is_as_frequent_as_its_last_months_were():
    days = [AS_OF.replace(month=month, day=1) for month in range(7, 11)]
    log = pl.DataFrame({"use_case_id": "UC2", "month_date": days, "is_over": True, "case_count": [900, 40, 50, 60]})
    assert priority.known_of(asked_of("UC2") | {"marts.ai_volumes": log}, running("UC2"), NUMBERS).seen_per_month == 50
