"""Pictures of the net value: the way from gross to net, the months with their bounds, and how well each part was measured."""

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from pages.parts import ai_split, chart_panel, chart_words, look, tables
from pages.parts.ai_head import GRADES, STAR, Head
from pages.parts.ask import ask, mart
from pages.parts.chart_look import canvas, floats, inks, tick_format, time_axis
from pages.parts.page import Visit

STEPS = {
    "benefit": "Gross benefit",
    "error_cost": "Errors",
    "rework": "Rework",
    "review": "Review and deciding",
    "calls": "Calls, bills, review by log",
    "accrued": "Accrued platform, build",
    "net": "Net verified value",
}
PARTS_SQL = """
    select
        sum(benefit_amount) as benefit,
        -sum(error_cost_amount) as error_cost,
        -sum(rework_amount) as rework,
        -sum(review_amount) as review,
        -sum(case when earning_source_name = 'cost of calls and bills' then ai_cost_amount else 0 end) as calls,
        -sum(case when earning_source_name = 'accrued cost' then ai_cost_amount else 0 end) as accrued,
        sum(net_earned_amount) as net
    from marts.value_ledger
    where month_date >= ? and month_date <= ?
"""
GRADE_LABELS = {"evidence_grade": "Grade", "meant_text": "Means", "earned_amount": "Value", "value_share": "Share"}
SHOWN_MONTHS = 18
ROOM = 0.32  # beside the longest bar, for its figure


@dataclass(frozen=True)
class Step:
    """One bar of the way from gross to net: where it begins and ends, and whether it stands on its own."""

    name: str
    amount: float
    begin: float
    is_total: bool


def steps(parts: dict[str, Any]) -> list[Step]:
    """Bars from gross to net; each begins where the last one ended, and the net stands on nought.

    >>> [
    ...     (one.begin, one.amount)
    ...     for one in steps(
    ...         {"benefit": 10, "error_cost": -3, "rework": 0, "review": 0, "calls": -1, "accrued": -2, "net": 4}
    ...     )
    ... ][-2:]
    [(6.0, -2.0), (0.0, 4.0)]
    """
    found, level = [], 0.0
    for code, name in STEPS.items():
        amount = float(parts[code] or 0)
        if code == "net":
            found.append(Step(name, amount, 0.0, True))
        else:
            found.append(Step(name, amount, level, code == "benefit"))
            level += amount
    return found


def pictures(visit: Visit, head: Head | None) -> None:
    """Draws the three pictures; nothing where there is no head."""
    if head is None:
        return
    left, right = st.columns(2)
    with left:
        bridge(visit, head)
    with right:
        months(visit)
    left, right = st.columns(2)
    with left:
        ai_split.panel(visit, head.parts)
    with right:
        grades(visit, head)


def parts(visit: Visit, head: Head) -> dict[str, Any]:
    """The sums that the bridge is drawn from, by step."""
    return ask(visit, PARTS_SQL, (head.since, head.until)).row(0, named=True)


def bridge(visit: Visit, head: Head) -> None:
    """The way from gross to net over the months of the head."""
    bars = steps(parts(visit, head))
    frame = pl.DataFrame({"step_name": [one.name for one in bars], "amount": [one.amount for one in bars]})

    def draw() -> go.Figure:
        ink = inks()
        figure = canvas(height=36 * len(bars))
        colours = [ink.series[0] if one.is_total else ink.bad if one.amount < 0 else ink.good for one in bars]
        figure.add_bar(
            x=[one.amount for one in bars],
            base=[one.begin for one in bars],
            y=list(range(len(bars))),
            orientation="h",
            marker={"color": colours},
            hovertext=[chart_words.named(visit, one.name, one.amount, "money") for one in bars],
            hoverinfo="text",
        )
        for place, one in enumerate(bars):
            figure.add_annotation(
                x=max(one.begin, one.begin + one.amount), y=place, text=visit.words.money(one.amount), showarrow=False,
                xanchor="left", xshift=6, font={"size": 12, "color": ink.text},
            )  # fmt: skip
        ends = [end for one in bars for end in (one.begin, one.begin + one.amount, 0.0)]
        width = max(ends) - min(ends) or 1.0
        names = [chart_words.short(one.name, 26) for one in bars]
        figure.update_yaxes(
            tickmode="array", tickvals=list(range(len(bars))), ticktext=names, autorange="reversed", showgrid=False
        )
        figure.update_xaxes(
            showticklabels=False, showline=False, showgrid=False, range=[min(ends), max(ends) + ROOM * width]
        )
        return figure

    alt = chart_words.ranked(visit, frame, "step_name", "amount", "money")
    note = f"{visit.words.span(head.since, head.until)}. Each bar begins where the last one ended."
    picture = chart_panel.Picture(
        "From gross to net", "money", frame, ["step_name", "amount"], alt, {"amount": "money"}, note, ("bridge",)
    )
    chart_panel.show(visit, picture, draw)


def months(visit: Visit) -> None:
    """Net value by month with the middle 80 per cent of what it may be; the month that runs is not among them."""
    found = mart(visit, STAR, where={"is_over": True}, order_by=("-month_date",), limit=SHOWN_MONTHS).sort("month_date")
    title = "Net verified value by month"
    if chart_panel.is_empty(found, "net_earned_amount", title):
        return

    def draw() -> go.Figure:
        ink = inks()
        figure = canvas(height=36 * len(STEPS))
        net, low, high = (floats(found[name]) for name in ("net_earned_amount", "low_amount", "high_amount"))
        figure.add_bar(
            x=found["month_date"].to_list(),
            y=net,
            marker={"color": ink.series[0]},
            error_y={
                "type": "data", "symmetric": False, "color": ink.text, "thickness": 1.2, "width": 3,
                "array": [_gap(top, at) for top, at in zip(high, net, strict=True)],
                "arrayminus": [_gap(at, bottom) for at, bottom in zip(net, low, strict=True)],
            },
            hovertext=[_said(visit, row) for row in found.iter_rows(named=True)],
            hoverinfo="text",
        )  # fmt: skip
        figure.update_yaxes(**tick_format("money"), nticks=5, zeroline=True)
        figure.update_xaxes(**time_axis(visit, found["month_date"]))
        return figure

    columns = [
        "month_date", "net_earned_amount", "low_amount", "high_amount", "benefit_amount", "error_cost_amount", "rework_amount",
        "review_amount", "ai_cost_amount", "bankable_amount", "matured_count",
    ]  # fmt: skip
    alt = chart_words.over_time(visit, [("", found)], "month_date", "net_earned_amount", "money")
    note = "Whiskers: the middle 80 per cent. Only months that are over; a decision counts in the month in which its outcome was known."
    chart_panel.show(visit, chart_panel.Picture(title, "money", found, columns, alt, {}, note, ("months",)), draw)


def grades(visit: Visit, head: Head) -> None:
    """How much of the value was measured how well, before the cost of AI."""
    with st.container(key="panel_ai_value_grades"):
        look.title("How well it was measured", "value by evidence grade, before the cost of AI")
        tables.small(visit, by_grade(head), labels=GRADE_LABELS, units={"meant_text": "text"})
        look.note(
            "Only A and B can become bankable, at the low end of their interval. What is only assumed (D) is not counted at all."
        )


def by_grade(head: Head) -> pl.DataFrame:
    """One row a grade: what it means, the value, and its share of all value; no share where the whole is not above nought."""
    whole = sum(head.grades.values())
    return pl.DataFrame(
        {
            "evidence_grade": list(GRADES),
            "meant_text": list(GRADES.values()),
            "earned_amount": [float(head.grades[grade]) for grade in GRADES],
            "value_share": [float(head.grades[grade] / whole) if whole > 0 else None for grade in GRADES],
        },
        schema_overrides={"value_share": pl.Float64},
    )


def _gap(top: float | None, bottom: float | None) -> float:
    """The length of a whisker; none where a bound is not known."""
    return 0.0 if top is None or bottom is None else max(top - bottom, 0.0)


def _said(visit: Visit, row: dict[str, Any]) -> str:
    words = visit.words
    said = f"{words.month(row['month_date'])} {row['month_date'].year}: {words.money(row['net_earned_amount'])}"
    if row["low_amount"] is None:
        return said
    return f"{said}<br>8 in 10: {words.money(row['low_amount'])} to {words.money(row['high_amount'])}"
