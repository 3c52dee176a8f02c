"""Scarce stock of many SKUs from many sites to many regions, also where the sites can only handle so much in all.

Without a shared capacity each SKU is a flow by itself. With one, sites get prices: each SKU answers to prices with its cheapest
flow, a small linear program mixes the answers within the capacities and gives better prices (Dantzig and Wolfe, 1960). As few
SKUs end up mixed as sites are full, so whole units come almost free, and a bound certifies the answer.
"""

import time
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from models import solver
from models.allocation.flow import flows

Vector = np.ndarray
ROUNDS, GAP, ROUNDED_GAP = 40, 2e-4, 7e-4
SOLVE_SECONDS, NODES, LANES = 10.0, 200, 3  # for the few SKUs that are mixed
TRUST = 0.5  # of the way from the best prices so far to those that the mix wants: all the way swings


@dataclass(frozen=True)
class Problem:
    """What there is, who wants it, and what serving and missing cost; `flow.flows` has the shapes.

    Attributes:
        use: what a unit of each SKU takes of a site's capacity.
        capacity: of each site; None where sites handle whatever there is.
    """

    cost: Vector
    stock: Vector
    demand: Vector
    floor: Vector
    worth: Vector
    floor_worth: Vector
    use: Vector
    capacity: Vector | None = None

    def at(self, prices: Vector, skus: Vector | slice = slice(None)) -> tuple[Vector, Vector, Vector]:
        """The cheapest flow of each SKU (or some) when a unit of each site's capacity has a price."""
        cost = self.cost[skus] + self.use[skus][:, None, None] * prices[None, :, None]
        rest = (self.stock, self.demand, self.floor, self.worth, self.floor_worth)
        return flows(cost, *(each[skus] for each in rest))

    def spent_by_sku(self, moved: Vector) -> Vector:
        """What a plan costs: shipping, and what is missed, more below a floor."""
        missed = self.demand - moved.sum(axis=1)
        soft = np.minimum(missed, self.demand - self.floor)
        lanes = np.where(moved > 0, self.cost, 0.0)
        return (lanes * moved).sum(axis=(1, 2)) + (soft * self.worth + (missed - soft) * self.floor_worth).sum(axis=1)

    def used(self, moved: Vector) -> Vector:
        """What a plan takes of each site's capacity."""
        return np.einsum("sdr,s->d", moved, self.use)


@dataclass(frozen=True)
class Plan:
    """A plan in whole units with what it is worth.

    Attributes:
        moved: `sku × site × region`.
        objective, bound: what it costs, and what no plan can cost less than.
        status: optimal, stopped (rounds ended before the gap was reached), or a plan trimmed to fit.
        stock_prices: what one more unit would save, `sku × site`; capacity_prices: by site.
        breaches: units below a floor, `sku × region`.
        mixed_count: SKUs that had to be rounded.
    """

    moved: Vector
    objective: float
    bound: float
    status: str
    seconds: float
    stock_prices: Vector
    capacity_prices: Vector
    breaches: Vector
    mixed_count: int = 0
    round_count: int = 0

    @property
    def gap(self) -> float:
        """How far it may lie above the best plan, as a share."""
        return max(self.objective - self.bound, 0.0) / max(abs(self.bound), 1e-9)


def plan(problem: Problem, *, gap: float = GAP, rounds: int = ROUNDS) -> Plan:
    """The cheapest plan in whole units, with prices and a bound; always one, for what cannot be served is missed and says so.

    Args:
        problem: what there is and who wants it.
        gap: it stops when the mix is within this share of the bound.
        rounds: of prices at most.

    >>> one = np.ones((1, 1))
    >>> small = Problem(np.ones((2, 1, 1)), 5 * np.ones((2, 1)), 4 * np.ones((2, 1)), np.zeros((2, 1)),
    ...     np.array([[3.0], [9.0]]), np.array([[3.0], [9.0]]), np.ones(2), np.array([5.0]))
    >>> found = plan(small)
    >>> found.moved.ravel().tolist(), found.objective, found.capacity_prices.tolist()
    ([1.0, 4.0], 14.0, [2.0])
    """  # fmt: skip
    begun = time.perf_counter()
    sites = problem.stock.shape[1]
    moved, spent, stock_prices = problem.at(np.zeros(sites))
    if problem.capacity is None or np.all(problem.used(moved) <= problem.capacity + 1e-9):
        return _told(problem, moved, float(spent.sum()), solver.OPTIMAL, begun, stock_prices, np.zeros(sites))
    mix = _Mix(problem)
    mix.add(np.zeros(sites), moved)
    prices, bound, best = np.zeros(sites), float(spent.sum()), np.zeros(sites)
    status, turn = solver.STOPPED, 0
    for turn in range(1, rounds + 1):
        wanted = mix.solve()
        if wanted is None:
            break
        if mix.cost - bound <= gap * abs(bound):
            status = solver.OPTIMAL
            break
        prices = best + TRUST * (wanted - best) if turn > 1 else wanted
        moved, spent, _ = problem.at(prices)
        dual = float(spent.sum() - prices @ problem.capacity)
        if dual > bound:
            bound, best = dual, prices
        mix.add(prices, moved)
    moved, mixed = mix.whole()
    stock_prices = problem.at(best)[2]
    return _told(problem, moved, bound, status, begun, stock_prices, best, mixed, turn)


def _told(  # noqa: PLR0917  one call of each kind, both above
    problem: Problem,
    moved: Vector,
    bound: float,
    status: str,
    begun: float,
    stock_prices: Vector,
    capacity_prices: Vector,
    mixed: int = 0,
    turn: int = 0,
) -> Plan:
    breaches = np.maximum(problem.floor - moved.sum(axis=1), 0.0)
    took = time.perf_counter() - begun
    return Plan(
        moved,
        float(problem.spent_by_sku(moved).sum()),
        bound,
        status,
        took,
        stock_prices,
        capacity_prices,
        breaches,
        mixed,
        turn,
    )


class _Mix:
    """The answers so far, and the cheapest mix of them within the capacities: shares of its answers that sum to one, for each SKU."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.capacity = np.zeros(0) if problem.capacity is None else problem.capacity
        skus, sites = problem.stock.shape
        missed = (problem.demand - problem.floor) * problem.worth + problem.floor * problem.floor_worth
        # To serve nothing fits every capacity, so there always is a mix. Prices without end are that answer's.
        self.asked = [np.full(sites, np.inf)]
        self.sku, self.turn = np.arange(skus), np.zeros(skus, int)
        self.costs, self.uses = missed.sum(axis=1), np.zeros((skus, sites))
        self.shares, self.cost = np.ones(skus), float("inf")
        self.known: set[tuple[float, ...]] = {(s, *([0.0] * sites)) for s in range(skus)}

    def add(self, prices: Vector, moved: Vector) -> None:
        """The answers to some prices, where they are new to their SKU."""
        problem = self.problem
        costs = problem.spent_by_sku(moved)
        uses = moved.sum(axis=2) * problem.use[:, None]
        found = [(s, *use) for s, use in enumerate(uses.round(6).tolist())]
        fresh = [s for s, answer in enumerate(found) if answer not in self.known]
        self.known.update(found)
        self.asked.append(prices)
        self.sku = np.concatenate([self.sku, fresh]).astype(int)
        self.turn = np.concatenate([self.turn, np.full(len(fresh), len(self.asked) - 1)])
        self.costs, self.uses = np.concatenate([self.costs, costs[fresh]]), np.concatenate([self.uses, uses[fresh]])

    def solve(self) -> Vector | None:
        """The prices that the cheapest mix puts on the sites; None where the solver had no answer, and the last mix stays."""
        count, skus = self.sku.size, self.problem.stock.shape[0]
        one_each = csr_array(coo_array((np.ones(count), (self.sku, np.arange(count))), shape=(skus, count)))
        found = solver.linear(
            self.costs, upper=(csr_array(self.uses.T), self.capacity), equal=(one_each, np.ones(skus))
        )
        if found.status != solver.OPTIMAL:
            return None
        self.shares, self.cost = found.values, found.objective
        return np.maximum(-found.upper_prices, 0.0)

    def whole(self) -> tuple[Vector, int]:
        """The mix in whole units, and how many SKUs had to be rounded: down, and what still fits given to whom it is worth most."""
        moved = np.zeros(self.problem.cost.shape)
        shares = np.concatenate([self.shares, np.zeros(self.sku.size - self.shares.size)])
        for turn in np.unique(self.turn[shares > 1e-9]):
            rows = np.flatnonzero((self.turn == turn) & (shares > 1e-9))
            if turn > 0:
                answer = self.problem.at(self.asked[turn], self.sku[rows])[0]
                moved[self.sku[rows]] += answer * shares[rows][:, None, None]
        whole = np.floor(moved + 1e-6)
        mixed = np.flatnonzero(np.abs(moved - whole).max(axis=(1, 2)) > 1e-6)
        rounded = _topped_up(self.problem, whole, mixed)
        spent = self.problem.spent_by_sku(rounded)
        # The few mixed SKUs may be as far from their best as the whole plan may be from its own.
        loose = ROUNDED_GAP * spent.sum() / max(spent[mixed].sum(), 1e-9)
        priced = self.problem.cost + self.problem.use[:, None, None] * self.asked[-1][None, :, None]
        lanes = (priced.argsort(axis=1).argsort(axis=1) < LANES) | (moved > 0)
        solved = _resolved(self.problem, whole, mixed, lanes, loose) if mixed.size else None
        if solved is not None and self.problem.spent_by_sku(solved).sum() < spent.sum():
            rounded = solved
        return rounded, mixed.size


def _resolved(problem: Problem, moved: Vector, skus: Vector, lanes_open: Vector, gap: float) -> Vector | None:
    """The few mixed SKUs planned anew in whole units, with what capacity the others leave; None where that is not found."""
    _, sites, regions = problem.cost.shape
    lanes, count = sites * regions, skus.size
    others = moved.copy()
    others[skus] = 0.0
    # Variables: by SKU its lanes, then what is missed beyond and below the floor.
    width = lanes + 2 * regions
    site, region = np.divmod(np.arange(lanes), regions)
    cost = np.concatenate(
        [problem.cost[skus].reshape(count, lanes), problem.worth[skus], problem.floor_worth[skus]], axis=1
    )
    served = np.tile(np.concatenate([region, np.arange(regions), np.arange(regions)]), count)
    of_sku = np.repeat(np.arange(count), width)
    demand_rows = (np.ones(count * width), (of_sku * regions + served, np.arange(count * width)))
    lane = (np.arange(count)[:, None] * width + np.arange(lanes)).ravel()
    stock_rows = (np.ones(lane.size), ((np.arange(count)[:, None] * sites + site).ravel(), lane))
    room_rows = (np.repeat(problem.use[skus], lanes), (np.tile(site, count), lane))
    shapes = (count * regions, count * sites, sites)
    blocks = zip((demand_rows, stock_rows, room_rows), shapes, strict=True)
    rows = csr_array(vstack([coo_array(entries, shape=(height, count * width)) for entries, height in blocks]))
    demand = problem.demand[skus].ravel()
    room = problem.capacity - problem.used(others)
    soft = problem.demand[skus] - problem.floor[skus]
    top = np.concatenate(
        [lanes_open[skus].reshape(count, lanes) * problem.demand.max(), soft, problem.floor[skus]], axis=1
    )
    found = solver.integer(
        cost.ravel(),
        rows,
        least=np.concatenate([demand, np.full(count * sites + sites, -np.inf)]),
        most=np.concatenate([demand, problem.stock[skus].ravel(), room]),
        is_whole=np.ones(cost.size),
        top=top.ravel(),
        gap=gap,
        seconds=SOLVE_SECONDS,
        nodes=NODES,
    )
    if not found.values.size:
        return None
    others[skus] = found.values.reshape(count, width)[:, :lanes].reshape(count, sites, regions)
    return others


def _topped_up(problem: Problem, moved: Vector, skus: Vector) -> Vector:
    """Units added where stock and capacity are left, those that save most by a unit of capacity first."""
    stock = problem.stock - moved.sum(axis=2)
    missed = problem.demand - moved.sum(axis=1)
    left = problem.capacity - problem.used(moved)
    wishes = []
    for s in skus.tolist():
        for d, r in np.argwhere((stock[s][:, None] >= 1) & (missed[s][None, :] >= 1)).tolist():
            soft = missed[s, r] <= problem.demand[s, r] - problem.floor[s, r]
            saved = (problem.worth if soft else problem.floor_worth)[s, r] - problem.cost[s, d, r]
            if saved > 0:
                wishes.append((-saved / max(problem.use[s], 1e-9), s, d, r))
    for _, s, d, r in sorted(wishes):
        fits = np.floor(left[d] / problem.use[s] + 1e-9) if problem.use[s] > 0 else np.inf
        step = max(min(stock[s, d], missed[s, r], fits), 0.0)
        moved[s, d, r] += np.floor(step)
        stock[s, d] -= np.floor(step)
        missed[s, r] -= np.floor(step)
        left[d] -= np.floor(step) * problem.use[s]
    return moved
