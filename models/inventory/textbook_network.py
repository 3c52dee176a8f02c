"""Safety stock over several stages that promise each other a time: the guaranteed-service model on a line or a tree."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf, sqrt


@dataclass(frozen=True)
class Stage:
    """A stage of the network; times are whole periods.

    Attributes:
        stage_id: its number.
        time: T, own processing time.
        holding_cost: h, of a unit of safety stock by period.
        successors: stages that it supplies.
        supply_time: promise of its outside supplier; says nothing where stages of the network supply it.
        promised_time: longest time that its customers accept; None where it has none.
        sd: of its customers' demand by period; 0 where it has none.
        z: safety factor.
    """

    stage_id: int
    time: int
    holding_cost: float
    successors: tuple[int, ...] = ()
    supply_time: int | None = None
    promised_time: int | None = None
    sd: float = 0.0
    z: float = 1.0


@dataclass(frozen=True)
class Promises:
    """The best promise of each stage to those that it supplies, and what the safety stock of all costs by period."""

    cost: float
    times: dict[int, int] = field(default_factory=dict)


def guaranteed_service(stages: Sequence[Stage]) -> Promises:
    """The promises that need the least safety stock: min Σ h_i·z_i·σ_i·√(SI_i + T_i - S_i) over a line or a tree.

    SI is the longest promise of those that supply a stage, S its own promise, 0 ≤ S ≤ SI + T; σ pools the demand of all
    customers down the tree (variances add up). Stages are cut off leaf by leaf; what is cut off is told by its least cost for
    each promise between it and the rest.

    Errors: ValueError where the stages are not one tree.

    Source: S. C. Graves and S. P. Willems, Optimizing Strategic Safety Stock Placement in Supply Chains, Manufacturing & Service
    Operations Management 2 (2000); Snyder and Shen, section 6.3, examples 6.3 and 6.5.

    >>> line = [
    ...     Stage(3, 1, 2, (2,), supply_time=1),
    ...     Stage(2, 0, 4, (1,)),
    ...     Stage(1, 1, 7, promised_time=1, sd=1),
    ... ]
    >>> round(guaranteed_service(line).cost, 6)
    2.828427
    """
    known = {stage.stage_id: stage for stage in stages}
    links = [(stage.stage_id, other) for stage in stages for other in stage.successors]
    if len(links) != len(stages) - 1:
        raise ValueError("The stages must form one tree.")
    tree = _Tree(known, links)
    root = stages[-1].stage_id
    best = min(
        ((tree.cost(root, None, supplied, own), supplied, own) for supplied, own in tree.pairs(root)),
        default=(inf, 0, 0),
    )
    times: dict[int, int] = {}
    tree.follow(root, None, best[1], best[2], times)
    if len(times) != len(stages):
        raise ValueError("The stages must form one tree.")
    return Promises(best[0], times)


class _Tree:
    """Costs of the part of the tree that hangs on a stage, seen from the neighbour it is reached from."""

    def __init__(self, known: dict[int, Stage], links: list[tuple[int, int]]) -> None:
        self.known = known
        self.before = {one: [a for a, b in links if b == one] for one in known}
        self.after = {one: [b for a, b in links if a == one] for one in known}
        self.longest = sum(stage.time for stage in known.values()) + max(
            stage.supply_time or 0 for stage in known.values()
        )
        self.sd = {one: sqrt(self._variance(one)) for one in known}
        self.kept: dict[tuple, float] = {}

    def _variance(self, one: int) -> float:
        return self.known[one].sd ** 2 + sum(self._variance(other) for other in self.after[one])

    def pairs(self, one: int) -> list[tuple[int, int]]:
        """Which promises to it and of it are possible."""
        stage = self.known[one]
        least, most = (0, self.longest) if self.before[one] else (stage.supply_time or 0,) * 2
        latest = self.longest if stage.promised_time is None else stage.promised_time
        return [
            (to_it, of_it) for to_it in range(least, most + 1) for of_it in range(min(to_it + stage.time, latest) + 1)
        ]

    def cost(self, one: int, seen_from: int | None, to_it: int, of_it: int) -> float:
        """Least cost of the stage and all that hangs on it but for the neighbour that it is seen from."""
        key = (one, seen_from, to_it, of_it)
        if key not in self.kept:
            stage = self.known[one]
            total = stage.holding_cost * stage.z * self.sd[one] * sqrt(to_it + stage.time - of_it)
            for other in self._others(one, seen_from):
                total += self._best(other, one, to_it, of_it)[0]
            self.kept[key] = total
        return self.kept[key]

    def _others(self, one: int, seen_from: int | None) -> list[int]:
        return [other for other in (*self.before[one], *self.after[one]) if other != seen_from]

    def _best(self, other: int, one: int, to_it: int, of_it: int) -> tuple[float, int, int]:
        """A neighbour's best promises: a supplier must promise in time, a successor must wait as long as it is promised."""
        if other in self.before[one]:
            fits = [pair for pair in self.pairs(other) if pair[1] <= to_it]
        else:
            fits = [pair for pair in self.pairs(other) if pair[0] >= of_it]
        return min(((self.cost(other, one, *pair), *pair) for pair in fits), default=(inf, 0, 0))

    def follow(self, one: int, seen_from: int | None, to_it: int, of_it: int, times: dict[int, int]) -> None:
        """Writes down the promises behind the least cost."""
        times[one] = of_it
        for other in self._others(one, seen_from):
            _, to_other, of_other = self._best(other, one, to_it, of_it)
            self.follow(other, one, to_other, of_other, times)
