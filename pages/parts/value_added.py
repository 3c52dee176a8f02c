"""Do people's changes help? Each planner's verdict in a line, the figures behind it by reason, and the error of each step to the plan."""

from typing import Any

import polars as pl
import streamlit as st

from pages.parts import charts, empty, look, notice, standing, tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

SOURCE, STEPS = "scores.forecast_value_added", "scores.forecast_steps"
QUESTION = "Do people's changes help?"
VERDICTS = {
    "helps": ("helps", "green", ":material/trending_up:", "▲"),
    "hurts": ("hurts", "red", ":material/trending_down:", "▼"),
    "no effect": ("no effect", "gray", ":material/trending_flat:", "●"),
    "too few": ("too few to tell", "blue", ":material/hourglass_empty:", "…"),
}
CUTS = {
    "planner and reason": ["planner_name", "reason_code"],
    "reason": ["reason_code"],
    "class of demand": ["demand_class_name"],
    "direction": ["direction_name"],
}
FIGURES = [
    "verdict_name",
    "change_count",
    "before_error_share",
    "after_error_share",
    "helped_share",
    "helped_low_share",
]
FIGURES += ["helped_high_share", "helped_amount", "scatter_share", "because_text"]
LABELS = {
    "planner_name": "Planner",
    "reason_code": "Reason",
    "demand_class_name": "Demand",
    "direction_name": "Changed",
    "verdict_name": "Verdict",
    "change_count": "Changes",
    "before_error_share": "Error before",
    "after_error_share": "Error after",
    "helped_share": "Error smaller by",
    "helped_low_share": "at least",
    "helped_high_share": "at most",
    "helped_amount": "In money",
    "scatter_share": "If a coin had tossed them",
    "because_text": "Why",
}
NOTE = (
    "Before: what the planners' system proposed, or our forecast where the file tells no proposal. At least and at most: a 95 % interval. "
    "Changes hurt only where they lose more than the same changes tossed by a coin. All SKUs and sites of the last twelve weeks, "
    "whatever the filters."
)
PLANNERS_AT_MOST = 6


def numbers(visit: Visit) -> list[str]:
    """The governed number of plans, where any could be judged."""
    return ["plan_error"] if has_rows(visit, SOURCE) else []


def panel(visit: Visit) -> None:
    """Draws all of it; without plans says which extract to upload, and without judged ones why none could be judged."""
    look.title(QUESTION)
    if not has_rows(visit, "marts.demand_plans"):
        empty.needs(visit, "demand_plans", what=QUESTION.rstrip("?"))
        return
    standing.line(visit, "plan_help")
    if not has_rows(visit, SOURCE):
        empty.nothing("No plan could be judged yet.", key="value_added", fix="The line above says why.")
        return
    left, right = st.columns(2)
    with left:
        _planners(visit)
    with right:
        _steps(visit)
    _table(visit)


def _planners(visit: Visit) -> None:
    """A line for each planner: the verdict as word, colour and sign, how much, how sure, and why."""
    where = {"cut_name": "planner", "compared_name": "people's changes"}
    found = mart(visit, SOURCE, where=where, order_by=("-change_count", "planner_name"), limit=PLANNERS_AT_MOST)
    with st.container(key="panel_planners"):
        look.title("Whose changes help", "against what their system proposed")
        for row in found.iter_rows(named=True):
            word, colour, icon, _ = VERDICTS[row["verdict_name"]]
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.badge(word, color=colour, icon=icon)  # type: ignore[arg-type]  # one of the colours that a badge knows
                st.markdown(f"**{notice.plain(row['planner_name'])}**", width="content")
            st.caption(notice.plain(f"{_said(visit, row)}. {row['because_text']}"))


def _said(visit: Visit, row: dict[str, Any]) -> str:
    """How much smaller or larger the error became, with its interval; only the number of changes where there is none."""
    words, changes = visit.words, visit.words.plural(row["change_count"], "change")
    if row["helped_share"] is None:
        return changes
    low, middle, high = (row[f"helped_{name}share"] for name in ("low_", "", "high_"))
    span = " to ".join(words.share(abs(end)) for end in sorted((low, high), key=abs))
    if low * high <= 0:
        span = f"between {words.share(abs(low))} larger and {words.share(abs(high))} smaller"
    money = "" if row["helped_amount"] is None else f", worth {words.money(abs(row['helped_amount']))}"
    return f"{changes}: error {words.share(abs(middle))} {'smaller' if middle >= 0 else 'larger'} ({span}){money}"


def _steps(visit: Visit) -> None:
    found = mart(visit, STEPS, order_by=("forecast_step_no",))
    count = visit.words.plural(found["plan_count"][0], "judged plan") if found.height else ""
    charts.bars(
        visit,
        found,
        x="forecast_step_name",
        y="error_share",
        title="Error on the way to the final plan",
        unit="share",
        better="lower",
        note=f"Absolute error as a share of what came, on the same {count}. Shorter is better.",
    )


def _table(visit: Visit) -> None:
    picked = st.segmented_control("Tell changes apart by", list(CUTS), default="planner and reason", key="changes_by")
    cut = picked or "planner and reason"
    where = {"cut_name": cut, "compared_name": "people's changes"}
    found = mart(visit, SOURCE, where=where, order_by=("-change_count", *CUTS[cut])).filter(pl.col("change_count") > 0)
    signs = {name: f"{sign} {word}" for name, (word, _, _, sign) in VERDICTS.items()}
    found = found.with_columns(pl.col("verdict_name").replace(signs))
    title = f"What changes did to the error, by {cut}"
    columns = [*CUTS[cut], *FIGURES]
    tables.show(visit, found, name="value_added", title=title, columns=columns, labels=LABELS, source=SOURCE, note=NOTE)
