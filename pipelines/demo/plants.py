"""What can be planted in a demo world and how it bends it: demand, suppliers, carriers, prices."""

from dataclasses import dataclass, field

import numpy as np

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
# What is planted in people and agents who decide.
HELPS, HURTS, NO_EFFECT, DEMOTED = (
    "override_helps",
    "override_hurts",
    "override_without_effect",
    "agent_must_be_demoted",
)


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
