"""The answers of models, kept beside the builds: a model that is asked the same by the same program has thought about it already.

Every file here can be made again; deleting the folder costs the next refresh some time and nothing else.
"""

import hashlib
import io
import json
import logging
import os
import platform
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import polars as pl

from models.model import Asked, Model, Scored
from pipelines.version import ROOT, code_version

LOG = logging.getLogger(__name__)
KEPT = 2  # of each model: this build's and the one before, so that an undone load finds its answer again
# A search may be stopped by the clock after ten seconds at the soonest; what took longer might be another answer on another day.
SURELY_WHOLE_SECONDS = 10.0
LIBRARIES = ("numpy", "polars", "scipy", "scikit-learn", "statsmodels", "numba", "duckdb", "highspy")
FRAMES = ("backtests", "reliability", "drift")
PLAIN = tuple(one.name for one in fields(Scored) if one.name not in ("tables", *FRAMES))
SAID = "said.json"


@dataclass(frozen=True)
class Answers:
    """The kept answers of one company.

    Attributes:
        folder: where they are; made when the first is kept.
        thinks_anew: whether nothing that was kept is read, as a forced refresh wants it; what comes of it is kept all the same.
    """

    folder: Path
    thinks_anew: bool = False

    def asked(self, model: Model, frames: Mapping[str, pl.DataFrame], asked: Asked) -> Scored:
        """The model's answer, kept or thought of now and kept; what a failing model raises goes through, and nothing is kept of it.

        Whatever goes wrong with keeping costs the time to think again, and never the answer.
        """
        place = self.folder / model.code / _key(model, frames, asked)
        if not self.thinks_anew and (known := _read(place)) is not None:
            return known
        begun = time.perf_counter()
        scored = model.score(frames, asked)
        if not model.searches or time.perf_counter() - begun < SURELY_WHOLE_SECONDS:
            _keep(place, scored)
        return scored


def _key(model: Model, frames: Mapping[str, pl.DataFrame], asked: Asked) -> str:
    """What an answer depends on: the program and what it stands on, the question, and every cell of what the model reads, in its order."""
    digest = hashlib.sha256(f"{_program()}|{model.code}|{asked}".encode())
    for name, frame in sorted(frames.items()):
        digest.update(f"|{name}|{frame.height}|{frame.schema}|".encode())
        if frame.width:
            digest.update(frame.hash_rows(seed=20260101).to_numpy().tobytes())
    return digest.hexdigest()[:32]


def _program() -> str:
    """Our code, the libraries as they are installed, Python and the kind of machine: each could turn the last bit of a number."""
    pinned = hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
    installed = "|".join(f"{name} {_version(name)}" for name in LIBRARIES)
    return f"{code_version()}|{pinned}|{installed}|{platform.python_version()}|{platform.machine()}"


@cache
def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _read(place: Path) -> Scored | None:
    """A kept answer; None where there is none, or a byte of it is not what was written."""
    try:
        said = json.loads((place / SAID).read_text("utf-8"))
        if said.pop("hash") != _hash_of(said):
            return None
        found = {name: (place / f"{name}.arrow").read_bytes() for name in said["hashes"]}
        if any(hashlib.sha256(content).hexdigest() != said["hashes"][name] for name, content in found.items()):
            return None
        frames = {name: pl.read_ipc(io.BytesIO(content)) for name, content in found.items()}
        beside: dict[str, Any] = {name: frames.pop(name) for name in FRAMES}
        os.utime(place)  # it was of use: others are dropped before it
        return Scored(frames, **said["plain"], **beside)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pl.exceptions.PolarsError):
        return None


def _keep(place: Path, scored: Scored) -> None:
    """Write an answer, whole or not at all, and drop the oldest of its model; what cannot be kept is said in the log."""
    draft = place.with_name(f".{place.name}")
    try:
        _write(draft, scored)
        shutil.rmtree(place, ignore_errors=True)
        draft.replace(place)
        there = [one for one in place.parent.iterdir() if one.is_dir()]
        whole = sorted((one for one in there if not one.name.startswith(".")), key=lambda one: one.stat().st_mtime_ns)
        for old in (*whole[:-KEPT], *(one for one in there if one.name.startswith("."))):
            shutil.rmtree(old, ignore_errors=True)
    except (OSError, ValueError, TypeError, pl.exceptions.PolarsError):
        LOG.exception("the answer of %s was not kept", place.parent.name)
        shutil.rmtree(draft, ignore_errors=True)


def _write(folder: Path, scored: Scored) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    hashes = {}
    for name, frame in {**scored.tables, **{name: getattr(scored, name) for name in FRAMES}}.items():
        packed = io.BytesIO()
        frame.write_ipc(packed, compression="zstd")
        content = packed.getvalue()
        hashes[name] = hashlib.sha256(content).hexdigest()
        (folder / f"{name}.arrow").write_bytes(content)
    said = {"hashes": hashes, "plain": {name: getattr(scored, name) for name in PLAIN}}
    (folder / SAID).write_text(json.dumps(said | {"hash": _hash_of(said)}), "utf-8")


def _hash_of(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
