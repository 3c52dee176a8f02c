"""When the headings of an extract changed between two loads: the ERP or its report changed, and prompts may have to follow."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipelines.force import Load
from store.warehouse import Draft


def make(draft: Draft, loads: Iterable[Load]) -> None:
    """`raw.heading_changes`, made in the draft: one row per load whose headings differ from those of the load before."""
    columns = (
        "load_id varchar, contract varchar, file_name varchar, loaded_at timestamptz, new_headings_text varchar, "
        "lost_headings_text varchar"
    )
    told = ((load.load_id, load.loaded_at, load.payload) for load in sorted(loads, key=lambda load: load.number))
    draft.fill("raw.heading_changes", changes(told), columns)


def changes(loads: Iterable[tuple[str, Any, Mapping[str, Any]]]) -> Iterator[tuple[str, str, str, Any, str, str]]:
    """Load, contract, file, moment, new and lost headings, for every load whose headings differ from the one before it.

    Files are held against each other when they are of one contract and have the same name but for its digits. Files of systems that
    are known by their own mapping are left out: their headings cannot change without being refused.

    >>> headings = lambda *names: {
    ...     "file_name": "lines.csv",
    ...     "sheets": [{"reading": {"columns": names, "feeds": {"orders": {}}}}],
    ... }
    >>> [
    ...     row[4:]
    ...     for row in changes(
    ...         [
    ...             ("L1", None, headings("a", "b")),
    ...             ("L2", None, headings("a", "c")),
    ...         ]
    ...     )
    ... ]
    [('c', 'b')]
    """
    before: dict[tuple[str, str], set[str]] = {}
    for load_id, at, said in loads:
        stem = re.sub(r"\d+", "", str(said.get("file_name", "")))
        for sheet in said.get("sheets", ()):
            reading = sheet.get("reading", {})
            now = set(reading.get("columns") or ())
            for contract in reading.get("feeds") or () if now else ():
                known = before.get((contract, stem))
                if known and known != now:
                    yield (
                        load_id,
                        contract,
                        said["file_name"],
                        at,
                        ", ".join(sorted(now - known)),
                        ", ".join(sorted(known - now)),
                    )
                before[contract, stem] = now
