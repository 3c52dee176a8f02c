"""How far a use case may be trusted: the step that its answers and decisions have earned, against the one that it works on."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.ai_economics.use_case import UseCase

STEPS = ("not begun", "assists", "recommends", "acts with approval", "acts alone within limits")
NOT_BEGUN, ASSISTS, RECOMMENDS, APPROVED, ALONE = range(5)
WORKS_ON = {"advises": RECOMMENDS, "acts after approval": APPROVED, "acts alone": ALONE}
ACTS = 3  # the level from which an agent acts within its limits
# Kinds of action that an agent of a use case proposes.
KINDS: Mapping[str, tuple[str, ...]] = {
    "UC4": ("release_order", "hold_order"),
    "A2": ("purchase", "re_source", "expedite", "cancel_purchase", "supplier_message"),
    "A3": ("transfer", "stock_parameter"),
}
SURE = 1.96
# The way of the first two years: look things up, then help at work, then act within limits.
PATHS = ("search and knowledge", "copilots in the workflow", "constrained automation")


@dataclass(frozen=True)
class Trust:
    """What came of a use case so far: answers taken of those given, decisions right of those known, cases, level granted."""

    cases: int = 0
    answers: int = 0
    taken: int = 0
    known: int = 0
    right: int = 0
    level: int | None = None


@dataclass(frozen=True)
class Step:
    """The step that was earned and the one that it works on, whether that is earned, and the evidence in a sentence."""

    earned: int
    works_on: int
    is_earned: bool
    because: str


def at_least(right: int, count: int) -> float:
    """The lower end of Wilson's interval of 95 per cent for a rate: what it is at least, nearly surely; nought of nothing.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.

    >>> round(at_least(18, 20), 3), at_least(0, 0)
    (0.699, 0.0)
    """
    if not count:
        return 0.0
    rate, squared = right / count, SURE * SURE
    spread = SURE * (rate * (1 - rate) / count + squared / (4 * count * count)) ** 0.5
    return max(0.0, min(rate, (rate + squared / (2 * count) - spread) / (1 + squared / count)))


def step(case: UseCase, trust: Trust, numbers: Mapping[str, float]) -> Step:
    """What a use case has earned; each step needs enough known cases and the lower bound of its rate above the house rule.

    >>> from types import SimpleNamespace
    >>> rules = {
    ...     "ai_stage_least_cases": 20,
    ...     "ai_stage_recommend_share": 0.6,
    ...     "ai_stage_approval_share": 0.6,
    ...     "ai_stage_alone_share": 0.85,
    ... }
    >>> told = step(SimpleNamespace(autonomy="advises", is_running=True), Trust(cases=90, answers=80, taken=72), rules)
    >>> told.earned, told.is_earned
    (2, True)
    """
    least = int(numbers["ai_stage_least_cases"])
    taken, right = at_least(trust.taken, trust.answers), at_least(trust.right, trust.known)
    earned = ASSISTS if case.is_running and (trust.cases or trust.answers or trust.known) else NOT_BEGUN
    if earned and trust.answers >= least and taken >= numbers["ai_stage_recommend_share"]:
        earned = RECOMMENDS
    if earned and trust.known >= least and right >= numbers["ai_stage_approval_share"]:
        earned = APPROVED
    if earned and trust.answers >= least and taken >= numbers["ai_stage_alone_share"] and case.autonomy != "advises":
        earned = max(earned, APPROVED)
    if earned == APPROVED and trust.known >= least and right >= numbers["ai_stage_alone_share"]:
        earned = ALONE if trust.level is not None and trust.level >= ACTS else APPROVED
    wanted = WORKS_ON[case.autonomy] if case.is_running else NOT_BEGUN
    return Step(earned, wanted, earned >= wanted, _said(case, trust, taken, right, least))


def path(case: UseCase) -> str:
    """The part of the way a use case belongs to: knowledge, copilots, or automation under limits."""
    if case.is_agent or case.autonomy == "acts alone":
        return PATHS[2]
    return PATHS[1] if case.writes or case.pattern in ("workflow decision support", "document processing") else PATHS[0]


def _said(case: UseCase, trust: Trust, taken: float, right: float, least: int) -> str:
    if not case.is_running:
        return "It does not run, so it has earned nothing yet."
    said = []
    if trust.answers:
        few = f"; {least} are needed to judge" if trust.answers < least else f", so at least {taken:.0%}"
        said.append(f"{trust.taken:,} of {trust.answers:,} answers were taken{few}")
    if trust.known:
        few = f"; {least} are needed to judge" if trust.known < least else f", so at least {right:.0%}"
        said.append(f"{trust.right:,} of {trust.known:,} decisions were right{few}")
    if trust.level is not None:
        said.append(f"its agent was granted level {trust.level}")
    return f"{'; '.join(said)}." if said else "Neither an answer nor a decision with a known outcome is on record."
