"""A demo world small enough to be grown in a few seconds, and its extracts read back without the product."""

import csv
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import fastexcel
import polars as pl

from pipelines import demo
from pipelines.demo.clock import date_of
from pipelines.demo.exporting import FOLDER
from pipelines.demo.extracts import EXTRACTS, Extract
from pipelines.demo.planting import planted
from pipelines.demo.plants import Plant
from pipelines.demo.scale import SIZES, SMALL

SEED = 4
# Eight months: long enough for every plant, short enough to be grown a few times in a test run.
MINI = replace(
    SMALL,
    name="mini",
    sku_count=60,
    customer_count=45,
    lines_per_workday=36.0,
    first_day=SMALL.default_last - 244,
    decides_days=0,  # nobody decides in it: what is planted in people is tested in a world of its own
)
SIZES["mini"] = MINI
LAST = date_of(MINI.default_last)
KEPT = tempfile.TemporaryDirectory(prefix="demo-world-")


@cache
def mini() -> tuple[Path, demo.DemoWorld]:
    """The folder of the mini world and what growing it gave; grown once a test run, and nobody may change it."""
    folder = Path(KEPT.name)
    return folder, demo.grow(folder, size="mini", seed=SEED)


def planted_one(kind: str) -> Plant:
    """The plant of a kind in the mini world."""
    return next(plant for plant in planted("mini", SEED) if plant.kind == kind)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a world by its place in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def extract_of(path: Path, sheet: str = "") -> Extract:
    """The extract that a file, or a sheet of it, holds."""
    mine = [extract for extract in EXTRACTS if path.name.startswith(extract.stem + "_") or path.stem == extract.stem]
    longest = max(len(extract.stem) for extract in mine)
    return next(e for e in mine if len(e.stem) == longest and (not sheet or e.sheet == sheet))


@cache
def rows(folder: Path, contract: str) -> pl.DataFrame:
    """All rows of a contract as text under its own column names, file after file."""
    extract = next(extract for extract in EXTRACTS if extract.contract == contract)
    names = {heading: name for name, heading in extract.headings.items()}
    frames = []
    for path in sorted(
        (folder / FOLDER).glob(f"{extract.stem}_*"), key=lambda path: ("history" not in path.name, path.name)
    ):
        if extract_of(path) is not extract:
            continue
        if path.suffix == ".xlsx":
            frames.append(fastexcel.read_excel(path).load_sheet(extract.sheet).to_polars())
            continue
        text = (
            path.read_bytes()
            .decode(extract.writing.encoding)
            .split(extract.writing.newline)[len(extract.writing.titles) : -1]
        )
        head, *body = csv.reader(text, delimiter=extract.writing.separator)
        frames.append(pl.DataFrame(body, schema=[names[heading] for heading in head], orient="row"))
    return pl.concat(frames)
