"""The installation's people: who there is, which roles they hold in which company, and a log of who changed that."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from errors import Refusal
from store.account_roles import EVERYWHERE, checked, role_conflicts
from store.account_schema import ACCOUNTS, GRANTS, LOG, SESSIONS, opened
from store.company import home
from store.ledger_schema import reading, writing
from store.passwords import hashed

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,119}")
NOTHING_CHANGED = "Nothing was changed."


@dataclass(frozen=True)
class Account:
    """One person as the front door knows them.

    Args:
        name: what is typed at sign-in, and what the ledger writes down; an e-mail address where an identity provider signs in.
        grants: pairs of role and company, the latter `*` for every company.
        has_password: whether a password was set; without one only an identity provider can let this person in.
    """

    name: str
    display_name: str
    is_active: bool
    has_password: bool
    grants: frozenset[tuple[str, str]] = frozenset()

    def roles_in(self, company: str) -> frozenset[str]:
        """The roles held in that company, those held everywhere among them.

        >>> held = frozenset({("planner", "acme"), ("executive", "*")})
        >>> sorted(Account("ana", "Ana", True, True, held).roles_in("acme"))
        ['executive', 'planner']
        """
        return frozenset(role for role, where in self.grants if where in (company, EVERYWHERE))


@dataclass(frozen=True)
class Entry:
    """One line of the log of accounts: who did what to which account, when (UTC)."""

    entry_no: int
    at: datetime
    who: str
    deed: str
    account_name: str
    detail: str


class Accounts:
    """The list of people of one installation; every change names who made it and stands in the log for good."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]):
        self.engine, self.clock, self._folder = opened(folder), clock, folder

    @classmethod
    def open(cls, folder: Path | None = None, *, clock: Callable[[], datetime] | None = None) -> "Accounts":
        """The list kept in that folder (that of the companies, unless another is given), begun empty if there is none."""
        return cls((folder or home()).resolve(), clock or (lambda: datetime.now(UTC)))

    def is_empty(self) -> bool:
        """Whether no account was ever added; accounts are switched off and never deleted, so this is true only once."""
        with reading(self.engine) as connection:
            return connection.execute(sa.select(ACCOUNTS.c.account_key).limit(1)).first() is None

    def listed(self) -> list[Account]:
        """Everybody, by name."""
        with reading(self.engine) as connection:
            keys = connection.execute(sa.select(ACCOUNTS.c.account_key).order_by(ACCOUNTS.c.account_key)).scalars()
            return [found for key in keys.all() if (found := account_of(connection, key)) is not None]

    def account(self, name: str) -> Account | None:
        """The account of that name in capitals or small letters, or None."""
        with reading(self.engine) as connection:
            return account_of(connection, key_of(name))

    def log(self) -> list[Entry]:
        """Every change and every sign-in, oldest first."""
        with reading(self.engine) as connection:
            rows = connection.execute(sa.select(LOG).order_by(LOG.c.entry_no)).all()
        return [Entry(row[0], datetime.fromisoformat(row[1]), *row[2:]) for row in rows]

    def add(
        self,
        name: str,
        *,
        who: str,
        display_name: str = "",
        password: str | None = None,
        grants: Iterable[tuple[str, str]] = (),
        only_as_first: bool = False,
    ) -> Account:
        """The account, added with its roles or not at all.

        Args:
            who: who adds it.
            grants: pairs of role and company, the latter `*` for every company.
            password: None where an identity provider signs this person in.
            only_as_first: add it only if there is no account yet; two who try at once cannot both succeed.

        Errors: a Refusal for a name that is taken or none, a weak password, unknown roles or such as do not go together.
        """
        if not NAME.fullmatch(name):
            raise Refusal(
                "The account was not added.",
                f"{name!r} cannot be its name.",
                "Use letters, digits and . _ @ + -, beginning with a letter or digit, or an e-mail address.",
            )
        kept = None if password is None else hashed(password, account_name=name)
        with writing(self.engine, ACCOUNTS) as connection:
            taken = account_of(connection, key_of(name)) is not None
            is_late = only_as_first and connection.execute(sa.select(ACCOUNTS.c.account_key).limit(1)).first()
            if taken or is_late:
                why = f"There is an account {name} already." if taken else "Somebody else was first."
                raise Refusal("The account was not added.", why, "Choose another name, or ask an administrator.")
            row = {"account_key": key_of(name), "account_name": name, "display_name": display_name or name}
            added = {"password_hash": kept, "is_active": 1, "added_at": self.now_text()}
            connection.execute(ACCOUNTS.insert(), row | added)
            self.record(connection, who, "added", name, f"{display_name or name}, {_sign_in_word(kept)}")
            for role, company in sorted(grants):
                self._grant(connection, name, role, company, who)
        return self._known(name)

    def grant(self, name: str, role: str, company: str, *, who: str) -> Account:
        """The account with one role more in that company (`*`: in every company).

        Errors: a Refusal for an unknown account, role or company, and for a role that this person may not hold besides.
        """
        with writing(self.engine, ACCOUNTS) as connection:
            self._grant(connection, self._name_in(connection, name), role, company, who)
        return self._known(name)

    def revoke(self, name: str, role: str, company: str, *, who: str) -> Account:
        """The account without that role in that company; it is gone from the person's next click on."""
        with writing(self.engine, ACCOUNTS) as connection:
            known = self._name_in(connection, name)
            gone = GRANTS.delete().where(
                GRANTS.c.account_key == key_of(name), GRANTS.c.role_name == role, GRANTS.c.company_name == company
            )
            if not connection.execute(gone).rowcount:
                where = _where(company)
                raise Refusal(NOTHING_CHANGED, f"{known} is no {role} {where}.", "See what is held: accounts list.")
            self.record(connection, who, "revoked", known, f"{role} {_where(company)}")
        return self._known(name)

    def switch(self, name: str, *, is_active: bool, who: str) -> Account:
        """The account, switched off (its sessions end at once) or on again."""
        with writing(self.engine, ACCOUNTS) as connection:
            known = self._name_in(connection, name)
            connection.execute(_of(name).values(is_active=int(is_active)))
            if not is_active:
                self.end_sessions(connection, key_of(name))
            self.record(connection, who, "enabled" if is_active else "disabled", known)
        return self._known(name)

    def set_password(self, name: str, password: str, *, who: str) -> Account:
        """The account with another password; whoever was signed in with the old one has to sign in again."""
        kept = hashed(password, account_name=name)
        with writing(self.engine, ACCOUNTS) as connection:
            known = self._name_in(connection, name)
            connection.execute(_of(name).values(password_hash=kept))
            self.end_sessions(connection, key_of(name))
            self.record(connection, who, "password set", known)
        return self._known(name)

    def record(self, connection: sa.Connection, who: str, deed: str, account_name: str, detail: str = "") -> None:
        """Add a line to the log, in the transaction of what it tells."""
        last = connection.execute(sa.select(sa.func.coalesce(sa.func.max(LOG.c.entry_no), 0))).scalar_one()
        said = {"who": who, "deed": deed, "account_name": account_name, "detail": detail}
        connection.execute(LOG.insert(), {"entry_no": last + 1, "at": self.now_text(), **said})

    def end_sessions(self, connection: sa.Connection, account_key: str) -> None:
        """End everything that this person has open."""
        ended = SESSIONS.update().where(SESSIONS.c.account_key == account_key, SESSIONS.c.ended_at.is_(None))
        connection.execute(ended.values(ended_at=self.now_text()))

    def now_text(self) -> str:
        """The present instant as it is kept."""
        return self.clock().astimezone(UTC).isoformat()

    def _grant(self, connection: sa.Connection, name: str, role: str, company: str, who: str) -> None:
        checked([role])
        there_are = sorted(path.parent.name for path in self._folder.glob("*/company.yml"))
        if company not in (EVERYWHERE, *there_are):
            known = ", ".join(there_are) or "none yet"
            raise Refusal("The role was not given.", f"There is no company {company!r}.", f"Companies are: {known}.")
        held = account_of(connection, key_of(name))
        assert held is not None
        # A role that holds everywhere meets those of every company.
        places = {company} if company != EVERYWHERE else {where for _, where in held.grants} | {EVERYWHERE}
        for place in sorted(places):
            if conflicts := role_conflicts(held.roles_in(place) | {role}):
                fix = "Give the role to another person, or revoke the other one first."
                raise Refusal(f"{name} was not made {role}.", conflicts[0], fix)
        row = {"account_key": key_of(name), "role_name": role, "company_name": company}
        if (role, company) not in held.grants:
            connection.execute(GRANTS.insert(), row)
            self.record(connection, who, "granted", name, f"{role} {_where(company)}")

    def _name_in(self, connection: sa.Connection, name: str) -> str:
        found = account_of(connection, key_of(name))
        if found is None:
            raise Refusal(NOTHING_CHANGED, f"There is no account {name!r}.", "See who there is: accounts list.")
        return found.name

    def _known(self, name: str) -> Account:
        found = self.account(name)
        assert found is not None
        return found


def key_of(name: str) -> str:
    """The name as it is looked up: capitals make no other person.

    >>> key_of(" K.Lindqvist ")
    'k.lindqvist'
    """
    return name.strip().casefold()


def account_of(connection: sa.Connection, account_key: str) -> Account | None:
    """The account under that key, with its grants, or None."""
    row = connection.execute(sa.select(ACCOUNTS).where(ACCOUNTS.c.account_key == account_key)).first()
    if row is None:
        return None
    asked = sa.select(GRANTS.c.role_name, GRANTS.c.company_name).where(GRANTS.c.account_key == account_key)
    grants = frozenset((role, company) for role, company in connection.execute(asked))
    return Account(row.account_name, row.display_name, bool(row.is_active), row.password_hash is not None, grants)


def _of(name: str) -> sa.Update:
    return ACCOUNTS.update().where(ACCOUNTS.c.account_key == key_of(name))


def _sign_in_word(kept: str | None) -> str:
    return "signs in at the identity provider" if kept is None else "signs in with a password"


def _where(company: str) -> str:
    return "in every company" if company == EVERYWHERE else f"in {company}"
