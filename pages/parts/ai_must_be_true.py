"""What must be true for a use case to pay: what moves its worth most, and where each would turn the sign."""

from typing import Any

import polars as pl
import streamlit as st

from models.ai_economics.sensitivity import DEFINED, said
from pages.parts import look, tables
from pages.parts.ask import ask, has_rows
from pages.parts.page import Visit
from pages.parts.words import Words

SENSITIVE = "scores.ai_sensitivities"
SHOWN = 8
TURNING_SQL = """
    select
        held.meaning_text, moved.low_number, moved.high_number, moved.turning_number,
        moved.worth_at_low_amount, moved.worth_at_high_amount, moved.swing_amount, held.source_grade, moved.assumption_name,
        moved.input_kind_name
    from scores.ai_sensitivities as moved
    left join raw.assumptions as held on held.assumption_name = moved.assumption_name
    where moved.use_case_id = ?
    order by moved.turning_number is null, moved.swing_amount desc
"""


def turning(visit: Visit, use_case_id: str) -> None:
    """What must be true: what moves the worth most, and where each would turn the sign."""
    if not has_rows(visit, SENSITIVE):
        return
    found = ask(visit, TURNING_SQL, (use_case_id,)).head(SHOWN)
    if not found.height:
        return
    rows = list(found.iter_rows(named=True))
    shown = found.with_columns(
        meaning_text=pl.Series(
            [row["meaning_text"] or said(row["assumption_name"], row["input_kind_name"]) for row in rows]
        ),
        said_text=pl.Series([must_be_true(row, visit.words) for row in rows]),
        source_grade=pl.coalesce("source_grade", pl.col("input_kind_name").replace(DEFINED, "assumption")),
    ).select("meaning_text", "said_text", "swing_amount", "source_grade")
    with st.container(key="panel_ai_turning"):
        look.title(
            "What must be true", "what moves its worth most: assumptions, what was measured, the forecast of orders"
        )
        labels = {
            "meaning_text": "What moves it",
            "said_text": "Over its likely range",
            "swing_amount": "Moves the NPV by",
            "source_grade": "Grade",
        }
        tables.small(visit, shown, labels=labels, units={"said_text": "text"})


def own(name: str) -> str:
    """A number of the use case's own definition, in words.

    >>> own("UC4.error_share")
    'Error share, as the definition of UC4 has it.'
    """
    return said(name, DEFINED)


def must_be_true(row: dict[str, Any], words: Words) -> str:
    """Where an assumption would turn the sign of the worth, or that it does not within its range."""
    low, high, turning = (near(row, row[name], words) for name in ("low_number", "high_number", "turning_number"))
    worth_low, worth_high = row["worth_at_low_amount"], row["worth_at_high_amount"]
    if row["turning_number"] is not None:
        return f"pays only {'above' if worth_high > worth_low else 'below'} {turning} (likely {low} to {high})"
    sign = (
        "positive"
        if min(worth_low, worth_high) > 0
        else "negative"
        if max(worth_low, worth_high) < 0
        else "of either sign"
    )
    return f"stays {sign} from {low} to {high}"


def near(row: dict[str, Any], number: float | None, words: Words) -> str:
    """A number of an assumption at three digits; a share in per cent.

    >>> words = Words("en_GB", "EUR", "UTC")
    >>> near({"assumption_name": "UC4.error_share"}, 0.0124, words), near({"assumption_name": "x"}, 202.834, words)
    ('1.2%', '203')
    """
    if number is None:
        return "not known"
    if str(row.get("assumption_name")).endswith("_share"):
        return words.share(number)
    size = abs(number)
    return words.number(number, places=0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3)
