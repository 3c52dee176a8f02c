"""Grow a world from a seed, or let one live on: day after day, its forks beside it, its extracts written when they are due."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from errors import Refusal
from pipelines.demo import acts as acts_
from pipelines.demo import decided, exporting, life, state, truth
from pipelines.demo.clock import date_of, day_number
from pipelines.demo.exporting import Export
from pipelines.demo.mess import Defect
from pipelines.demo.network import network
from pipelines.demo.planting import planted
from pipelines.demo.scale import size_named
from pipelines.demo.world import World

Progress = Callable[[float, str], None]
TINY = Path(__file__).resolve().parents[2] / "data" / "samples" / "tiny"
TINY_FIRST, TINY_LAST = date(2026, 10, 1), date(2026, 11, 13)


@dataclass(frozen=True)
class DemoWorld:
    """What growing or advancing gave: the files to land in order, when each was exported, the truth, and the days it spans."""

    files: list[Path]
    truth: Path
    first_date: date
    last_date: date
    exported_at: tuple[datetime, ...]
    notes: tuple[str, ...] = ()

    @property
    def landed_at(self) -> datetime:
        """The evening of the last day, when all files lie ready."""
        return datetime.combine(self.last_date, time(21, 30), UTC)


def grow(
    folder: Path, *, size: str, seed: int, last_date: date | None = None, progress: Progress | None = None
) -> DemoWorld:
    """A new world in a folder: its extracts in `extracts/`, the truth in `truth/`, its state in `state/`, decisions in a file.

    Args:
        folder: where it is kept; a world that was there before is replaced.
        size: tiny (files written by hand), small or large.
        seed: the same seed gives the same bytes.
        last_date: last day of its history; by default 14 November 2026.
        progress: called with a share from 0 to 1 and what is being done.

    Errors: a Refusal for an unknown size, or a last day before the first.
    """
    if size == "tiny":
        return _tiny(folder)
    scale = size_named(size)
    last = day_number(last_date) if last_date else scale.default_last
    if last < scale.first_day:
        raise Refusal(
            "No world was grown.",
            f"A {size} world begins on {date_of(scale.first_day)}, after {last_date}.",
            "Give a later last day.",
        )
    for old in (exporting.FOLDER, truth.FOLDER, state.FOLDER):
        shutil.rmtree(folder / old, ignore_errors=True)
    (folder / decided.FILE_NAME).unlink(missing_ok=True)
    (folder / exporting.FOLDER).mkdir(parents=True)
    net = network(size, seed)
    main = life.born(net, planted(size, seed))
    begun = _Running(folder, main, {}, {}, progress or _quiet)
    begun.keep(exporting.export_masters(main, folder))
    begun.live_to(last)
    return begun.stop([], [])


def advance(
    folder: Path, *, days: int, acts: Sequence[Mapping[str, Any]] = (), progress: Progress | None = None
) -> DemoWorld:
    """The same world some days later, with approved acts carried out on its next morning; the files are those written on the way.

    All acts so far may be given each time: what the world was told before is not done again. Growing N days gives the
    same bytes as growing N - k and advancing by k. A file whose week or four weeks are not yet over is written as far as
    it goes and written again by the next advance.

    Errors: a Refusal when there is no world in the folder, it is the tiny one, or days is not positive.
    """
    if days < 1:
        raise Refusal("The world was not advanced.", f"It cannot live on for {days} days.", "Give at least one day.")
    main, forks, notes = state.load(folder)
    defects = {name: [Defect(**row) for row in rows] for name, rows in notes["defects"].items()}
    running = _Running(folder, main, forks, defects, progress or _quiet)
    return running.live_on(days, acts_.unheard(acts, notes["acts"]), notes["acts"])


class _Running:
    """A world while it lives, with its forks, the files written and what was damaged in them."""

    def __init__(
        self, folder: Path, main: World, forks: dict[str, World], defects: dict[str, list[Defect]], progress: Progress
    ):
        self.folder, self.main, self.forks, self.defects, self.progress = folder, main, forks, defects, progress
        self.exports: dict[Path, Export] = {}
        self.begun = main.day

    def keep(self, exports: list[Export]) -> None:
        """Remember files that were written; a file written again takes the place of the first."""
        for export in exports:
            self.exports[export.path] = export
            self.defects[export.path.name] = list(export.defects)

    def live_on(self, days: int, acts: list[tuple[str, Mapping[str, Any]]], heard: list[str]) -> DemoWorld:
        """Carry out acts in every fork and live some days."""
        worlds = [self.main, *self.forks.values()]
        for world in worlds:
            world.day += 1
        notes = acts_.obey(worlds, [act for _, act in acts])
        for world in worlds:
            world.day -= 1
        self.live_to(self.main.day + days)
        return self.stop(notes, [*heard, *(name for name, _ in acts)])

    def live_to(self, last: int) -> None:
        """Let all worlds live to a day; a fork begins on the morning on which its plant does."""
        first = self.main.day + 1
        for day in range(first, last + 1):
            for plant in self.main.plants:
                if plant.from_day == day and plant.moves_goods:
                    self.forks[plant.plant_id] = self.main.without(plant)
            life.live(self.main, day)
            for fork in self.forks.values():
                life.live(fork, day)
            self.keep(
                exporting.export(self.main, exporting.due(self.main.net.size, day, is_last=day == last), self.folder)
            )
            self.progress((day - first + 1) / (last - first + 1), f"lived to {date_of(day)}")

    def stop(self, notes: list[str], heard: list[str]) -> DemoWorld:
        """Write the truth and the state, and say what there is."""
        truth.remember_demand(self.folder, self.main, before=self.begun)
        decided.write(self.folder, self.main)
        where = truth.write(self.folder, self.main, self.forks, self.defects)
        kept = {name: [asdict(row) for row in rows] for name, rows in self.defects.items() if rows}
        state.save(self.folder, self.main, self.forks, {"defects": kept, "acts": heard})
        exports = list(self.exports.values())
        return DemoWorld(
            files=[export.path for export in exports],
            truth=where,
            first_date=date_of(self.main.net.size.first_day),
            last_date=date_of(self.main.day),
            exported_at=tuple(export.exported_at for export in exports),
            notes=tuple(notes),
        )


def _tiny(folder: Path) -> DemoWorld:
    place = folder / exporting.FOLDER
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    files = [Path(shutil.copyfile(path, place / path.name)) for path in sorted(TINY.glob("*.csv"))]
    (folder / truth.FOLDER).mkdir(exist_ok=True)
    where = Path(shutil.copyfile(TINY / "answers.yml", folder / truth.FOLDER / "answers.yml"))
    moment = datetime.combine(TINY_LAST, time(21), UTC)
    return DemoWorld(files, where, TINY_FIRST, TINY_LAST, (moment,) * len(files))


def _quiet(share: float, text: str) -> None:
    """Say nothing."""
