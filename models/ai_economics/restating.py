"""Why a figure of a closed month is another now: which of the things that it was made with have changed since, by name."""

from collections.abc import Mapping
from typing import Any

NAMED = 5  # so many assumptions are told by name
Made = Mapping[str, Any]


def causes(then: Made, now: Made) -> tuple[str, ...]:
    """What figures were made with and differs now, in words; the data where they differ, and where nothing else does.

    Args:
        then: what the frozen figures were made with; of what it does not name nobody can tell whether it has changed.
        now: what the figures of now are made with.

    >>> causes({"assumptions": {"a": "1", "b": "2"}}, {"assumptions": {"a": "1", "b": "3"}})
    ('assumptions (b)',)
    >>> causes({"data_hash": "x", "registry_hash": "r"}, {"data_hash": "y", "registry_hash": "s"})
    ('use cases', 'data')
    >>> causes({}, {})
    ('data',)
    """
    found = []
    if _differ(then, now, "definitions"):
        found.append("definitions")
    if _differ(then, now, "price_version_code") or _differ(then, now, "price_rows_hash"):
        found.append("prices")
    if _differ(then, now, "registry_hash"):
        found.append("use cases")
    if names := changed(then.get("assumptions") or {}, now.get("assumptions") or {}):
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        found.append(f"assumptions ({', '.join(names[:NAMED])}{more})")
    elif _differ(then, now, "assumptions_hash"):
        found.append("assumptions")
    if _differ(then, now, "data_hash") or not found:
        found.append("data")
    return tuple(found)


def changed(then: Made, now: Made) -> list[str]:
    """The names whose value is another now, or that only one of the two has; none where the first has no names at all.

    >>> changed({"a": 1, "b": 2}, {"b": 3, "c": 4}), changed({}, {"a": 1})
    (['a', 'b', 'c'], [])
    """
    return sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name)) if then else []


def _differ(then: Made, now: Made, name: str) -> bool:
    return name in then and then[name] != now.get(name)
