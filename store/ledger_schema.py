"""How the ledger's database is opened and what stands in it: one table that only grows, and the guards that see to it."""

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

BUSY_MILLISECONDS = 30_000
SCHEMA_NAME_BYTES = 63
WRITER = "crossdock_writer"

# `insert or replace` deletes a row without asking the guard of deletes, so SQLite also guards what may be put in.
SQLITE_GUARDS = {
    "acts_refuse_update": """create trigger if not exists acts_refuse_update before update on acts
        begin select raise(abort, 'acts are only ever added: update is refused'); end""",
    "acts_refuse_delete": """create trigger if not exists acts_refuse_delete before delete on acts
        begin select raise(abort, 'acts are only ever added: delete is refused'); end""",
    "acts_refuse_replace": """create trigger if not exists acts_refuse_replace before insert on acts
        when new.act_no is not (select coalesce(max(act_no), 0) + 1 from acts)
          or exists (select 1 from acts where act_id = new.act_id)
        begin select raise(abort, 'acts are only ever added: the next act has the next number'); end""",
}
POSTGRES_GUARD = "acts_refuse_change"
POSTGRES_GUARDS = (
    """create or replace function %(schema)s.acts_refuse_change() returns trigger language plpgsql as
        $$ begin raise exception using message = 'acts are only ever added: ' || lower(tg_op) || ' is refused'; end $$""",
    "drop trigger if exists acts_refuse_change on %(fullname)s",
    """create trigger acts_refuse_change before update or delete or truncate on %(fullname)s
        for each statement execute function %(schema)s.acts_refuse_change()""",
)


@cache
def engine_of(url: str) -> sa.Engine:
    """The one engine of this process for that address; SQLite by file, PostgreSQL through psycopg.

    Errors: sqlalchemy.exc.ArgumentError for an address that is none, or for any other database.
    """
    address = sa.make_url(url)
    kind = address.get_backend_name()
    if kind == "sqlite":
        # A file is opened in a moment; a connection kept open would only outlive its company's folder.
        engine = sa.create_engine(address, poolclass=NullPool)
        sa.event.listen(engine, "connect", _prepare_sqlite)
    elif kind == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
        patience = {"connect_timeout": 10, "application_name": "crossdock"}
        engine = sa.create_engine(address, pool_pre_ping=True, isolation_level="READ COMMITTED", connect_args=patience)
    else:
        raise sa.exc.ArgumentError(f"{kind} is neither sqlite nor postgresql")
    sa.event.listen(engine, "begin", _begin)
    return engine


def acts_table(schema: str | None) -> sa.Table:
    """The table of acts: every column is the text that the seal covers, so that no type of a database can round it."""
    words = ("act_id", "kind", "subject", "who", "at", "payload", "previous_hash", "act_hash")
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Table(
        "acts",
        sa.MetaData(schema=schema),
        sa.Column("act_no", number, primary_key=True, autoincrement=False),
        *(sa.Column(word, sa.Text, nullable=False, unique=word == "act_id") for word in words),
        sqlite_strict=True,
    )


@contextmanager
def writing(engine: sa.Engine, acts: sa.Table) -> Iterator[sa.Connection]:
    """A transaction that no other writer of the same ledger shares; the next one waits until it has ended."""
    with engine.connect() as connection, connection.execution_options(**{WRITER: _lock_key(acts)}).begin():
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that reads."""
    with engine.connect() as connection, connection.begin():
        yield connection


def ensure(engine: sa.Engine, acts: sa.Table, folder: Path) -> None:
    """Create the table and its guards where any of them is missing; several processes may do so at once."""
    with reading(engine) as connection:
        if _is_complete(connection, acts):
            return
    with _alone_in(folder):
        if engine.dialect.name == "sqlite":
            _keep_a_write_ahead_log(engine)
        with writing(engine, acts) as connection:
            _create(connection, acts)


def schema_of(name: str) -> str:
    """The PostgreSQL schema of a company's ledger: its name behind ours, so that no schema of the server is meant.

    >>> schema_of("acme")
    'crossdock_acme'
    """
    schema = f"crossdock_{name}"
    if len(schema.encode()) <= SCHEMA_NAME_BYTES:
        return schema
    # PostgreSQL would cut the name off, and two companies could come to share what is left.
    return f"crossdock_{hashlib.sha256(name.encode()).hexdigest()[:40]}"


def _is_complete(connection: sa.Connection, acts: sa.Table) -> bool:
    if connection.dialect.name == "sqlite":
        found = connection.execute(sa.text("select name from sqlite_master where tbl_name = 'acts'")).scalars().all()
        return {"acts", *SQLITE_GUARDS} <= set(found)
    asked = """select count(*) from pg_trigger join pg_class on pg_class.oid = tgrelid
        join pg_namespace on pg_namespace.oid = relnamespace
        where nspname = :schema and relname = 'acts' and tgname = :guard and tgenabled <> 'D'"""
    return connection.execute(sa.text(asked), {"schema": acts.schema, "guard": POSTGRES_GUARD}).scalar_one() == 1


def _create(connection: sa.Connection, acts: sa.Table) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite and not sa.inspect(connection).has_schema(str(acts.schema)):
        connection.execute(sa.schema.CreateSchema(str(acts.schema)))
    acts.create(connection, checkfirst=True)
    # Only where a guard is missing: PostgreSQL locks the table to make one, and another process may just have done so.
    if not _is_complete(connection, acts):
        for statement in SQLITE_GUARDS.values() if is_sqlite else POSTGRES_GUARDS:
            connection.execute(sa.DDL(statement).against(acts))


def _keep_a_write_ahead_log(engine: sa.Engine) -> None:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("pragma journal_mode = wal")
    finally:
        connection.close()


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    # A connection that changes the journal mode while another is writing is turned away at once, however patient it is.
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # SQLAlchemy begins transactions itself (see _begin); Python's driver must not do it as well.
    connection.isolation_level = None
    # A byte that somebody damaged must reach the check of the seals instead of stopping the reader.
    connection.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
    connection.execute(f"pragma busy_timeout = {BUSY_MILLISECONDS}")
    connection.execute("pragma synchronous = full")


def _begin(connection: sa.Connection) -> None:
    key = connection.get_execution_options().get(WRITER)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("begin immediate" if key else "begin")
    elif key:
        connection.exec_driver_sql("select pg_advisory_xact_lock(%s)", (key,))


def _lock_key(acts: sa.Table) -> int:
    return int.from_bytes(hashlib.sha256(f"crossdock ledger {acts.schema}".encode()).digest()[:8], signed=True)
