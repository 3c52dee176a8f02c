"""What the net value leaves out because nobody knows its price: said in one line beside it, with the way to the calls."""

import datetime as dt

import streamlit as st

from pages.parts import look
from pages.parts.ask import ask, has_rows
from pages.parts.page import Visit
from pages.parts.words import Words

CALLS = "marts.ai_calls"
# A call without a price is paid by a bill of its provider that covers the day, unless the bill is only of other use cases.
UNPRICED_SQL = """
    select
        count(*) as call_count,
        count(distinct calls.case_id) as case_count,
        count(distinct calls.called_model_name) as model_count
    from marts.ai_calls as calls
    where calls.usage_cost is null and calls.called_date >= ? and calls.called_date <= ?
        and not exists (
            select 1 from marts.ai_bill_charges as charges
            where charges.charge_standing_code = 'usage'
                and charges.seller_name = calls.seller_name
                and cast(charges.charge_starts_at as date) <= calls.called_date
                and charges.charge_ends_at > cast(calls.called_date as timestamptz)
                and coalesce(charges.use_case_id, calls.use_case_id) = calls.use_case_id
        )
"""


def line(visit: Visit, since: dt.date, until: dt.date) -> None:
    """Draws the line where calls of these days have neither a price nor a bill; nothing where all are known."""
    left_out = said(visit, since, until)
    if not left_out:
        return
    look.note(left_out)
    door = visit.door("cost")
    if door is not None:
        query = {"company": visit.company.name, "tab": "usage"}
        st.page_link(door, label="Calls without a price", icon=":material/help:", query_params=query)


def said(visit: Visit, since: dt.date, until: dt.date) -> str:
    """The line in words, for the screen and for the board page alike; empty where all calls of these days are known."""
    if not has_rows(visit, CALLS):
        return ""
    calls, cases, models = ask(visit, UNPRICED_SQL, (since, until)).row(0)
    return sentence(calls, cases, models, visit.words) if calls else ""


def sentence(calls: int, cases: int, models: int, words: Words) -> str:
    """How many calls are left out, of how many cases and models.

    >>> sentence(77, 60, 2, Words("en_GB", "EUR", "UTC"))
    'Not in it: 77 calls of 60 cases to 2 models that have neither a price nor a bill.'
    """
    of_cases = f" of {words.plural(cases, 'case')}" if cases else ""
    have = "has" if models == 1 else "have"
    return f"Not in it: {words.plural(calls, 'call')}{of_cases} to {words.plural(models, 'model')} that {have} neither a price nor a bill."
