"""The answers of models, kept beside the builds: a model that is asked the same by the same program has thought about it already.

Every file here can be made again; deleting the folder costs the next refresh some time and nothing else.
"""

import hashlib
import json
import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import polars as pl

from models.model import Asked, Model, Scored
from pipelines.version import ROOT, code_version

KEPT = 2  # of each model: this build's and the one before, so that an undone load finds its answer again
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
        """The model's answer, kept or thought of now and kept; what a failing model raises goes through, and nothing is kept of it."""
        place = self.folder / model.code / _key(model, frames, asked)
        if not self.thinks_anew and (known := _read(place)) is not None:
            return known
        scored = model.score(frames, asked)
        _write(place, scored)
        _forget(place)
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
    """Our code, the pinned libraries, and the Python and machine that run them: each could turn the last bit of a number."""
    pinned = hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
    return f"{code_version()}|{pinned}|{platform.python_version()}|{platform.machine()}|{pl.__version__}"


def _read(place: Path) -> Scored | None:
    """A kept answer; None where there is none, or it cannot be read."""
    try:
        said = json.loads((place / SAID).read_text("utf-8"))
        tables = {name: pl.read_ipc(place / f"{name}.arrow") for name in said["tables"]}
        beside: dict[str, Any] = {name: pl.read_ipc(place / f"{name}.arrow") for name in FRAMES}
        return Scored(tables, **said["plain"], **beside)
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError):
        return None


def _write(place: Path, scored: Scored) -> None:
    """Keep an answer, whole or not at all; a full disk is no reason to have no build."""
    draft = place.with_name(f".{place.name}")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(parents=True)
        for name, frame in {**scored.tables, **{name: getattr(scored, name) for name in FRAMES}}.items():
            frame.write_ipc(draft / f"{name}.arrow", compression="zstd")
        said = {"tables": sorted(scored.tables), "plain": {name: getattr(scored, name) for name in PLAIN}}
        (draft / SAID).write_text(json.dumps(said), "utf-8")
        shutil.rmtree(place, ignore_errors=True)
        draft.replace(place)
    except (OSError, pl.exceptions.PolarsError):
        shutil.rmtree(draft, ignore_errors=True)


def _forget(place: Path) -> None:
    """Drop the oldest answers of a model beyond those that are kept."""
    if not place.exists():
        return
    there = sorted(
        (one for one in place.parent.iterdir() if one.is_dir()), key=lambda one: one.stat().st_mtime_ns, reverse=True
    )
    for old in there[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
