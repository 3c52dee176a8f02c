"""The process in which one foreign query runs: it can read one build, and nothing else on this machine.

`store.sandbox` starts it; it reads one JSON request from standard input and writes one JSON line, then an Arrow stream.
"""

import json
import os
import re
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from store import landlock

LOCKED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
    "max_temp_directory_size": "0KB",
    "threads": "2",
}
EXPLAIN_OPTIONS = re.compile(r"\A(?:(?:analyze\b|\((?:analyze|format)\b[^)]*\))\s*)+", re.IGNORECASE)
RUNNABLE = ("SELECT", "EXPLAIN")
# Types that arrive in a polars frame as they are; any other (interval, list, struct, map, blob, enum …) is given as text.
EXACT = {
    *("boolean", "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint"),
    *("float", "double", "decimal", "varchar", "date", "time", "null"),
    *("timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone"),
}
BATCH_ROWS = 2048
# What DuckDB looks at while it runs: how many processors and how much memory there are.
MACHINE = ("/sys/devices/system/cpu", "/sys/fs/cgroup", "/proc/self")
# Days since 1970 of 0001-01-01 and of 10000-01-01.
CALENDAR_DAYS = (-719_162, 2_932_897)
UNITS_A_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


class NotRun(Exception):
    """The query is not run: `kind` names the reason for the parent, `detail` is for the person."""

    def __init__(self, kind: str, detail: str):
        super().__init__(kind, detail)
        self.kind, self.detail = kind, detail


def answer(request: dict) -> tuple[pa.Schema, list[pa.RecordBatch], bool]:
    """What the request gives: schema, rows in batches, and whether rows were left off.

    The request names path, sql, row_limit, byte_limit, memory_bytes and seconds.
    """
    build = Path(request["path"])
    confine(build)
    connection = open_locked(build, memory_bytes=request["memory_bytes"] * 8 // 10)
    allow_memory(request["memory_bytes"])
    # The signal ends the process; it comes from the kernel, also when the parent is gone.
    signal.setitimer(signal.ITIMER_REAL, request["seconds"])
    relation = presentable(connection.sql(only_statement(request["sql"])))
    reader = relation.to_arrow_reader(BATCH_ROWS)
    batches, is_truncated = capped(reader, row_limit=request["row_limit"], byte_limit=request["byte_limit"])
    for batch in batches:
        refuse_dates_beyond_the_calendar(batch)
    return reader.schema, batches, is_truncated


def confine(build: Path) -> None:
    """Take from this process, for good, every right that a query does not need; call it before DuckDB starts threads."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    landlock.keep_only([build, *MACHINE])


def open_locked(build: Path, *, memory_bytes: int) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the build that opens no other file and whose settings can no longer be changed."""
    connection = duckdb.connect(str(build), read_only=True, config={**LOCKED, "memory_limit": f"{memory_bytes}B"})
    connection.execute("set TimeZone = 'UTC'")
    # The build's own path and its .wal stay allowed without external access; without a file system they are mere words.
    connection.execute("set disabled_filesystems = 'LocalFileSystem'")
    connection.execute("set lock_configuration = true")
    return connection


def allow_memory(extra_bytes: int) -> None:
    """Let the address space of this process grow by `extra_bytes` from here and no further."""
    if sys.platform != "linux":
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + extra_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def only_statement(sql: str) -> str:
    """The one statement that the text holds, when all it does is read.

    Errors: NotRun when there is none, when there are several, or when it could change anything.
    """
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1:
        raise NotRun("count", str(len(statements)))
    query, kind = statements[0].query, statements[0].type.name
    if kind not in RUNNABLE:
        raise NotRun("statement", kind)
    # `explain analyze` runs what it explains.
    if kind == "EXPLAIN" and [inner.type.name for inner in duckdb.extract_statements(_explained(query))] != ["SELECT"]:
        raise NotRun("statement", "EXPLAIN of another statement than SELECT")
    return query


def presentable(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """The relation with each column under a name of its own and in a type that survives the way to the reader."""
    names = _unique(relation.columns)
    if names == relation.columns and all(kind.id in EXACT for kind in relation.types):
        return relation
    values = [
        f"#{place}" if kind.id in EXACT else f"cast(#{place} as varchar)"
        for place, kind in enumerate(relation.types, 1)
    ]
    return relation.project(", ".join(f"{value} as {_quoted(name)}" for value, name in zip(values, names, strict=True)))


def capped(batches: Iterator[pa.RecordBatch], *, row_limit: int, byte_limit: int) -> tuple[list[pa.RecordBatch], bool]:
    """The first rows up to both limits, in batches, and whether rows were left off.

    Errors: NotRun when not even the first row fits into `byte_limit`.
    """
    kept: list[pa.RecordBatch] = []
    rows_left, bytes_left = row_limit, byte_limit
    for batch in batches:
        part = batch.slice(0, rows_left)
        while part.num_rows and part.nbytes > bytes_left:
            part = part.slice(0, part.num_rows // 2)
        if not part.num_rows and not kept and rows_left and batch.num_rows:
            raise NotRun("row size", str(byte_limit))
        kept.append(part)
        if part.num_rows < batch.num_rows:
            return kept, True
        rows_left, bytes_left = rows_left - part.num_rows, bytes_left - part.nbytes
    return kept, False


def refuse_dates_beyond_the_calendar(batch: pa.RecordBatch) -> None:
    """Nothing, or NotRun when a date or instant lies outside the years 1 to 9999, which no Python program can hold."""
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if pa.types.is_date32(column.type):
            ticks, per_day = column.view(pa.int32()), 1
        elif pa.types.is_timestamp(column.type):
            ticks, per_day = column.view(pa.int64()), 86_400 * UNITS_A_SECOND[column.type.unit]
        else:
            continue
        first, last = pc.min_max(ticks).as_py().values()
        if first is not None and not (CALENDAR_DAYS[0] * per_day <= first and last < CALENDAR_DAYS[1] * per_day):
            raise NotRun("calendar", name)


def main() -> None:
    """Answer the request on standard input, on standard output."""
    request = json.loads(sys.stdin.buffer.read())
    out = sys.stdout.buffer
    try:
        schema, batches, is_truncated = answer(request)
    except NotRun as reason:
        out.write(_line(not_run=reason.kind, detail=reason.detail))
    except (MemoryError, duckdb.Error, OSError) as error:
        # What goes wrong after the first rows reaches Python through Arrow, as an OSError with DuckDB's words.
        said = str(error)
        is_memory = isinstance(error, MemoryError) or said.startswith("Out of Memory") or "memory alloc" in said
        out.write(_line(not_run="memory" if is_memory else "engine", detail=said))
    else:
        out.write(_line(is_truncated=is_truncated))
        with pa.ipc.new_stream(out, schema) as stream:
            for batch in batches:
                stream.write_batch(batch)
    out.flush()
    # Closing the database and its threads in order would take longer than many a query.
    os._exit(0)


def _explained(query: str) -> str:
    # DuckDB counts in bytes; counting in characters would let a comment in another alphabet shift what is looked at.
    words = [place for place, kind in duckdb.tokenize(query) if kind != duckdb.token_type.comment]
    rest = query.encode()[words[1] :].decode() if len(words) > 1 else ""
    return EXPLAIN_OPTIONS.sub("", rest)


def _unique(names: list[str]) -> list[str]:
    unique: list[str] = []
    for name in names:
        candidate, number = name, 0
        # DuckDB compares column names without regard to case.
        while candidate.lower() in (taken.lower() for taken in unique):
            number += 1
            candidate = f"{name}_{number}"
        unique.append(candidate)
    return unique


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


if __name__ == "__main__":
    main()
