"""A question in plain words, understood whole as one certified number or refused: no word of it is left out or guessed at."""

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from metrics.declared import ROW_OF, WHOLE, NotOne, column_for, cuts, filters, is_ahead, listed, quoted
from metrics.definition import Metric
from metrics.lexicon import Lexicon, Piece, lexicon, pieces
from metrics.periods import Period, start_of
from metrics.sql import PERIODS
from metrics.vocabulary import AGAINST, JOINING, clean, phrase, read, thing

LONGEST = 300
OFFERS = 6
Names = Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class Asked:
    """One certified number, exactly as it was asked for.

    Args:
        where: declared dimension -> the values that count.
        by: a declared dimension, or day, week, month, quarter or year; None for one figure.
        since, until: first and last day, both counted; None is open.
    """

    metric: str
    where: Mapping[str, tuple[str, ...]]
    by: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True)
class Offer:
    """A number that is near to what was asked, and a question that it answers."""

    metric: str
    question: str


@dataclass(frozen=True)
class NotUnderstood:
    """Why a question is not answered, the words of it that are not known here, and the nearest numbers."""

    why: str
    unknown: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()


def understood(
    question: str, metrics: Mapping[str, Metric], names: Names | Lexicon, as_of: dt.date, *, week_start: int = 1
) -> Asked | NotUnderstood:
    """The one number that a question means, or why there is none.

    A word counts as understood if it belongs to the number, to a name, to a cut or to a period, or if it says nothing of its
    own (`metrics/vocabulary.yml`). One word beyond that, two numbers, or a cut that the number does not declare: not answered.

    Args:
        names: column -> the values that stand in it, such as the names of the sites; or the lexicon of these names and metrics,
            for whoever asks more than once.
        as_of: the day that the data reaches to; "last month" is the month before it.

    >>> from metrics.definition import definitions
    >>> understood("Revenue in Leipzig, by month", definitions(), {"site_name": ["Leipzig"]}, dt.date(2026, 11, 13))
    Asked(metric='net_sales', where={'site_name': ('Leipzig',)}, by='month', since=None, until=None)
    >>> understood("Revenue of competitors", definitions(), {}, dt.date(2026, 11, 13)).why
    'I do not know ‘competitors’ here.'
    """
    text = clean(question)
    if len(text) > LONGEST:
        return NotUnderstood(f"That is longer than {LONGEST} letters. Ask for one number in one sentence.")
    if not read(text):
        return NotUnderstood("Ask for one number in one sentence.")
    known = names if isinstance(names, Lexicon) else lexicon(metrics, names)
    return _Reader(metrics, known, as_of, week_start).answer(text)


@dataclass(frozen=True)
class _Reader:
    """All that a question is read against."""

    metrics: Mapping[str, Metric]
    known: Lexicon
    as_of: dt.date
    week_start: int

    def answer(self, text: str) -> Asked | NotUnderstood:
        """What the text asks for; if it is refused, with the nearest numbers."""
        found = self.pieces(text)
        try:
            return self.settled(found)
        except NotOne as why:
            unknown = tuple(piece.text for piece in found if piece.kind in ("unknown", "no_number"))
            return NotUnderstood(str(why), unknown, self.offers(found))

    def pieces(self, text: str) -> list[Piece]:
        """The text, cut into what its words mean."""
        return pieces(text, self.known, self.as_of, self.week_start)

    def settled(self, found: Sequence[Piece]) -> Asked:
        """What the pieces ask for together."""
        for name in _named(found):
            _no_name_left(self.metrics[name], found)
        self._all_known(found)
        metric = self._one_number(found)
        _fitting(metric, found)
        period = self._period(metric, found)
        return Asked(metric.name, filters(metric, found), self._cut(metric, found, period), period.since, period.until)

    def offers(self, found: Sequence[Piece]) -> tuple[Offer, ...]:
        """The nearest numbers, each with what of the question it can answer."""
        # Half of such a question would be another one.
        is_whole = not any(
            piece.may_name or (piece.kind == "unknown" and piece.text.casefold() in AGAINST) for piece in found
        )
        kept = [piece.text for piece in found if piece.kind in ("value", "cut", "period") and is_whole]
        return tuple(self._offer(name, kept) for name in self._nearest(found)[:OFFERS])

    def _offer(self, name: str, kept: Sequence[str]) -> Offer:
        title = self.metrics[name].title
        question = ", ".join([title, *kept])
        try:
            asked = self.settled(self.pieces(question))
        except NotOne:
            return Offer(name, title)
        return Offer(name, question if asked.metric == name else title)

    def _all_known(self, found: Sequence[Piece]) -> None:
        beyond: dict[str, list[str]] = {}
        for piece in found:
            if piece.kind == "no_number":
                beyond.setdefault(piece.meant, []).append(piece.text)
        if beyond:
            asks = listed(
                [f"{quoted(words)} {'asks' if len(words) == 1 else 'ask'} for {what}" for what, words in beyond.items()]
            )
            raise NotOne(f"{asks}. A certified number says what was and what is, and nothing else.")
        unknown = [piece.text for piece in found if piece.kind == "unknown"]
        named = [word for word in unknown if word.casefold() not in JOINING] or unknown
        if not named:
            return
        may_be = [] if _named(found) else self._of_these_words(unknown)
        if len(may_be) > 1:
            raise NotOne(f"{quoted([' '.join(named)])} may mean several numbers. Choose one of them.")
        raise NotOne(f"I do not know {quoted(named)} here.")

    def _one_number(self, found: Sequence[Piece]) -> Metric:
        for piece in found:
            if piece.kind == "near":
                raise NotOne(f"{quoted([piece.text])} may mean more than one number. Choose the one that you mean.")
            if piece.kind == "unclear":
                kinds = listed(["a name" if kind == "value" else f"a {kind}" for kind in piece.meant], "or")
                raise NotOne(f"{quoted([piece.text])} may be {kinds}. Say it in other words.")
        named = _named(found)
        if not named:
            raise NotOne("This names no certified number.")
        if len(named) == 1 and sum(piece.kind == "metric" for piece in found) > 1:
            raise NotOne(f"This names {self.metrics[named[0]].title.lower()} more than once. Name it once.")
        if len(named) > 1:
            titles = listed([self.metrics[name].title for name in named])
            raise NotOne(f"This names {len(named)} numbers: {titles}. Ask for one at a time.")
        return self.metrics[named[0]]

    def _cut(self, metric: Metric, found: Sequence[Piece], period: Period) -> str | None:
        wanted = list(dict.fromkeys(cut for piece in found if piece.kind == "cut" for cut in piece.meant))
        if len(wanted) > 1:
            raise NotOne("This asks for more than one cut. Ask for one at a time.")
        if not wanted:
            return None
        if not isinstance(wanted[0], str):
            return column_for(metric, wanted[0])
        row = ROW_OF.get(metric.date or "", "day")
        if metric.date is None or (row != "day" and wanted[0] not in WHOLE[row]):
            raise NotOne(f"{metric.title} cannot be cut by {wanted[0]}. {cuts(metric)}")
        if is_ahead(metric) and period.until is None:
            # A chart of an open period ends with the data, and would show another total than the number.
            raise NotOne(
                f"{metric.title} counts days to come. By {wanted[0]} it needs a period that ends, such as: this year."
            )
        if row == "week" and self.week_start != 1:
            raise NotOne(
                f"{metric.title} is counted in weeks from Monday to Sunday, and the weeks here begin on another day."
            )
        return wanted[0]

    def _period(self, metric: Metric, found: Sequence[Piece]) -> Period:
        said = [piece for piece in found if piece.kind == "period"]
        if not said:
            return Period()
        if len(said) > 1:
            raise NotOne(f"{quoted([piece.text for piece in said])} are {len(said)} periods. Ask for one at a time.")
        if metric.date is None:
            raise NotOne(f"{metric.title} is looked at as it stands, and has no period. Ask for it without one.")
        period = self._reach(metric, said[0])
        if period.since is not None and period.until is not None and period.since > period.until:
            raise NotOne(f"{quoted([said[0].text])} ends before it begins.")
        row = ROW_OF.get(metric.date)
        if row == "block" and period != Period():
            raise NotOne(
                f"{metric.title} is counted in blocks of weeks that no calendar period fits. Ask for it without one."
            )
        if row == "week" and not self._is_whole(period, row):
            first = start_of(self.as_of, row) - dt.timedelta(days=7)
            last = first + dt.timedelta(days=6)
            raise NotOne(
                f"{metric.title} is counted in weeks from Monday to Sunday, and {quoted([said[0].text])} would cut one."
                f" Say the days, such as: from {first} to {last}."
            )
        if row in PERIODS and not self._is_whole(period, row):
            raise NotOne(
                f"{metric.title} is counted by the {row}, and {quoted([said[0].text])} would cut one. Ask for whole {row}s."
            )
        return period

    def _reach(self, metric: Metric, said: Piece) -> Period:
        """The days of a period that this number can count: up to the data, and beyond it only for what is known ahead."""
        period: Period = said.meant
        if period.doubt:
            raise NotOne(f"{quoted([said.text])} {period.doubt}.")
        if is_ahead(metric):
            is_now = period.since is not None and period.since.year == self.as_of.year
            if period.is_yearless and not (is_now and (period.until is None or period.until >= self.as_of)):
                raise NotOne(
                    f"{metric.title} counts days to come, and {quoted([said.text])} may be one of them. Say the year."
                )
            return Period(period.since, period.until)
        if period.since is not None and period.since > self.as_of:
            raise NotOne(
                f"{quoted([said.text])} is later than the data reaches, which is {self.as_of.day} {self.as_of:%B %Y}."
            )
        if period.since is None and period.until is None:
            return Period()
        return Period(period.since, min(period.until or self.as_of, self.as_of))

    def _is_whole(self, period: Period, row: str) -> bool:
        """Whether a period begins and ends with such a row, or ends with the data."""
        after = period.until + dt.timedelta(days=1) if period.until not in (None, self.as_of) else None
        return all(day is None or start_of(day, row) == day for day in (period.since, after))

    def _nearest(self, found: Sequence[Piece]) -> list[str]:
        """The numbers that are named; where none is, those that hold most of the other words."""
        outright = _named(found) + [name for piece in found if piece.kind == "near" for name in piece.meant]
        if outright:
            return list(dict.fromkeys(outright))
        strange = [piece.text for piece in found if piece.kind in ("unknown", "no_number", "value")]
        words = [word for text in strange if text.casefold() not in JOINING for word in phrase(text)]
        scored = sorted((-_likeness(words, metric), name) for name, metric in self.metrics.items())
        return [name for score, name in scored if score < scored[0][0] / 2]

    def _of_these_words(self, unknown: Sequence[str]) -> list[str]:
        words = {word for text in unknown for word in phrase(text)}
        return [name for name, metric in self.metrics.items() if words <= _words(metric)]


def _named(found: Sequence[Piece]) -> list[str]:
    return list(dict.fromkeys(piece.meant for piece in found if piece.kind == "metric"))


def _fitting(metric: Metric, found: Sequence[Piece]) -> None:
    """Words that go with some numbers only: there is no total of a share, and no "now" of what is counted over time."""
    for piece in found:
        if piece.kind == "fits" and not {metric.unit, metric.kind} & set(piece.meant):
            raise NotOne(f"{quoted([piece.text])} does not go with {metric.title.lower()}. Leave it out.")
        if piece.kind == "now" and metric.date is not None:
            raise NotOne(f"{metric.title} is counted over time. Say a period instead of {quoted([piece.text])}.")


def _no_name_left(metric: Metric, found: Sequence[Piece]) -> None:
    """Words that were passed over, or taken for a period, though a name of this number is written like them."""
    for piece in found:
        declared = sorted((column, value) for column, value in piece.may_name if column in metric.dimensions)
        if declared:
            column, value = declared[0]
            raise NotOne(f"{quoted([piece.text])} may be a name. Say what it names, such as: {thing(column)} {value}.")


def _likeness(words: Iterable[str], metric: Metric) -> float:
    """How many of the words are of this number: a whole point for a word of its own, half for one that looks like it."""
    own = _words(metric)
    return sum(
        1 if word in own else 0.5 if len(word) > 3 and difflib.get_close_matches(word, own, 1, 0.8) else 0
        for word in words
    )


def _words(metric: Metric) -> set[str]:
    return {word for text in (metric.title, metric.name.replace("_", " "), *metric.asked_as) for word in phrase(text)}
