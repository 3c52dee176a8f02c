"""Where each workflow is served, all of them together, at least cost a year: run, outages, governance and what is shared.

An integer program (method section 5.4). No weight of any criterion enters it.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from models import solver
from models.ai_economics.estate import (
    EDGE,
    PRIVATE,
    SAME,
    Assignment,
    Choice,
    Estate,
    Impossible,
    keeps,
    priced,
    stands,
)
from models.ai_economics.placement_needs import WAYS

__all__ = ["Assignment", "Choice", "Estate", "Impossible", "assign"]
HALF = 0.5


def assign(estate: Estate, *, seconds: float = solver.SECONDS) -> Assignment | Impossible:
    """The cheapest assignment: least Σ own costs + fixed by way + by site + nodes, each workflow one way; or why there is none.

    A node more is bought whole. Of two ways for a workflow that leave the total alike, the one named first in WAYS is taken.

    Args:
        estate: what there is to choose from.
        seconds: limit of the search; what it then has found is given as stopped.

    >>> choices = (
    ...     Choice("picking", "central api", 10.0, 60.0, 0.0),
    ...     Choice("picking", "hybrid", 10.0, 5.0, 5.0, sites=("a", "b")),
    ... )
    >>> found = assign(Estate(choices=choices, fixed={"edge": 20.0}, per_site={("edge", "a"): 8.0, ("edge", "b"): 8.0}))
    >>> found.ways, found.fixed_cost, found.total
    ({'picking': 'hybrid'}, 36.0, 56.0)
    """
    known = {choice.workflow for choice in estate.choices}
    bare = tuple(name for name in estate.served if name not in known)
    if bare:
        return Impossible(f"No way is possible for {', '.join(bare)}.", workflows=bare)
    if not estate.served:
        return priced(estate, {})
    program = _program(estate)
    found = _least(program, program.total, program.limits, seconds)
    if found.status == solver.INFEASIBLE:
        return _why_not(estate, program)
    if not found.values.size:
        return Impossible("The search met its limit before it found any assignment.")
    taken = (choice for choice, part in zip(estate.choices, found.values, strict=False) if part > HALF)
    ways = {choice.workflow: choice.way for choice in taken}
    return _named_first(estate, priced(estate, {name: ways[name] for name in estate.served}, status=found.status))


@dataclass(frozen=True)
class _Program:
    """The integer program of an estate: a column for each choice, each kind used, each group of sites, and the count of nodes.

    Attributes:
        total, paid, machines: what a column adds to each. rows, least, most: what always holds.
        limits: further rows with what each may come to at most: machines first, then what is paid.
    """

    total: np.ndarray
    paid: np.ndarray
    machines: np.ndarray
    rows: csr_array
    least: np.ndarray
    most: np.ndarray
    limits: tuple[tuple[np.ndarray, float], ...]
    count: int


def _program(estate: Estate) -> _Program:
    """Sites at which the same choices would stand are one column, for they are used together or not at all."""
    groups: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for (kind, site), users in _users(estate).items():
        groups.setdefault((kind, tuple(users)), []).append(site)
    kinds = sorted({choice.kind for choice in estate.choices})
    of_kind = [(kind, tuple(at for at, one in enumerate(estate.choices) if one.kind == kind)) for kind in kinds]
    own = np.array([(choice.own_cost, choice.run_cost + choice.governance_cost, 0.0) for choice in estate.choices])
    spares = estate.spare_nodes * estate.node_cost
    once = [estate.fixed.get(kind, 0.0) + (spares if kind == PRIVATE else 0.0) for kind in kinds]
    by_site = [math.fsum(estate.per_site.get((kind, site), 0.0) for site in at) for (kind, _), at in groups.items()]
    stood = [0.0] * len(kinds) + [float(len(at)) if kind == EDGE else 0.0 for (kind, _), at in groups.items()]
    shared = np.array([(cost, cost, count) for cost, count in zip([*once, *by_site], stood, strict=True)])
    total, paid, machines = np.vstack([own, shared, [(estate.node_cost, estate.node_cost, 0.0)]]).T
    rows, least, most = _rows(estate, of_kind, [*of_kind, *groups])
    limits = [] if estate.most_endpoints is None else [(machines, float(estate.most_endpoints))]
    limits += [] if estate.budget is None else [(paid, estate.budget)]
    return _Program(total, paid, machines, rows, least, most, tuple(limits), len(estate.choices))


def _users(estate: Estate) -> dict[tuple[str, str], list[int]]:
    """By kind and site, the numbers of the choices that would stand there."""
    found: dict[tuple[str, str], list[int]] = {}
    for at, choice in enumerate(estate.choices):
        for site in set(choice.sites):
            if stands(estate, choice.kind, site):
                found.setdefault((choice.kind, site), []).append(at)
    return found


def _rows(
    estate: Estate, of_kind: list[tuple[str, tuple[int, ...]]], shared: list[tuple[str, tuple[int, ...]]]
) -> tuple[csr_array, np.ndarray, np.ndarray]:
    """Each workflow has one way; what it stands on is there; nodes serve the load, and there is one at least."""
    owner = [choice.workflow for choice in estate.choices]
    first, nodes = len(owner), len(owner) + len(shared)
    rows: list[dict[int, float]] = [{at: 1.0 for at, name in enumerate(owner) if name == one} for one in estate.served]
    for column, (_, users) in enumerate(shared, start=first):
        # A workflow takes one way, so all its ways that stand here go into one row: tighter than a row for each.
        ours: dict[str, dict[int, float]] = {}
        for at in users:
            ours.setdefault(owner[at], {column: -1.0})[at] = 1.0
        rows += ours.values()
    for column, (kind, users) in enumerate(of_kind, start=first):
        if kind == PRIVATE:
            load = {at: estate.choices[at].load / estate.node_capacity for at in users}
            rows += [load | {nodes: -1.0}, {column: 1.0, nodes: -1.0}]
    cells = [(number, at, part) for number, row in enumerate(rows) for at, part in row.items()]
    row_of, column_of, part = (np.array(each) for each in zip(*cells, strict=True))
    one_way = np.arange(len(rows)) < len(estate.served)
    found = csr_array(coo_array((part, (row_of, column_of)), shape=(len(rows), nodes + 1)))
    return found, np.where(one_way, 1.0, -np.inf), np.where(one_way, 1.0, 0.0)


def _least(
    program: _Program, cost: np.ndarray, limits: tuple[tuple[np.ndarray, float], ...], seconds: float = solver.SECONDS
) -> solver.Solved:
    """Only choices and nodes need be whole: what is shared costs no less than nought, so it is as little as the choices allow."""
    rows = [program.rows, *(csr_array(part[None, :]) for part, _ in limits)]
    is_whole, top = np.zeros(cost.size), np.ones(cost.size)
    is_whole[: program.count], is_whole[-1], top[-1] = 1, 1, np.inf
    return solver.integer(
        cost,
        csr_array(vstack(rows)),
        least=np.concatenate([program.least, np.full(len(limits), -np.inf)]),
        most=np.concatenate([program.most, [most for _, most in limits]]),
        is_whole=is_whole,
        top=top,
        gap=0.0,
        seconds=seconds,
    )


def _why_not(estate: Estate, program: _Program) -> Impossible:
    """Every workflow has a way, so it is the people or the budget: the least of each that would do."""
    tended = program.limits if estate.budget is None else program.limits[:-1]
    if estate.most_endpoints is not None:
        fewest = round(_least(program, program.machines, ()).objective)
        if fewest > estate.most_endpoints:
            said = f"At least {fewest} machines must stand at sites; the people can look after {estate.most_endpoints}."
            return Impossible(said, least_endpoints=fewest)
    least = _least(program, program.paid, tended).objective
    said = f"The budget of {estate.budget:,.0f} a year is too small: the least that can be paid is {least:,.0f}."
    return Impossible(said, least_budget=least)


def _named_first(estate: Estate, found: Assignment) -> Assignment:
    """The same total with ways that are named earlier, so that a draw is no reason to buy or move anything."""
    open_to = {(choice.workflow, choice.way) for choice in estate.choices}
    for name in found.ways:
        for way in WAYS[: WAYS.index(found.ways[name])]:
            if (name, way) in open_to:
                other = priced(estate, found.ways | {name: way}, status=found.status)
                if other.total <= found.total + SAME * max(found.total, 1.0) and keeps(estate, other):
                    found = other
                    break
    return found
