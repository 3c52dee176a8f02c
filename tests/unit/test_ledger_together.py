"""The ledger under many hands, under kill -9, on a full disk and on damaged or unreachable databases."""

import os
import random
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from errors import Refusal
from store import ledger_schema
from store.ledger import Ledger
from store.ledger_head import EMPTY, End, Head, Note
from store.ledger_schema import engine_of, schema_of
from tests.ledgers import DATABASES, Place, place_for

ROOT = Path(__file__).resolve().parents[2]
# Appends until it has done so often enough, and says after each act that it is safe.
APPENDER = """
import sys
from pathlib import Path
from store import ledger_schema
from store.ledger import Ledger
from store.ledger_head import EMPTY, End, Head, Note
url, folder, who, count = sys.argv[1:]
for number in range(int(count)):
    print(Ledger.open(url or None, Path(folder)).append("load", str(number), who, {}).act_no, flush=True)
"""


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return place_for(request, tmp_path)


def appender(place: Place, who: str, count: int, **options: object) -> subprocess.Popen:
    command = [sys.executable, "-c", APPENDER, place.url or "", str(place.folder), who, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def assert_unbroken(ledger: Ledger, count: int) -> None:
    verification = ledger.verify()
    assert (verification.is_intact, verification.act_count) == (True, count), verification.because
    assert [act.act_no for act in ledger.acts()] == list(range(1, count + 1))


def test_eight_threads_make_one_chain(place: Place):
    ledger = place.open()
    start = threading.Barrier(8)

    def work(who: str) -> None:
        start.wait()
        for number in range(100):
            ledger.append("load", str(number), who, {})

    threads = [threading.Thread(target=work, args=(f"thread {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_unbroken(ledger, 800)
    for n in range(8):
        assert [a.subject for a in ledger.acts() if a.who == f"thread {n}"] == [str(number) for number in range(100)]


def test_the_ledger_is_created_by_one_of_many_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    busy, overlaps, create = threading.Lock(), [], ledger_schema._keep_a_write_ahead_log

    def watched(engine: sa.Engine) -> None:
        if not busy.acquire(blocking=False):
            overlaps.append(engine)
            return
        create(engine)
        busy.release()

    monkeypatch.setattr(ledger_schema, "_keep_a_write_ahead_log", watched)
    for number in range(5):
        start = threading.Barrier(8)

        def arrive(folder: Path = tmp_path / str(number), start: threading.Barrier = start) -> None:
            start.wait()
            Ledger.open(None, folder)

        threads = [threading.Thread(target=arrive) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert_unbroken(Ledger.open(None, tmp_path / str(number)), 0)
    assert overlaps == []


def test_confirming_one_act_does_not_wipe_out_the_announcement_of_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    head, first, second = Head(tmp_path / "ledger.head"), End(1, "a" * 64, "0" * 64), End(2, "b" * 64, "a" * 64)
    head.announce(EMPTY, first)
    other, read = threading.Thread(target=head.announce, args=(first, second)), os.pread

    def read_while_the_other_writes(handle: int, length: int, offset: int) -> bytes:
        content = read(handle, length, offset)
        other.start()
        other.join(timeout=0.2)
        return content

    monkeypatch.setattr(os, "pread", read_while_the_other_writes)
    head.confirm(first)
    monkeypatch.undo()
    other.join()
    assert head.note() == Note(first, second)


def test_processes_that_create_the_ledger_and_append_at_once_make_one_chain(place: Place):
    processes = [appender(place, f"process {n}", 25) for n in range(4)]
    errors = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, errors
    assert_unbroken(place.open(), 100)


@pytest.mark.parametrize("heard", [0, 1, 5, 9])
def test_kill_at_any_moment_loses_no_act_that_was_confirmed(place: Place, heard: int):
    process = appender(place, "doomed", 1000)
    confirmed = [int(process.stdout.readline()) for _ in range(heard)]
    process.kill()
    process.communicate()
    ledger = place.open()
    kept = len(ledger.acts())
    assert kept >= len(confirmed)
    assert_unbroken(ledger, kept)
    ledger.append("load", "next", "ada", {})
    assert_unbroken(ledger, kept + 1)


@pytest.mark.parametrize("spare_bytes", [0, 1000, 9000])
def test_a_full_disk_records_nothing_and_breaks_nothing(tmp_path: Path, spare_bytes: int):
    Ledger.open(None, tmp_path).append("load", "L1", "ada", {})
    size = (tmp_path / "ledger.db").stat().st_size

    def fill() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + spare_bytes, size + spare_bytes))

    process = appender(Place(None, tmp_path), "full", 1000, preexec_fn=fill)
    confirmed, said = process.communicate()
    assert process.returncode, "the disk was not full"
    assert "OperationalError" in said
    ledger = Ledger.open(None, tmp_path)
    assert_unbroken(ledger, 1 + len(confirmed.split()))
    ledger.append("load", "after", "ada", {})
    assert_unbroken(ledger, 2 + len(confirmed.split()))


def test_sqlite_waits_for_the_disk_and_keeps_a_write_ahead_log(tmp_path: Path):
    Ledger.open(None, tmp_path)
    with engine_of(f"sqlite:///{tmp_path / 'ledger.db'}").connect() as connection:
        settings = [
            connection.exec_driver_sql(f"pragma {name}").scalar_one() for name in ("synchronous", "journal_mode")
        ]
    assert settings == [2, "wal"]


@pytest.mark.parametrize("offset", range(0, 8192, 512))
def test_damage_to_the_database_file_never_passes_for_intact(tmp_path: Path, offset: int):
    for number in range(20):
        Ledger.open(None, tmp_path).append("load", f"L{number}", "ada", {"text": "x" * 200})
    file = tmp_path / "ledger.db"
    content = bytearray(file.read_bytes())
    content[offset : offset + 512] = random.Random(offset).randbytes(512)
    file.write_bytes(content)
    try:
        verification = Ledger.open(None, tmp_path).verify()
    except Refusal:
        return
    # A page's unused space holds nothing: what counts is that every act can still be read as it was sealed.
    if verification.is_intact:
        assert [act.subject for act in Ledger.open(None, tmp_path).acts()] == [f"L{number}" for number in range(20)]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ada:geheim@127.0.0.1:1/x",
        "postgresql://ada:geheim@127.0.0.1:1/x",
        "mysql://ada:geheim@localhost/x",
        "nonsense geheim",
        "oracle+geheim://x",
    ],
)
def test_a_database_that_cannot_be_reached_is_refused_without_its_password(tmp_path: Path, url: str):
    with pytest.raises(Refusal) as refusal:
        Ledger.open(url, tmp_path)
    assert "geheim" not in str(refusal.value)
    assert refusal.value.what == "The ledger cannot be opened."


def test_a_file_that_is_no_database_is_refused(tmp_path: Path):
    (tmp_path / "ledger.db").write_text("not a database, but long enough to look at" * 100)
    with pytest.raises(Refusal, match="not a database"):
        Ledger.open(None, tmp_path)


def test_long_names_of_companies_stay_apart_on_a_server():
    names = [schema_of("a" * 60 + str(n)) for n in range(3)] + [schema_of("public"), schema_of("pg_x")]
    assert len({name[:63] for name in names}) == 5
    assert all(len(name) <= 63 and name.startswith("crossdock_") for name in names)
