"""Ask for a number: a question in plain words, answered with a certified number and its receipt, or refused in plain words."""

from collections import defaultdict
from functools import cache
from html import escape

import streamlit as st

from metrics.asked import Asked, NotUnderstood, understood
from metrics.definition import Metric, definition, definitions
from metrics.lexicon import Lexicon, lexicon
from metrics.sql import PERIODS
from metrics.vocabulary import thing
from pages.parts import charts, kpi, look, sensitive
from pages.parts.ask import ask, columns_of, quoted
from pages.parts.chosen import Chosen
from pages.parts.figures import Figure, figure, measure
from pages.parts.kept import Kept, place
from pages.parts.notice import plain
from pages.parts.page import Visit
from pages.parts.trends import trend

EXAMPLES = ("Net sales last month", "On time in full by site this quarter", "Inventory value by category")
PROMISE = "Answers come from certified numbers only; what none of them says is not answered."
NAMES_AT_MOST = 20_000
QUESTION, SHOWN, LAST = "q", "metric", "asked_last"
ANSWERS: Kept[Asked | NotUnderstood] = Kept(at_most=1000)
LEXICONS: Kept[Lexicon] = Kept(at_most=8)  # each holds every name of a build


def panel(visit: Visit) -> None:
    """Draws the box with its examples, and the answer to what was asked; the question lives in the address."""
    with st.container(key="panel_asked"):
        look.title("Ask for a number", "in plain words")
        question = st.text_input(
            "Ask for a number",
            key=QUESTION,
            bind="query-params",
            placeholder="such as: net sales by site last month",
            label_visibility="collapsed",
        )
        with st.container(horizontal=True, gap="xsmall", key="asked_examples"):
            for nth, example in enumerate(EXAMPLES):
                st.button(example, key=f"asked_example_{nth}", on_click=_ask, args=(example,))
        look.note(PROMISE)
        if question and question.strip() and visit.as_of is not None:
            with st.container(key="asked_answer"):
                _answer(visit, question)


def names(visit: Visit) -> dict[str, list[str]]:
    """The names and codes in this build that the viewer may see, by the dimension that they stand in."""
    shut = sensitive.closed(_tables(), visit.viewer.roles)
    return {
        column: _values(visit, column, tables)
        for column, tables in _tables().items()
        if column not in shut and not column.startswith("is_")
    }


def understood_by(visit: Visit, question: str) -> Asked | NotUnderstood:
    """What a question means to this viewer. The words are gathered once for a build and those who see the same of it."""
    assert visit.as_of is not None
    key = (*place(visit), visit.viewer.roles)
    known = LEXICONS.get(key, lambda: lexicon(definitions(), names(visit)))
    return understood(question, definitions(), known, visit.as_of, week_start=visit.company.week_start)


def in_words(visit: Visit, asked: Asked) -> str:
    """How a question was understood: number, names, cut and period."""
    metric = definition(asked.metric)
    said = [metric.title]
    said += [f"{thing(column)} {' or '.join(values)}" for column, values in asked.where.items()]
    said += [f"by {thing(asked.by)}"] if asked.by else []
    return " · ".join([*said, _when(visit, asked) if metric.date else f"as of {visit.words.date(visit.as_of)}"])


def _when(visit: Visit, asked: Asked) -> str:
    is_one_day = asked.since is not None and asked.since == asked.until
    return visit.words.date(asked.since) if is_one_day else visit.words.span(asked.since, asked.until)


def _ask(question: str) -> None:
    st.session_state[QUESTION] = question


def _answer(visit: Visit, question: str) -> None:
    key = (*place(visit), visit.viewer.roles, visit.company.week_start, question)
    answer = ANSWERS.get(key, lambda: understood_by(visit, question))
    if isinstance(answer, NotUnderstood):
        _refused(answer)
        return
    if left_out := sensitive.said(visit, [answer.by] if answer.by else []):
        _refused(NotUnderstood(left_out))
        return
    _turn_to(answer.metric, question)
    _told(visit, answer)


def _told(visit: Visit, asked: Asked) -> None:
    metric = definition(asked.metric)
    chosen = Chosen(asked.since, asked.until, compare="none", where=asked.where)
    answer, picture = st.columns([2, 3]) if asked.by else (st.container(), None)
    with answer:
        _number(visit, figure(visit, metric.name, chosen))
        look.pairs(
            {
                "Understood as": in_words(visit, asked),
                "Definition": f"version {metric.version}, owner: {metric.owner}",
                "Mind": metric.caution,
            }
        )
    if picture is not None and asked.by is not None:
        with picture:
            _cut(visit, metric, asked.by, chosen)


def _number(visit: Visit, number: Figure) -> None:
    """The answer in large letters, and beside it the way to all that it is made of."""
    said = visit.words.value(number.value, number.unit, number.because)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="tools_asked"):
        st.html(f'<div class="cd-big">{escape(said)}</div>', width="content")
        kpi.number(visit, number, key="asked_number", label=":material/receipt_long: Receipt")


def _cut(visit: Visit, metric: Metric, by: str, chosen: Chosen) -> None:
    title = f"{metric.title} by {thing(by)}"
    if by in PERIODS:
        draw = charts.columns if metric.kind == "sum" else charts.line
        moments = trend(visit, metric.name, chosen, size=by)
        draw(visit, moments, x="period_start_date", y="value", title=title, unit=metric.unit)
        return
    parts = measure(visit, metric.name, by=(by,), chosen=chosen)
    worst_first = metric.kind != "sum" and metric.better != "neither"
    charts.bars(
        visit, parts, x=by, y="value", title=title, unit=metric.unit, better=metric.better, worst_first=worst_first
    )


def _refused(answer: NotUnderstood) -> None:
    with st.container(key="box_empty_asked", gap="small"):
        st.markdown(f"**Not answered.** {plain(answer.why)}")
        if answer.offers:
            look.note("The nearest certified numbers:" if len(answer.offers) > 1 else "The nearest certified number:")
        with st.container(horizontal=True, gap="xsmall", key="asked_offers"):
            for nth, offer in enumerate(answer.offers):
                st.button(plain(offer.question), key=f"asked_offer_{nth}", on_click=_ask, args=(offer.question,))


def _turn_to(name: str, question: str) -> None:
    """Shows the definition of what was asked below, once: whoever then picks another number, or came by a link to one, keeps it."""
    is_first = LAST not in st.session_state
    if st.session_state.get(LAST) != question:
        st.session_state[LAST] = question
        if not (is_first and SHOWN in st.query_params):
            st.session_state[SHOWN] = name


@cache
def _tables() -> dict[str, list[str]]:
    """Every dimension of the certified numbers, with the tables that hold it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for metric in definitions().values():
        for column in metric.dimensions:
            found[column].add(metric.reads)
    return {column: sorted(tables) for column, tables in sorted(found.items())}


def _values(visit: Visit, column: str, tables: list[str]) -> list[str]:
    parts = [
        f"select {name} as name from {table} where {name} is not null"  # noqa: S608  names are checked
        for table in tables
        if (name := _column(visit, column, table))
    ]
    if not parts:
        return []
    every = f"select distinct name from ({' union all '.join(parts)}) as every limit {NAMES_AT_MOST + 1}"  # noqa: S608  names are checked
    found = ask(visit, every)["name"].sort().to_list()
    # Of a list that is cut, nobody could say which name begins like no other.
    return found if len(found) <= NAMES_AT_MOST else []


def _column(visit: Visit, column: str, table: str) -> str:
    """The column as SQL names it; empty where this build holds no such table or column."""
    try:
        return quoted(column, columns_of(visit, table), table)
    except KeyError:
        return ""
