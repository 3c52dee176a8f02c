"""What the numbers mean: each metric is one YAML file in `metrics/definitions/`, read into a frozen value that can ask for itself."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from errors import Refusal
from metrics import shape, sql
from metrics.sql import Query

FOLDER = Path(__file__).resolve().parent / "definitions"


@dataclass(frozen=True)
class Example:
    """Rows small enough to do in the head, and the value that a person worked out from them."""

    rows: tuple[Mapping[str, Any], ...]
    value: Any
    arithmetic: str
    spread: float | None = None


@dataclass(frozen=True)
class Metric:
    """One governed number: what a row adds above and below the line, which rows count, in which unit, and who answers for it.

    Args:
        numerator: SQL over the columns of one row; what that row adds. The summing is done here and nowhere else, so a
            ratio is always a ratio of sums.
        denominator: SQL over one row, for a ratio; None for the other kinds.
        needs: columns without which a row does not count, neither above nor below the line.
        date: the column that periods cut on; None where the table shows one moment only.
        dimensions: the columns by which the number may be cut and filtered.
        extracts: contract -> the columns of it that make the number possible.
        asked_as: what people call it beside its title.
    """

    name: str
    title: str
    question: str
    kind: str
    reads: str
    date: str | None
    where: str
    needs: tuple[str, ...]
    numerator: str
    denominator: str | None
    percentile: float | None
    unit: str
    better: str
    owner: str
    version: int
    source: str
    caution: str
    dimensions: tuple[str, ...]
    extracts: Mapping[str, tuple[str, ...]]
    example: Example
    asked_as: tuple[str, ...] = ()

    @property
    def formula(self) -> str:
        """How the number is made from its rows, in one line for a reader.

        >>> definitions()["net_sales"].formula
        'sum of (net_amount)'
        """
        return shape.formula(self)

    @property
    def is_additive(self) -> bool:
        """Whether a total can be made from the sums of its parts; a percentile cannot."""
        return self.kind != "percentile"

    def query(
        self,
        by: Iterable[str] = (),
        where: Mapping[str, Any] | None = None,
        since: dt.date | None = None,
        until: dt.date | None = None,
    ) -> Query:
        """The query that gives one row per cut: the `by` columns, numerator, denominator, value, row_count.

        A mean also gives its `spread` (standard deviation, n − 1). The value is null where there is nothing to divide by.

        Args:
            by: declared dimensions, or one of day, week, month, quarter, year (cut on the metric's date).
            where: dimension -> a value, None, or a list of them; rows must match all of them.
            since, until: first and last day, both counted.

        Raises Refusal for a dimension that the metric does not declare, or a period where it has no date.

        >>> definitions()["net_sales"].query(by=["month"], where={"site_id": "S1"}).params
        ('S1',)
        """
        return sql.total(self, by=by, where=where, since=since, until=until)

    def rows_query(
        self,
        where: Mapping[str, Any] | None = None,
        since: dt.date | None = None,
        until: dt.date | None = None,
        limit: int | None = None,
    ) -> Query:
        """The rows behind the number, under the same filters, the worst first; what each adds stands in `numerator` and `denominator`.

        Without a limit, the sums of those two columns are the sums of `query`.
        """
        return sql.rows(self, where=where, since=since, until=until, limit=limit)


@cache
def definitions() -> dict[str, Metric]:
    """Every metric by its name, in the order of the file names.

    >>> definitions()["line_fill_rate"].unit
    'share'
    """
    found = {
        path.stem: read(path.stem, yaml.load(path.read_text("utf-8"), yaml.CSafeLoader))
        for path in sorted(FOLDER.glob("*.yml"))
    }
    shape.tell_apart(found)
    return found


def definition(name: str) -> Metric:
    """The metric of that name; a name that is not one is refused with the list of those that are."""
    if name not in definitions():
        raise Refusal(
            f"There is no metric called {name!r}.",
            "Each metric is a file in metrics/definitions/.",
            "Use one of: " + ", ".join(definitions()) + ".",
        )
    return definitions()[name]


def read(name: str, spec: Mapping[str, Any]) -> Metric:
    """A metric out of its YAML; refused with the file, the key and what is wrong with it.

    >>> read("net_sales", {"metric": "net_sales", "kind": "mean"})
    Traceback (most recent call last):
    ...
    errors.Refusal: The metric 'net_sales' cannot be used. Why: `kind` is 'mean'. Fix: Use one of: average_over_days, ...
    """
    shape.check(name, spec)
    example = spec["example"]
    return Metric(
        name=name,
        title=spec["title"],
        question=spec["question"],
        kind=spec["kind"],
        reads=spec["reads"],
        date=spec.get("date"),
        where=spec.get("where", ""),
        needs=tuple(spec.get("needs", ())),
        numerator=str(spec["numerator"] if spec["kind"] == "ratio" else spec["measure"]),
        denominator=str(spec["denominator"]) if spec["kind"] == "ratio" else None,
        percentile=spec.get("percentile"),
        unit=spec["unit"],
        better=spec["better"],
        owner=spec["owner"],
        version=spec["version"],
        source=spec["source"],
        caution=spec["caution"],
        dimensions=tuple(spec["dimensions"]),
        extracts={contract: tuple(columns) for contract, columns in spec["extracts"].items()},
        example=Example(
            rows=tuple(example["rows"]),
            value=example["value"],
            arithmetic=example["arithmetic"],
            spread=example.get("spread"),
        ),
        asked_as=tuple(spec.get("asked_as", ())),
    )
