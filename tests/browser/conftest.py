"""What every journey starts from: a grown company, a server of its own, a Chromium, and people to sit before it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import chromium
from tests.browser.driver import Person, person
from tests.browser.server import ROOT, Server, serving
from tests.once import made_once


@pytest.fixture(scope="session")
def company_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of companies with the small demo company in it, grown and refreshed by the command line.

    `CROSSDOCK_TEST_HOME` names one that was grown before, to save that minute while a journey is being written.
    """
    if given := os.environ.get("CROSSDOCK_TEST_HOME"):
        return Path(given)
    past = ("pipelines demo --size small --land-only", "decisions lived", "pipelines month-ends", "decisions close")
    commands = (*past, "pipelines refresh", "decisions settle")
    return made_once(tmp_path_factory, "companies", lambda home: [obeys(home, said) for said in commands])[0]


def obeys(home: Path, said: str) -> str:
    """What a command of Crossdock printed for the demo company of a folder of companies."""
    module, *words = said.split()
    command = [sys.executable, "-m", module, *words, "--company", "demo"]
    environment = {**os.environ, "CROSSDOCK_HOME": str(home)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; it fails with the way to install it where there is none."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def server(company_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server over the demo company for all journeys that change nothing."""
    with serving(tmp_path_factory.mktemp("server"), environment={"CROSSDOCK_HOME": str(company_home)}) as running:
        yield running


@pytest.fixture
def office(company_home: Path, tmp_path: Path) -> Iterator[Server]:
    """A server over a copy of the demo company, in which decisions may be made."""
    home = tmp_path / "home"
    shutil.copytree(company_home / "demo", home / "demo")
    with serving(tmp_path, environment={"CROSSDOCK_HOME": str(home), "CROSSDOCK_VIEWER": "K.Lindqvist"}) as running:
        yield running


@pytest.fixture(scope="module")
def bare_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server over a folder without any company, for visitors who only look; there is still none when they have gone."""
    folder = tmp_path_factory.mktemp("bare")
    with serving(folder, environment={"CROSSDOCK_HOME": str(folder / "companies")}) as running:
        yield running
    assert not [path for path in folder.glob("companies/*") if path.is_dir()], "looking made a company"


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[Server]:
    """A fresh server over a folder without any company."""
    with serving(tmp_path, environment={"CROSSDOCK_HOME": str(tmp_path / "companies")}) as running:
        yield running


@pytest.fixture
def somebody(browser: Browser) -> Iterator[Callable[..., Person]]:
    """Seats people: `somebody(server, size=PHONE, scheme="dark")`. Afterwards nobody may have asked another host for
    anything, and no script of the page may have broken."""
    seated: list[Person] = []

    def sit(server: Server, **wishes: Any) -> Person:
        seated.append(person(browser, server, **wishes))
        return seated[-1]

    yield sit
    for one in seated:
        one.context.close()
    assert [address for one in seated for address in one.foreign] == [], "the page asked another host for something"
    assert [error for one in seated for error in one.broken] == [], "a script of the page broke"


@pytest.fixture
def visitor(server: Server, somebody: Callable[..., Person]) -> Person:
    """Somebody at a desk, in the light, before the demo company."""
    return somebody(server)
