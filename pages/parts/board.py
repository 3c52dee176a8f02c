"""One A4 page for a board, drawn as vectors: head, figures, two pictures, risks, decisions, footnotes; no network, no clock."""

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pages.parts.tokens import Tokens, tokens

if TYPE_CHECKING:
    from pages.parts.ai_board import Bar, Sheet
    from pages.parts.ai_bridge import Step

PLAIN, BOLD = "Vera", "VeraBd"  # they come with reportlab, and know the signs of currencies and the true minus
WIDTH, HEIGHT = A4
EDGE = 36.0
LEADING = 1.3  # from line to line, in sizes of the letters
INNER = WIDTH - 2 * EDGE
FOOT = 118.0  # kept free for the footnotes
PICTURE = 150.0  # how high a picture is


class Paper:
    """A canvas with a pen that moves down the page; it keeps every text that it has drawn."""

    def __init__(self, *, is_compressed: bool = True):
        for name in (PLAIN, BOLD):
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
        self.bytes = io.BytesIO()
        # Invariant: the same page is the same file, with no day of making in it.
        self.canvas = Canvas(self.bytes, pagesize=A4, pageCompression=int(is_compressed), invariant=1)
        self.at = HEIGHT - EDGE
        self.sides = 1
        self.texts: list[str] = []
        self.ink: Tokens = tokens("light")

    def text(
        self, text: str, x: float, y: float, *, size: float, font: str = PLAIN, colour: str = "", align: str = "left"
    ) -> None:
        """One line of text at a place; its end stands there where `align` is right."""
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(HexColor(colour or self.ink.text))
        draw = {
            "left": self.canvas.drawString,
            "right": self.canvas.drawRightString,
            "middle": self.canvas.drawCentredString,
        }[align]
        draw(x, y, text)
        self.texts.append(text)

    def block(
        self, text: str, *, size: float, font: str = PLAIN, colour: str = "", x: float = EDGE, width: float = INNER
    ) -> None:
        """Text in as many lines as it takes; the pen moves below it."""
        for line in simpleSplit(text, font, size, width):
            self.at -= size * LEADING
            self.text(line, x, self.at, size=size, font=font, colour=colour)

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled box; a negative width or height goes the other way."""
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.rect(min(x, x + width), min(y, y + height), abs(width), abs(height), stroke=0, fill=1)

    def rule(self, x: float, y: float, to_x: float, to_y: float, colour: str, width: float = 0.6) -> None:
        """A straight line."""
        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setLineWidth(width)
        self.canvas.line(x, y, to_x, to_y)

    def room(self, height: float, title: str, *, size: float, low: float = EDGE) -> None:
        """Goes on at the head of a further side, under the title, where so much does not stand above `low` on this one."""
        if self.at - height < low:
            self.turn()
            self.block(f"{title} · side {self.sides}", size=size, colour=self.ink.muted)

    def turn(self) -> None:
        """Goes on at the head of a further side."""
        self.canvas.showPage()
        self.sides += 1
        self.at = HEIGHT - EDGE

    def done(self) -> bytes:
        """The file."""
        self.canvas.showPage()
        self.canvas.save()
        return self.bytes.getvalue()


def drawn(sheet: "Sheet") -> bytes:
    """The board page as a PDF of one page."""
    return paper(sheet).done()


def paper(sheet: "Sheet", *, is_compressed: bool = True) -> Paper:
    """The page with everything drawn on it, not yet a file."""
    page = Paper(is_compressed=is_compressed)
    page.canvas.setTitle(sheet.title)
    page.canvas.setSubject(sheet.verdict)
    page.block(sheet.title, size=9, colour=page.ink.muted)
    page.block(sheet.under, size=7.5, colour=page.ink.muted)
    page.at -= 4
    page.block(sheet.verdict, size=13, font=BOLD)
    page.at -= 2
    said = [*(f"{name}: {text}" for name, text in sheet.parts), sheet.more, sheet.left_out]
    for text in filter(None, said):
        page.block(text, size=8)
    _figures(page, sheet.figures)
    _pictures(page, sheet)
    _listed(page, "What may go wrong, in money", sheet.risks)
    _listed(page, "Decisions asked", [(said, "") for said in sheet.asked])
    _notes(page, sheet.notes)
    return page


def _figures(page: Paper, figures: Sequence[tuple[str, str]]) -> None:
    """Up to eight figures, four in a row."""
    page.at -= 12
    cell = INNER / 4
    for place, (title, value) in enumerate(figures[:8]):
        x, y = EDGE + cell * (place % 4), page.at - 44 * (place // 4)
        page.rule(x, y, x + cell - 8, y, page.ink.border)
        page.text(_cut(title, PLAIN, 7.5, cell - 8), x, y - 11, size=7.5, colour=page.ink.muted)
        is_long = len(value) > 14
        page.text(_cut(value, BOLD, 8 if is_long else 13, cell - 8), x, y - 28, size=8 if is_long else 13, font=BOLD)
    page.at -= 44 * (1 + (min(len(figures), 8) - 1) // 4) if figures else 0


def _pictures(page: Paper, sheet: "Sheet") -> None:
    """Both pictures beside each other."""
    page.at -= 8
    half = (INNER - 18) / 2
    _bridge(page, sheet.steps, sheet.said, (EDGE, half))
    _months(page, sheet.months, (EDGE + half + 18, half))
    page.at -= PICTURE + 6


def _bridge(page: Paper, steps: "Sequence[Step]", said: Sequence[str], across: tuple[float, float]) -> None:
    """From gross to net: bars that begin where the last one ended, each with its figure.

    Args:
        across: where the picture begins and how wide it is.
    """
    (x, width), top = across, page.at
    page.text("From gross to net", x, top - 10, size=8.5, font=BOLD)
    if not steps:
        return
    names, room = 104.0, 44.0
    ends = [0.0, *(one.begin for one in steps), *(one.begin + one.amount for one in steps)]
    scale = (width - names - room) / ((max(ends) - min(ends)) or 1.0)
    row = (PICTURE - 20) / len(steps)
    for place, one in enumerate(steps):
        y = top - 20 - row * (place + 1)
        begin = x + names + (one.begin - min(ends)) * scale
        colour = page.ink.series[0] if one.is_total else page.ink.good if one.amount >= 0 else page.ink.bad
        page.bar(begin, y + row * 0.25, one.amount * scale, row * 0.55, colour)
        page.text(_cut(one.name, PLAIN, 7, names - 4), x, y + row * 0.4, size=7)
        page.text(said[place], max(begin, begin + one.amount * scale) + 3, y + row * 0.4, size=7)


def _months(page: Paper, months: "Sequence[Bar]", across: tuple[float, float]) -> None:
    """Net value by month with whiskers of the middle 80 per cent."""
    (x, width), top = across, page.at
    page.text("Net verified value by month, 80% range", x, top - 10, size=8.5, font=BOLD)
    if not months:
        return
    ends = [0.0, *(one.amount for one in months)]
    ends += [end for one in months for end in (one.low, one.high) if end is not None]
    scale = (PICTURE - 50) / ((max(ends) - min(ends)) or 1.0)
    nought = top - PICTURE + 12 - min(ends) * scale
    cell = width / len(months)
    for place, one in enumerate(months):
        left = x + cell * place
        page.bar(left + cell * 0.2, nought, cell * 0.6, one.amount * scale, page.ink.series[0])
        if one.low is not None and one.high is not None:
            middle = left + cell / 2
            page.rule(middle, nought + one.low * scale, middle, nought + one.high * scale, page.ink.text, 0.8)
        top_end = nought + max(one.amount, one.high or 0.0, 0.0) * scale
        page.text(one.said, left + cell / 2, top_end + 3, size=5.6, align="middle")
        page.text(one.name, left + cell / 2, top - PICTURE + 2, size=6.5, colour=page.ink.muted, align="middle")
    page.rule(x, nought, x + width, nought, page.ink.border)


def _listed(page: Paper, title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Sentences with their money at the right; what does not fit above the footnotes is left out."""
    page.at -= 8
    page.block(title, size=8.5, font=BOLD)
    for said, money in rows:
        lines = simpleSplit(said, PLAIN, 8, INNER - 70)
        page.at -= 2
        if page.at - 11 * len(lines) < EDGE + FOOT:
            return
        for place, line in enumerate(lines):
            page.at -= 11
            page.text(line, EDGE, page.at, size=8)
            if place == 0 and money:
                page.text(money, WIDTH - EDGE, page.at, size=8, font=BOLD, align="right")


def _notes(page: Paper, notes: Sequence[str]) -> None:
    """Footnotes at the foot of the page, as small as it takes to fit them all."""
    page.at = EDGE + FOOT - 6
    page.rule(EDGE, page.at, WIDTH - EDGE, page.at, page.ink.border)
    size = next((one for one in (6.4, 5.8, 5.2) if _height(notes, one) <= FOOT), 4.8)
    for note in notes:
        page.block(note, size=size, colour=page.ink.muted)


def height_of(text: str, *, size: float, font: str = PLAIN, width: float = INNER) -> float:
    """How high a block of text is."""
    return len(simpleSplit(text, font, size, width)) * size * LEADING


def _height(notes: Sequence[str], size: float) -> float:
    return sum(height_of(note, size=size) for note in notes)


def _cut(text: str, font: str, size: float, width: float) -> str:
    """Text that fits a width, its end cut off with an ellipsis where it is longer."""
    kept = text
    while kept and pdfmetrics.stringWidth(kept, font, size) > width:
        kept = kept[:-1]
    return text if kept == text else kept[:-1].rstrip() + "…"
