"""What the governance council reads of the roadmap: the phase that is now and what it lacks, workflows ahead of their evidence, success."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pages.parts.ask import has_rows, mart
from pages.parts.governance_pack import Line, Section, listed
from pages.parts.page import Visit
from pages.parts.roadmap_phases import CRITERIA, PHASES, criteria, current
from pages.parts.roadmap_workflows import FLOWS, JUDGED, SUCCESS, flows
from pages.parts.roadmap_workflows import success as measured

WORKFLOWS = {"tab": "workflows"}
NOT_KNOWN = "Nothing is known yet: refresh once on the Upload page."


def lines(visit: Visit) -> list[Line]:
    """The phase of the roadmap with the criteria that it lacks, and the workflows that work ahead of what they have earned."""
    found: list[Line] = []
    if has_rows(visit, PHASES):
        phases = mart(visit, PHASES, order_by=("phase_no",))
        row = phases.row(phases["phase_code"].to_list().index(current(phases)), named=True)
        found.append(Line("Phase", f"{row['phase_no']} {row['phase_name']}: {row['because_text']}", "roadmap"))
        if open_ones := unmet(visit, row["phase_code"]):
            found.append(Line("Not met in this phase", f"{'; '.join(open_ones)}.", "roadmap"))
    if has_rows(visit, FLOWS):
        said = "; ".join(
            f"{row['workflow_name']} works as {row['worked_said']}, has earned {row['earned_said']}"
            for row in flows(visit).filter("is_ahead").iter_rows(named=True)
        )
        found.append(Line("Ahead of its evidence", f"{said or 'No workflow'}.", "roadmap", WORKFLOWS))
    return found


def unmet(visit: Visit, phase_code: str) -> list[str]:
    """The criteria of a phase that are not met, each with what was found and what is asked."""
    if not has_rows(visit, CRITERIA):
        return []
    rows = criteria(visit, phase_code).filter(~pl.col("is_met"))
    return [
        f"{row['criterion_name']} ({row['found_said']}, asked for {row['asked_said']})"
        for row in rows.iter_rows(named=True)
    ]


def wishes(visit: Visit) -> list[Line]:
    """What the council is asked of workflows that work ahead of what they have earned."""
    names = flows(visit).filter("is_ahead")["workflow_name"].to_list() if has_rows(visit, FLOWS) else []
    said = f"Take one step back, or bring the evidence, in {listed(names)}: named under Placement and roadmap."
    return [Line("Workflows", said, "roadmap", WORKFLOWS)] if names else []


def success(visit: Visit) -> Section:
    """The four measures of success as the roadmap judges them: the first 90 days with decisions against the last 90."""
    title = "Success in four numbers"
    if not has_rows(visit, SUCCESS):
        return Section("success", title, (Line("Not known", NOT_KNOWN, "roadmap", WORKFLOWS),))
    told = tuple(
        Line(row["success_code"].capitalize(), judged(row), "roadmap", WORKFLOWS)
        for row in measured(visit).iter_rows(named=True)
    )
    return Section("success", title, told, JUDGED)


def judged(row: Mapping[str, Any]) -> str:
    """One measure of success in a sentence.

    >>> row = {"success_name": "Minutes", "now_said": "5 min", "then_said": "7 min", "now_count": 9, "then_count": 8}
    >>> judged(row | {"success_verdict_code": "better"})
    'Minutes: 5 min now (9 decisions), 7 min then (8): better.'
    >>> judged(row | {"now_count": 0, "success_verdict_code": "no data"})
    'Minutes: no data; it takes half a year of decisions.'
    """
    verdict = row["success_verdict_code"]
    if verdict == "no data":
        return f"{row['success_name']}: no data; it takes half a year of decisions."
    now, then = (f"{row[f'{span}_said']} {span} ({row[f'{span}_count']:,}" for span in ("now", "then"))
    return f"{row['success_name']}: {now} decisions), {then}): {verdict}."
