"""The governance pack as one sheet of A4, drawn as vectors: every line of the screen, on both sides where one is too small to read."""

from collections.abc import Sequence
from itertools import accumulate, chain

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth

from pages.parts.board import BOLD, EDGE, INNER, PLAIN, WIDTH, Paper
from pages.parts.governance_pack import Line, Pack, Section

LEAST = 7.0  # no text is smaller, in points: the least that can be read on paper without effort
SIDES = 2
SIZES = tuple(size / 10 for size in range(90, 68, -2))
NAMES, GAP, LOW = 84.0, 12.0, EDGE / 2  # how wide names are, how far two columns stand apart, and where a side ends


def drawn(pack: Pack) -> bytes:
    """The pack as a PDF of one sheet: one side, or two."""
    return paper(pack).done()


def fits(pack: Pack) -> bool:
    """Whether everything that the pack says stands on both sides of one sheet in the smallest size."""
    return _in_size(pack, LEAST, is_compressed=True).sides <= SIDES


def paper(pack: Pack, *, is_compressed: bool = True) -> Paper:
    """The sheet with everything drawn on it: on one side if it can be read there, else on two, each in the largest size that fits.

    What does not fit on two sides goes on to a further one: nothing is lost, and nothing becomes too small to read. `fits` tells
    before, so that whoever makes the pack can name fewer rows.
    """
    for sides in range(1, SIDES + 1):
        for size in SIZES:
            page = _in_size(pack, size, is_compressed=is_compressed)
            if page.sides <= sides:
                return page
    return page


def _in_size(pack: Pack, size: float, *, is_compressed: bool) -> Paper:
    page = Paper(is_compressed=is_compressed)
    page.canvas.setTitle(pack.title)
    page.canvas.setSubject(pack.verdict)
    page.block(f"{pack.title} · {pack.under}", size=LEAST, colour=page.ink.muted)
    page.at -= 2
    page.block(pack.verdict, size=min(10.0, size + 3), font=BOLD)
    for section in pack.sections:
        _section(page, pack, section, size)
    return page


def _section(page: Paper, pack: Pack, section: Section, size: float) -> None:
    """A section: its title never stands at the foot of a side without its first line."""
    first = _height(section.lines[0], size) if section.lines and not section.is_many else size * 1.3
    _room(page, pack, size * 0.7 + 2 * (size + 1) * 1.3 + first)
    page.at -= size * 0.7
    page.rule(EDGE, page.at, WIDTH - EDGE, page.at, page.ink.border)
    page.block(section.title, size=size + 1, font=BOLD)
    _noted(page, section, size)
    if section.is_many:
        _columns(page, pack, section, size)
        return
    for line in section.lines:
        _room(page, pack, _height(line, size))
        _named(page, line, size)


def _room(page: Paper, pack: Pack, height: float) -> None:
    """Turns the sheet over where so much does not stand on the rest of the side."""
    page.room(height, pack.title, size=LEAST, low=LOW)


def _height(line: Line, size: float) -> float:
    """How high a line with its name beside it is."""
    names, said = simpleSplit(line.name, BOLD, size, NAMES - 4), simpleSplit(line.said, PLAIN, size, INNER - NAMES)
    return max(len(names), len(said)) * size * 1.3


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


def _columns(page: Paper, pack: Pack, section: Section, size: float) -> None:
    """Many short lines in two columns that are about as long as each other; where they do not fit they flow on to the next side."""
    width, step = (INNER - GAP) / 2, size * 1.3
    told = [simpleSplit(f"{line.name}: {line.said}", PLAIN, size, width) for line in section.lines]
    left = halved([len(one) for one in told])
    columns = [list(chain.from_iterable(told[:left])), list(chain.from_iterable(told[left:]))]
    flat = columns[0] + columns[1]
    while flat:
        room = int((page.at - LOW) / step)
        if max(map(len, columns)) > room:
            half = min(room, (len(flat) + 1) // 2)
            columns = [flat[:half], flat[half : half + room]]
        top = page.at
        for x, mine in zip((EDGE, EDGE + width + GAP), columns, strict=True):
            for nth, text in enumerate(mine, start=1):
                page.text(text, x, top - nth * step, size=size)
        page.at = top - max(map(len, columns)) * step
        flat = flat[len(columns[0]) + len(columns[1]) :]
        columns = [flat, []]
        if flat:
            _room(page, pack, page.at)


def halved(heights: Sequence[float]) -> int:
    """How many of some blocks, one below the other, go into the first of two columns so that the longer one is as short as can be.

    >>> halved([1, 1, 1, 1]), halved([5, 1, 1]), halved([])
    (2, 1, 0)
    """
    above = [0.0, *accumulate(heights)]
    return min(range(len(above)), key=lambda count: max(above[count], above[-1] - above[count]))
