"""Each safeguard of the sandbox standing alone: none may rest on another."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import polars as pl
import pytest

from errors import Refusal
from store import sandbox
from store.sandbox import run_query
from store.sandbox_child import LOCKED, NotRun, only_statement, open_locked

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build with one table, and a file beside it that nobody may read."""
    path = tmp_path_factory.mktemp("builds") / "20261120-build.duckdb"
    with duckdb.connect(str(path)) as made:
        made.execute("create schema core")
        made.execute("create table core.order_lines as select 'O' || range as order_id from range(100)")
    (path.parent / "secret.csv").write_text("secret\ncanary\n")
    return path


FILE_READS = [
    "from read_csv('{f}')",
    "from read_text('{f}')",
    "from read_blob('{f}')",
    "from '{f}'",
    "from glob('{f}')",
    "from sniff_csv('{f}')",
    "copy (select 1) to '{f}'",
    "attach '{f}.duckdb' as x",
    "from read_blob('{b}')",
    "copy (select 1) to '{b}.wal'",
]


@pytest.mark.parametrize("sql", FILE_READS)
def test_the_locked_connection_alone_opens_no_file(build: Path, sql: str):
    with open_locked(build, memory_bytes=10**9) as connection, pytest.raises(duckdb.PermissionException):
        connection.execute(sql.format(f=build.parent / "secret.csv", b=build)).fetchall()


@pytest.mark.parametrize(
    "sql", ["set threads = 1", "reset threads", "set disabled_filesystems = ''", "set lock_configuration = false"]
)
def test_the_locked_connection_alone_changes_no_setting(build: Path, sql: str):
    with open_locked(build, memory_bytes=10**9) as connection, pytest.raises(duckdb.Error, match=r"locked|disabled"):
        connection.execute(sql)


def test_the_locked_connection_alone_sees_no_variable_of_the_program(build: Path):
    frame = pl.DataFrame({"secret": ["canary"]})
    assert frame.height
    with open_locked(build, memory_bytes=10**9) as connection, pytest.raises(duckdb.CatalogException, match="frame"):
        connection.execute("select * from frame")


def test_the_locked_connection_spills_nothing_to_disk_and_downloads_nothing(build: Path):
    with open_locked(build, memory_bytes=10**9) as connection:
        said = dict(connection.execute("select name, value from duckdb_settings()").fetchall())
    assert {name: said[name] for name in LOCKED if name not in ("threads", "max_temp_directory_size")} == {
        **dict.fromkeys(LOCKED.keys() - {"threads", "max_temp_directory_size", "temp_directory"}, "false"),
        "temp_directory": "",
    }
    assert said["max_temp_directory_size"] == "0 bytes"


KERNEL_ALONE = """
import sys
from pathlib import Path
from store import sandbox_child
build, secret = Path(sys.argv[1]), Path(sys.argv[2])
import socket, os, duckdb
sandbox_child.confine(build)
def tried(name, act):
    try:
        act()
        print(name, "was possible")
    except OSError as error:
        print(name, type(error).__name__)
    except duckdb.Error as error:
        print(name, "IOException" if "IO Error" in str(error) else error)
tried("read", secret.read_text)
tried("list", lambda: os.listdir(secret.parent))
tried("write", lambda: (secret.parent / "new").write_text("x"))
tried("remove", secret.unlink)
tried("connect", lambda: socket.create_connection(("127.0.0.1", 9), timeout=1))
tried("start", lambda: os.posix_spawn("/bin/true", ["true"], {}))
open_anyhow = duckdb.connect(str(build), read_only=True)
tried("engine", lambda: open_anyhow.execute(f"from read_text('{secret}')").fetchall())
print("rows", open_anyhow.execute("select count(*) from core.order_lines").fetchone()[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this door")
def test_the_kernel_alone_opens_nothing_but_the_build(build: Path):
    done = subprocess.run(
        [sys.executable, "-c", KERNEL_ALONE, str(build), str(build.parent / "secret.csv")],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "read PermissionError",
        "list PermissionError",
        "write PermissionError",
        "remove PermissionError",
        "connect PermissionError",
        "start PermissionError",
        "engine IOException",
        "rows 100",
    ]
    assert (build.parent / "secret.csv").exists()


WRITE_WITHOUT_KERNEL = """
import sys
from pathlib import Path
from store import landlock, sandbox_child
landlock.keep_only = lambda readable: False
sandbox_child.confine(Path(sys.argv[1]))
try:
    Path(sys.argv[2]).write_text("x" * 10)
except OSError as error:
    print(error.strerror)
"""


def test_where_the_kernel_has_no_such_door_not_a_byte_can_be_written_all_the_same(build: Path, tmp_path: Path):
    command = [sys.executable, "-c", WRITE_WITHOUT_KERNEL, str(build), str(tmp_path / "new")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "File too large\n"
    assert not (tmp_path / "new").stat().st_size


@pytest.mark.parametrize(
    "sql",
    [
        "set threads = 1", "reset threads", "pragma database_list", "call pragma_version()", "copy (select 1) to 'x'",
        "export database 'x'", "attach 'x'", "detach x", "load x", "install x", "create table x (i int)", "checkpoint",
        "insert into t values (1)", "update t set i = 1", "delete from t", "drop table t", "alter table t add column x int",
        "vacuum", "begin", "prepare p as select 1", "execute p", "use x", "select 1; select 1", "", "explain copy t to 'x'",
        "explain analyze create table x (i int)", "explain (analyze) drop table t", "/* é */ explain analyze drop table t -- select 1",
        "comment on table t is 'x'",
    ],
)  # fmt: skip
def test_the_check_of_statements_alone_lets_no_change_through(sql: str):
    with pytest.raises(NotRun):
        only_statement(sql)


def test_letters_of_two_bytes_do_not_shift_what_the_check_looks_at():
    change = "drop table t -- "
    with pytest.raises(NotRun):
        only_statement(f"explain /*{'é' * len(change)}*/ {change}select 1")


PEAK = """
import resource, sys
from pathlib import Path
from errors import Refusal
from store.sandbox import run_query
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for sql in sys.argv[2:]:
    try:
        run_query(Path(sys.argv[1]), sql, memory_bytes=200_000_000, seconds=5)
    except Refusal:
        pass
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own, peak)
"""


def test_a_query_takes_no_more_memory_than_it_may(build: Path):
    bombs = [
        "select repeat('x', 2000000000)",
        "select sum(length(repeat('x', 100000000))) from range(100)",
        "select list(repeat('x', 1000000) || range) from range(10000)",
    ]
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(build), *bombs], cwd=ROOT, capture_output=True, text=True, check=True
    )
    parent_growth, child_peak = (int(kilobytes) * 1024 for kilobytes in done.stdout.split())
    assert parent_growth < 100e6
    assert child_peak < 450e6


def test_a_child_that_does_not_end_itself_is_killed(build: Path, monkeypatch: pytest.MonkeyPatch):
    stubborn = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGTERM})\nwhile True: signal.pause()"
    monkeypatch.setattr(sandbox, "CHILD", (sys.executable, "-c", stubborn))
    monkeypatch.setattr(sandbox, "GRACE_SECONDS", 0.1)
    with pytest.raises(Refusal, match="ran longer than"):
        run_query(build, "select 1", seconds=0.1)


def test_a_child_ends_itself_even_when_nobody_kills_it(build: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sandbox, "GRACE_SECONDS", 60)
    began = time.monotonic()
    with pytest.raises(Refusal, match="longer than 1 seconds"):
        run_query(
            build,
            "select count(*) from range(10000000) a, range(10000000) b where a.range * b.range % 7 = 1",
            seconds=1,
        )
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "program",
    ["raise SystemExit(1)", "print('{}')\nraise SystemExit(3)", "print('{', end='')", "import os\nos.abort()"],
)
def test_a_child_that_breaks_down_is_a_refusal(build: Path, monkeypatch: pytest.MonkeyPatch, program: str):
    monkeypatch.setattr(sandbox, "CHILD", (sys.executable, "-c", program))
    with pytest.raises(Refusal, match="broke down"):
        run_query(build, "select 1 -- " + "x" * 100_000)


def test_a_third_query_waits_for_a_place_and_is_refused_when_none_comes_free(
    build: Path, monkeypatch: pytest.MonkeyPatch
):
    places = threading.BoundedSemaphore(1)
    monkeypatch.setattr(sandbox, "AT_ONCE", places)
    assert run_query(build, "select 1 as n").rows["n"].to_list() == [1]
    with places, pytest.raises(Refusal, match="every place"):
        run_query(build, "select 1", seconds=0.05)
    with pytest.raises(Refusal):
        run_query(build, "selec")
    assert run_query(build, "select 2 as n").rows["n"].to_list() == [2]


def test_the_child_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch, build: Path):
    monkeypatch.setenv("CROSSDOCK_SECRET", "canary")
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    monkeypatch.setattr(
        sandbox,
        "CHILD",
        (
            sys.executable,
            "-c",
            "import json, os\nprint(json.dumps({'not_run': 'engine', 'detail': str(dict(os.environ))}))",
        ),
    )
    with pytest.raises(Refusal) as refusal:
        run_query(build, "select 1")
    assert "TZ" in refusal.value.why
    assert not {"canary", "PYTHON", "HOME"} & set(refusal.value.why.replace("'", " ").split())
