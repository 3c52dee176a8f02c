"""Who is signed in: passwords tried and counted, sessions that begin, grow old, lie idle and are ended."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from store.account_schema import ACCOUNTS, FAILURES, SESSIONS
from store.accounts import Account, Accounts, account_of, key_of
from store.ledger_schema import reading, writing
from store.passwords import hashed_again, is_outdated, is_right

AGE_AT_MOST = timedelta(hours=12)
IDLE_AT_MOST = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)  # how often a session's last use is written down; every click would be a write
KEPT_FOR = timedelta(days=32)  # longer than an identity provider's cookie lives, so that an ended session stays ended
FREE_TRIES, FIRST_WAIT, LONGEST_WAIT = 5, timedelta(seconds=15), timedelta(minutes=15)
FAILURES_FORGOTTEN_AFTER = timedelta(days=1)
FAILURES_KEPT = 10_000
TOKEN_BYTES = 32


@dataclass(frozen=True)
class Session:
    """A session that stands: whose, and the hash under which it is kept (never the token that opens it)."""

    session_hash: str
    account: Account


def sign_in(accounts: Accounts, name: str, password: str) -> str | None:
    """The token of a new session; None if the name or the password is wrong, or if too many tries have failed.

    A name that nobody has costs the same work and is counted in the same way, so that nothing tells it from a wrong
    password. After five failures in a row each further try has to wait: 15 seconds, then twice as long each time, at
    most 15 minutes.
    """
    key, now = key_of(name), accounts.clock()
    with writing(accounts.engine, ACCOUNTS) as connection:
        # Counted before the password is looked at: a hundred tries at once are a hundred tries.
        if not _counted(connection, key, now):
            return None
        asked = sa.select(ACCOUNTS.c.password_hash).where(ACCOUNTS.c.account_key == key, ACCOUNTS.c.is_active == 1)
        kept = connection.execute(asked).scalar()
    is_let_in = is_right(password, kept)
    newer = hashed_again(password) if is_let_in and kept and is_outdated(kept) else None
    with writing(accounts.engine, ACCOUNTS) as connection:
        account = account_of(connection, key)
        if not is_let_in or account is None or not account.is_active:
            # Written for every name, so that neither answer waits longer for the disk than the other.
            failed = FAILURES.update().where(FAILURES.c.name_hash == _hash(key))
            connection.execute(failed.values(failed_at=accounts.now_text()))
            if account is not None:
                accounts.record(connection, account.name, "sign-in refused", account.name)
            return None
        connection.execute(FAILURES.delete().where(FAILURES.c.name_hash == _hash(key)))
        if newer:
            connection.execute(ACCOUNTS.update().where(ACCOUNTS.c.account_key == key).values(password_hash=newer))
        token = secrets.token_urlsafe(TOKEN_BYTES)
        _begin(accounts, connection, _hash(token), key)
        accounts.record(connection, account.name, "signed in", account.name, "with a password")
    return token


def admit(accounts: Accounts, email: str, *, login: str, issued_at: datetime, expires_at: datetime) -> Session | None:
    """The session of somebody whom an identity provider has signed in, or None.

    It begins when the login is seen for the first time, which has to be before the provider's own deadline; from then on
    it ends like any other. None also when no active account has this e-mail address as its name.

    Args:
        login: what tells this login from every other (issuer, subject and instant).
    """
    key, now, session_hash = key_of(email), accounts.clock(), _hash(f"login {login}")
    with reading(accounts.engine) as connection:
        is_known = connection.execute(_row(session_hash)).first() is not None
    if not is_known:
        if not now < expires_at or now - issued_at >= AGE_AT_MOST:
            return None
        with writing(accounts.engine, ACCOUNTS) as connection:
            account = account_of(connection, key)
            if account is None or not account.is_active:
                return None
            if connection.execute(_row(session_hash)).first() is None:
                _begin(accounts, connection, session_hash, key)
                accounts.record(connection, account.name, "signed in", account.name, "at the identity provider")
    found = by_hash(accounts, session_hash)
    return found if found is not None and key_of(found.account.name) == key else None


def standing(accounts: Accounts, token: str) -> Session | None:
    """The session that the token opens, with the roles as they are now; None if it has ended in any way."""
    return by_hash(accounts, _hash(token)) if token else None


def by_hash(accounts: Accounts, session_hash: str) -> Session | None:
    """The session kept under that hash, if it stands: begun less than 12 hours ago and used in the last 30 minutes."""
    now = accounts.clock()
    with reading(accounts.engine) as connection:
        row = connection.execute(_row(session_hash)).first()
        account = account_of(connection, row.account_key) if row is not None else None
    if row is None or account is None or not account.is_active or row.ended_at is not None:
        return None
    seen = datetime.fromisoformat(row.seen_at)
    if now - datetime.fromisoformat(row.began_at) >= AGE_AT_MOST or now - seen >= IDLE_AT_MOST:
        return None
    if now - seen >= SEEN_EVERY:
        with writing(accounts.engine, ACCOUNTS) as connection:
            connection.execute(_change(session_hash).values(seen_at=accounts.now_text()))
    return Session(session_hash, account)


def sign_out(accounts: Accounts, session: Session) -> None:
    """End the session; whoever still holds its token, in another tab or elsewhere, is outside from now on."""
    with writing(accounts.engine, ACCOUNTS) as connection:
        connection.execute(_change(session.session_hash).values(ended_at=accounts.now_text()))
        accounts.record(connection, session.account.name, "signed out", session.account.name)


def wait_after(failures: int) -> timedelta:
    """How long the next try has to wait after so many failures in a row.

    >>> [int(wait_after(count).total_seconds()) for count in (4, 5, 6, 7, 99)]
    [0, 15, 30, 60, 900]
    """
    if failures < FREE_TRIES:
        return timedelta(0)
    return min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures - FREE_TRIES, 10))


def _counted(connection: sa.Connection, key: str, now: datetime) -> bool:
    """Whether a try is allowed now; if so it is counted as failed until it has succeeded."""
    name_hash, forgotten = _hash(key), (now - FAILURES_FORGOTTEN_AFTER).isoformat()
    connection.execute(FAILURES.delete().where(FAILURES.c.failed_at < forgotten))
    row = connection.execute(sa.select(FAILURES).where(FAILURES.c.name_hash == name_hash)).first()
    if row is not None:
        if now - datetime.fromisoformat(row.failed_at) < wait_after(row.failure_count):
            return False
        changed = {"failure_count": row.failure_count + 1, "failed_at": now.isoformat()}
        connection.execute(FAILURES.update().where(FAILURES.c.name_hash == name_hash).values(**changed))
        return True
    oldest = sa.select(FAILURES.c.name_hash).order_by(FAILURES.c.failed_at.desc()).offset(FAILURES_KEPT - 1)
    connection.execute(FAILURES.delete().where(FAILURES.c.name_hash.in_(oldest)))
    connection.execute(FAILURES.insert(), {"name_hash": name_hash, "failure_count": 1, "failed_at": now.isoformat()})
    return True


def _begin(accounts: Accounts, connection: sa.Connection, session_hash: str, key: str) -> None:
    long_ago = (accounts.clock() - KEPT_FOR).isoformat()
    connection.execute(SESSIONS.delete().where(SESSIONS.c.began_at < long_ago))
    at = accounts.now_text()
    row = {"session_hash": session_hash, "account_key": key, "began_at": at, "seen_at": at}
    connection.execute(SESSIONS.insert(), row)


def _row(session_hash: str) -> sa.Select:
    return sa.select(SESSIONS).where(SESSIONS.c.session_hash == session_hash)


def _change(session_hash: str) -> sa.Update:
    return SESSIONS.update().where(SESSIONS.c.session_hash == session_hash)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
