"""What makes an assistant reliable: levers with a price each, what they do to the share of cases that go right, and the cheapest set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.ai_economics.world import World

LEVERS = {
    "retrieval": "Better retrieval: the right article, price list or policy is found",
    "prompts": "Better prompts, with examples of own cases",
    "constraints": "Limits of the workflow: allowed values, checks against the ERP, a person where it is unsure",
    "evaluation": "Tests on own cases before each release",
    "structure": "Answers in a fixed structure that is checked",
}
DEMO = "demo grade"


@dataclass(frozen=True)
class Lever:
    """One lever: what it costs once, and which share of the failures that are left it takes away."""

    code: str
    cost: float
    share: float


@dataclass(frozen=True)
class Chosen:
    """A set of levers: their names, cost together, and the share of cases that then go right."""

    codes: tuple[str, ...]
    cost: float
    success_share: float


def success(first_share: float, shares: Iterable[float]) -> float:
    """The share of cases that go right after levers, each on what the former left: 1 − (1 − s)·Π(1 − e).

    >>> success(0.75, []), round(success(0.75, [0.4, 0.5]), 6)
    (0.75, 0.925)
    """
    left = 1.0 - first_share
    for share in shares:
        left *= 1.0 - share
    return 1.0 - left


def ways(first_share: float, levers: Iterable[Lever]) -> list[Chosen]:
    """Every set of levers that is not beaten by one that costs no more and does more, the cheapest first.

    >>> [one.codes for one in ways(0.8, [Lever("a", 10, 0.5), Lever("b", 20, 0.2)])]
    [(), ('a',), ('a', 'b')]
    """
    known = list(levers)
    every = [
        Chosen(
            tuple(one.code for one in some),
            sum(one.cost for one in some),
            success(first_share, (one.share for one in some)),
        )
        for size in range(len(known) + 1)
        for some in combinations(known, size)
    ]
    kept: list[Chosen] = []
    for one in sorted(every, key=lambda one: (one.cost, -one.success_share, one.codes)):
        if not kept or one.success_share > kept[-1].success_share + 1e-12:
            kept.append(one)
    return kept


def cheapest(first_share: float, levers: Iterable[Lever], least_share: float) -> Chosen | None:
    """The cheapest set that reaches a share of cases that go right; None where all of them together do not.

    >>> cheapest(0.75, [Lever("a", 10, 0.5), Lever("b", 20, 0.4)], 0.87).codes
    ('a',)
    >>> cheapest(0.75, [Lever("a", 10, 0.5)], 0.99) is None
    True
    """
    return next((one for one in ways(first_share, levers) if one.success_share >= least_share - 1e-12), None)


def levers_of(world: World) -> list[Lever]:
    """The five levers at mean assumptions: days × rate × the effort of a company of this size, in its currency."""
    effort, day = float(np.mean(world.effort)), float(np.mean(world["ai_day_rate"]))
    return [
        Lever(code, _mean(world, f"ai_lever_{code}_days") * day * effort, _mean(world, f"ai_lever_{code}_share"))
        for code in LEVERS
    ]


def least_share(world: World, action_risk: str) -> float:
    """The share of cases that must go right before a use case of this risk goes into operation, at its mean."""
    return _mean(world, f"ai_least_success_{action_risk}_share")


def seen_share(counts: Mapping[str, float | None]) -> float | None:
    """The share of answered cases that people took, as it was or edited, and that no error spoiled; None where none was answered.

    Args:
        counts: answered_count, accepted_count, edited_count and error_count of whole months, as the work log has them.

    >>> seen_share({"answered_count": 100, "accepted_count": 70, "edited_count": 20, "error_count": 5})
    0.85
    >>> seen_share({"answered_count": 0}) is None
    True
    """
    answered = float(counts.get("answered_count") or 0)
    if answered <= 0:
        return None
    taken = float(counts.get("accepted_count") or 0) + float(counts.get("edited_count") or 0)
    return max(min((taken - float(counts.get("error_count") or 0)) / answered, 1.0), 0.0)


def _mean(world: World, name: str) -> float:
    return float(np.mean(world[name]))
