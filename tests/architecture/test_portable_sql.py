"""The SQL of the build says nothing that Spark would not understand in the same way (docs/why/portable-sql.md)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlglot
import yaml
from sqlglot import exp

from pipelines.table import tables

PORTABLE = yaml.safe_load((Path(__file__).parent / "portable_words.yml").read_text("utf-8"))
WORDS = {word for group in PORTABLE["words"].values() for word in group}
EXCEPTIONS = {(name, finding) for finding, names in PORTABLE["exceptions"].items() for name in names}


def is_sure_divisor(node: exp.Div) -> bool:
    divisor = node.expression.unnest()
    return isinstance(divisor, exp.Nullif) or (isinstance(divisor, exp.Literal) and float(divisor.name) != 0)


def is_cast_to_date(node: exp.Expr) -> bool:
    around = node.find_ancestor(exp.Cast)
    return around is not None and around.to.sql("duckdb") == "DATE"


def join_words(node: exp.Join) -> str:
    return f"{node.method} {node.side} {node.kind}".strip()


# Words of both dialects that may be used in a way of one of them only: node, when it is well, what is said otherwise.
DETAILS: list[tuple[tuple[type, ...], Callable[..., bool], str]] = [
    ((exp.Cast,), lambda n: n.to.sql("duckdb") in PORTABLE["types"], "a cast to another type"),
    ((exp.Div,), is_sure_divisor, "a divisor that may be zero"),
    ((exp.Extract,), lambda n: n.name.upper() in PORTABLE["units"], "extract of another unit"),
    ((exp.DateDiff,), lambda n: n.text("unit").upper() == "DAY", "date_diff of another unit than days"),
    ((exp.Interval, exp.DateTrunc), is_cast_to_date, "date arithmetic without a cast to date around it"),
    ((exp.Join,), lambda n: join_words(n) in PORTABLE["joins"], "another kind of join"),
    ((exp.Union,), lambda n: not n.args.get("by_name"), "union by name"),
    ((exp.Star,), lambda n: not any(n.args.values()), "a star with something taken out or put in"),
    ((exp.Distinct,), lambda n: not n.args.get("on"), "distinct on"),
    ((exp.Group,), lambda n: not (n.args.get("all") or n.args.get("grouping_sets")), "group by all"),
    ((exp.Table,), lambda n: isinstance(n.this, exp.Identifier), "a function in the place of a table"),
    ((exp.Subquery,), lambda n: isinstance(n.parent, exp.From | exp.Join | exp.In), "a query in the place of a value"),
    ((exp.Select,), lambda n: not (n.args.get("qualify") or n.args.get("sample")), "qualify or sample"),
]


def findings(sql: str) -> Iterator[str]:
    """Everything in a statement that is not known to mean the same on both."""
    for node in sqlglot.parse_one(sql, read="duckdb").walk():
        name = type(node).__name__
        if isinstance(node, exp.Anonymous):
            yield f"the function {node.name.lower()}"
        elif name not in WORDS:
            yield name
        else:
            yield from (said for types, is_well, said in DETAILS if isinstance(node, types) and not is_well(node))


@pytest.mark.parametrize("name", tables())
def test_a_file_says_nothing_of_one_dialect_only(name):
    """Every node and function is on the list, or is a documented exception of this very file."""
    strange = {finding for finding in findings(tables()[name].sql) if (name, finding) not in EXCEPTIONS}
    assert not strange, f"{name} uses {sorted(strange)}: say it otherwise, or read docs/why/portable-sql.md"


@pytest.mark.parametrize("name", tables())
def test_a_file_can_be_written_in_spark(name):
    """Necessary, not sufficient: the translation knows no word that it has to leave out."""
    sql, must = tables()[name].sql, sqlglot.ErrorLevel.RAISE
    (spark,) = sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=must)
    assert sqlglot.parse_one(spark, read="spark")


def test_the_exceptions_only_shrink():
    """The list is as long as the figure says, no longer; and each exception is in use."""
    assert len(EXCEPTIONS) == PORTABLE["exceptions_at_most"], "write the new, smaller figure; it may not grow"
    used = {(made.name, finding) for made in tables().values() for finding in findings(made.sql)}
    assert used >= EXCEPTIONS, f"no longer used, take out: {sorted(EXCEPTIONS - used)}"


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        ("select list(n) as n from core.x", "ArrayAgg"),
        ("select * from range(3)", "a function in the place of a table"),
        ("select n from core.x qualify row_number() over (order by n) = 1", "qualify or sample"),
        ("select * exclude (n) from core.x", "a star with something taken out or put in"),
        ("select distinct on (n) n, m from core.x", "distinct on"),
        ("select n, count(*) as c from core.x group by all", "group by all"),
        ("select n from core.x union by name select n from core.y", "union by name"),
        ("select a.n from core.x as a asof join core.y as b on a.n >= b.n", "another kind of join"),
        ("select n / m as share from core.x", "a divisor that may be zero"),
        ("select concat(a, b) as c from core.x", "Concat"),
        ("select dayofweek(d) as n from core.x", "DayOfWeek"),
        ("select extract(isodow from d) as n from core.x", "extract of another unit"),
        ("select date_diff('month', a, b) as n from core.x", "date_diff of another unit than days"),
        ("select d + interval 1 day as e from core.x", "date arithmetic without a cast to date around it"),
        ("select cast(d as time) as t from core.x", "a cast to another type"),
        ("select epoch_ms(d) as n from core.x", "UnixToTime"),
        ("select some_new_function(d) as n from core.x", "the function some_new_function"),
        ("select (select max(m) from core.y) as m from core.x", "a query in the place of a value"),
    ],
)
def test_what_differs_is_found(sql, finding):
    """The watchman is awake: each of these parses, runs on DuckDB, and is refused here."""
    assert finding in list(findings(sql))
