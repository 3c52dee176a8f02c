"""Use cases that run without having been compared with anything: what is known of each all the same, and why it was not measured."""

from collections.abc import Collection
from typing import Any

from pages.parts.ask import ask, has_rows
from pages.parts.page import Visit
from pages.parts.words import Words

WORTH, EFFECTS, LEDGER = "marts.ai_worth", "scores.ai_effects", "marts.value_ledger"
# Those that run or were taken up; the months are those over which the page claims their value.
RUNNING_SQL = """
    select
        cases.use_case_id,
        cases.use_case_name,
        cases.evidence_grade,
        cases.measured_because_text as because_text,
        count(decided.ledger_row_key) as decision_count
    from marts.ai_worth as cases
    cross join raw.company as company
    left join marts.value_ledger as decided
        on decided.use_case_id = cases.use_case_id and decided.earning_source_name = 'decision' and decided.is_over
        and decided.month_date >= cast(date_trunc('month', cast(company.as_of_date as date)) as date) - interval 12 month
    where cases.is_taken_up or cases.standing_code <> 'not in use'
    group by cases.use_case_id, cases.use_case_name, cases.evidence_grade, cases.measured_because_text
    order by count(decided.ledger_row_key) desc, cases.use_case_id
"""
# What agents proposed without their use case having been taken up counts as well, and is credited to none.
UNCREDITED_SQL = """
    select
        '' as use_case_id,
        decided.use_case_name,
        'C' as evidence_grade,
        'Proposed while its use case was not taken up, so it is credited to none and nobody began to compare it.' as because_text,
        count(*) as decision_count
    from marts.value_ledger as decided
    cross join raw.company as company
    where decided.use_case_id is null and decided.is_with_ai and decided.earning_source_name = 'decision' and decided.is_over
        and decided.month_date >= cast(date_trunc('month', cast(company.as_of_date as date)) as date) - interval 12 month
    group by decided.use_case_name
"""
# Of use cases that only a work log names; every measure of one has the same reason.
LOGGED_SQL = """
    select
        use_case_id,
        use_case_name,
        'D' as evidence_grade,
        min(because_text) as because_text,
        cast(0 as bigint) as decision_count
    from scores.ai_effects
    group by use_case_id, use_case_name
    order by use_case_id
"""
NO_LOG = "No work log tells its cases with AI and without"


def rows(visit: Visit, measured: Collection[str]) -> list[dict[str, Any]]:
    """One row for each use case that runs, was taken up or stands in a work log, and is not among those measured."""
    found: list[dict[str, Any]] = []
    if has_rows(visit, WORTH) and has_rows(visit, LEDGER):
        found += ask(visit, RUNNING_SQL).iter_rows(named=True)
        found += ask(visit, UNCREDITED_SQL).iter_rows(named=True)
    if has_rows(visit, EFFECTS):
        known = {row["use_case_id"] for row in found}
        found += [row for row in ask(visit, LOGGED_SQL).iter_rows(named=True) if row["use_case_id"] not in known]
    return [row for row in found if row["use_case_id"] not in measured]


def summary(row: dict[str, Any], words: Words) -> dict[str, Any]:
    """Such a use case as a row of the table of all: its grade, and its decisions where it has any."""
    count = row["decision_count"]
    return {
        "use_case_name": row["use_case_name"],
        "evidence_grade": row["evidence_grade"] or ("C" if count else "D"),
        "minutes_text": "not measured",
        "cost_text": "not measured",
        "design_text": "decisions seen, without a comparison" if count else "not measured",
        "compared_text": words.plural(count, "decision") if count else "–",
    }


def because(row: dict[str, Any], words: Words) -> str:
    """Why it was not measured, and what is claimed of it.

    >>> words = Words("en_GB", "EUR", "UTC")
    >>> because({"decision_count": 0, "because_text": None}, words)
    'No work log tells its cases with AI and without, so nothing is claimed.'
    >>> because({"decision_count": 2, "because_text": None}, words)[-98:]
    'so none can be compared. Its 2 decisions that matured are claimed against doing nothing (grade C).'
    """
    why, count = row["because_text"], row["decision_count"]
    if not count:
        return why or f"{NO_LOG}, so nothing is claimed."
    decided = "decision that matured is" if count == 1 else f"{words.count(count)} decisions that matured are"
    return f"{why or f'{NO_LOG}, so none can be compared.'} Its {decided} claimed against doing nothing (grade C)."
