"""What separates the values of a text file: found by which separator makes the most records equally wide."""

import re
from collections import Counter
from collections.abc import Sequence

from pipelines.lines import records

DELIMITERS = (",", ";", "\t", "|")
NO_DELIMITER = "\x1f"  # stands nowhere in text, so that a file of one column stays one column
SNIFF_LINES = 400
SAID = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)


def delimiter_of(lines: Sequence[str]) -> tuple[str, int]:
    """The separator and the usual number of values in a line, judged on the first 400 lines.

    Quotation marks are respected. Consistency weighs most, then width. A first line `sep=;`, as Excel writes it,
    is believed.

    >>> delimiter_of(["sku;price", "A;1,5", "B;2,5", "C;3,0"])
    (';', 2)
    """
    said = SAID.match(lines[0]) if lines else None
    best, best_score = (NO_DELIMITER, 1), 0.0
    for delimiter in (said[1],) if said else DELIMITERS:
        consistency, width = _consistency(lines[:SNIFF_LINES], delimiter)
        score = consistency * (1 + 0.05 * min(width, 10)) if width > 1 else 0.0
        if score > best_score:
            best, best_score = (delimiter, width), score
    return best


def _consistency(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    """The share of records that have the usual number of values, and that number."""
    if not any(delimiter in line for line in lines):
        return 0.0, 1
    widths: Counter[int] = Counter()
    total = 0
    for run in records([list(lines)], delimiter=delimiter, width=None, any_width=True):
        total += len(run.rows)
        widths.update(len(row) for at, row in enumerate(run.rows) if at not in run.defects)
    width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0))
    return count / max(total, 1), width
