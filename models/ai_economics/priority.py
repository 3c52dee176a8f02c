"""Which use case next: every one of the registry scored by what the build knows of it, ranked, and held to the step it has earned."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from models.ai_economics import criteria, maturity, portfolio
from models.ai_economics.criteria import Known, Points
from models.ai_economics.inputs import registry
from models.ai_economics.maturity import STEPS, Step, Trust
from models.ai_economics.use_case import UseCase
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

TRAITS = ("volume", "repetition", "measurable", "manageable")
CRITERIA = ("impact", "data", "fit", "frequency", "governance", "change")
SEEN_MONTHS = 3  # a running use case is known by its last months that are over
PLAN_YEARS = 3.0  # the plan covers 36 months
FAILED = ("rejected_count", "escalated_count", "reopened_count", "error_count", "wrong_commitment_count")
COLUMNS = (
    "use_case_id", "rank_no", "total_score_number", *(f"{name}_score_number" for name in (*TRAITS, *CRITERIA)),
    "is_screen_passed", "because_text",
    "screen_text", "criteria_text", "path_name", "works_on_step_name", "earned_step_name", "is_step_earned", "step_because_text",
    "expected_case_number",
)  # fmt: skip
RULES = ("portfolio_rule_code", "rule_no", "is_rule_met", "because_text")
SAID = {
    "impact": "business impact", "data": "data readiness", "fit": "workflow fit", "frequency": "decision frequency",
    "governance": "governance", "change": "small change",
}  # fmt: skip


def score(frames: Frames, asked: Asked) -> Scored:
    """One row a use case, the best first, and one row a house rule about those that run."""
    cases = registry(frames)
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL), because="Nothing is ranked.")
    numbers = dict(frames["raw.assumptions"].select("assumption_name", "assumed_number").iter_rows())
    known = {case.use_case_id: known_of(frames, case, numbers) for case in cases}
    trusts = {case.use_case_id: trust_of(frames, case) for case in cases}
    steps = {case.use_case_id: maturity.step(case, trusts[case.use_case_id], numbers) for case in cases}
    rows = [_row(case, known[case.use_case_id], steps[case.use_case_id]) for case in cases]
    rows.sort(key=lambda row: (-row["total_score_number"], row["use_case_id"]))
    for place, row in enumerate(rows, start=1):
        row["rank_no"] = place
    members = [
        portfolio.Member(
            case, steps[name], criteria.criteria(case, known[name])["data"].score, known[name].evidence_grade,
            known[name].has_baseline, is_logged=is_logged(trusts[name]), verdict=verdict_of(frames, name),
        )
        for case in cases if case.is_running and (name := case.use_case_id)
    ]  # fmt: skip
    told = [
        (rule.code, place, rule.is_met, rule.because) for place, rule in enumerate(portfolio.rules(members), start=1)
    ]
    tables = {
        "scores.ai_priorities": pl.DataFrame(
            [[row[name] for name in COLUMNS] for row in rows], schema=_shape(), orient="row"
        ),
        "scores.ai_portfolio": pl.DataFrame(
            told, schema=dict(zip(RULES, (pl.String, pl.Int64, pl.Boolean, pl.String), strict=True)), orient="row"
        ),
    }
    return Scored(
        tables, because=f"{len(cases)} use cases are ranked; {len(members)} of them run.", trained_rows=len(cases)
    )


def total(scores: Mapping[str, float], numbers: Mapping[str, float]) -> float:
    """The weighted mean of the six criteria, 0 to 100, whatever the weights sum to.

    >>> weights = {f"ai_weight_{name}_share": 1.0 for name in CRITERIA}
    >>> total(dict.fromkeys(CRITERIA, 40.0), weights)
    40.0
    """
    weights = {name: max(numbers[f"ai_weight_{name}_share"], 0.0) for name in CRITERIA}
    whole = sum(weights.values())
    return sum(scores[name] * weight for name, weight in weights.items()) / whole if whole else 0.0


def known_of(frames: Frames, case: UseCase, numbers: Mapping[str, float]) -> Known:
    """What the rows of a build say of one use case."""
    name = case.use_case_id
    worth = _only(frames["scores.ai_business_cases"], name)
    seen = _only(frames["marts.ai_trust"], name)
    baseline = frames["scores.ai_effects"].filter(
        (pl.col("use_case_id") == name) & pl.col("measure_name").is_in(["minutes per case", "cost per case"])
        & pl.col("baseline_number").is_not_null()
    )  # fmt: skip
    sales, benefit = seen.get("yearly_sales_amount"), worth.get("benefit_amount")
    orders = _months(frames, "orders")
    return Known(
        numbers=numbers,
        grades=dict(frames["marts.data_grades"].select("contract_name", "data_grade_code").iter_rows()),
        units=_months(frames, case.driver),
        orders_per_year=sum(orders[-12:]) / len(orders[-12:]) * 12 if orders else 0.0,
        site_count=frames["marts.ai_scale"]["site_id"].n_unique(),
        yearly_benefit=None if benefit is None else float(benefit) / PLAN_YEARS,
        yearly_sales=None if sales is None else float(sales),
        evidence_grade=worth.get("evidence_grade") or "D",
        has_baseline=baseline.height > 0,
        case_count=int(seen.get("case_count") or 0),
        failed_count=_failed(seen),
        acted_count=int(seen.get("acted_count") or 0),
        seen_per_month=_seen(frames, case),
    )


def _seen(frames: Frames, case: UseCase) -> float | None:
    """Cases a month over the last months that are over; None where it does not run, or not for so long."""
    mine = frames["marts.ai_volumes"].filter((pl.col("use_case_id") == case.use_case_id) & pl.col("is_over"))
    last = mine.sort("month_date").tail(SEEN_MONTHS)
    return sum(last["case_count"]) / SEEN_MONTHS if case.is_running and last.height == SEEN_MONTHS else None


def trust_of(frames: Frames, case: UseCase) -> Trust:
    """What came of its answers and decisions, and the level that its agent was last granted."""
    seen = _only(frames["marts.ai_trust"], case.use_case_id)
    levels = {}
    for (text,) in frames["raw.acts"].filter(pl.col("kind") == "autonomy").select("payload_text").iter_rows():
        said = json.loads(text)
        levels[said["kind"], said["segment"]] = int(said["level"])
    own = [level for (action, _), level in levels.items() if action in maturity.KINDS.get(case.use_case_id, ())]
    contained = int(seen.get("contained_count") or 0), int(seen.get("known_containment_count") or 0)
    answered = int(seen.get("answered_count") or 0)
    taken = int(seen.get("accepted_count") or 0) + int(seen.get("edited_count") or 0)
    if not answered and contained[0]:  # who talks to customers gives answers that nobody grades: finished alone counts
        taken, answered = contained
    return Trust(
        cases=int(seen.get("case_count") or 0), answers=answered, taken=taken, known=int(seen.get("known_count") or 0),
        right=int(seen.get("right_count") or 0), level=max(own) if own else None,
    )  # fmt: skip


def verdict_of(frames: Frames, name: str) -> str:
    """What the business case of a use case advises; empty where it could not be planned."""
    return _only(frames["scores.ai_business_cases"], name).get("verdict_code") or ""


def is_logged(trust: Trust) -> bool:
    """Whether anything is on record from which cost, quality or adoption could be told.

    >>> is_logged(Trust(cases=3)), is_logged(Trust())
    (True, False)
    """
    return trust.cases > 0 or trust.known > 0


def _row(case: UseCase, known: Known, step: Step) -> dict[str, Any]:
    traits, six = criteria.traits(case, known), criteria.criteria(case, known)
    scores = {name: round(one.score, 2) for name, one in (traits | six).items()}
    weak = [name for name, one in traits.items() if one.score < known.numbers["ai_screen_least_points"]]
    return {
        "use_case_id": case.use_case_id,
        "rank_no": 0,
        "total_score_number": round(total({name: one.score for name, one in six.items()}, known.numbers), 2),
        **{f"{name}_score_number": value for name, value in scores.items()},
        "is_screen_passed": not weak,
        "because_text": _because(six, weak),
        "screen_text": _lines(traits),
        "criteria_text": _lines({SAID[name]: one for name, one in six.items()}),
        "path_name": maturity.path(case),
        "works_on_step_name": STEPS[step.works_on],
        "earned_step_name": STEPS[step.earned],
        "is_step_earned": step.is_earned,
        "step_because_text": step.because,
        "expected_case_number": round(criteria.cases_per_month(case, known), 2),
    }


def _because(six: Mapping[str, Points], weak: list[str]) -> str:
    ranked = sorted(six, key=lambda name: (-six[name].score, CRITERIA.index(name)))
    best, worst = ranked[0], ranked[-1]
    said = f"Strongest in {SAID[best]} ({six[best].because}), weakest in {SAID[worst]} ({six[worst].because})."
    return f"{said} It does not pass the screening: {', '.join(weak)}." if weak else said


def _lines(points: Mapping[str, Points]) -> str:
    return "; ".join(f"{name} {one.score:.0f}: {one.because}" for name, one in points.items()) + "."


def _only(frame: pl.DataFrame, name: str) -> dict[str, Any]:
    found = frame.filter(pl.col("use_case_id") == name)
    return found.row(0, named=True) if found.height else {}


def _failed(seen: Mapping[str, Any]) -> int:
    """Cases rejected or handed to people, and those that proved wrong later; one case may be wrong in several ways."""
    back, wrong = FAILED[:2], FAILED[2:]
    return sum(int(seen.get(name) or 0) for name in back) + max(int(seen.get(name) or 0) for name in wrong)


def _months(frames: Frames, driver: str) -> tuple[float, ...]:
    rows = frames["marts.driver_months"].filter(pl.col("driver_name") == driver).sort("month_date")
    return tuple(rows["units"].cast(pl.Float64).to_list())


def _shape() -> dict[str, Any]:
    kinds: dict[str, Any] = {"rank_no": pl.Int64, "is_step_earned": pl.Boolean, "is_screen_passed": pl.Boolean}
    return {name: kinds.get(name, pl.Float64 if name.endswith("_number") else pl.String) for name in COLUMNS}


MODEL = Model(
    code="ai_priorities",
    title="Which use case next",
    question="Which use case of AI is worth taking up next, and how far has each that runs earned the trust that it has?",
    reads={
        "raw.assumptions": ("assumption_name", "assumed_number"),
        "raw.use_cases": ("use_case_id", "definition_text"),
        "raw.acts": ("kind", "payload_text"),
        "scores.ai_business_cases": ("use_case_id", "benefit_amount", "evidence_grade", "verdict_code"),
        "scores.ai_effects": ("use_case_id", "measure_name", "baseline_number"),
        "marts.ai_trust": (
            "use_case_id", "case_count", "answered_count", "accepted_count", "edited_count", *FAILED, "known_containment_count",
            "contained_count", "known_count", "right_count", "acted_count", "yearly_sales_amount",
        ),
        "marts.ai_volumes": ("use_case_id", "month_date", "is_over", "case_count"),
        "marts.ai_scale": ("site_id",),
        "marts.data_grades": ("contract_name", "data_grade_code"),
        "marts.driver_months": ("driver_name", "month_date", "units"),
    },
    writes=(
        Output(
            name="scores.ai_priorities",
            answers="How does each use case score, where does it rank, and which step of trust has it earned?",
            grain="one row per use case of the registry",
            key=("use_case_id",),
            columns=COLUMNS,
            checks=(
                "total_score_number between 0 and 100",
                "volume_score_number between 0 and 100 and repetition_score_number between 0 and 100",
                "measurable_score_number between 0 and 100",
                "manageable_score_number between 0 and 100",
                "impact_score_number between 0 and 100 and data_score_number between 0 and 100 and fit_score_number between 0 and 100",
                "frequency_score_number between 0 and 100 and governance_score_number between 0 and 100",
                "change_score_number between 0 and 100",
            ),
        ),
        Output(
            name="scores.ai_portfolio",
            answers="Do the use cases that run make a sound programme by the house rules?",
            grain="one row per rule",
            key=("portfolio_rule_code",),
            columns=RULES,
        ),
    ),
    guarantee="Every score lies in 0 to 100 and comes from rows or graded house rules; the order of rows changes no rank.",
    rival="the order of the registry",
    needs=(),
    versions={1: "Four traits and six criteria computed from rows; weights are house rules with a grade."},
    does_not="It does not know what nobody uploaded: a system without an extract counts as not connected.",
    trust="Trust the order when the scores lie more than a few points apart; the weights are a decision, not a finding.",
    score=score,
)  # fmt: skip
