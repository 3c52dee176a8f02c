"""What rests on which assumption: each is moved in turn, and exactly the lines that move with it are named."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml

from models.ai_economics import dependence, placement
from models.ai_economics.inputs import registry, spreads, world_of
from models.ai_economics.placement_choice import decided, judgement
from models.ai_economics.placement_costs import Ground
from models.ai_economics.placement_figures import DAYS, LOST, ONCE, RUN
from models.ai_economics.placement_turns import lever_rows
from models.ai_economics.programme import simulated
from models.ai_economics.world import World
from models.model import Asked
from tests.ai_programmes import AS_OF, frames, taken_up

ASKED = Asked(AS_OF, 1)


def dependences(**more: Any) -> pl.DataFrame:
    return dependence.score(frames(taken_up("UC3"), **more), ASKED).tables["scores.ai_dependences"]


def test_each_assumption_names_exactly_the_lines_that_move_with_it():
    found = dependences()
    moved = {name: set(rows["affected_name"]) for (name,), rows in found.group_by("assumption_name")}
    assert "human review" in moved["labour_cost_per_hour"]
    assert "model calls" not in moved["labour_cost_per_hour"]
    assert "human review" in moved["UC3.review_minutes"]
    assert moved["ai_realisation_share"]
    assert not any(name.startswith("acting_saves") for name in moved)
    wage = found.filter(
        (pl.col("assumption_name") == "labour_cost_per_hour") & (pl.col("affected_name") == "human review")
    )
    assert wage["elasticity_number"].item() == pytest.approx(1.0)


def test_a_rate_of_exchange_moves_what_models_cost():
    told = {**frames(taken_up("UC3")), "raw.company": pl.DataFrame({"reporting_currency": ["EUR"]})}
    found = dependence.score(told, ASKED).tables["scores.ai_dependences"]
    rate = found.filter((pl.col("assumption_name") == "usd_per_eur") & (pl.col("affected_name") == "model calls"))
    assert rate["change_amount"].item() < 0
    assert rate["elasticity_number"].item() == pytest.approx(-1, abs=0.02)
    assert found.filter(pl.col("assumption_name") == "usd_per_gbp").is_empty()


def test_the_cost_by_grade_adds_up_to_the_plan():
    found = dependences()
    planned = {"human review": 100.0, "model calls": 20.0, "no such line": 3.0}
    told = dependence.by_grade(found, {"labour_cost_per_hour": "A"}, planned)
    assert sum(told.values()) == pytest.approx(123)
    assert told["known"] == 3
    assert 0 < told["A"] < 100


def test_a_number_in_whose_place_a_measured_effect_stands_moves_what_the_effect_moves():
    told = frames(taken_up("UC3"))
    world = world_of(told, AS_OF, count=1, seed=1, is_certain=True)
    assert world is not None
    nine = np.array([[9.0]])
    measured = replace(world, measured={"UC3": {"baseline_minutes": nine, "minutes_saved": nine}})
    moved = {(row[0], row[2]) for row in dependence.moved_by(spreads(told, list(world.use_cases)), measured)}
    assert ("UC3.baseline_minutes", "minutes paid less") in moved


def test_the_catalogue_is_tried_while_nothing_was_taken_up():
    told = frames([])
    world = world_of(told, AS_OF, use_cases=registry(told), count=1, seed=1, is_certain=True)
    assert world is not None
    assert dependence.score(told, ASKED).tables["scores.ai_dependences"].height > 50
    assert set(spreads(told, [])) >= {"labour_cost_per_hour"}
    empty = {name: told[name].clear() for name in ("marts.driver_months", "scores.driver_paths")}
    assert dependence.score({**told, **empty}, ASKED).tables["scores.ai_dependences"].is_empty()


def test_numbers_tried_side_by_side_move_what_each_moves_alone():
    told = frames(taken_up("UC3", deployment="private") + taken_up("W1", deployment="hybrid") + taken_up("UC1"))
    world = world_of(told, AS_OF, count=1, seed=1, months=12, is_certain=True)
    assert world is not None
    nine = np.array([[9.0]])
    world = replace(world, measured={"UC1": {"baseline_minutes": nine, "minutes_saved": nine}})
    known = spreads(told, list(world.use_cases))
    base = total(world)
    alone = set()
    for name in known:
        low, high = dependence.ends(known[name], world[name].item())
        at = [total(world.holding({name: held})) for held in (low, high, world[name].item() * 1.01)]
        for key, was in base.items():
            least, most, step = (one[key] for one in at)
            if abs(most - least) >= 0.005 or abs(step - was) >= 0.00005:
                elastic = None if not was or not world[name].item() else round((step / was - 1) * 100, 6)
                alone.add((name, *key, low, high, round(most - least, 4), elastic))
    assert set(dependence.moved_by(known, world)) == alone


def test_placement_is_named_for_every_assumption_that_it_looks_at():
    """What placement reads is watched while it scores: everything that it writes, from gates to days."""
    told = frames(taken_up("UC3"))
    found = (
        dependence.score(told, ASKED)
        .tables["scores.ai_dependences"]
        .filter(pl.col("affected_kind_code") == "placement")
    )
    named = set(found["assumption_name"])
    cases = registry(told)
    world = world_of(told, AS_OF, use_cases=cases, count=1, seed=1, is_certain=True)
    assert world is not None
    watched = dependence._Read(world.numbers)
    whole = decided(replace(world, numbers=watched), Ground(), 0.0)
    judged = {case.use_case_id: judgement(whole, case, seed=1) for case in whole.cases}
    for case in whole.cases:
        assert list(placement._ways(whole, case, judged[case.use_case_id]))
    assert list(placement._estate_rows(whole, Ground()))
    assert list(lever_rows(whole))
    assumed = {name for name in watched.seen if "." not in name}
    assert assumed == named
    packaged = {one["name"] for file in ("ai_network", "ai_placement") for one in yaml.safe_load(
        (Path("data/assumptions") / f"{file}.yml").read_text("utf-8"))}  # fmt: skip
    unread = {"ai_fibre_hours_up", "ai_fibre_hours_down", "ai_api_fallback_up_share"}
    assert packaged - named == unread, "no site has a fibre, and nobody calls two providers"


def test_a_figure_of_placement_moves_with_what_it_rests_on():
    found = dependences().filter(pl.col("affected_kind_code") == "placement")
    moved = {(name, figure): (change, how) for name, _, figure, _, _, change, how in found.iter_rows()}
    assert moved["ai_broadband_hours_down", LOST][0] > 0
    assert moved["ai_site_upkeep_share", RUN][0] > 0
    assert moved["ai_second_circuit_cost_per_year", ONCE][0] == pytest.approx(3 * (2400 - 480)), "two sites and a desk"
    assert moved["ai_edge_setup_days", DAYS][0] is None, "days are no money"
    assert moved["ai_edge_setup_days", DAYS][1] > 0
    assert moved["ai_governance_readiness_least", dependence.UNMOVED] == (None, 0.0), (
        "nothing is ready, so a tenth less helps nobody"
    )


def total(world: World) -> dict[tuple[str, str], float]:
    """The sum of each cost line and each benefit, added up by hand."""
    found = simulated(world)
    told: dict[tuple[str, str], float] = {}
    for kind, amounts in (("cost line", found.costs), ("benefit", found.benefits)):
        for (_, name), amount in amounts.items():
            months = (
                np.broadcast_to(amount, (1, world.months)).sum() if amount.shape[1] > 1 else amount.sum() * world.months
            )
            told[kind, name] = told.get((kind, name), 0.0) + float(months)
    return told
