"""The small demo company without its forks, and what its work with AI left behind; worked out once a test run."""

import json
from functools import cache

import polars as pl

from pipelines.demo import ai_usage, ai_work, life
from pipelines.demo.network import network
from pipelines.demo.planting import planted
from pipelines.demo.scale import SMALL
from pipelines.demo.world import World


@cache
def lived() -> World:
    """The small company on its last evening."""
    world = life.born(network("small", 7), planted("small", 7))
    for day in range(SMALL.first_day, SMALL.default_last + 1):
        life.live(world, day)
    return world


@cache
def work_log() -> pl.DataFrame:
    """The work log with what each case cost in work and mishaps."""
    minutes = pl.sum_horizontal("hands_on_minutes", "review_minutes", "rework_minutes")
    mishaps = pl.sum_horizontal("error_cost_amount", "commitment_cost_amount")
    return ai_work.work_log(lived(), 0).with_columns(cost=minutes * ai_work.LABOUR_PER_HOUR / 60 + mishaps)


@cache
def spans() -> tuple[dict, ...]:
    """Every span with its attributes as a plain object."""
    found = []
    for line in ai_usage.spans(lived(), 0)["line"]:
        for span in json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"]:
            said = {pair["key"]: next(iter(pair["value"].values())) for pair in span["attributes"]}
            found.append({**span, "attributes": said})
    return tuple(found)
