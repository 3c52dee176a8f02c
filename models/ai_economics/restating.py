"""Why a figure of a closed month is another now: which of the things that it was made with have changed since, by name."""

import json
from collections.abc import Mapping
from typing import Any

NAMED = 5  # so many definitions or assumptions are told by name
OWN = " own"  # after the hash of a model that somebody set a price for
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
        found.append(_named("definitions", changed(then["definitions"], now.get("definitions") or {})))
    models = repriced(str(then.get("price_rows_hash", "")), str(now.get("price_rows_hash", "")))
    if models is None or models or _differ(then, now, "price_version_code"):
        found.append(_named("prices", models or []))
    if _differ(then, now, "registry_hash"):
        found.append("use cases")
    if names := changed(then.get("assumptions") or {}, now.get("assumptions") or {}):
        found.append(_named("assumptions", names))
    elif _differ(then, now, "assumptions_hash"):
        found.append("assumptions")
    if _differ(then, now, "data_hash") or not found:
        found.append("data")
    return tuple(found)


def repriced(then: str, now: str) -> list[str] | None:
    """The models that have another price now, or that somebody set a first one for; None where prices differ and nobody can tell which.

    A model that came into use later at the price of the list is none of them.

    Args:
        then, now: the hash of the price rows of each model, as JSON text, followed by ` own` where somebody set a price; closings of
            before have one hash of all rows.

    >>> repriced('{"a":"1","b":"1"}', '{"a":"2","b":"1","c":"1"}'), repriced('{"a":"1"}', '{"a":"1","c":"1"}')
    (['a'], [])
    >>> repriced('{"a":"1","b":"1"}', '{"a":"1","b":"1 own","c":"1 own"}')
    ['c']
    >>> repriced("one hash", '{"a":"1"}') is None, repriced("same", "same")
    (True, [])
    """
    if then == now or not then:
        return []
    if not (then.startswith("{") and now.startswith("{")):
        return None
    old, new = json.loads(then), json.loads(now)
    moved = {name for name in old.keys() & new.keys() if old[name].removesuffix(OWN) != new[name].removesuffix(OWN)}
    return sorted(moved | {name for name in new.keys() - old.keys() if new[name].endswith(OWN)})


def changed(then: Made, now: Made) -> list[str]:
    """The names whose value is another now, or that only one of the two has; none where the first has no names at all.

    >>> changed({"a": 1, "b": 2}, {"b": 3, "c": 4}), changed({}, {"a": 1})
    (['a', 'b', 'c'], [])
    """
    return sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name)) if then else []


def _named(what: str, names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{what} ({', '.join(names[:NAMED])}{more})" if names else what


def _differ(then: Made, now: Made, name: str) -> bool:
    return name in then and then[name] != now.get(name)
