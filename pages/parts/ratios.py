"""How a ratio is said when it passes what per cent can tell: in times, or, where there was nearly nothing to divide by, as two amounts."""

from collections.abc import Callable, Iterable
from typing import Any

from pages.parts.words import Words, is_missing

LEVELS = ("P10", "P50", "P80", "P90")
MANY = 10.0  # from here on per cent are read wrong
NEAR_NOUGHT = 1000.0  # so many times as much as planned says only that next to nothing was planned


def times(share: float | None, of: str, words: Words) -> str:
    """A share as per cent, from ten times upwards in times of what it is a share of.

    >>> words = Words("en_GB", "EUR", "UTC")
    >>> times(1.509, "the plan", words), times(288.549, "the plan", words), times(-38.6, "its cost", words)
    ('150.9%', '289 times the plan', '−39 times its cost')
    >>> times(None, "the plan", words)
    'no data'
    """
    if share is None or is_missing(share) or abs(share) < MANY:
        return words.share(share)
    return f"{words.count(share)} times {of}"


def of_plan(seen: Any, planned: Any, words: Words, say: Callable[[Any], str]) -> str:
    """What was seen as a ratio of what was planned; the two amounts where the plan was about nought or below it.

    >>> words = Words("en_GB", "EUR", "UTC")
    >>> of_plan(50700, 176, words, words.money), of_plan(15, 10, words, words.money)
    ('288 times the plan', '150.0%')
    >>> of_plan(50700, 0.4, words, words.money)
    'plan was about nought: €0.40 planned, €50.7K seen'
    >>> of_plan(-2200, -661, words, words.money)
    'plan was below nought: −€661 planned, −€2.2K seen'
    """
    if is_missing(seen) or is_missing(planned):
        return words.share(None)
    seen, planned = float(seen), float(planned)
    if abs(planned) * NEAR_NOUGHT <= abs(seen):
        if not seen:
            return "nothing planned, nothing seen"
        return f"plan was about nought: {say(planned)} planned, {say(seen)} seen"
    if planned < 0:
        return f"plan was below nought: {say(planned)} planned, {say(seen)} seen"
    return times(seen / planned, "the plan", words)


def levels(amounts: Iterable[Any], words: Words) -> str:
    """The four levels at which the method tells every distribution of money.

    >>> levels((10, 20, 30, 40), Words("en_GB", "EUR", "UTC"))
    'P10 €10.00, P50 €20.00, P80 €30.00, P90 €40.00'
    """
    return ", ".join(f"{name} {words.money(amount)}" for name, amount in zip(LEVELS, amounts, strict=True))
