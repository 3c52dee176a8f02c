"""A PostgreSQL server of the tests' own: started in a temporary folder, reached by a socket in it, gone afterwards.

`tests/conftest.py` imports the fixture `postgres_url`.
"""

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

REQUIRED = "CROSSDOCK_REQUIRE_POSTGRES"
USER = "crossdock"


def newest_programs() -> Path | None:
    """The folder of PostgreSQL's newest server programs on this machine, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty server, for SQLAlchemy; without one the test is skipped, or fails if one is required."""
    programs = newest_programs()
    if programs is None:
        reason = "no PostgreSQL server is installed here (Debian: apt-get install postgresql)"
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{REQUIRED}=1, but {reason}")
        pytest.skip(reason)
    # The server refuses to run as root, and its user must be able to enter the folder, which pytest's own forbids.
    folder = Path(tempfile.mkdtemp(prefix="crossdock-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=60"
    try:
        _run([programs / "initdb", "-D", data, "-A", "trust", "-U", USER, "-E", "UTF8", "--no-locale", "--no-sync"])
        _run([programs / "pg_ctl", "-D", data, "-o", settings, "-l", folder / "log", "-w", "start"])
        try:
            yield f"postgresql+psycopg://{USER}@/postgres?host={folder}"
        finally:
            _run([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str | Path]) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", *words]
    done = subprocess.run(
        words, cwd="/", capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"], "LC_ALL": "C"}
    )
    assert done.returncode == 0, f"{words} failed as {getpass.getuser()}:\n{done.stdout}\n{done.stderr}"
