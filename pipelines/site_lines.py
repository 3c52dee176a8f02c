"""The lines of sites, as people have said them: which circuits connect each with the centre."""

from collections.abc import Iterable, Mapping
from typing import Any

from models.ai_economics.network import kinds
from store.warehouse import Draft


def lines(acts: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Site, its circuits in the words of `network.kinds`, who said so, why and when; the last word on each site, by site.

    An act that names no circuits takes what was said before back.
    """
    said: dict[str, Mapping[str, Any]] = {act["subject"]: act for act in acts if act["kind"] == "set_line"}
    found = []
    for site, act in sorted(said.items()):
        circuits = _circuits(act["payload"].get("circuits"))
        if circuits:
            found.append((site, circuits, act["who"], act["payload"].get("reason", ""), act["at"]))
    return found


def make(draft: Draft, acts: Iterable[Mapping[str, Any]]) -> None:
    """`raw.site_lines`, made in the draft."""
    columns = "site_id varchar, line_text varchar, author_name varchar, reason_text varchar, decided_at timestamptz"
    draft.fill("raw.site_lines", lines(acts), columns)


def _circuits(said: object) -> str:
    """The circuits as they are kept; none where they cannot be read."""
    try:
        return " + ".join(kinds(str(said or "")))
    except ValueError:
        return ""
