"""A process killed at any moment of landing or refreshing leaves the last build readable, loses nothing and doubles nothing."""

import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from pipelines import flow, loads
from store import warehouse
from store.company import create_company
from tests.order_lines_only import order_lines_only

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 50

# The child kills itself when the given number of system calls that change a file has been made: every such
# moment can be named, so a failure can be run again.
CHILD = """
import os, signal, sys
left = int(sys.argv[1])

home = os.environ["CROSSDOCK_HOME"]

def count(event, args):
    global left
    if not (args and str(args[0]).startswith(home)):
        return
    writes = event == "open" and isinstance(args[1], str) and any(c in args[1] for c in "wax+")
    if writes or event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect", "shutil.rmtree", "os.truncate"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

from pathlib import Path
from pipelines import flow, loads
from store.company import open_company
from tests.order_lines_only import order_lines_only
company = open_company("acme")
with order_lines_only():
    sys.addaudithook(count)
    if sys.argv[2] == "land":
        flow.land(company, Path(sys.argv[3]), who="tests", contract="order_lines", is_trusted=True)
    else:
        flow.refresh(company, who="tests", is_forced=True)
"""


def lines(company) -> int:
    """How many order lines the current build holds."""
    return warehouse.current_build(company).query("select count(*) from core.order_lines").item()


@pytest.fixture
def grown(tmp_path):
    """A company with one landed and built file of three order lines, and a second file of two."""
    company = create_company("acme")
    head = "Order No,Line,SKU,Ordered At,Ordered Qty\n"
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(head + "".join(f"A{n},1,X,2026-01-0{n + 1},5\n" for n in range(3)))
    second.write_text(head + "".join(f"B{n},1,X,2026-01-0{n + 1},5\n" for n in range(2)))
    flow.land(company, first, who="tests", contract="order_lines", is_trusted=True)
    with order_lines_only():
        flow.refresh(company, who="tests")
    return company, second


def killed(steps: int, what: str, file: Path) -> bool:
    """Whether a child that does this was killed before it was done."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(steps), what, str(file)], env=env, capture_output=True, check=False
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    return done.returncode != 0


@pytest.mark.parametrize("what", ["land", "refresh"])
def test_a_kill_at_any_step_loses_and_doubles_nothing(grown, what):
    """Killed before its first, second, third … change to a file, until it runs through: the last build reads, the next refresh is whole."""
    company, second = grown
    steps, kills = 0, 0
    while killed(steps, what, second):
        kills += 1
        assert lines(company) == 3, f"after a kill at step {steps}"
        assert flow.status(company)["ledger"]["is_intact"], f"after a kill at step {steps}"
        steps += 1
    assert kills >= 5
    if what == "refresh":
        flow.land(company, second, who="tests", contract="order_lines", is_trusted=True)
    flow.refresh(company, who="tests")
    assert lines(company) == 5
    assert [act.payload["file_name"] for act in loads.in_force(flow.ledger_of(company).acts())] == [
        "first.csv",
        "second.csv",
    ]


def test_kills_at_random_moments(grown):
    """Fifty kills after a random few milliseconds, landing or refreshing: every time the last build reads and the rest is whole."""
    company, second = grown
    dice = random.Random(7)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    code = (
        "import os\nfrom pathlib import Path\nfrom pipelines import flow\nfrom store.company import open_company\n"
        "from tests.order_lines_only import order_lines_only\n"
        "print('ready', flush=True)\n"
        f"flow.land(open_company('acme'), Path({str(second)!r}), who='tests', contract='order_lines', is_trusted=True)\n"
        "with order_lines_only():\n    flow.refresh(open_company('acme'), who='tests', is_forced=True)\n"
    )
    for _ in range(ROUNDS):
        child = subprocess.Popen(
            [sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        child.stdout.readline()
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=dice.uniform(0, 0.9))
        child.kill()
        child.wait()
        child.stdout.close()
        assert lines(company) in (3, 5)
    flow.land(company, second, who="tests", contract="order_lines", is_trusted=True)
    flow.refresh(company, who="tests")
    assert lines(company) == 5
    status = flow.status(company)
    assert status["ledger"]["is_intact"]
    assert len([load for load in status["loads"] if load["is_in_force"]]) == 2
    assert not list(company.builds.glob(".draft-*"))
