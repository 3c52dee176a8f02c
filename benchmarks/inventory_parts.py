"""Spare parts, period by period as Nguyen (2023) had them: order-up-to every period, no lead time, backorders, fill against holding.

The study's nine methods are known by their published curves; the one among them that is simple to write again (exponential
smoothing with a gamma distribution) is run here too, so that items can be resampled in pairs and the judge itself be judged.
Settings come from the training part; the test part is walked through once, each decision seeing what came before it. Possible
demand, how far a level is heard and the level that is stocked are the functions by which the product orders what is bought now
and then (`models.inventory.own_demand`).
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.special import gammainc
from scipy.stats import norm

from benchmarks.inventory_curves import Curve, curve
from benchmarks.inventory_panel import Panel, Unreadable, panel, prices
from models.demand.blend import blended
from models.inventory.possible_demand import Possible, heard, possible
from models.inventory.replay import Terms, replay
from models.inventory.stock_levels import economic

TRAIN_SHARE, HOLDING_SHARE, SMOOTHING, FEWEST_ITEMS = 0.7, 0.25, 0.1, 10
RATES = np.logspace(-3.5, 4.5, 45)  # of holding, for a unit that is worth one euro wherever it is missing
TARGETS = np.concatenate(
    [np.arange(0.5, 0.99, 0.02), [0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999, 1 - 1e-5, 1 - 1e-7, 1 - 1e-10]]
)
COVERS = np.concatenate([np.linspace(0.5, 20, 40), np.geomspace(22, 200, 16)])
Levels = np.ndarray


@dataclass(frozen=True)
class Parts:
    """Demand item × period, what a unit costs to the judge and to the rules, and where the test part begins.

    AUTO has no prices; the study makes them from sales of all months, test months too. Rules see prices made the same way
    from what had come by the first test month, so that none can read the future off its price list.
    """

    demand: np.ndarray
    price: np.ndarray
    price_known: np.ndarray
    first: int
    year: float
    is_weekly: bool = True
    labels: tuple[str, ...] = ()
    period: str = "week"
    left_out: int = 0

    def until(self, first: int, end: int) -> "Parts":
        """An earlier test part, for choosing settings: nothing from `end` on is in it."""
        keep = (self.demand[:, :first] != 0).sum(axis=1) >= 2
        part = self.demand[keep][:, :end]
        known = made_up(part[:, :first]) if self.price is not self.price_known else self.price_known[keep]
        return replace(self, demand=part, price=known, price_known=known, first=first)


def made_up(demand: np.ndarray) -> np.ndarray:
    """The study's prices where none are known, up to a factor: the fewer are sold, the dearer."""
    mean = demand.mean(axis=1)
    return mean.mean() ** 2 / mean


def parts(demand_path: Path, items_path: Path | None) -> Parts:
    """The panel cleaned as in the study: nothing below nought, at least two periods with demand in the training part.

    Raises:
        Unreadable: what is wrong with one of the files.
    """
    told: Panel = panel(demand_path)
    demand = told.demand
    first = round(demand.shape[1] * TRAIN_SHARE)
    keep = (demand[:, :first] != 0).sum(axis=1) >= 2
    cost = None if items_path is None else prices(items_path, told.names)
    if cost is not None:
        keep &= np.isfinite(cost)
    if keep.sum() < FEWEST_ITEMS:
        raise Unreadable(
            f"{demand_path.name}: {keep.sum()} items with demand in two of the first {first} periods"
            f"{'' if cost is None else ' and a price'}; at least {FEWEST_ITEMS} are needed"
        )
    price = made_up(demand[keep]) if cost is None else cost[keep]
    known = made_up(demand[keep][:, :first]) if cost is None else price
    return Parts(
        demand[keep], price, known, first, told.year, told.period == "week", tuple(told.labels), told.period,
        int((~keep).sum()),
    )  # fmt: skip


def forecasts(found: Parts) -> list[tuple[Possible, np.ndarray]]:
    """For each test period what may come, and the mean of it, from what had come before.

    As in the product: out of own past, moved towards the forecast where demand comes in most weeks. How often it comes is
    a matter of weeks, so no forecast is heard where periods are longer.
    """
    told = []
    for period in range(found.first, found.demand.shape[1]):
        history = list(np.ascontiguousarray(found.demand[:, :period]))
        said = possible(history, half_life=found.year)
        if found.is_weekly:
            level = blended(history, season_length=1, horizon=1).points[:, 0]
            factors = heard(said.often, said.mean(), level)
            said = replace(said, values=np.rint(said.values * factors[:, None]))
        told.append((said, said.mean()))
    return told


def judged(found: Parts, knobs: np.ndarray, levels: list[Levels], reorder: list[Levels] | None = None) -> Curve:
    """The curve of a rule from its order-up-to levels, one array `period × item` a setting."""
    days, none = np.arange(found.first, found.demand.shape[1]), np.zeros(found.demand.shape, dtype=np.int64)
    lows = levels if reorder is None else reorder
    runs = [replay(found.demand, none, days, pair, terms=Terms()) for pair in zip(lows, levels, strict=True)]
    return curve(knobs, runs, found.price, holding_share=HOLDING_SHARE, at="before_qty", margin=found.price)


def ours(
    found: Parts, told: list[tuple[Possible, np.ndarray]], *, by_value: bool = False, rates: np.ndarray = RATES
) -> Curve:
    """The product's rule: a missing unit costs the same wherever it is missing, or as much as the unit is worth."""
    margin = found.price_known if by_value else np.ones(found.price.size)
    levels = np.array([
        economic(
            said.values, margin, found.price_known, holding_share=HOLDING_SHARE, days=365.0 / found.year, rate=rates,
            chances=said.chances,
        )
        for said, _ in told
    ])  # fmt: skip
    return judged(found, rates, list(levels.transpose(1, 0, 2)))


def textbook_cycles(found: Parts, told: list[tuple[Possible, np.ndarray]]) -> Curve:
    """Normal safety stock for a chance of lasting the cycle, with the same mean and the spread of the same forecast."""
    spread = [np.sqrt(np.maximum((said.values**2 * said.chances).sum(axis=1) - mean**2, 0.0)) for said, mean in told]
    levels = [
        np.ceil(np.array([mean + norm.ppf(target) * sd for (_, mean), sd in zip(told, spread, strict=True)]))
        for target in TARGETS
    ]
    return judged(found, TARGETS, [np.maximum(level, 0.0) for level in levels])


def textbook_fill(found: Parts, told: list[tuple[Possible, np.ndarray]]) -> Curve:
    """Normal safety stock for a share of units, E(X - s)+ <= (1 - target) mean, with the same mean and spread."""
    spread = [np.sqrt(np.maximum((said.values**2 * said.chances).sum(axis=1) - mean**2, 1e-12)) for said, mean in told]
    z = np.linspace(-5, 8, 2601)
    loss = norm.pdf(z) - z * norm.sf(z)
    levels = []
    for target in TARGETS:
        rows = [
            mean + sd * np.interp((target - 1) * mean / sd, -loss, z)
            for (_, mean), sd in zip(told, spread, strict=True)
        ]
        levels.append(np.maximum(np.ceil(np.array(rows)), 0.0))
    return judged(found, TARGETS, levels)


def cover(found: Parts, told: list[tuple[Possible, np.ndarray]]) -> Curve:
    """Periods of cover: the same forecast's mean times a knob."""
    return judged(found, COVERS, [np.ceil(np.array([mean for _, mean in told]) * knob) for knob in COVERS])


def min_max(found: Parts, told: list[tuple[Possible, np.ndarray]], *, is_static: bool) -> Curve:
    """Order at a number of periods of cover, up to a month's more; set once before the test part, or anew each period."""
    means = np.array([mean for _, mean in told])
    if is_static:
        means = np.broadcast_to(found.demand[:, : found.first].mean(axis=1), means.shape)
    lows = [np.ceil(means * knob) for knob in COVERS]
    return judged(found, COVERS, [np.ceil(means * (knob + found.year / 12)) for knob in COVERS], lows)


def published_method(found: Parts) -> Curve:
    """The study's own rule for simple smoothing: gamma with its mean, spread of all history, no level above the largest demand."""
    level, told = found.demand[:, 0].copy(), []
    for period in range(1, found.demand.shape[1]):
        level = level + SMOOTHING * (found.demand[:, period - 1] - level)
        if period >= found.first:
            seen = found.demand[:, :period]
            told.append((level.copy(), seen.std(axis=1, ddof=1), seen.max(axis=1)))
    return judged(found, TARGETS_STUDY, [np.array([_gamma(*one, target) for one in told]) for target in TARGETS_STUDY])


TARGETS_STUDY = np.concatenate([np.arange(50, 100) / 100, [0.995, 0.999]])


def _gamma(mean: np.ndarray, sd: np.ndarray, most: np.ndarray, target: float) -> np.ndarray:
    """The lowest whole level with E(X - s)+ <= (1 - target) mean, by halving."""
    safe, spread = np.where(mean > 0, mean, 1.0), np.where(sd > 0, sd, 1.0)
    shape, rate = (safe / spread) ** 2, safe / spread**2

    def short(level: np.ndarray) -> np.ndarray:
        return safe - level - safe * gammainc(shape + 1, rate * level) + level * gammainc(shape, rate * level)

    low, high = np.zeros_like(mean), np.maximum(most, 1.0)
    for _ in range(20):
        middle = np.floor((low + high) / 2)
        is_enough = short(middle) <= (1 - target) * safe
        low, high = np.where(is_enough, low, middle), np.where(is_enough, middle, high)
    nothing = (mean <= 0) | (short(np.zeros_like(mean)) <= (1 - target) * safe)
    return np.where(nothing, 0.0, high)
