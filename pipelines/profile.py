"""What the texts of a column are: dates and in which order, numbers and by which decimal sign, yes and no, or just words."""

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

NOTHING = ("null", "(null)", "\\n", "n/a", "#n/a", "nan")  # say "no value" wherever they stand
DASHES = ("-", "--", "na", "none", "?", "tbd", "unknown")  # say it only where figures or dates are wanted
YES_NO = frozenset(("true", "false", "t", "f", "yes", "no", "y", "n", "1", "0", "x")) | frozenset(
    ("ja", "nein", "j", "oui", "non", "wahr", "falsch", "si", "sí")
)
MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if n}
LONG_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if n}
ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}  # where year, month and day stand

CLOCK = r"(?:(T| +)(\d{1,2}):(\d{2})(:\d{2})?([.,]\d{1,9})?( ?[AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?)?"
NUMERIC_DATE = re.compile(r"(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})" + CLOCK)
COMPACT_DATE = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
NAMED_DATE = re.compile(r"(\d{1,2})([-./ ])([A-Za-z]{3,9})\2(\d{4}|\d{2})" + CLOCK)
WORDED_DATE = re.compile(r"([A-Za-z]{3,9}) (\d{1,2})(,?) (\d{4})" + CLOCK)
NUMBER = re.compile(
    r"[(+-]*(?:EUR|USD|GBP|CHF|[€$£])?\s?-?(\d[\d.,'’\s\u00a0\u202f]*|[.,]\d+)(?:[eE][+-]?\d{1,2})?\s?(?:EUR|USD|GBP|CHF|[€$£%])?[)-]?"
)
GROUPED = re.compile(r"\d{1,3}[.,]\d{3}")


@dataclass(frozen=True)
class Dated:
    """One text that may be a date: its three numbers, and the strptime form with `{0} {1} {2}` in their places.

    `family` gathers texts that a system writes alike, so that one of them can tell the order for all.
    """

    family: str
    numbers: tuple[int, int, int]
    form: str
    orders: tuple[str, ...]


def dated(text: str) -> Dated | None:
    """The text taken apart as a date, or None when it is none in any order.

    >>> dated("14.11.2026 08:30").orders, dated("03/04/26").orders, dated("4711")
    (('dmy',), ('dmy', 'mdy', 'ymd'), None)
    """
    text = text.strip()
    if found := NUMERIC_DATE.fullmatch(text):
        return _numeric(found)
    if found := COMPACT_DATE.fullmatch(text):
        return _kept("compact", tuple(map(int, found.groups())), "%Y%m%d", ("ymd",))
    if (found := NAMED_DATE.fullmatch(text)) and (month := _month(found[3])):
        form = f"%d{found[2]}{month[1]}{found[2]}{'%Y' if len(found[4]) == 4 else '%y'}"
        return _kept("named", (int(found[1]), month[0], _year(found[4])), form, ("dmy",), found.groups()[4:])
    if (found := WORDED_DATE.fullmatch(text)) and (month := _month(found[1])):
        return _kept(
            "worded",
            (month[0], int(found[2]), int(found[4])),
            f"{month[1]} %d{found[3]} %Y",
            ("mdy",),
            found.groups()[4:],
        )
    return None


def _numeric(found: re.Match[str]) -> Dated | None:
    first, sign, second, third = found.group(1, 2, 3, 4)
    numbers = (int(first), int(second), int(third))
    if len(first) == 4 and len(third) <= 2:
        return _kept(f"year first {sign}", numbers, f"{{0}}{sign}{{1}}{sign}{{2}}", ("ymd",), found.groups()[4:])
    if len(first) > 2 or len(third) == 3 or len(third) == 1:
        return None
    is_short = len(third) == 2
    orders = ("dmy", "mdy", "ymd") if is_short and len(first) == 2 else ("dmy", "mdy")
    years = "yy" if is_short else "yyyy"
    return _kept(
        f"{sign}{years}", numbers, f"{{0}}{sign}{{1}}{sign}{{2}}", orders, found.groups()[4:], is_short=is_short
    )


def _kept(
    family: str,
    numbers: tuple[int, ...],
    form: str,
    orders: tuple[str, ...],
    clock: tuple[str | None, ...] = (),
    *,
    is_short: bool = False,
) -> Dated | None:
    """The date with the orders in which it is one; None when there are none, or its time is no time."""
    possible = tuple(order for order in orders if _is_date(numbers, order, is_short=is_short))
    clock_form = _clock(clock) if any(clock) else ""
    if not possible or clock_form is None:
        return None
    return Dated(family, (numbers[0], numbers[1], numbers[2]), form + clock_form, possible)


def _clock(clock: tuple[str | None, ...]) -> str | None:
    joint, hour, _, second, part, half, zone = (piece or "" for piece in clock)
    if int(hour) > (12 if half else 23):
        return None
    if zone:
        return "%z"  # only ISO texts carry one, and those need no form
    seconds = ":%S" * bool(second) + (f"{part[:1]}%f" if part else "")
    halves = "" if not half else (" %p" if half.startswith(" ") else "%p")
    return f"{joint}{'%I' if half else '%H'}:%M{seconds}{halves}"


def _is_date(numbers: tuple[int, ...], order: str, *, is_short: bool) -> bool:
    year, month, day = (numbers[place] for place in ORDERS[order])
    try:
        date(year + 2000 if is_short else year, month, day)
    except ValueError:
        return False
    return is_short or 1900 <= year <= 2199


def _month(word: str) -> tuple[int, str] | None:
    if word.lower() in MONTHS:
        return MONTHS[word.lower()], "%b"
    return (LONG_MONTHS[word.lower()], "%B") if word.lower() in LONG_MONTHS else None


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def date_share(texts: Sequence[str]) -> float:
    """The share of texts that are dates in some order."""
    return sum(dated(text) is not None for text in texts) / len(texts) if texts else 0.0


@dataclass(frozen=True)
class DateForms:
    """How a file writes its dates: the strptime forms beside ISO, what settled their order, or which texts leave it open."""

    forms: tuple[str, ...] = ()
    settled_by: tuple[str, str] | None = None
    open_texts: tuple[str, ...] = ()
    open_orders: tuple[str, ...] = ()


def date_forms(texts: Iterable[str], answer: str | None = None) -> DateForms:
    """The forms in which all these texts are dates; the order of day and month is never guessed.

    Texts of one kind (sign, length of the year) settle the order for each other: 14/11/2026 does so for 03/04/2026.
    Where all fit two orders, or no order fits all, the texts are open, unless `answer` says the order.

    >>> date_forms(["03/04/2026", "14/11/2026 08:30"]).forms
    ('%d/%m/%Y', '%d/%m/%Y %H:%M')
    >>> date_forms(["03/04/2026", "05/06/2026"]).open_texts
    ('03/04/2026', '05/06/2026')
    """
    families: dict[str, list[tuple[str, Dated]]] = {}
    for text in dict.fromkeys(texts):
        if found := dated(text):
            families.setdefault(found.family, []).append((text.strip(), found))
    forms: dict[str, None] = {}
    settled_by: tuple[str, str] | None = None
    left_open: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    for family, members in families.items():
        orders = _common_orders([found for _, found in members])
        order = orders[0] if len(orders) == 1 else answer if not orders or answer in orders else None
        if order is None:
            if not left_open[0]:
                # where no order fits all, a person may still say by which one to go
                left_open = tuple(text for text, _ in members[:3]), tuple(orders or ("dmy", "mdy"))
            continue
        if settled_by is None and family[0] in "-./" and order != "ymd":
            settled_by = next(((text, order) for text, found in members if len(found.orders) == 1), None)
        forms |= dict.fromkeys(_spelled(family, found.form, order) for _, found in members if order in found.orders)
    # a time that is midnight is often left out
    forms |= dict.fromkeys(
        form[: form.index(sign) - 1] for form in list(forms) for sign in ("%H", "%I") if sign in form
    )
    return DateForms(tuple(form for form in forms if form), settled_by, *left_open)


def _common_orders(members: list[Dated]) -> list[str]:
    orders = [order for order in ORDERS if all(order in found.orders for found in members)]
    if "ymd" in orders and len(orders) > 1:
        # two-digit years: the day changes often and the year seldom, which tells the first number from the last
        first, last = (len({found.numbers[place] for found in members}) for place in (0, 2))
        if max(first, last) >= 5 and max(first, last) >= 2 * min(first, last):
            orders = [order for order in orders if (order == "ymd") == (first < last)]
    return orders


def _spelled(family: str, form: str, order: str) -> str:
    """The strptime form of an order; empty for ISO, which needs none."""
    if family == "year first -" or "%z" in form:
        return ""
    if "{0}" not in form:
        return form
    letters = {"y": "%y" if family.endswith("yy") and not family.endswith("yyyy") else "%Y", "m": "%m", "d": "%d"}
    return form.format(*(letters[letter] for letter in order))


def number_share(texts: Sequence[str]) -> float:
    """The share of texts that are numbers by one or the other decimal sign."""
    return sum(NUMBER.fullmatch(text.strip()) is not None for text in texts) / len(texts) if texts else 0.0


def decimal_sign(texts: Iterable[str], delimiter: str | None) -> tuple[str | None, str | None]:
    """The decimal sign by which these numbers were written, and the text that tells; None, when both would do.

    Args:
        texts: numbers as texts, of all columns that hold figures.
        delimiter: what separates the values of the file; None when it is no text file, where figures come with a point.

    >>> decimal_sign(["1.234,50", "7"], ";"), decimal_sign(["1,234"], ","), decimal_sign(["1.234"], ";")
    ((',', '1.234,50'), ('.', None), (None, '1.234'))
    """
    witness: dict[str, str] = {}
    doubtful: str | None = None
    for text in texts:
        digits = re.sub(r"[^\d.,]", "", text)
        sign = _decides(digits)
        if sign:
            witness.setdefault(sign, text)
        elif GROUPED.fullmatch(digits):
            doubtful = doubtful or text
    if len(witness) == 1:
        return next(iter(witness.items()))
    if len(witness) == 2:
        return None, witness[","]
    # a file that separates values by commas comes from a place with decimal points: 1,234 is a thousand and more
    return (".", None) if doubtful is None or delimiter in (",", None) else (None, doubtful)


def _decides(digits: str) -> str | None:
    """The decimal sign that this number alone proves, if any."""
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        last = max(digits.rfind("."), digits.rfind(","))
        return digits[last] if digits.count(digits[last]) == 1 else None
    if not points and not commas:
        return None
    sign = "." if points else ","
    if points + commas > 1:
        return "," if sign == "." else "."
    before, _, after = digits.partition(sign)
    return sign if len(after) != 3 or len(before) > 3 or before in ("", "0") else None


def fit(kind: str, texts: Sequence[str]) -> float:
    """How well texts suit a contract type, 0-1; 1 for words in a column for words, and for a column without values.

    >>> fit("qty", ["5", "1.200", "n/a"]), fit("date", ["A-1", "B-2"]), fit("id", ["2026-11-14", "2026-11-15"])
    (1.0, 0.0, 0.0)
    """
    said = [text for text in texts if text.strip().lower() not in NOTHING + DASHES]
    if not said:
        return 1.0
    if kind in ("date", "instant"):
        return date_share(said)
    if kind == "boolean":
        return sum(text.strip().lower() in YES_NO for text in said) / len(said)
    if kind in ("code", "name", "text") and number_share(said) > 0.9:
        return 0.6  # there are codes of digits, but the heading must say so plainly
    if kind in ("id", "code", "key", "name", "text"):
        # digits alone may be an article number, whatever date they would make
        return 0.0 if date_share([text for text in said if not text.strip().isdigit()] or [""]) > 0.9 else 1.0
    return number_share(said)
