"""A Streamlit server of its own for a test or a benchmark: fresh process, fresh port, gone afterwards."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server: its address (`http://127.0.0.1:PORT`), its process id and the file that it logs to."""

    url: str
    pid: int
    log: Path

    @property
    def socket_url(self) -> str:
        """The address that the browser's half of Streamlit connects to."""
        return self.url.replace("http://", "ws://") + "/_stcore/stream"


@contextmanager
def serving(
    folder: Path, *, script: Path = ROOT / "app.py", environment: dict[str, str] | None = None, port: int | None = None
) -> Iterator[Server]:
    """A server of the script that answers; it is stopped on the way out, whatever happens.

    Args:
        folder: where its log is written.
        environment: variables added to this process's own, such as `CROSSDOCK_HOME`. Without `CROSSDOCK_MODE` among
            them nobody is asked for a password (`demo`); an empty one asks.
        port: where it listens; any that is free, unless it has to be known beforehand.
    """
    port = port or free_port()
    log = folder / f"server-{time.monotonic_ns()}.log"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.address", "127.0.0.1"]
    command += ["--server.port", str(port), "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    with log.open("wb") as out:
        # The project's folder is where Streamlit finds .streamlit/config.toml, for a script that lies elsewhere as well.
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "CROSSDOCK_MODE": "demo", **(environment or {})},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", process.pid, log)
    try:
        _wait_until_it_answers(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_answers(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"The server did not answer. It wrote:\n{server.log.read_text('utf-8', 'replace')[-3000:]}")


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
