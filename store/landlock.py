"""A door that a process shuts behind itself: from then on the Linux kernel opens it only the files it named before."""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

# System call numbers are the same on every architecture (they were added after the tables were unified).
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1
_READ_FILE = 1 << 2
_READ_FOLDER = 1 << 3
_FILE_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}
_FILE_RIGHTS_NEWEST = 16
_NETWORK_RIGHTS = 0b11
_NO_NEW_PRIVILEGES = 38


def keep_only(readable: Iterable[Path | str]) -> bool:
    """True once the calling thread, and every thread and process it starts, can open only `readable` and only to read.

    Folders count with everything below them; paths that do not exist are left out; files that are open already stay
    usable. From Linux 6.7 on, TCP is shut as well. False, and nothing is changed, where the kernel offers no such door
    (before Linux 5.13, another system, or switched off): the caller then relies on its other safeguards.

    Call it before other threads exist: those that run already keep their rights. It cannot be undone.
    """
    version = _version()
    if version < 1:
        return False
    file_rights = (1 << _FILE_RIGHTS_BY_VERSION.get(version, _FILE_RIGHTS_NEWEST)) - 1
    asked = struct.pack("=QQ", file_rights, _NETWORK_RIGHTS) if version >= 4 else struct.pack("=Q", file_rights)
    rules = _call(_CREATE_RULESET, asked, len(asked), 0)
    try:
        for path in readable:
            _allow(rules, Path(path))
        _checked(_libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        _call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)
    return True


def _version() -> int:
    if sys.platform != "linux":
        return 0
    return _libc().syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)


def _allow(rules: int, path: Path) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rights = _READ_FILE | _READ_FOLDER if path.is_dir() else _READ_FILE
        _call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def _call(number: int, *arguments: int | bytes) -> int:
    return _checked(_libc().syscall(number, *arguments))


def _checked(outcome: int) -> int:
    if outcome < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return outcome


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
