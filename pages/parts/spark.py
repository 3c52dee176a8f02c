"""A trend small enough to sit in a card: an SVG with a sentence for those who cannot see it."""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, EDGE = 64, 20, 2.5


def spark(points: Sequence[float | None], sentence: str) -> str:
    """The SVG of a line through the points; a missing point is a gap. Empty text when there are fewer than two.

    >>> spark([1, 2], "rose from 1 to 2").count("<path")
    1
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

    drawn, pen = [], "M"
    for index, point in enumerate(points):
        if point is None:
            pen = "M"
            continue
        x, y = place(index, point)
        drawn.append(f"{pen}{x} {y}")
        pen = "L"
    last = max(index for index, point in enumerate(points) if point is not None)
    x, y = place(last, points[last])  # type: ignore[arg-type]
    said = escape(sentence, quote=True)
    return (
        f'<svg class="cd-spark" role="img" aria-label="{said}" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<title>{said}</title><path d="{" ".join(drawn)}"/><circle cx="{x}" cy="{y}" r="2"/></svg>'
    )
