"""What must hold of any sample paths: they agree with the bands they were drawn from, with their sums, and with themselves."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.paths import sample_paths, seed_of, summed_quantiles

LEVELS = np.array([0.025, 0.1, 0.3, 0.5, 0.7, 0.9, 0.975])
STEPS, MANY, FEW = 4, 4000, 50
SIGMAS = 5.0  # a fair draw strays further from its chance once in two million times

RISES = st.one_of(st.integers(0, 3).map(float), st.floats(0, 100).map(lambda value: round(value, 2)))
STEP_BANDS = st.lists(RISES, min_size=LEVELS.size, max_size=LEVELS.size).map(np.cumsum)
BANDS = st.lists(STEP_BANDS, min_size=STEPS, max_size=STEPS).map(np.array)
SHARES, SERIALS, SEEDS = st.floats(0, 1), st.floats(-0.9, 0.9), st.integers(0, 2**32 - 1)


def drawn(bands, means=None, *, common_share=0.1, serial=0.2, seed=1, count=FEW):
    return sample_paths(
        bands,
        middles(bands) if means is None else means,
        LEVELS,
        common_share=common_share,
        serial=serial,
        seed=seed,
        count=count,
    )


def halves(edges):
    """Halfway between neighbours."""
    return 0.5 * (edges[..., 1:] + edges[..., :-1])


def middles(bands):
    """The means of the bands where nothing lies beyond the last one."""
    between = (np.diff(LEVELS) * halves(bands)).sum(axis=1)
    return bands[:, 0] * LEVELS[0] + between + bands[:, -1] * (1 - LEVELS[-1])


@given(bands=BANDS, common_share=SHARES, serial=SERIALS, seed=SEEDS)
def test_as_many_paths_lie_below_a_band_as_it_names(bands, common_share, serial, seed):
    """However steps hang together, each step alone keeps its bands, and half of what lies between two lies below their middle.

    Where bands lie on each other, either side counts.
    """
    made = drawn(bands, common_share=common_share, serial=serial, seed=seed, count=MANY)
    edges, levels = (np.concatenate([one, halves(one)], axis=-1) for one in (bands, LEVELS))
    below = (made[:, :, None] < edges - 1e-9).mean(axis=0)
    not_above = (made[:, :, None] <= edges + 1e-9).mean(axis=0)
    strays = SIGMAS * np.sqrt(levels * (1 - levels) / MANY)
    assert (below <= levels + strays).all()
    assert (not_above >= levels - strays).all()


@given(bands=BANDS, beyond=st.floats(0, 50), seed=SEEDS)
def test_the_mean_of_many_paths_is_the_mean_that_was_asked_for(bands, beyond, seed):
    """What the bands do not hold lies in the tail: a mean above theirs lifts the paths beyond the last band."""
    asked = middles(bands) + beyond
    made = drawn(bands, asked, common_share=0.0, serial=0.0, seed=seed, count=MANY)
    excess = beyond / (1 - LEVELS[-1])
    # The variance that is expected, not the one drawn: rare large values may be missing from the draw by chance.
    tail = (1 - LEVELS[-1]) * 2 * excess * (excess + bands[:, -1] - bands[:, 0])
    strays = SIGMAS * np.sqrt(((bands[:, -1] - bands[:, 0]) ** 2 + tail) / MANY) + 1e-6
    assert (np.abs(made.mean(axis=0) - asked) <= strays).all()


@given(bands=BANDS, share=st.floats(0, 1), seed=SEEDS)
def test_a_mean_below_that_of_straight_bands_is_kept_as_well(bands, share, seed):
    """Lumpy demand stays at nothing for most of the way between two quantiles; drawn straight, sums over weeks would be too high."""
    asked = middles(bands) * share
    made = drawn(bands, asked, common_share=0.0, serial=0.0, seed=seed, count=MANY)
    strays = SIGMAS * (bands[:, -1] - bands[:, 0]) / np.sqrt(MANY) + 1e-6
    assert (np.abs(made.mean(axis=0) - asked) <= strays).all()


def floors(bands):
    """The least mean that the bands can have: each value stays on the band below it."""
    between = (np.diff(LEVELS) * bands[:, :-1]).sum(axis=1)
    return bands[:, 0] * LEVELS[0] + between + bands[:, -1] * (1 - LEVELS[-1])


@given(bands=BANDS, share=st.floats(0, 0.95), seed=SEEDS)
def test_paths_with_a_mean_below_that_of_straight_bands_keep_their_bands(bands, share, seed):
    """Demand that comes in lumps stays low for long and then jumps: it is bent between its bands, and never off them."""
    asked = middles(bands) - share * (middles(bands) - floors(bands))
    made = drawn(bands, asked, common_share=0.0, serial=0.0, seed=seed, count=MANY)
    chances = SIGMAS * np.sqrt(LEVELS * (1 - LEVELS) / MANY)
    assert ((made[:, :, None] < bands - 1e-9).mean(axis=0) <= LEVELS + chances).all()
    assert ((made[:, :, None] <= bands + 1e-9).mean(axis=0) >= LEVELS - chances).all()


@given(bands=BANDS, below=st.floats(0, 1))
def test_a_mean_that_the_bands_hold_already_puts_nothing_beyond_them(bands, below):
    made = drawn(bands, middles(bands) * below, count=MANY)
    assert (made <= bands[:, -1] + 1e-9).all()


@given(bands=BANDS, beyond=st.floats(0, 50), common_share=SHARES, serial=SERIALS, seed=SEEDS)
def test_no_path_falls_below_the_lowest_band_and_all_are_numbers(bands, beyond, common_share, serial, seed):
    made = drawn(bands, middles(bands) + beyond, common_share=common_share, serial=serial, seed=seed)
    assert np.isfinite(made).all()
    assert (made >= bands[:, 0]).all()
    assert (made >= 0).all()


@given(bands=BANDS, seed=SEEDS, common_share=SHARES)
def test_the_same_seed_draws_the_same_paths_and_more_of_them_change_none(bands, seed, common_share):
    few = drawn(bands, seed=seed, common_share=common_share)
    np.testing.assert_array_equal(drawn(bands, seed=seed, common_share=common_share), few)
    np.testing.assert_array_equal(drawn(bands, seed=seed, common_share=common_share, count=2 * FEW)[:FEW], few)


def test_another_seed_or_another_name_draws_other_paths():
    rising = np.tile(np.arange(7.0), (STEPS, 1))
    assert (drawn(rising, seed=1) != drawn(rising, seed=2)).mean() > 0.9
    assert seed_of(1, "A/X") == seed_of(1, "A/X")
    assert len({seed_of(seed, name) for seed in (1, 2) for name in ("A/X", "A/Y", "B/X")}) == 6


@given(bands=BANDS, beyond=st.floats(0, 50), power=st.integers(-6, 20))
def test_another_unit_changes_the_paths_by_the_unit(bands, beyond, power):
    means, unit = middles(bands) + beyond, 2.0**power
    np.testing.assert_allclose(drawn(bands * unit, means * unit), drawn(bands, means) * unit, rtol=1e-9, atol=1e-9)


@given(panel=st.lists(BANDS, min_size=1, max_size=4), span=st.integers(1, STEPS), seed=SEEDS, beyond=st.floats(0, 9))
def test_quantiles_of_sums_are_those_of_the_paths_added_up(panel, span, seed, beyond):
    """The compiled road over many series gives what drawing each and adding up gives; what does not fill a sum is left."""
    wanted = np.array([0.0, 0.05, 0.5, 0.95, 1.0])
    means = np.array([middles(bands) + beyond for bands in panel])
    shapes = np.array([[0.1 * place, 0.2 * place - 0.3] for place in range(len(panel))])
    seeds = np.array([seed_of(seed, str(place)) for place in range(len(panel))])
    said = sums(np.array(panel), means, wanted, span, shapes, seeds)
    for place, bands in enumerate(panel):
        common_share, serial = shapes[place]
        each = drawn(bands, means[place], common_share=common_share, serial=serial, seed=int(seeds[place]))
        whole = each[:, : STEPS // span * span].reshape(FEW, -1, span).sum(axis=2)
        np.testing.assert_allclose(said[place], np.quantile(whole, wanted, axis=0).T, rtol=1e-9, atol=1e-9)


def sums(panel, means, wanted, span, shapes, seeds):
    return summed_quantiles(panel, means, LEVELS, wanted, span=span, shapes=shapes, seeds=seeds, count=FEW)


def test_sums_of_more_series_than_fit_one_task_are_those_of_each_alone():
    dice = np.random.default_rng(4)
    panel = np.sort(dice.gamma(2.0, 5.0, (150, STEPS, LEVELS.size)), axis=2)
    means = np.array([middles(bands) for bands in panel])
    shapes, seeds = dice.uniform(0, 0.9, (150, 2)), dice.integers(0, 2**32, 150)
    together = sums(panel, means, LEVELS, STEPS, shapes, seeds)
    for place in range(150):
        own = slice(place, place + 1)
        alone = sums(panel[own], means[own], LEVELS, STEPS, shapes[own], seeds[own])
        np.testing.assert_array_equal(together[own], alone)


@pytest.mark.parametrize(("common_share", "serial"), [(0.0, 0.0), (0.4, 0.0), (0.0, 0.6), (0.3, -0.5), (1.0, 0.0)])
def test_steps_hang_together_as_they_were_told_to(common_share, serial):
    """Bell curves, whose correlation is that of the copula: what is common to all, and between neighbours what is left too."""
    levels = np.linspace(0.001, 0.999, 999)
    bell = np.tile([NormalDist().inv_cdf(level) for level in levels], (8, 1))
    made = sample_paths(bell, np.zeros(8), levels, common_share=common_share, serial=serial, seed=7, count=20_000)
    found = np.corrcoef(made.T)
    for apart in (1, 2, 5):
        said = common_share + (1 - common_share) * serial**apart
        assert np.diag(found, apart).mean() == pytest.approx(said, abs=0.02)


def test_a_sum_is_wider_the_more_its_days_have_in_common():
    rising = np.tile(np.arange(7.0) * 10, (20, 1))
    spreads = [drawn(rising, common_share=share, serial=0.0, count=MANY).sum(axis=1).std() for share in (0, 0.1, 0.5)]
    assert spreads[1] / spreads[0] == pytest.approx(np.sqrt(1 + 19 * 0.1), rel=0.1)
    assert spreads[2] / spreads[0] == pytest.approx(np.sqrt(1 + 19 * 0.5), rel=0.1)
