"""Whatever happens in the child, the parent lives and says what happened."""

import io
import os
import pickle
import subprocess
import sys
import time
import zipfile
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from errors import Refusal
from pipelines import worker
from pipelines.read import Sheet, survey
from pipelines.sheet import TextRows
from pipelines.workbook import sheets

MEGABYTE = 1 << 20
SPACE = "http://schemas.openxmlformats.org"


def children() -> set[str]:
    """The processes that this one has started and not yet waited for."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split())


@pytest.fixture(autouse=True)
def _nothing_left_behind():
    before = children()
    yield
    assert children() <= before


def test_what_the_work_returns_comes_back(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("sku,qty\nA,5\n", "utf-8")
    [sheet] = worker.run(survey, path, "file.csv")
    assert isinstance(sheet, Sheet)
    assert sheet == survey(path, "file.csv")[0]
    with pytest.raises(FrozenInstanceError):
        sheet.columns = ()


def test_a_refusal_in_the_child_is_the_same_refusal_here(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(b"")
    with pytest.raises(Refusal) as caught:
        worker.run(survey, path, "file.csv")
    assert caught.value.why == "The file is empty."


def test_a_defect_of_the_program_comes_back_with_its_traceback():
    with pytest.raises(worker.ChildFailed, match="ZeroDivisionError"):
        worker.run(exec, "1 / 0")


def test_work_that_takes_too_long_is_stopped():
    begun = time.monotonic()
    with pytest.raises(Refusal) as caught:
        worker.run(time.sleep, 60, seconds=1, what="reading big.csv")
    assert caught.value.what == "Reading big.csv was stopped."
    assert "longer than 1 seconds" in caught.value.why
    assert time.monotonic() - begun < 10


def test_a_loop_without_end_is_stopped():
    with pytest.raises(Refusal, match="longer than 1 seconds"):
        worker.run(exec, "while True: pass", seconds=1)


@pytest.mark.parametrize(
    "greed",
    [
        "bytearray(900 << 20)",
        "kept = []\nwhile True: kept.append(bytes(1 << 20))",
        "import numpy as np\nnp.ones(200_000_000)",
        "import polars as pl\npl.Series([1.0]).new_from_index(0, 200_000_000) * 2",
    ],
    ids=["at once", "bit by bit", "numpy", "polars"],
)
def test_work_that_takes_too_much_memory_is_stopped(greed):
    with pytest.raises(Refusal) as caught:
        worker.run(exec, greed, memory_bytes=512 * MEGABYTE, seconds=60)
    assert "more than the 0.5 GB of memory" in caught.value.why


def test_the_kernel_stops_the_child_even_where_the_parent_does_not_look(monkeypatch):
    monkeypatch.setattr(worker, "_resident_bytes", lambda _pid: 0)
    with pytest.raises(Refusal, match=r"more than the 0\.5 GB of memory"):
        worker.run(exec, "kept = []\nwhile True: kept.append(bytes(1 << 20))", memory_bytes=512 * MEGABYTE)


def test_the_parent_sees_what_a_process_holds():
    assert 10 * MEGABYTE < worker._resident_bytes(os.getpid()) < 8_192 * MEGABYTE
    assert worker._resident_bytes(0) == 0


@pytest.mark.parametrize(
    ("death", "how"),
    [("os.abort()", "SIGABRT"), ("os.kill(os.getpid(), 11)", "SIGSEGV"), ("os._exit(7)", "exit code 7")],
)
def test_a_child_that_dies_is_explained(death, how):
    with pytest.raises(Refusal, match=how):
        worker.run(exec, f"import os\n{death}")


def bomb(path: Path) -> Path:
    """A workbook of two kilobytes whose two cells stand in the far corners of a sheet."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    office = f"{SPACE}/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{SPACE}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{SPACE}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SPACE}/spreadsheetml/2006/main" xmlns:r="{office}">'
        '<sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{SPACE}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SPACE}/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_workbook_bomb_kills_the_reader_and_nobody_else(tmp_path):
    """The scan would refuse it; here the parser itself is let loose on it, and only the child dies."""
    path = bomb(tmp_path / "bomb.xlsx")
    assert path.stat().st_size < 2_048
    with pytest.raises(Refusal, match="was stopped"):
        worker.run(sheets, path, "bomb.xlsx", memory_bytes=1_024 * MEGABYTE, seconds=60)
    with pytest.raises(Refusal, match="span 1,048,576 rows by 16,384 columns"):
        worker.run(survey, path, "bomb.xlsx")


def twice(number: int, progress=None) -> int:
    """Work that says how far it is; it stands at the top of a module so that the child can import it."""
    progress(0.5, "half way")
    progress(1.0, "done")
    return 2 * number


def test_progress_comes_back_before_the_result():
    heard: list[tuple[float, str]] = []
    assert worker.run(twice, 21, progress=lambda fraction, text: heard.append((fraction, text))) == 42
    assert heard == [(0.5, "half way"), (1.0, "done")]


def test_an_exception_in_the_listener_ends_the_child():
    def angry(_fraction: float, _text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worker.run(twice, 21, progress=angry)


def test_nothing_but_values_comes_back_from_the_child():
    """A child that has been taken over cannot make this process run anything."""
    evil = "import os, pickle\nclass Evil:\n    def __reduce__(self): return (os.system, ('true',))\n"
    code = evil + "import gc\nfrom multiprocessing.connection import Connection\n"
    code += "[c for c in gc.get_objects() if isinstance(c, Connection)][0].send_bytes(pickle.dumps(('done', Evil())))"
    with pytest.raises(Exception, match="may not come back from a worker"):
        worker.run(exec, code)


@pytest.mark.parametrize("named", [worker.run, worker._Watch, subprocess.Popen, TextRows, exec, getattr])
def test_no_function_and_no_working_class_can_be_named_in_an_answer(named):
    with pytest.raises(pickle.UnpicklingError, match="may not come back"):
        worker._Cautious(io.BytesIO(pickle.dumps(("done", named)))).load()


def test_values_of_every_plain_kind_come_back():
    plain = [
        1,
        "a",
        2.5,
        None,
        {1, 2},
        b"x",
        date(2026, 11, 14),
        datetime.now(UTC),
        Decimal("1.50"),
        Path("x"),
        {"k": (1,)},
    ]
    assert worker.run(eval, repr(plain[:6])) == plain[:6]
    assert worker._Cautious(io.BytesIO(pickle.dumps(plain))).load() == plain


def test_the_child_dies_with_its_parent(tmp_path):
    sign = tmp_path / "alive"
    code = f"import time, pathlib\nwhile True:\n    pathlib.Path({str(sign)!r}).write_text(str(time.monotonic()))\n    time.sleep(0.02)"
    parent = subprocess.Popen(
        [sys.executable, "-c", f"from pipelines import worker; worker.run(exec, {code!r}, seconds=60)"], cwd=worker.ROOT
    )
    while not sign.exists():
        assert parent.poll() is None
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    quiet_since, last = time.monotonic(), ""
    while time.monotonic() - quiet_since < 0.5:
        now = sign.read_text()
        if now != last:
            quiet_since, last = time.monotonic(), now
        assert time.monotonic() < deadline, "the child works on without its parent"
