"""A trend small enough to sit in a card: an SVG with a sentence for those who cannot see it."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

WIDTH, HEIGHT, EDGE = 64, 20, 2.5


def spark(points: Sequence[float | None], sentence: str) -> str:
    """A line through the points as HTML; missing points are stepped over. Empty text when there are fewer than two.

    Streamlit strips inline SVG, so the drawing is a mask over a box that the style sheet colours.

    >>> spark([1, 2], "rose from 1 to 2")[:54]
    '<span class="cd-spark" role="img" aria-label="rose fro'
    >>> spark([None, 3.0], "")
    ''
    """
    known = [point for point in points if point is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    step = (WIDTH - 2 * EDGE) / (len(points) - 1)

    def place(index: int, point: float) -> tuple[float, float]:
        level = 0.5 if high == low else (point - low) / (high - low)
        return round(EDGE + index * step, 1), round(HEIGHT - EDGE - level * (HEIGHT - 2 * EDGE), 1)

    places = [place(index, point) for index, point in enumerate(points) if point is not None]
    drawn = "M" + " L".join(f"{x} {y}" for x, y in places)
    x, y = places[-1]
    drawing = quote(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
        f'<path d="{drawn}" fill="none" stroke="#000" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"/>'
        f'<circle cx="{x}" cy="{y}" r="2.3"/></svg>',
        safe="",
    )
    said = escape(sentence, quote=True)
    mask = f"url(&quot;data:image/svg+xml,{drawing}&quot;)"
    style = f"-webkit-mask-image:{mask};mask-image:{mask}"
    return f'<span class="cd-spark" role="img" aria-label="{said}" title="{said}" style="{style}"></span>'
