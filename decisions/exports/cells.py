"""What a cell of a spreadsheet may hold: text that could start a formula is kept from it, so that it can be read back exactly."""

import datetime as dt
import unicodedata
from decimal import Decimal
from typing import Any

STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
LONGEST_CELL = 32_000


def harmless(cell: Any) -> Any:
    """The cell as a spreadsheet may have it: text that could start a formula gets a leading apostrophe; numbers stay numbers.

    >>> harmless("=1+1"), harmless("  @SUM(A1)"), harmless(-3.5), harmless("A-1")
    ("'=1+1", "'  @SUM(A1)", -3.5, 'A-1')
    """
    if cell is None or isinstance(cell, bool | int | float | Decimal | dt.date | dt.datetime | dt.time):
        return cell
    text = str(cell).replace("\x00", "")[:LONGEST_CELL]
    return "'" + text if _starts_a_formula(text) else text


def guarded(text: str) -> str:
    """The text as `harmless` has it, but so that `unguarded` gives it back: a guard of its own gets one more before it.

    >>> guarded("=1"), guarded("'=1"), guarded("'s-Hertogenbosch")
    ("'=1", "''=1", "'s-Hertogenbosch")
    """
    return "'" + text if _starts_a_formula(text.lstrip("'")) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` made the cell of.

    >>> unguarded("'=1"), unguarded("''=1"), unguarded("'s-Hertogenbosch")
    ('=1', "'=1", "'s-Hertogenbosch")
    """
    return cell[1:] if cell.startswith("'") and _starts_a_formula(cell.lstrip("'")) else cell


def _starts_a_formula(text: str) -> bool:
    # What nobody sees may stand before what a spreadsheet takes for a formula.
    seen = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cf", "Zs"))
    return seen.startswith(STARTERS) or text.startswith(STARTERS)
