"""The possible futures behind the cost of AI, made once for each build: 1,000 of them, the same for everybody who asks."""

import polars as pl

from models.ai_economics.inputs import READS, registry, world_of
from models.ai_economics.programme import Simulated, simulated
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import World
from pages.parts.ask import columns_of, has_rows, mart, quoted
from pages.parts.kept import Kept, place
from pages.parts.page import Visit

PATHS, SEED, BANDS, CASES = 1_000, 36, "scores.ai_cost_bands", "scores.ai_business_cases"
WORLDS: Kept[World | None] = Kept(at_most=8)
FOUND: Kept[Simulated | None] = Kept(at_most=8)
REGISTRIES: Kept[list[UseCase]] = Kept(at_most=20)


def frames(visit: Visit) -> dict[str, pl.DataFrame]:
    """The rows that the plan reads, as this build has them; nothing of them is kept here."""
    found = {}
    for table, columns in READS.items():
        known = columns_of(visit, table)
        picked = ", ".join(quoted(column, known, table) for column in columns)
        found[table] = visit.build.query(f"select {picked} from {table}")  # noqa: S608  names are checked
    return found


def world(visit: Visit) -> World | None:
    """The programme that was taken up, on 1,000 possible futures; None where no month of orders is known."""
    return WORLDS.get((*place(visit), "cost"), lambda: _world(visit))


def planned(visit: Visit) -> Simulated | None:
    """The same programme worked through as it is planned."""
    return FOUND.get((*place(visit), "cost"), lambda: _planned(visit))


def gap(visit: Visit, use_case_id: str | None = None) -> str:
    """What the planned totals, or one use case's figures, leave out because no price is known; empty where everything has one."""
    if not has_rows(visit, BANDS):
        return ""
    scope = (
        {"scope_kind_name": "total"}
        if use_case_id is None
        else {"scope_kind_name": "use case", "scope_name": use_case_id}
    )
    found = mart(visit, BANDS, where=scope)
    return found["gap_text"].item() or "" if "gap_text" in found.columns and found.height else ""


def unsure(visit: Visit) -> str:
    """How much of the programme's worth is of use cases that nobody compared with cases without AI, in a sentence; empty without any."""
    if not has_rows(visit, CASES):
        return ""
    found = mart(visit, CASES, where={"is_taken_up": True, "evidence_grade": ["C", "D"]}, columns=("npv_amount",))[
        "npv_amount"
    ]
    if not found.drop_nulls().len():
        return ""
    return f"Of the worth, {visit.words.money(found.sum())} is of use cases that nobody compared with cases without AI (grade C or D)."


def use_cases(visit: Visit) -> list[UseCase]:
    """Every use case of the registry."""
    return REGISTRIES.get((*place(visit), "registry"), lambda: _registry(visit))


def _world(visit: Visit) -> World | None:
    if visit.as_of is None:
        return None
    found = world_of(frames(visit), visit.as_of, count=PATHS, seed=SEED)
    return found if found is not None and found.use_cases else None


def _planned(visit: Visit) -> Simulated | None:
    found = world(visit)
    return None if found is None else simulated(found)


def _registry(visit: Visit) -> list[UseCase]:
    known = columns_of(visit, "raw.use_cases")
    picked = ", ".join(quoted(column, known, "raw.use_cases") for column in READS["raw.use_cases"])
    return registry({"raw.use_cases": visit.build.query(f"select {picked} from raw.use_cases")})  # noqa: S608  names are checked
