"""How fast and how near the best are scarce stock, transfers with trucks and order release at the size of a company?

    .venv/bin/python -m benchmarks.allocation [--skus 2000] [--sites 10] [--regions 40] [--seed 1] [--anchor-seconds 120]

Made-up instances of a fixed seed. The same allocation is handed to scipy's default method (`highs`), with a time limit, in the same
run: `anchor_ratio` is its seconds over ours, a lower bound where it did not finish. Gaps are to proven bounds; `cpu_seconds`
tell what a busy machine hides. Prints one JSON line.
"""

import argparse
import json
import time

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array

from models.allocation.network import Plan, Problem, plan
from models.allocation.rules import RULES, Claims, given, worth_of
from models.inventory.move_book import Moves
from models.inventory.moves import moved
from models.orders.release import Backlog, in_turn, released

SHORT = 200


def main() -> None:
    """Print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--skus", type=int, default=2000)
    parser.add_argument("--sites", type=int, default=10)
    parser.add_argument("--regions", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--anchor-seconds", type=float, default=120.0)
    wishes = parser.parse_args()
    warm_up()
    shape = (wishes.skus, wishes.sites, wishes.regions)
    found = {
        "benchmark": "allocation",
        "lanes": int(np.prod(shape)),
        **allocation(shape, wishes.seed, wishes.anchor_seconds),
        "rules": rules(wishes.seed),
        "transfers_with_trucks": transfers(wishes.skus, wishes.sites, wishes.seed),
        "order_release": release(4_000, wishes.seed),
    }
    print(json.dumps(found))


def warm_up() -> None:
    """Compile what is compiled, on something tiny."""
    plan(problem((8, 2, 3), 0, shared=True))
    transfers(4, 2, 0)


def problem(shape: tuple[int, int, int], seed: int, *, shared: bool) -> Problem:
    """Stock for 60 to 110 % of demand, floors for two regions in three, and sites that handle 45 % of what they would in the median."""
    skus, sites, regions = shape
    dice = np.random.default_rng(seed)
    at, to = dice.uniform(0, 100, (sites, 2)), dice.uniform(0, 100, (regions, 2))
    far = np.linalg.norm(at[:, None] - to[None], axis=2)
    cost = 2 + far[None] * 0.1 * dice.uniform(0.5, 1.5, (skus, 1, 1))
    demand = dice.poisson(dice.gamma(1, 8, (skus, 1)), (skus, regions)) * (dice.random((skus, regions)) < 0.9) * 1.0
    share = dice.dirichlet(np.full(sites, 2.0), skus) * dice.uniform(0.6, 1.1, (skus, 1))
    stock = np.floor(share * demand.sum(axis=1, keepdims=True))
    tier = dice.choice([1, 1.5, 2.5], regions)
    worth = dice.lognormal(3, 0.6, (skus, 1)) * tier + 5
    floor = np.floor(demand * dice.choice([0, 0.5, 0.8], (1, regions)))
    use = dice.uniform(0.5, 2, skus)
    free = Problem(cost, stock, demand, floor, worth, 4 * worth, use)
    if not shared:
        return free
    load = free.used(plan(free).moved)
    capacity = np.full(sites, 0.9 * np.median(load))
    return Problem(cost, stock, demand, floor, worth, 4 * worth, use, capacity)


def allocation(shape: tuple[int, int, int], seed: int, limit: float) -> dict:
    """The three sizes, and the first two beside scipy's default."""
    alone, together = problem(shape, seed, shared=False), problem(shape, seed, shared=True)
    short = problem((SHORT, *shape[1:]), seed, shared=True)
    said = {}
    for name, each, seconds in (
        ("without_shared_capacity", alone, limit),
        ("with_shared_capacity", together, limit),
        (f"short_{SHORT}_with_shared_capacity", short, limit),
    ):
        began = time.process_time()
        ours = plan(each)
        spent = time.process_time() - began
        anchor = default(each, seconds)
        said[name] = {
            **figures(each, ours),
            "cpu_seconds": round(spent, 3),
            "anchor_seconds": round(anchor[0], 2),
            "anchor_finished": anchor[1] is not None,
            "anchor_ratio": round(anchor[0] / ours.seconds, 1),
            "above_anchor_share": None if anchor[1] is None else round(ours.objective / anchor[1] - 1, 6),
        }
    return said


def figures(asked: Problem, ours: Plan) -> dict:
    """What a plan says of itself, and whether it keeps to stock, demand, capacity and whole units."""
    is_kept = (
        np.all(ours.moved.sum(axis=2) <= asked.stock)
        and np.all(ours.moved.sum(axis=1) <= asked.demand)
        and np.all(ours.moved == np.round(ours.moved))
        and (asked.capacity is None or np.all(asked.used(ours.moved) <= asked.capacity + 1e-6))
    )
    return {
        "seconds": round(ours.seconds, 3),
        "status": ours.status,
        "gap_share": round(ours.gap, 6),
        "objective": round(ours.objective, 2),
        "bound": round(ours.bound, 2),
        "is_kept": bool(is_kept),
        "mean_stock_price": round(float(ours.stock_prices.mean()), 4),
        "capacity_prices": [round(float(price), 3) for price in ours.capacity_prices],
        "floor_breach_units": float(ours.breaches.sum()),
    }


def default(asked: Problem, seconds: float) -> tuple[float, float | None]:
    """The whole linear program by scipy's default method: seconds, and its objective where it finished."""
    skus, sites, regions = asked.cost.shape
    lanes, cells = asked.cost.size, skus * regions
    sku, site, region = np.unravel_index(np.arange(lanes), asked.cost.shape)
    every = np.arange(lanes + 2 * cells)
    served = np.concatenate([sku * regions + region, np.arange(cells), np.arange(cells)])
    equal = csr_array(coo_array((np.ones(every.size), (served, every)), shape=(cells, every.size)))
    row, column, value = sku * sites + site, np.arange(lanes), np.ones(lanes)
    most = asked.stock.ravel()
    if asked.capacity is not None:
        row = np.concatenate([row, skus * sites + site])
        column, value = np.tile(column, 2), np.concatenate([value, asked.use[sku]])
        most = np.concatenate([most, asked.capacity])
    upper = csr_array(coo_array((value, (row, column)), shape=(most.size, every.size)))
    cost = np.concatenate([asked.cost.ravel(), asked.worth.ravel(), asked.floor_worth.ravel()])
    top = np.concatenate([np.full(lanes, np.inf), (asked.demand - asked.floor).ravel(), asked.floor.ravel()])
    bounds = np.column_stack([np.zeros(every.size), top])
    begun = time.perf_counter()
    found = linprog(
        cost, upper, most, equal, asked.demand.ravel(), bounds, method="highs", options={"time_limit": seconds}
    )
    return time.perf_counter() - begun, float(found.fun) if found.status == 0 else None


def rules(seed: int) -> dict:
    """Every rule on 20,000 claims of 2,000 shelves, and what each misses of the optimum's objective."""
    dice, shelves, count = np.random.default_rng(seed), 2_000, 20_000
    shelf, wanted = dice.integers(0, shelves, count), np.ceil(dice.lognormal(1, 1, count))
    margin, tier = dice.lognormal(1, 0.7, count), dice.integers(0, 3, count)
    supply = np.floor(np.bincount(shelf, wanted, shelves) * dice.uniform(0.1, 0.9, shelves))
    floor = np.where(tier < 2, np.ceil(0.9 * wanted), 0.0)
    claims = Claims(
        supply,
        np.ones(shelves),
        shelf,
        wanted,
        floor,
        margin,
        margin * (3 - tier),
        tier,
        dice.permutation(count),
        np.full(count, np.nan),
    )
    begun = time.perf_counter()
    got = {rule: given(claims, rule) for rule in RULES}
    seconds = time.perf_counter() - begun
    worth = {rule: float(worth_of(claims, each).sum()) for rule, each in got.items()}
    return {
        "seconds": round(seconds, 3),
        "below_optimum_share": {rule: round(1 - each / worth["optimum"], 4) for rule, each in worth.items()},
    }


def transfers(skus: int, sites: int, seed: int) -> dict:
    """Surplus to deficit with trucks of a size: the value of the k-th unit falls, the giver's rises, and a truck costs what it costs."""
    dice = np.random.default_rng(seed)
    role = dice.choice([0, 1, 2], (skus, sites), p=[0.15, 0.5, 0.35])  # neither, gives, takes
    cells = [(s, d, role[s, d]) for s in range(skus) for d in range(sites)]
    gives = {(s, d): n for n, (s, d, _) in enumerate(c for c in cells if c[2] == 1)}
    takes = {(s, d): n for n, (s, d, _) in enumerate(c for c in cells if c[2] == 2)}
    lanes = [(gives[(s, i)], takes[(s, j)], i * sites + j, s) for s in range(skus) for i in range(sites) for j in range(sites)
             if (s, i) in gives and (s, j) in takes]  # fmt: skip
    giver, taker, pair, sku = np.array(lanes).T
    margin, volume = dice.lognormal(2, 0.8, skus), dice.uniform(0.2, 3, skus)
    step = np.arange(4)
    owner = [np.array([s for s, _ in cell]) for cell in (gives, takes)]
    widths = [np.ceil(dice.lognormal(1, 0.7, len(cell)))[:, None] * np.ones(4) for cell in (gives, takes)]
    far = dice.uniform(0.2, 1.5, sites * sites)
    asked = Moves(
        giver=giver,
        taker=taker,
        pair=pair,
        unit_cost=far[pair] * volume[sku],
        volume=volume[sku],
        line_cost=0.0,
        gives=np.repeat(np.arange(len(gives)), 4),
        give_width=widths[0].ravel(),
        give_cost=(margin[owner[0]][:, None] * np.array([0.02, 0.1, 0.3, 0.6])[step]).ravel(),
        takes=np.repeat(np.arange(len(takes)), 4),
        take_width=widths[1].ravel(),
        take_worth=(margin[owner[1]][:, None] * np.array([0.9, 0.6, 0.3, 0.1])[step]).ravel(),
        truck_cost=dice.uniform(200, 600, sites * sites),
        truck_capacity=np.full(sites * sites, 500.0),
    )
    began = time.process_time()
    found = moved(asked)
    return {
        "lanes": len(lanes),
        "cpu_seconds": round(time.process_time() - began, 2),
        "seconds": round(found.seconds, 2),
        "gain": round(found.gain, 2),
        "bound": round(found.bound, 2) if np.isfinite(found.bound) else None,
        "gap_share": round(found.gap, 5) if np.isfinite(found.gap) else None,
        "trucks": int(found.trucks.sum()),
        "is_whole": bool(np.all(found.qty == np.round(found.qty))),
    }


def release(orders: int, seed: int) -> dict:
    """Four lines an order, a third of the orders ship whole, stock for most and hours for two thirds; beside tier, then first come."""
    dice, skus, lines = np.random.default_rng(seed), 1_500, 4 * orders
    order, wanted = np.repeat(np.arange(orders), 4), np.ceil(dice.lognormal(1.5, 0.8, lines))
    sku = dice.integers(0, skus, lines)
    tier, age = dice.integers(0, 3, orders), dice.exponential(4, orders)
    worth = dice.lognormal(1, 0.6, lines) * (3 - tier)[order]
    line_hours, unit_hours, order_hours = np.full(lines, 0.02), dice.uniform(0.001, 0.01, lines), np.full(orders, 0.1)
    stock = np.floor(np.bincount(sku, wanted, skus) * dice.uniform(0.3, 1.3, skus))
    hours = 0.66 * float(line_hours.sum() + (unit_hours * wanted).sum() + order_hours.sum())
    backlog = Backlog(
        order,
        sku,
        wanted,
        worth,
        line_hours,
        unit_hours,
        dice.random(orders) < 0.35,
        age,
        tier,
        order_hours,
        stock,
        hours,
    )
    began = time.process_time()
    found = released(backlog, oldest_days=14)
    spent = time.process_time() - began
    usual = float((in_turn(backlog, tier, -age) * worth).sum())
    return {
        "lines": lines,
        "cpu_seconds": round(spent, 2),
        "seconds": round(found.seconds, 2),
        "status": found.status,
        "gap_share": round(found.gap, 6),
        "worth": round(found.worth, 2),
        "above_tier_then_first_come_share": round(found.worth / usual - 1, 4),
        "overdue_orders_left": int(found.waiting.size),
    }


if __name__ == "__main__":
    main()
