"""Where things are planted in a world, and from which day: where trade is brisk enough for a good detector to notice."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from pipelines.demo import words
from pipelines.demo.demand import slow_rates
from pipelines.demo.hands import planted_hands
from pipelines.demo.network import Network, network
from pipelines.demo.plants import CARRIER, EXCESS, PRICE, SHIFT, SLIP, SUPPLIER, TOO_LOW, TOO_OLD, Plant

CELLS_A_PLANT = 6


@lru_cache(maxsize=4)
def planted(size_name: str, seed: int) -> tuple[Plant, ...]:
    """All plants of a world, in order of their first day.

    >>> planted("small", 7)[0].plant_id
    'P01'
    """
    net = network(size_name, seed)
    last, plants = net.size.default_last, []
    taken = np.zeros(net.goods.count, dtype=bool)
    for turn in range(net.size.plants_per_kind):
        plants += [
            _supplier(net, last - 140 + 30 * turn, taken),
            *_parameters(net, last - 14 * turn, turn, taken),
            *_demand(net, last - 7 * turn, turn, taken),
            _carrier(last - 70 + 14 * turn, turn),
            *_records(net, last - 21 * turn, taken),
        ]
    ordered = sorted(plants, key=lambda plant: (plant.from_day, plant.kind, plant.subjects))
    begun = net.size.first_day + 14
    things = tuple(
        replace(plant, plant_id=f"P{number:02d}", from_day=max(plant.from_day, begun))
        for number, plant in enumerate(ordered, start=1)
    )
    return (*things, *planted_hands(net, len(things) + 1))


def _supplier(net: Network, from_day: int, taken: np.ndarray) -> Plant:
    """A supplier of much that sells, and not one so near that a doubled lead time would hardly matter."""
    worth = np.bincount(net.goods.supplier, np.where(taken, 0.0, _sales(net)), minlength=len(net.suppliers.code))
    chosen = np.argsort(-worth * net.suppliers.promised_days.clip(max=16), kind="stable")[:1]
    taken |= net.goods.supplier == chosen[0]
    code = str(net.suppliers.code[chosen[0]])
    says = f"Supplier {code} has delivered later (about twice its lead time) and short more often since this day."
    return Plant("", SUPPLIER, "supplier", (code,), from_day, None, 1.8, chosen, says)


def _parameters(net: Network, last: int, turn: int, taken: np.ndarray) -> list[Plant]:
    centre = _centre(net, turn)
    low, high = _best_cells(net, centre, CELLS_A_PLANT, taken), _best_cells(net, centre, CELLS_A_PLANT, taken, skip=6)
    old = _outgrown(net, centre, last - 300, last, taken)
    return [
        _of_cells(
            net,
            TOO_LOW,
            low,
            last - 175,
            0.35,
            "Reorder point and order-up-to level are about a third of what demand and lead time call for.",
        ),
        _of_cells(
            net,
            EXCESS,
            high,
            last - 230,
            3.2,
            "The order-up-to level is about three times what demand calls for; the stock above it is excess.",
        ),
        _of_cells(
            net,
            TOO_OLD,
            old,
            last - 300,
            1.0,
            "Parameters have not been refreshed since this day although demand has grown much since.",
        ),
    ]


def _demand(net: Network, last: int, turn: int, taken: np.ndarray) -> list[Plant]:
    centre = _centre(net, turn + 1)
    up, down = (
        _best_cells(net, centre, CELLS_A_PLANT, taken, slowest_supply=True),
        _best_cells(net, centre, CELLS_A_PLANT, taken),
    )
    return [
        _of_cells(
            net,
            SHIFT,
            up,
            last - 98,
            3.0,
            "Demand rose at once to about three times on this day and stays there.",
        ),
        _of_cells(
            net, SHIFT, down, last - 126, 0.3, "Demand fell at once to about a third on this day and stays there."
        ),
    ]


def _carrier(from_day: int, turn: int) -> Plant:
    code = words.CARRIERS[turn % 2][0]
    says = f"Carrier {code} delivered late far more often in these four weeks, whatever the weather."
    return Plant("", CARRIER, "carrier", (code,), from_day, from_day + 27, 0.40, np.array([turn % 2]), says)


def _records(net: Network, last: int, taken: np.ndarray) -> list[Plant]:
    dear = np.argsort(-np.where(taken, 0.0, _sales(net)), kind="stable")[:1]
    taken[dear] = True
    packed = np.argsort(-np.where(taken | (net.goods.pack < 10), 0.0, _sales(net)), kind="stable")[:1]
    taken[packed] = True
    wrong, slipped = str(net.goods.code[dear[0]]), str(net.goods.code[packed[0]])
    return [
        Plant(
            "",
            PRICE,
            "sku",
            (wrong,),
            last - 47,
            last - 19,
            0.1,
            dear,
            f"SKU {wrong} was sold at a tenth of its price (a decimal slip).",
        ),
        Plant(
            "",
            SLIP,
            "sku",
            (slipped,),
            last - 61,
            None,
            1.0,
            packed,
            f"Stock snapshots of SKU {slipped} are in cartons, not pieces, since this day.",
        ),
    ]


def _sales(net: Network) -> np.ndarray:
    """Usual daily sales of each SKU in money; 0 for those that come or go within the history."""
    goods = net.goods
    worth = net.usual_qty.reshape(net.sites.count, -1).sum(axis=0) * goods.price
    return np.where((goods.launched < net.size.first_day) & (goods.discontinued > net.size.default_last), worth, 0.0)


def _centre(net: Network, turn: int) -> int:
    centres = np.flatnonzero(net.sites.is_dc)
    return int(centres[turn % len(centres)])


def _best_cells(
    net: Network, site: int, count: int, taken: np.ndarray, *, skip: int = 0, slowest_supply: bool = False
) -> np.ndarray:
    """Cells of the best-selling SKUs of a site that no other plant has taken."""
    free = np.where(taken, 0.0, _sales(net))
    if slowest_supply:
        free *= net.suppliers.promised_days[net.goods.supplier]
    skus = np.argsort(-free, kind="stable")[skip : skip + count]
    taken[skus] = True
    return site * net.goods.count + skus


def _outgrown(net: Network, site: int, then: int, now: int, taken: np.ndarray) -> np.ndarray:
    """Cells of SKUs whose demand is now a multiple of what it was then."""
    before, after = (
        slow_rates(net.size.name, net.dice.seed, day // 7).reshape(net.sites.count, -1).sum(axis=0)
        * net.goods.line_qty
        * net.goods.price
        for day in (then, now - 60)
    )
    here = ~taken & (net.goods.launched < then - 14) & (net.goods.discontinued > now)
    skus = np.argsort(-np.where(here, after - before, -np.inf), kind="stable")[:CELLS_A_PLANT]
    taken[skus] = True
    return site * net.goods.count + skus


def _of_cells(net: Network, kind: str, cells: np.ndarray, from_day: int, strength: float, says: str) -> Plant:
    return Plant("", kind, "sku_site", tuple(net.cell_names(cells)), from_day, None, strength, cells, says)
