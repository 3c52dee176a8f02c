"""A whole programme on many paths: every cost line and every benefit, allocated, discounted, and judged together."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.ai_economics import benefits, costs, finance
from models.ai_economics.costs import Amounts
from models.ai_economics.lines import BY_CODE, SHARED
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import World, cases, unpriced

KEYS = ("users", "cases", "equal")


@dataclass(frozen=True)
class Gap:
    """What stands in no total, because the price of a model is not known.

    Attributes:
        models: those without a price.
        lines: the use case's cost lines that are left out.
        cases: whose calls have no price, in a month at the mean.
    """

    use_case_id: str
    name: str
    models: tuple[str, ...]
    lines: tuple[str, ...]
    cases: float

    @property
    def said(self) -> str:
        """The gap as a sentence.

        >>> Gap("UC9", "Quotes", ("draft-large",), ("model calls",), 1234.4).said
        'UC9 Quotes: no price is known for draft-large, so the model calls of 1,234 cases a month are in no total.'
        """
        rest = f" (and {', '.join(self.lines[1:])})" if len(self.lines) > 1 else ""
        return (
            f"{self.use_case_id} {self.name}: no price is known for {', '.join(self.models)}, so the {self.lines[0]}{rest} of "
            f"{self.cases:,.0f} cases a month are in no total."
        )


@dataclass(frozen=True)
class Simulated:
    """What came of a programme on each path; a cost without a price is NaN, and stands in no total of the programme.

    Attributes:
        costs: (use case, line code) → (paths × T); the use case is empty for what is shared.
        benefits: (use case, kind) → (paths × T).
        weights: use case → its share of what is shared; they sum to one.
        gaps: what the totals of the programme leave out; the use case itself has no known cost, return or worth.
    """

    world: World
    costs: Mapping[tuple[str, str], np.ndarray]
    benefits: Mapping[tuple[str, str], np.ndarray]
    weights: Mapping[str, float]
    gaps: tuple[Gap, ...] = ()

    @property
    def priced(self) -> Mapping[tuple[str, str], np.ndarray]:
        """The cost lines whose prices are known; those of `gaps` are left out."""
        left_out = {(gap.use_case_id, line) for gap in self.gaps for line in gap.lines}
        return {key: amount for key, amount in self.costs.items() if key not in left_out}

    def cost(self, use_case_id: str | None = None, *, is_loaded: bool = True, is_priced: bool = False) -> np.ndarray:
        """Cost by month, (paths × T): of all that has a price, or of one use case.

        Args:
            use_case_id: one use case; NaN where a price is not known, unless `is_priced` leaves that out.
            is_loaded: with its share of what is shared.
        """
        if use_case_id is None:
            return _sum(self.priced.values(), self.world)
        lines = self.priced if is_priced else self.costs
        own = _sum((amount for (name, _), amount in lines.items() if name == use_case_id), self.world)
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
    return Simulated(world, found, brought, weights(world, key), _gaps(world, found))


def gaps_said(found: Simulated, component: str | None = None) -> str | None:
    """What the totals leave out, of all or of one component's lines, in sentences; None where everything has a price."""
    told = [
        gap.said
        for gap in found.gaps
        if component is None or component in {BY_CODE[line].component for line in gap.lines}
    ]
    return " ".join(told) or None


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


def _gaps(world: World, found: Mapping[tuple[str, str], np.ndarray]) -> tuple[Gap, ...]:
    """The use cases some of whose lines have no price; a price that is not known is so on every path, so one path tells."""
    told = []
    for case in world.use_cases:
        name = case.use_case_id
        lines = tuple(
            code for (one, code), amount in found.items() if one == name and not np.isfinite(amount[:1]).all()
        )
        if lines:
            told.append(Gap(name, case.name, unpriced(world, case), lines, float(cases(world, case).mean())))
    return tuple(told)


def _named(name: str, amounts: Amounts) -> dict[tuple[str, str], np.ndarray]:
    return {(name, code): amount for code, amount in amounts.items()}


def _sum(amounts: object, world: World) -> np.ndarray:
    whole = np.zeros((1, world.months))
    for amount in amounts:  # type: ignore[attr-defined]  # any iterable of arrays
        whole = whole + amount
    return whole
