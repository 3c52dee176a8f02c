"""Who the demo company deals with and who works there: sites, customers, carriers, lanes and staff."""

from dataclasses import dataclass

import numpy as np

from pipelines.demo import words
from pipelines.demo.dice import Dice
from pipelines.demo.scale import Size

TIERS = ("A", "B", "C")
CHANNELS = ("edi", "web shop", "e-mail", "telephone")
EDI, WEB, MAIL, PHONE = range(4)
CHANNEL_SHARES = np.array([[0.60, 0.20, 0.14, 0.06], [0.10, 0.36, 0.32, 0.22], [0.0, 0.35, 0.27, 0.38]])
TIER_DISCOUNT = np.array([0.12, 0.06, 0.0])
TERMS_DAYS = np.array([45, 30, 14])


@dataclass(frozen=True)
class Sites:
    """Where stock is held; `feeder` is the site that replenishes a branch, -1 for a distribution centre."""

    code: np.ndarray
    is_dc: np.ndarray
    region: np.ndarray
    feeder: np.ndarray

    @property
    def count(self) -> int:
        """How many sites there are."""
        return len(self.code)


@dataclass(frozen=True)
class Customers:
    """Who buys, how often, how they behave when stock is short, and what they are owed."""

    code: np.ndarray
    name: np.ndarray
    site: np.ndarray
    tier: np.ndarray
    weight: np.ndarray
    order_chance: np.ndarray
    affinity: np.ndarray
    walks_away: np.ndarray
    wants_complete: np.ndarray
    patience_days: np.ndarray
    wish_days: np.ndarray
    penalty_share: np.ndarray
    minimum_fill: np.ndarray
    credit_days: np.ndarray
    pays_late_days: np.ndarray

    @property
    def count(self) -> int:
        """How many customers there are."""
        return len(self.code)


@dataclass(frozen=True)
class Lanes:
    """From where to which region by which carrier; `rank` 0 is the first choice of its kind."""

    site: np.ndarray
    region: np.ndarray
    carrier: np.ndarray
    cost: np.ndarray
    cost_per_kg: np.ndarray
    transit_days: np.ndarray
    capacity: np.ndarray


def site_rows(size: Size) -> list[tuple]:
    """The places of a world of this size, distribution centres first."""
    centres = [row for row in words.SITES if row[2] == "dc"][: size.dc_count]
    return centres + [row for row in words.SITES if row[2] == "branch"][: size.branch_count]


def sites(size: Size) -> Sites:
    """The sites of a world; each serves the region of its own number."""
    rows = site_rows(size)
    return Sites(
        code=np.array([row[0] for row in rows]),
        is_dc=np.array([row[2] == "dc" for row in rows]),
        region=np.arange(len(rows)),
        feeder=np.array([min(row[8], size.dc_count - 1) for row in rows]),
    )


def customers(size: Size, dice: Dice, places: Sites) -> Customers:
    """The customers of a world, a few large and many small."""
    index = np.arange(size.customer_count)
    tier = np.digitize(dice.uniform("customer.tier", index), [0.12, 0.42])
    weight = np.array([6.0, 2.2, 1.0])[tier] * np.exp(0.6 * dice.normal("customer.weight", index))
    site = index % places.count
    groups = len(words.CATEGORIES)
    liking = dice.uniform("customer.liking", index[:, None], np.arange(groups)[None, :])
    owners, trades = (
        dice.whole(0, len(words.OWNERS) - 1, "customer.owner", index),
        dice.whole(0, len(words.TRADES) - 1, "customer.trade", index),
    )
    return Customers(
        code=np.array([f"K{20_000 + 3 * i}" for i in index]),
        name=np.array(
            [f"{words.OWNERS[o]} {words.TRADES[t]} {i + 1}" for i, o, t in zip(index, owners, trades, strict=True)]
        ),
        site=site,
        tier=tier,
        weight=weight,
        order_chance=_chances(size, site, weight, places.count),
        affinity=np.where(liking > 0.55, 1.0, 0.12) * weight[:, None],
        walks_away=dice.uniform("customer.walks", index) < np.array([0.10, 0.35, 0.50])[tier],
        wants_complete=dice.uniform("customer.complete", index) < 0.10,
        patience_days=dice.whole(8, 35, "customer.patience", index),
        wish_days=dice.whole(2, 4, "customer.wish", index),
        penalty_share=np.where(
            dice.uniform("customer.penalty", index) < np.array([0.75, 0.30, 0.0])[tier],
            np.array([0.05, 0.03, 0.0])[tier],
            0.0,
        ),
        minimum_fill=np.array([0.96, 0.92, 0.0])[tier],
        credit_days=25 + dice.whole(0, 30, "customer.credit", index),
        pays_late_days=dice.whole(-2, 14, "customer.pays", index),
    )


def _chances(size: Size, site: np.ndarray, weight: np.ndarray, site_count: int) -> np.ndarray:
    """Chance that a customer orders on a weekday, so that an order has about two and a half lines."""
    orders_a_site = size.lines_per_workday / site_count / 2.5
    total = np.bincount(site, weight, minlength=site_count)
    return (orders_a_site * weight / total[site]).clip(0.01, 0.9)


def lanes(size: Size, dice: Dice, places: Sites) -> Lanes:
    """Each site reaches its own region, and each distribution centre those of its branches, by every carrier of the world."""
    reach = [(s, s) for s in range(places.count)]
    reach += [(int(places.feeder[s]), s) for s in range(places.count) if places.feeder[s] >= 0]
    rows = [(s, r, c) for s, r in reach for c in range(size.carrier_count)]
    site, region, carrier = (np.array(column) for column in zip(*rows, strict=True))
    far = site != region
    mode = np.array([row[2] for row in words.CARRIERS])[carrier]
    dear = np.array([row[5] for row in words.CARRIERS])[carrier] * (
        1.0 + 0.1 * dice.uniform("lane.cost", site, region, carrier)
    )
    fixed = np.select([mode == "parcel", mode == "express"], [5.2, 11.0], 24.0)
    per_kg = np.select([mode == "parcel", mode == "express"], [0.42, 0.55], 0.12)
    daily = size.lines_per_workday / places.count / 2.5
    return Lanes(
        site=site,
        region=region,
        carrier=carrier,
        cost=np.round(fixed * dear * np.where(far, 1.3, 1.0), 2),
        cost_per_kg=np.round(per_kg * dear * np.where(far, 1.4, 1.0), 3),
        transit_days=np.where(mode == "express", 1, np.where(far, 2, 1)),
        capacity=np.ceil(daily * np.select([mode == "parcel", mode == "express"], [1.2, 0.4], 0.9)).astype(np.int64)
        + 2,
    )
