"""How fast is the AI plan: 10,000 possible futures of a whole programme, and 1,000 behind a slider?

The anchor of the same run is the same plan in a plain loop over paths, one world at a time, timed on a tenth of a per cent of them.

    .venv/bin/python -m benchmarks.ai_plan [--use-cases 6]
"""

import argparse
import json
import time
from dataclasses import replace

import numpy as np

from models.ai_economics import plan_tables
from models.ai_economics.inputs import world_of
from models.ai_economics.programme import simulated
from models.ai_economics.world import World
from tests.ai_programmes import AS_OF, frames, taken_up

NAMES = ("UC3", "UC4", "A5", "UC1", "UC2", "A2", "A4", "W1")
PATHS, SLIDER, LOOPED = 10_000, 1_000, 10


def only(world: World, path: int) -> World:
    """The world of one of the paths."""
    cut = {name: values[path % len(values)][None] for name, values in world.numbers.items()}
    drivers = {name: values[path % len(values)][None] for name, values in world.drivers.items()}
    jumps, moved = world.jumps[path % len(world.jumps)][None], world.disruption[path % len(world.disruption)][None]
    return replace(world, numbers=cut, drivers=drivers, jumps=jumps, disruption=moved)


def main() -> None:
    """Prints one line of JSON: seconds, and how many times faster than the loop."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--use-cases", type=int, default=6)
    told = frames(taken_up(*NAMES[: asked.parse_args().use_cases]))
    began = time.perf_counter()
    world = world_of(told, AS_OF, count=PATHS, seed=1)
    assert world is not None
    found = simulated(world)
    bands = plan_tables.bands(found)
    worth = found.npv()
    whole = time.perf_counter() - began
    began = time.perf_counter()
    looped = [float(simulated(only(world, path)).npv()[0]) for path in range(LOOPED)]
    each = (time.perf_counter() - began) / LOOPED
    few = world_of(told, AS_OF, count=SLIDER, seed=1)
    assert few is not None
    began = time.perf_counter()
    simulated(few.holding({"ai_error_cost": 90.0})).npv()
    slid = time.perf_counter() - began
    print(json.dumps({
        "question": "How fast is the AI plan?", "paths": PATHS, "seconds": round(whole, 3), "wanted_seconds": 2.0,
        "slider_ms": round(slid * 1000, 1), "wanted_slider_ms": 300, "times_faster_than_a_loop": round(each * PATHS / whole),
        "same_as_the_loop": bool(np.allclose(looped, worth[:LOOPED])), "bands": bands.height,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
