"""Real wholesale demand, day by day, with lead times that nobody knows: every rule set anew each fortnight on the same forecast.

Demand and prices are Online Retail's; lead times, costs and terms are made up (see `TERMS`) and the same for all rules. A share of
the days comes before the test and is what settings were chosen on; rules see demand up to each evening and past lead times only.
Ours are the product's functions: possible demand out of own past weeks (`models.inventory.own_demand`), or how far plain forecasts
have been off (`models.inventory.past_misses`), whichever cost less in a look back from before the test, as the product takes it.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import norm

from benchmarks.inventory_curves import Curve, curve
from benchmarks.inventory_shop import WARM_DAYS, Shop
from models.inventory.lead_time_demand import ATOMS, even_days
from models.inventory.missed_by import samples
from models.inventory.order_inputs import MISSES, OWN_WEEKS
from models.inventory.own_demand import DOUBT, WEEK, WEEKS_A_YEAR
from models.inventory.past_misses import HALF_LIFE, learn
from models.inventory.possible_demand import heard, possible, running
from models.inventory.replay import Terms, replay
from models.inventory.replenishment_trial import SURELY
from models.inventory.stock_levels import Textbook, cycle_service, economic, fill_rate, textbook

REFRESH_DAYS, REVIEW_DAYS = 14, 7
LEAD_MEAN, LEAD_CV, COST_SHARE, HOLDING_SHARE, ORDER_AMOUNT = 12.0, 0.5, 0.6, 0.25, 5.0
TERMS = Terms(review_days=REVIEW_DAYS, is_lost=True)
LONGEST_LEAD = 63
# Weeks before the test at which the product's look-back sets levels (`models.inventory.replenishment_trial`).
LOOKS = (12, 8, 4)
DRAWS = 320
RATES = np.geomspace(0.05, 300.0, 36)
TARGETS = np.array(
    [
        *np.arange(0.05, 0.95, 0.05),
        0.95,
        0.97,
        0.98,
        0.985,
        0.99,
        0.993,
        0.996,
        0.998,
        0.999,
        0.9997,
        1 - 1e-4,
        1 - 1e-5,
        1 - 1e-7,
        1 - 1e-10,
    ]
)
COVERS = np.geomspace(3.0, 200.0, 36)


def lead_times(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Whole days, lognormal."""
    spread = np.sqrt(np.log(1 + LEAD_CV**2))
    drawn = np.random.default_rng(seed).lognormal(np.log(LEAD_MEAN) - spread**2 / 2, spread, shape)
    return np.clip(np.rint(drawn), 1, LONGEST_LEAD).astype(np.int64)


@dataclass(frozen=True)
class View:
    """What the rules know on one evening: the forecast of a day, its spread, and possible demand over the protection interval.

    Attributes:
        mean, sd: of a day.
        until_next, until_this: out of own past weeks.
        missed_next, missed_this: out of what forecasts were missed by.
        law: which of the two the product takes on that evening.
    """

    mean: np.ndarray
    sd: np.ndarray
    until_next: np.ndarray
    until_this: np.ndarray
    missed_next: np.ndarray
    missed_this: np.ndarray
    law: str = OWN_WEEKS


def views(found: Shop) -> tuple[np.ndarray, list[View]]:
    """The days on which levels are set, from some weeks before the test on, and what is known on each.

    On each the law speaks whose levels cost less at looks back, as the product takes it at each refresh.
    """
    days = np.arange(found.first - WARM_DAYS - WEEK * max(LOOKS), found.demand.shape[1], REFRESH_DAYS)
    seen = {int(day): _view(found.demand[:, :day]) for day in days}
    spent = {day: _spent(found, view, day) for day, view in seen.items()}
    set_on = [day for day in seen if day >= found.first - WARM_DAYS]
    return np.array(set_on), [
        replace(seen[day], law=_law([spent[day - WEEK * weeks] for weeks in LOOKS])) for day in set_on
    ]


def _spent(found: Shop, seen: View, day: int) -> dict[str, float]:
    """What levels set on a day cost an item in the end: keeping what was left, and what the order could have saved."""
    cost, margin, lead = found.price * COST_SHARE, found.price * (1 - COST_SHARE), round(LEAD_MEAN)
    before, asked = (found.demand[:, day : day + days].sum(axis=1) for days in (lead, lead + REVIEW_DAYS))
    told = {}
    for law in (OWN_WEEKS, MISSES):
        later, earlier = possible_demand(seen, law)
        level = economic(later, margin, cost, holding_share=HOLDING_SHARE, days=REVIEW_DAYS, earlier=earlier)
        kept = HOLDING_SHARE * cost * REVIEW_DAYS / 365 * np.maximum(level - asked, 0)
        told[law] = float((kept + margin * (np.maximum(asked - level, 0) - np.maximum(before - level, 0))).mean())
    return told


def _law(looks: list[dict[str, float]]) -> str:
    own, missed = (np.mean([one[law] for one in looks]) for law in (OWN_WEEKS, MISSES))
    return MISSES if missed < (1 - SURELY) * own else OWN_WEEKS


def _view(known: np.ndarray) -> View:
    """The weighted mean as forecast, and how far it has been off at earlier origins, a week apart."""
    span, lead = (
        round(LEAD_MEAN) + REVIEW_DAYS,
        lead_times((5000,), seed=7).astype(float),
    )  # another luck than the test's
    mean, sd, _ = _weighted(known)
    learnt, often = learn(known, span=span)
    beside = samples(learnt, mean, often, lead, review_days=REVIEW_DAYS)
    return View(mean, sd, *_own(known, mean, lead), *beside)


def _own(known: np.ndarray, mean: np.ndarray, lead: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Equally likely demands until the next order would come and until this one does, as the product draws them."""
    count = known.shape[1] // WEEK
    weeks = known[:, known.shape[1] - WEEK * count :].reshape(known.shape[0], count, WEEK).sum(axis=2)
    # A life begins with a sale, which says nothing of how often one comes.
    history = [one[np.argmax(one > 0) + 1 :] if one.any() else one for one in weeks]
    said = possible(history, half_life=WEEKS_A_YEAR)
    factors = heard(said.often, said.mean(), mean * WEEK)
    taken = np.tile(even_days(lead, np.ones(lead.size), ATOMS).astype(int), DRAWS // ATOMS)
    ahead = -(-int(taken.max() + REVIEW_DAYS) // WEEK)
    until_next, until_this = np.zeros((len(history), DRAWS)), np.zeros((len(history), DRAWS))
    for item, factor in enumerate(factors):
        drawn = running(
            said.values[item],
            said.chances[item],
            np.full(ahead, factor),
            seed=item,
            count=DRAWS,
            doubt=DOUBT,
            days=WEEK,
        )
        so_far = np.concatenate([np.zeros((DRAWS, 1)), drawn], axis=1)
        until_next[item] = so_far[np.arange(DRAWS), taken + REVIEW_DAYS]
        until_this[item] = so_far[np.arange(DRAWS), taken]
    return until_next, until_this


def _weighted(known: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and spread of a day and the share of days with demand, later days counting more."""
    weight = 0.5 ** (np.arange(known.shape[1])[::-1] / HALF_LIFE)
    weight /= weight.sum()
    mean = known @ weight
    return mean, np.sqrt(((known - mean[:, None]) ** 2) @ weight), (known > 0) @ weight


def rules(found: Shop, seen: list[View]) -> dict[str, tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray]]]]:
    """Each rule with its knob's settings and, for each, reorder points and order-up-to levels (`decision × item`)."""
    cost, margin = found.price * COST_SHARE, found.price * (1 - COST_SHARE)
    leads = lead_times((5000,), seed=7).astype(float)
    ahead = leads.mean() + REVIEW_DAYS

    def all_at_once(levels: list[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
        whole = np.maximum(np.ceil(np.array(levels) - 1e-6), 0.0)
        return [(whole[:, k], whole[:, k]) for k in range(whole.shape[1])]

    def money(worth: np.ndarray, *, by: str = "") -> list[np.ndarray]:
        pairs = [possible_demand(v, by or v.law) for v in seen]
        return [
            economic(
                later, worth, cost, holding_share=HOLDING_SHARE, days=REVIEW_DAYS, rate=RATES, earlier=earlier
            )
            for later, earlier in pairs
        ]  # fmt: skip

    formula = [textbook(v.mean, v.sd, ahead, leads.std()) for v in seen]
    flat = found.demand[:, : found.first - WARM_DAYS].mean(axis=1)
    z = np.linspace(-4, 8, 2401)
    loss = norm.pdf(z) - z * norm.sf(z)

    def normal_fill(one: Textbook, mean: np.ndarray) -> np.ndarray:
        short = (1 - TARGETS)[:, None] * mean * REVIEW_DAYS
        return one.mean + one.sd * np.interp(-short / np.maximum(one.sd, 1e-9), -loss, z)

    def min_max(mean: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        return [
            (np.ceil(np.atleast_2d(mean) * knob), np.ceil(np.atleast_2d(mean) * (knob + 2 * REVIEW_DAYS)))
            for knob in COVERS
        ]

    def with_lots() -> list[tuple[np.ndarray, np.ndarray]]:
        lows, highs = [], []
        for v in seen:
            lot = np.minimum(np.sqrt(2 * ORDER_AMOUNT * v.mean * 365 / (HOLDING_SHARE * cost)), 91 * v.mean)
            cycle = np.maximum(lot / np.maximum(v.mean, 1e-9), REVIEW_DAYS)
            later, earlier = possible_demand(v, v.law)
            low = economic(later, margin, cost, holding_share=HOLDING_SHARE, days=cycle, rate=RATES, earlier=earlier)
            lows.append(np.ceil(low - 1e-6))
            highs.append(np.ceil(np.maximum(low, low - v.mean * REVIEW_DAYS + lot) - 1e-6))
        return [(np.array(lows)[:, k], np.array(highs)[:, k]) for k in range(RATES.size)]

    means = np.array([v.mean for v in seen])
    return {
        "ours": (RATES, all_at_once(money(margin))),
        "ours with lots": (RATES, with_lots()),
        "ours by unit": (RATES, all_at_once(money(np.full(cost.size, margin.mean())))),
        "own weeks": (RATES, all_at_once(money(margin, by=OWN_WEEKS))),
        "past misses": (RATES, all_at_once(money(margin, by=MISSES))),
        "samples, cycle service": (
            TARGETS,
            all_at_once([np.array([cycle_service(v.until_next, t) for t in TARGETS]) for v in seen]),
        ),
        "samples, fill rate": (
            TARGETS,
            all_at_once(
                [
                    np.array([fill_rate(v.until_next, v.mean * REVIEW_DAYS, t, earlier=v.until_this) for t in TARGETS])
                    for v in seen
                ]
            ),
        ),
        "normal, cycle service": (
            TARGETS,
            all_at_once([np.array([one.for_cycles(t) for t in TARGETS]) for one in formula]),
        ),
        "normal, fill rate": (
            TARGETS,
            all_at_once([normal_fill(one, v.mean) for one, v in zip(formula, seen, strict=True)]),
        ),
        "weeks of cover": (COVERS, [(np.ceil(means * knob), np.ceil(means * knob)) for knob in COVERS]),
        "min/max, refreshed": (COVERS, min_max(means)),
        "min/max, set once": (
            COVERS,
            [(np.broadcast_to(low, means.shape), np.broadcast_to(high, means.shape)) for low, high in min_max(flat)],
        ),
    }


def possible_demand(seen: View, taken: str) -> tuple[np.ndarray, np.ndarray]:
    """Equally likely demands until the next order would come and until this one does, by one of the product's laws."""
    return (seen.missed_next, seen.missed_this) if taken == MISSES else (seen.until_next, seen.until_this)


def judged(found: Shop, days: np.ndarray, told: tuple[np.ndarray, list], seed: int) -> Curve:
    """The curve of a rule under one luck."""
    knobs, settings = told
    lead = lead_times(found.demand.shape, seed=1000 + seed)
    runs = [replay(found.demand, lead, days, pair, terms=TERMS, measured_from=found.first) for pair in settings]
    return curve(
        knobs,
        runs,
        found.price * COST_SHARE,
        holding_share=HOLDING_SHARE,
        at="after_qty",
        margin=found.price * (1 - COST_SHARE),
    )
