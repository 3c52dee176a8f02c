"""The head of the value page: what AI and decisions net in the last twelve months that are over, in a sentence and in figures."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl
import streamlit as st

from models.ai_economics import net_value
from models.model import Asked
from pages.parts import ai_split, ai_unpriced, empty, kpi, look, ratios
from pages.parts.ask import between, has_rows, mart
from pages.parts.chosen import Chosen
from pages.parts.figures import Figure, figure, measure
from pages.parts.kept import Kept, place
from pages.parts.notice import plain
from pages.parts.page import Visit
from pages.parts.words import Words

LEDGER, STAR, ROWS = "marts.value_ledger", "marts.north_star", "marts.value_rows"
SUMS = ("net_verified_value", "bankable_value", "ai_benefit", "ai_quality_cost", "ai_total_cost")
MONTHS = 12
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
BANDS: Kept[tuple[float, ...] | None] = Kept(at_most=200)
NOTHING = "No decision has matured, no effect was measured and no cost of AI is known for a month that is over."
GRADES = {
    "A": "drawn by lot or begun site by site",
    "B": "before and after, with a comparison",
    "C": "seen, without a comparison",
}


@dataclass(frozen=True)
class Head:
    """The figures of the head, each able to account for itself.

    Attributes:
        since, until: first and last day of the months summed, all of them over; `months` how many they are.
        figures: the sums over them by metric name.
        last: the net value of the last month alone.
        levels: P10, P50, P80 and P90 of the net value of all months; None where nobody can say.
        month: bounds of the middle 80 per cent of the net value of the last month; None where nobody can say.
        grades: value by evidence grade before the cost of AI, reporting currency.
        measured: bankable value before the cost of AI.
        parts: the same months cut in two: what AI had a part in, and what people decided alone (`ai_split.split`).
        is_seen: whether any benefit was seen at all, and not only cost.
    """

    since: dt.date
    until: dt.date
    months: int
    figures: Mapping[str, Figure]
    last: Figure
    levels: tuple[float, ...] | None
    month: tuple[float, float] | None
    grades: Mapping[str, Decimal]
    measured: Decimal
    parts: pl.DataFrame
    is_seen: bool

    @property
    def year(self) -> tuple[float, float] | None:
        """Bounds of the middle 80 per cent of the net value of all months; None where nobody can say."""
        return None if self.levels is None else (self.levels[0], self.levels[-1])

    @property
    def chosen(self) -> Chosen:
        """The months as a choice of period, without a comparison."""
        return Chosen(self.since, self.until, "none")

    def amount(self, name: str) -> Decimal:
        """A sum by its metric; nought where no row is."""
        return self.figures[name].value or Decimal(0)


def head(visit: Visit) -> Head | None:
    """The head of the build that is looked at; None where no month is over of which anything is known."""
    if visit.build is None or not has_rows(visit, LEDGER) or not has_rows(visit, STAR):
        return None
    over = mart(visit, STAR, where={"is_over": True}, order_by=("-month_date",), limit=MONTHS)
    if not over.height:
        return None
    first, last = over["month_date"][-1], over["month_date"][0]
    until = _end(last)
    figures = {name: figure(visit, name, since=first, until=until) for name in SUMS}
    newest = replace(
        figure(visit, SUMS[0], since=last, until=until), title=f"Net value, {visit.words.month(last)} {last.year}"
    )
    row = over.row(0, named=True)
    graded, banked = (measure(visit, name, by=("evidence_grade",), since=first, until=until) for name in SUMS[:2])
    return Head(
        since=first,
        until=until,
        months=over.height,
        figures=figures,
        last=newest,
        levels=band(visit, first, until, figures["ai_total_cost"].value or Decimal(0)),
        month=None if row["low_amount"] is None else (float(row["low_amount"]), float(row["high_amount"])),
        grades={grade: _sum(graded.filter(pl.col("evidence_grade") == grade)) for grade in GRADES},
        measured=_sum(banked.filter(pl.col("evidence_grade").is_not_null())),
        parts=ai_split.split(visit, first, until),
        is_seen=graded.filter(pl.col("evidence_grade").is_not_null()).height > 0,
    )


def band(visit: Visit, first: dt.date, until: dt.date, cost: Decimal) -> tuple[float, ...] | None:
    """P10, P50, P80 and P90 of the net value of some months together; None without a row of value.

    The model of each month's bounds draws again for all of them at once: bounds of months do not add up.
    """

    def drawn() -> tuple[float, ...] | None:
        rows = mart(visit, ROWS, where={"month_date": between(first, until)})
        found = net_value.bands(rows, seed=Asked.seed).filter(
            (pl.col("scope_name") == "year") & (pl.col("use_case_id") == net_value.EVERY)
        )
        if not found.height or found["low_amount"][0] is None:
            return None
        return tuple(amount - float(cost) for amount in found.select(net_value.BOUNDS).row(0))

    return BANDS.get((*place(visit), first, until, cost), drawn)


def sentence(head: Head, words: Words) -> str:
    """The verdict in one sentence: net value, months, its interval, and how much of it a budget may rest on."""
    net = head.figures[SUMS[0]].value
    span = f"in the {_months(head.months)} to {words.month(head.until)} {head.until.year}"
    sure = "how sure that is cannot be told"
    if head.year is not None:
        sure = f"80% range {words.money(head.year[0])} to {words.money(head.year[1])}"
    return f"{words.money(net)} net {span}, {sure}; {_bankable(head, words)}."


def _bankable(head: Head, words: Words) -> str:
    if not head.is_seen:
        return "so far only what AI cost is known, and nothing that it brought"
    if not head.measured:
        return "none of it is bankable yet: it was seen without a comparison"
    banked = head.amount("bankable_value")
    if banked > 0:
        return f"{words.money(banked)} of it is bankable: measured against a comparison, at the low end"
    cost = words.money(head.measured - banked)
    return (
        "none of it is bankable yet: what was measured against a comparison brings "
        f"{words.money(head.measured)} at its low end, and AI cost {cost}"
    )


def _months(count: int) -> str:
    return "month" if count == 1 else f"{COUNTS[count]} months"


def verdict(visit: Visit, head: Head | None) -> None:
    """Draws the verdict; without one, what is missing."""
    if head is None:
        empty.nothing(NOTHING, key="ai_value", fix="Upload an AI usage log or an AI work log, or decide on proposals.")
        return
    with st.container(key="panel_ai_verdict"):
        st.subheader(plain(sentence(head, visit.words)), anchor=False)
        if parted := ai_split.sentences(head.parts, visit.words):
            look.pairs(parted)
        look.note(more(head, visit.words))
        ai_unpriced.line(visit, head.since, head.until)


def more(head: Head, words: Words) -> str:
    """What has to be said beside the verdict: the last month."""
    return f"{head.last.title}: {words.money(head.last.value)}{_range(head.month, words)}."


def _range(bounds: tuple[float, float] | None, words: Words) -> str:
    return "" if bounds is None else f" (80% range {words.money(bounds[0])} to {words.money(bounds[1])})"


def numbers(visit: Visit, head: Head | None) -> None:
    """Draws the figures with their receipts: claimed and bankable beside each other, then what the net is made of."""
    if head is None:
        return
    kpi.strip(visit, head.chosen, shown(head))
    look.note(
        f"{visit.words.span(head.since, head.until)}. Net verified value is what may be claimed; bankable is the low end of what was "
        "measured against a comparison, and bears the whole cost of AI. What is only assumed (grade D) is in neither. Each receipt "
        f"lists the rows: decisions, measured effects, bills, and accrued costs with their grade.{possible(head, visit.words)}"
    )


def possible(head: Head, words: Words) -> str:
    """P10, P50, P80 and P90 of the net value, in a sentence; empty where nobody can say."""
    if head.levels is None:
        return ""
    return f" Net value of these months: {ratios.levels(head.levels, words)}."


def shown(head: Head) -> list[str | Figure]:
    """The figures of the strip, as the board page prints them too."""
    return [SUMS[0], SUMS[1], head.last, *SUMS[2:], "ai_cost_per_case"]


def value_of(visit: Visit, head: Head, number: str | Figure) -> Figure:
    """A figure of the strip with its value."""
    return number if isinstance(number, Figure) else figure(visit, number, head.chosen)


def _sum(cuts: pl.DataFrame) -> Decimal:
    return Decimal(str(cuts["value"].sum() or 0))


def _end(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
