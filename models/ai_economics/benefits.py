"""What a programme brings, by kind and month, on every path: minutes freed, errors avoided and caused, wrong commitments; never twice."""

from dataclasses import dataclass

import numpy as np

from models.ai_economics.costs import Amounts
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import MINUTES, World, cases, eligible, loops

POOL_SHARE = 0.6  # of the minutes in a pool of work that AI may free at most
DECIDES = ("agent", "customer-facing assistant")


@dataclass(frozen=True)
class Kind:
    """One kind of benefit: cash, capacity or soft; a direct saving or revenue that is protected."""

    code: str
    benefit_class: str
    is_direct: bool


KINDS = (
    Kind("minutes paid less", "cash", is_direct=True),
    Kind("minutes for more volume", "capacity", is_direct=True),
    Kind("minutes for other work", "soft", is_direct=True),
    Kind("errors avoided", "cash", is_direct=False),
    Kind("errors caused", "cash", is_direct=False),
    Kind("wrong commitments", "cash", is_direct=False),
    Kind("better decisions", "cash", is_direct=False),
)
BY_CODE = {kind.code: kind for kind in KINDS}
HEADLINE = tuple(kind.code for kind in KINDS if kind.benefit_class != "soft")


def of_programme(world: World) -> dict[str, Amounts]:
    """What each use case brings, use case → kind → (paths × T); those of one group one after another on what the former left.

    The minutes that a group frees never exceed 60 per cent of the minutes that there are; then all are cut alike.
    """
    found: dict[str, Amounts] = {}
    for group in sorted({case.group for case in world.use_cases}):
        members = sorted((case for case in world.use_cases if case.group == group), key=lambda case: case.turn)
        left = np.ones((1, 1))
        freed: dict[str, np.ndarray] = {}
        pool = np.zeros((1, 1))
        for case in members:
            minutes, removed = _minutes(world, case)
            freed[case.use_case_id] = minutes * left
            pool = np.maximum(pool, _pool(world, case))
            found[case.use_case_id] = _quality(world, case, left)
            left = left * (1 - removed)
        whole = sum(freed.values(), np.zeros((1, 1)))
        cut = np.minimum(
            1.0, np.divide(POOL_SHARE * pool, whole, out=np.ones(np.broadcast(pool, whole).shape), where=whole > 0)
        )
        for name, minutes in freed.items():
            found[name] = {**_money(world, minutes * cut), **found[name]}
    return found


def all_minutes(world: World, case: UseCase) -> np.ndarray:
    """What the whole work on its cases to come would be worth if none of it were left, cash and capacity, (paths × T)."""
    base = world.measured.get(case.use_case_id, {}).get("baseline_minutes", world.of(case, "baseline_minutes"))
    return cases(world, case) * base * world.wage / MINUTES * _headline_share(world)


def alternative(world: World, case: UseCase) -> np.ndarray:
    """What the cheapest way without a model would net in each month, (paths × T): its minutes at the same realisation, less its cost."""
    if case.stage == "stopped":
        return np.zeros((1, world.months))
    saved = eligible(world, case) * world.of(case, "baseline_minutes") * case.alternative.minutes_saved_share
    worth = saved * world.wage / MINUTES * _headline_share(world)
    cost = np.full((1, world.months), case.alternative.yearly_cost / 12)
    cost[0, 0] += case.alternative.one_time_cost
    return worth - cost * np.minimum(world.effort, 1.0)


def _minutes(world: World, case: UseCase) -> tuple[np.ndarray, np.ndarray]:
    """Minutes freed in each month, and the share of cases that leave the pool because nobody has to touch them any more."""
    count, (_, stopped) = cases(world, case), loops(case)
    measured = world.measured.get(case.use_case_id, {})
    if "minutes_saved" in measured:
        return count * measured["minutes_saved"], np.zeros((1, 1))
    base = world.of(case, "baseline_minutes")
    alone = world.of(case, "containment_share") * (1 - stopped)
    helped = world.of(case, "minutes_saved_share") * (1 - stopped)
    handed = world["ai_escalation_minutes"] if case.pattern in DECIDES else 0.0
    each = alone * base + (1 - alone) * (helped * base - handed)
    return count * each, alone * _adopted(world, case, count)


def _adopted(world: World, case: UseCase, count: np.ndarray) -> np.ndarray:
    """Cases done with AI as a share of all that there are."""
    every = eligible(world, case)
    return np.divide(count, every, out=np.zeros(np.broadcast(count, every).shape), where=every > 0).clip(0, 1)


def _pool(world: World, case: UseCase) -> np.ndarray:
    """Minutes of work that there are for a use case's kind of case."""
    measured = world.measured.get(case.use_case_id, {}).get("baseline_minutes")
    base = world.of(case, "baseline_minutes") if measured is None else measured
    return np.maximum(eligible(world, case), cases(world, case)) * base


def _money(world: World, minutes: np.ndarray) -> Amounts:
    """Freed minutes as money: what is paid less, what more volume takes up, and what is merely there for other work."""
    worth = minutes * world.wage / MINUTES
    paid = world["ai_realisation_share"]
    absorbed = (1 - paid) * world["ai_growth_absorbed_share"]
    return {
        "minutes paid less": worth * paid,
        "minutes for more volume": worth * absorbed,
        "minutes for other work": worth * (1 - paid - absorbed),
    }


def _headline_share(world: World) -> np.ndarray:
    paid = world["ai_realisation_share"]
    return paid + (1 - paid) * world["ai_growth_absorbed_share"]


def _quality(world: World, case: UseCase, left: np.ndarray) -> Amounts:
    """What becomes of errors and promises, less what reviewers stop; measured changes take the place of assumed ones."""
    count = cases(world, case) * left
    measured = world.measured.get(case.use_case_id, {})
    error = count * measured.get("error_cost", world["ai_error_cost"])
    promise = count * measured.get("commitment_cost", world["ai_commitment_cost"])
    slips = 1 - world.of(case, "review_share") * world["ai_review_catch_share"]
    decided = world.of(case, "containment_share") if case.pattern in DECIDES else 1.0
    if "error_share_change" in measured:
        change = measured["error_share_change"]
        avoided, caused = error * np.maximum(-change, 0), error * np.maximum(change, 0)
    else:
        avoided = error * decided * case.baseline_error_share
        caused = error * decided * world.of(case, "error_share") * slips
    if "commitment_share_change" in measured:
        broken = promise * measured["commitment_share_change"]
    else:
        broken = promise * decided * world.of(case, "wrong_commitment_share") * slips
    better = measured.get("decision_value", np.zeros((1, 1))) * np.ones((1, world.months))
    return {
        "errors avoided": avoided,
        "errors caused": -caused,
        "wrong commitments": -broken,
        "better decisions": better,
    }
