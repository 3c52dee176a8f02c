"""Closed months of AI value: what was frozen and by whom, what is another now and why, and the button that closes one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st

from decisions import ai_close
from decisions.ai_folding import Closing
from decisions.desk import Desk
from errors import Refusal
from pages.parts import acting, empty, look, rights, tables, told
from pages.parts.ai_head import STAR
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

RESTATED, CENT = "marts.ai_restatements", Decimal("0.01")
FIGURES = {
    "benefit_amount": "Gross benefit",
    "error_cost_amount": "Errors",
    "rework_amount": "Rework",
    "review_amount": "Review and deciding",
    "ai_cost_amount": "AI cost, review apart",
    "net_earned_amount": "Net verified value",
    "bankable_amount": "Bankable value",
}
LABELS = {
    "month_name": "Month",
    "net_amount": "Net verified value, frozen",
    "bankable_amount": "Bankable, frozen",
    "version_name": "Version",
    "actor_name": "Closed by",
    "acted_at": "Closed",
    "plan_text": "Plan frozen for",
    "reason_text": "Because",
    "seal_text": "Seal",
    "figure_name": "Figure",
    "frozen_amount": "Frozen",
    "now_amount": "Now",
    "difference_amount": "Difference",
    "difference_cause_text": "What has changed",
}
CLOSED = [
    "month_name",
    "net_amount",
    "bankable_amount",
    "version_name",
    "actor_name",
    "acted_at",
    "plan_text",
    "reason_text",
    "seal_text",
]
CHANGED = ["month_name", "figure_name", "frozen_amount", "now_amount", "difference_amount", "difference_cause_text"]
MEANT = (
    "A closed month keeps its figures, definitions, prices and assumptions under a seal, and the plan of the months to come as it "
    "stood then, once for each build: Plan and actual on AI cost holds those months against it. One that is "
    "closed again keeps its earlier versions below the new one. What is learned later never changes it: the "
    "difference stands below, with its cause. A month that was closed after the last refresh is compared from the next one on."
)


def board(visit: Visit, desk: Desk) -> None:
    """Draws the closed months, the restatements, and the button for whoever may close."""
    _close(visit, desk)
    rows = closed_rows(desk.book.ai.closings, visit.words)
    if not rows:
        empty.nothing(
            "No month has been closed yet.", key="ai_closed", fix="Close one once it is over and its bills are in."
        )
        return
    tables.show(visit, pl.DataFrame(rows), name="ai_closed", title=f"Closed months, money in {visit.company.reporting_currency}",
                columns=CLOSED, labels=LABELS, source="marts.ai_closes", note=MEANT)  # fmt: skip
    _restated(visit)


def closed_rows(closings: Mapping[str, Sequence[Closing]], words: Any) -> list[dict[str, Any]]:
    """Every version of every closed month as a row, the last month and its last version first; which one counts stands beside it."""
    return [
        closed_row(one, words)
        | {"version_name": f"{one.version}" if one is versions[-1] else f"{one.version}, replaced"}
        for _, versions in sorted(closings.items(), reverse=True)
        for one in reversed(versions)
    ]


def closed_row(closing: Closing, words: Any) -> dict[str, Any]:
    """A closed month as a row of the table; its seal says whether the content still gives it."""
    frozen = {one["figure_name"]: one["amount"] for one in closing.figures if one["use_case_id"] == ai_close.WHOLE}
    sealed = "as sealed" if ai_close.is_sealed(closing) else "BROKEN"
    return {
        "month_name": month_name(dt.date.fromisoformat(f"{closing.month}-01"), words),
        "net_amount": _number(frozen.get("net_earned_amount")),
        "bankable_amount": _number(frozen.get("bankable_amount")),
        "closing_no": closing.version,
        "actor_name": closing.who,
        "acted_at": closing.at,
        "plan_text": _planned(closing, words),
        "reason_text": closing.reason,
        "seal_text": f"{sealed}, {closing.seal[:12]}",
    }


def _planned(closing: Closing, words: Any) -> str:
    """The months whose plan was frozen with a month, from the first to the last; nothing where it was frozen with another."""
    months = closing.plan["months"] if closing.plan else []
    ends = [month_name(dt.date.fromisoformat(f"{month}-01"), words) for month in (*months[:1], *months[1:][-1:])]
    return " to ".join(ends)


def month_name(first: dt.date, words: Any) -> str:
    """A month with its year: Oct 2026."""
    return f"{words.month(first)} {first.year}"


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _restated(visit: Visit) -> None:
    if not has_rows(visit, RESTATED):
        return
    every = mart(visit, RESTATED, where={"is_restated": True}, order_by=("-month_date", "figure_name"))
    found = every.filter(pl.col("difference_amount").abs() >= CENT / 2)
    if not found.height:
        look.note("Nothing has been restated: every closed month would be the same today.")
        return
    shown = found.with_columns(
        pl.col("figure_name").replace(FIGURES),
        month_name=pl.Series([month_name(day, visit.words) for day in found["month_date"]]),
    )
    told.told(visit, shown, name="ai_restated", title="Restated since", source=RESTATED, columns=CHANGED, labels=LABELS,
              units={"month_name": "text", "figure_name": "text"},
              note="what was frozen beside what it is now; less than a cent is no difference")  # fmt: skip


def _close(visit: Visit, desk: Desk) -> None:
    """The button, for whoever has the right; a month that is closed already is closed again only with a reason."""
    months = over(visit)
    if not months:
        empty.nothing("No month is over of which anything is known.", key="ai_close")
        return
    with st.container(key="panel_ai_close"):
        look.title("Close a month")
        if not rights.need(visit, "close_month"):
            return
        open_months = ai_close.months_to_close(months, desk.book, visit.as_of or months[0])
        first = months.index(open_months[-1]) if open_months else 0
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            month = st.selectbox(
                "Month", months, index=first, format_func=lambda day: month_name(day, visit.words), key="ai_close_month"
            )
            reason = st.text_input("Why", key="ai_close_reason", placeholder="such as: the bills are in")
            name = month_name(month, visit.words)
            st.button(
                f"Close {name}", key="ai_close_go", type="primary", icon=":material/lock:", on_click=acting.act,
                args=(f"Closed: {name}. Its figures stay as they are now.", "", close, visit, desk, month, reason),
            )  # fmt: skip
        left = len(open_months)
        look.note(
            f"{visit.words.plural(left, 'month')} over and not closed."
            if left
            else "Every month that is over is closed."
        )


def over(visit: Visit) -> list[dt.date]:
    """The months of the build that are over, the last one first."""
    if visit.build is None or not has_rows(visit, STAR) or not has_rows(visit, "raw.ai_basis"):
        return []
    return mart(visit, STAR, columns=["month_date"], where={"is_over": True}, order_by=("-month_date",))[
        "month_date"
    ].to_list()


def close(visit: Visit, desk: Desk, month: dt.date, reason: str) -> None:
    """Closes a month with the figures of the build that is looked at; refused where it is closed with these very figures."""
    if desk.close_month(month, reason.strip()) is None:
        raise Refusal(
            f"{month_name(month, visit.words)} was not closed again.",
            "It is closed with these very figures.",
            "There is nothing to do.",
        )
