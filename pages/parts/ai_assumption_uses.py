"""Where an assumption is read: told from the sources of tables and models themselves, so that the list cannot go stale."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("pipelines/sql", "models", "decisions", "pages/parts")
NAME = re.compile(r"""["']([a-z][a-z0-9_]{5,})["']""")
# A name put together from a beginning and a kind, as in f"act_minutes_{kind}" or "usd_per_" + currency.
BEGINNING = re.compile(r"""["']([a-z][a-z0-9_]{3,}_)(?:\{|["'])""")


@cache
def uses(name: str) -> tuple[str, ...]:
    """The tables and models whose source reads an assumption, by name; empty where none does.

    >>> "marts.ai_calls" in uses("ai_latency_target_seconds"), uses("nobody reads this")
    (True, ())
    """
    found = [
        said for said, (names, beginnings) in _sources().items()
        if name in names or any(name.startswith(one) and name != one for one in beginnings)
    ]  # fmt: skip
    return tuple(sorted(found))


@cache
def _sources() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Table or model → the quoted words of its source, and the beginnings of names."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".sql", ".py") and path != Path(__file__):
                text = path.read_text("utf-8")
                found[_called(path)] = (frozenset(NAME.findall(text)), frozenset(BEGINNING.findall(text)))
    return found


def _called(path: Path) -> str:
    """A table by its name, a model or a part of a page by folder and file.

    >>> _called(ROOT / "pipelines/sql/marts/orders.sql"), _called(ROOT / "models/cases/shifts.py")
    ('marts.orders', 'models: cases, shifts')
    """
    if path.suffix == ".sql":
        return f"{path.parent.name}.{path.stem}"
    first, *rest = path.relative_to(ROOT).with_suffix("").parts
    return f"{first}: {', '.join(rest).replace('_', ' ')}"
