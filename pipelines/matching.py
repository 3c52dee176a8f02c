"""Which heading of a file is which column of a contract: the same words first, then nearly the same, if the values agree."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from pipelines.contract import Column, Contract

Texts = dict[str, tuple[str, ...]]  # heading to different texts that stand under it

SURE_ENOUGH = 85.0
NEARLY = 88.0
FIT_TEXTS = 300
NUMBER_WORDS = frozenset(("nr", "num", "number", "numero", "nummer", "#", "№", "n°"))


@dataclass(frozen=True)
class Match:
    """A contract column and the heading that it was found under."""

    column: str
    header: str
    score: float
    why: str


@lru_cache(maxsize=20_000)
def plain_words(heading: str) -> str:
    """The words of a heading without case, accents and signs, "no" for every way to write number, units left out.

    >>> plain_words("OrderDate"), plain_words("PO / SO #"), plain_words("Kunden-Nr."), plain_words("Price (USD)")
    ('order date', 'po so no', 'kunden no', 'price')
    """
    text = re.sub(r"[(\[][^)\]]*[)\]]\s*$", "", heading) or heading
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    text = unicodedata.normalize("NFKD", text.replace("#", " # ").replace("ß", "ss")).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+|#", text.replace("'", ""))
    return " ".join("no" if word in NUMBER_WORDS else word for word in words)


def matches(rules: Contract, texts: Texts, fit: Callable[[str, Sequence[str]], float]) -> dict[str, Match]:
    """The best one-to-one pairs of contract columns and headings; nothing is paired below 85 of 100.

    Args:
        rules: the contract whose columns are looked for.
        texts: the headings, each with texts that stand under it.
        fit: how well texts suit a contract type, 0-1; values that do not fit outweigh a heading that does, unless it
            is the column's own name.
    """
    candidates = []
    for place, column in enumerate(rules.columns):
        if column.type == "map":
            continue
        known = _known_words(column)
        for header, values in texts.items():
            score, why = _likeness(header, known)
            if score < SURE_ENOUGH:
                continue
            is_own_name = score == 100.0
            score *= 0.7 + 0.3 * fit(column.type, values[:FIT_TEXTS])
            # Under the column's very own name the values may be wrong: each row is then set aside with the reason.
            score = max(score, SURE_ENOUGH) if is_own_name else score
            if score >= SURE_ENOUGH:
                candidates.append((-score, place, Match(column.name, header, round(score, 1), why)))
    found: dict[str, Match] = {}
    taken: set[str] = set()
    for _, _, match in sorted(candidates, key=lambda candidate: candidate[:2]):
        if match.column not in found and match.header not in taken:
            found[match.column] = match
            taken.add(match.header)
    return {column.name: found[column.name] for column in rules.columns if column.name in found}


def _known_words(column: Column) -> dict[str, tuple[float, str]]:
    """What the column goes by, each with the score of an exact match: its own name first, then its aliases in order."""
    own = column.name.replace("_", " ")
    known = {plain_words(own): (100.0, column.name)}
    for place, alias in enumerate(column.aliases, start=1):
        known.setdefault(plain_words(alias), (99.9 - 0.02 * place, alias))
    return known


def _likeness(header: str, known: dict[str, tuple[float, str]]) -> tuple[float, str]:
    words = plain_words(header)
    if words in known:
        score, alias = known[words]
        return score, f"{header!r} is another word for it" if score < 100 else f"{header!r} is its own name"
    tight = words.replace(" ", "")
    if not any(map(str.isalpha, tight)):
        return 0.0, ""  # the weeks of a wide table, not words
    best, nearest = 0.0, ""
    for other, (_, alias) in known.items():
        if tight == other.replace(" ", ""):
            return 98.0, f"{header!r} is written together: {alias!r}"
        # the lenient measure finds the candidates; the strict one sees to it that no word is missing or too many
        lenient = fuzz.WRatio(words, other)
        if lenient >= NEARLY and (score := (lenient + fuzz.ratio(tight, other.replace(" ", ""))) / 2) > best:
            best, nearest = score, alias
    return min(best, 97.0), f"{header!r} is nearly {nearest!r}"
