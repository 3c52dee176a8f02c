"""Flip points: the nearest multiplier at which a way changes, and the weight at which another alternative is preferred."""

import pytest

from models.ai_economics.assignment import Choice, Estate, assign
from models.ai_economics.flip_points import flip, flips, standing
from tests.ai_estates import AT_SITES, large, method, with_outages


def two(central, edge, **more):
    """One workflow that either is served centrally or stands on a machine."""
    ways = (Choice("pick", "central api", central, 0.0, 0.0), Choice("pick", "edge", edge, 0.0, 0.0))
    return Estate(choices=ways, fixed={}, per_site={}, **more)


def test_the_example_of_the_method_moves_between_eight_and_twelve_times_its_outages():
    found = flips(method, low=0.0, high=20.0)
    assert {name for name, one in found.items() if one is not None} == set(AT_SITES)
    for name in AT_SITES:
        one = found[name]
        assert (one.way_now, one.way_then, one.below, one.above) == ("central api", "hybrid", "central api", "hybrid")
        assert 8 < one.at < 12
        assert assign(method(one.at * 0.99)).ways[name] == "central api"
        assert assign(method(one.at * 1.01)).ways[name] == "hybrid"


def test_a_flip_point_is_where_the_costs_draw():
    """Central costs 10 times the figure and the machine 35, so they draw at 3.5."""
    found = flip(lambda times: two(10 * times, 35.0), "pick", low=0.1, high=20.0)
    assert found.at == pytest.approx(3.5, rel=2e-3)
    assert (found.below, found.above) == ("central api", "edge")


@pytest.mark.parametrize(("down", "nearest"), [(0.4, 0.4), (0.22, 4.0), (0.05, 4.0)])
def test_the_side_that_is_fewer_times_away_is_given(down, nearest):
    """Up it changes at 4.0; down at 0.4, which is 2.5 times away, or at less than a quarter."""
    asked = []

    def at(times):
        asked.append(times)
        return two(5.0 if down < times < 4.0 else 50.0, 10.0)

    found = flip(at, "pick", low=0.02, high=20.0)
    assert found.at == pytest.approx(nearest, rel=2e-3)
    assert found.way_then == "edge"
    assert min(asked) > 0.1  # nothing is assigned that lies farther away than what is found already


def test_below_now_the_way_of_now_stands_above():
    found = flip(lambda times: two(10.0, 20.0 * times), "pick", low=0.0, high=3.0)
    assert found.at == pytest.approx(0.5, rel=2e-3)
    assert (found.way_now, found.way_then, found.below, found.above) == ("central api", "edge", "edge", "central api")


def test_nothing_changes_and_nothing_is_given():
    assert flip(lambda times: two(10 * times, 35.0), "pick", low=0.5, high=3.0) is None
    assert flip(lambda times: two(10 * times, 35.0), "pick", low=0.0, high=1.0) is None


def test_a_change_at_nought_or_at_one_point_alone_is_none():
    assert flip(lambda times: two(0.0 if times else 5.0, 4.0), "pick", low=0.0, high=1.0) is None
    assert flip(lambda times: two(9.0 if times == 2.0 else 1.0, 5.0), "pick", low=1.0, high=2.0**6) is None


def test_beyond_what_the_budget_bears_nothing_is_possible():
    found = flip(lambda times: two(10 * times, 90.0, budget=45.0), "pick", low=0.5, high=20.0)
    assert found.at == pytest.approx(4.5, rel=2e-3)
    assert (found.way_now, found.way_then, found.above) == ("central api", None, None)
    assert flips(lambda times: two(10 * times, 90.0, budget=5.0), low=0.5, high=20.0) == {}


def test_the_estate_is_never_asked_for_beyond_the_ends():
    asked = []

    def at(times):
        asked.append(times)
        return two(10 * times, 19.99)

    found = flip(at, "pick", low=0.5, high=2.0)
    assert found.at == pytest.approx(1.999, rel=2e-3)
    assert min(asked) >= 0.5
    assert max(asked) <= 2.0


def test_a_search_for_all_workflows_takes_about_thirty_assignments():
    asked = []

    def at(times):
        asked.append(times)
        return with_outages(large(18, 25, seed=0), times)

    assert any(flips(at, low=1 / 32, high=32.0).values())
    assert len(asked) == len(set(asked)) <= 60


@pytest.mark.parametrize("ends", [(-1.0, 2.0), (1.5, 2.0), (0.0, float("inf")), (0.0, 0.5)])
def test_now_lies_among_the_multipliers(ends):
    with pytest.raises(ValueError, match="now lies among"):
        flip(lambda times: two(10 * times, 20.0), "pick", low=ends[0], high=ends[1])


def test_a_third_alternative_that_comes_first_is_the_one_that_is_named():
    """With less of the first weight the second alternative draws with the best at .125, but the third is ahead from .167 on."""
    found = standing([0.5, 0.5], [[100.0, 0.0], [0.0, 25.0], [60.0, 40.0 / 3]], seed=1)
    assert found.best == 0
    assert [(one.criterion, one.then) for one in found.flips] == [(0, 2), (1, 2)]
    assert [one.weight_then for one in found.flips] == pytest.approx([0.25, 0.75])
    assert [one.share for one in found.flips] == pytest.approx([2 / 3, -2])


def test_a_choice_that_is_best_by_every_criterion_is_robust_and_never_flips():
    found = standing([0.5, 0.5], [[2.0, 2.0], [1.0, 1.0]], seed=1)
    assert found.is_robust
    assert found.flips == ()
    assert found.win_shares == (1.0, 0.0)
    assert found.preferences == (2.0, 1.0)


def test_a_weight_cannot_fall_below_nought():
    """Without the first criterion the two draw, so no weight that there can be puts the second ahead."""
    found = standing([0.1, 0.9], [[100.0, 50.0], [0.0, 50.0]], seed=1)
    assert found.flips == ()
