"""A company's warehouse: a draft in the making, the published builds, and the pointer that names the current one."""

import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import polars as pl

from errors import Refusal
from store import engine
from store.company import Company, sync_folder, write_whole

POINTER = "current"
MONTH_ENDS = "world/month_ends"  # in a demo company's folder: the builds of its past month ends


class Draft:
    """A build in the making, in a file of its own that nobody reads until it is published.

    Leaving the `with` block without publishing throws the file away.
    """

    def __init__(self, company: Company):
        company.builds.mkdir(parents=True, exist_ok=True)
        sweep(company)
        self.company = company
        self.path = company.builds / f".draft-{os.getpid()}.duckdb"
        self.connection = engine.draft(self.path)

    def __enter__(self) -> "Draft":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        _throw_away(self.path)

    def execute(self, sql: str, params: list | None = None) -> None:
        """Run one statement that changes the draft."""
        self.connection.execute(sql, params) if params else self.connection.execute(sql)

    def query(self, sql: str, params: list | None = None) -> pl.DataFrame:
        """The rows that a query gives on the draft so far."""
        return engine.frame(self.connection, sql, params)

    def has(self, table: str) -> bool:
        """Whether the draft has that table so far, named with its schema."""
        return engine.has(self.connection, table)

    def fill(self, table: str, rows: Iterable[Sequence[Any]], columns: str = "") -> None:
        """Rows added to a table of the draft, made with `columns` if these are given; a row has a value for each, in their order."""
        engine.fill(self.connection, table, rows, columns)

    def take(self, name: str, frame: pl.DataFrame, types: dict[str, str]) -> None:
        """A new table out of a frame; `types` names its columns in order, each with the SQL type that it is cast to."""
        columns = ", ".join(f'cast("{column}" as {sql_type}) as "{column}"' for column, sql_type in types.items())
        self.connection.register("incoming", frame.to_arrow())
        try:
            self.connection.execute(f"create table {name} as select {columns} from incoming")  # noqa: S608  names of ours
        finally:
            self.connection.unregister("incoming")

    def keep(self, name: str, tables: Iterable[str]) -> "Build":
        """Some tables of the draft copied into a small build of that name among the month ends; it is there whole or not at all."""
        folder, names = self.company.folder / MONTH_ENDS, list(tables)
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{name}.part"
        part.unlink(missing_ok=True)
        quoted = str(part).replace("'", "''")
        self.execute(f"attach '{quoted}' as kept")
        for schema in sorted({table.partition(".")[0] for table in names}):
            self.execute(f"create schema kept.{schema}")
        for table in names:
            self.execute(f"create table kept.{table} as select * from {table}")  # noqa: S608  names of ours
        self.execute("detach kept")
        return Build(name, part.replace(folder / f"{name}.duckdb"))

    def publish(self, build_id: str) -> "Build":
        """The draft as the company's current build: file moved to its own name first, pointer replaced last.

        A crash before the pointer is replaced leaves the last build being read.
        """
        self.connection.execute("checkpoint")
        self.connection.close()
        with self.path.open("rb") as handle:
            os.fsync(handle.fileno())
        final = self.company.builds / f"{build_id}.duckdb"
        self.path.replace(final)
        sync_folder(self.company.builds)
        write_whole(self.company.folder / POINTER, build_id.encode())
        return Build(build_id, final)


@dataclass(frozen=True)
class Build:
    """One published build: immutable, read only, named by the time it was made and the hash of its content."""

    build_id: str
    path: Path

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The read-only connection of this build; each query takes a cursor of its own from it."""
        return engine.reader(self.path)

    def query(self, sql: str, params: list | None = None) -> pl.DataFrame:
        """The rows that a query gives on this build."""
        return engine.frame(self.connection, sql, params)

    def has(self, table: str) -> bool:
        """Whether the build has that table, named with its schema."""
        return engine.has(self.connection, table)

    def facts(self) -> dict:
        """What is known of the build itself: the one row of `raw.build`."""
        return self.query("select * from raw.build").row(0, named=True)


def current_build(company: Company) -> Build | None:
    """The build that everybody reads now, or None before the first refresh."""
    with suppress(FileNotFoundError):
        build_id = (company.folder / POINTER).read_text("utf-8").strip()
        return open_build(company, build_id)
    return None


def open_build(company: Company, build_id: str) -> Build:
    """The published build of that id; refused when it is not there any more."""
    path = company.builds / f"{build_id}.duckdb"
    if not path.is_file():
        raise Refusal(
            f"Build {build_id} cannot be opened.",
            "Its file is not in the company's folder.",
            f"Make it again: python -m pipelines refresh --company {company.name}",
        )
    return Build(build_id, path)


def builds(company: Company) -> list[Build]:
    """The published builds, newest first."""
    return [Build(path.stem, path) for path in sorted(company.builds.glob("[!.]*.duckdb"), reverse=True)]


def month_ends(company: Company) -> list[Build]:
    """The small builds of past month ends in a demo company's world, the first first: what was known then."""
    return [Build(path.stem, path) for path in sorted((company.folder / MONTH_ENDS).glob("*.duckdb"))]


def forget_builds(company: Company, *, keep: int) -> list[str]:
    """Ids of the builds that were deleted so that `keep` remain; the current one always stays.

    What models answered goes as well: it may hold rows that were made of a load taken back since, and can be made again.
    """
    current = current_build(company)
    old = [build for build in builds(company)[max(keep, 1) :] if current is None or build.build_id != current.build_id]
    for build in old:
        build.path.unlink(missing_ok=True)
    shutil.rmtree(company.answers, ignore_errors=True)
    return [build.build_id for build in old]


def sweep(company: Company) -> None:
    """Throw away whatever of drafts a killed process left behind; call it only while holding the writer's lock.

    A log without its draft is swept as well: a new draft of the same name would take it for its own.
    """
    for path in company.builds.glob(".draft-*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _throw_away(path: Path) -> None:
    for leftover in (path.with_name(path.name + ".wal"), path):
        leftover.unlink(missing_ok=True)
    shutil.rmtree(path.with_suffix(".spill"), ignore_errors=True)
