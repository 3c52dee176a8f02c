"""Panels of sites whose effect is known because it was put there, and each way of measuring it as one question: found, and held?"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.ai_economics.adjusted import ancova, queue_split
from models.ai_economics.did import two_by_two
from models.ai_economics.permutation import assignments, p_below
from models.ai_economics.staggered import NEVER, measured

WEEKS, BEFORE = 24, 12
OWN, SERIAL = 0.5, 0.5  # share of the noise that is a site's own for good, and what passes from one week to the next


@dataclass(frozen=True)
class Answer:
    """What a method said of one panel: whether it found an effect at 5 per cent, and whether its interval holds the true one."""

    is_found: bool
    is_held: bool | None


def noise(dice: np.random.Generator, sites: int, weeks: int = WEEKS) -> np.ndarray:
    """Sites × weeks with a common season, each site's own level, and what is left following itself from week to week."""
    left = np.empty((sites, weeks))
    left[:, 0] = dice.normal(size=sites)
    for week in range(1, weeks):
        left[:, week] = SERIAL * left[:, week - 1] + np.sqrt(1 - SERIAL**2) * dice.normal(size=sites)
    season = 0.5 * np.sin(np.arange(weeks) / 4) + dice.normal(size=weeks) * 0.3
    return 10 + season + np.sqrt(OWN) * dice.normal(size=(sites, 1)) + np.sqrt(1 - OWN) * left


def by_two_by_two(dice: np.random.Generator, sites: int, effect: float) -> Answer:
    """One start week, half of the sites, the t with G − 2 degrees of freedom."""
    is_treated = dice.permutation(sites) < sites // 2
    seen = noise(dice, sites)
    seen[is_treated, BEFORE:] += effect
    return _answer(two_by_two(seen, is_treated, BEFORE), effect)


def by_ancova(dice: np.random.Generator, sites: int, effect: float) -> Answer:
    """The same, with the weeks before as a covariate."""
    is_treated = dice.permutation(sites) < sites // 2
    seen = noise(dice, sites)
    seen[is_treated, BEFORE:] += effect
    return _answer(ancova(seen[:, BEFORE:].mean(axis=1), seen[:, :BEFORE].mean(axis=1), is_treated), effect)


def by_lot_of_sites(dice: np.random.Generator, sites: int, effect: float) -> Answer:
    """The same, judged by other lots of sites: did the measure fall?"""
    is_treated = dice.permutation(sites) < sites // 2
    seen = noise(dice, sites)
    seen[is_treated, BEFORE:] += effect
    changes = seen[:, BEFORE:].mean(axis=1) - seen[:, :BEFORE].mean(axis=1)
    drawn = assignments(is_treated.astype(int).tolist(), seed=int(dice.integers(2**31)), most=999)
    share = drawn / drawn[0].sum() - (1 - drawn) / (1 - drawn[0]).sum()
    return Answer(p_below(share @ changes) <= 0.05 + 1e-9, None)


def by_staggered(dice: np.random.Generator, sites: int, effect: float) -> Answer:
    """Three start weeks and sites that never start, drawn by lot."""
    waves = np.array([12.0, 15.0, 18.0, NEVER])[np.arange(sites) % 4]
    starts = dice.permutation(waves)
    seen = noise(dice, sites) + effect * (np.arange(WEEKS) >= starts[:, None])
    return _answer(measured(seen, starts, seed=int(dice.integers(2**31)), most=999), effect)


def by_queue_split(dice: np.random.Generator, sites: int, effect: float) -> Answer:
    """Cases drawn by lot inside each site's week, of which there are few and of uneven number; skewed minutes."""
    counts = dice.poisson(6, size=(sites, WEEKS)).ravel()
    cell = np.repeat(np.arange(counts.size), counts)
    level = np.repeat(noise(dice, sites).ravel(), counts)
    is_assisted = dice.random(cell.size) < 0.5
    after = level + dice.gamma(2.0, 1.0, size=cell.size) + effect * is_assisted
    return _answer(queue_split(after, is_assisted, cell), effect)


METHODS: dict[str, Callable[[np.random.Generator, int, float], Answer]] = {
    "two_by_two": by_two_by_two,
    "ancova": by_ancova,
    "lot_of_sites": by_lot_of_sites,
    "staggered": by_staggered,
    "queue_split": by_queue_split,
}


def shares(method: str, sites: int, effect: float, *, runs: int, seed: int) -> tuple[float, float | None]:
    """How often a method finds something, and how often its interval holds the truth, over panels grown from one seed."""
    dice = np.random.default_rng([seed, sites])
    answers = [METHODS[method](dice, sites, effect) for _ in range(runs)]
    held = [one.is_held for one in answers if one.is_held is not None]
    return sum(one.is_found for one in answers) / runs, sum(held) / len(held) if held else None


def _answer(one: object, effect: float) -> Answer:
    low, high, p = one.low, one.high, one.p  # type: ignore[attr-defined]
    held = (low is None or low <= effect) and (high is None or effect <= high)
    return Answer(p is not None and p <= 0.05 + 1e-9, held)
