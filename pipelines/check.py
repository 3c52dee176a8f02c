"""Each row is held to its contract: good rows go on typed, the others are set aside with the reason, and every line is accounted for."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pipelines import cast, read
from pipelines.contract import contract
from pipelines.fastcsv import fast_rows
from pipelines.plan import Plan
from pipelines.settle import Doubtful, settled
from pipelines.source import Feed, Reading
from store import engine

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Part:
    """What one sheet gave to one contract: the accepted rows' file, and every line of the sheet accounted for.

    `first_line` is set where the n-th accepted row is line `first_line + n` of the file; otherwise the rows carry `line_no`.
    """

    contract: str
    path: str
    first_line: int | None
    columns: tuple[str, ...]
    lines_in: int
    accepted: int
    set_aside: int
    ignored: int


@dataclass(frozen=True)
class Checked:
    """All parts of one file, and the folder they lie in (with `set_aside.parquet` when a row was set aside)."""

    folder: Path
    parts: tuple[Part, ...]

    @property
    def set_aside_path(self) -> Path | None:
        """The rows that were set aside, or None when every row kept its contract."""
        path = self.folder / "set_aside.parquet"
        return path if path.exists() else None


@dataclass(frozen=True)
class Sheets:
    """A landed file with each of its sheets and how to read it, and what is known of its clock.

    Args:
        path: the landed bytes.
        readings: each sheet of the file with how to read it.
        line_count: physical lines of the file, as landing counted them.
        timezone_name: IANA name of the clock of naive instants, unless a reading names its own.
        landed_at: no event can lie after this instant.
    """

    path: Path
    readings: tuple[tuple[read.Sheet, Reading], ...]
    line_count: int
    timezone_name: str
    landed_at: datetime


def checked(file: Sheets, folder: Path, progress: Progress | None = None) -> Checked:
    """The file's rows held to the contracts that its readings feed; made once and then read back from `folder`.

    The folder appears whole or not at all.
    """
    if (folder / "parts.json").exists():
        return opened(folder)
    work = folder.with_name(f".{folder.name}-{os.getpid()}")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        say = progress or (lambda _fraction, _text: None)
        parts = [part for number in range(len(file.readings)) for part in _Job(file, number, work, say).run()]
        _gather_set_aside(work)
        (work / "parts.json").write_text(json.dumps([asdict(part) for part in parts]), "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        work.replace(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return opened(folder)


def opened(folder: Path) -> Checked:
    """A result that was made before, read back."""
    return Checked(
        folder,
        tuple(
            Part(**{**part, "columns": tuple(part["columns"])})
            for part in json.loads((folder / "parts.json").read_text("utf-8"))
        ),
    )


class _Job:
    """One sheet on its way to its contracts, in a scratch database of its own."""

    def __init__(self, file: Sheets, number: int, work: Path, progress: Progress):
        self.file, self.number, self.work, self.progress = file, number, work, progress
        self.sheet, self.reading = file.readings[number]
        self.connection = engine.scratch(work / "spill")
        self.connection.execute(cast.MACROS)

    def run(self) -> list[Part]:
        """The sheet's parts, one a contract."""
        try:
            return self._direct(is_quick=True) or self._direct(is_quick=False) or self._careful()
        finally:
            self.connection.close()

    def _direct(self, *, is_quick: bool) -> list[Part] | None:
        """The way of a plain CSV with one row a line: straight from the file into typed rows.

        The quick form takes clean rows only, and the other form says what is wrong with the rest.
        """
        if not self.sheet.is_plain or len(self.reading.feeds) != 1 or self.reading.feeds[0].where:
            return None
        feed = self.reading.feeds[0]
        plan = self._plan(feed, has_line_no=False, is_quick=is_quick)
        if is_quick and (feed.one_per or plan.makes_ids or not plan.direct_types):
            return None
        rows = fast_rows(self.file.path, self.sheet, plan.direct_types if is_quick else {})
        data_lines = self.file.line_count - self.sheet.header_line
        self.progress(0.1, f"checking {data_lines:,} lines")
        try:
            if is_quick:
                # An instant without an offset was written by the clock of the file.
                self.connection.execute(f"set TimeZone = {cast.literal(plan.timezone_name)}")
            part = self._part(plan, rows, first_line=self.sheet.header_line, lines_in=data_lines, blank=0)
            if not part.set_aside or not self._has_empty_lines(rows):
                return [part]
        except (engine.EngineError, LinesDiffer, Doubtful):
            pass
        finally:
            self.connection.execute("set TimeZone = 'UTC'")
        for piece in self.work.glob(f"set-aside-{self.number}-*"):
            piece.unlink()
        return None

    def _has_empty_lines(self, rows: str) -> bool:
        """Whether a line has separators and no values: such a line is ignored, not set aside, which needs the careful way."""
        values = ", ".join(f"nullif(trim({cast.quoted(header)}), '')" for header in self.sheet.columns)
        found = self.connection.execute(f"select 1 from ({rows}) where coalesce({values}) is null limit 1")
        return found.fetchone() is not None

    def _careful(self) -> list[Part]:
        """The way of every other file: its texts line by line into a table first, then contract by contract."""
        self.progress(0.1, "reading line by line")
        texts = self.work / f"texts-{self.number}.parquet"
        found = read.careful(self.file.path, self.sheet, texts)
        rows = f"select * from read_parquet({cast.literal(str(texts))})"
        lines = found.lines_in + found.ignored
        parts = [
            self._part(self._plan(feed, has_line_no=True), rows, first_line=None, lines_in=lines, blank=found.ignored)
            for feed in self.reading.feeds
        ]
        texts.unlink()
        # A file that is known to say nothing we need is kept and accounted for all the same.
        return parts or [Part("", "", None, (), lines, 0, 0, lines)]

    def _plan(self, feed: Feed, *, has_line_no: bool, is_quick: bool = False) -> Plan:
        return Plan(
            contract(feed.contract),
            feed,
            self.reading,
            self.sheet.columns,
            self.reading.timezone or self.file.timezone_name,
            self.file.landed_at,
            has_line_no=has_line_no,
            is_quick=is_quick,
        )

    def _part(self, plan: Plan, rows: str, *, first_line: int | None, lines_in: int, blank: int) -> Part:
        rules = plan.rules
        typed = self.work / f"typed-{self.number}-{rules.name}.parquet"
        self.connection.execute(
            f"copy ({plan.typed(rows)}) to {cast.literal(str(typed))} (format parquet, compression snappy)"
        )
        self.progress(0.7, f"{rules.title}: settling keys")
        result = settled(self.connection, plan, rows, typed, first_line=first_line, work=self.work, number=self.number)
        if first_line is not None and result.rows != lines_in:
            raise LinesDiffer
        ignored = blank + (lines_in - blank - result.rows) + result.repeats
        part = Part(
            rules.name,
            result.path.name,
            result.first_line,
            tuple(c.name for c in plan.columns),
            lines_in,
            result.accepted,
            result.set_aside,
            ignored,
        )
        if part.lines_in != part.accepted + part.set_aside + part.ignored:
            raise AssertionError(f"{self.file.path.name}: {part} does not account for every line")
        return part


class LinesDiffer(Exception):
    """A record spans several lines or a line is blank, so line numbers cannot be counted off: read line by line instead."""


def _gather_set_aside(work: Path) -> None:
    pieces = sorted(work.glob("set-aside-*.parquet"))
    if not pieces:
        return
    connection = engine.scratch(work / "spill")
    listed = ", ".join(cast.literal(str(piece)) for piece in pieces)
    target = cast.literal(str(work / "set_aside.parquet"))
    connection.execute(
        f"copy (select * from read_parquet([{listed}]) order by contract, line_no, reason_no) to {target} (format parquet)"
    )
    connection.close()
    for piece in pieces:
        piece.unlink()
