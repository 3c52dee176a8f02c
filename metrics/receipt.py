"""The receipt of a number: everything that somebody needs to hold it to account, and to make it again."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from metrics.definition import Metric
from metrics.sql import Query


@dataclass(frozen=True)
class Receipt:
    """What a shown number means and how it was made; the page fills in what only the build can say.

    Args:
        query_hash: the same for the same definition, version, SQL and parameters, whoever asks and whenever.
        rows: the query for the rows behind the number.
        sources: names of the files that it was made from.
        built_at, as_of_date: when the build was made, and the day that it stands for.
    """

    metric: Metric
    filters: tuple[str, ...]
    query: Query
    rows: Query
    query_hash: str
    value: Any = None
    row_count: int | None = None
    sources: tuple[str, ...] = ()
    build_id: str | None = None
    built_at: dt.datetime | None = None
    as_of_date: dt.date | None = None

    def filled(self, **facts: Any) -> "Receipt":
        """The same receipt with what the build said: value, row_count, sources, build_id, built_at, as_of_date."""
        return replace(self, **facts)


def receipt(
    metric: Metric,
    *,
    by: Iterable[str] = (),
    where: Mapping[str, Any] | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Receipt:
    """The receipt of a metric under these filters, before any build was asked.

    >>> from metrics.definition import definition
    >>> paper = receipt(definition("net_sales"), where={"site_id": "S1"}, since=dt.date(2026, 1, 1))
    >>> paper.filters
    ('site_id = S1', 'ordered_date from 2026-01-01')
    >>> paper.query_hash == receipt(definition("net_sales"), where={"site_id": "S2"}).query_hash
    False
    """
    cuts = (by,) if isinstance(by, str) else tuple(by)
    query = metric.query(by=cuts, where=where, since=since, until=until)
    return Receipt(
        metric=metric,
        filters=_filters(metric, where or {}, since, until),
        query=query,
        rows=metric.rows_query(where=where, since=since, until=until),
        query_hash=query_hash(metric, query),
    )


def query_hash(metric: Metric, query: Query) -> str:
    """SHA-256 over the metric's name and version, the SQL and its parameters with their types."""
    said = [metric.name, metric.version, query.sql, [[type(value).__name__, str(value)] for value in query.params]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _filters(metric: Metric, where: Mapping[str, Any], since: dt.date | None, until: dt.date | None) -> tuple[str, ...]:
    said = [f"{column} = {_in_words(chosen)}" for column, chosen in where.items()]
    said += [f"{metric.date} from {since}"] if since else []
    said += [f"{metric.date} to {until}"] if until else []
    return tuple(said)


def _in_words(chosen: Any) -> str:
    values = chosen if isinstance(chosen, list | tuple | set | frozenset) else [chosen]
    return " or ".join("not known" if value is None else str(value) for value in values) or "none of them"
