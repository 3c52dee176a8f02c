"""Whether the lines of an export say what was approved: every field of it, nothing else in its place, and each line once."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from decisions.exports.lines import RENAMED

Row = Mapping[str, Any]


def otherwise(kind: str, action: Row, lines: Sequence[Row]) -> str:
    """What the lines of one proposal say otherwise than it was approved, in words; empty where they say the same.

    A price may stand under the name that files give it, and what has no place of its own in `more`; a field that is left out
    is told, for a file without it would be filled in by whoever reads it. An allocation has one line for each order line.

    >>> otherwise("purchase", {"sku_id": "A1", "qty": Decimal(5)}, [{"kind": "purchase", "sku_id": "A1", "qty": "5.0"}])
    ''
    >>> otherwise("purchase", {"sku_id": "A1", "qty": Decimal(5)}, [{"kind": "purchase", "sku_id": "A1"}])
    'its qty is not what was approved'
    """
    parts = action.get("lines")
    is_shared_out = kind == "allocate" and isinstance(parts, list | tuple)
    rest = {name: value for name, value in action.items() if not (is_shared_out and name == "lines")}
    wanted = [{**rest, **part, "kind": kind} for part in (parts if is_shared_out and parts else [{}])]
    if len(lines) > 1 and not is_shared_out:
        return "it stands there twice"
    if len(lines) != len(wanted):
        return f"it has {len(lines)} lines, and {len(wanted)} were approved"
    # Lines of an allocation may stand in any order: each is held to the one for the same order line.
    named = {_of(one): one for one in wanted}
    other = sorted({name for line in lines for name in _differing(named.get(_of(line), wanted[0]), line)})
    if other:
        return f"its {', '.join(name.replace('_', ' ') for name in other)} is not what was approved"
    return "" if len({_of(line) for line in lines}) == len(named) else "a line stands there twice"


def _of(line: Row) -> tuple[str, str]:
    return str(line.get("order_id") or ""), str(line.get("line_key") or "")


def _differing(wanted: Row, line: Row) -> list[str]:
    try:
        said = {**json.loads(line.get("more") or "{}"), **line}
    except ValueError:
        return ["more"]
    return [name for name, value in wanted.items() if value not in (None, "") and not _holds(said, name, value)]


def _holds(said: Row, name: str, value: Any) -> bool:
    found = [said[place] for place in dict.fromkeys((name, RENAMED.get(name, name))) if place in said]
    return bool(found) and all(_flat(one) == _flat(value) for one in found)


def _flat(value: Any) -> str:
    """A field as text that depends neither on noughts nor on line breaks."""
    if isinstance(value, bool | None):
        return str(value)
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, sort_keys=True, default=str)
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except InvalidOperation:
        return " ".join(str(value).split())
