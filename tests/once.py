"""What all processes of one test run share: made by the first that asks for it, waited for and read by the others."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Any]) -> tuple[Path, Any]:
    """A folder that is filled once a run, with what `make` told about it; nobody may change it.

    Args:
        name: of the folder, the same in every process.
        make: fills the empty folder that it is given, with `CROSSDOCK_HOME` there, and tells what JSON can hold. Where it
            fails, the next process tries anew.
    """
    mine = factory.getbasetemp()
    run = mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine
    folder, told = run / name, run / f"{name}.json"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("CROSSDOCK_HOME", str(folder))
                told.write_text(json.dumps(make(folder)), "utf-8")
    return folder, json.loads(told.read_text("utf-8"))
