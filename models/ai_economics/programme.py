"""A whole programme on many paths: every cost line and every benefit, allocated, discounted, and judged together."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.ai_economics import benefits, costs, finance
from models.ai_economics.costs import Amounts
from models.ai_economics.lines import SHARED
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import World, cases

KEYS = ("users", "cases", "equal")


@dataclass(frozen=True)
class Simulated:
    """What came of a programme on each path.

    Attributes:
        costs: (use case, line code) → (paths × T); the use case is empty for what is shared.
        benefits: (use case, kind) → (paths × T).
        weights: use case → its share of what is shared; they sum to one.
    """

    world: World
    costs: Mapping[tuple[str, str], np.ndarray]
    benefits: Mapping[tuple[str, str], np.ndarray]
    weights: Mapping[str, float]

    def cost(self, use_case_id: str | None = None, *, is_loaded: bool = True) -> np.ndarray:
        """Cost by month, (paths × T): of all, or of one use case with its share of what is shared unless `is_loaded` is off."""
        if use_case_id is None:
            return _sum(self.costs.values(), self.world)
        own = _sum((amount for (name, _), amount in self.costs.items() if name == use_case_id), self.world)
        if not is_loaded:
            return own
        common = _sum((amount for (name, _), amount in self.costs.items() if name == SHARED), self.world)
        return own + self.weights.get(use_case_id, 0.0) * common

    def benefit(self, use_case_id: str | None = None, *, has_soft: bool = False) -> np.ndarray:
        """Benefit by month, (paths × T), cash and capacity; soft ones only where they are asked for."""
        wanted = {kind.code for kind in benefits.KINDS} if has_soft else set(benefits.HEADLINE)
        chosen = (
            amount for (name, kind), amount in self.benefits.items() if kind in wanted and use_case_id in (None, name)
        )
        return _sum(chosen, self.world)

    def npv(self, use_case_id: str | None = None, *, is_loaded: bool = True) -> np.ndarray:
        """Net present value on each path: the first month's flow at once, the following at the monthly rate of 10 per cent a year."""
        return self.worth(self.benefit(use_case_id) - self.cost(use_case_id, is_loaded=is_loaded))

    @property
    def monthly_rate(self) -> float:
        """The rate by month at which later money is discounted."""
        return float(np.asarray(finance.monthly_rate(float(np.mean(self.world["ai_discount_share_per_year"])))))

    def worth(self, flows: np.ndarray) -> np.ndarray:
        """What monthly flows (paths × T) are worth today, one number a path."""
        return np.asarray(flows) @ (1.0 + self.monthly_rate) ** -np.arange(self.world.months, dtype=float)


def simulated(world: World, *, key: str = "users") -> Simulated:
    """Every cost line and benefit of a programme on the paths of a world.

    Args:
        key: what shared costs are allocated by: active users and months (all use cases alike), cases, or equal shares.
    """
    found: dict[tuple[str, str], np.ndarray] = {}
    for case in world.use_cases:
        found |= _named(case.use_case_id, costs.of_use_case(world, case))
    found |= _named(SHARED, costs.shared(world))
    brought: dict[tuple[str, str], np.ndarray] = {}
    for name, kinds in benefits.of_programme(world).items():
        brought |= _named(name, kinds)
    return Simulated(world, found, brought, weights(world, key))


def weights(world: World, key: str) -> dict[str, float]:
    """Each use case's share of what is shared; those that were stopped bear nothing."""
    live = [case for case in world.use_cases if case.stage != "stopped"]
    if not live:
        return {}
    size = {case.use_case_id: _size(world, case, key) for case in live}
    whole = sum(size.values())
    if whole <= 0:
        return {name: 1 / len(live) for name in size}
    return {name: one / whole for name, one in size.items()}


def _size(world: World, case: UseCase, key: str) -> float:
    if key == "cases":
        return float(cases(world, case).mean())
    return 1.0


def _named(name: str, amounts: Amounts) -> dict[tuple[str, str], np.ndarray]:
    return {(name, code): amount for code, amount in amounts.items()}


def _sum(amounts: object, world: World) -> np.ndarray:
    whole = np.zeros((1, world.months))
    for amount in amounts:  # type: ignore[attr-defined]  # any iterable of arrays
        whole = whole + amount
    return whole
