"""What could be moved between sites and what a plan of moves is worth, fixed costs of lines and trucks included."""

from dataclasses import dataclass, replace

import numpy as np

Vector = np.ndarray


@dataclass(frozen=True)
class Moves:
    """What could be moved. Lanes, steps of giving, steps of taking and pairs of sites are four lists of their own.

    Attributes:
        giver, taker, pair: of each lane, places in the other lists: a SKU at a site that gives, one that takes, a pair of sites.
        unit_cost, volume: of a unit on a lane; volume in the unit of `truck_capacity`.
        line_cost: of each lane that is used at all.
        gives, give_width, give_cost: steps of giving: whose, how wide, and what a unit costs the giver (rising).
        takes, take_width, take_worth: steps of taking: whose, how wide, what a unit is worth to the taker (falling).
        truck_cost, truck_capacity: by pair; without end means that one is enough for everything.
    """

    giver: Vector
    taker: Vector
    pair: Vector
    unit_cost: Vector
    volume: Vector
    line_cost: float
    gives: Vector
    give_width: Vector
    give_cost: Vector
    takes: Vector
    take_width: Vector
    take_worth: Vector
    truck_cost: Vector
    truck_capacity: Vector

    @property
    def givers(self) -> int:
        """How many shelves give."""
        return int(max(self.giver.max(initial=-1), self.gives.max(initial=-1))) + 1

    @property
    def takers(self) -> int:
        """How many shelves take."""
        return int(max(self.taker.max(initial=-1), self.takes.max(initial=-1))) + 1

    @property
    def most(self) -> Vector:
        """What could move on each lane at most: all that its giver gives or its taker takes."""
        gives = np.bincount(self.gives, self.give_width, self.givers)
        takes = np.bincount(self.takes, self.take_width, self.takers)
        return np.minimum(gives[self.giver], takes[self.taker])


@dataclass(frozen=True)
class Moved:
    """A plan: units on each lane (whole), trucks of each pair, what it gains, what no plan gains more than, and how it was found."""

    qty: Vector
    trucks: Vector
    gain: float
    bound: float
    status: str
    seconds: float

    @property
    def gap(self) -> float:
        """How far the gain may lie below the best one, as a share of it."""
        return max(self.bound - self.gain, 0.0) / max(abs(self.bound), 1e-9)


def useful(moves: Moves) -> Moves:
    """Without the steps that no lane could ever make use of, so that what could move at most is no more than it has to be."""
    cheapest = np.full(moves.givers, np.inf)
    np.minimum.at(cheapest, moves.gives, moves.give_cost)
    dearest = np.zeros(moves.takers)
    np.maximum.at(dearest, moves.takes, moves.take_worth)
    least = np.full(dearest.size, np.inf)
    np.minimum.at(least, moves.taker, cheapest[moves.giver] + moves.unit_cost)
    best = np.full(cheapest.size, -np.inf)
    np.maximum.at(best, moves.giver, dearest[moves.taker] - moves.unit_cost)
    takes, gives = moves.take_worth > least[moves.takes], moves.give_cost < best[moves.gives]
    return replace(
        moves,
        gives=moves.gives[gives],
        give_width=moves.give_width[gives],
        give_cost=moves.give_cost[gives],
        takes=moves.takes[takes],
        take_width=moves.take_width[takes],
        take_worth=moves.take_worth[takes],
    )


def gain_of(moves: Moves, qty: Vector) -> tuple[float, Vector]:
    """What a plan gains, and the trucks that it needs."""
    sent = np.bincount(moves.giver, qty, moves.givers)
    got = np.bincount(moves.taker, qty, moves.takers)
    worth = (_filled(moves.takes, moves.take_width, got) * moves.take_worth).sum()
    lost = (_filled(moves.gives, moves.give_width, sent) * moves.give_cost).sum()
    load = np.bincount(moves.pair, qty * moves.volume, moves.truck_cost.size)
    trucks = np.where(np.isinf(moves.truck_capacity), load > 0, np.ceil(load / moves.truck_capacity - 1e-9))
    fixed = (trucks * moves.truck_cost).sum() + moves.line_cost * (qty > 0).sum()
    return float(worth - lost - (qty * moves.unit_cost).sum() - fixed), trucks


def earned(moves: Moves, qty: Vector) -> Vector:
    """What each used lane earns at the mean worth of its taker and mean cost of its giver, less its own costs."""
    got, sent = np.bincount(moves.taker, qty, moves.takers), np.bincount(moves.giver, qty, moves.givers)
    worth = np.bincount(moves.takes, _filled(moves.takes, moves.take_width, got) * moves.take_worth, got.size)
    lost = np.bincount(moves.gives, _filled(moves.gives, moves.give_width, sent) * moves.give_cost, sent.size)
    mean = worth[moves.taker] / np.maximum(got[moves.taker], 1e-9) - lost[moves.giver] / np.maximum(
        sent[moves.giver], 1e-9
    )
    return np.where(qty > 0, qty * (mean - moves.unit_cost) - moves.line_cost, 0.0)


def only(moves: Moves, keep: Vector) -> Moves:
    """The lanes that are kept, with the steps of whoever still gives or takes."""
    lanes = {name: getattr(moves, name)[keep] for name in ("giver", "taker", "pair", "unit_cost", "volume")}
    is_given = np.isin(moves.gives, lanes["giver"])
    is_taken = np.isin(moves.takes, lanes["taker"])
    gives = {name: getattr(moves, name)[is_given] for name in ("gives", "give_width", "give_cost")}
    takes = {name: getattr(moves, name)[is_taken] for name in ("takes", "take_width", "take_worth")}
    return replace(moves, **lanes, **gives, **takes)


def _filled(owner: Vector, width: Vector, total: Vector) -> Vector:
    """How much of each step is used when steps of an owner are filled in their order."""
    order = np.argsort(owner, kind="stable")
    before = np.empty(owner.size)
    lined, wide = owner[order], width[order]
    running = np.cumsum(wide) - wide
    before[order] = running - running[np.searchsorted(lined, lined)]
    return np.clip(total[owner] - before, 0.0, width)
