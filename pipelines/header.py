"""Where a table begins: which of its first rows holds the headings."""

import re
from collections.abc import Sequence

Cells = Sequence[str | None]

LOOK_ROWS = 30
MAX_EXTRA_ROWS = 8
MAX_ROWS_ABOVE = 2
WIDE_SHARE = 0.6
LONGEST_FIGURE = 40
FIGURE = re.compile(
    r"\s*[-+(]?\s*[€$£¥]?\s*\d[\d\s.,'’:/-]*([eE][-+]?\d+)?\s*[%)€$£¥-]?"  # 1.234,50 € and 2026-01-05 10:30
    r"\s*(\d\d:\d\d\S*|[AaPp][Mm]|Z)?\s*"
    r"|\d{1,2}[-./ ][A-Za-zéûä]{3,9}\.?[-./ ]\d{2,4}.*"  # 5-Jan-24
)
ERROR = re.compile(r"#[A-Z0/]{2,}[!?]?")  # #N/A: neither a word nor a figure


def header_row(rows: Sequence[Cells]) -> int:
    """The index of the row of headings among the first rows of a table, empty rows left out.

    Each of the first thirty rows is scored: how many of the columns in use it names, how often it stands as a word
    over a column of figures, and whether it is the first that names most of them. Title lines name few columns;
    data rows stand as figures over figures. In doubt it is the first row.

    >>> header_row(
    ...     [["Stock list", None, None], ["SKU", "Qty", "On"], ["A", "5", "2026-01-05"], ["B", "7", "2026-01-06"]]
    ... )
    1
    """
    used, figures = _used(rows), _figures(rows[1:])
    over_figures = [c for c in used if c in figures]
    best, best_score, is_first_wide = 0, 0.0, True
    for at, row in enumerate(rows[:LOOK_ROWS]):
        cover = _cover(row, used)
        words = sum(_is_word(row, c) for c in over_figures) / len(over_figures) if over_figures else 0.0
        score = cover + words
        if is_first_wide and cover > WIDE_SHARE:
            score, is_first_wide = score + 0.3, False
        if score > best_score:
            best, best_score = at, score
    return best


def header_rows(rows: Sequence[Cells]) -> tuple[int, int]:
    """The first and the last row of headings that may span several rows, as in a workbook made for people.

    Rows above belong to them if they too name most columns; rows below (units, remarks) if they have nothing in the
    first named column, which nearly all later rows have, and together hold more words than figures over figures.
    """
    best = header_row(rows)
    first, used = best, _used(rows)
    while first > max(0, best - MAX_ROWS_ABOVE) and _cover(rows[first - 1], used) > WIDE_SHARE:
        first -= 1
    named = [c for c in range(len(rows[best])) if any(_filled(row, c) for row in rows[first : best + 1])]
    body = rows[best + 1 + MAX_EXTRA_ROWS :]
    if not named or len(body) < MAX_EXTRA_ROWS or sum(_filled(row, named[0]) for row in body) < 0.95 * len(body):
        return first, best
    last = best
    while last < best + MAX_EXTRA_ROWS and not _filled(rows[last + 1], named[0]):
        last += 1
    figures = _figures(body)
    below = [(row, c) for row in rows[best + 1 : last + 1] for c in figures if _filled(row, c)]
    words = sum(_is_word(row, c) for row, c in below)
    return first, last if words > len(below) / 2 else best


def joined(rows: Sequence[Cells]) -> list[str | None]:
    """The headings of several rows as one: the words of each column in order, figures below the first row left out.

    >>> joined([["cost price", "2012"], ["per unit", "week 1"], ["35.96", None]])
    ['cost price per unit', '2012 week 1']
    """
    width = max(len(row) for row in rows)
    names: list[str | None] = []
    for c in range(width):
        words = [row[c] for at, row in enumerate(rows) if _filled(row, c) and (at == 0 or not is_figure(row[c]))]
        names.append(" ".join(str(word).strip() for word in words) or None)
    return names


def is_figure(cell: str | None) -> bool:
    """Whether the text is a number or a date rather than words."""
    return cell is not None and len(cell) <= LONGEST_FIGURE and FIGURE.fullmatch(cell) is not None


def _used(rows: Sequence[Cells]) -> list[int]:
    """The columns that most rows fill, judged on the later ones, which are data."""
    every = range(max((len(row) for row in rows), default=0))
    body = rows[min(LOOK_ROWS, len(rows) // 2) :]
    return [c for c in every if sum(_filled(row, c) for row in body) > len(body) / 2] or list(every)


def _figures(rows: Sequence[Cells]) -> set[int]:
    """The columns that hold mostly figures."""
    found = set()
    for c in range(max((len(row) for row in rows), default=0)):
        cells = [row[c] for row in rows if _filled(row, c) and not ERROR.fullmatch(row[c] or "")]
        if sum(map(is_figure, cells)) > 0.6 * len(cells):
            found.add(c)
    return found


def _cover(row: Cells, used: list[int]) -> float:
    return sum(_filled(row, c) for c in used) / len(used)


def _is_word(row: Cells, c: int) -> bool:
    return _filled(row, c) and not is_figure(row[c]) and not ERROR.fullmatch(row[c] or "")


def _filled(row: Cells, c: int) -> bool:
    return c < len(row) and bool((row[c] or "").strip())
