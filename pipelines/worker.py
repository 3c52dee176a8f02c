"""Heavy or risky work in a child process with a bound on memory and time: whatever the child meets, this process lives."""

import contextlib
import dataclasses
import importlib
import io
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from enum import Enum
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import IO, Any

from errors import Refusal

Progress = Callable[[float, str], None]

ROOT = Path(__file__).resolve().parent.parent
MEMORY_BYTES = 3 << 30
SECONDS = 60.0
BYTES_PER_SECOND = 2_000_000
MAX_ANSWER_BYTES = 256 << 20
LOOK_EVERY_SECONDS = 0.05
# thread pools reserve memory per processor before the work begins
CALM = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "RUST_BACKTRACE": "0"}
BOOT = "import sys; sys.path[:0] = [sys.argv[1]]; from pipelines.worker import child; child(int(sys.argv[2]))"
OURS = {"pipelines", "store", "models", "metrics", "decisions"}
OUT_OF_MEMORY = ("memory allocation of", "bad_alloc", "MemoryError", "OutOfMemory", "out of memory", "Cannot allocate")


class ChildFailed(Exception):
    """The work raised an error that is a defect of the program; the text is the child's traceback."""


def seconds_for(size_bytes: int) -> float:
    """The seconds that reading a file of this size may take: a minute, and one more second for every 2 MB.

    >>> seconds_for(0), seconds_for(200_000_000)
    (60.0, 160.0)
    """
    return SECONDS + size_bytes / BYTES_PER_SECOND


def run(
    work: Callable[..., Any],
    *args: Any,
    memory_bytes: int = MEMORY_BYTES,
    seconds: float = SECONDS,
    progress: Progress | None = None,
    what: str = "reading the file",
) -> Any:
    """What `work(*args)` returns, worked out in a process of its own.

    Args:
        work: a function at the top of a module; with `progress` it is given a keyword of that name to call.
        args: plain values and frozen classes; they are pickled.
        memory_bytes: what the child may hold; at more it is stopped.
        seconds: wall-clock time it may take.
        progress: called in this thread with a fraction 0-1 and a text, whenever the work says so.
        what: the work in words, as in "reading the file"; it begins the refusal.

    Raises:
        Refusal: the work refused, or ran out of memory or time, or its process died of it.
        ChildFailed: the work raised any other error.

    Plain values and frozen classes of this project can come back, nothing else: the child has handled a stranger's file.
    """
    ours, theirs = Pipe(duplex=False)
    order = (sys.path, work.__module__, work.__qualname__, progress is not None, memory_bytes, seconds)
    with ours, tempfile.TemporaryFile() as said:
        process = _start(theirs, said)
        watch = _Watch(process, memory_bytes, seconds)
        try:
            theirs.close()
            _send(process, order, args)
            return _listen(ours, progress, what)
        except EOFError:
            process.wait()
            raise watch.refusal(what, _tail(said)) from None
        finally:
            watch.end()


def _start(answers: Connection, said: IO[bytes]) -> subprocess.Popen:
    # Not multiprocessing: its children run the parent's main script first, and under Streamlit that is the app itself.
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-c", BOOT, str(ROOT), str(answers.fileno())],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=said,
        pass_fds=[answers.fileno()],
        start_new_session=True,
        env=os.environ | CALM,
    )


def _send(process: subprocess.Popen, order: tuple, args: tuple) -> None:
    with contextlib.suppress(BrokenPipeError):  # it is dead already; the listener will find out
        process.stdin.write(pickle.dumps(order) + pickle.dumps(args))  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]


def _listen(answers: Connection, progress: Progress | None, what: str) -> Any:
    while True:
        try:
            answer = answers.recv_bytes(MAX_ANSWER_BYTES)
        except OSError as error:
            raise ChildFailed(f"while {what}: an answer of more than {MAX_ANSWER_BYTES:,} bytes") from error
        kind, content = _Cautious(io.BytesIO(answer)).load()
        if kind == "progress" and progress:
            progress(*content)
        elif kind == "done":
            return content
        elif kind == "refused":
            raise Refusal(*content)
        elif kind == "failed":
            raise ChildFailed(f"while {what}:\n{content}")


class _Cautious(pickle.Unpickler):
    """Unpickles plain values and the frozen classes of this project; whatever else the bytes name, it refuses."""

    PLAIN = {  # noqa: RUF012
        "builtins": {"set", "frozenset", "bytearray", "complex", "range"},
        "collections": {"OrderedDict", "Counter"},
        "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
        "decimal": {"Decimal"},
        "pathlib": {"PosixPath", "PurePosixPath"},
    }

    def find_class(self, module: str, name: str) -> Any:
        if name in self.PLAIN.get(module, ()):
            return super().find_class(module, name)
        if module.partition(".")[0] in OURS and "." not in name:
            found = super().find_class(module, name)
            is_value = isinstance(found, type) and (dataclasses.is_dataclass(found) or issubclass(found, Enum))
            if is_value and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} may not come back from a worker")


class _Watch:
    """Looks at the child every 50 ms and ends it when it holds too much or takes too long."""

    def __init__(self, process: subprocess.Popen, memory_bytes: int, seconds: float):
        self.process, self.memory_bytes, self.seconds = process, memory_bytes, seconds
        self.reason: str | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="worker watch", daemon=True)
        self._thread.start()

    def _look(self) -> None:
        deadline = time.monotonic() + self.seconds
        while not self._over.wait(LOOK_EVERY_SECONDS):
            if time.monotonic() > deadline:
                self.reason = "time"
            elif _resident_bytes(self.process.pid) > self.memory_bytes:
                self.reason = "memory"
            if self.reason:
                self._kill()
                return

    def end(self) -> None:
        """Nothing of the child is left when this returns."""
        self._over.set()
        self._thread.join()
        self._kill()
        self.process.stdin.close()  # type: ignore[union-attr]
        self.process.wait()

    def refusal(self, what: str, said: str) -> Refusal:
        """Why the child is gone, in a person's words."""
        code = self.process.returncode
        stopped = f"{what[:1].upper()}{what[1:]} was stopped."
        if self.reason == "time" or code == -signal.SIGXCPU:
            smaller = "Split the file into smaller ones and upload those."
            return Refusal(stopped, f"It took longer than {self.seconds:,.0f} seconds.", smaller)
        is_out = any(mark in said for mark in OUT_OF_MEMORY) or code == -signal.SIGKILL
        if self.reason == "memory" or is_out:
            limit = f"{self.memory_bytes / (1 << 30):.1f} GB"
            fix = "Save the table alone as CSV, or split it into smaller files, and upload those."
            return Refusal(stopped, f"It needed more than the {limit} of memory that one file may take.", fix)
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        fix = "Open the file in the program that it came from, save it again as CSV or XLSX, and upload that."
        return Refusal(stopped, f"The file broke the program that reads it ({how}).", fix)

    def _kill(self) -> None:
        if self.process.poll() is None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)  # with whatever it started itself
            except ProcessLookupError:
                self.process.kill()


def _resident_bytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def _tail(said: IO[bytes]) -> str:
    size = said.seek(0, os.SEEK_END)
    said.seek(max(0, size - (1 << 16)))
    return said.read().decode("utf-8", "replace")


def child(answers_fd: int) -> None:
    """The child's side: read the order, set the limits, do the work, send the answer. Called by `run`, never by hand."""
    answers, orders = Connection(answers_fd, readable=False), sys.stdin.buffer
    path, module, name, wants_progress, memory_bytes, seconds = pickle.load(orders)  # noqa: S301 - from our own parent
    sys.path[:] = path
    _limit(memory_bytes, seconds)
    args = pickle.load(orders)  # noqa: S301
    threading.Thread(target=_die_with_parent, args=(orders.fileno(),), daemon=True).start()

    def tell(kind: str, content: Any) -> None:
        answers.send_bytes(pickle.dumps((kind, content)))

    extra = {"progress": lambda fraction, text: tell("progress", (fraction, text))} if wants_progress else {}
    try:
        work = getattr(importlib.import_module(module), name)
        tell("done", work(*args, **extra))
    except Refusal as refusal:
        tell("refused", (refusal.what, refusal.why, refusal.fix))
    except Exception as error:  # noqa: BLE001 - the parent raises it again
        if any(mark in type(error).__name__ for mark in OUT_OF_MEMORY):
            os.write(2, b"MemoryError")
        else:
            tell("failed", traceback.format_exc())
    os._exit(0)  # no tidying up: the answer is out, and another thread waits on the orders


def _limit(memory_bytes: int, seconds: float) -> None:
    """The kernel's own limits, should the parent not look in time.

    RLIMIT_DATA and not RLIMIT_AS: the thread pools of Polars, Arrow and OpenBLAS reserve addresses by the gigabyte
    without using them, the more the more processors there are; what a process may write to is what it really takes.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    processors = os.cpu_count() or 1
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds * processors) + 5,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")  # should memory run out, let it be this one


def _die_with_parent(orders_fd: int) -> None:
    while os.read(orders_fd, 1024):  # ends when the parent's end of the pipe is closed, however the parent ended
        pass
    os._exit(1)
