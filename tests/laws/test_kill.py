"""A process killed at any moment of landing or refreshing leaves the last build readable, loses nothing and doubles nothing."""

import multiprocessing
import os
import random
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType

import pytest

from pipelines import flow, loads
from store import warehouse
from store.company import create_company, open_company
from tests.fewer_tables import order_lines_only

ROUNDS = 50
PATIENCE_SECONDS = 60
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect", "shutil.rmtree", "os.truncate")
# Children of a process that has imported everything once: fifty interpreters would take a minute to begin.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])


def done_until_killed(home: str, steps: int, what: str, file: Path) -> None:
    """Lands the file or refreshes, and dies when the given number of system calls that change a file of the home has been made.

    Every such moment can be named, so a failure can be run again.
    """
    left = steps

    def count(event: str, args: tuple) -> None:
        nonlocal left
        if not (args and str(args[0]).startswith(home)):
            return
        writes = event == "open" and isinstance(args[1], str) and any(c in args[1] for c in "wax+")
        if writes or event in CHANGES:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    os.environ["CROSSDOCK_HOME"] = home
    company = open_company("acme")
    with order_lines_only():
        sys.addaudithook(count)
        if what == "land":
            flow.land(company, file, who="tests", contract="order_lines", is_trusted=True)
        else:
            flow.refresh(company, who="tests", is_forced=True)


def done_at_once(home: str, ready: Connection, file: Path) -> None:
    """Says that it is ready, then lands the file and refreshes."""
    os.environ["CROSSDOCK_HOME"] = home
    ready.send(True)
    flow.land(open_company("acme"), file, who="tests", contract="order_lines", is_trusted=True)
    with order_lines_only():
        flow.refresh(open_company("acme"), who="tests", is_forced=True)


def lines(company) -> int:
    """How many order lines the current build holds."""
    return warehouse.current_build(company).query("select count(*) from core.order_lines").item()


@pytest.fixture(autouse=True)
def _no_main(monkeypatch):
    """A page drawn by an earlier test leaves its script as the main module, and every child would run that first."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


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
    child = FORKS.Process(target=done_until_killed, args=(os.environ["CROSSDOCK_HOME"], steps, what, file))
    child.start()
    child.join(PATIENCE_SECONDS)
    assert child.exitcode in (0, -signal.SIGKILL), f"at step {steps}, {what}"
    return child.exitcode != 0


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
    kills = 0
    for _ in range(ROUNDS):
        ready, tells = FORKS.Pipe(duplex=False)
        child = FORKS.Process(target=done_at_once, args=(os.environ["CROSSDOCK_HOME"], tells, second))
        child.start()
        tells.close()  # so that a child that dies before it is ready is noticed
        assert ready.recv()
        child.join(dice.uniform(0, 0.9))
        child.kill()
        child.join(PATIENCE_SECONDS)
        assert child.exitcode in (0, -signal.SIGKILL), "it failed by itself"
        kills += child.exitcode != 0
        assert lines(company) in (3, 5)
    assert kills >= ROUNDS / 5, "so many were done before they could be killed that little was tried"
    flow.land(company, second, who="tests", contract="order_lines", is_trusted=True)
    flow.refresh(company, who="tests")
    assert lines(company) == 5
    status = flow.status(company)
    assert status["ledger"]["is_intact"]
    assert len([load for load in status["loads"] if load["is_in_force"]]) == 2
    assert not list(company.builds.glob(".draft-*"))
