"""What each SQL file promises: its header read into a plain value, and the tables that it reads, taken from the SQL itself."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlglot
from sqlglot import exp

FOLDER = Path(__file__).resolve().parent / "sql"
KINDS = ("table", "view")
FIELDS = ("answers", "grain", "key", "kind", "checks", "why")
NEEDED = ("answers", "grain", "key", "kind")


@dataclass(frozen=True)
class Table:
    """One table or view of the build: the question it answers, its grain and key, what holds for each row, and its SQL."""

    name: str
    kind: str
    answers: str
    grain: str
    key: tuple[str, ...]
    checks: tuple[str, ...]
    sql: str
    reads: frozenset[str]
    why: str = ""

    @property
    def schema(self) -> str:
        """The layer: `core` of `core.order_lines`."""
        return self.name.partition(".")[0]


@cache
def tables() -> dict[str, Table]:
    """All SQL tables by address: the file `sql/core/order_lines.sql` is `core.order_lines`.

    >>> tables()["core.order_lines"].key
    ('order_id', 'line_key')
    """
    paths = sorted(FOLDER.glob("*/*.sql"))
    found = {f"{path.parent.name}.{path.stem}": path for path in paths}
    return {name: table(name, path.read_text("utf-8")) for name, path in found.items()}


def table(name: str, text: str) -> Table:
    """The table of that address, out of the text of its file; a ValueError names what the header or the SQL lacks.

    >>> made = table(
    ...     "core.x",
    ...     "-- answers: what?\\n-- grain: one row a thing\\n-- key: id\\n-- kind: view\\nselect id from raw.y",
    ... )
    >>> made.key, sorted(made.reads)
    (('id',), ['raw.y'])
    """
    header, sql = _split(text)
    fields = _fields(name, header)
    for needed in NEEDED:
        if not fields.get(needed):
            raise ValueError(f"{name}: the header lacks a line '-- {needed}: …'.")
    kind = fields["kind"][0]
    if kind not in KINDS:
        raise ValueError(f"{name}: kind is {kind!r}; it must be one of {', '.join(KINDS)}.")
    return Table(
        name=name,
        kind=kind,
        answers=" ".join(fields["answers"]),
        grain=" ".join(fields["grain"]),
        key=tuple(part.strip() for part in " ".join(fields["key"]).split(",")),
        checks=tuple(fields.get("checks", ())),
        sql=sql,
        reads=reads(name, sql),
        why=" ".join(fields.get("why", ())),
    )


def reads(name: str, sql: str) -> frozenset[str]:
    """The tables that a statement reads, as `schema.table`; its own named steps are not among them.

    Raises a ValueError for anything but one `select`, and for a table without a schema.

    >>> sorted(reads("core.x", "with a as (select 1 as n from raw.y) select a.n from a join core.z on true"))
    ['core.z', 'raw.y']
    """
    statements = sqlglot.parse(sql, read="duckdb")
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise ValueError(f"{name}: the file must hold exactly one select.")
    steps = {step.alias for step in statements[0].find_all(exp.CTE)}
    found = {(part.db, part.name) for part in statements[0].find_all(exp.Table)}
    bare = sorted(table_name for schema, table_name in found if not schema and table_name not in steps)
    if bare:
        raise ValueError(f"{name}: write the schema before {', '.join(bare)}.")
    return frozenset(f"{schema}.{table_name}" for schema, table_name in found if schema)


def _split(text: str) -> tuple[list[str], str]:
    lines = text.strip().splitlines()
    body_starts = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return lines[:body_starts], "\n".join(lines[body_starts:]).strip().rstrip(";")


def _fields(name: str, header: list[str]) -> dict[str, list[str]]:
    """The header as field → lines; a line indented by two more blanks continues the field above it."""
    fields: dict[str, list[str]] = {}
    current = None
    for line in header:
        said = line.removeprefix("--")
        if current and said.startswith("   "):
            fields[current].append(said.strip())
            continue
        current, colon, rest = said.strip().partition(":")
        if not colon or current not in FIELDS:
            raise ValueError(f"{name}: the header line {line!r} is none of {', '.join(FIELDS)}.")
        if current in fields:
            raise ValueError(f"{name}: the header says '{current}' twice.")
        fields[current] = [rest.strip()] if rest.strip() else []
    return fields
