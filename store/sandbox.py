"""Where a person's or an agent's own SQL runs: in a process that can read one build, for a while, and do nothing else."""

import json
import re
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from errors import Refusal

ROOT = Path(__file__).resolve().parent.parent
CHILD = (sys.executable, "-s", "-m", "store.sandbox_child")
# The child sees no variable of this process: they may hold secrets, and `PYTHON…` could change what it runs.
CHILD_ENVIRONMENT = {"TZ": "UTC", "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "ARROW_DEFAULT_MEMORY_POOL": "system"}
BYTE_LIMIT = 32_000_000
REPLY_LIMIT = 2 * BYTE_LIMIT
HEAD_LIMIT = 1_000_000
SQL_LIMIT = 200_000
# The child ends itself when its time is over; past this grace, which also covers its start, it is killed.
GRACE_SECONDS = 2.0
PATHS = re.compile(r"""(?<=")/[^"]*(?=")|(?<=')/[^']*(?=')|(?<!\w)/[^\s"',;)]+""")
AT_ONCE = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class SandboxResult:
    """What a query gave: column names, rows, and whether rows were left off to keep the limits.

    Decimals, dates and instants (UTC) are exact; intervals, lists, structs, maps, blobs and enums come as text;
    a repeated column name gets a number.
    """

    columns: tuple[str, ...]
    rows: pl.DataFrame
    is_truncated: bool


def run_query(
    path_to_build: Path,
    sql: str,
    *,
    row_limit: int = 10_000,
    memory_bytes: int = 1_000_000_000,
    seconds: float = 10,
) -> SandboxResult:
    """The first rows that one SELECT or EXPLAIN gives on a build, without any effect on this machine.

    The query cannot read another file, the network, a setting or a variable of this process, cannot write anything, and
    is killed when it needs more than `memory_bytes` (beyond what DuckDB itself takes to open a build, about 100 MB) or
    runs longer than `seconds`. Two queries run at once in one process; a third waits for a place, as long as it may run.

    Errors: a Refusal in DuckDB's own words, without paths of this machine, when the SQL is wrong, is not exactly one
    reading statement, needs too much, or finds no place.
    """
    if not path_to_build.is_file():
        raise Refusal(
            "The query was not run.",
            "The build that it asks is not there any more.",
            "Open the current build and ask again.",
        )
    if len(sql) > SQL_LIMIT:
        raise Refusal(
            "The query was not run.", f"It is {len(sql):,} characters long; {SQL_LIMIT:,} are allowed.", "Shorten it."
        )
    request = {
        "path": str(path_to_build.resolve()),
        "sql": sql,
        "row_limit": row_limit,
        "byte_limit": BYTE_LIMIT,
        "memory_bytes": memory_bytes,
        "seconds": seconds,
    }
    if not AT_ONCE.acquire(timeout=seconds):
        raise Refusal(
            "The query was not run.", "Other queries are using every place for one.", "Try again in a moment."
        )
    try:
        reply = _reply_of_child(json.dumps(request).encode(), seconds=seconds + GRACE_SECONDS)
    finally:
        AT_ONCE.release()
    if reply.not_run:
        raise _refusal(reply, sql=sql, memory_bytes=memory_bytes, seconds=seconds)
    rows = pl.read_ipc_stream(reply.rows)
    return SandboxResult(tuple(rows.columns), rows, reply.is_truncated)


def cleaned(message: str, *, sql: str) -> str:
    """An engine's message without stack and without absolute paths, except those that the person wrote into the query.

    >>> cleaned('IO Error: Cannot open file "/srv/crossdock/x.duckdb"', sql="select 1")
    'IO Error: Cannot open file "…"'
    >>> cleaned('Permission Error: Cannot access file "/etc/passwd"', sql="from '/etc/passwd'")
    'Permission Error: Cannot access file "/etc/passwd"'
    """
    return PATHS.sub(
        lambda found: found[0] if found[0] in sql else "…", message.partition("\n\nStack Trace")[0]
    ).strip()


@dataclass(frozen=True)
class _Reply:
    not_run: str = ""
    detail: str = ""
    is_truncated: bool = False
    rows: bytes = b""


def _reply_of_child(request: bytes, *, seconds: float) -> _Reply:
    child = subprocess.Popen(  # noqa: S603  # our own program; the query goes to it as data, on standard input
        CHILD,
        cwd=ROOT,
        env=CHILD_ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    was_late = threading.Event()

    def end() -> None:
        was_late.set()
        child.kill()

    clock = threading.Timer(seconds, end)
    clock.start()
    try:
        with child:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(request)
            child.stdin.close()
            head, rows = child.stdout.readline(HEAD_LIMIT), child.stdout.read(REPLY_LIMIT)
    except BrokenPipeError:
        head = rows = b""
    finally:
        clock.cancel()
    if was_late.is_set() or child.returncode == -signal.SIGALRM:
        return _Reply("time")
    if not head.endswith(b"\n") or child.returncode:
        return _Reply("lost")
    return _Reply(**json.loads(head), rows=rows)


def _refusal(reply: _Reply, *, sql: str, memory_bytes: int, seconds: float) -> Refusal:
    memory = f"{memory_bytes / 1e9:g} GB of memory"
    less = "Ask for less: narrow the dates, add up before joining, or add a limit."
    one = "Ask one question that begins with SELECT, WITH, FROM, DESCRIBE, SUMMARIZE or EXPLAIN."
    what, why, fix = {
        "time": ("The query was stopped.", f"It ran longer than {seconds:g} seconds.", less),
        "memory": ("The query was stopped.", f"It needed more than {memory}.", less),
        "lost": (
            "The query was stopped.",
            f"The engine broke down over it, most often because it needed more than {memory}.",
            less,
        ),
        "row size": ("The query was stopped.", f"A single row of it is larger than {BYTE_LIMIT / 1e6:g} MB.", less),
        "count": ("The query was not run.", f"It holds {reply.detail} statements; exactly one is run.", one),
        "statement": (
            "The query was not run.",
            f"It is of the kind {reply.detail}; here data can be read, not changed.",
            one,
        ),
        "calendar": (
            "The rows cannot be shown.",
            f"Column {reply.detail} holds a date outside the years 1 to 9999.",
            f'Give it as text: cast("{reply.detail}" as varchar).',
        ),
        "engine": (
            "The query could not be run.",
            cleaned(reply.detail, sql=sql),
            "Correct the query; `describe schema.table` names a table's columns.",
        ),
    }[reply.not_run]
    return Refusal(what, why, fix)
