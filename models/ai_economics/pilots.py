"""Pilots by family of workflows: which family a use case is tried in, which of it run in which way, and what came of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from models.ai_economics.second_line import way_of
from models.ai_economics.use_case import UseCase

# What works at a counter tells little of a dock, so each family is tried for itself. Function → family.
FAMILIES = {
    "warehouse": "warehouse",
    "transportation": "warehouse",
    "sales support": "branch",
    "customer service": "service",
    "procurement": "planning",
    "executive analytics": "planning",
    "finance": "planning",
}
OUTCOMES = "marts.pilot_outcomes"
RunSo = Mapping[tuple[str, str], tuple[str, ...]]  # family and way → ids of the use cases that run so
READ: dict[str, tuple[str, ...]] = {
    OUTCOMES: ("pilot_family_name", "outcome_no", "outcome_name", "outcome_verdict_code")
}


@dataclass(frozen=True)
class Came:
    """What came of the pilots of one family: outcomes that surely got better, surely worse, and those that stand as before."""

    better: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


def family(case: UseCase) -> str:
    """The family of workflows in which a use case is tried: warehouse, branch, service or planning."""
    return FAMILIES[case.domain]


def came(rows: pl.DataFrame) -> dict[str, Came]:
    """Family → what came of its pilots, outcomes in their order; rows as in `marts.pilot_outcomes`.

    >>> said = dict(
    ...     pilot_family_name="branch", outcome_no=1, outcome_name="Hours of a case", outcome_verdict_code="better"
    ... )
    >>> came(pl.DataFrame([said]))["branch"].better
    ('hours of a case',)
    """
    found: dict[str, dict[str, list[str]]] = {}
    ordered = rows.sort("pilot_family_name", "outcome_no")
    for name, said, verdict in ordered.select("pilot_family_name", "outcome_name", "outcome_verdict_code").iter_rows():
        found.setdefault(name, {}).setdefault(verdict, []).append(said[:1].lower() + said[1:])
    return {
        name: Came(*(tuple(told.get(verdict, ())) for verdict in ("better", "worse", "as before")))
        for name, told in found.items()
    }


def run_so(cases: Iterable[UseCase]) -> RunSo:
    """Family and way → the use cases of the family that run so, by id."""
    found: dict[tuple[str, str], list[str]] = {}
    for case in cases:
        if case.is_running:
            found.setdefault((family(case), way_of(case)), []).append(case.use_case_id)
    return {key: tuple(sorted(names)) for key, names in found.items()}


def said_of(is_faster: bool | None, came: Came | None) -> tuple[bool | None, str]:
    """Whether outcomes support a use case where it runs, and what they were, in sentences; None where nothing was measured.

    Only what was measured of itself supports it; what came of others of its family is said, and keeps it from support where it got worse.

    Args:
        is_faster: whether its own minutes per case surely fell; None where they were not measured.
        came: of its family, where all of it that runs has run in this way; None otherwise.

    >>> said_of(None, None)
    (None, 'No outcome of it was measured before and after.')
    >>> said_of(None, Came(better=("hours of a case",)))
    (False, 'Pilots of its family: better in hours of a case.')
    >>> said_of(True, Came(better=("hours of a case",), worse=("overrides",)))
    (False, 'Its own minutes per case surely fell. Pilots of its family: better in hours of a case; worse in overrides.')
    """
    told = came or Came()
    said = (
        []
        if is_faster is None
        else [f"Its own minutes per case {'surely fell' if is_faster else 'did not surely fall'}."]
    )
    parts = {"better in": told.better, "worse in": told.worse, "as before in": told.same}
    if named := [f"{how} {', '.join(names)}" for how, names in parts.items() if names]:
        said.append(f"Pilots of its family: {'; '.join(named)}.")
    if not said:
        return None, "No outcome of it was measured before and after."
    return bool(is_faster) and not told.worse, " ".join(said)
