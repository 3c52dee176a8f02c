"""How a number moved, in an arrow, a word and a size: never by colour alone."""

from dataclasses import dataclass

MINUS = "\u2212"
TONES = {"better": "good", "worse": "bad"}


@dataclass(frozen=True)
class Change:
    """How a number moved: arrow, word and size; `tone` is good, bad or neutral."""

    arrow: str
    word: str
    text: str
    tone: str


def moved(text: str, *, rises: bool, better: str) -> Change:
    """The change said by its difference in words (`+0.8 pp`); one that rounds to nought is no change.

    >>> moved("+0.8 pp", rises=True, better="lower")
    Change(arrow='▲', word='worse', text='+0.8 pp', tone='bad')
    """
    if not any(digit in text for digit in "123456789"):
        return Change("■", "unchanged", text.lstrip("+" + MINUS), "neutral")
    word = "up" if rises else "down"
    if better in ("higher", "lower"):
        word = "better" if rises == (better == "higher") else "worse"
    return Change("▲" if rises else "▼", word, text, TONES.get(word, "neutral"))


def signed(text: str) -> str:
    """The text with a true minus sign.

    >>> signed("-3")
    '−3'
    """
    return text.replace("-", MINUS)
