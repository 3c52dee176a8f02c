"""An agent's level set: within the ceiling of its policy, raised by who may, and to acting alone only once what comes first is settled."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from decisions import checks
from decisions.autonomy import ACTS, LEVELS
from decisions.book import Book
from decisions.person import Person
from decisions.ruling import Said
from decisions.standing import Level
from models.ai_economics.register_verdict import IN_PLACE, NOT_APPLICABLE, verdict
from store.warehouse import Build

REGISTERS = "marts.registers"
# What has to be settled, and the rows of the registers that tell whether it is.
BEFORE = {
    "model ownership": ("ownership/model_updates", "ownership/prompts", "ownership/retrieval_sources", "ownership/deployers"),
    "approval rights": ("ownership/actions_approved", "ownership/workflow_rules", "training/approvers"),
    "retention": ("residency/keep_extracts", "residency/keep_calls", "residency/keep_acts", "residency/keep_prompts"),
    "access": ("security_baseline/sign_in", "security_baseline/role_review", "security_baseline/duties_apart"),
    "escalation": ("training/escalation",),
}  # fmt: skip
Row = Mapping[str, Any]


def levelled(
    book: Book,
    person: Person,
    kind: str,
    segment: str,
    level: int,
    *,
    because: str,
    evidence: Mapping[str, Any],
    build: Build | None,
) -> Said | None:
    """The act that sets an agent's level for a kind of action in a segment; None where it has that level.

    Errors: a Refusal above the policy's ceiling, for raising it without the right to put policies in force, and for letting it act
        alone before what has to be settled first is.
    """
    now, ceiling = book.level(kind, segment), book.policy(kind).autonomy.ceiling
    if level not in LEVELS or not isinstance(level, int):
        raise checks.refusal(f"there is no level {level}", f"Levels are 0 to {max(LEVELS)}.")
    if level == now and (kind, segment) in book.levels:
        return None
    if level > ceiling:
        raise checks.refusal(f"the policy's ceiling is {ceiling}", "Change the policy first.")
    # A segment that is given by itself what it had with its kind keeps it when the kind is lowered: that is a raise as well.
    is_pinned = bool(segment) and (kind, segment) not in book.levels and level >= ACTS
    if level > now or is_pinned:
        checks.has_right(person, "approve_policy", "raised")
        if level >= ACTS:
            may_act_alone(book, build)
    said = {"kind": kind, "segment": segment, "level": level, "before": now, "because": because}
    return "autonomy", f"{kind} · {segment or 'all'}", {**said, "evidence": dict(evidence)}


def may_act_alone(book: Book, build: Build | None) -> None:
    """Nothing where all of it stands in the registers of a build and in what people have said of them since.

    A desk without a build has no register to look at, and asks nothing: no page offers a raise before the first build.

    Errors: a Refusal that names what is not settled, with its rows.
    """
    if build is None:
        return
    if not build.has(REGISTERS):
        raise checks.refusal(
            "this build is older than the registers that tell whether it may", "Refresh once; then raise the level."
        )
    open_ones = unsettled(rows_now(book, build))
    if open_ones:
        raise checks.refusal(
            f"agents act alone only once {_listed(list(BEFORE))} are settled. Open is {in_words(open_ones)}",
            "Put these rows in place on the page Risks and controls, with what shows them; then raise the level.",
        )


def alone(book: Book) -> list[Level]:
    """The kinds of action, and segments of them, in which agents act alone now, in the order of their names."""
    return [held for (kind, segment), held in sorted(book.levels.items()) if book.level(kind, segment) >= ACTS]


def rows_now(book: Book, build: Build) -> list[dict[str, Any]]:
    """The rows that tell of it, each with the verdict that follows from what was said of it since the build."""
    wanted = {name for names in BEFORE.values() for name in names}
    rows = build.query(f"select * from {REGISTERS}").iter_rows(named=True)  # noqa: S608  a name of ours
    named = [(f"{row['register_code']}/{row['row_code']}", row) for row in rows]
    return [
        row | {"verdict_code": stands(row, acts[-1].payload) if (acts := book.registers.get(name)) else row["verdict_code"]}
        for name, row in named
        if name in wanted
    ]  # fmt: skip


def stands(row: Row, said: Row) -> str:
    """The verdict on a row of `marts.registers` where a person has said something newer of it: the status, its evidence, its day.

    >>> row = {
    ...     "found_code": "",
    ...     "is_needed": None,
    ...     "review_cycle_days": 30,
    ...     "look_again_date": None,
    ...     "as_of_date": date(2026, 11, 14),
    ... }
    >>> said = {"status": "in place", "evidence": "Signed list of roles.", "reviewed_on": "2026-11-01"}
    >>> stands(row, said), stands(row, said | {"reviewed_on": "2026-10-01"})
    ('in place', 'overdue')
    """
    again = look_again(row, said)
    return verdict(
        said["status"],
        found=row["found_code"],
        is_needed=row["is_needed"],
        has_evidence=bool(said["evidence"]),
        is_overdue=again is not None and again < row["as_of_date"],
    )


def look_again(row: Row, said: Row) -> date | None:
    """The day by which somebody has to look at a row again after what was said of it; None where no day follows."""
    if not said["reviewed_on"] or row["found_code"] == "in place":
        return row["look_again_date"]
    return date.fromisoformat(said["reviewed_on"]) + timedelta(days=int(row["review_cycle_days"]))


def unsettled(rows: Iterable[Row]) -> dict[str, list[str]]:
    """What is not settled: what → the red, planned or absent rows that keep it open.

    >>> row = {
    ...     "register_code": "training",
    ...     "row_code": "escalation",
    ...     "row_name": "Escalation",
    ...     "verdict_code": "in place",
    ... }
    >>> "escalation" in unsettled([row]), "access" in unsettled([row])
    (False, True)
    """
    known = {f"{row['register_code']}/{row['row_code']}": row for row in rows}
    found: dict[str, list[str]] = {}
    for what, names in BEFORE.items():
        for name in names:
            row = known.get(name)
            if row is None or not _is_settled(row):
                found.setdefault(what, []).append(
                    f"{row['row_name']} ({row['verdict_code']})" if row else f"{name} (no row)"
                )
    return found


def in_words(open_ones: Mapping[str, list[str]]) -> str:
    """What is not settled in a line.

    >>> in_words({"escalation": ["Escalation (missing)"], "access": ["Sign-in (overdue)", "Roles (planned)"]})
    'escalation: Escalation (missing); access: Sign-in (overdue), Roles (planned)'
    """
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in open_ones.items())


def _is_settled(row: Row) -> bool:
    return row["verdict_code"] == IN_PLACE or (row["verdict_code"] == NOT_APPLICABLE and row["is_needed"] is False)


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
