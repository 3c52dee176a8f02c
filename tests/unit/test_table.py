"""An SQL file says what it promises, and a promise that is missing is named."""

from graphlib import TopologicalSorter

import pytest

from pipelines.table import Table, reads, table, tables

GOOD = """-- answers: What did customers ask for?
-- grain: one row per order line
-- key: order_id, line_key
-- kind: table
-- checks:
--   ordered_qty is not null
--   shipped_qty >= 0 or is_return
-- why: because a promise
--   may need two lines
with lines as (select order_id, line_key from staging.order_lines)
select lines.order_id, lines.line_key from lines left join core.skus on true;
"""


def test_a_header_becomes_a_value():
    """Every field of the header arrives, in order and without its marks."""
    made = table("core.lines", GOOD)
    assert made == Table(
        name="core.lines",
        kind="table",
        answers="What did customers ask for?",
        grain="one row per order line",
        key=("order_id", "line_key"),
        checks=("ordered_qty is not null", "shipped_qty >= 0 or is_return"),
        sql=GOOD[GOOD.index("with lines") :].strip().rstrip(";"),
        reads=frozenset({"staging.order_lines", "core.skus"}),
        why="because a promise may need two lines",
    )
    assert made.schema == "core"


@pytest.mark.parametrize("field", ["answers", "grain", "key", "kind"])
def test_a_header_that_lacks_a_line_is_named(field):
    """The error says which file and which line is missing."""
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith(f"-- {field}:"))
    with pytest.raises(ValueError, match=f"core.lines: the header lacks a line '-- {field}"):
        table("core.lines", text)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("-- kind: table", "-- kind: heap"), "kind is 'heap'"),
        (("-- kind: table", "-- kind: table\n-- kind: view"), "says 'kind' twice"),
        (("-- kind: table", "-- kind: table\n-- colour: red"), "none of answers"),
        (("left join core.skus", "left join skus"), "write the schema before skus"),
        (("on true;", "on true; drop table core.skus"), "exactly one select"),
    ],
)
def test_a_file_that_breaks_the_form_is_refused(change, complaint):
    """An unknown field, a doubled one, a bare table and a second statement are each named."""
    with pytest.raises(ValueError, match=complaint):
        table("core.lines", GOOD.replace(*change))


def test_a_step_named_like_a_table_elsewhere_is_still_a_step():
    """Only what has a schema is read from outside."""
    assert reads("core.x", "with skus as (select 1 as n from staging.skus) select n from skus") == {"staging.skus"}


def test_an_inner_query_is_read_too():
    """Tables in exists and in scalar queries count."""
    sql = "select (select max(a.n) from raw.a as a) as n from core.b as b where exists (select 1 from core.c as c)"
    assert reads("core.x", sql) == {"raw.a", "core.b", "core.c"}


def test_the_tables_of_the_product_can_be_sorted():
    """No table waits for itself, and what core reads is made by somebody: the build, or another file."""
    graph = {name: made.reads for name, made in tables().items()}
    assert list(TopologicalSorter(graph).static_order())
    made_here = set(graph)
    for name, read in graph.items():
        missing = {other for other in read if other.startswith(("core.", "marts."))} - made_here
        assert not missing, f"{name} reads {missing}, which no file makes"


def test_an_address_is_a_path():
    """`core.order_lines` is `sql/core/order_lines.sql`."""
    for name, made in tables().items():
        assert made.name == name
        assert name.count(".") == 1
