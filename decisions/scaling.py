"""Whether a use case may be scaled: production, more sites and more freedom stay locked until the build shows value and control."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from decisions import checks
from decisions.book import Book
from models.ai_economics.maturity import STEPS, WORKS_ON
from models.ai_economics.placement_gaps import is_acting
from models.ai_economics.use_case import AUTONOMY, UseCase
from store.warehouse import Build

COMPLIANCE, LEDGER, EARNED = "marts.control_compliance", "marts.value_ledger", "scores.ai_priorities"
WORTH, STOP = "marts.ai_worth", "stop"
COUNTED_SQL = (
    "select control_name, stage_code, kept_count, checked_count, kept_share < least_share as is_broken "
    "from marts.control_compliance where use_case_id = ? order by control_no"
)
# What is only assumed (grade D) shows nothing, but every cost counts.
WORTH_SQL = """
    select
        sum(case when evidence_grade in ('A', 'B', 'C') then benefit_amount end) as benefit_amount,
        sum(coalesce(error_cost_amount, 0) + coalesce(rework_amount, 0) + coalesce(review_amount, 0) + coalesce(ai_cost_amount, 0))
            as cost_amount
    from marts.value_ledger
    where use_case_id = ?
"""
# The verdict of its business case: whether it is worth more than it costs, and more than the plain way that it must beat.
VERDICT_SQL = "select verdict_code, because_text from marts.ai_worth where use_case_id = ?"
EARNED_SQL = "select earned_step_name from scores.ai_priorities where use_case_id = ?"
RUNNING = ("pilot", "production")
KEEP = "Keep it as it is until the build shows it; or begin with a pilot."


def held_back(book: Book, case: UseCase, before: Mapping[str, Any], build: Build | None) -> None:
    """Refuses to scale what has not shown its value and that its controls work.

    Going into production asks that something checks its acts and that every control that is on was kept. That, and more sites, cases or
    freedom of what runs, ask that what it did so far brought more than it cost, that its business case does not say to stop, and that
    it has earned the step on which it would work. Where a pilot begins is free, and what runs may be changed otherwise.

    Args:
        case: as it would stand.
        before: its definition as it stands.
        build: the build that has to show it; without one, before anything was refreshed, nothing is asked.

    Errors: a Refusal that names what is not shown, with figures.
    """
    goes_live = case.stage == "production" and before.get("stage") != "production"
    if build is None or not (goes_live or _grows(case, before)):
        return
    if goes_live and is_acting(case) and not case.needs.validation.strip():
        raise checks.refusal(
            f"{case.use_case_id} acts, and nobody has said what checks its action before it happens",
            "Say it in its definition, under what it needs of its place.",
        )
    if goes_live and build.has(COMPLIANCE):
        _controls_kept(book, case, before, build)
    if missing := unshown(case, build):
        raise checks.refusal(f"{case.use_case_id} is not to be scaled yet: {'; '.join(missing)}", KEEP)


def unshown(case: UseCase, build: Build) -> list[str]:
    """What the build does not show of what scaling asks for, in parts of a sentence; none where it shows all."""
    if not (build.has(LEDGER) and build.has(EARNED)):
        return ["this build does not tell what it earned; refresh once on the page Upload"]
    found = []
    worth = build.query(WORTH_SQL, [case.use_case_id]).row(0, named=True)
    benefit, cost = worth["benefit_amount"], worth["cost_amount"] or Decimal(0)
    if not benefit:
        found.append("the value ledger holds no benefit of it that was seen (grade A, B or C)")
    elif benefit <= cost:
        found.append(
            f"in the value ledger it brought {benefit:,.0f}, and its errors, rework, review and AI took {cost:,.0f}"
        )
    for verdict, because in build.query(VERDICT_SQL, [case.use_case_id]).iter_rows() if build.has(WORTH) else ():
        if verdict == STOP:
            found.append(f"its verdict is to stop: {because}".rstrip("."))
    earned = build.query(EARNED_SQL, [case.use_case_id])["earned_step_name"].to_list()
    wanted = WORKS_ON[case.autonomy]
    if not earned or STEPS.index(earned[0]) < wanted:
        found.append(f"it would work as one that {STEPS[wanted]} and has earned: {earned[0] if earned else STEPS[0]}")
    return found


def _grows(case: UseCase, before: Mapping[str, Any]) -> bool:
    """Whether what runs would run at more sites, on more of its cases, or with more freedom: alone where it asked, or writing."""
    if not case.is_running or before.get("stage") not in RUNNING:
        return False
    were = set(before.get("sites") or ())
    return (
        (bool(were) and (not case.sites or not set(case.sites) <= were))
        or AUTONOMY.index(case.autonomy) > AUTONOMY.index(before.get("autonomy", AUTONOMY[-1]))
        or (case.writes and not before.get("writes", True))
        or case.eligible_share > float(before.get("eligible_share", 1.0))
    )


def _controls_kept(book: Book, case: UseCase, before: Mapping[str, Any], build: Build) -> None:
    """What goes into production has kept every control that is on: as the build counted them.

    A control that nobody can count stands in nobody's way; one that is to be left out is switched off first, by an act of its own: what
    this definition leaves out or calls otherwise counts as it stood. What ran before has to run as a pilot in the build, for
    nothing is counted of what does not run.
    """
    found = build.query(COUNTED_SQL, [case.use_case_id]).rows(named=True)
    taken_up = [act for act in book.ai.changes.get(case.use_case_id, ()) if act.kind == "use_case"]
    has_run = any(act.payload["definition"].get("stage") in RUNNING for act in taken_up)
    if has_run and not any(row["stage_code"] in RUNNING for row in found):
        raise checks.refusal(
            f"{case.use_case_id} has run before, and this build did not count its controls",
            "Take it up as a pilot, refresh, and let it go into production then.",
        )
    off = {one["control"] for one in before.get("controls", ()) if not one["is_on"]}
    off -= {one.control for one in case.controls if one.is_on}
    broken = [row for row in found if row["is_broken"] and row["control_name"] not in off]
    if broken:
        named = ", ".join(
            f"{row['control_name']} ({row['kept_count']:,} of {row['checked_count']:,})" for row in broken
        )
        raise checks.refusal(
            f"{case.use_case_id} is not ready for production, for these of its controls were not kept: {named}",
            "Keep it a pilot until they are kept over the whole log; or switch the control off first, with a reason for the ledger.",
        )
