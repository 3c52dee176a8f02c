"""How a metric becomes SQL: what people choose is bound as parameters, and only declared columns are ever named."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from errors import Refusal

if TYPE_CHECKING:
    from metrics.definition import Metric

PERIODS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class Query:
    """SQL with `?` for each parameter, and the parameters in their order."""

    sql: str
    params: tuple[Any, ...] = ()


def total(
    metric: "Metric",
    *,
    by: Iterable[str] = (),
    where: Mapping[str, Any] | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Query:
    """The query for one row per cut: by columns, numerator, denominator, value, row_count (and spread of a mean)."""
    cuts = [by] if isinstance(by, str) else list(by)
    conditions, params = _conditions(metric, where or {}, since, until)
    measures = _measures(metric)
    measured = [cut if _cut(metric, cut) == cut else f"{_cut(metric, cut)} as {cut}" for cut in cuts]
    measured += [f"{sql} as {name}" for name, sql in measures.items()] + ["count(*) as row_count"]
    shown = [*cuts, "numerator", "denominator", f"{_value(metric)} as value"]
    shown += (["spread"] if "spread" in measures else []) + ["row_count"]
    lines = ["with measured as (", "    select", _listed(measured, "        "), f"    from {metric.reads}"]
    lines += ["    where " + "\n        and ".join(conditions)] if conditions else []
    lines += ["    group by " + ", ".join(_cut(metric, cut) for cut in cuts)] if cuts else []
    lines += [")", "select", _listed(shown, "    "), "from measured"]
    lines += ["order by " + ", ".join(cuts)] if cuts else []
    return Query("\n".join(lines), params)


def rows(
    metric: "Metric",
    *,
    where: Mapping[str, Any] | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    limit: int | None = None,
) -> Query:
    """The query for the rows behind the number, each with what it adds, the worst first, ties in the order of the key."""
    conditions, params = _conditions(metric, where or {}, since, until)
    below = metric.denominator or "1"
    worst = {"higher": f"({below}) - ({metric.numerator}) desc", "lower": f"({metric.numerator}) desc"}
    first = worst.get(metric.better, f"({metric.numerator}) desc")
    lines = ["select", _listed(["*", f"{metric.numerator} as numerator", f"{below} as denominator"], "    ")]
    lines += [f"from {metric.reads}"] + (["where " + "\n    and ".join(conditions)] if conditions else [])
    lines += [f"order by {first} nulls last, 1, 2"]
    if limit is not None:
        lines, params = [*lines, "limit ?"], (*params, limit)
    return Query("\n".join(lines), params)


def _measures(metric: "Metric") -> dict[str, str]:
    adds = f"sum({metric.numerator})"
    if metric.kind == "ratio":
        return {"numerator": adds, "denominator": f"sum({metric.denominator})"}
    if metric.kind == "average_over_days":
        return {"numerator": adds, "denominator": f"count(distinct {metric.date})"}
    if metric.kind == "mean_and_spread":
        # Taken from the rows and not from sums of squares, which lose every digit when the mean is large.
        spread = f"stddev_samp(cast({metric.numerator} as double))"
        return {"numerator": adds, "denominator": f"count({metric.numerator})", "spread": spread}
    if metric.kind == "percentile":
        ordered = f"percentile_cont({metric.percentile}) within group (order by cast({metric.numerator} as double))"
        nothing = "cast(null as double)"
        return {"numerator": nothing, "denominator": f"count({metric.numerator})", "percentile_number": ordered}
    exact = f"cast({adds} as bigint)" if metric.unit == "count" else adds
    return {"numerator": exact, "denominator": f"count({metric.numerator})"}


def _value(metric: "Metric") -> str:
    if metric.kind == "sum":
        return "numerator"
    if metric.kind == "percentile":
        return "percentile_number"
    return "cast(numerator as double) / nullif(cast(denominator as double), 0)"


def _conditions(
    metric: "Metric", where: Mapping[str, Any], since: dt.date | None, until: dt.date | None
) -> tuple[list[str], tuple[Any, ...]]:
    conditions = [f"({metric.where})"] if metric.where else []
    conditions += [f"{column} is not null" for column in metric.needs]
    params: list[Any] = []
    for column, chosen in where.items():
        _declared(metric, column)
        sql, values = _match(metric, column, chosen)
        conditions.append(sql)
        params += values
    for day, comparison in ((since, ">="), (until, "<=")):
        if day is not None:
            conditions.append(f"{_date(metric)} {comparison} ?")
            params.append(_a_date(metric, day))
    return conditions, tuple(params)


def _match(metric: "Metric", column: str, chosen: Any) -> tuple[str, list[Any]]:
    values = list(chosen) if isinstance(chosen, list | tuple | set | frozenset) else [chosen]
    known = [value for value in values if value is not None]
    for value in known:
        if not isinstance(value, str | int | float | Decimal | dt.date):
            raise Refusal(
                f"{metric.title} cannot be filtered by {column} = {value!r}.",
                f"A {type(value).__name__} is not a value that a column can hold.",
                "Give a text, a number, a date, yes or no, nothing, or a list of these.",
            )
    parts = [f"{column} in ({', '.join('?' * len(known))})"] if known else []
    parts += [f"{column} is null"] if len(known) < len(values) else []
    # An empty list chooses nothing: no row, and not every row.
    return (f"({' or '.join(parts)})" if parts else "false"), known


def _cut(metric: "Metric", cut: str) -> str:
    if cut in PERIODS:
        day = _date(metric)
        return day if cut == "day" else f"cast(date_trunc('{cut}', {day}) as date)"
    _declared(metric, cut)
    return cut


def _declared(metric: "Metric", column: str) -> None:
    if column in metric.dimensions:
        return
    periods = f"; periods: {', '.join(PERIODS)}" if metric.date else ""
    raise Refusal(
        f"{metric.title} cannot be cut or filtered by {column!r}.",
        f"It is not one of the dimensions that the metric declares in metrics/definitions/{metric.name}.yml.",
        f"Use one of: {', '.join(metric.dimensions)}{periods}.",
    )


def _date(metric: "Metric") -> str:
    if metric.date is None:
        raise Refusal(
            f"{metric.title} cannot be cut by period.",
            f"{metric.reads} shows one moment, the day of the build, and no other.",
            "Leave the period out, or use a metric with a date.",
        )
    return metric.date


def _a_date(metric: "Metric", day: Any) -> dt.date:
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
        raise Refusal(
            f"{metric.title} cannot be cut at {day!r}.",
            "Periods run from a day to a day; an instant belongs to different days in different time zones.",
            "Give a date.",
        )
    return day


def _listed(columns: list[str], indent: str) -> str:
    return ",\n".join(indent + column for column in columns)
