"""What holds for any question: what is put together from a number's own words is understood so, and one strange word refuses it."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.asked import Asked, NotUnderstood, understood
from metrics.declared import ROW_OF, WHOLE, is_ahead
from metrics.definition import Metric, definition, definitions
from metrics.sql import PERIODS
from metrics.vocabulary import thing

AS_OF = dt.date(2026, 11, 13)
STRANGE = (
    "competitor",
    "zzyx",
    "not",
    "except",
    "versus",
    ">",
    "+",
    "🙂",
    "drop",
    "xxl",
    "trend",
    "average",
    "Кто",
)
MORE = ("by", "and", "from", "to", "since", "last", "Vandor", "A", "site", "2026", "May", "9999", "of")
COLUMNS = sorted({column for metric in definitions().values() for column in metric.dimensions})
# Names as data has them: each is a name of one thing only, some of several words, one of a letter, one with signs.
NAMES = {column: [f"Vandor {place}", f"Qu-{place} & Sons", "A"] for place, column in enumerate(COLUMNS, 100)}
PERIODS_SAID = {
    "last month": (dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
    "this quarter": (dt.date(2026, 10, 1), AS_OF),
    "in September 2026": (dt.date(2026, 9, 1), dt.date(2026, 9, 30)),
    "2025": (dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
    "since 2026-09-01": (dt.date(2026, 9, 1), AS_OF),
    "in the last 30 days": (dt.date(2026, 10, 15), AS_OF),
    "yesterday": (dt.date(2026, 11, 12), dt.date(2026, 11, 12)),
    "last week": (dt.date(2026, 11, 2), dt.date(2026, 11, 8)),
}
# The same of a number that is known of days to come.
AHEAD = {
    "this quarter": (dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
    "since 2026-09-01": (dt.date(2026, 9, 1), None),
}
WHOLE_MONTHS = ("last month", "this quarter", "in September 2026", "2025", "since 2026-09-01")
TITLES = tuple(metric.title for metric in definitions().values())


def ask(question: str) -> Asked | NotUnderstood:
    return understood(question, definitions(), NAMES, AS_OF)


def periods_of(metric: Metric) -> tuple[str, ...]:
    """The periods that cut no row of the metric's table in two."""
    rows = {"month": WHOLE_MONTHS, "week": ("last week",), "block": ()}
    return rows.get(ROW_OF.get(metric.date or "", ""), tuple(PERIODS_SAID)) if metric.date else ()


@st.composite
def questions(draw: st.DrawFn, metric: Metric) -> tuple[list[str], Asked]:
    """The parts of a question to a metric in any order, and what they mean together."""
    said, meant = [], dict[str, Any](where={}, by=None, since=None, until=None)
    units = [unit for unit in PERIODS if metric.date and unit in WHOLE.get(ROW_OF.get(metric.date, ""), PERIODS)]
    if column := draw(st.sampled_from((None, *metric.dimensions))):
        value = draw(st.sampled_from(NAMES[column]))
        twins = [other for other in metric.dimensions if thing(other) == thing(column)]
        if value == "A":  # both the code and the name of a thing; the name is taken
            column = min(
                twins,
                key=lambda one: ("_name", "_code", "_id").index("_" + one.rsplit("_", 1)[-1]) if len(twins) > 1 else 0,
            )
        said.append(f"for {thing(column)} {value}")
        meant["where"] = {column: (value,)}
    if cut := draw(st.sampled_from((None, *metric.dimensions, *units))):
        said.append(f"{draw(st.sampled_from(('by', 'per', 'for each')))} {cut if cut in PERIODS else thing(cut)}")
        twins = [other for other in metric.dimensions if thing(other) == thing(cut)]
        meant["by"] = next((one for ending in ("_name", "_code") for one in twins if one.endswith(ending)), cut)
    if period := draw(st.sampled_from((None, *periods_of(metric)))):
        said.append(period)
        meant["since"], meant["until"] = (
            AHEAD.get(period, PERIODS_SAID[period]) if is_ahead(metric) else PERIODS_SAID[period]
        )
    if is_ahead(metric) and cut in PERIODS and meant["until"] is None:  # such a chart needs an end
        said.append("2025")
        meant["since"], meant["until"] = PERIODS_SAID["2025"]
        said = [part for part in said if part != "since 2026-09-01"]
    return [metric.title, *draw(st.permutations(said))], Asked(metric.name, **meant)


@pytest.mark.parametrize("name", list(definitions()))
@settings(max_examples=8)
@given(data=st.data())
def test_a_number_a_name_a_cut_and_a_period_are_understood_as_exactly_these(name, data):
    parts, meant = data.draw(questions(definition(name)))
    assert ask(" ".join(parts)) == meant
    assert ask(f"What was {', '.join(parts).upper()}?") == meant


@pytest.mark.parametrize("name", list(definitions()))
@settings(max_examples=8)
@given(data=st.data())
def test_one_strange_word_anywhere_refuses_the_whole(name, data):
    parts, _ = data.draw(questions(definition(name)))
    words = " ".join(parts).split(" ")
    word = data.draw(st.sampled_from(STRANGE))
    words.insert(data.draw(st.integers(0, len(words))), word)
    answer = ask(" ".join(words))
    assert isinstance(answer, NotUnderstood)
    assert word in answer.unknown


@settings(max_examples=300)
@given(st.text(max_size=400))
def test_any_text_is_understood_or_refused_and_breaks_nothing(text):
    assert isinstance(ask(text), Asked | NotUnderstood)


@settings(max_examples=300)
@given(st.lists(st.sampled_from((*TITLES, *PERIODS_SAID, *STRANGE, *MORE)), max_size=8))
def test_known_words_in_any_order_break_nothing_and_answer_only_what_is_declared(words):
    answer = ask(" ".join(words))
    if isinstance(answer, NotUnderstood):
        assert answer.why
        assert all(isinstance(ask(offer.question), Asked) for offer in answer.offers)
        return
    metric = definition(answer.metric)
    metric.query([answer.by] if answer.by else [], answer.where, answer.since, answer.until)
    assert not {*words} & {*STRANGE}
    assert sum(word in TITLES for word in words) <= 1


@settings(max_examples=100)
@given(
    st.sampled_from(sorted(definitions())),
    st.dates(dt.date(2001, 1, 1), dt.date(2080, 1, 1)),
    st.sampled_from(sorted(PERIODS_SAID)),
)
def test_no_period_reaches_beyond_the_data_but_of_what_is_known_ahead(name, as_of, said):
    answer = understood(f"{definition(name).title} {said}", definitions(), {}, as_of)
    if isinstance(answer, Asked) and not is_ahead(definition(name)):
        assert answer.since <= answer.until <= as_of
