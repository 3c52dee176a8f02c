"""What a build must hold for each criterion of the roadmap to be met, and what makes it not met: a few rows of the tables it reads."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from models.ai_economics.maturity import STEPS
from pipelines.table import tables
from tests.worlds import World, put, world

AS_OF = dt.date(2026, 11, 13)
ROADMAP = ("marts.roadmap_facts", "marts.roadmap_criteria", "marts.roadmap_phases")
BESIDE = (
    "marts.roadmap_workflows", "marts.roadmap_domains", "marts.roadmap_success", "marts.roadmap_layers", "marts.roadmap_decisions",
)  # fmt: skip
CORE = ("order_lines", "stock_days", "purchase_lines", "shipments", "skus")
OURS = frozenset({"raw.company", "raw.assumptions", *ROADMAP})
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def upstream() -> list[str]:
    """The tables that the roadmap is counted in; its own files and what is assumed stay as they are."""
    read = {name for made in (*ROADMAP, *BESIDE) for name in tables()[made].reads - OURS}
    return sorted(name for name in read if not name.startswith("raw.roadmap"))


def emptied() -> World:
    """A world with everything that the roadmap reads, and not a row in it."""
    made = world(*ROADMAP, *BESIDE, as_of=AS_OF)
    for name in upstream():
        kind = "view" if name in tables() and tables()[name].kind == "view" else "table"
        made.execute(f"create temp table bare as select * from {name} limit 0")
        made.execute(f"drop {kind} {name}")
        made.execute(f"create table {name} as select * from bare")
        made.execute("drop table bare")
    return made


def told(into: World, rows: Rows, names: Sequence[str] = ROADMAP) -> World:
    """The same world with exactly these rows, and the roadmap made anew."""
    for name in upstream():
        into.execute(f"delete from {name}")
    for name, some in rows.items():
        for row in some:
            put(into, name, dict(row))
    for name in names:
        into.execute(f"create or replace table {name} as {tables()[name].sql}")
    return into


def loads(*contracts: str) -> dict[str, Any]:
    return {"raw.loads": [{"load_id": "L1", "contract": name, "accepted": 1, "set_aside": 0} for name in contracts]}


def decisions(count: int, **said: Any) -> list[dict[str, Any]]:
    """So many decided rows, accepted, exported and arrived unless said otherwise."""
    usual = {
        "is_decided": True, "is_accepted": True, "is_exported": True, "is_failed_export": False, "is_matured": True, "is_right": True,
        "approval_count": 1, "verdict_code": "needs_approval", "is_agent": True, "is_override": False, "site_id": "LEJ",
        "action_kind_code": "purchase", "decided_at": f"{AS_OF} 10:00:00+00",
    }  # fmt: skip
    return [usual | {"proposal_id": f"{said}{number}"} | said for number in range(count)]


def running(*cases: tuple[str, str], **said: Any) -> dict[str, Any]:
    """Use cases in production, each with the function it works in."""
    bounds = {"stage_code": "production", "metric_name": "order_cycle_time"} | said
    return {
        "raw.use_case_bounds": [{"use_case_id": name} | bounds for name, _ in cases],
        "raw.use_cases": [{"use_case_id": name, "domain_code": domain, "owner_name": "head"} for name, domain in cases],
    }


def ranked(*names: str, works_on: int = 3, earned: int = 3) -> dict[str, Any]:
    said = {
        "works_on_step_name": STEPS[works_on],
        "earned_step_name": STEPS[earned],
        "is_step_earned": earned >= works_on,
    }
    return {"scores.ai_priorities": [{"use_case_id": name} | said for name in names]}


def months(count: int, **said: Any) -> dict[str, Any]:
    """So many closed months, and what they earned."""
    days = [dt.date(2026, 10 - number, 1) for number in range(count)]
    return {
        "marts.ai_closes": [{"month_date": day, "is_latest": True, "figure_name": "benefit_amount"} for day in days],
        "marts.north_star": [{"month_date": day, "low_amount": 10} | said for day in days],
    }


def registers(register: str, *verdicts: str) -> dict[str, Any]:
    red = ("missing", "overdue", "contradicted")
    return {
        "marts.registers": [
            {"register_code": register, "row_code": str(number), "verdict_code": said, "is_red": said in red}
            for number, said in enumerate(verdicts)
        ]
    }


def check(code: str, kept: int, checked: int) -> dict[str, Any]:
    return {"marts.register_checks": [{"check_code": code, "checked_count": checked, "kept_count": kept}]}


def rule(code: str, is_met: bool) -> dict[str, Any]:
    return {"scores.ai_portfolio": [{"portfolio_rule_code": code, "is_rule_met": is_met}]}


def models(*said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "marts.model_health": [
            {"run_status_code": "in use", "drifted_count": 0, "is_review_due": False} | one for one in said
        ]
    }


def decided(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"marts.decisions": list(rows)}


LATE, EARLY = f"{AS_OF - dt.timedelta(days=10)} 10:00:00+00", f"{AS_OF - dt.timedelta(days=100)} 10:00:00+00"
ALONE = {"approval_count": 0, "verdict_code": "allowed"}
GOOD, BAD = {"model_error_number": 1, "rival_error_number": 2}, {"model_error_number": 2, "rival_error_number": 1}
BENEFIT = {"marts.value_ledger": [{"month_date": dt.date(2026, 10, 1), "benefit_amount": 100, "evidence_grade": "A"}]}
GUESSED = [{"month_date": dt.date(2026, 10, 1), "benefit_amount": 300, "evidence_grade": "C"}]
TWO = (("UC1", "sales support"), ("UC2", "procurement"))
# criterion → what meets it, and what does not.
CASES: dict[str, tuple[Rows, Rows]] = {
    "roadmap_core_extracts": (loads(*CORE), loads(*CORE[1:])),
    "roadmap_graded_share": (
        {"marts.data_grades": [{"contract_name": "a", "data_grade_code": "A"}, {"contract_name": "b", "data_grade_code": "B"}]},
        {"marts.data_grades": [{"contract_name": "a", "data_grade_code": "A"}, {"contract_name": "b", "data_grade_code": "C"}]},
    ),
    "roadmap_history_months": tuple(
        {"marts.driver_months": [{"driver_name": "orders", "month_date": dt.date(2025, month, 1)} for month in range(1, last)]}
        for last in (13, 12)
    ),
    "roadmap_baseline_weeks": tuple(
        {"marts.order_handling_weeks": [{"week_date": AS_OF - dt.timedelta(weeks=week)} for week in range(last)]} for last in (12, 11)
    ),
    "roadmap_ownership_gaps": (registers("ownership", "in place", "not applicable"), registers("ownership", "in place", "planned")),
    "roadmap_security_gaps": (registers("residency", "in place", "planned"), registers("security_baseline", "in place", "missing")),
    "roadmap_frozen_costs": (months(1), {}),
    "roadmap_models_share": (models(GOOD, GOOD, GOOD, GOOD, BAD), models(GOOD, GOOD, GOOD, BAD)),
    "roadmap_known_decisions": (decided(*decisions(100)), decided(*decisions(99))),
    "roadmap_taken_share": (decided(*decisions(90)), decided(*decisions(50), *decisions(50, is_override=True))),
    "roadmap_tied_use_cases": (running(*TWO, ("UC3", "finance")), running(*TWO)),
    "roadmap_three_roles": (rule("three roles", True), rule("three roles", False)),
    "roadmap_controls_share": tuple(
        running(*TWO) | {"raw.use_case_controls": [{"use_case_id": "UC1", "is_on": True}, {"use_case_id": "UC2", "is_on": is_on}]}
        for is_on in (True, False)
    ),
    "roadmap_instrumented": (rule("instrumented", True), rule("instrumented", False)),
    "roadmap_alone_use_cases": (running(*TWO) | ranked("UC1", works_on=4, earned=4), running(*TWO) | ranked("UC1", works_on=4, earned=3)),
    "roadmap_arrived_share": (decided(*decisions(100)), decided(*decisions(99), *decisions(4, is_failed_export=True))),
    "roadmap_let_through_share": (decided(*decisions(3)), decided(*decisions(3), *decisions(1, approval_count=0))),
    "roadmap_ways_back": tuple(
        {"core.acts": [{"act_id": "a", "proposal_id": "p", "kind_code": "propose"}, {"act_id": "b", "proposal_id": "p", "kind_code": kind}]}
        for kind in ("withdraw", "approve")
    ),
    "roadmap_surely_faster": tuple(
        {"scores.ai_effects": [{"use_case_id": "UC1", "measure_name": "minutes per case", "evidence_grade": "A", "high_number": high}]}
        for high in (-0.1, 0.1)
    ),
    "roadmap_capped_share": tuple(
        {"marts.control_compliance": [{"use_case_id": "UC1", "measure_code": "tool calls", "checked_count": 5, "kept_count": kept}]}
        for kept in (5, 4)
    ),
    "roadmap_net_earned_low": (months(3), months(3, low_amount=0)),
    "roadmap_verified_share": (months(3) | BENEFIT, months(3) | {"marts.value_ledger": BENEFIT["marts.value_ledger"] + GUESSED}),
    "roadmap_earned_domains": (running(*TWO) | ranked("UC1", "UC2"), running(*TWO) | ranked("UC1")),
    "roadmap_decided_sites": (decided(*decisions(2), *decisions(1, site_id="HAM")), decided(*decisions(3))),
    "roadmap_unattended_models": (models(GOOD), models(GOOD, {"drifted_count": 1}, {"is_review_due": True})),
    "roadmap_red_rows": (
        running(*TWO) | registers("risks", "in place", "planned"), running(*TWO) | registers("vendors", "overdue", "contradicted")
    ),
    "roadmap_alone_kinds": (
        decided(*decisions(1, **ALONE), *decisions(1, action_kind_code="transfer", **ALONE)),
        decided(*decisions(2, **ALONE), *decisions(1, action_kind_code="transfer")),
    ),
    "roadmap_alone_right_share": (decided(*decisions(40, **ALONE)), decided(*decisions(20, **ALONE), *decisions(20))),
    "roadmap_override_rise": (
        decided(*decisions(10, decided_at=EARLY), *decisions(10, decided_at=LATE)),
        decided(*decisions(10, decided_at=EARLY), *decisions(9, decided_at=LATE), *decisions(1, decided_at=LATE, is_accepted=False)),
    ),
    "roadmap_escalated_right_share": tuple(
        {"core.ai_cases": [{"work_id": str(one), "is_escalated": True, "is_escalated_right": one < right} for one in range(50)]}
        for right in (50, 40)
    ),
    "roadmap_promises_share": (check("commitments_bounded", 2, 2), check("commitments_bounded", 1, 2)),
    "roadmap_approved_by_people_share": (check("agents_never_approve", 9, 9), check("agents_never_approve", 8, 9)),
}  # fmt: skip
