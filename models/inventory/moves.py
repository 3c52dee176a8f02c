"""What to move between sites: worth falls with each unit that comes, cost rises with each that goes, lines and trucks cost once.

A linear program with the fixed costs spread over what could move gives a bound; then few trucks and lines are chosen, by
rounding at several thresholds and, where it is small enough, by an integer search; the better of them is kept.
"""

import time
from dataclasses import replace

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components

from models import solver
from models.inventory.move_book import Moved, Moves, earned, gain_of, only, useful

Vector = np.ndarray
THRESHOLDS = (0.1, 0.3, 0.5, 0.7, 0.9)
SMALL, SEARCH_SECONDS = 1_000, 15.0  # lanes: so many an integer search can take


def moved(moves: Moves, *, seconds: float = solver.SECONDS) -> Moved:
    """The plan that gains most; to move nothing is always one.

    >>> one = np.zeros(1, int)
    >>> moved(Moves(one, one, one, np.ones(1), np.ones(1), 2.0, one, np.array([9.0]), np.zeros(1), one, np.array([5.0]),
    ...     np.array([4.0]), np.array([3.0]), np.array([np.inf]))).gain
    10.0
    """  # fmt: skip
    begun = time.perf_counter()
    lanes, pairs = moves.giver.size, moves.truck_cost.size
    nothing = Moved(np.zeros(lanes), np.zeros(pairs), 0.0, 0.0, solver.OPTIMAL, 0.0)
    if not lanes:
        return nothing
    capacity = np.minimum(moves.truck_capacity, np.bincount(moves.pair, moves.volume * moves.most, pairs).clip(1e-9))
    moves = useful(replace(moves, truck_capacity=capacity))
    relaxed = _linear(moves, np.full(pairs, np.inf), seconds)
    if relaxed.status != solver.OPTIMAL:
        return replace(nothing, bound=float("inf"), status=relaxed.status, seconds=time.perf_counter() - begun)
    bound = -relaxed.objective
    wanted = relaxed.values[-pairs:]
    plans = [nothing]
    tried = {tuple(np.ceil(np.maximum(wanted - threshold, 0.0))) for threshold in THRESHOLDS}
    plans += [_thinned(moves, np.array(trucks), seconds) for trucks in sorted(tried)]
    plans += [_chosen(moves)]
    if lanes <= SMALL:
        searched, proven = _searched(moves, min(seconds, SEARCH_SECONDS))
        bound = min(bound, proven)
        plans += [searched] if searched is not None else []
    best = max(plans, key=lambda plan: plan.gain)
    status = solver.OPTIMAL if bound - best.gain <= solver.GAP * max(abs(bound), 1.0) else solver.STOPPED
    return Moved(best.qty, best.trucks, best.gain, bound, status, time.perf_counter() - begun)


def _rows(moves: Moves) -> csr_array:
    """What goes out of a giver is given, what is taken comes in, and what a pair carries fits its trucks: all at most nought."""
    lanes, gives, takes, pairs = moves.giver.size, moves.gives.size, moves.takes.size, moves.truck_cost.size
    givers, takers = moves.givers, moves.takers
    lane = np.arange(lanes)
    rows = [moves.giver, moves.gives, givers + moves.takes, givers + moves.taker, givers + takers + moves.pair]
    rows.append(givers + takers + np.arange(pairs))
    columns = [lane, lanes + np.arange(gives), lanes + gives + np.arange(takes), lane, lane]
    columns.append(lanes + gives + takes + np.arange(pairs))
    values = [np.ones(lanes), -np.ones(gives), np.ones(takes), -np.ones(lanes), moves.volume, -moves.truck_capacity]
    shape = (givers + takers + pairs, lanes + gives + takes + pairs)
    return csr_array(coo_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape))


def _cost(moves: Moves) -> Vector:
    return np.concatenate([moves.unit_cost, moves.give_cost, -moves.take_worth, moves.truck_cost])


def _linear(moves: Moves, trucks: Vector, seconds: float) -> solver.Solved:
    """The plan with parts of units and of trucks; a line's cost is spread over what could move on it, so it is never overstated."""
    cost = _cost(moves)
    most = moves.most
    cost[: most.size] += moves.line_cost / np.maximum(most, 1.0)
    rows = _rows(moves)
    top = np.concatenate([most, moves.give_width, moves.take_width, trucks])
    return solver.linear(cost, upper=(rows, np.zeros(rows.shape[0])), most=top, seconds=seconds)


def _thinned(moves: Moves, trucks: Vector, seconds: float) -> Moved:
    """The plan with so many trucks at most, in whole units; lines that do not earn their cost go, and it is solved once more."""
    runs = replace(moves, truck_cost=np.zeros(moves.truck_cost.size))
    best = Moved(np.zeros(moves.giver.size), np.zeros(trucks.size), 0.0, 0.0, solver.STOPPED, 0.0)
    keep = trucks[moves.pair] > 0
    for _ in range(2 if moves.line_cost > 0 else 1):
        if not keep.any():
            return best
        some = only(runs, keep)
        found = _linear(some, trucks, seconds)
        if found.status != solver.OPTIMAL:
            return best
        qty = np.zeros(moves.giver.size)
        qty[keep] = np.floor(found.values[: int(keep.sum())] + 1e-6)
        gain, needed = gain_of(moves, qty)
        if gain > best.gain:
            best = Moved(qty, needed, gain, 0.0, solver.STOPPED, 0.0)
        keep = keep & _earns(moves, qty)
    return best


def _chosen(moves: Moves) -> Moved:
    """Lines chosen one after another, and trips that do not pay given up, the worst first, until each one does."""
    from models.inventory.best_lines import best_lines

    _, of_shelf = connected_components(
        coo_array(
            (np.ones(moves.giver.size), (moves.giver, moves.givers + moves.taker)),
            shape=(moves.givers + moves.takers,) * 2,
        ),
        directed=False,
    )
    group, pairs = of_shelf[moves.giver], moves.truck_cost.size
    order = np.lexsort((np.arange(group.size), group))
    gives, takes = np.argsort(moves.gives, kind="stable"), np.argsort(moves.takes, kind="stable")
    steps = (
        np.searchsorted(moves.gives[gives], np.arange(moves.givers + 1)), moves.give_width[gives], moves.give_cost[gives],
        np.searchsorted(moves.takes[takes], np.arange(moves.takers + 1)), moves.take_width[takes], moves.take_worth[takes],
    )  # fmt: skip
    # Where one trip carries everything, its cost is weighed against all that it carries, below; else each unit bears its part.
    load = np.bincount(moves.pair, moves.volume * moves.most, pairs)
    part = np.where(load > moves.truck_capacity * (1 + 1e-9), moves.truck_cost / moves.truck_capacity, 0.0)
    per_unit = part[moves.pair] * moves.volume
    is_open = np.ones(pairs, bool)
    best = Moved(np.zeros(moves.giver.size), np.zeros(pairs), 0.0, 0.0, solver.STOPPED, 0.0)
    for _ in range(pairs + 1):
        qty = np.zeros(moves.giver.size)
        qty[order] = best_lines(
            moves.giver[order], moves.taker[order], (moves.unit_cost + per_unit)[order], moves.line_cost,
            is_open[moves.pair[order]], group[order], *steps,
        )  # fmt: skip
        gain, trucks = gain_of(moves, qty)
        if gain > best.gain:
            best = Moved(qty, trucks, gain, 0.0, solver.STOPPED, 0.0)
        net = np.bincount(moves.pair, earned(moves, qty), pairs) - trucks * moves.truck_cost
        if not (is_open & (net < 0)).any():
            break
        is_open[np.argmin(np.where(is_open, net, np.inf))] = False
    return best


def _earns(moves: Moves, qty: Vector) -> Vector:
    """Lanes whose units, at the margin of what is planned, bring in the cost of their line."""
    return (qty > 0) & (earned(moves, qty) > 0)


def _searched(moves: Moves, seconds: float) -> tuple[Moved | None, float]:
    """The integer search with a yes or no for each line: a plan, where it finds one, and a bound on every plan."""
    lanes = moves.giver.size
    rows = _rows(moves)
    is_used = coo_array(
        (
            np.concatenate([np.ones(lanes), -moves.most]),
            (np.tile(np.arange(lanes), 2), np.concatenate([np.arange(lanes), rows.shape[1] + np.arange(lanes)])),
        ),
        shape=(lanes, rows.shape[1] + lanes),
    )
    wide = coo_array(rows)
    wide = coo_array((wide.data, (wide.row, wide.col)), shape=(rows.shape[0], rows.shape[1] + lanes))
    every = csr_array(vstack([wide, is_used]))
    steps = np.zeros(moves.gives.size + moves.takes.size)
    found = solver.integer(
        np.concatenate([_cost(moves), np.full(lanes, moves.line_cost)]),
        every,
        least=np.full(every.shape[0], -np.inf),
        most=np.zeros(every.shape[0]),
        is_whole=np.concatenate([np.ones(lanes), steps, np.ones(moves.truck_cost.size + lanes)]),
        top=np.concatenate(
            [moves.most, moves.give_width, moves.take_width, np.full(moves.truck_cost.size, 1e6), np.ones(lanes)]
        ),
        gap=1e-4,
        seconds=seconds,
    )
    if not found.values.size:
        return None, -found.bound
    qty = np.floor(found.values[:lanes] + 1e-6)
    gain, trucks = gain_of(moves, qty)
    return Moved(qty, trucks, gain, 0.0, found.status, 0.0), -found.bound
