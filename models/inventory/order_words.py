"""An order quantity told in plain words: each step, why it is what it is, and what it does not know."""

import datetime as dt
from decimal import Decimal

from models.inventory.order_inputs import FORECAST_PATHS, MISSES, OWN_WEEKS, Line
from models.inventory.order_quantity import Quantity
from models.inventory.order_value import Value

# What says how much is asked for, where that is not the forecast alone.
SAYS = {
    FORECAST_PATHS: "",
    OWN_WEEKS: " It is bought now and then, so its own past weeks say how much.",
    MISSES: " How far plain forecasts have been off in the past says how much more it may be.",
}
ALWAYS = ("demand", "on hand")


def steps(line: Line, told: Quantity) -> list[tuple[str, Decimal, str]]:
    """Name, quantity and sentence of each step that does something."""
    names = _names(line)
    said = [(names[name][0], qty, names[name][1]) for name, qty in told.steps if qty or name in ALWAYS]
    return [(name, qty, text.format(**_numbers(line, told))) for name, qty, text in said]


def _names(line: Line) -> dict[str, tuple[str, str]]:
    fed = _listed(line.fed_sites)
    here = line.site_id
    own = SAYS[line.demand_law]
    return {
        "demand": (
            "Expected demand",
            "What customers are expected to ask for in {days:.0f} days: until the order after this one could be on the shelf." + own,
        ),
        "fed demand": (f"Expected draw of {fed}", f"What {fed} will draw from {here} in the same {{days:.0f}} days."),
        "safety": (
            "Safety stock",
            "The reorder point is {reorder:g}, so that {service:.1%} of futures do not run out; {normal:g} by the normal formula.",
        ),
        "lot": ("Room for a lot", "Ordering about {lot:g} at a time costs least: lines to handle against stock to keep."),
        "on hand": ("On hand", "Counted stock at the site."),
        "on order": ("On order", "Ordered before and not here yet."),
        "committed": ("Promised", "Ordered by customers and not sent yet."),
        "fed lack": (f"Lack of {fed}", f"What {fed} need to get back between their own levels."),
        "not yet": ("Not needed yet", "Stock and orders are {position:g}, not below the reorder point of {reorder:g}: nothing to order."),
        "pack": ("Whole packs", "Only whole packs of {pack:g} can be bought."),
        "minimum order": (
            "Minimum order",
            "The least that the supplier takes is {minimum:g}; less is rounded up where it pays, or waits for the next order day.",
        ),
        "price break": ("Price break", "From {proposed:g} on the lower price outweighs keeping the rest for longer."),
        "joint order": ("Filling up the order", "Added so that the whole order reaches the supplier's minimum value."),
        "shelf life": ("Shelf life", "No more than is likely to be sold before it expires."),
        "limit": ("Limit", "No more than money, space or the source still allow."),
    }  # fmt: skip


def _numbers(line: Line, told: Quantity) -> dict[str, float]:
    inputs, ahead = line.inputs, told.futures
    return {
        "days": ahead.days,
        "reorder": told.reorder_point_qty,
        "service": float((ahead.until_next <= told.reorder_point_qty).mean()),
        "normal": told.normal_reorder_point_qty,
        "lot": round(told.lot_qty),
        "position": round(inputs.position_qty, 3),
        "pack": inputs.pack_qty,
        "minimum": inputs.minimum_order_qty,
        "proposed": float(told.proposed_qty),
    }


def because(line: Line, told: Quantity, worth: Value, order_day: dt.date) -> str:
    """Why this quantity, with its numbers.

    The chance of a stockout, what is there against what will be asked for, and what the order earns.
    """
    inputs, ahead = line.inputs, told.futures
    source = f"supplier {line.supplier_id}" if line.supplier_id else f"site {line.from_site_id}"
    held = (
        f"{_amount(inputs.on_hand_qty)} on hand and {_amount(inputs.open_qty)} on order"
        + (f" less {_amount(inputs.committed_qty)} promised" if inputs.committed_qty else "")
        + (
            f" less {_amount(inputs.fed_lack_qty)} that {_listed(line.fed_sites)} lack"
            if inputs.fed_lack_qty > 0
            else ""
        )
        + f" against {_amount(ahead.mean)} expected in {ahead.days:.0f} days"
    )
    if told.proposed_qty <= 0:
        why = next(
            (_NOTHING[name] for name, qty in told.steps if name in _NOTHING and qty < 0),
            "nothing is needed before the next order day",
        )
        return f"{held}: {why}; chance of running out before the next order could come {worth.stockout_share:.0%}."
    span = "" if worth.gain is None else f"in eight of ten futures {worth.gain_low:,.0f} to {worth.gain_high:,.0f}"
    gain = "" if worth.gain is None else f" Expected gain {worth.gain:,.0f}, {span}."
    return (
        f"{held}: without an order the chance of running out is {worth.stockout_share:.0%}, with {_amount(float(told.proposed_qty))} "
        f"from {source} on {order_day:%d %b} it is {worth.stockout_after_share:.0%}.{gain}"
    )


_NOTHING = {
    "minimum order": "the minimum order does not pay yet",
    "shelf life": "more would expire unsold",
    "limit": "money, space or the source allow nothing",
}


def does_not_know(line: Line) -> str:
    """What the quantity leaves out, and which of its inputs are weak."""
    said = []
    if not line.has_margin:
        said.append("No margin is known, so the service floor alone sets the level")
    if line.supplier_id and line.lead_count < 5:
        said.append(f"Lead time rests on few deliveries of {line.supplier_id} and on what is usual elsewhere")
    if line.inputs.unit_cost is None:
        said.append("No cost is known, so keeping stock is not weighed")
    said.append("Offers, coming price changes and customers' plans that are in no extract are not known")
    said.append("Lines on order are counted in full, however late they are")
    return "; ".join(said) + "."


def _amount(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 10 or number == round(number) else f"{number:,.1f}"


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names) or "other sites"
