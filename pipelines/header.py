"""Where a table begins: which of its first rows holds the headings."""

import re
from collections.abc import Sequence

Cells = Sequence[str | None]

LOOK_ROWS = 30
MAX_EXTRA_ROWS = 8
FIGURE = re.compile(
    r"\s*[-+(]?\s*[€$£¥]?\s*\d[\d\s.,'’:/-]*([eE][-+]?\d+)?\s*[%)€$£¥-]?\s*(\d\d:\d\d\S*|[AaPp][Mm]|Z)?\s*"  # numbers, dates
    r"|\d{1,2}[-./ ][A-Za-zéûä]{3,9}\.?[-./ ]\d{2,4}.*"  # 5-Jan-24
)


def header_row(rows: Sequence[Cells]) -> int:
    """The index of the row of headings among the first rows of a table, empty rows left out.

    Each of the first thirty rows is scored: how many of the columns in use it names, how often it stands as a word
    over a column of figures, and whether it is the first that names most of them. Title lines name few columns;
    data rows stand as figures over figures. In doubt it is the first row.

    >>> header_row(
    ...     [["Stock list", None, None], ["SKU", "Qty", "Date"], ["A", "5", "2026-01-05"], ["B", "7", "2026-01-06"]]
    ... )
    1
    """
    width = max((len(row) for row in rows), default=0)
    body = rows[min(LOOK_ROWS, len(rows) // 2) :]
    used = [c for c in range(width) if sum(_filled(row, c) for row in body) > 0.5 * len(body)] or list(range(width))
    figures = [c for c in used if _figure_share(rows[1:], c) > 0.6]
    best, best_score, is_first_wide = 0, 0.0, True
    for at, row in enumerate(rows[:LOOK_ROWS]):
        cover = sum(_filled(row, c) for c in used) / len(used)
        words = sum(_filled(row, c) and not is_figure(row[c]) for c in figures) / len(figures) if figures else 0.0
        score = cover + words - 0.001 * at
        if is_first_wide and cover > 0.6:
            score, is_first_wide = score + 0.3, False
        if score > best_score:
            best, best_score = at, score
    return best


def extra_header_rows(rows: Sequence[Cells], header: int) -> int:
    """How many rows below the headings still belong to them: units and remarks over figures, with no key of their own.

    Such a row has nothing in the first named column, which nearly all later rows have; the rows together hold more
    words over columns of figures than figures.
    """
    key = next((c for c in range(len(rows[header])) if _filled(rows[header], c)), None)
    body = rows[header + 1 + MAX_EXTRA_ROWS :]
    if key is None or len(body) < MAX_EXTRA_ROWS or sum(_filled(row, key) for row in body) < 0.95 * len(body):
        return 0
    extra = 0
    while extra < MAX_EXTRA_ROWS and not _filled(rows[header + 1 + extra], key):
        extra += 1
    width = max(len(row) for row in rows)
    figures = [c for c in range(width) if _figure_share(body, c) > 0.6]
    cells = [row[c] for row in rows[header + 1 : header + 1 + extra] for c in figures if _filled(row, c)]
    words = sum(not is_figure(cell) for cell in cells)
    return extra if words > len(cells) / 2 else 0


def joined(rows: Sequence[Cells]) -> list[str | None]:
    """The headings of several rows as one: the words of each column one after another, figures left out below the first.

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
    return cell is not None and FIGURE.fullmatch(cell) is not None


def _filled(row: Cells, c: int) -> bool:
    return c < len(row) and bool(row[c] and row[c].strip())  # type: ignore[union-attr]


def _figure_share(rows: Sequence[Cells], c: int) -> float:
    filled = [row[c] for row in rows if _filled(row, c)]
    return sum(map(is_figure, filled)) / len(filled) if filled else 0.0
