"""What the words of a question can mean: numbers, what they are cut by, names and periods; the longest phrase that is known wins."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from metrics import periods
from metrics.definition import Metric
from metrics.sql import PERIODS
from metrics.vocabulary import Phrase, Vocabulary, Word, is_no_name, phrase, read, thing, vocabulary

Place = tuple[str, str]  # a column and one of its values
OPENERS = tuple(
    tuple(text.split())
    for text in ("by", "per", "each", "every", "for each", "for every", "in each", "at each", "split by", "broken down by")
)  # fmt: skip
EACH: dict[Phrase, str] = {
    ("daily",): "day",
    ("weekly",): "week",
    ("monthly",): "month",
    ("quarterly",): "quarter",
    ("yearly",): "year",
}
# Behind these words a name is meant: "in IT", "orders of A".
POINTING = frozenset({"of", "in", "for", "from", "at", "by", "and", "or", "the", "on", "to", "with", "per"})
SHORTENED = re.compile(r"[,(].*")
# Of phrases that are as long: numbers go before names, since a name can be told by its thing ("owner role sales"); then what is
# meant outright, what says nothing of its own, and names of which only the first words are given.
NUMBER, OUTRIGHT, SILENT, OPENING = 3, 2, 1, 0
Candidate = tuple[int, int, str, Any]


@dataclass(frozen=True)
class Piece:
    """A stretch of a question and what it means.

    Args:
        kind: metric, near (numbers that it may mean), value, cut, period, now, fits, no_number, filler, unclear or unknown.
        meant: a metric's name, the places of a value, the units and things of a cut, a period: whatever goes with the kind.
        may_name: the places of a name that is written like these words, where one cannot say that it is not meant ("in IT").
    """

    kind: str
    text: str
    meant: Any = None
    may_name: frozenset[Place] = frozenset()


@dataclass(frozen=True)
class Lexicon:
    """Every phrase that means something here.

    Args:
        metrics: phrases of which each means one number.
        near: phrases that are short for a number or for several, so that one has to choose.
        things: words for what numbers are cut by.
        values: names and codes as they stand in the data.
        openings: the first words of names.
    """

    metrics: Mapping[Phrase, str]
    near: Mapping[Phrase, tuple[str, ...]]
    things: Mapping[Phrase, frozenset[str]]
    values: Mapping[Phrase, frozenset[Place]]
    openings: Mapping[Phrase, frozenset[Place]]
    words: Vocabulary
    longest: int


def lexicon(metrics: Mapping[str, Metric], names: Mapping[str, Iterable[str]]) -> Lexicon:
    """The phrases of these numbers and names.

    Args:
        names: column -> the values that stand in it.
    """
    words = vocabulary()
    certain, near = _numbers(metrics)
    known = {thing(column) for metric in metrics.values() for column in metric.dimensions}
    things: defaultdict[Phrase, set[str]] = defaultdict(set)
    for said, named in [(phrase(one), one) for one in known] + list(words.things.items()):
        if named in known:
            things[said].add(named)
    values, openings = _named(names)
    phrases = (certain, near, values, things, words.filler, words.now, words.fits)
    return Lexicon(
        certain,
        near,
        {said: frozenset(found) for said, found in things.items()},
        values,
        openings,
        words,
        max((len(said) for listed in phrases for said in listed), default=1),
    )


def pieces(text: str, known: Lexicon, as_of: dt.date, week_start: int) -> list[Piece]:
    """The text cut into what its words mean, from left to right; a word that means nothing here is `unknown`."""
    words = read(text)
    said = tuple(word.said for word in words)
    found, at = [], 0
    while at < len(said):
        length, kind, meant = _longest(said[at:], known, as_of, week_start)
        piece = Piece(kind, text[words[at].start : words[at + length - 1].end], meant)
        may_name = _may_name(piece, words, at, at + length, known)
        if kind == "filler" and _is_like_a_code(
            piece.text, at > 0 and said[at - 1] == "the", is_first=at == 0, whole=text
        ):
            piece = replace(piece, kind="unknown", meant=None)
        found.append(replace(piece, may_name=may_name))
        at += length
    return found


def _is_like_a_code(text: str, is_behind_the: bool, *, is_first: bool, whole: str) -> bool:
    """Whether a small word is written as a name is, whether or not anybody here is called so: "IT", "the us"."""
    is_capital = text.isupper() and not whole.isupper() and not is_first
    return len(text) < 3 and text != "I" and (is_capital or is_behind_the)


def _may_name(piece: Piece, words: Sequence[Word], start: int, end: int, known: Lexicon) -> frozenset[Place]:
    """The names that may be meant by words that were read as something else: short names look like the words between."""
    said = tuple(word.said for word in words[start:end])
    first = piece.text.split()[0]
    is_pointed_at = start > 0 and words[start - 1].said in POINTING
    may_be = is_pointed_at or first != first.lower() or end == len(words)
    if piece.kind == "value" and end > start + 1 and said[-1:] in known.words.filler and piece.text[-1].islower():
        return known.values.get(said[-1:], frozenset()) & piece.meant  # "country in October"
    if piece.kind == "filler" and may_be:
        return known.values.get(said, frozenset())
    if piece.kind in ("fits", "now") and may_be:
        return known.values.get(said, frozenset()) | known.openings.get(said, frozenset())
    if piece.kind == "period" and (led := periods.led_by(said)):
        # "In" may be a country and "March" a customer, also in "of IN October" and "of March".
        leading = known.values.get(said[:1], frozenset()) if is_pointed_at or first != first.lower() else frozenset()
        return leading | (
            known.values.get(said[led:], frozenset()) if all(map(str.isalpha, said[led:])) else frozenset()
        )
    return frozenset()


def _numbers(metrics: Mapping[str, Metric]) -> tuple[dict[Phrase, str], dict[Phrase, tuple[str, ...]]]:
    """The phrases that mean one number, and those that one must choose by."""
    outright: defaultdict[Phrase, set[str]] = defaultdict(set)
    loosely: defaultdict[Phrase, set[str]] = defaultdict(set)
    for name, metric in metrics.items():
        for said in {said for text in (metric.title, *metric.asked_as) for said in _variants(text)}:
            outright[said].add(name)
        for said in {phrase(name.replace("_", " ")), *_variants(SHORTENED.sub("", metric.title))}:
            loosely[said].add(name)
    names = {phrase(name.replace("_", " ")) for name in metrics}
    claims = {**loosely, **outright}
    certain = {
        said: next(iter(owners))
        for said, owners in claims.items()
        if len(owners) == 1 and (said in outright or said in names)
    }
    return certain, {said: tuple(sorted(owners)) for said, owners in claims.items() if said not in certain}


def _named(
    names: Mapping[str, Iterable[str]],
) -> tuple[dict[Phrase, frozenset[Place]], dict[Phrase, frozenset[Place]]]:
    whole: defaultdict[Phrase, set[Place]] = defaultdict(set)
    first: defaultdict[Phrase, set[Place]] = defaultdict(set)
    for column, listed in names.items():
        may_be_short = column.endswith("_name") and thing(column) in vocabulary().shortened
        for value in listed:
            for said in _variants(value):
                whole[said].add((column, value))
                for length in range(1, len(said) if may_be_short else 0):
                    first[said[:length]].add((column, value))
    return _frozen(whole), _frozen(first)


def _frozen(found: Mapping[Phrase, set[Place]]) -> dict[Phrase, frozenset[Place]]:
    return {said: frozenset(places) for said, places in found.items()}


def _variants(text: str) -> set[Phrase]:
    """A text as it stands and without its signs: nobody types the % of a title."""
    said = phrase(text)
    return {one for one in (said, tuple(word for word in said if word[0].isalnum())) if one}


def _longest(said: Phrase, known: Lexicon, as_of: dt.date, week_start: int) -> tuple[int, str, Any]:
    """The longest phrase at the beginning of these words; where two kinds are as long as each other, it is unclear."""
    candidates = [*_phrases(said, known), *_values(said, known), *_cuts(said, known)]
    if period := periods.read(said, as_of, week_start):
        candidates.append((period[0], OUTRIGHT, "period", period[1]))
    if not candidates:
        return 1, "unknown", None
    length, rank = max(candidate[:2] for candidate in candidates)
    best = [candidate[2:] for candidate in candidates if candidate[:2] == (length, rank)]
    kinds = sorted({kind for kind, _ in best})
    if len(kinds) > 1:
        return length, "unclear", kinds
    if kinds == ["value"]:
        return length, "value", frozenset().union(*(places for _, places in best))
    # "From October" may mean in it or since it.
    if said[:length] == ("from",) and periods.read(said[1:], as_of, week_start):
        return 1, "unknown", None
    return length, *best[0]


def _phrases(said: Phrase, known: Lexicon) -> Iterator[Candidate]:
    words = known.words
    for length in range(1, min(known.longest, len(said)) + 1):
        part = said[:length]
        if part in known.metrics:
            yield length, NUMBER, "metric", known.metrics[part]
        if part in known.near:
            yield length, NUMBER, "near", known.near[part]
        if part in words.no_number:
            yield length, SILENT, "no_number", words.no_number[part]
        elif part in words.fits:
            yield length, SILENT, "fits", words.fits[part]
        elif part in words.now:
            yield length, SILENT, "now", None
        elif part in words.filler:
            yield length, SILENT, "filler", None


def _values(said: Phrase, known: Lexicon) -> Iterator[Candidate]:
    """Names and codes: alone if they can be nothing else, or beside the word for what they name ("site Leipzig", "tier A")."""
    reach = range(1, min(known.longest, len(said)) + 1)
    for ahead in (0, *(length for length in reach if said[:length] in known.things)):
        for rank, listed in ((OUTRIGHT, known.values), (OPENING, known.openings)):
            for length in reach:
                part, behind = said[ahead : ahead + length], said[ahead + length :]
                if part not in listed or ahead + length > len(said) or (rank == OPENING and is_no_name(part[0])):
                    continue
                # "A site" is any site, and "in country" no country called IN: such a name comes behind its thing.
                after = 0 if ahead or part in known.words.filler or is_no_name(part[0]) else _thing_at(behind, known)
                beside = known.things.get(said[:ahead] if ahead else behind[:after], frozenset())
                if places := frozenset(place for place in listed[part] if thing(place[0]) in beside):
                    yield ahead + length + after, rank, "value", places
                if not ahead and _stands_alone(part, known):
                    yield length, rank, "value", listed[part]


def _stands_alone(part: Phrase, known: Lexicon) -> bool:
    """Whether a name can be told from other words: "A", "IT" and "2026" need the word for what they name."""
    words = known.words
    is_word = part in words.filler or part in words.now or part in words.fits or part in words.no_number
    is_word = is_word or (len(part) == 1 and is_no_name(part[0]))
    return not is_word and part not in known.things and any(len(w) > 2 and not w.isdigit() for w in part)


def _cuts(said: Phrase, known: Lexicon) -> Iterator[Candidate]:
    """The units and things that are named: "by site", "per month", "by region and month"."""
    if said[:1] in EACH:
        yield 1, OUTRIGHT, "cut", (EACH[said[:1]],)
    for opener in OPENERS:
        at, named = len(opener), []
        while said[: len(opener)] == opener:
            at += said[at : at + 1] == ("the",)
            length = 1 if said[at : at + 1] and said[at] in PERIODS else _thing_at(said[at:], known)
            if not length:
                break
            named.append(said[at] if said[at] in PERIODS else known.things[said[at : at + length]])
            at += length
            yield at, OUTRIGHT, "cut", tuple(named)
            if said[at : at + 1] != ("and",):
                break
            at += 1


def _thing_at(said: Phrase, known: Lexicon) -> int:
    """How many of the words name what numbers are cut by."""
    return max(
        (length for length in range(1, min(known.longest, len(said)) + 1) if said[:length] in known.things), default=0
    )
