"""How the money of one use case comes back: rate of return, payback, and how many cases and orders it takes; planned, not seen."""

from typing import Any

import polars as pl
import streamlit as st

from pages.parts import export, look, ratios, receipt
from pages.parts.ask import ask, has_rows, mart
from pages.parts.page import Visit
from pages.parts.words import Words

CASES = "scores.ai_business_cases"
MONTHS_SQL = "select count(distinct month_date) as month_count from scores.ai_volume_months where use_case_id = ?"
NOTE = (
    "Of the plan, as means over all futures; what was spent before its first month is not in it. Break-even counts the cases that pay "
    "for what does not grow with them. Soft benefits are left out."
)


def fold(visit: Visit, use_case_id: str) -> None:
    """Draws the returns of a use case behind a fold; nothing where it is not in the plan."""
    found = planned(visit, use_case_id)
    if found is None:
        return
    row = found.row(0, named=True)
    with st.expander("How the money comes back", icon=":material/currency_exchange:"):
        look.pairs(facts(row, visit.words))
        look.note(NOTE)
        title = "How the money comes back"
        with st.container(horizontal=True, gap="small", key="tools_ai_returns"):
            export.buttons(visit, found, name="ai_returns", title=title, source=CASES, key="export_ai_returns")
            receipt.table_button(visit, found, title=title, source=CASES, chosen=None, key="receipt_ai_returns")


def planned(visit: Visit, use_case_id: str) -> pl.DataFrame | None:
    """The business case of a use case with `month_count`, the months of its plan; None where it has none."""
    if visit.build is None or not has_rows(visit, CASES):
        return None
    found = mart(visit, CASES, where={"use_case_id": use_case_id})
    if not found.height or found["npv_amount"][0] is None:
        return None
    months = ask(visit, MONTHS_SQL, (use_case_id,)).item() if has_rows(visit, "scores.ai_volume_months") else 0
    return found.with_columns(month_count=pl.lit(months))


def facts(row: dict[str, Any], words: Words) -> dict[str, str]:
    """The returns as labels and values; what cannot be told says why.

    Args:
        row: of scores.ai_business_cases with month_count.
    """
    found = {
        "Costs and brings": f"{words.money(row['cost_amount'])} and {words.money(row['benefit_amount'])}, before discounting",
        "Without common costs": f"{words.money(row['direct_npv_amount'])} net present value",
        "Rate of return (IRR)": rate(row, words),
        "Money back, discounted": payback(row["discounted_payback_month_number"]),
        "Money back late": late(row["late_payback_share"], words),
        "Cases it takes to pay": break_even(row, words),
        "Orders it takes to pay": scale(row["minimum_scale_number"], words, is_taken_up=row["is_taken_up"]),
        "Pilot first": f"{words.money(row['option_amount'])} is what stopping after a pilot would be worth",
        "Knowing for sure": f"{words.money(row['certainty_amount'])} at most may be spent on finding out",
    }
    if row["marginal_cost_amount"] is not None:
        found["As the next use case"] = f"{words.money(row['marginal_cost_amount'])} more cost of the whole programme"
    return found


def rate(row: dict[str, Any], words: Words) -> str:
    """The internal rate of return a year, or in words why there is no single one.

    >>> words = Words("en_GB", "EUR", "UTC")
    >>> rate({"inner_rate_number": 0.154}, words)
    '15.4% a year'
    >>> rate(
    ...     {"inner_rate_number": None, "inner_rate_text": "the flows never change sign", "payback_month_number": None},
    ...     words,
    ... )
    'none: it never earns more than it costs'
    """
    if row["inner_rate_number"] is not None:
        return f"{ratios.times(row['inner_rate_number'], 'what is paid', words)} a year"
    if row["inner_rate_text"] == "the flows never change sign":
        is_earning = row["payback_month_number"] is not None
        return "none: nothing is paid before it earns" if is_earning else "none: it never earns more than it costs"
    return f"none: {row['inner_rate_text'] or 'not known'}"


def late(share: float | None, words: Words) -> str:
    """In how many of the futures the money is back late or never."""
    if share is None:
        return "not known"
    return (
        f"in {words.share(share)} of the futures not back within two years"
        if share
        else "in no future later than two years"
    )


def break_even(row: dict[str, Any], words: Words) -> str:
    """The cases a month that pay for it against those planned; without them, why no number of cases does.

    >>> words = Words("en_GB", "EUR", "UTC")
    >>> break_even({"break_even_cases_number": 72.0, "cases_number": 720.0, "month_count": 36}, words)
    '2 a month; 20 a month are planned'
    >>> break_even({"break_even_cases_number": None, "cases_number": 720.0, "month_count": 36}, words)
    'no number of cases: each brings less than it costs; 20 a month are planned'
    """
    needed, count, months = row["break_even_cases_number"], row["cases_number"], row["month_count"]
    said = f"{_cases(count, months, words)} are planned" if count else "no case is planned"
    if needed is None:
        return f"no number of cases: each brings less than it costs; {said}"
    return f"{_cases(max(needed, 0.0), months, words)}; {said}"


def _cases(count: float, months: int, words: Words) -> str:
    """Cases a month; in all where the months of the plan are not known."""
    if not months:
        return f"{words.count(count)} in all"
    each = count / months
    return f"{words.number(each, places=0 if each >= 10 else 1)} a month"


def scale(times: float | None, words: Words, *, is_taken_up: bool) -> str:
    """How many times today's orders it takes until a use case pays, in words; only those taken up are tried in other sizes."""
    if times is None:
        return "no size that was tried is enough" if is_taken_up else "tried once it is taken up"
    return "today's are enough" if times <= 1 else f"{words.number(times, places=1)} times today's"


def payback(months: float | None) -> str:
    """When the money is back, in words.

    >>> payback(None), payback(0.0), payback(7.4)
    ('never within the months planned', 'at once: nothing is paid before it earns', 'after 8 months')
    """
    if months is None:
        return "never within the months planned"
    if months == 0:
        return "at once: nothing is paid before it earns"
    whole = int(-(-months // 1))
    return f"after {whole} month{'s' if whole != 1 else ''}"
