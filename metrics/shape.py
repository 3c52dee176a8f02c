"""What a definition must look like before its number may be shown: every key there, known, and of a kind that can be right."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from errors import Refusal
from metrics.vocabulary import phrase, vocabulary

if TYPE_CHECKING:
    from metrics.definition import Metric

KINDS = {
    "average_over_days": ("measure", "date"),
    "mean_and_spread": ("measure",),
    "percentile": ("measure", "percentile"),
    "ratio": ("numerator", "denominator"),
    "sum": ("measure",),
}
UNITS = ("count", "days", "hours", "minutes", "money", "per_unit", "qty", "share", "turns")
BETTER = ("higher", "lower", "neither")

REQUIRED: dict[str, type] = {
    "metric": str,
    "title": str,
    "question": str,
    "kind": str,
    "reads": str,
    "unit": str,
    "better": str,
    "owner": str,
    "version": int,
    "source": str,
    "caution": str,
    "dimensions": list,
    "extracts": dict,
    "example": dict,
}
OPTIONAL: dict[str, type | tuple[type, ...]] = {
    "date": str,
    "where": str,
    "needs": list,
    "numerator": (str, int),
    "denominator": (str, int),
    "measure": (str, int),
    "percentile": float,
    "asked_as": list,
}
EXAMPLE = {"rows", "value", "arithmetic", "spread"}

# Words that one row cannot answer: an aggregate inside a row's expression is how an average of ratios begins.
MORE_THAN_A_ROW = re.compile(
    r"\b(sum|avg|mean|count|min|max|median|stddev\w*|var_\w+|quantile\w*|percentile\w*|any_value|first|last|over|select)\s*\(|\bselect\b",
    re.IGNORECASE,
)
# DuckDB and Spark both skip nulls in these two, so least(null, 5) is 5: what is not known would turn into a number.
FORGETS_NULL = re.compile(r"\b(least|greatest)\s*\(", re.IGNORECASE)
NOT_AN_EXPRESSION = re.compile(r";|--|/\*|\?")
NAME = re.compile(r"[a-z][a-z0-9_]*")
TABLE = re.compile(r"marts\.[a-z][a-z0-9_]*")


def formula(metric: "Metric") -> str:
    """How a metric is made from its rows, in one line."""
    adds = metric.numerator
    if metric.kind == "ratio":
        return f"sum of ({adds}) ÷ sum of ({metric.denominator})"
    if metric.kind == "average_over_days":
        return f"sum of ({adds}) ÷ number of days ({metric.date})"
    if metric.kind == "mean_and_spread":
        return f"mean of ({adds}), with its standard deviation"
    if metric.kind == "percentile":
        return f"{metric.percentile:.0%} percentile of ({adds})"
    return f"sum of ({adds})"


def check(name: str, spec: Mapping[str, Any]) -> None:
    """Refuse a definition at its first fault, naming the key, what stands there and what may stand there."""
    if not isinstance(spec, Mapping):
        raise _refusal(name, "the file is not a list of keys and values", "Begin with `metric: " + name + "`.")
    for key in spec:
        if key not in REQUIRED and key not in OPTIONAL:
            raise _refusal(name, f"`{key}` is not a key of a metric", "Use " + ", ".join([*REQUIRED, *OPTIONAL]) + ".")
    _one_of(name, spec, "kind", tuple(KINDS))
    for key, kind in REQUIRED.items():
        _there(name, spec, key, kind)
    for key, kinds in OPTIONAL.items():
        if key in spec and not isinstance(spec[key], kinds):
            raise _refusal(name, f"`{key}` is {spec[key]!r}", "Write it as in the other definitions.")
    _one_of(name, spec, "unit", UNITS)
    _one_of(name, spec, "better", BETTER)
    if spec["metric"] != name:
        raise _refusal(name, f"`metric` is {spec['metric']!r}", f"Call it {name!r}, as the file is called.")
    _kind(name, spec)
    _names(name, spec)
    _expressions(name, spec)
    _asked_as(name, spec)
    _example(name, spec["example"])


def tell_apart(metrics: Mapping[str, "Metric"]) -> None:
    """Refuse a word by which two numbers would be asked for: whoever uses it would get either."""
    owners = {phrase(name.replace("_", " ")): name for name in metrics}
    owners |= {phrase(metric.title): name for name, metric in metrics.items()}
    for name, metric in metrics.items():
        for word in metric.asked_as:
            owner = owners.setdefault(phrase(word), name)
            if owner != name:
                raise _refusal(
                    name, f"{owner!r} is asked for as {word!r} too", "Choose words that only one number has."
                )


def _kind(name: str, spec: Mapping[str, Any]) -> None:
    for key in KINDS[spec["kind"]]:
        if key not in spec:
            raise _refusal(name, f"a {spec['kind']} has no `{key}`", f"Add `{key}`.")
    for key in ("numerator", "denominator", "measure", "percentile"):
        if key in spec and key not in KINDS[spec["kind"]]:
            raise _refusal(name, f"a {spec['kind']} cannot have `{key}`", "Use " + ", ".join(KINDS[spec["kind"]]) + ".")
    if spec["kind"] == "percentile" and not 0 < spec["percentile"] < 1:
        raise _refusal(name, f"`percentile` is {spec['percentile']}", "Write a fraction between 0 and 1, such as 0.9.")


def _names(name: str, spec: Mapping[str, Any]) -> None:
    if not TABLE.fullmatch(spec["reads"]):
        raise _refusal(name, f"`reads` is {spec['reads']!r}", "Read one table of the marts, such as marts.order_lines.")
    for key in ("dimensions", "needs"):
        for column in spec.get(key, ()):
            if not isinstance(column, str) or not NAME.fullmatch(column):
                raise _refusal(
                    name, f"`{key}` names {column!r}", "Write column names in small letters and underscores."
                )
    if "date" in spec and not NAME.fullmatch(spec["date"]):
        raise _refusal(name, f"`date` is {spec['date']!r}", "Name one date column of the table that it reads.")
    for contract, columns in spec["extracts"].items():
        if not isinstance(columns, list) or not columns:
            raise _refusal(
                name, f"`extracts` says nothing about {contract!r}", "List the columns that the number needs."
            )


def _expressions(name: str, spec: Mapping[str, Any]) -> None:
    for key in ("numerator", "denominator", "measure", "where"):
        text = str(spec.get(key, ""))
        if NOT_AN_EXPRESSION.search(text):
            raise _refusal(name, f"`{key}` is more than an expression", "Leave out ; and comments and question marks.")
        if FORGETS_NULL.search(text):
            raise _refusal(
                name,
                f"`{key}` uses least or greatest, which skip nulls",
                "Use `case when`, so that unknown stays unknown.",
            )
        if MORE_THAN_A_ROW.search(text):
            raise _refusal(
                name,
                f"`{key}` looks beyond one row: {text}",
                "Say what one row adds; the sums are taken afterwards, so that a ratio is a ratio of sums.",
            )


def _asked_as(name: str, spec: Mapping[str, Any]) -> None:
    silent = {*vocabulary().filler, *vocabulary().now, *vocabulary().fits, *vocabulary().no_number}
    for word in spec.get("asked_as", ()):
        if not isinstance(word, str) or not phrase(word) or phrase(word) in silent:
            raise _refusal(name, f"`asked_as` names {word!r}", "Write words by which people ask for this number alone.")


def _example(name: str, example: Mapping[str, Any]) -> None:
    for key in example:
        if key not in EXAMPLE:
            raise _refusal(
                name, f"the example has a key `{key}`", "Use rows, value, arithmetic and, for a mean, spread."
            )
    for key in ("rows", "value", "arithmetic"):
        if key not in example:
            raise _refusal(name, f"the example has no `{key}`", f"Add `{key}`, worked out by hand.")
    if not isinstance(example["rows"], list) or not all(isinstance(row, Mapping) for row in example["rows"]):
        raise _refusal(name, "the example's `rows` are not rows", "Write each as {column: value, …}.")


def _there(name: str, spec: Mapping[str, Any], key: str, kind: type) -> None:
    if key not in spec or spec[key] in ("", [], {}, None):
        raise _refusal(name, f"`{key}` is missing", f"Add `{key}`.")
    if not isinstance(spec[key], kind) or isinstance(spec[key], bool):
        raise _refusal(name, f"`{key}` is {spec[key]!r}", "Write it as in the other definitions.")


def _one_of(name: str, spec: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> None:
    if key not in spec:
        raise _refusal(name, f"`{key}` is missing", f"Add `{key}`: one of {', '.join(allowed)}.")
    if spec[key] not in allowed:
        raise _refusal(name, f"`{key}` is {spec[key]!r}", f"Use one of: {', '.join(allowed)}.")


def _refusal(name: str, why: str, fix: str) -> Refusal:
    return Refusal(f"The metric {name!r} cannot be used.", f"{why[0].upper()}{why[1:]}.", fix)
