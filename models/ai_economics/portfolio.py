"""Whether the use cases that were taken up make a sound programme: the house rules, each met or not, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.ai_economics.maturity import PATHS, STEPS, Step, path
from models.ai_economics.use_case import ROLES, UseCase

WANTED_ROLES = ("planning", "execution", "service")
FEWEST, MOST = 3, 5
READY_POINTS = 75.0
STOP = "stop"
TITLES = (
    "start small",
    "three roles",
    "three to five",
    "plain ways",
    "controls",
    "instrumented",
    "value by workflow",
    "step by step",
    "scale is earned",
)


@dataclass(frozen=True)
class Member:
    """A running use case with what is known of it: the step it has earned, its data, evidence, baseline, log and verdict."""

    case: UseCase
    step: Step
    data_score: float
    evidence_grade: str
    has_baseline: bool
    is_logged: bool = True
    verdict: str = ""

    @property
    def name(self) -> str:
        """Its id, as sentences name it."""
        return self.case.use_case_id


@dataclass(frozen=True)
class Rule:
    """One house rule: whether it is met (None while nothing runs), and why."""

    code: str
    is_met: bool | None
    because: str


def rules(members: Sequence[Member]) -> list[Rule]:
    """Every rule about the use cases that run, in the order in which a programme grows.

    >>> [rule.is_met for rule in rules([])][:2]
    [None, None]
    """
    made = (_start, _roles, _number, _alternatives, _controls, _instrumented, _measured, _way, _scale)
    if not members:
        return [Rule(code, None, "Nothing has been taken up yet.") for code in TITLES]
    return [Rule(code, *judge(members)) for code, judge in zip(TITLES, made, strict=True)]


def _start(members: Sequence[Member]) -> tuple[bool, str]:
    """One or two significant workflows to begin with, where data, an owner and a baseline exist and the verdict is not to stop."""
    stopped = [one.name for one in members if one.verdict == STOP]
    kept = [one for one in members if one.verdict != STOP]
    ready = [one.name for one in kept if one.data_score >= READY_POINTS and one.case.owner and one.has_baseline]
    rest = [one.name for one in kept if one.name not in ready]
    not_with = f"; {_listed(stopped)} {'is' if len(stopped) == 1 else 'are'} to be stopped" if stopped else ""
    if not ready:
        return False, f"None of those that run has good data, an owner and minutes measured without AI{not_with}."
    after = f"; {_listed(rest)} {_have(rest)} not all three" if rest else ""
    return (
        True,
        f"{_listed(ready)} {_have(ready)} good data, an owner and minutes measured without AI{after}{not_with}.",
    )


def _roles(members: Sequence[Member]) -> tuple[bool, str]:
    held = {role: [one.name for one in members if ROLES.get(one.case.domain) == role] for role in WANTED_ROLES}
    missing = [role for role in WANTED_ROLES if not held[role]]
    said = "; ".join(f"{role}: {_listed(held[role]) or 'none'}" for role in WANTED_ROLES)
    return not missing, f"One of each is wanted. {said[0].upper()}{said[1:]}."


def _number(members: Sequence[Member]) -> tuple[bool, str]:
    bare = [one.name for one in members if not one.case.kpi]
    count = len(members)
    many = f"{count} {'use case runs' if count == 1 else 'use cases run'}, {FEWEST} to {MOST} are wanted"
    tied = f"{_listed(bare)} {_have(bare)} no KPI" if bare else "each is tied to a KPI"
    return FEWEST <= count <= MOST and not bare, f"{many}; {tied}."


def _alternatives(members: Sequence[Member]) -> tuple[bool, str]:
    bare = [one.name for one in members if not one.case.alternative.name]
    if bare:
        return False, f"{_listed(bare)} {_have(bare)} no way without a model to beat."
    return True, "Each names the cheapest way without a model that it must beat."


def _controls(members: Sequence[Member]) -> tuple[bool, str]:
    off = [f"{one.name} ({held.control})" for one in members for held in one.case.controls if not held.is_on]
    return not off, f"Switched off: {', '.join(off)}." if off else "Every control of those that run is on."


def _instrumented(members: Sequence[Member]) -> tuple[bool, str]:
    """Cost, quality and adoption are recorded: without a log nothing can be told of them."""
    bare = [one.name for one in members if not one.is_logged]
    if bare:
        return False, f"{_listed(bare)} {_have(bare)} neither a logged case nor a decision with a known outcome."
    return True, "Each has logged cases or decisions with a known outcome."


def _measured(members: Sequence[Member]) -> tuple[bool, str]:
    """Value is told for each workflow first; across functions later."""
    said = [
        f"what {_listed(named)} {'brings' if len(named) == 1 else 'bring'} is {how}"
        for grade, how in (("D", "only assumed"), ("C", "seen with nothing to compare it with"))
        if (named := [one.name for one in members if one.evidence_grade == grade])
    ]
    if said:
        whole = ", and ".join(said)
        return False, f"{whole[0].upper()}{whole[1:]}: measure each workflow before sums across them."
    return True, "The value of each workflow was measured."


def _way(members: Sequence[Member]) -> tuple[bool, str]:
    """Each step of the way stands on those before it: none is left out, and nothing automates before another has earned its step."""
    held = {name: [one for one in members if path(one.case) == name] for name in PATHS}
    last = max(place for place, name in enumerate(PATHS) if held[name])
    said = [f"{name}: {_listed([one.name for one in held[name]])}" for name in PATHS if held[name]]
    left_out = [name for name in PATHS[:last] if not held[name]]
    if left_out:
        return False, f"Nothing of {_listed(left_out)} runs, but what comes after does; {'; '.join(said)}."
    before = [one.name for name in PATHS[:2] for one in held[name] if one.step.is_earned]
    late = [one.name for one in held[PATHS[2]]]
    if late and not before:
        return False, f"{_listed(late)} automate before any copilot or search has earned its step."
    whole = "; ".join(said)
    return True, f"{whole[0].upper()}{whole[1:]}."


def _scale(members: Sequence[Member]) -> tuple[bool, str]:
    """Production stays locked to what answers and decisions have shown."""
    ahead = [
        f"{one.name} works as one that {STEPS[one.step.works_on]} and has earned: {STEPS[one.step.earned]}"
        for one in members if one.case.stage == "production" and not one.step.is_earned
    ]  # fmt: skip
    if ahead:
        return False, f"Do not scale: {'; '.join(ahead)}."
    return True, "Each use case in production has earned the step on which it works."


def _have(names: Sequence[str]) -> str:
    return "has" if len(names) == 1 else "have"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
