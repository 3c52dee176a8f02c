"""Lists of names as they stand in a sentence for a person."""

from collections.abc import Iterable

SHOWN = 12


def listed(names: Iterable[str]) -> str:
    """The names with commas and "and"; of a long list the beginning, and how many more there are.

    >>> listed(["sku_id", "site_id", "qty"]), listed([])
    ('sku_id, site_id and qty', 'nothing')
    """
    every = list(names)
    if len(every) > SHOWN:
        return f"{', '.join(every[:SHOWN])} and {len(every) - SHOWN} more"
    return " and ".join([", ".join(every[:-1]), every[-1]]) if len(every) > 1 else "".join(every) or "nothing"
