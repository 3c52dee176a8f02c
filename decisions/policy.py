"""Who may do what, up to which limit: one YAML for each kind of action, and the pure verdict on one wish."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

Effect = Literal["permit", "require", "forbid"]
# How far an agent is trusted (`decisions.autonomy` says what each level means).
WATCHES, DRAFTS, SUGGESTS, ACTS, ACTS_WIDELY = range(5)
# What can be asked of a wish; `desk` and `book` know each of them, and a rule that asks for anything else is no rule.
FACTS = frozenset(
    {
        "moved_amount",  # money that this wish moves
        "moved_today_amount",  # the same with what this proposer has moved by such wishes within a day: limits cannot be split
        "wishes_today",  # how many such wishes this proposer has made within a day, this one with them
        "gain_amount",
        "confidence_share",
        "data_grade",
        "tier_code",
        "changed_share",  # how far a person has moved the quantity off the suggested one
        "proposer_kind",  # person or agent
        "autonomy_level",  # 0–4, of the agent for this kind and segment
        "is_frozen",  # a change calendar holds everything back
        "is_reversible",
    }
)
NUMBER_TESTS = {
    "at_most": lambda found, limit: found <= limit,
    "below": lambda found, limit: found < limit,
    "at_least": lambda found, limit: found >= limit,
    "above": lambda found, limit: found > limit,
}


@dataclass(frozen=True)
class Allowed:
    """It may be done at once; nobody else is asked."""

    because: str
    rules: tuple[str, ...] = ()
    code: str = "allowed"


@dataclass(frozen=True)
class NeedsApproval:
    """It may be done once so many different people of these roles have said yes."""

    because: str
    approvals: int
    of: tuple[str, ...]
    rules: tuple[str, ...] = ()
    code: str = "needs_approval"


@dataclass(frozen=True)
class Refused:
    """It may not be done; `is_alert` when a rule could not be decided, which somebody should look at."""

    because: str
    rules: tuple[str, ...] = ()
    is_alert: bool = False
    code: str = "refused"


Verdict = Allowed | NeedsApproval | Refused


@dataclass(frozen=True)
class Rule:
    """One line of a policy: when all its conditions hold it permits, forbids, or asks for people's approval."""

    name: str
    effect: Effect
    when: Mapping[str, Any] = field(default_factory=dict)
    approvals: int = 1
    of: tuple[str, ...] = ("approver",)


@dataclass(frozen=True)
class Caps:
    """What agents may do at most in a day, and below which confidence they stop and hand over."""

    per_day: int = 0
    moved_amount_per_day: Decimal = Decimal(0)
    stop_below_confidence: float = 1.0


@dataclass(frozen=True)
class Dial:
    """How autonomy is earned and lost: the ceiling, the rate of right decisions wanted, how many of them, and the loss budget."""

    ceiling: int = 2
    required_rate: float = 0.9
    least_decisions: int = 20
    window_days: int = 180
    loss_budget_amount: Decimal = Decimal(0)


@dataclass(frozen=True)
class GoodDecision:
    """What a good decision of this kind is; without it nothing may be decided by a machine."""

    objective: str
    limits: str
    measured_by: str


@dataclass(frozen=True)
class Example:
    """A wish and the verdict that this policy must give on it."""

    given: Mapping[str, Any]
    verdict: str


@dataclass(frozen=True)
class Policy:
    """Everything that holds for one kind of action."""

    kind: str
    title: str
    good_decision: GoodDecision
    reversibility: str
    rollback: str
    proposers: tuple[str, ...]
    expiry_hours: float
    horizon_days: int
    is_exported: bool
    mode: str
    rules: tuple[Rule, ...]
    agents: Caps
    autonomy: Dial
    cases: tuple[Example, ...]
    version: int = 1
    text: str = field(default="", compare=False)


def judge(facts: Mapping[str, Any], policy: Policy) -> Verdict:
    """The verdict of a policy on one wish: what no rule permits is refused, a forbidding rule beats all, approvals add up.

    A rule that asks for a fact that is not known, or cannot be decided, refuses and raises an alert: a broken rule must not
    let anything through. Rules have no order. Semantics after Cedar, but stricter: Cedar skips a rule that errs.

    Args:
        facts: what is known of the wish (`FACTS`); None where unknown.
        policy: the policy of its kind that is in force.

    >>> from decisions.policy_text import packaged
    >>> small = {
    ...     "moved_amount": Decimal(80),
    ...     "moved_today_amount": Decimal(80),
    ...     "confidence_share": 0.9,
    ...     "data_grade": "A",
    ... }
    >>> small |= {
    ...     "proposer_kind": "person",
    ...     "autonomy_level": 0,
    ...     "wishes_today": 1,
    ...     "changed_share": 0.0,
    ...     "is_frozen": False,
    ... }
    >>> judge(small, packaged()["purchase"]).code
    'allowed'
    """
    held: dict[Effect, list[Rule]] = {"permit": [], "require": [], "forbid": []}
    broken: list[str] = []
    for rule in policy.rules:
        try:
            if all(_holds(name, facts.get(name), test) for name, test in rule.when.items()):
                held[rule.effect].append(rule)
        except _UndecidedError as undecided:
            broken.append(f"«{rule.name}» could not be decided: {undecided}")
    if held["forbid"]:
        return Refused(f"It is forbidden: {_named(held['forbid'])}.", _names(held["forbid"]))
    if broken:
        return Refused(f"A rule of {policy.title!r} {'; '.join(broken)}.", is_alert=True)
    if held["require"]:
        count = sum(rule.approvals for rule in held["require"])
        of = tuple(sorted({role for rule in held["require"] for role in rule.of}))
        people = "one person" if count == 1 else f"{count} different people"
        because = f"It needs the approval of {people} ({' or '.join(of)}): {_named(held['require'])}."
        return NeedsApproval(because, count, of, _names(held["require"]))
    if held["permit"] and policy.is_exported and _is_not_let_alone(facts):
        # Whatever a policy says or leaves out: what reaches the ERP needs somebody's yes until the agent has earned to act alone.
        return NeedsApproval(
            f"It needs the approval of one person: an agent below level {ACTS} is not let alone.", 1, ("approver",)
        )
    if held["permit"]:
        return Allowed(f"It is within the limits: {_named(held['permit'])}.", _names(held["permit"]))
    return Refused("No rule permits it.")


def _is_not_let_alone(facts: Mapping[str, Any]) -> bool:
    return facts.get("proposer_kind") == "agent" and (facts.get("autonomy_level") or 0) < ACTS


class _UndecidedError(Exception):
    """A condition that cannot be decided."""


def _holds(name: str, found: Any, test: Any) -> bool:
    """Whether one condition holds: a value that it equals, a list that it is in, or limits by name."""
    if found is None:
        raise _UndecidedError(f"{name} is not known")
    if isinstance(test, Mapping):
        return all(_passes(name, found, word, limit) for word, limit in test.items())
    if isinstance(test, list | tuple):
        return found in test
    if isinstance(test, bool) or isinstance(found, bool):
        return found is test
    return _number(name, found) == _number(name, test) if isinstance(test, int | float) else found == test


def _passes(name: str, found: Any, word: str, limit: Any) -> bool:
    if word == "not_in":
        return found not in limit
    if word not in NUMBER_TESTS:
        raise _UndecidedError(f"{word} is no test")
    return NUMBER_TESTS[word](_number(name, found), _number(name, limit))


def _number(name: str, value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise _UndecidedError(f"{name} is {value!r}, which is no number") from error
    if not number.is_finite():
        raise _UndecidedError(f"{name} is {value}, which is no number")
    return number


def _named(rules: list[Rule]) -> str:
    return "; ".join(rule.name for rule in rules)


def _names(rules: list[Rule]) -> tuple[str, ...]:
    return tuple(rule.name for rule in rules)
