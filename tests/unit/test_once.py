"""What a run makes once is made by one process, read by all, and tried anew where it failed."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from types import SimpleNamespace
from typing import Any

import pytest

from tests.once import made_once


@pytest.fixture
def factory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The temporary folder of one of several processes."""
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    return SimpleNamespace(getbasetemp=lambda: tmp_path / "gw0")


def test_of_four_that_ask_at_once_one_makes_it(factory: Any, tmp_path: Path) -> None:
    def make(folder: Path) -> list[str]:
        sleep(0.05)
        with (tmp_path / "made.txt").open("a") as log:
            log.write(f"{os.environ['CROSSDOCK_HOME']}\n")
        (folder / "here").touch()
        return ["told"]

    before = os.environ["CROSSDOCK_HOME"]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: made_once(factory, "thing", make), range(4)))
    assert found == [(tmp_path / "thing", ["told"])] * 4
    assert (tmp_path / "made.txt").read_text() == f"{tmp_path / 'thing'}\n"
    assert (tmp_path / "thing" / "here").exists()
    assert os.environ["CROSSDOCK_HOME"] == before


def test_what_failed_halfway_is_made_anew_from_an_empty_folder(factory: Any) -> None:
    def fails(folder: Path) -> None:
        (folder / "half").touch()
        raise ValueError(folder.name)

    with pytest.raises(ValueError, match="thing"):
        made_once(factory, "thing", fails)
    folder, told = made_once(factory, "thing", lambda folder: [path.name for path in folder.iterdir()])
    assert told == []
    assert folder.is_dir()
