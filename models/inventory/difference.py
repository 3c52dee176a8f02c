"""Why today's quantity is not yesterday's: the change shared out to demand, lead time, stock, policy, price and mended data."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial

from models.inventory.order_quantity import quantity
from models.inventory.order_terms import Inputs

# Which inputs each cause is made of; every input belongs to one cause.
CAUSES = {
    "demand": ("demand", "fed_share", "committed_qty"),
    "lead time": ("lead_days", "wait_days", "review_days"),
    "stock": ("on_hand_qty", "open_qty", "fed_lack_qty"),
    "policy": (
        "service_floor_share", "holding_share", "obsolescence_share", "line_cost_amount", "joint_qty", "most_qty", "method_name",
    ),
    "price": ("unit_cost", "price_breaks", "short_amount"),
    "data fix": ("minimum_order_qty", "pack_qty", "shelf_life_days"),
}  # fmt: skip
THOUSANDTH = Decimal("0.001")


def difference(before: Inputs, after: Inputs) -> dict[str, Decimal]:
    """What each cause adds to the change of the quantity; sums to the change exactly.

    Shapley values: a cause's part is what swapping its inputs changes, averaged over all orders in which the causes can be
    swapped, φ_i = Σ over sets S without i of |S|!(n - |S| - 1)!/n! · (q(S + i) - q(S)). Quantities are computed anew for each
    set with `order_quantity.quantity`; averages are exact fractions, rounded to thousandths by largest remainder.

    Args:
        before, after: inputs of the two quantities, as rows of `scores.replenishment_inputs` say them.

    Source: L. S. Shapley, A Value for n-Person Games, 1953.

    >>> from models.inventory.order_terms import example
    >>> now = example()
    >>> parts = difference(now, replace(now, on_hand_qty=now.on_hand_qty - 6))
    >>> {cause: int(part) for cause, part in parts.items() if part}
    {'stock': 6}
    """
    moved = [cause for cause, names in CAUSES.items() if any(not _same(before, after, name) for name in names)]
    found = {}
    for size in range(len(moved) + 1):
        for chosen in combinations(moved, size):
            names = [name for cause in chosen for name in CAUSES[cause]]
            mixed = replace(before, **{name: getattr(after, name) for name in names})
            found[frozenset(chosen)] = Fraction(quantity(mixed).proposed_qty)
    parts = {cause: _part(cause, moved, found) for cause in moved}
    return {cause: Decimal(0) for cause in CAUSES} | _rounded(parts, found[frozenset(moved)] - found[frozenset()])


def _part(cause: str, moved: list[str], found: dict[frozenset[str], Fraction]) -> Fraction:
    count, total = len(moved), Fraction(0)
    others = [other for other in moved if other != cause]
    for size in range(count):
        weight = Fraction(factorial(size) * factorial(count - size - 1), factorial(count))
        for chosen in combinations(others, size):
            total += weight * (found[frozenset({*chosen, cause})] - found[frozenset(chosen)])
    return total


def _rounded(parts: dict[str, Fraction], change: Fraction) -> dict[str, Decimal]:
    """Thousandths that sum to the change: what rounding down leaves goes to the largest remainders."""
    whole = {cause: int(part * 1000 // 1) for cause, part in parts.items()}
    left = int(change * 1000) - sum(whole.values())
    for cause in sorted(parts, key=lambda one: (-(parts[one] * 1000 - whole[one]), one))[:left]:
        whole[cause] += 1
    return {cause: Decimal(units) * THOUSANDTH for cause, units in whole.items()}


def _same(before: Inputs, after: Inputs, name: str) -> bool:
    if name != "demand":
        return bool(getattr(before, name) == getattr(after, name))
    one, other = before.demand, after.demand
    return (
        one.days.tolist() == other.days.tolist()
        and one.means.tolist() == other.means.tolist()
        and one.quantiles.tolist() == other.quantiles.tolist()
    )
