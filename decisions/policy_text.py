"""A policy as text: the packaged ones, what a YAML must say to be one, and whether its own cases hold."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from decisions.policy import FACTS, NUMBER_TESTS, Caps, Dial, Example, GoodDecision, Policy, Rule, judge
from decisions.roles import ROLES
from errors import Refusal

FOLDER = Path(__file__).resolve().parent / "policies"
REVERSIBILITY = ("reversible", "until_confirmed", "irreversible")
UNREADABLE = (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError, InvalidOperation)
VERDICTS = ("allowed", "needs_approval", "refused")


@cache
def packaged() -> dict[str, Policy]:
    """The policies that the product comes with, by kind of action.

    >>> packaged()["purchase"].reversibility
    'until_confirmed'
    """
    return {path.stem: policy_of(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yml"))}


def policy_of(text: str, *, version: int = 1) -> Policy:
    """The policy that a YAML text says.

    Errors: a Refusal that names what is wrong with it; its own cases are not run here (see `failing_cases`).
    """
    try:
        made = _policy(yaml.load(text, yaml.CSafeLoader), text, version)
    except UNREADABLE as error:
        raise Refusal(
            "The policy was not understood.",
            _in_words(error),
            "Compare it with the version in force.",
        ) from error
    if unknown := sorted({name for rule in made.rules for name in rule.when} - FACTS):
        raise _bad(
            f"Its rules ask for {', '.join(unknown)}, which no wish can tell.",
            "Known facts: " + ", ".join(sorted(FACTS)),
        )
    if made.reversibility not in REVERSIBILITY:
        raise _bad(f"Its reversibility is {made.reversibility!r}.", f"Use one of {', '.join(REVERSIBILITY)}.")
    if wrong := _strange(made):
        raise _bad(wrong, "Compare it with the version in force.")
    if not made.good_decision.objective or not made.good_decision.measured_by:
        raise _bad("It does not say what a good decision is.", "Fill in objective and measured_by.")
    if made.reversibility == "irreversible" and any(rule.effect == "permit" for rule in made.rules):
        raise _bad(
            "It lets something irreversible through without anybody's approval.", "Require two approvals instead."
        )
    return made


def policy_approved(text: str, kind: str, *, version: int) -> Policy:
    """The policy that somebody once put in force; held to nothing that was asked for only later.

    One that can no longer be read permits nothing, and its text shows why: it must neither stop every page nor let all through.
    """
    try:
        return _policy(yaml.load(text, yaml.CSafeLoader), text, version)
    except UNREADABLE:
        return replace(packaged()[kind], rules=(), version=version, text=text)


def failing_cases(policy: Policy) -> list[str]:
    """The policy's own cases that do not get the verdict that they should, in words; none for a sound policy.

    >>> [name for name, policy in packaged().items() if failing_cases(policy)]
    []
    """
    found = []
    for example in policy.cases:
        given = {**FAIR, **example.given}
        verdict = judge(given, policy)
        if verdict.code != example.verdict:
            found.append(f"{dict(example.given)} should be {example.verdict} and is {verdict.code}: {verdict.because}")
    return found


# What a case of a policy means where it says nothing: a small, sure wish of a person on good data.
FAIR: Mapping[str, Any] = {
    "moved_amount": Decimal(1),
    "moved_today_amount": Decimal(1),
    "wishes_today": 1,
    "gain_amount": Decimal(1),
    "confidence_share": 0.95,
    "data_grade": "A",
    "tier_code": "",
    "changed_share": 0.0,
    "proposer_kind": "person",
    "autonomy_level": 0,
    "is_frozen": False,
    "is_reversible": True,
}


def _in_words(error: Exception) -> str:
    """Where a text is no policy, for whoever writes policies and no programs."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"Line {error.problem_mark.line + 1}, column {error.problem_mark.column + 1}: {error.problem}."
    if isinstance(error, KeyError):
        return f"It does not say its {str(error.args[0]).replace('_', ' ')}."
    return f"It is not written as a policy is: {error}."


def _strange(made: Policy) -> str:
    """What is said in a policy that nothing could be decided by, or nobody could act on; empty where it is sound."""
    if not made.cases:
        return "It has no cases, so nobody could see what it does."
    if strangers := sorted({role for rule in made.rules for role in rule.of} - set(ROLES)):
        return f"It asks for {', '.join(strangers)}, which is no role."
    asked = {tuple(sorted(rule.of)) for rule in made.rules if rule.effect == "require"}
    if len(asked) > 1:
        # Approvals are counted together: two of the one role would pass for one of each.
        roles = "; ".join(" or ".join(of) for of in sorted(asked))
        return f"Its rules ask different roles ({roles}); approvals are counted together, so each rule has to name the same."
    if strangers := sorted(set(made.proposers) - {*ROLES, "agent"}):
        return f"It lets {', '.join(strangers)} propose, which is no role."
    tests = {word for rule in made.rules for test in rule.when.values() if isinstance(test, Mapping) for word in test}
    if strangers := sorted(tests - {*NUMBER_TESTS, "not_in"}):
        return f"It tests {', '.join(strangers)}, which is no test."
    for example in made.cases:
        given: Any = example.given
        if not isinstance(given, Mapping) or set(given) - FACTS or example.verdict not in VERDICTS:
            return f"Its case {example.given} → {example.verdict} says no facts and verdict that there are."
    # A limit that is no number would stop nobody, or everybody with an error: waiting times, caps and the dial are looked at here.
    for name, value, most in _numbers(made):
        is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        if not is_number or not Decimal(value).is_finite() or not 0 <= value <= most:
            return f"Its {name.replace('_', ' ')} is {value}, and has to lie between 0 and {most:,}."
    return "" if made.expiry_hours > 0 else "Its wishes would be over before anybody could answer."


def _numbers(made: Policy) -> list[tuple[str, Any, int]]:
    """The numbers of a policy besides those of its rules: name, value, and the most that makes sense."""
    caps, dial = vars(made.agents), vars(made.autonomy)
    most = {"stop_below_confidence": 1, "required_rate": 1, "ceiling": 4, "window_days": 3650}
    held = [("expiry_hours", made.expiry_hours, 8784), ("horizon_days", made.horizon_days, 3650)]
    return held + [(name, value, most.get(name, 10**12)) for name, value in {**caps, **dial}.items()]


def _bad(why: str, fix: str) -> Refusal:
    return Refusal("The policy was not taken.", why, fix)


def _policy(said: Mapping[str, Any], text: str, version: int) -> Policy:
    caps, dial = dict(said.get("agents") or {}), dict(said.get("autonomy") or {})
    for held, name in ((caps, "moved_amount_per_day"), (dial, "loss_budget_amount")):
        if name in held:
            held[name] = Decimal(str(held[name]))
    return Policy(
        kind=str(said["kind"]),
        title=str(said["title"]),
        good_decision=GoodDecision(**said["good_decision"]),
        reversibility=str(said["reversibility"]),
        rollback=str(said["rollback"]),
        proposers=tuple(said["proposers"]),
        expiry_hours=float(said["expiry_hours"]),
        horizon_days=int(said["horizon_days"]),
        is_exported=bool(said["is_exported"]),
        mode=str(said["mode"]),
        rules=tuple(_rule(one) for one in said["rules"]),
        agents=Caps(**caps),
        autonomy=Dial(**dial),
        cases=tuple(Example(one["given"], one["verdict"]) for one in said["cases"]),
        version=version,
        text=text,
    )


def _rule(said: Mapping[str, Any]) -> Rule:
    effect = said["effect"]
    if effect not in ("permit", "require", "forbid"):
        raise ValueError(f"the effect {effect!r} of «{said['name']}» is none of permit, require, forbid")
    of = said.get("of", "approver")
    approvals = int(said.get("approvals", 1))
    if approvals < 1:
        raise ValueError(f"«{said['name']}» asks for {approvals} approvals")
    return Rule(
        str(said["name"]), effect, dict(said.get("when") or {}), approvals, (of,) if isinstance(of, str) else tuple(of)
    )
