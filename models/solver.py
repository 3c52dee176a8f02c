"""Linear and integer programs by HiGHS, with what an answer is worth: status, gap, bound, seconds and the price of each row.

Nothing here raises for a hard problem: an answer that is not the optimum says so, and by how much it may be short of it.
"""

import time
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, hstack, identity, kron, vstack

Vector = np.ndarray
# A count of nodes and not of seconds ends a search where it can, so that a slow machine decides the same as a fast one.
NODES, SECONDS, GAP = 20_000, 60.0, 1e-4
OPTIMAL, STOPPED, INFEASIBLE = "optimal", "stopped", "infeasible"


@dataclass(frozen=True)
class Solved:
    """The answer to a minimisation.

    Attributes:
        values: one for each variable; empty where none was found.
        objective, bound: what the answer costs, and what no answer can cost less than.
        status: optimal, stopped (a limit came first) or infeasible.
        seconds: it took so long; never part of a score, for it is never twice the same.
        upper_prices, equal_prices: what the objective would change by if a row's right-hand side were one larger (linear only).
    """

    values: Vector
    objective: float
    bound: float
    status: str
    seconds: float
    upper_prices: Vector = field(default_factory=lambda: np.zeros(0))
    equal_prices: Vector = field(default_factory=lambda: np.zeros(0))

    @property
    def gap(self) -> float:
        """How far the answer may lie above the best one, as a share of it; nought for an optimum.

        >>> Solved(np.zeros(1), 102.0, 100.0, STOPPED, 0.1).gap
        0.02
        """
        if not self.values.size:
            return float("inf")
        return max(self.objective - self.bound, 0.0) / max(abs(self.bound), 1e-9)


def linear(
    cost: Vector,
    *,
    upper: tuple[csr_array, Vector] | None = None,
    equal: tuple[csr_array, Vector] | None = None,
    most: Vector | float | None = None,
    seconds: float = SECONDS,
) -> Solved:
    """Least `cost @ x` with `upper[0] @ x <= upper[1]`, `equal[0] @ x == equal[1]` and `0 <= x <= most`.

    The interior-point method with a crossover: a corner with prices, many times sooner than the default at the size of a company.

    >>> linear(np.array([-3.0, -2.0]), upper=(csr_array([[1.0, 1.0]]), np.array([4.0])), most=3.0).values.tolist()
    [3.0, 1.0]
    """
    begun = time.perf_counter()
    bounds = np.column_stack([np.zeros(cost.size), np.broadcast_to(np.inf if most is None else most, cost.size)])
    rows = {"A_ub": upper[0], "b_ub": upper[1]} if upper else {}
    rows |= {"A_eq": equal[0], "b_eq": equal[1]} if equal else {}
    found = linprog(cost, bounds=bounds, method="highs-ipm", options={"time_limit": seconds}, **rows)
    took = time.perf_counter() - begun
    if found.x is None or found.status not in (0, 1):
        return Solved(np.zeros(0), float("inf"), -float("inf"), INFEASIBLE, took)
    done = found.status == 0
    return Solved(
        np.maximum(found.x, 0.0),
        float(found.fun),
        float(found.fun) if done else -float("inf"),
        OPTIMAL if done else STOPPED,
        took,
        found.ineqlin.marginals if done else np.zeros(0),
        found.eqlin.marginals if done else np.zeros(0),
    )


def integer(
    cost: Vector,
    rows: csr_array,
    *,
    least: Vector | float,
    most: Vector | float,
    is_whole: Vector,
    bottom: Vector | float = 0.0,
    top: Vector | float = 1.0,
    gap: float = GAP,
    seconds: float = SECONDS,
    nodes: int = NODES,
) -> Solved:
    """Least `cost @ x` with `least <= rows @ x <= most`, `bottom <= x <= top`, whole where `is_whole`.

    >>> one_of_two = csr_array([[1.0, 1.0]])
    >>> integer(np.array([-5.0, -4.0]), one_of_two, least=0, most=1, is_whole=np.ones(2)).values.tolist()
    [1.0, 0.0]
    """
    begun = time.perf_counter()
    found = milp(
        cost,
        constraints=LinearConstraint(rows, least, most),
        integrality=np.broadcast_to(is_whole, cost.size).astype(int),
        bounds=Bounds(np.broadcast_to(bottom, cost.size), np.broadcast_to(top, cost.size)),
        options={"time_limit": seconds, "mip_rel_gap": gap, "node_limit": nodes},
    )
    took = time.perf_counter() - begun
    if found.x is None:
        bound = getattr(found, "mip_dual_bound", None)
        status = INFEASIBLE if found.status == 2 else STOPPED
        return Solved(np.zeros(0), float("inf"), -float("inf") if bound is None else float(bound), status, took)
    values = np.where(is_whole, np.round(found.x), found.x)
    bound = float(found.mip_dual_bound) if found.mip_dual_bound is not None else float(found.fun)
    return Solved(values, float(found.fun), bound, OPTIMAL if found.status == 0 else STOPPED, took)


def transport(supply: Vector, demand: Vector, cost: Vector) -> Solved:
    """The cheapest way to bring every demand what it wants: quantities `source × sink`, flat; prices of the supplies in `upper_prices`.

    >>> transport(np.array([3.0]), np.array([1.0, 2.0]), np.array([[5.0, 1.0]])).objective
    7.0
    """
    sources, sinks = cost.shape
    leaving = csr_array(kron(identity(sources), np.ones((1, sinks))))
    arriving = csr_array(kron(np.ones((1, sources)), identity(sinks)))
    return linear(cost.ravel(), upper=(leaving, supply), equal=(arriving, demand))


def open_sites(fixed: Vector, capacity: Vector, cost: Vector, *, seconds: float = SECONDS) -> Solved:
    """Which sites to open, and from which one each customer is served, at least cost: `customer × site` flat, then `site`.

    Args:
        fixed: cost of each open site.
        capacity: customers that each can serve.
        cost: `customer × site`.
        seconds: limit.

    >>> open_sites(np.array([10.0, 1.0]), np.array([2, 2]), np.array([[1.0, 2.0], [1.0, 2.0]])).objective
    5.0
    """
    customers, sites = cost.shape
    served = kron(identity(customers), np.ones((1, sites)))
    within = hstack([kron(np.ones((1, customers)), identity(sites)), -np.diag(capacity)])
    only_open = hstack([identity(customers * sites), -kron(np.ones((customers, 1)), identity(sites))])
    blank = coo_array((customers, sites))
    rows = csr_array(vstack([hstack([served, blank]), within, only_open]))
    least = np.concatenate([np.ones(customers), np.full(sites + customers * sites, -np.inf)])
    most = np.concatenate([np.ones(customers), np.zeros(sites + customers * sites)])
    charge = np.concatenate([cost.ravel(), np.broadcast_to(fixed, sites)])
    return integer(charge, rows, least=least, most=most, is_whole=np.ones(charge.size), seconds=seconds, gap=0.0)


def assigned(value: Vector, resource: Vector, capacity: Vector, *, seconds: float = SECONDS) -> Solved:
    """Each job to one agent within the agents' capacities, for the most value: `agent × job` flat; the objective is negated.

    >>> found = assigned(np.array([[5.0, 4.0], [4.0, 1.0]]), np.ones((2, 2)), np.ones(2))
    >>> -found.objective, found.values.tolist()
    (8.0, [0.0, 1.0, 1.0, 0.0])
    """
    agents, jobs = value.shape
    once = kron(np.ones((1, agents)), identity(jobs))
    used = coo_array((resource.ravel(), (np.repeat(np.arange(agents), jobs), np.arange(agents * jobs))))
    least = np.concatenate([np.ones(jobs), np.full(agents, -np.inf)])
    most = np.concatenate([np.ones(jobs), capacity])
    rows = csr_array(vstack([once, used]))
    return integer(-value.ravel(), rows, least=least, most=most, is_whole=np.ones(value.size), seconds=seconds, gap=0.0)
