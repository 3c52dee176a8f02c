"""Where use cases should run, all together: gates before cost, sums, what is bought for a way, and the points at which it turns."""

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.ai_economics import placement
from models.ai_economics.assignment import Assignment, assign
from models.ai_economics.inputs import registry, world_of
from models.ai_economics.pilots import Came
from models.ai_economics.placement_choice import Decided, decided, judgement, kept, readiness, whole_costs
from models.ai_economics.placement_costs import Factors, Ground, estate, options
from models.ai_economics.placement_gates import is_possible
from models.ai_economics.placement_needs import CENTRAL, EDGE, HEAD_OFFICE, HYBRID, PRIVATE, SECOND_CIRCUIT, WAYS
from models.ai_economics.placement_turns import lever_rows
from models.ai_economics.world import World, places
from models.model import Asked
from tests import ai_programmes

REFERENCE = 41.67  # times four hundred orders a month are the reference company's two hundred thousand a year


@pytest.fixture(scope="module")
def world() -> World:
    """The whole catalogue in a company of the size of the reference one."""
    known = ai_programmes.frames([], orders=REFERENCE)
    found = world_of(known, ai_programmes.AS_OF, use_cases=registry(known), count=1, seed=1, is_certain=True)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def whole(world: World) -> Decided:
    return decided(world, Ground(), 5.0)


def ways(whole: Decided, factors: Factors) -> dict[str, str]:
    found = assign(estate(whole.open_options(), whole.shared, factors))
    assert isinstance(found, Assignment)
    return found.ways


def test_without_a_cost_of_outages_everything_stays_with_the_provider(whole: Decided) -> None:
    assert set(ways(whole, Factors(outage=0.0)).values()) == {CENTRAL}


def test_dear_outages_take_work_off_the_single_line(whole: Decided) -> None:
    found = ways(whole, Factors(outage=100.0))
    assert {found["W1"], found["W2"]} <= {SECOND_CIRCUIT, HYBRID, EDGE}


def test_without_a_second_line_on_offer_dear_outages_bring_machines_to_the_sites(whole: Decided) -> None:
    found = ways(whole, Factors(outage=100.0, second_lines=1e6))
    assert found["W1"] in (HYBRID, EDGE)
    assert found["UC3"] == CENTRAL, "what writes by a strong model is never at a site"


def limited(budget: float) -> dict[str, tuple[float | None, str]]:
    """The rows of the estate under a budget a year: what each comes to, and its words."""
    known = ai_programmes.frames([], orders=REFERENCE, assumed={"ai_placement_budget_per_year": budget})
    found = placement.score(known | ai_programmes.placement_frames(), Asked(ai_programmes.AS_OF, 1))
    rows = found.tables["scores.placement_estate"].select("estate_part_name", "part_cost", "because_text")
    return {name: (cost, said) for name, cost, said in rows.iter_rows()}


def test_a_budget_holds_all_that_is_paid_together_and_says_what_the_least_would_be() -> None:
    free = limited(0.0)
    assert "budget" not in free
    paid = sum(free[name][0] or 0.0 for name in ("models and upkeep", "control", "shared"))
    enough = limited(round(paid) + 1.0)
    assert enough["whole"] == free["whole"]
    assert enough["budget"] == (round(paid) + 1.0, f"{paid:,.0f} of it are spent.")
    short = limited(1_000.0)
    assert "The budget of 1,000 a year is too small: the least that can be paid is" in short["no assignment"][1]
    assert "whole" not in short


def test_no_advice_passes_a_gate_whatever_figures_are_moved(whole: Decided) -> None:
    for factors in (
        Factors(),
        Factors(outage=1e3),
        Factors(site_machines=0.0),
        Factors(private_nodes=0.0),
        Factors(price=1e3),
    ):
        for name, way in ways(whole, factors).items():
            assert is_possible(whole.gates[name][way]), (name, way, factors)  # fmt: skip


def test_governance_that_is_not_ready_keeps_models_from_working_alone_at_sites(world: World) -> None:
    unready = decided(world, Ground(), 0.0)
    assert all(EDGE not in unready.possible(name) for name in unready.options)


def test_the_parts_of_the_whole_sum_to_it(whole: Decided) -> None:
    found = whole.found
    assert isinstance(found, Assignment)
    assert np.isclose(found.run_cost + found.governance_cost + found.outage_cost + found.fixed_cost, found.total)
    rows = placement.ESTATE.frame(placement._estate_rows(whole, Ground())).filter(pl.col("place_name") == "*")
    cost = dict(rows.select("estate_part_name", "part_cost").iter_rows())
    assert np.isclose(cost["models and upkeep"] + cost["control"] + cost["shared"] + cost["outages"], cost["whole"])


def test_no_other_way_of_one_use_case_costs_all_together_less(whole: Decided) -> None:
    """What a way costs with what would be bought for it is what the total moves by when the use case is moved."""
    for name in whole.options:
        best = whole.whole_cost(name, whole.advised(name) or "")
        costs = [whole.whole_cost(name, way) for way in whole.possible(name)]
        assert best is not None
        assert best <= min(cost for cost in costs if cost is not None) + 1e-6


def test_the_first_to_use_a_node_bears_it_and_the_next_finds_it_bought(whole: Decided) -> None:
    alone = whole.whole_cost("W1", PRIVATE)
    assert isinstance(whole.found, Assignment)
    shared = replace(whole, found=replace(whole.found, ways=whole.found.ways | {"W2": PRIVATE}))
    beside = whole_costs(shared)["W1"][PRIVATE]
    assert alone is not None
    assert beside is not None
    assert alone - beside > whole.shared.engineers


def test_a_model_without_a_price_is_in_no_assignment(world: World) -> None:
    bare = decided(replace(world, prices={}), Ground(), 5.0)
    assert bare.unpriced == set(bare.options)
    assert bare.advised("W1") is None
    assert bare.whole_cost("W1", PRIVATE) is None


def test_better_lines_lose_fewer_hours_and_a_second_one_never_hurts(world: World) -> None:
    case = next(one for one in world.use_cases if one.use_case_id == "W1")
    sites = dict.fromkeys(world.sites, "fibre + lte")
    poor, good = ({one.way: one for one in options(world, Ground(lines), case)} for lines in ({}, sites))
    assert good[CENTRAL].down_hours < poor[CENTRAL].down_hours
    assert poor[SECOND_CIRCUIT].down_hours < poor[CENTRAL].down_hours
    assert poor[HYBRID].down_hours < poor[CENTRAL].down_hours


def test_work_at_a_desk_is_done_in_one_place(world: World) -> None:
    where = {case.use_case_id: places(world, case) for case in world.use_cases}
    assert where["UC5"] == (HEAD_OFFICE,)
    assert where["W1"] == tuple(sorted(world.sites))


def test_every_flip_point_turns_the_way_on_its_other_side(whole: Decided) -> None:
    found = [row for row in lever_rows(whole) if row["factor_number"] is not None]
    assert found
    for row in found:
        name, at = row["use_case_id"], row["factor_number"]
        inner, outer = (at * 0.99, at * 1.01) if at > 1 else (at * 1.01, at * 0.99)
        assert ways(whole, replace(Factors(), **{row["lever_code"]: inner}))[name] == row["way_now_code"]
        assert ways(whole, replace(Factors(), **{row["lever_code"]: outer}))[name] == row["way_then_code"]


def test_weights_move_points_and_never_a_gate(whole: Decided) -> None:
    case = next(one for one in whole.cases if one.use_case_id == "UC3")
    judged = judgement(whole, case, seed=1)
    assert set(judged.names) == set(whole.possible("UC3"))
    assert judged.standing is not None
    assert np.isclose(sum(judged.standing.win_shares), 1)


def test_the_upkeep_of_control_at_sites_is_one_assumption_that_moves_cost_and_points(world: World) -> None:
    case = next(one for one in world.use_cases if one.use_case_id == "W1")
    usual, dear = (world.holding({"ai_site_upkeep_share": share}) for share in (0.02, 0.5))
    costs = [{one.way: one.governance_cost for one in options(at, Ground(), case)} for at in (usual, dear)]
    sites = len(world.sites)
    assert costs[1][EDGE] / costs[0][EDGE] == pytest.approx((1 + 0.5 * sites) / (1 + 0.02 * sites))
    assert costs[1][CENTRAL] == costs[0][CENTRAL]
    held = [
        judgement(decided(at, Ground(), 5.0), case, seed=1).points[EDGE]["governance"].score for at in (usual, dear)
    ]
    assert held[1] < held[0]


def test_what_is_said_to_be_in_place_must_be_shown() -> None:
    assert readiness([]) == 0
    rows = [("edge_controls", "in place", " ", False), ("edge_policy", "in place", "signed on 3 May", False)]
    assert readiness(rows) == 2.5
    assert readiness([*rows, ("edge_policy", "in place", "signed in 2019", True)]) == pytest.approx(5 / 3)
    assert readiness([*rows, ("edge_controls", "not applicable", "", False), ("training", "missing", "", True)]) == 2.5


def test_what_was_said_of_a_row_that_the_data_judge_opens_no_gate() -> None:
    """Somebody says that people sign in with a second factor and names a list; the data may say otherwise, so it counts for nothing."""
    said = {"register_code": "security_baseline", "stated_code": "in place", "evidence_text": "List of 3 May",
            "reviewed_date": dt.date(2026, 11, 1), "review_cycle_days": 90.0}  # fmt: skip
    rows = pl.DataFrame([said | {"check_code": "own_sign_ins"}, said | {"stated_code": "missing", "check_code": None}])
    assert readiness(kept(rows, dt.date(2026, 11, 14))) == 0
    assert readiness(kept(rows.with_columns(check_code=pl.lit("")), dt.date(2026, 11, 14))) == 2.5


def test_a_use_case_without_any_way_left_does_not_keep_the_others_from_theirs(world: World) -> None:
    cases = tuple(
        replace(case, needs=replace(case.needs, must_stay=True, tier="strong")) if case.use_case_id == "UC3" else case
        for case in world.use_cases
    )
    found = decided(replace(world, use_cases=cases), Ground(), 5.0)
    assert found.possible("UC3") == []
    assert found.advised("UC3") is None
    assert found.whole_cost("UC3", CENTRAL) is None
    assert judgement(found, next(case for case in found.cases if case.use_case_id == "UC3"), seed=1).standing is None
    assert found.advised("W1") is not None


def test_twice_the_volume_is_twice_the_hours_lost_in_money(whole: Decided) -> None:
    once, twice = (estate(whole.open_options(), whole.shared, Factors(volume=times)) for times in (1.0, 2.0))
    for one, other in zip(once.choices, twice.choices, strict=True):
        assert np.isclose(other.outage_cost, 2 * one.outage_cost)


def test_the_model_tells_every_way_of_every_use_case_and_one_of_each_is_advised() -> None:
    known = ai_programmes.frames(ai_programmes.taken_up("UC3"))
    found = placement.score(known, Asked(ai_programmes.AS_OF, 1))
    rows = found.tables["scores.placements"]
    assert rows.group_by("use_case_id").len()["len"].unique().to_list() == [len(WAYS)]
    assert rows.filter(pl.col("is_way_advised"))["use_case_id"].n_unique() == rows["use_case_id"].n_unique()
    assert rows.filter(pl.col("is_way_present"))["use_case_id"].to_list() == ["UC3"]
    assert found.tables["scores.placement_gates"].height == rows.height * 7
    for output in placement.MODEL.writes:
        assert set(output.columns) == set(found.tables[output.name].columns)


def test_outcomes_of_a_family_tell_of_a_way_only_where_nothing_of_it_runs_another_way(world: World) -> None:
    """UC3 and UC4 run at the provider; then UC4 runs on nodes of our own, and what came of both tells of neither way."""

    def seventh(**deployments: str) -> str:
        running = [
            replace(case, stage="pilot", started=dt.date(2026, 2, 2), deployment=deployments[case.use_case_id])
            if case.use_case_id in deployments
            else case
            for case in world.use_cases
        ]
        came = {"branch": Came(better=("hours of a case",))}
        found = decided(replace(world, use_cases=tuple(running)), Ground(), 5.0, came=came)
        return found.gates["S3"][CENTRAL][-1].because

    assert seventh(UC3="central api", UC4="central api") == "Pilots of its family: better in hours of a case."
    assert seventh(UC3="central api", UC4="private") == "No outcome of it was measured before and after."
