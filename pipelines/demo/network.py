"""The fixed part of a demo world, worked out from size and seed alone: who and what there is, where it is stocked, at what price."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pipelines.demo import goods as goods_
from pipelines.demo import parties, people
from pipelines.demo.dice import Dice
from pipelines.demo.goods import Goods, Suppliers
from pipelines.demo.parties import Customers, Lanes, Sites
from pipelines.demo.people import Staff
from pipelines.demo.scale import Size, size_named

STOCKED_FROM_LINES_A_YEAR = 5.0


@dataclass(frozen=True)
class Network:
    """Everything that does not change while a world lives. A *cell* is one SKU at one site: site x number of SKUs + SKU."""

    size: Size
    dice: Dice
    goods: Goods
    suppliers: Suppliers
    sites: Sites
    customers: Customers
    lanes: Lanes
    staff: Staff
    share: np.ndarray
    is_stocked: np.ndarray
    serves: np.ndarray
    usual_qty: np.ndarray
    contract_price: np.ndarray
    credit_limit: np.ndarray

    @property
    def cell_count(self) -> int:
        """SKUs times sites."""
        return self.sites.count * self.goods.count

    @property
    def cell_sku(self) -> np.ndarray:
        """SKU of each cell."""
        return np.tile(np.arange(self.goods.count), self.sites.count)

    def cell_names(self, cells: np.ndarray) -> list[str]:
        """Cells as `SKU@SITE`."""
        sku, site = cells % self.goods.count, cells // self.goods.count
        return [f"{a}@{b}" for a, b in zip(self.goods.code[sku], self.sites.code[site], strict=True)]


@lru_cache(maxsize=4)
def network(size_name: str, seed: int) -> Network:
    """The network of a world.

    >>> network("small", 7).cell_count
    360
    """
    size, dice = size_named(size_name), Dice(seed)
    places, articles = parties.sites(size), goods_.goods(size, dice)
    buyers = parties.customers(size, dice, places)
    share = _share(dice, places, articles)
    is_stocked = (share * articles.line_rate * 255 > STOCKED_FROM_LINES_A_YEAR) | places.is_dc[:, None]
    cells = np.arange(share.size).reshape(share.shape)
    serves = np.where(
        is_stocked, cells, np.where(places.feeder >= 0, places.feeder, 0)[:, None] * articles.count + cells[0]
    )
    per_line = articles.line_qty * np.exp(articles.line_spread**2 / 2)
    lines = np.bincount(serves.ravel() // articles.count, (share * articles.line_rate).ravel(), minlength=places.count)
    usual = (share * articles.line_rate * per_line * 5.2 / 7).ravel()
    return Network(
        size=size,
        dice=dice,
        goods=articles,
        suppliers=goods_.suppliers(size, dice),
        sites=places,
        customers=buyers,
        lanes=parties.lanes(size, dice, places),
        staff=people.staff(size, dice, lines),
        share=share,
        is_stocked=is_stocked.ravel(),
        serves=serves.ravel(),
        usual_qty=np.bincount(serves.ravel(), usual, minlength=share.size),
        contract_price=_contracts(dice, buyers, articles),
        credit_limit=_credit(dice, buyers, articles, usual, places),
    )


def _share(dice: Dice, places: Sites, articles: Goods) -> np.ndarray:
    """Part of a SKU's demand that falls on each site (sites x SKUs); columns sum to one."""
    pull = np.where(places.is_dc, 1.6, 1.0)[:, None]
    taste = np.exp(
        0.35 * dice.normal("site.taste", np.arange(places.count)[:, None], np.arange(articles.count)[None, :])
    )
    return pull * taste / (pull * taste).sum(axis=0)


def _contracts(dice: Dice, buyers: Customers, articles: Goods) -> np.ndarray:
    """Agreed price by customer and SKU; 0 where none was agreed. Large customers agree prices for some of the best-selling SKUs."""
    who, what = np.arange(buyers.count)[:, None], np.arange(articles.count)[None, :]
    sells_well = articles.line_rate >= np.quantile(articles.line_rate, 0.75)
    agreed = (buyers.tier[:, None] == 0) & sells_well[None, :] & (dice.uniform("contract", who, what) < 0.35)
    factor = 0.80 + 0.10 * dice.uniform("contract.price", who, what)
    return np.where(agreed, np.round(articles.price[None, :] * factor, 2), 0.0)


def _credit(dice: Dice, buyers: Customers, articles: Goods, usual: np.ndarray, places: Sites) -> np.ndarray:
    """What each customer may owe: what it usually owes, and some room."""
    worth = (usual.reshape(places.count, articles.count) * articles.price).sum(axis=1)
    weight = buyers.weight / np.bincount(buyers.site, buyers.weight, minlength=places.count)[buyers.site]
    days = parties.TERMS_DAYS[buyers.tier] + buyers.pays_late_days + 8
    room = 1.35 + 1.1 * dice.uniform("customer.room", np.arange(buyers.count))
    return np.maximum(1_000, np.round(worth[buyers.site] * weight * days * room, -2))
