"""The one policy for AI as people read it: its version, each section with where it is enforced, its changes, and the whole as one file."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from decisions.ai_policy import FRESHNESS, AiPolicy, in_force
from decisions.ai_policy_sections import Section, Source
from decisions.desk import Desk
from decisions.registering import built_by
from pages.parts import export, look, tables
from pages.parts.ask import has_rows, mart
from pages.parts.notice import plain
from pages.parts.page import Visit
from pipelines.contract import contracts
from pipelines.flow import ledger_of

GRADES, ASSUMED = "marts.data_grades", "raw.assumptions"
NOTE = (
    "Put together at this moment from where each part is kept and enforced; nobody edits it here. The version is the number of changes by "
    "people, then a hash of all that it says: the same policy has the same version, and another one another."
)
LABELS = {
    "change_no": "No.",
    "decided_date": "Day",
    "actor_name": "Who",
    "activity_name": "Did",
    "subject_name": "Of what",
}


def board(visit: Visit, desk: Desk) -> None:
    """Draws the version with its download, every section, and the changes, the latest first."""
    held = policy(visit, desk)
    with st.container(key="panel_ai_policy_head"):
        look.title("AI policy in force", f"version {held.version}")
        look.note(NOTE)
        st.download_button(
            "AI policy (YAML)", data=held.text.encode(), mime="application/yaml", key="ai_policy_file",
            file_name=export.file_name(visit, f"ai_policy_{held.version}", "yml"), icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    for section in held.sections:
        _section(section)
    if held.changes:
        tables.show(
            visit, changes(held), name="ai_policy_changes", title="Changes by the company, the latest first", labels=LABELS
        )  # fmt: skip


def policy(visit: Visit, desk: Desk) -> AiPolicy:
    """The policy in force of the company that is looked at, by all that people have said and the build that is looked at."""
    return in_force(
        desk.book,
        ledger_of(visit.company).acts(),
        company=visit.company.company_title,
        currency=visit.company.reporting_currency,
        built=built_by(visit.build),
        sources=sources(visit, desk),
    )


def sources(visit: Visit, desk: Desk) -> list[Source]:
    """Every extract that has a contract, with its grade in this build and what is said of its freshness now."""
    grades = (
        dict(mart(visit, GRADES, columns=("contract_name", "data_grade_code")).iter_rows())
        if _has(visit, GRADES)
        else {}
    )
    rows = mart(visit, ASSUMED).iter_rows(named=True) if _has(visit, ASSUMED) else ()
    asked = {
        row["assumption_name"]: desk.book.ai.assumption(row)
        for row in rows
        if row["assumption_name"].startswith(FRESHNESS)
    }
    return [
        Source(name, contract.title, grades.get(name, ""), said.get("owner_name", ""), said.get("assumed_number"))
        for name, contract in contracts().items()
        for said in (asked.get(f"{FRESHNESS}{name}", {}),)
    ]


def changes(held: AiPolicy) -> pl.DataFrame:
    """The changes as rows, the latest first."""
    rows = [
        (number, dt.date.fromisoformat(one.day), one.who, one.did, one.subject)
        for number, one in enumerate(held.changes, 1)
    ]
    return pl.DataFrame(rows, schema=list(LABELS), orient="row").reverse()


def told(entry: Mapping[str, Any]) -> tuple[str, str]:
    """An entry as a label and a line: its first field names it, the others say what holds.

    >>> told({"right": "pin_model", "roles": ["analyst", "administrator"], "level": {"ceiling": 3, "of": []}})
    ('Right: pin model', 'roles: analyst, administrator; level: ceiling 3')
    """
    (first, name), *rest = entry.items()
    named = str(name) if "/" in str(name) else str(name).replace("_", " ")
    said = "; ".join(f"{key.replace('_', ' ')}: {text}" for key, value in rest if (text := _said(value)))
    return f"{first.replace('_', ' ').capitalize()}: {named}", said


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key.replace('_', ' ')} {text}" for key, part in value.items() if (text := _said(part)))
    if isinstance(value, list):
        return (" · " if any(" " in str(one) for one in value) else ", ").join(map(str, value))
    return str(value).removesuffix(".")


def _section(section: Section) -> None:
    """One section: where it is enforced, then its entries."""
    with st.container(key=f"panel_ai_policy_{section.key}"):
        look.title(section.title)
        st.markdown(f":material/gavel: {plain(section.enforced)}")
        look.note(f"Enforced in: {', '.join(section.where)}.")
        look.pairs(dict(map(told, section.entries)))


def _has(visit: Visit, table: str) -> bool:
    return visit.build is not None and has_rows(visit, table)
