"""Where the ledger ends, noted outside the ledger, so that acts cut off its end are missed."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from store.ledger_seal import GENESIS, Entry

# One disk sector: a note of this length is written whole or not at all.
NOTE_BYTES = 512


@dataclass(frozen=True)
class End:
    """The last act of a ledger: its number, its seal, and the seal that it was linked to. Number 0 is the empty ledger."""

    act_no: int
    act_hash: str
    previous_hash: str


EMPTY = End(0, GENESIS, "")


def end_of(entry: Entry | None) -> End:
    """The end that a ledger has when this is its last entry."""
    return End(entry.act_no, entry.act_hash, entry.previous_hash) if entry else EMPTY


@dataclass(frozen=True)
class Note:
    """What the head file says: the last act that is known to be recorded, and the one that was about to be."""

    last: End
    coming: End | None = None

    def allows(self, end: End) -> bool:
        """Whether a ledger with this end has lost nothing and gained nothing.

        An act that was about to be recorded may be there or not: the process may have died on either side of it.
        """
        return end in (self.last, self.coming)


class Head:
    """The file `ledger.head`. Every append announces its act before it commits and confirms it afterwards."""

    def __init__(self, path: Path):
        self.path = path

    def note(self) -> Note | None:
        """What the file says; None when there is none, or when it is no note of ours."""
        if not self.path.exists():
            return None
        with self._held() as handle:
            return _parsed(os.pread(handle, NOTE_BYTES, 0))

    def announce(self, last: End, coming: End) -> None:
        """Note that `coming` follows `last` in a moment; called while the caller alone may write to the ledger."""
        with self._held() as handle:
            _write(handle, Note(last, coming))
            os.fsync(handle)

    def confirm(self, end: End) -> None:
        """Note that `end` is recorded, unless a later act is known already."""
        with self._held() as handle:
            known = _parsed(os.pread(handle, NOTE_BYTES, 0))
            if known is None or known.last.act_no >= end.act_no:
                return
            # Not forced to the disk: what was announced is there, and it allows this end.
            is_latest = known.coming is None or known.coming.act_no <= end.act_no
            _write(handle, Note(end, None if is_latest else known.coming))

    @contextmanager
    def _held(self) -> Iterator[int]:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)


def _write(handle: int, note: Note) -> None:
    text = json.dumps(asdict(note), separators=(",", ":"))
    os.pwrite(handle, text.ljust(NOTE_BYTES - 1).encode() + b"\n", 0)


def _parsed(content: bytes) -> Note | None:
    try:
        said = json.loads(content)
        return Note(End(**said["last"]), End(**said["coming"]) if said["coming"] else None)
    except (ValueError, TypeError, KeyError):
        return None
