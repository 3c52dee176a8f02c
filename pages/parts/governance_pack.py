"""What a governance pack is made of: sections of lines in words, the same for the screen and for the paper."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pages.parts.figures import Figure


@dataclass(frozen=True)
class Line:
    """One line of the pack: its name, what it says in words, the page where that can be looked at, and figures with a receipt."""

    name: str
    said: str
    door: str = ""
    query: Mapping[str, Any] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Section:
    """Lines under one title.

    Args:
        key: a short name fit for keys.
        title: as it is read.
        lines: what it says.
        note: a sentence under the title.
        is_many: whether its lines are many and short, so that they stand in two columns on paper.
    """

    key: str
    title: str
    lines: tuple[Line, ...]
    note: str = ""
    is_many: bool = False


@dataclass(frozen=True)
class Pack:
    """Everything that the page shows and the sheet prints, as words; nothing is worked out when it is drawn."""

    title: str
    under: str
    verdict: str
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]


def listed(names: list[str], *, none: str = "none", most: int = 6) -> str:
    """Names in a row; of very many the first, and how many more there are.

    >>> listed([]), listed(["a", "b"]), listed(["a", "b", "c"], most=2)
    ('none', 'a, b', 'a, b and 1 more')
    """
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return ", ".join(names) or none
