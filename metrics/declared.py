"""What a number declares: by which names it can be filtered and by what it can be cut; whatever it does not declare is refused."""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

from metrics.definition import Metric
from metrics.lexicon import Piece, Place
from metrics.sql import PERIODS
from metrics.vocabulary import thing

LISTED = 5
# What a table holds one row for, where that is more than a day; a period that cuts such a row would answer by halves.
ROW_OF = {"month_date": "month", "week_date": "week", "period_end_date": "block"}
# Columns that are already known of days to come: what is still owed and what is planned. A period of such a number does not
# end with the data, unless it counts only what is due by then.
AHEAD = re.compile(r"\b(open_amount|planned_amount)\b")
# What lies in what: whoever says "Hamburg and the North region" wants both, and not only what lies in both at once.
KIN = {
    ("site", "region"), ("customer", "customer region"), ("customer", "tier"), ("SKU", "category"), ("supplier", "country"),
    ("use case", "domain"),
}  # fmt: skip
WHOLE = {"week": ("week",), "month": ("month", "quarter", "year"), "block": ()}


class NotOne(Exception):
    """Why words do not make one certified number, in a sentence; caught where the question is answered."""


def filters(metric: Metric, found: Sequence[Piece]) -> dict[str, tuple[str, ...]]:
    """The declared dimensions that the names in a question stand for, and their values."""
    where: dict[str, tuple[str, ...]] = {}
    for piece in found:
        if piece.kind == "value":
            column, value = _place(metric, piece)
            where[column] = tuple(dict.fromkeys((*where.get(column, ()), value)))
    for column, other in combinations(where, 2):
        if _is_kin(thing(column), thing(other)):
            raise NotOne(
                f"{quoted([*where[column], *where[other]])} may overlap ({_way(column, other)} and {_way(other, column)})."
                " Say both in the same way, or ask for one at a time."
            )
    return where


def _is_kin(one: str, other: str) -> bool:
    """Whether names of the two can be names of the same: the name and the code of a site, or a site and its region."""
    return one == other or any(pair in KIN for pair in ((one, other), (other, one)))


def _way(column: str, other: str) -> str:
    """What a column tells apart; of two columns for one thing also how, such as "site id"."""
    return f"{thing(column)} {column.rsplit('_', 1)[-1]}" if thing(column) == thing(other) else thing(column)


def is_ahead(metric: Metric) -> bool:
    """Whether a number counts what lies after the day that the data reaches to.

    >>> from metrics.definition import definitions
    >>> [name for name, metric in definitions().items() if is_ahead(metric)]
    ['ai_people_cost_share', 'ai_planned_cost', 'open_purchase_value']
    """
    counts = f"{metric.numerator} {metric.denominator}"
    return metric.date is not None and bool(AHEAD.search(counts)) and "is_due" not in metric.where


def _place(metric: Metric, piece: Piece) -> Place:
    """The one dimension and value that a name means for this number."""
    declared = [(column, value) for column, value in sorted(piece.meant) if column in metric.dimensions]
    if not declared:
        known = listed(sorted({thing(column) for column, _ in piece.meant})[:LISTED])
        raise NotOne(f"{metric.title} does not know {quoted([piece.text])} ({known}). {cuts(metric)}")
    things = sorted({thing(column) for column, _ in declared})
    if len(things) > 1:
        raise NotOne(
            f"{quoted([piece.text])} may be a {listed(things, 'or a')}. Say which, such as: {things[0]} {piece.text}."
        )
    column = min((column for column, _ in declared), key=_preferred)
    values = [value for at, value in declared if at == column]
    if len(values) > 1:
        more = f" and {len(values) - LISTED} more" if len(values) > LISTED else ""
        raise NotOne(f"{quoted([piece.text])} may be any of: {', '.join(values[:LISTED])}{more}. Say which.")
    return column, values[0]


def column_for(metric: Metric, things: Iterable[str]) -> str:
    """The dimension by which this number is cut for a thing."""
    found = [column for column in metric.dimensions if thing(column) in things]
    if not found:
        raise NotOne(f"{metric.title} cannot be cut by {listed(sorted(things), 'or')}. {cuts(metric)}")
    return min(found, key=_preferred)


def _preferred(column: str) -> int:
    """Names before codes before ids."""
    return next((place for place, ending in enumerate(("_name", "_code", "_id")) if column.endswith(ending)), 3)


def cuts(metric: Metric) -> str:
    """By what a number can be cut, in a sentence."""
    units = [unit for unit in PERIODS if metric.date and unit in WHOLE.get(ROW_OF.get(metric.date, ""), PERIODS)]
    things = dict.fromkeys(thing(column) for column in metric.dimensions)
    return f"It can be cut by {listed([*things, *units], 'or')}."


def quoted(words: Iterable[str]) -> str:
    """Words as somebody wrote them; a sign that cannot be seen by its number.

    >>> quoted(["competitor", "-"])
    '‘competitor’ and ‘-’'
    """
    return listed([f"‘{word if word.isprintable() else ascii(word)[1:-1]}’" for word in words])


def listed(items: Sequence[str], last: str = "and") -> str:
    """Several things in one sentence.

    >>> listed(["site", "region", "SKU"], "or")
    'site, region or SKU'
    """
    return f"{', '.join(items[:-1])} {last} {items[-1]}" if len(items) > 1 else "".join(items)
