"""A policy as text: the packaged ones, what a YAML must say to be one, and whether its own cases hold."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from decisions.policy import FACTS, Caps, Dial, Example, GoodDecision, Policy, Rule, judge
from errors import Refusal

FOLDER = Path(__file__).resolve().parent / "policies"
REVERSIBILITY = ("reversible", "until_confirmed", "irreversible")


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
        said = yaml.load(text, yaml.CSafeLoader)
        made = _policy(said, text, version)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise Refusal(
            "The policy was not understood.",
            f"{type(error).__name__}: {error}",
            "Compare it with the version in force.",
        ) from error
    if unknown := sorted({name for rule in made.rules for name in rule.when} - FACTS):
        raise _bad(
            f"Its rules ask for {', '.join(unknown)}, which no wish can tell.",
            "Known facts: " + ", ".join(sorted(FACTS)),
        )
    if made.reversibility not in REVERSIBILITY:
        raise _bad(f"Its reversibility is {made.reversibility!r}.", f"Use one of {', '.join(REVERSIBILITY)}.")
    if not made.good_decision.objective or not made.good_decision.measured_by:
        raise _bad("It does not say what a good decision is.", "Fill in objective and measured_by.")
    if made.reversibility == "irreversible" and any(rule.effect == "permit" for rule in made.rules):
        raise _bad(
            "It lets something irreversible through without anybody's approval.", "Require two approvals instead."
        )
    return made


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
