"""How fast is the placement of workflows, is it the best there is, and how long does a search for flip points take?

    .venv/bin/python -m benchmarks.placement [--small 200] [--seeds 5]

Small estates by chance are held against brute force over every combination. Large ones have nothing alike: each workflow has sites of its
own. Outages cost next to nothing to much, and nodes little to much, so that every way is chosen somewhere; seconds are those of the
slowest. Prints one JSON line.
"""

import argparse
import json
import time

from models.ai_economics.assignment import Assignment, Estate, assign
from models.ai_economics.flip_points import flips
from tests.ai_estates import by_chance, every_total, large, method, with_outages

SHAPES = ((18, 25), (60, 40))
OUTAGES = (0.02, 0.05, 0.1, 0.3, 1.0)
WANTED_SECONDS = 0.2


def main() -> None:
    """Print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=5)
    wishes = parser.parse_args()
    assign(method())  # what is loaded at the first call is not counted
    print(json.dumps({
        "benchmark": "placement",
        "small": beside_brute_force(wishes.small),
        "wanted_seconds": WANTED_SECONDS,
        **{f"{workflows}_workflows_{sites}_sites": slowest(workflows, sites, wishes.seeds) for workflows, sites in SHAPES},
        "flips": searches(),
    }))  # fmt: skip


def beside_brute_force(count: int) -> dict:
    """How many small estates agree with the best of every combination, and how much longer that takes."""
    agreed, impossible, ours, brute = 0, 0, 0.0, 0.0
    for seed in range(count):
        estate = by_chance(seed)
        began = time.perf_counter()
        found = assign(estate)
        ours += time.perf_counter() - began
        began = time.perf_counter()
        every = every_total(estate)
        brute += time.perf_counter() - began
        least = min(every.values(), default=None)
        is_found = isinstance(found, Assignment)
        impossible += not is_found
        agreed += abs(found.total - least) < 1e-6 if is_found and least is not None else not is_found and least is None
    return {
        "estates": count, "agreed": agreed, "of_them_impossible": impossible, "seconds": round(ours, 3), "brute_seconds": round(brute, 3),
    }  # fmt: skip


def slowest(workflows: int, sites: int, seeds: int) -> dict:
    """The slowest of several large estates, and in how many each way is chosen for some workflow."""
    seconds, optimal, chosen = [], 0, dict.fromkeys(("central api", "second circuit", "private", "hybrid", "edge"), 0)
    for seed in range(seeds):
        for times in OUTAGES:
            estate = with_outages(large(workflows, sites, seed=seed), times)
            took, found = timed(estate)
            seconds.append(took)
            optimal += found.status == "optimal"
            for way in set(found.ways.values()):
                chosen[way] += 1
    return {"estates": len(seconds), "optimal": optimal, "slowest_seconds": round(max(seconds), 3), "chosen": chosen}


def timed(estate: Estate) -> tuple[float, Assignment]:
    """Seconds and the assignment."""
    began = time.perf_counter()
    found = assign(estate)
    took = time.perf_counter() - began
    assert isinstance(found, Assignment)
    return took, found


def searches() -> dict:
    """Every workflow's flip point by what outages lose, in one search: seconds, assignments and points found."""
    said = {}
    for name, estate in (("13_workflows_25_sites", method()), ("18_workflows_25_sites", large(18, 25, seed=0))):
        asked = []

        def at(times: float, estate: Estate = estate, asked: list[float] = asked) -> Estate:
            asked.append(times)
            return with_outages(estate, times)

        began = time.perf_counter()
        found = flips(at, low=1 / 32, high=32.0)
        said[name] = {
            "seconds": round(time.perf_counter() - began, 3), "assignments": len(asked),
            "points": sum(one is not None for one in found.values()),
        }  # fmt: skip
    return said


if __name__ == "__main__":
    main()
