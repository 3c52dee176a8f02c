"""How old each source is beside the target that was set for it: on Data health, and under a control that asks for fresh sources."""

import polars as pl

from pages.parts import tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit
from pipelines.contract import contracts

SOURCE = "marts.source_freshness"
KEPT, BROKEN = "kept", "not kept"
COLUMNS = {
    "verdict_code": 84, "source_name": 136, "source_age_days": 82, "held_days": 100, "loaded_date": 120, "newest_row_date": 120,
    "assumption": 240,
}  # fmt: skip
LABELS = {
    "verdict_code": "Target",
    "source_name": "Source",
    "source_age_days": "Age, days",
    "held_days": "May be, days",
    "loaded_date": "Last brought",
    "newest_row_date": "Newest row",
    "assumption": "Change its target",
}
UNITS = {"verdict_code": "verdict", "source_age_days": "count", "held_days": "count"}
MEANT = (
    "Age: days from the last load, or from the newest row where rows have a day; the more counts, so an old extract is not fresh because "
    "it was brought today. Days run to the day up to which the data reach, those of rows to the last load where that came later. "
    "Each source has a target of its own; click its name in the last column to change it. What is changed counts from the next refresh on."
)


def board(visit: Visit) -> None:
    """Draws every source with its age and its own target, those that are too old first; nothing in a build that does not tell."""
    if visit.build is not None and has_rows(visit, SOURCE):
        _show(visit, held(mart(visit, SOURCE)), name="freshness", title="How fresh each source is", note=MEANT)


def under(visit: Visit, limit: float | None) -> None:
    """Draws the sources that a use case answers from, each against its own target, or against the control's limit where that is less."""
    if visit.build is None or not has_rows(visit, SOURCE):
        return
    found = held(mart(visit, SOURCE, where={"is_about_ai": False}), limit)
    title = (
        "How fresh the sources are"
        if limit is None
        else f"How fresh the sources are; none may be older than {limit:,.0f} days"
    )
    _show(visit, found, name="ai_freshness", title=title, note=MEANT)


def held(found: pl.DataFrame, limit: float | None = None) -> pl.DataFrame:
    """Rows of `marts.source_freshness` with the days that each may be old under a limit and whether it keeps them, the worst first.

    >>> row = {"contract_name": ["orders"], "source_age_days": [3], "freshness_target_days": [7.0]}
    >>> [held(pl.DataFrame(row), limit)["verdict_code"].item() for limit in (None, 2, 30)]
    ['kept', 'not kept', 'kept']
    """
    may_be = pl.min_horizontal("freshness_target_days", pl.lit(limit, dtype=pl.Float64))
    titles = {name: contract.title for name, contract in contracts().items()}
    return found.with_columns(
        held_days=may_be,
        verdict_code=pl.when(pl.col("source_age_days") <= may_be).then(pl.lit(KEPT)).otherwise(pl.lit(BROKEN)),
        source_name=pl.col("contract_name").replace(titles),
        assumption=pl.format("freshness_days_{}", "contract_name"),
    ).sort(pl.col("verdict_code") == KEPT, "source_age_days", "contract_name", descending=[False, True, False])


def _show(visit: Visit, found: pl.DataFrame, *, name: str, title: str, note: str) -> None:
    kept = found.filter(pl.col("verdict_code") == KEPT).height
    tables.show(visit, found, name=name, title=f"{title}: {kept} of {found.height} within target", columns=COLUMNS, labels=LABELS,
                units=UNITS, source=SOURCE, links={"assumption": "assumptions"}, note=note)  # fmt: skip
