"""The governance pack as one A4 page, drawn as vectors: every line of the screen, as large as lets them all stand on it."""

from collections.abc import Sequence

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth

from pages.parts.board import BOLD, EDGE, INNER, PLAIN, WIDTH, Paper
from pages.parts.governance_pack import Line, Pack, Section

SIZES = tuple(size / 10 for size in range(80, 34, -2))
NAMES, GAP = 84.0, 12.0  # how wide the names of lines are, and how far two columns stand apart


def drawn(pack: Pack) -> bytes:
    """The pack as a PDF of one page."""
    return paper(pack).done()


def paper(pack: Pack, *, is_compressed: bool = True) -> Paper:
    """The page with everything drawn on it, in the largest size in which it fits; of the smallest where none does."""
    page = Paper(is_compressed=is_compressed)
    for size in SIZES:
        page = Paper(is_compressed=is_compressed)
        _drawn(page, pack, size)
        if page.at >= EDGE / 2:
            break
    return page


def _drawn(page: Paper, pack: Pack, size: float) -> None:
    page.canvas.setTitle(pack.title)
    page.canvas.setSubject(pack.verdict)
    page.block(f"{pack.title} · {pack.under}", size=7, colour=page.ink.muted)
    page.at -= 2
    page.block(pack.verdict, size=min(10.0, size + 3), font=BOLD)
    for section in pack.sections:
        page.at -= size * 0.7
        page.rule(EDGE, page.at, WIDTH - EDGE, page.at, page.ink.border)
        page.block(section.title, size=size + 1, font=BOLD)
        _noted(page, section, size)
        if section.is_many:
            _columns(page, section, size)
        else:
            for line in section.lines:
                _named(page, line, size)


def _noted(page: Paper, section: Section, size: float) -> None:
    """The note of a section beside its title where there is room, else below it."""
    begins = EDGE + stringWidth(section.title, BOLD, size + 1) + GAP
    if begins + stringWidth(section.note, PLAIN, size) <= WIDTH - EDGE:
        page.text(section.note, begins, page.at, size=size, colour=page.ink.muted)
    else:
        page.block(section.note, size=size, colour=page.ink.muted)


def _named(page: Paper, line: Line, size: float) -> None:
    """A line with its name at the left and what it says beside it."""
    top = page.at
    page.block(line.name, size=size, font=BOLD, width=NAMES - 4)
    low = page.at
    page.at = top
    page.block(line.said, size=size, x=EDGE + NAMES, width=INNER - NAMES)
    page.at = min(page.at, low)


def _columns(page: Paper, section: Section, size: float) -> None:
    """Many short lines in two columns that are about as long as each other."""
    width = (INNER - GAP) / 2
    told = [f"{line.name}: {line.said}" for line in section.lines]
    left = halved([len(simpleSplit(one, PLAIN, size, width)) for one in told])
    top, ends = page.at, []
    for x, mine in ((EDGE, told[:left]), (EDGE + width + GAP, told[left:])):
        page.at = top
        for one in mine:
            page.block(one, size=size, x=x, width=width)
        ends.append(page.at)
    page.at = min(ends)


def halved(heights: Sequence[int]) -> int:
    """How many of some blocks, one below the other, go into the first of two columns so that the longer one is as short as can be.

    >>> halved([1, 1, 1, 1]), halved([5, 1, 1]), halved([])
    (2, 1, 0)
    """
    return min(range(len(heights) + 1), key=lambda count: max(sum(heights[:count]), sum(heights[count:])))
