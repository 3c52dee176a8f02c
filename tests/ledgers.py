"""A company's ledger on SQLite or on a real PostgreSQL, and what somebody can do to it who has the database's password."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.ledger import Ledger
from store.ledger_schema import engine_of, schema_of
from store.ledger_seal import Entry, seal

DATABASES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Place:
    """One company's ledger on one of the two databases, and a way around its guards."""

    url: str | None
    folder: Path

    def open(self) -> Ledger:
        return Ledger.open(self.url, self.folder)

    def raw(self, *statements: str, **values: object) -> list[sa.Row]:
        """Run SQL as somebody does who has the database's password, guards in force."""
        url = self.url or f"sqlite:///{self.folder / 'ledger.db'}"
        with engine_of(url).begin() as connection:
            if self.url:
                connection.execute(sa.text(f"set local search_path = {schema_of(self.folder.name)}"))
            results = [connection.execute(sa.text(statement), values) for statement in statements]
            return list(results[-1].all()) if results[-1].returns_rows else []

    def tamper(self, *statements: str, **values: object) -> None:
        """Run SQL after taking the guards off."""
        off = ["alter table acts disable trigger user"]
        if not self.url:
            guards = self.raw("select name from sqlite_master where type = 'trigger'")
            off = [f"drop trigger {guard}" for (guard,) in guards]
        self.raw(*off, *statements, **values)

    def entry(self, act_no: int) -> Entry:
        return Entry(*self.raw("select * from acts where act_no = :n", n=act_no)[0])

    def put(self, entry: Entry) -> None:
        """Write an act around the ledger."""
        columns = ", ".join(vars(entry))
        self.tamper(f"insert into acts ({columns}) values ({', '.join(':' + c for c in vars(entry))})", **vars(entry))

    def reseal(self, act_no: int, **changed: str) -> Entry:
        """Change an act and give it a seal that fits, as somebody would who knows how seals are made."""
        said = {**vars(self.entry(act_no)), **changed}
        said["act_hash"] = seal(Entry(**said))
        setters = ", ".join(f"{column} = :{column}" for column in said)
        self.tamper(f"update acts set {setters} where act_no = :act_no", **said)
        return Entry(**said)

    def verdict(self) -> tuple[str, int | None]:
        """What a check of the whole ledger says: the harm in one word ("" for none) and the first bad act."""
        verification = self.open().verify()
        assert verification.is_intact == (verification.harm == "")
        return verification.harm, verification.first_bad_act_no


def place_for(request: pytest.FixtureRequest, folder: Path) -> Place:
    """An empty place on the database that the test is run for (`request.param`).

    One server serves all tests: each has a company of its own on it, which is how companies share a server.
    """
    if request.param == "sqlite":
        return Place(None, folder / "acme")
    name = "t" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]
    return Place(request.getfixturevalue("postgres_url"), folder / name)


def with_ten_acts(place: Place) -> Place:
    """The same place, after ten loads."""
    ledger = place.open()
    for number in range(1, 11):
        ledger.append("load", f"L{number}", "ada", {"lines": number, "worth_amount": Decimal("1.50") * number})
    return place
