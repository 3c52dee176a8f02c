"""What the board page says: the verdict, the figures of the screen, three risks in money, decisions asked, and what it rests on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from models.ai_economics.sensitivity import ASSUMED, DEFINED, said
from pages.parts import ai_bridge, ai_cost_world, ai_head, ai_must_be_true, ai_split, ai_unpriced, ai_worth, export
from pages.parts.ai_bridge import Step
from pages.parts.ai_head import Head
from pages.parts.ask import ask, has_rows, mart
from pages.parts.board import drawn
from pages.parts.page import Visit

RISKS, DECISIONS, FIGURES, MONTHS = 3, 5, 8, 12
ASKED = {
    "stop": "Stop {name}: money is lost even without any common cost, or the plain way is worth more.",
    "fund": "Fund {name}: measured, and worth more than the full cost.",
    "measure": "Measure {name} against cases without AI before more is spent.",
    "wait": "Leave {name} at the size of today: measured, but not yet surely worth the full cost.",
}
SWINGS_SQL = """
    select held.meaning_text, moved.assumption_name, moved.input_kind_name, moved.swing_amount
    from scores.ai_sensitivities as moved
    left join raw.assumptions as held on held.assumption_name = moved.assumption_name
    where moved.use_case_id = '*'
    order by moved.swing_amount desc
    limit 1
"""
PRICES_SQL = "select prices_text, assumptions_hash_text from raw.ai_basis"
GRADES_SQL = "select data_grade_code, count(*) as grade_count from marts.data_grades group by data_grade_code order by data_grade_code"


@dataclass(frozen=True)
class Bar:
    """One month of the second picture: its net value, how it is said, and the middle 80 per cent of it where that is known."""

    name: str
    amount: float
    said: str
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Sheet:
    """Everything that the board page prints, as text and numbers; nothing is worked out when it is drawn.

    Attributes:
        title, under, verdict, more: the head.
        parts: what AI had a part in and what people decided alone, each by its name, as the screen says them.
        left_out: what the figures do not hold because nobody knows its price; empty where all is known.
        figures: title and value of each figure, as the screen says them.
        steps, months: the two pictures; `said` how the value of each step is written.
        risks: what may go wrong, and how much money it is about.
        asked: decisions that are asked for.
        notes: definitions and what the figures rest on.
    """

    title: str
    under: str
    verdict: str
    more: str
    parts: tuple[tuple[str, str], ...]
    left_out: str
    figures: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    said: tuple[str, ...]
    months: tuple[Bar, ...]
    risks: tuple[tuple[str, str], ...]
    asked: tuple[str, ...]
    notes: tuple[str, ...]


def button(visit: Visit, head: Head | None) -> None:
    """The download of the board page; it is drawn when it is asked for."""
    if head is None:
        return
    st.download_button(
        "Board page (PDF)",
        data=partial(_made, visit, head),
        file_name=export.file_name(visit, "board_page", "pdf"),
        mime="application/pdf",
        key="ai_board",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
    )


def _made(visit: Visit, head: Head) -> bytes:
    return drawn(sheet(visit, head))


def sheet(visit: Visit, head: Head) -> Sheet:
    """The board page of the build that is looked at, from the figures of the screen and from no others."""
    words = visit.words
    figures = [ai_head.value_of(visit, head, number) for number in ai_head.shown(head)][:FIGURES]
    steps = tuple(ai_bridge.steps(ai_bridge.parts(visit, head)))
    cases = ai_worth.rows(visit) if has_rows(visit, ai_worth.WORTH) else pl.DataFrame()
    listed = list(cases.iter_rows(named=True))
    dangers = [*risks(listed), *_uncounted(head), *_spread(visit)]
    return Sheet(
        title=f"AI value: {visit.company.company_title}",
        under=f"{words.span(head.since, head.until)} · data to {words.date(visit.as_of)} · money in {visit.company.reporting_currency}",
        verdict=ai_head.sentence(head, words),
        more=ai_head.more(head, words),
        parts=tuple(ai_split.sentences(head.parts, words).items()),
        left_out=ai_unpriced.said(visit, head.since, head.until),
        figures=tuple((one.title, words.value(one.value, one.unit, one.because)) for one in figures),
        steps=steps,
        said=tuple(words.money(one.amount) for one in steps),
        months=tuple(_bars(visit)),
        risks=tuple((said, words.money(amount)) for amount, said in largest(dangers)),
        asked=tuple(decisions(listed, unclosed(visit, head))),
        notes=tuple(_notes(visit, figures)),
    )


def risks(cases: Iterable[Mapping[str, Any]]) -> list[tuple[float, str]]:
    """What use cases that should be stopped would lose over the months planned, in money."""
    found = []
    for case in cases:
        worth = case["npv_amount"]
        if case["verdict_code"] == "stop" and worth is not None and worth < 0:
            found.append(
                (-float(worth), f"{case['use_case_name']} goes on although it loses money over the months planned.")
            )
    return found


def largest(dangers: Iterable[tuple[float, str]]) -> list[tuple[float, str]]:
    """The three that are about the most money, the largest first.

    >>> largest([(1.0, "a"), (5.0, "b"), (0.0, "c"), (3.0, "d"), (2.0, "e")])
    [(5.0, 'b'), (3.0, 'd'), (2.0, 'e')]
    """
    return sorted((one for one in dangers if one[0] > 0), key=lambda one: -one[0])[:RISKS]


def decisions(cases: Iterable[Mapping[str, Any]], unclosed: str) -> list[str]:
    """What the board is asked to decide: what to stop, what to fund, what to measure, and the month to close."""
    wanted: dict[str, list[str]] = {code: [] for code in ASKED}
    for case in cases:
        code = case["verdict_code"]
        if code == "cannot tell":
            code = "wait" if case["evidence_grade"] in ("A", "B") else "measure"
        if code in wanted:
            wanted[code].append(case["use_case_name"])
    found = [ASKED[code].format(name=_listed(names)) for code, names in wanted.items() if names]
    found += [f"Close {unclosed}, so that its figures stand."] if unclosed else []
    return found[:DECISIONS]


def _listed(names: list[str]) -> str:
    """Names in a row; one that is several is spoken of as it is.

    >>> _listed(["A"]), _listed(["A", "B", "C"])
    ('A', 'A, B and C')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _uncounted(head: Head) -> list[tuple[float, str]]:
    seen = float(head.grades["C"])
    return [(seen, "Value that was seen without a comparison may turn out to be smaller: none of it is bankable.")]


def _spread(visit: Visit) -> list[tuple[float, str]]:
    """How far the input that matters most moves the plan, and how much dearer the plan may come."""
    found: list[tuple[float, str]] = []
    if has_rows(visit, ai_must_be_true.SENSITIVE):
        for meaning, name, kind, swing in ask(visit, SWINGS_SQL).iter_rows():
            what = "assumption" if kind in (ASSUMED, DEFINED) else "figure"
            found.append((float(swing), f"The plan moves by this much with one {what}: {meaning or said(name, kind)}"))
    if has_rows(visit, "scores.ai_cost_bands"):
        total = mart(visit, "scores.ai_cost_bands", where={"scope_kind_name": "total"})
        for row in total.drop_nulls("p80_amount").iter_rows(named=True):
            gap = float(row["p80_amount"] - row["p50_amount"])
            found.append((gap, "The planned cost is exceeded by this or more in one of five futures."))
    return found


def _bars(visit: Visit) -> list[Bar]:
    found = mart(visit, ai_head.STAR, where={"is_over": True}, order_by=("-month_date",), limit=MONTHS).sort(
        "month_date"
    )
    return [
        Bar(
            visit.words.month(row["month_date"]),
            float(row["net_earned_amount"]),
            visit.words.money(row["net_earned_amount"]),
            None if row["low_amount"] is None else float(row["low_amount"]),
            None if row["high_amount"] is None else float(row["high_amount"]),
        )
        for row in found.iter_rows(named=True)
    ]


def unclosed(visit: Visit, head: Head) -> str:
    """The last month that is over, where nobody has closed it by this build; empty where somebody has."""
    last = head.until.replace(day=1)
    if (
        has_rows(visit, "marts.ai_closes")
        and mart(visit, "marts.ai_closes", where={"month_date": last}, limit=1).height
    ):
        return ""
    return f"{visit.words.month(last)} {last.year}"


def _notes(visit: Visit, figures: list[Any]) -> list[str]:
    """Definitions of the figures, then as-of, build, prices, assumptions and how good the data are."""
    named = {one.metric.name: one.metric for one in figures if one.metric is not None}
    found = [f"{metric.title} (version {metric.version}): {metric.source}" for metric in named.values()]
    prices, assumptions = "not known", "not known"
    if has_rows(visit, "raw.ai_basis"):
        prices, assumptions = ask(visit, PRICES_SQL).row(0)
    graded = ask(visit, GRADES_SQL) if has_rows(visit, "marts.data_grades") else pl.DataFrame()
    said = ", ".join(f"{count} {grade}" for grade, count in graded.iter_rows()) or "not graded"
    found.append(
        f"Data to {visit.words.date(visit.as_of)}; build {visit.build.build_id}; prices of models: {prices}; "
        f"assumptions {assumptions[:12]}; extracts by data grade: {said}."
    )
    if missing := ai_cost_world.gap(visit):
        found.append(f"Left out of planned costs: {missing}")
    found.append(
        "Grades of evidence: A drawn by lot or begun site by site, B before and after with a comparison, C seen without a comparison, "
        "D assumed and never counted. Ranges are the middle 80 per cent."
    )
    return found
