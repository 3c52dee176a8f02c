"""Every byte that was ever uploaded, kept under the hash of its content and never changed."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from errors import Refusal
from store.company import Company, sync_folder

CHUNK_BYTES = 4 << 20


@dataclass(frozen=True)
class Landed:
    """A file as it was kept: SHA-256 of its bytes, the name it came with, its size, and its physical line count."""

    file_hash: str
    file_name: str
    size_bytes: int
    line_count: int
    path: Path
    is_new: bool


def keep(company: Company, path: Path, file_name: str | None = None) -> Landed:
    """The file's bytes kept under their hash; bytes that are there already are not kept twice (`is_new` is false).

    Errors: a Refusal when the file is missing, is a folder, is empty, or the disk is full.
    """
    name = file_name or path.name
    if not path.is_file():
        raise Refusal(f"{name} was not landed.", f"There is no file at {path}.", "Check the path and try again.")
    if not path.stat().st_size:
        raise Refusal(f"{name} was not landed.", "The file is empty (0 bytes).", "Export it again.")
    company.landing.mkdir(parents=True, exist_ok=True)
    draft = company.landing / f".landing-{os.getpid()}-{name[:40].replace('/', '_')}"
    try:
        file_hash, size, lines = _copied(path, draft)
        kept = company.landing / file_hash
        is_new = not kept.exists()
        if is_new:
            draft.replace(kept)
            sync_folder(company.landing)
    except OSError as error:
        raise Refusal(
            f"{name} was not landed.",
            f"It could not be written: {error.strerror}.",
            "Free some disk space and try again.",
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return Landed(file_hash, name, size, lines, kept, is_new)


def kept_path(company: Company, file_hash: str) -> Path:
    """Where the bytes of that hash lie."""
    return company.landing / file_hash


def _copied(source: Path, target: Path) -> tuple[str, int, int]:
    digest, size, breaks, last = hashlib.sha256(), 0, 0, b"\n"
    # Hashing and writing both leave Python's lock, so on two cores the copy costs no more than the hash.
    with source.open("rb") as reader, target.open("wb") as writer, ThreadPoolExecutor(2) as hands:
        while chunk := reader.read(CHUNK_BYTES):
            hashing, writing = hands.submit(digest.update, chunk), hands.submit(writer.write, chunk)
            size, breaks, last = size + len(chunk), breaks + chunk.count(b"\n"), chunk[-1:]
            hashing.result()
            writing.result()
        writer.flush()
        os.fsync(writer.fileno())
    return digest.hexdigest(), size, breaks + (last != b"\n")
