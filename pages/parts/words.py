"""How numbers, money, dates and changes are said: in the company's locale and currency, and never nought for missing."""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, numbers

from pages.parts.changes import Change, moved, signed

NO_DATA = "no data"
# A page says a hundred numbers, and Babel takes a tenth of a millisecond for each.
said_before = lru_cache(maxsize=20_000, typed=True)


@cache
def locale_of(name: str) -> Locale:
    """The Babel locale of `en_GB` or `en-GB`; British English where the name is unknown.

    >>> str(locale_of("de-DE"))
    'de_DE'
    """
    try:
        return Locale.parse((name or "en_GB").replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse("en_GB")


@cache
def _compact_from(locale_name: str) -> int:
    """Where a locale begins to shorten: some (German) have no word for thousands."""
    shortened = numbers.format_compact_decimal(5000, locale=locale_of(locale_name))
    return 1_000_000 if any(character.isdigit() and character != "5" for character in shortened) else 1000


def is_missing(number: Any) -> bool:
    """Whether there is nothing to say: None, NaN or an infinity.

    >>> is_missing(float("nan")), is_missing(0)
    (True, False)
    """
    return number is None or (isinstance(number, float) and not math.isfinite(number))


@dataclass(frozen=True)
class Words:
    """Formatting for one company.

    >>> w = Words("en_GB", "EUR", "Europe/Berlin")
    >>> w.money(1240000), w.money(-412.4), w.share(0.9642)
    ('€1.24M', '−€412', '96.4%')
    >>> w.days(12.44), w.qty(None), w.date(dt.date(2026, 11, 14))
    ('12.4 days', 'no data', '14 Nov 2026')
    """

    locale_name: str
    currency: str
    timezone_name: str

    @property
    def locale(self) -> Locale:
        """The Babel locale."""
        return locale_of(self.locale_name)

    @said_before
    def money(self, amount: Any, because: str = "") -> str:
        """Money at three significant digits, compact from a thousand upwards."""
        if is_missing(amount):
            return missing(because)
        near = _three_digits(amount)
        if abs(near) < _compact_from(self.locale_name):
            return self.money_exact(amount, places=2 if 0 < abs(near) < 100 else 0)
        return signed(
            numbers.format_compact_currency(near, self.currency, locale=self.locale, fraction_digits=_places(abs(near)))
        )

    @said_before
    def money_exact(self, amount: Any, *, places: int = 2, because: str = "") -> str:
        """Money to the last cent."""
        if is_missing(amount):
            return missing(because)
        pattern = self.locale.currency_formats["standard"].pattern
        rounded = numbers.format_currency(
            _rounded(amount, places),
            self.currency,
            _with_places(pattern, places),
            locale=self.locale,
            currency_digits=False,
        )
        return signed(rounded)

    @said_before
    def share(self, share: Any, because: str = "") -> str:
        """A fraction 0–1 as a percentage with one decimal (two above 99.5 %, where the tail is the story)."""
        if is_missing(share):
            return missing(because)
        share = 0 if abs(share) < 0.0005 else share  # nought has no sign
        pattern = "#,##0.##%" if 0.995 <= abs(share) < 1 else "#,##0.0%"
        return signed(
            numbers.format_percent(
                share, pattern if self.locale.language == "en" else pattern[:-1] + "\u00a0%", locale=self.locale
            )
        )

    @said_before
    def number(self, number: Any, because: str = "", places: int = 2) -> str:
        """A plain number with at most `places` decimals."""
        if is_missing(number):
            return missing(because)
        return signed(numbers.format_decimal(_rounded(number, places), locale=self.locale))

    def count(self, count: Any, because: str = "") -> str:
        """A whole number with its thousands set apart."""
        return self.number(count, because, places=0)

    def qty(self, qty: Any, because: str = "") -> str:
        """A quantity: exact below ten thousand, compact above."""
        if is_missing(qty):
            return missing(because)
        near = _three_digits(qty)
        if abs(near) < max(10_000, _compact_from(self.locale_name)):
            return self.number(qty, places=0 if abs(qty) >= 100 else 1)
        return signed(numbers.format_compact_decimal(near, locale=self.locale, fraction_digits=_places(abs(near))))

    def days(self, days: Any, because: str = "") -> str:
        """A length of time in days, one decimal."""
        return self._with_unit(days, "day", because)

    def hours(self, hours: Any, because: str = "") -> str:
        """A length of time in hours, one decimal."""
        return self._with_unit(hours, "hour", because)

    @said_before
    def date(self, day: Any, because: str = "") -> str:
        """A day with its year: 14 Nov 2026."""
        if day is None:
            return missing(because)
        return dates.format_skeleton("yMMMd", _as_date(day), locale=self.locale)

    @said_before
    def day(self, day: Any) -> str:
        """A day without its year: 14 Nov."""
        return NO_DATA if day is None else dates.format_skeleton("MMMd", _as_date(day), locale=self.locale)

    def month(self, day: dt.date) -> str:
        """A month without its year: Nov."""
        return dates.format_skeleton("MMM", _as_date(day), locale=self.locale)

    def span(self, since: dt.date | None, until: dt.date | None) -> str:
        """A period in words: `18 Oct – 14 Nov 2026`; `all time` when it is open at both ends."""
        if since is None and until is None:
            return "all time"
        if since is None:
            return f"until {self.date(until)}"
        if until is None:
            return f"since {self.date(since)}"
        start = self.day(since) if since.year == until.year else self.date(since)
        return f"{start} – {self.date(until)}"

    def instant(self, moment: dt.datetime | None) -> str:
        """A moment in the company's time zone: 20 Nov 2026, 23:10 CET."""
        if moment is None:
            return NO_DATA
        there = _aware(moment).astimezone(ZoneInfo(self.timezone_name or "UTC"))
        return f"{self.date(there.date())}, {there:%H:%M} {there.tzname()}"

    def ago(self, moment: dt.datetime | None, now: dt.datetime | None = None) -> str:
        """How long since: `20 minutes ago`, `just now`."""
        if moment is None:
            return NO_DATA
        passed = (now or dt.datetime.now(dt.UTC)) - _aware(moment)
        if passed < dt.timedelta(minutes=1):
            return "just now"
        return dates.format_timedelta(passed, threshold=1.0, locale="en") + " ago"

    @said_before
    def value(self, number: Any, unit: str, because: str = "") -> str:
        """Any value in its unit (share, money, days, hours, qty, count, turns, per_unit, date, instant, text, number)."""
        if is_missing(number):
            return missing(because)
        if unit == "per_unit":
            return self.money_exact(number)
        if unit == "turns":
            return f"{self.number(number, places=1)} turns"
        if unit == "boolean":
            return "yes" if number else "no"
        if unit == "minutes":
            return self._with_unit(number, "minute", because)
        known: dict[str, Callable[[Any], str]] = {
            "share": self.share,
            "money": self.money,
            "days": self.days,
            "hours": self.hours,
            "qty": self.qty,
            "count": self.count,
            "date": self.date,
            "instant": self.instant,
            "number": self.number,
        }
        return known[unit](number) if unit in known else str(number)

    @said_before
    def exact(self, number: Any, unit: str, because: str = "") -> str:
        """A value with all its meaningful digits, for receipts and tooltips."""
        if is_missing(number):
            return missing(because)
        if unit == "money":
            return self.money_exact(number)
        if unit == "share":
            return signed(numbers.format_percent(number, "#,##0.0000%", locale=self.locale))
        if unit in ("qty", "days", "hours", "turns", "number", "per_unit"):
            return self.number(number, places=4)
        return self.value(number, unit)

    def change(self, now: Any, before: Any, unit: str, better: str = "neither") -> Change:
        """How a number moved since before: points for shares, per cent for sums, the unit itself for lengths of time.

        >>> Words("en_GB", "EUR", "UTC").change(0.972, 0.964, "share", "higher")
        Change(arrow='▲', word='better', text='+0.8 pp', tone='good')
        """
        if is_missing(now) or is_missing(before):
            return Change("", "no comparison", "", "neutral")
        return moved(self._difference(float(now), float(before), unit), rises=now > before, better=better)

    def plural(self, count: int, noun: str) -> str:
        """`1 order line`, `37 order lines`, `2 entries`."""
        return f"{self.count(count)} {plural_of(noun) if count != 1 else noun}"

    def _difference(self, now: float, before: float, unit: str) -> str:
        gap = now - before
        sign = "+" if gap > 0 else ""
        if unit == "share":
            points = numbers.format_decimal(round(gap * 100, 1), "#,##0.0", locale=self.locale)
            return f"{sign}{signed(points)} pp"
        if unit in ("days", "hours", "minutes", "turns"):
            return f"{sign}{self.value(gap, unit)}"
        if before == 0:
            return f"{sign}{self.value(gap, unit)}"
        return sign + self.share(gap / abs(before))

    def _with_unit(self, length: Any, noun: str, because: str) -> str:
        if is_missing(length):
            return missing(because)
        text = self.number(length, places=1)
        return f"{text} {noun}" if text == "1" else f"{text} {noun}s"


def missing(because: str = "") -> str:
    """What stands where a number is not known.

    >>> missing("no shipments")
    'no data: no shipments'
    """
    return f"{NO_DATA}: {because}" if because else NO_DATA


def plural_of(noun: str) -> str:
    """The English plural of a noun that Crossdock uses.

    >>> plural_of("supplier"), plural_of("entry"), plural_of("day")
    ('suppliers', 'entries', 'days')
    """
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch")) else "s")


def _three_digits(number: Any) -> float:
    number = float(number)
    return number if number == 0 else round(number, 2 - math.floor(math.log10(abs(number))))


def _places(size: float) -> int:
    lead = size
    while lead >= 1000:
        lead /= 1000
    return 2 if lead < 10 else 1 if lead < 100 else 0


def _rounded(number: Any, places: int) -> Any:
    if isinstance(number, Decimal):
        return round(number, places)
    return round(float(number), places)


def _with_places(pattern: str, places: int) -> str:
    return pattern.replace("0.00", "0." + "0" * places if places else "0")


def _as_date(day: Any) -> dt.date:
    return day.date() if isinstance(day, dt.datetime) else day


def _aware(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
