"""A change is found with its date and size, and a supplier that never changes is seldom charged with one."""

from datetime import date, timedelta

import numpy as np
import pytest

from models.change import (
    FALSE_ALARMS_PER_YEAR,
    FALSE_ALARMS_WITH_ECHO,
    FEWEST,
    RATES_PER_YEAR,
    THRESHOLDS,
    chance,
    change,
    false_alarms_per_year,
    observations_per_year,
    simulated_false_alarms,
    threshold_of,
    trimmed_mean,
)

START = date(2025, 1, 6)


def weekly(count):
    return [START + timedelta(days=7 * week) for week in range(count)]


def whole_days(seed, count, around):
    return np.round(np.random.default_rng(seed).gamma(9.0, around / 9.0, count))


def test_a_doubled_lead_time_is_found_and_dated_to_within_a_few_orders():
    found = [
        change(np.concatenate([whole_days(seed, 40, 14), whole_days(seed + 100, 12, 28)]), weekly(52))
        for seed in range(40)
    ]
    hits = [one for one in found if one.verdict == "higher"]
    assert len(hits) >= 34
    assert np.mean([abs(one.changed_index - 40) <= 3 for one in hits]) >= 0.85
    assert all(one.changed_date == weekly(52)[one.changed_index] for one in hits)
    assert np.mean([one.before for one in hits]) == pytest.approx(14, abs=1)
    assert np.mean([one.after for one in hits]) == pytest.approx(28, abs=3)


@pytest.mark.parametrize("seed", range(4))
def test_better_is_the_mirror_of_worse(seed):
    series = np.concatenate([whole_days(seed, 30, 14), whole_days(seed + 100, 12, 42)])
    up, down = change(series, weekly(42)), change(-series, weekly(42))
    assert (up.verdict, down.verdict) == ("higher", "lower")
    assert up.changed_index == down.changed_index
    assert up.strength == pytest.approx(down.strength)
    assert up.after == pytest.approx(-down.after)


def test_fewer_than_twelve_are_too_few_whatever_they_say():
    assert change([1.0] * 5 + [90.0] * 6, weekly(FEWEST - 1)).verdict == "too few"
    assert change([], []).count == 0


def test_all_the_same_is_steady():
    assert change([7.0] * 60, weekly(60)).verdict == "steady"


def test_a_few_wild_values_are_no_change():
    series = whole_days(3, 60, 10)
    series[[20, 41, 57, 58]] = [400, 900, 350, 1000]
    assert change(series, weekly(60)).verdict == "steady"


def test_three_late_orders_among_sixty_are_no_change():
    """Nearly all noughts make the sum skew: without the correction these three would be called a change."""
    series = np.zeros(60)
    series[[55, 57, 59]] = 6.0
    assert change(series, weekly(60)).verdict == "steady"


def test_what_came_back_to_what_it_was_is_told_as_the_latest_change():
    series = np.concatenate([whole_days(1, 40, 10), whole_days(2, 40, 25), whole_days(3, 40, 10)])
    found = change(series, weekly(120))
    assert found.verdict == "lower"
    assert abs(found.changed_index - 80) <= 3
    assert found.before == pytest.approx(25, abs=4)


def test_values_that_follow_each_other_weigh_less():
    """The same numbers twice: once any one may follow any other, once they come in runs as in a congested port."""
    alone = np.tile([1.0, 9, 2, 8, 3, 7, 4, 6], 4)
    in_runs = np.tile([1.0, 2, 3, 4, 6, 7, 8, 9], 4)
    strengths = [change(np.concatenate([one, one + 5]), weekly(64), threshold=3.0).strength for one in (alone, in_runs)]
    assert strengths[0] > 1.3 * strengths[1]


@pytest.mark.parametrize(("count", "strength"), [(40, 3.0), (80, 3.0), (80, 3.5)])
def test_a_chance_bounds_how_often_the_strongest_of_all_splits_is_so_strong(count, strength):
    """The normal tail of one split says a tenth of what comes; the bound lies above it, by less than four times."""
    dice = np.random.default_rng(7)
    shown = np.mean(
        [change(dice.normal(size=count), weekly(count), threshold=strength).strength is not None for _ in range(6000)]
    )
    assert chance(strength, count) / 4 < shown < 1.1 * chance(strength, count)


def test_a_chance_is_a_share_that_falls_with_the_strength_and_grows_with_the_length():
    said = [chance(strength, 80) for strength in (0.0, 1.0, 1.5, 2.0, 3.0, 4.0, 8.0)]
    assert said == sorted(said, reverse=True)
    assert said[0] == 1
    assert 0 < said[-1] < 1e-9
    assert chance(3.5, 40) < chance(3.5, 80) < chance(3.5, 400)
    assert chance(9.0, 10) == chance(9.0, 0) == 1, "too few to be split"


def test_values_and_dates_must_be_as_many():
    with pytest.raises(ValueError, match="3 values and 2 dates"):
        change([1.0, 2.0, 3.0], weekly(2))


def test_observations_a_year_of_one_or_of_one_day():
    assert observations_per_year([START]) == 1.0
    assert observations_per_year([START, START]) == pytest.approx(365.25)


def test_a_mean_is_trimmed_from_ten_values_on():
    assert trimmed_mean(np.array([1.0, 1, 1, 1, 1, 1, 1, 1, 91])) == 11.0
    assert trimmed_mean(np.array([1.0, 1, 1, 1, 1, 1, 1, 1, 1, 91])) == 1.0


@pytest.mark.parametrize(("per_year", "zero_share"), [(12, 0.0), (26, 0.6), (52, 0.0), (52, 0.85), (104, 0.0)])
def test_a_supplier_that_never_changes_is_seldom_charged(per_year, zero_share):
    """At the frozen threshold about 0.03 a year; 0.3 lower it is more than twice as many and this goes red."""
    alarms = simulated_false_alarms(
        threshold=threshold_of(per_year),
        deliveries_per_year=per_year,
        supplier_count=1500,
        seed=2026,
        zero_share=zero_share,
    )
    assert alarms <= 1 / 30 + 0.012


def test_orders_that_follow_each_other_in_slowness_cause_more_alarms_and_that_is_stated():
    alarms = simulated_false_alarms(
        threshold=threshold_of(52), deliveries_per_year=52, supplier_count=1500, seed=2026, echo=0.3
    )
    assert alarms == pytest.approx(FALSE_ALARMS_WITH_ECHO[2], abs=0.025)


def test_the_stated_rates_add_up_to_no_more_than_a_tenth_over_three_measures():
    assert max(FALSE_ALARMS_PER_YEAR) * 3 <= 0.1
    assert len(THRESHOLDS) == len(RATES_PER_YEAR) == len(FALSE_ALARMS_PER_YEAR)
    assert sorted(THRESHOLDS) == list(THRESHOLDS)
    assert false_alarms_per_year(1) == FALSE_ALARMS_PER_YEAR[0]
