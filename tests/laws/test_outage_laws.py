"""What must hold of the outages of a site and of answers in time, whatever its circuits and machines are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ai_economics.network import Part
from models.ai_economics.outages import expected, uptime
from models.ai_economics.response_times import Peak, Speed, edge_service_level, service_level, within

share = st.floats(0, 1)
parts = st.builds(Part, st.sampled_from(["fibre", "lte", "broadband"]), st.floats(20, 5000), st.floats(0, 50))
some = st.lists(parts, max_size=3)
seeds = st.integers(0, 10_000)
speeds = st.builds(Speed, st.floats(0, 0.3), st.floats(0, 2), st.floats(5, 300), st.floats(0, 1))
few = settings(max_examples=60)


@few
@given(some, some, st.none() | parts, share, seeds)
def test_shares_of_business_hours_sum_to_one(lines, behind, site, common, seed):
    for found in (
        uptime(lines, behind, site, common_share=common, years=5, seed=seed),
        expected(lines, behind, site, common_share=common),
    ):
        assert found.central + found.edge_alone + found.neither == pytest.approx(1)
        assert min(found.central, found.edge_alone, found.neither) >= -1e-12
        assert found.edge_alone <= found.edge + 1e-12


@few
@given(st.lists(parts, min_size=1, max_size=3), some, share, seeds)
def test_one_more_circuit_like_another_never_makes_the_centre_less_reachable(lines, behind, common, seed):
    """In each simulated year, not only on average: the failures of the others stay where they are."""
    fewer, more = (uptime(one, behind, common_share=common, years=5, seed=seed) for one in (lines, [*lines, lines[0]]))
    assert more.central >= fewer.central - 1e-12
    assert more.bad_year_hours <= fewer.bad_year_hours + 1e-9


@given(some, parts, some, share)
def test_one_more_circuit_of_any_kind_never_makes_the_centre_less_reachable(lines, another, behind, common):
    fewer, more = (expected(one, behind, common_share=common).central for one in (lines, [*lines, another]))
    assert more >= fewer - 1e-12


@few
@given(some, some, parts, share, share, seeds)
def test_a_hybrid_is_never_less_up_than_the_centre(lines, behind, site, common, offline, seed):
    for found in (
        uptime(lines, behind, site, common_share=common, years=5, seed=seed),
        expected(lines, behind, site, common_share=common),
    ):
        assert found.central <= found.hybrid(offline) <= found.hybrid(1.0) <= 1 + 1e-12


@few
@given(st.lists(parts, min_size=1, max_size=3), some, seeds)
def test_where_all_failures_are_shared_only_the_best_circuit_counts(lines, behind, seed):
    best = max(lines, key=lambda one: one.up_share)
    both, alone = (expected(one, behind, common_share=1.0).central for one in (lines, [best]))
    assert both == pytest.approx(alone)
    both, alone = (uptime(one, behind, common_share=1.0, years=5, seed=seed).central for one in (lines, [best]))
    assert both == pytest.approx(alone)


@given(st.lists(parts, min_size=1, max_size=3), share, share)
def test_what_fails_together_helps_less(lines, common, more):
    common, more = sorted((common, more))
    apart, together = (expected(lines, (), common_share=one).central for one in (common, more))
    assert together <= apart + 1e-12


@given(speeds, st.floats(0, 2000), st.floats(0, 60), st.floats(0, 60), st.integers(1, 40), st.floats(0, 5))
def test_more_time_and_less_load_never_leave_fewer_in_time(speed, tokens, seconds, longer, slots, rate):
    def found(limit, asked):
        return within(speed, tokens, limit, peak=Peak(slots, asked))

    assert 0 <= found(seconds, rate) <= found(seconds + longer, rate) + 1e-3
    assert found(seconds, rate) <= found(seconds, rate / 2) + 1e-9
    assert found(seconds, rate / 2) <= within(speed, tokens, seconds) + 1e-12 <= 1 + 1e-9


@given(some, parts, share, share, share, share)
def test_no_level_is_above_what_is_in_time_or_below_the_centre_alone(lines, site, common, at_centre, at_site, offline):
    up = expected(lines, (), site, common_share=common)
    mixed = service_level(up, at_centre, at_site, offline)
    assert service_level(up, at_centre) <= mixed <= max(at_centre, at_site) + 1e-12
    assert -1e-12 <= edge_service_level(up, at_site, offline) <= at_site * up.edge + 1e-12
