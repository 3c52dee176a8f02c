"""The export calendar: masters once, a history up to a fixed Saturday, then weekly and four-weekly files of what changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from pipelines.demo.clock import date_of
from pipelines.demo.extract import ONCE, Extract
from pipelines.demo.extracts import EXTRACTS
from pipelines.demo.mess import Defect, messed
from pipelines.demo.scale import Size
from pipelines.demo.world import World
from pipelines.demo.writing import cells, text_lines, write_text, write_workbook

FOLDER = "extracts"


@dataclass(frozen=True)
class Export:
    """One file that was written: where, when its system wrote it, and what was damaged in it."""

    path: Path
    exported_at: datetime
    defects: tuple[Defect, ...]


def period(extract: Extract, size: Size, day: int) -> tuple[int, int]:
    """The last day before and the last day of the file to which a day belongs."""
    if extract.every_days == ONCE or day <= size.history_end:
        return size.first_day - 1, size.history_end
    since = size.history_end + (day - size.history_end - 1) // extract.every_days * extract.every_days
    return since, since + extract.every_days


def due(size: Size, day: int, *, is_last: bool) -> list[Extract]:
    """The extracts whose file ends on a day; on the day on which the world stops, all files that have been begun."""
    regular = [extract for extract in EXTRACTS if extract.every_days != ONCE]
    return [extract for extract in regular if is_last or period(extract, size, day)[1] == day]


def export(world: World, extracts: Iterable[Extract], folder: Path) -> list[Export]:
    """Write the files of these extracts as they stand tonight; what is in a completed file is forgotten by the log.

    An extract without rows makes no file: no system sends one, and nobody could say what its columns hold.
    """
    done: list[Export] = []
    books: dict[Path, list[Extract]] = {}
    for extract in extracts:
        if extract.sheet:
            books.setdefault(_path(extract, world, folder), []).append(extract)
            continue
        since, _ = period(extract, world.net.size, world.day)
        path = _path(extract, world, folder)
        lines, defects = text_lines(extract, extract.rows(world, since)), list[Defect]()
        if len(lines) < (1 if extract.writing.is_json_lines else 2):
            continue
        if not extract.writing.is_json_lines:
            until = period(extract, world.net.size, world.day)[1]
            lines, defects = messed(extract, path.name, lines, world.net.dice, until)
        write_text(path, extract.writing, lines)
        done.append(_exported(path, extract, world, tuple(defects)))
        _forget(world, extract)
    for path, parts in books.items():
        rows = [(part, cells(part, part.rows(world, period(part, world.net.size, world.day)[0]))) for part in parts]
        if not any(found for _, found in rows):
            continue
        write_workbook(path, rows)
        done.append(_exported(path, parts[0], world, ()))
        for part in parts:
            _forget(world, part)
    return done


def export_masters(world: World, folder: Path) -> list[Export]:
    """Write the master data, which stay as they are."""
    return export(world, [extract for extract in EXTRACTS if extract.every_days == ONCE], folder)


def _path(extract: Extract, world: World, folder: Path) -> Path:
    size = world.net.size
    since, until = period(extract, size, world.day)
    ending = "xlsx" if extract.sheet else "jsonl" if extract.writing.is_json_lines else "csv"
    if extract.every_days == ONCE:
        span = ""
    elif until == size.history_end:
        span = f"_history_to_{date_of(until)}"
    else:
        span = f"_{date_of(since + 1)}_to_{date_of(until)}"
    return folder / FOLDER / f"{extract.stem}{span}.{ending}"


def _exported(path: Path, extract: Extract, world: World, defects: tuple[Defect, ...]) -> Export:
    day = world.net.size.first_day if extract.every_days == ONCE else world.day
    return Export(path, datetime.combine(date_of(day), time(21), UTC), defects)


def _forget(world: World, extract: Extract) -> None:
    if world.log is None or period(extract, world.net.size, world.day)[1] != world.day:
        return
    for kind in extract.logs:
        world.log.clear(kind)
