"""Planned costs added up in every way that a page cuts them, with the proof that each way gives the same total."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from models.ai_economics.lines import COMPONENTS, SWITCHING, Component

WAYS = (
    "component_code",
    "layer_code",
    "budget_category_code",
    "domain_code",
    "use_case_id",
    "deployment_code",
    "site_id",
    "month_date",
    "cost_nature_code",
)


# What belongs to no component: the method has it as a layer of its own.
APART = Component(
    "switching and reserve",
    "Changing a vendor, and the reserve for jumps of prices, season and new rules",
    "How far possible futures lie apart",
    "Sized from simulated overruns (P80 less P50), not a flat guess",
)
EVERY = (*COMPONENTS, APART)


@dataclass(frozen=True)
class Total:
    """One total, and the ways of cutting it whose parts do not add up to it; none where all do.

    `combination` is the sum over the finest cells of all ways together.
    """

    amount: Decimal
    combination: Decimal
    wrong: tuple[str, ...]

    @property
    def is_one(self) -> bool:
        """Whether every way of cutting gives the same total, to the last digit."""
        return not self.wrong and self.amount == self.combination


def reconciled(rows: pl.DataFrame) -> Total:
    """The total of planned rows, and whether the parts by component, category, domain and so on each add up to it.

    >>> rows = pl.DataFrame(
    ...     {name: ["a", "b"] for name in WAYS} | {"planned_amount": [Decimal("1.25"), Decimal("2.50")]}
    ... )
    >>> reconciled(rows).amount, reconciled(rows).is_one
    (Decimal('3.75'), True)
    """
    amount = _sum(rows["planned_amount"])
    wrong = tuple(way for way in WAYS if _sum(parts(rows, way)["planned_amount"]) != amount)
    cells = rows.group_by(WAYS).agg(pl.col("planned_amount").sum())
    return Total(amount, _sum(cells["planned_amount"]), wrong)


def parts(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    """The sums by one or more columns, the greatest first; rows whose key is unknown make a part of their own."""
    found = rows.group_by(by).agg(pl.col("planned_amount").sum())
    return found.sort("planned_amount", *by, descending=[True, *[False] * len(by)], nulls_last=True)


def reserve_apart(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows with switching and reserve as a component of their own, so that they swell none of the eleven.

    >>> rows = pl.DataFrame(
    ...     {"component_code": ["orchestration"] * 2, "layer_code": ["switching and contingency", "compute"]}
    ... )
    >>> reserve_apart(rows)["component_code"].to_list()
    ['switching and reserve', 'orchestration']
    """
    is_apart = pl.col("layer_code") == SWITCHING
    return rows.with_columns(
        component_code=pl.when(is_apart).then(pl.lit(APART.code)).otherwise(pl.col("component_code"))
    )


def cross_tab(rows: pl.DataFrame, down: str, across: str, order: Sequence[str] = ()) -> pl.DataFrame:
    """Sums of one column's values down and another's across, with a total of each row in `total_amount` and a last row of totals.

    Errors:
        KeyError: `down` and `across` are the same column.

    >>> rows = pl.DataFrame({"a": ["x", "x", "y"], "b": ["p", "q", "p"], "planned_amount": [1.0, 2.0, 4.0]})
    >>> cross_tab(rows, "a", "b").rows()
    [('y', 4.0, 0.0, 4.0), ('x', 1.0, 2.0, 3.0), ('all', 5.0, 2.0, 7.0)]
    """
    if down == across:
        raise KeyError(f"{down!r} cannot stand both down and across")
    named = rows.with_columns(pl.col(down, across).cast(pl.String).fill_null("not told"))
    columns = list(order) or named[across].unique().sort().to_list()
    wide = named.pivot(across, index=down, values="planned_amount", aggregate_function="sum", maintain_order=True)
    wide = wide.select(down, *[name for name in columns if name in wide.columns])
    wide = wide.with_columns(pl.sum_horizontal(pl.exclude(down)).alias("total_amount"))
    wide = wide.sort("total_amount", down, descending=[True, False])
    last = wide.select(pl.lit("all").alias(down), pl.exclude(down).sum())
    return pl.concat([wide, last], how="vertical_relaxed")


def by_month(rows: pl.DataFrame) -> pl.DataFrame:
    """The planned sum of each month, in order."""
    return rows.group_by("month_date").agg(pl.col("planned_amount").sum()).sort("month_date")


def peak(months: pl.DataFrame) -> tuple[object, float, float] | None:
    """The dearest month, what it costs, and the average month; None without months.

    >>> peak(pl.DataFrame({"month_date": [1, 2], "planned_amount": [10.0, 30.0]}))
    (2, 30.0, 20.0)
    """
    if months.is_empty():
        return None
    row = months.sort("planned_amount", "month_date", descending=[True, False]).row(0, named=True)
    mean = float(months["planned_amount"].cast(pl.Float64).mean() or 0.0)  # type: ignore[arg-type]  # a mean of numbers
    return row["month_date"], float(row["planned_amount"]), mean


def _sum(values: pl.Series) -> Decimal:
    found = values.sum()
    return Decimal(str(found))
