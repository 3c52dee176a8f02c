"""What stands in `accounts.db`, the installation's list of people: tables, and the guards of the one that only grows."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa

from store.ledger_schema import engine_of, writing

FILE_NAME = "accounts.db"
META = sa.MetaData()
# `insert or replace` deletes a row without asking the guard of deletes, so what may be put in is guarded as well.
GUARDS = (
    """create trigger if not exists account_log_refuse_update before update on account_log
        begin select raise(abort, 'the log of accounts is only ever added to: update is refused'); end""",
    """create trigger if not exists account_log_refuse_delete before delete on account_log
        begin select raise(abort, 'the log of accounts is only ever added to: delete is refused'); end""",
    """create trigger if not exists account_log_refuse_replace before insert on account_log
        when new.entry_no is not (select coalesce(max(entry_no), 0) + 1 from account_log)
        begin select raise(abort, 'the log of accounts is only ever added to: the next entry has the next number'); end""",
)

# `account_key` is the name in small letters: two accounts cannot differ by capitals alone. Instants are ISO texts in UTC.
ACCOUNTS = sa.Table(
    "accounts",
    META,
    sa.Column("account_key", sa.Text, primary_key=True),
    sa.Column("account_name", sa.Text, nullable=False),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text),
    sa.Column("is_active", sa.Integer, nullable=False),
    sa.Column("added_at", sa.Text, nullable=False),
    sqlite_strict=True,
)
GRANTS = sa.Table(
    "account_roles",
    META,
    sa.Column("account_key", sa.Text, sa.ForeignKey("accounts.account_key"), primary_key=True),
    sa.Column("role_name", sa.Text, primary_key=True),
    sa.Column("company_name", sa.Text, primary_key=True),
    sqlite_strict=True,
)
SESSIONS = sa.Table(
    "sessions",
    META,
    sa.Column("session_hash", sa.Text, primary_key=True),
    sa.Column("account_key", sa.Text, sa.ForeignKey("accounts.account_key"), nullable=False),
    sa.Column("began_at", sa.Text, nullable=False),
    sa.Column("seen_at", sa.Text, nullable=False),
    sa.Column("ended_at", sa.Text),
    sqlite_strict=True,
)
# Names that nobody has are counted like the others, under a hash: people type passwords into the wrong field.
FAILURES = sa.Table(
    "failed_sign_ins",
    META,
    sa.Column("name_hash", sa.Text, primary_key=True),
    sa.Column("failure_count", sa.Integer, nullable=False),
    sa.Column("failed_at", sa.Text, nullable=False),
    sqlite_strict=True,
)
LOG = sa.Table(
    "account_log",
    META,
    sa.Column("entry_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("deed", sa.Text, nullable=False),
    sa.Column("account_name", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sqlite_strict=True,
)


@cache
def opened(folder: Path) -> sa.Engine:
    """The list of people in that folder, created if there is none; only the server's own account may read the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    path.touch(mode=0o600)
    engine = engine_of(f"sqlite:///{path}")
    with writing(engine, ACCOUNTS) as connection:
        META.create_all(connection)
        for guard in GUARDS:
            connection.execute(sa.DDL(guard))
    return engine
