"""Outages of a site: simulated years say what the formulas do, and what the formulas cannot; business hours are counted to the minute."""

import time
from dataclasses import replace

import numpy as np
import pytest

from models.ai_economics.availability import parallel
from models.ai_economics.network import (
    Part,
    centre,
    circuits,
    common_part,
    kinds,
    machine,
    part,
    with_second,
)
from models.ai_economics.outages import BUSINESS, YEAR, BusinessHours, Uptime, expected, uptime
from pipelines.assumptions import assumptions

ASSUMED = {entry.name: entry.value for entry in assumptions()}
BROADBAND, FIBRE, LTE = Part("broadband", 600, 12), Part("fibre", 4380, 6), Part("lte", 500, 2)
CENTRE = centre(ASSUMED.__getitem__)
SITE = machine(ASSUMED.__getitem__)


@pytest.mark.parametrize("common", [0.0, 0.1, 1.0])
@pytest.mark.parametrize(
    ("lines", "behind", "site"),
    [
        ([BROADBAND], (), None),
        ([BROADBAND, Part("broadband 2", 600, 12)], (), SITE),
        ([BROADBAND, LTE], CENTRE, SITE),
        ([FIBRE, BROADBAND, LTE], CENTRE, SITE),
    ],
)
def test_simulated_years_say_what_the_formulas_do(lines, behind, site, common):
    found = uptime(lines, behind, site, common_share=common, seed=5)
    told = expected(lines, behind, site, common_share=common)
    assert found.standard_error > 0
    assert abs(found.central - told.central) <= 3 * found.standard_error
    assert abs(found.edge_alone - told.edge_alone) <= 3 * found.standard_error
    assert found.edge == pytest.approx(told.edge, abs=5e-4)
    assert found.central + found.edge_alone + found.neither == pytest.approx(1)


def test_the_error_that_is_told_is_the_error_that_is_made():
    off = [
        (one.central - BROADBAND.up_share) / one.standard_error
        for one in (uptime([BROADBAND], (), years=100, seed=seed) for seed in range(200))
    ]
    assert abs(np.mean(off)) < 0.25
    assert 0.85 < np.std(off) < 1.15


def test_a_thousand_years_are_enough_and_quick():
    took = []
    for seed in range(3):
        begun = time.process_time()
        found = uptime([BROADBAND], CENTRE, SITE, seed=seed)
        took.append(time.process_time() - begun)
        assert found.standard_error < 0.02 * (1 - found.central)
    assert min(took) < 0.3


def test_the_same_seed_says_the_same_and_another_one_something_else():
    first, again, other = (uptime([BROADBAND], CENTRE, SITE, years=50, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.central != other.central


def test_years_begin_at_any_moment_of_a_parts_life():
    """Outages of a year within two years: one that is under way at the start would show if it began there."""
    slow = Part("slow", 10_000, 10_000)
    found = [uptime([slow], (), years=2, repair_shape=25.0, seed=seed).central for seed in range(400)]
    assert abs(np.mean(found) - 0.5) < 3 * np.std(found) / np.sqrt(400)


def test_circuits_of_one_kind_do_not_fail_at_the_same_time():
    two = uptime([BROADBAND, BROADBAND], (), seed=3)
    assert 1 - two.central < 0.1 * (1 - BROADBAND.up_share)


def test_what_all_circuits_share_makes_the_second_one_worth_less():
    alone, both, half, all_ = (
        uptime(lines, (), common_share=share, seed=4).central
        for lines, share in (
            ([BROADBAND], 0.0),
            ([BROADBAND, LTE], 0.0),
            ([BROADBAND, LTE], 0.5),
            ([BROADBAND, LTE], 1.0),
        )
    )
    assert both > half > all_
    assert all_ == uptime([LTE], (), common_share=1.0, seed=4).central, "as good as the better of the two"
    assert all_ > alone


def test_unlike_circuits_are_up_for_as_long_as_each_is_alone():
    for share in (0.0, 0.25, 1.0):
        together, own = common_part((FIBRE, BROADBAND, LTE), share)
        shared = together.up_share if together else 1.0
        assert [shared * one.up_share for one in own] == pytest.approx(
            [FIBRE.up_share, BROADBAND.up_share, LTE.up_share]
        )


def test_alike_circuits_follow_the_formula_of_the_method():
    for count in (1, 2, 3):
        for share in (0.0, 0.1, 1.0):
            found = expected([replace(BROADBAND, name=str(n)) for n in range(count)], (), common_share=share).central
            assert found == pytest.approx(parallel(BROADBAND.up_share, count, common_share=share), abs=1e-12)


def test_repairs_that_are_more_regular_change_bad_years_and_no_share():
    usual, regular = (uptime([BROADBAND], (), repair_shape=shape, seed=6) for shape in (1.0, 9.0))
    assert abs(regular.central - BROADBAND.up_share) <= 3 * regular.standard_error
    assert regular.bad_year_hours < usual.bad_year_hours


def test_short_outages_count_as_often_as_they_fall_into_business_hours():
    found = uptime([Part("blinking", 20.0, 1e-4)], (), years=200, seed=7)
    assert found.outages_a_year == pytest.approx(YEAR / 20.0 * BUSINESS.a_week / 168, rel=0.02)


def test_an_outage_over_the_night_is_one():
    """Down for about a month at a time: hardly any outage misses business hours, however many nights lie within it."""
    found = uptime([Part("slow", 2000.0, 700.0)], (), years=400, repair_shape=50.0, seed=8)
    assert found.outages_a_year == pytest.approx(YEAR / 2700, rel=0.05)


def test_a_bad_year_is_worse_than_the_mean_and_not_the_worst():
    found = uptime([BROADBAND], (), seed=9)
    mean = found.down_hours()
    assert 1.5 * mean < found.bad_year_hours < 3 * mean


def test_an_outage_at_the_very_end_begins_no_year_of_its_own():
    """Down for most of the time, so that it is down when the last year ends: there are still two years of hours to lose."""
    found = uptime([Part("hardly", 1.0, 5000.0)], (), years=2, seed=1)
    assert found.outages_a_year * 2 == int(found.outages_a_year * 2)
    assert found.bad_year_hours <= BUSINESS.a_year
    assert found.bad_year_hours >= 0.95 * found.down_hours()


def test_business_hours_are_counted_as_by_a_clock():
    hours = BusinessHours(first_day=1, last_day=5, opens=6.5, closes=14.25)
    quarters = np.arange(0, 2 * 168, 0.25)
    day, hour = quarters // 24 % 7, quarters % 24
    is_open = (day >= 1) & (day <= 5) & (hour >= 6.5) & (hour < 14.25)
    assert hours.before(quarters + 0.25) == pytest.approx(np.cumsum(is_open) * 0.25)


def test_hours_outside_business_do_not_count():
    """Down all Saturday and Sunday, or not at all, is the same to those who work from Monday to Friday."""
    found = uptime([BROADBAND], (), hours=BusinessHours(0, 6, 0, 24), seed=2)
    assert found.down_hours(hours=BusinessHours(0, 6, 0, 24)) == pytest.approx(8760 * 12 / 612, rel=0.05)
    assert uptime([BROADBAND], (), seed=2).down_hours() == pytest.approx(BUSINESS.a_year * 12 / 612, rel=0.05)


def test_a_site_without_a_line_has_its_machine_alone():
    found = uptime((), CENTRE, SITE, years=100, seed=1)
    assert (found.central, found.edge_alone) == (0.0, found.edge)
    assert expected((), CENTRE, SITE).central == 0
    assert uptime((), CENTRE, years=20).neither == 1


def test_what_never_fails_is_always_there():
    wire = Part("wire", 1.0, 0.0)
    assert uptime([wire], [part("api", 1.0, 2.0)], wire, years=10) == Uptime(1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Part("x", 0, 1),
        lambda: Part("x", 1, -1),
        lambda: part("x", 0.0, 1),
        lambda: part("x", 0.5, 0),
        lambda: kinds("fibre + satellite"),
        lambda: uptime([BROADBAND], (), years=1),
        lambda: uptime([BROADBAND], (), common_share=1.5),
        lambda: uptime([BROADBAND], (), repair_shape=0),
        lambda: BusinessHours(opens=9, closes=9),
        lambda: Uptime(1, 0, 0).hybrid(1.5),
        lambda: centre(ASSUMED.__getitem__, providers=0),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        wrong()


def test_the_network_of_a_site_comes_from_its_assumptions():
    found = circuits("Broadband + lte", ASSUMED.__getitem__)
    assert found == (BROADBAND, LTE)
    behind = {one.name: one.up_share for one in (*CENTRE, SITE)}
    assert behind == pytest.approx({"platform": 0.999, "api": 0.9965, "machine at the site": 0.995})
    private, two = centre(ASSUMED.__getitem__, is_private=True), centre(ASSUMED.__getitem__, providers=2)
    assert (private[1].name, two[1].name) == ("private nodes", "api of two providers")
    assert two[1].up_share == pytest.approx(0.9995)


def test_a_second_circuit_is_of_another_kind():
    assert with_second("broadband") == "broadband + lte"
    assert with_second("lte") == "lte + broadband"
    assert with_second("Fibre+LTE") == "Fibre+LTE", "as it is written where there are two already"


def test_the_weights_of_the_scores_sum_to_one():
    weights = [value for name, value in ASSUMED.items() if name.startswith("ai_placement_weight_")]
    assert len(weights) == 6
    assert sum(weights) == pytest.approx(1)
