"""Scores of the ways are computed from figures, reckoned here by hand; reasons are those of the workflow."""

from dataclasses import replace
from typing import Any

import pytest

from models.ai_economics.placement_gates import gates, options
from models.ai_economics.placement_needs import WAYS
from models.ai_economics.placement_reasons import (
    AGENT,
    CENTRAL_STRENGTHS,
    SEVERAL_MODELS,
    SMALL_MODEL,
    in_return,
    reasons,
    why_not,
)
from models.ai_economics.placement_scores import CRITERIA, WEIGHTS, Figures, best, matrix, scores, totals, weights
from models.ai_economics.use_case import use_case
from models.ai_economics.weighing import most_critical, weighted_sums
from pipelines.assumptions import in_force
from pipelines.use_cases import templates
from tests.ai_programmes import AS_OF

NUMBERS = {one.name: one.value for one in in_force(AS_OF)}
FIGURES = {
    "central api": Figures(in_time_share=0.96, service_level=0.98, cost_per_year=100.0),
    "second circuit": Figures(in_time_share=0.96, service_level=0.999, cost_per_year=400.0),
    "private": Figures(in_time_share=0.5, service_level=0.9, cost_per_year=1000.0),
    "hybrid": Figures(in_time_share=0.9, service_level=0.9745, cost_per_year=800.0),
    "edge": Figures(in_time_share=0.0, service_level=1.0, cost_per_year=500.0),
}


def case(name: str = "W1", **change: Any):
    return replace(use_case(templates()[name]), **change)


def found(name: str = "W1", *, readiness: float = 2.5, sites: int = 3):
    return scores(case(name), FIGURES, readiness=readiness, sites=sites, numbers=NUMBERS)


def points(criterion: str, **more: Any) -> list[float]:
    return [pytest.approx(one[criterion].score) for one in found(**more).values()]


def test_latency_resilience_and_cost_come_from_the_figures():
    assert points("latency") == [96, 96, 50, 90, 0]
    assert points("resilience") == [100 * 3 / 4.9, 100, 0, 50, 100]
    assert points("cost") == [100, 25, 10, 12.5, 20]
    told = found()["central api"]
    assert told["latency"].because == "96% of answers within 5 s"
    assert told["resilience"].because == "98.00% of what is asked is answered in time"


def test_governance_by_hand():
    """W1: one of two controls is off, the other enforced: half is held. Three sites: upkeep 1.06; ready at half. Hybrid: 80 % alone."""
    alone = 0.5 / 1.06
    assert points("governance") == [50, 50, 50, 50 * (0.2 + 0.8 * alone), 50 * alone]
    assert found()["hybrid"]["governance"].because == (
        "4 places of policy and record; 1 of 2 controls enforced, governance ready at 2.5 of 5"
    )
    assert found()["private"]["governance"].because == "1 place of policy and record; 1 of 2 controls enforced"
    few, many = (found(readiness=5.0, sites=count)["edge"]["governance"].score for count in (1, 40))
    assert many < few < 50


def test_data_access_by_hand():
    """W1: a fifth wide, four fifths at the site; four fifths of the work are away from the line."""
    centre = 100 * (0.2 + 0.8 * 0.2)
    assert points("data_access") == [centre, centre, centre, 100 * (0.2 * 0.2 + 0.8), 80]
    assert points("data_access", name="UC5")[:3] == [100, 100, 100]
    assert points("data_access", name="UC5")[4] == 5


def test_security_by_hand():
    """Internal data weigh a third; a provider is exposed by half, three of four places of our own by half as governance is half ready."""
    provider, own = 0.5, 0.5 / 4
    exposed = [provider, provider, own, 0.2 * provider + 3 * own, 3 * own]
    assert points("security") == [100 * (1 - one / 3) for one in exposed]
    assert points("security", readiness=5.0)[4] == 100
    assert found()["edge"]["security"].because == "internal data at 3 sites"
    assert found()["hybrid"]["security"].because == "internal data at 3 sites and a provider"


def test_weights_sum_to_one_whatever_they_were():
    assert weights(NUMBERS) == pytest.approx(
        {"latency": 0.15, "governance": 0.2, "data_access": 0.2, "resilience": 0.15, "cost": 0.15, "security": 0.15}
    )
    assert weights({**NUMBERS, **dict.fromkeys(WEIGHTS.values(), 0.0)}) == pytest.approx(dict.fromkeys(CRITERIA, 1 / 6))
    with pytest.raises(ValueError, match="not below nought"):
        weights({**NUMBERS, "ai_placement_weight_cost": -0.1})


def test_the_best_is_the_best_of_the_possible():
    told, wanted = found(), weights(NUMBERS)
    whole = totals(told, wanted)
    by_hand = sum(wanted[criterion] * told["edge"][criterion].score for criterion in CRITERIA)
    assert whole["edge"] == pytest.approx(by_hand)
    first = max(whole, key=lambda way: whole[way])
    assert best(told, wanted, WAYS) == first
    assert best(told, wanted, {"edge"}) == "edge"
    assert best(told, wanted, set(WAYS) - {first}) != first
    assert best(told, wanted, set()) is None
    assert scores(case(), {}, readiness=3.0, sites=1, numbers=NUMBERS) == {}


def test_the_weight_that_would_flip_the_best_does_flip_it():
    """The flip that is told is checked by scoring again on both sides of it."""
    told, wanted = found(), weights(NUMBERS)
    flip = most_critical(list(wanted.values()), matrix(told))
    assert flip is not None
    criterion = CRITERIA[flip.criterion]

    def first(moved: float) -> int:
        changed = {**wanted, criterion: wanted[criterion] - moved}
        whole = sum(changed.values())
        return int(weighted_sums([weight / whole for weight in changed.values()], matrix(told)).argmax())

    assert (first(flip.delta * 0.999), first(flip.delta * 1.001)) == (flip.first, flip.second)


def test_figures_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        scores(case(), {"edge": replace(FIGURES["edge"], service_level=1.2)}, readiness=3, sites=1, numbers=NUMBERS)
    with pytest.raises(ValueError, match="one of"):
        scores(case(), {"moon": FIGURES["edge"]}, readiness=3, sites=1, numbers=NUMBERS)
    with pytest.raises(ValueError, match="readiness"):
        found(readiness=6.0)


def test_the_centre_is_chosen_for_what_it_is_good_at():
    told = reasons(case("UC5"), "central api", gates(case("UC5"), "central api", readiness=4.0))
    assert set(CENTRAL_STRENGTHS) < set(told)
    assert told[0] == "It is reasoning over the enterprise, for which this way comes to mind first."


def test_a_hybrid_says_who_does_what():
    told = reasons(case("W3"), "hybrid", gates(case("W3"), "hybrid", readiness=4.0))
    assert told[-1] == "Handed over: po_id, po_line_key, sku_id, received_qty, rejected_qty, received_at."
    assert told[-3].startswith("At the site: It reads delivery notes")
    assert told[-2].startswith("At the centre: It checks against the purchase order")


def test_every_way_has_reasons_and_asks_something_in_return():
    for name in templates():
        one = case(name)
        for way, told in options(one, readiness=4.0).items():
            assert reasons(one, way, told)
            assert in_return(one, way)
            assert bool(why_not(told)) == any(gate.code == "forbids" for gate in told)
    assert SMALL_MODEL in in_return(case("W1"), "central api")
    assert SMALL_MODEL not in in_return(case("UC5"), "central api")
    assert AGENT in in_return(case("UC4"), "central api")
    assert AGENT not in in_return(case("UC1"), "central api")
    assert SEVERAL_MODELS in in_return(case("UC1"), "private")
    assert SEVERAL_MODELS not in in_return(case("W1"), "private")
