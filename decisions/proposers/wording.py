"""Whether a message says only what is known: every number, day and id in it must be among the facts, and it promises nothing."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from decisions.proposers.words import Letter

LONGEST = 2_000
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
MONTH = "|".join([*MONTHS, *(name[:3] for name in MONTHS), "Sept"])
# A day in words, in the orders that people write; years may be left out.
DAYS = (
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{MONTH})\b\.?,?(?: (?P<year>\d{{4}}))?", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?P<month>{MONTH})\b\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b,?(?: (?P<year>\d{{4}}))?", re.IGNORECASE
    ),
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b"),
)
TOKEN = re.compile(r"[^\s\"“”«»()\[\]{};!?]*\d[^\s\"“”«»()\[\]{};!?]*")
CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
NUMBER_WORDS = re.compile(
    r"\b(zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|hundreds?|thousands?|millions?|dozens?|half|quarter|double|twice|couple|fortnight)\b",
    re.IGNORECASE,
)
RELATIVE_DAYS = re.compile(
    r"\b((?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tonight|tomorrow|yesterday|weekend"
    r"|(?:next|this|last|coming) (?:week|month|year|quarter|day)|(?:a|one) (?:day|week|month)|within (?:days|hours))\b",
    re.IGNORECASE,
)
PROMISES = re.compile(
    r"[€$£¥₹]|\b(eur|usd|gbp|euros?|dollars?|pric\w*|costs?|fees?|pay\w*|paid|invoices?|discount\w*|refund\w*|credit\w*|free of charge"
    r"|compensat\w*|penalt\w*|damages|guarant\w*|promis\w*|liab\w*|legal\w*|lawyer\w*|contract\w*|terminat\w*|cancel\w*|bank\w*|iban"
    r"|competitors?|other (?:customers?|suppliers?|carriers?)|ignore|instructions?|password\w*)\b",
    re.IGNORECASE,
)
LINKS = re.compile(r"https?:|www\.|@|://|<|>", re.IGNORECASE)
ORDINARY_CAPITALS = frozenset({"PO", "SKU", "ID", "OK", "ETA", "RE"})


def objections(text: str, letter: Letter) -> list[str]:
    """What is wrong with a wording of the letter, in words; nothing where it says only what is known.

    It is strict on purpose: a wording that is turned down costs nothing, since the template's words go out instead.

    >>> from decisions.proposers.words import letter as made
    >>> known = {"po_id": "PO7", "due_date": "4 November 2026"}
    >>> chase = made("supplier_message", "Order {po_id} was due on {due_date}.", known, names={}, must_have=("po_id",))
    >>> objections("Where is PO7, due on 4 Nov 2026?", chase)
    []
    >>> objections("Where is PO7, due on 5 November 2026?", chase)
    ["It says '5 November 2026', which is no day among the facts."]
    """
    said = unicodedata.normalize("NFKC", text)
    found: list[str] = []
    if not said.strip() or len(said) > LONGEST:
        found.append(f"It is empty or longer than {LONGEST:,} characters.")
    if strange := sorted({f"U+{ord(c):04X}" for c in text if unicodedata.category(c)[0] == "C" and c != "\n"}):
        found.append(f"It holds characters that nobody sees: {', '.join(strange)}.")
    if odd := sorted({c for c in text if c.isnumeric() and not c.isascii()}):
        found.append(f"It writes numbers in another script: {' '.join(odd)}.")
    rest = _without_marks(said, letter, found)
    rest = _without_days(rest, letter.facts, found)
    found += _strange_tokens(rest, letter.facts)
    for pattern, what in (
        (NUMBER_WORDS, "a number in words"),
        (RELATIVE_DAYS, "a day that is not among the facts"),
        (PROMISES, "a price, a promise or another party, which no message may mention"),
        (LINKS, "an address"),
    ):
        found += [
            f"It says {match!r}, which is {what}." for match in dict.fromkeys(m[0] for m in pattern.finditer(rest))
        ]
    found += [f"It leaves out {name.replace('_', ' ')}." for name in letter.must_have if not _has(said, letter, name)]
    return found


def _without_marks(said: str, letter: Letter, found: list[str]) -> str:
    marks = dict.fromkeys(re.findall(r"\[([^\]]*)\]", said))
    found += [f"It uses the mark [{mark}], which there is not." for mark in marks if mark not in letter.names]
    return re.sub(r"\[[^\]]*\]", " ", said)


def _without_days(said: str, facts: Mapping[str, Any], found: list[str]) -> str:
    """The text without its days, each of which is among the facts or is told."""
    known = {one for value in facts.values() if (one := _day(str(value))) is not None}
    for pattern in DAYS:

        def told(match: re.Match[str]) -> str:
            month, number = match["month"], int(match["day"])
            at = int(month) if month.isdigit() else _month(month)
            year = int(match["year"]) if match["year"] else None
            if not any((day.month, day.day) == (at, number) and year in (None, day.year) for day in known):
                found.append(f"It says {match[0].strip()!r}, which is no day among the facts.")
            return " "

        said = pattern.sub(told, said)
    return said


def _month(name: str) -> int:
    return next(no for no, month in enumerate(MONTHS, 1) if month.lower().startswith(name.lower()[:3]))


def _day(value: str) -> date | None:
    """The day that a fact is, if it is one."""
    for pattern in DAYS:
        match = pattern.fullmatch(value.strip())
        if match and match["year"]:
            month = match["month"]
            return date(int(match["year"]), int(month) if month.isdigit() else _month(month), int(match["day"]))
    return None


def _strange_tokens(rest: str, facts: Mapping[str, Any]) -> list[str]:
    """Numbers and ids that are no facts."""
    values = [str(value) for value in facts.values() if _day(str(value)) is None]
    ids = {value.casefold() for value in values}
    numbers = {number for value in values if (number := _number(value)) is not None}
    words = {part for value in values for part in re.findall(r"[A-Z]{2,}", value)}
    found = []
    # Ids with blanks in them would fall apart into tokens: they are taken out whole.
    for value in sorted((value for value in values if " " in value), key=len, reverse=True):
        rest = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", " ", rest, flags=re.IGNORECASE)
    for token in TOKEN.findall(re.sub(r"(?<=\d)\s+(?=%)", "", rest)):
        bare = token.strip(".,:'’*_-–—/…")
        number = _number(bare)
        if bare.casefold() in ids or (number is not None and number in numbers):
            continue
        found.append(f"It says {bare!r}, which is not among the facts.")
    found += [
        f"It says {word!r}, which is no id among the facts."
        for word in dict.fromkeys(CAPITALS.findall(rest))
        if word not in words | ORDINARY_CAPITALS
    ]
    return found


def _number(said: str) -> tuple[Decimal, bool] | None:
    """The number that a word is, and whether it is a share; thousands may be parted by commas."""
    bare = said.strip().replace(" %", "%")
    is_share = bare.endswith("%")
    bare = bare.removesuffix("%")
    if not re.fullmatch(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", bare):
        return None
    try:
        return Decimal(bare.replace(",", "")), is_share
    except InvalidOperation:
        return None


def _has(said: str, letter: Letter, name: str) -> bool:
    """Whether the text states a fact, in any of the ways that it may be written."""
    if name in letter.names:
        return f"[{name}]" in said
    value = str(letter.facts.get(name, ""))
    if _day(value) is None:
        wanted = re.escape(_close(value))
        return re.search(rf"(?<!\w){wanted}(?!\w)", _close(said)) is not None
    others: list[str] = []
    _without_days(said, {name: value}, others)
    return sum(1 for pattern in DAYS for _ in pattern.finditer(said)) > len(others)


def _close(said: str) -> str:
    """The text in small letters, shares without the blank before their sign."""
    return re.sub(r"\s+%", "%", said).casefold()
