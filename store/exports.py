"""The files that left for other systems: each written whole, once, under its name, and read back only as it was written."""

import hashlib
import os
import re
from pathlib import Path

from errors import Refusal
from store.company import Company, sync_folder

FOLDER = "exports"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}")


def keep(company: Company, file_name: str, content: bytes) -> str:
    """Write a file for others to fetch, whole or not at all, and give its SHA-256 in hex.

    The same content under the same name again changes nothing, so whoever was cut off may simply try again.

    Errors: a Refusal for a name that is none, and for another content under a name that is taken; nothing is overwritten.
    """
    target = _path(company, file_name)
    said = hashlib.sha256(content).hexdigest()
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{file_name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with draft.open("xb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        try:
            # A link is refused where the name is taken; a rename would take the place of what is there.
            os.link(draft, target)
        except FileExistsError:
            if _hash(target) != said:
                raise _not(
                    "The file was not written.",
                    f"{file_name} is there already, with another content.",
                    "Export it anew.",
                ) from None
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(target.parent)
    return said


def withdraw(company: Company, file_name: str) -> None:
    """Take a file away that nobody may fetch; one that is not there is no error."""
    _path(company, file_name).unlink(missing_ok=True)
    if (company.folder / FOLDER).is_dir():
        sync_folder(company.folder / FOLDER)


def kept(company: Company, file_name: str, file_hash: str) -> bytes:
    """The bytes that were written under a name, if they are still what the ledger says.

    Errors: a Refusal where there is no such file, and where it was changed since.
    """
    target = _path(company, file_name)
    if not target.is_file():
        raise _not("The file cannot be sent.", f"There is no {file_name}.", "Restore it from the backup.")
    content = target.read_bytes()
    if hashlib.sha256(content).hexdigest() != file_hash:
        raise _not(
            "The file cannot be sent.",
            f"{file_name} is not what was exported: it was changed after it was written.",
            "Restore it from the backup, or cancel the export and decide again.",
        )
    return content


def names(company: Company) -> list[str]:
    """The names of all files that were written, sorted."""
    folder = company.folder / FOLDER
    return sorted(path.name for path in folder.iterdir() if NAME.fullmatch(path.name)) if folder.is_dir() else []


def _path(company: Company, file_name: str) -> Path:
    if not NAME.fullmatch(file_name):
        raise _not(
            "The file was not written.",
            f"{file_name!r} cannot be the name of an export.",
            "Use letters, digits, dots, - and _, at most 150 of them.",
        )
    return company.folder / FOLDER / file_name


def _hash(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _not(what: str, why: str, fix: str) -> Refusal:
    return Refusal(what, why, fix)
