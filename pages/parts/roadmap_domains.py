"""Domains of the business on a page: where each hurts by what the data show, what AI could take up there, and what shall come of it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl

from decisions.desk import Desk
from decisions.targets import DAYS, standing
from metrics.definition import definition
from pages.parts import empty, kpi, tables
from pages.parts.ask import has_rows, mart
from pages.parts.figures import figure
from pages.parts.outcome_targets import NO_TARGET, SIGNS, lately
from pages.parts.page import Visit
from pages.parts.roadmap_workflows import measured
from pages.parts.words import NO_DATA, Words

SOURCE = "marts.roadmap_domains"
COLUMNS = {
    "roadmap_domain_name": 232, "friction_name": 184, "friction_said": 80, "before_said": 80, "running_said": 70, "hours_said": 96,
    "measured_by": 170, "kpi_said": 82, "target_said": 180,
}  # fmt: skip
LABELS = {
    "roadmap_domain_name": "Domain", "friction_name": "Friction", "friction_said": "Now", "before_said": "Before",
    "running_said": "AI runs", "hours_said": "Hours a year", "measured_by": "Outcome", "kpi_said": "Stands at",
    "target_said": "Target", "owner_name": "Answers for it", "friction_text": "Where it hurts", "opportunity_text": "What AI could do",
    "expected_outcome_text": "What shall come of it", "rests_said": "Friction, in full", "work_said": "Its use cases",
    "outcome_said": "Outcome, in full",
}  # fmt: skip
FULL = (
    "friction_text",
    "rests_said",
    "opportunity_text",
    "work_said",
    "expected_outcome_text",
    "outcome_said",
    "owner_name",
)
NOTE = (
    f"Friction: the mean of the last {DAYS} days, beside the {DAYS} days before; less is better, and seasons move it, too. Opportunity: "
    "what the cases of its use cases take of people's time in a year without AI, at least: of those that share their work only the "
    f"largest counts. Outcome: the number of the last {DAYS} days, its receipt on its card; targets are set on the page AI value."
)


def board(visit: Visit, desk: Desk) -> None:
    """Draws the outcomes of the domains as cards, the domains as a table, and one of them in full."""
    if visit.build is None or visit.as_of is None or not has_rows(visit, SOURCE):
        empty.nothing("No domains were counted yet.", key="roadmap_domains", fix="Refresh once on the Upload page.")
        return
    rows = domains(visit, desk)
    kpi.strip(visit, lately(visit.as_of), rows["metric_name"].to_list())
    picked = tables.show(
        visit, rows, name="roadmap_domains", title=headline(rows), columns=COLUMNS, labels=LABELS, source=SOURCE, note=NOTE, pick=True,
    )  # fmt: skip
    one = picked or rows.row(0, named=True)
    tables.detail(visit, one, title=one["roadmap_domain_name"], columns=FULL, labels=LABELS, name="roadmap_domain")


def domains(visit: Visit, desk: Desk) -> pl.DataFrame:
    """The domains in their order, with friction, opportunity, outcome and target in words."""
    found = mart(visit, SOURCE, order_by=("roadmap_domain_no",))
    told = [
        in_words(visit.words, row) | outcome(visit, desk, row["metric_name"]) for row in found.iter_rows(named=True)
    ]
    return pl.concat([found, pl.DataFrame(told)], how="horizontal")


def in_words(words: Words, row: dict[str, Any]) -> dict[str, str]:
    """Friction and opportunity of a domain in words; what nothing tells is no data, and never nought."""
    unit, hours = row["friction_unit_code"], row["work_hours"]
    now, before = (measured(words, row[f"friction_{span}_number"], unit) for span in ("now", "before"))
    running, taken = (
        f"{row['running_count']} of {row['use_case_count']}",
        NO_DATA if hours is None else words.count(round(hours)),
    )
    return {
        "friction_said": now,
        "before_said": before,
        "running_said": running,
        "hours_said": taken,
        "rests_said": f"{row['friction_name']}: {now} over {words.count(row['friction_now_count'])} seen, "
        f"before {before} over {words.count(row['friction_before_count'])}",
        "work_said": f"{running} run; hours of work a year in their cases without AI, at least: {taken}",
    }


def outcome(visit: Visit, desk: Desk, name: str) -> dict[str, str]:
    """The number by which a domain is judged, where it stands now, and its target where somebody set one."""
    assert visit.as_of is not None
    metric, act, words = definition(name), desk.book.targets.get(name), visit.words
    found = figure(visit, name, lately(visit.as_of))
    said = NO_TARGET
    if act is not None:
        now = None if found.value is None else float(found.value)
        stands = standing(act, now, is_higher_better=metric.better == "higher", today=desk.now().date())
        number, by = words.value(Decimal(act.payload["number"]), metric.unit), dt.date.fromisoformat(act.payload["by"])
        said = f"{number} by {words.date(by)} {SIGNS[stands]} {stands}"
    now_said = words.value(found.value, metric.unit)
    return {
        "measured_by": metric.title,
        "kpi_said": now_said,
        "target_said": said,
        "outcome_said": f"{metric.title}: {now_said}; {'target ' if act else ''}{said}",
    }


def headline(rows: pl.DataFrame) -> str:
    """How many domains have AI that runs, and in how many the friction is less than before."""
    less = rows.filter(pl.col("friction_now_number") < pl.col("friction_before_number")).height
    known = rows.filter(
        pl.col("friction_now_number").is_not_null() & pl.col("friction_before_number").is_not_null()
    ).height
    begun = rows.filter(pl.col("running_count") > 0).height
    return f"Domains: AI runs in {begun} of {rows.height}; friction is less than before in {less} of {known} that can be told"
