"""What separates the values of a text file: found by which separator makes the most records equally wide."""

import re
from collections import Counter
from collections.abc import Sequence

from pipelines.lines import records

DELIMITERS = (",", ";", "\t", "|")
NO_DELIMITER = "\x1f"  # stands nowhere in text, so that a file of one column stays one column
SNIFF_LINES = 400
LEAST_CONSISTENCY = 0.5
MAX_TITLES = 20
SAID = re.compile(r'"?sep=([^"\w ])"?\s*$', re.IGNORECASE)


def delimiter_of(lines: Sequence[str]) -> tuple[str, int]:
    """The separator and the usual number of values in a line, judged on the first 400 lines.

    Quotation marks are respected. Consistency weighs most, then width. A first line `sep=;`, as Excel writes it,
    is believed. A separator that the first line does not know must make wider records than the one that it does know: where
    most lines are damaged, the heading decides, and each line then says what is wrong with it.

    >>> delimiter_of(["sku;price", "A;1,5", "B;2,5", "C;3,0"])
    (';', 2)
    >>> delimiter_of(["sku;site;price", "A", "B", "C"])
    (';', 3)
    """
    said = SAID.match(lines[0]) if lines else None
    best, best_score = (NO_DELIMITER, 1), 0.0
    for delimiter in (said[1],) if said else DELIMITERS:
        consistency, width = _consistency(lines[:SNIFF_LINES], delimiter)
        score = consistency * (1 + 0.05 * min(width, 10)) if consistency > LEAST_CONSISTENCY else 0.0
        if score > best_score:
            best, best_score = (delimiter, width), score
    if lines and best[0] not in lines[0]:
        likeliest = max(DELIMITERS, key=lines[0].count)
        parts = lines[0].count(likeliest) + 1
        if parts > max(best[1], 2):
            return likeliest, parts
    return best


def _consistency(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    """The share of records that have the usual number of values, title lines above them left out, and that number."""
    if not any(delimiter in line for line in lines):
        return 0.0, 1
    widths = [
        len(row) if at not in run.defects else 0
        for run in records([list(lines)], delimiter=delimiter, width=None, any_width=True)
        for at, row in enumerate(run.rows)
    ]
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return 0.0, 1
    width, count = max(counts.items(), key=lambda item: (item[1], item[0]))
    titles = widths.index(width)
    if titles and width == 2 and not any(delimiter in line.replace(delimiter + " ", "") for line in lines):
        return 0.0, 1  # "Smith, John" below the heading "name": commas as people write them
    # the heading must fit too: of two separators the one that fits from an earlier line on is the right one
    return count / (len(widths) - min(titles, MAX_TITLES)) * 0.99**titles, width
