"""What is planted in a demo world, from which day, and how it bends the world: the truth that detectors are scored against."""

from dataclasses import dataclass, field

import numpy as np

from pipelines.demo.network import Network

SUPPLIER, SHIFT, CARRIER, TOO_LOW, TOO_OLD, EXCESS, PRICE, SLIP = (
    "deteriorating_supplier",
    "demand_shift",
    "carrier_disruption",
    "parameters_too_low",
    "parameters_too_old",
    "excess_stock",
    "price_error",
    "unit_of_measure_slip",
)
DATA_ERROR = "data_error"


@dataclass(frozen=True)
class Plant:
    """One planted thing: what it befalls, from when to when (None: it goes on), and how hard."""

    plant_id: str
    kind: str
    subject_kind: str
    subjects: tuple[str, ...]
    from_day: int
    to_day: int | None
    strength: float
    numbers: np.ndarray = field(compare=False)
    says: str = ""

    @property
    def moves_goods(self) -> bool:
        """False for a slip in the records only: the goods would have moved just the same."""
        return self.kind != SLIP

    def holds_on(self, day: int) -> bool:
        """True while the plant is at work."""
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)


def of_kind(plants: tuple[Plant, ...], kind: str, day: int) -> list[Plant]:
    """The plants of a kind that are at work on a day."""
    return [plant for plant in plants if plant.kind == kind and plant.holds_on(day)]


def demand_factor(plants: tuple[Plant, ...], day: int, cell_count: int) -> np.ndarray | None:
    """By how much demand is multiplied in each cell; None where nothing is planted."""
    shifts = of_kind(plants, SHIFT, day)
    if not shifts:
        return None
    factor = np.ones(cell_count)
    for plant in shifts:
        factor[plant.numbers] *= plant.strength
    return factor


def supplier_trouble(plants: tuple[Plant, ...], day: int, supplier_count: int) -> np.ndarray:
    """How much worse each supplier has become: 0 for none, 1 for half as long again and a fifth more lines short."""
    trouble = np.zeros(supplier_count)
    for plant in of_kind(plants, SUPPLIER, day):
        trouble[plant.numbers] += plant.strength
    return trouble


def carrier_trouble(plants: tuple[Plant, ...], day: int, carrier_count: int) -> np.ndarray:
    """Added chance of a late delivery by carrier."""
    trouble = np.zeros(carrier_count)
    for plant in of_kind(plants, CARRIER, day):
        trouble[plant.numbers] += plant.strength
    return trouble


def price_factor(plants: tuple[Plant, ...], day: int, sku: np.ndarray) -> np.ndarray:
    """By how much the right price is multiplied on each line by a slip in the price master."""
    factor = np.ones(len(sku))
    for plant in of_kind(plants, PRICE, day):
        factor[np.isin(sku, plant.numbers)] *= plant.strength
    return factor


def planted(net: Network) -> tuple[Plant, ...]:
    """All plants of a world, in order of their first day; they are chosen where trade is brisk enough to be noticed."""
    last, per_kind = net.size.default_last, net.size.plants_per_kind
    plants: list[Plant] = []
    taken = np.zeros(net.goods.count, dtype=bool)
    for turn in range(per_kind):
        plants += _of_suppliers(net, last - 140 + 30 * turn, turn, taken)
        plants += _of_parameters(net, last, turn, taken)
        plants += _of_demand(net, last, turn, taken)
        plants += _of_carriers(net, last - 70 + 14 * turn, turn)
        plants += _of_records(net, last, turn, taken)
    ordered = sorted(plants, key=lambda plant: (plant.from_day, plant.kind, plant.subjects))
    return tuple(_numbered(plant, i + 1) for i, plant in enumerate(ordered))


def _numbered(plant: Plant, number: int) -> Plant:
    return Plant(f"P{number:02d}", *(getattr(plant, name) for name in list(Plant.__dataclass_fields__)[1:]))


def _sales(net: Network) -> np.ndarray:
    """Usual daily sales of each SKU in money, articles that come or go left out."""
    goods = net.goods
    worth = net.usual_qty.reshape(net.sites.count, -1).sum(axis=0) * goods.price
    settled = (goods.launched < net.size.first_day) & (goods.discontinued > net.size.default_last)
    return np.where(settled, worth, 0.0)


def _of_suppliers(net: Network, from_day: int, turn: int, taken: np.ndarray) -> list[Plant]:
    spend = np.bincount(net.goods.supplier, net.goods.line_rate, minlength=len(net.suppliers.code)) * (net.suppliers.promised_days < 20)
    chosen = np.argsort(-spend, kind="stable")[1 + 2 * turn : 2 + 2 * turn]
    taken |= np.isin(net.goods.supplier, chosen)
    code = net.suppliers.code[chosen[0]]
    says = f"Lead time of supplier {code} rose by about half and its lines come short more often from this day."
    return [Plant("", SUPPLIER, "supplier", (code,), from_day, None, 1.0, chosen, says)]


def _of_demand(net: Network, last: int, turn: int, taken: np.ndarray) -> list[Plant]:
    plants = []
    for way, (strength, days, site) in enumerate(((2.3, 98, 1), (0.3, 126, 0))):
        cells = _cells_at(net, (site + 3 * turn) % net.sites.count, 8, taken, skip=way)
        word = "more than doubled" if strength > 1 else "fell to about a third"
        says = f"Demand for these SKU-sites {word} at once on this day and stays there."
        plants.append(_cells_plant(net, SHIFT, cells, last - days - 7 * turn, strength, says))
    return plants


def _of_parameters(net: Network, last: int, turn: int, taken: np.ndarray) -> list[Plant]:
    centre = int(np.flatnonzero(net.sites.is_dc)[turn % net.sites.is_dc.sum()])
    low = _cells_at(net, centre, 6, taken)
    slow = _cells_at(net, centre, 6, taken, skip=8)
    growing = np.where(taken, -9.0, net.goods.growth) + 0.0 * net.goods.cost
    growing[_sales(net) < np.quantile(_sales(net), 0.55)] = -9.0
    old = np.argsort(-growing, kind="stable")[:6]
    taken[old] = True
    return [
        _cells_plant(net, TOO_LOW, low, last - 175, 0.35, "Reorder point and order-up-to level are about a third of what demand and lead time call for."),
        _cells_plant(net, EXCESS, slow, last - 230, 3.2, "Order-up-to level is about three times what demand calls for; the stock above it is excess."),
        _cells_plant(net, TOO_OLD, centre * net.goods.count + old, last - 330, 1.0, "Parameters were not refreshed since this day although demand has moved on."),
    ]


def _of_carriers(net: Network, from_day: int, turn: int) -> list[Plant]:
    carrier = np.array([(1, 0)[turn % 2]])
    from pipelines.demo.words import CARRIERS

    code = CARRIERS[int(carrier[0])][0]
    says = f"Late deliveries of carrier {code} rose sharply in these four weeks, whatever the weather."
    return [Plant("", CARRIER, "carrier", (code,), from_day, from_day + 27, 0.45, carrier, says)]


def _of_records(net: Network, last: int, turn: int, taken: np.ndarray) -> list[Plant]:
    best = np.argsort(-np.where(taken, 0.0, _sales(net)), kind="stable")
    dear = best[2 * turn : 2 * turn + 1]
    packed = best[(net.goods.pack[best] >= 10) & (best != dear[0])][2 * turn : 2 * turn + 1]
    taken[dear], taken[packed] = True, True
    wrong, slip = net.goods.code[dear[0]], net.goods.code[packed[0]]
    return [
        Plant("", PRICE, "sku", (wrong,), last - 47 - 21 * turn, last - 19 - 21 * turn, 0.1, dear, f"SKU {wrong} was sold at a tenth of its price (a decimal slip)."),
        Plant("", SLIP, "sku", (slip,), last - 61, None, 1.0, packed, f"Stock snapshots of SKU {slip} are in cartons, not pieces, from this day."),
    ]


def _cells_at(net: Network, site: int, count: int, taken: np.ndarray, skip: int = 0) -> np.ndarray:
    """Cells of the best-selling SKUs of a site that no other plant has taken."""
    free = _sales(net) * net.is_stocked.reshape(net.sites.count, -1)[site] * ~taken
    skus = np.argsort(-free, kind="stable")[skip : skip + count]
    taken[skus] = True
    return site * net.goods.count + skus


def _cells_plant(net: Network, kind: str, cells: np.ndarray, from_day: int, strength: float, says: str) -> Plant:
    return Plant("", kind, "sku_site", tuple(net.cell_names(cells)), from_day, None, strength, cells, says)
