"""What people and agents did, one act after another: added, sealed, never changed, and checked by anybody who asks."""

import json
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from errors import Refusal
from store.ledger_audit import Break, Verification, chain_break, sound_part, tail_break
from store.ledger_head import Head, end_of
from store.ledger_schema import acts_table, engine_of, ensure, reading, schema_of, writing
from store.ledger_seal import Entry, instant_text, payload_text, seal

FILE_NAME = "ledger.db"
HEAD_NAME = "ledger.head"
TAKEN_AS_FOUND = "ledger_taken_as_found"


@dataclass(frozen=True)
class Act:
    """One thing that somebody did: number 1, 2, 3 …, what kind, to what, who, when (UTC), and the rest as a payload.

    Decimals, dates and instants come back from the payload as the strings that they were sealed as.
    """

    act_no: int
    act_id: str
    kind: str
    subject: str
    who: str
    at: datetime
    payload: dict
    previous_hash: str
    act_hash: str


class MovedOnError(Exception):
    """Somebody has added an act since the caller last read; nothing was added."""


class Ledger:
    """A company's ledger. Threads may share one; processes open their own; nobody can change what it holds."""

    def __init__(self, engine: sa.Engine, acts: sa.Table, head: Head):
        self._engine, self._acts, self._head = engine, acts, head

    @classmethod
    def open(cls, url: str | None, folder: Path, *, schema: str | None = None) -> "Ledger":
        """The ledger of the company with this folder, created if it is not there.

        Without `url` it is the SQLite file `ledger.db` in the folder. With a `postgresql+psycopg://` address it is the
        table `acts` in a schema of its own, named after the folder unless `schema` says otherwise, so that companies can
        share a server. The note of where it ends (`ledger.head`) lies in the folder either way.

        Errors: a Refusal when the address is none or the database cannot be reached or read.
        """
        folder.mkdir(parents=True, exist_ok=True)
        address = url or f"sqlite:///{folder.resolve() / FILE_NAME}"
        try:
            engine = engine_of(address)
            acts = acts_table(
                (schema or schema_of(folder.resolve().name)) if engine.dialect.name == "postgresql" else None
            )
            ensure(engine, acts, folder)
        except (sa.exc.ArgumentError, sa.exc.DatabaseError) as error:
            why = (
                str(error.orig).strip()
                if isinstance(error, sa.exc.DatabaseError)
                else "Its address names no database that is known here."
            )
            raise Refusal(
                "The ledger cannot be opened.",
                why,
                "Check the ledger's address and that the server runs; restore the ledger from its backup if it is damaged.",
            ) from error
        return cls(engine, acts, Head(folder / HEAD_NAME))

    def append(
        self,
        kind: str,
        subject: str,
        who: str,
        payload: Mapping[str, object],
        at: datetime | None = None,
        *,
        after: int | None = None,
    ) -> Act:
        """The act as it was recorded: numbered, sealed, and safe from a power cut when this returns.

        `at` is the instant that it happened (now, unless given). Money in the payload is a Decimal, never a float. With
        `after` it is recorded only if the last act still has that number, so that two who decide at once cannot both
        decide on what they read before.

        Errors: ValueError for an empty kind or who and for what cannot be kept (see `payload_text`); a MovedOnError when
        the last act is another than `after`; a Refusal when the ledger does not end where its note says, because adding
        to it would hide what was cut off.
        """
        said = _entry(kind, subject, who, payload_text(payload), instant_text(at or datetime.now(UTC)))
        with writing(self._engine, self._acts) as connection:
            last = self._last(connection)
            if after is not None and end_of(last).act_no != after:
                raise MovedOnError
            if damage := tail_break(end_of(last), self._head.note()):
                raise Refusal(
                    "The act was not recorded.",
                    f"The ledger is not as it was left. {damage.because}",
                    "Restore the ledger and its note (ledger.head) from the backup; if this is the backup, take it as found.",
                )
            entry = self._add(connection, said, last)
        self._head.confirm(end_of(entry))
        return _act(entry)

    def acts(self, kind: str | None = None, *, after: int = 0) -> list[Act]:
        """All acts by their number, or those of one kind; `after` leaves out what a reader knows already."""
        with reading(self._engine) as connection:
            return [_act(entry) for entry in self._entries(connection, kind=kind, after=after)]

    def verify(self) -> Verification:
        """What a check of every seal, every link and the ledger's end finds; it changes nothing.

        It sees every change to an act, gaps, additions and a cut-off end. It does not see a change by somebody who
        computes all later seals anew and rewrites `ledger.head` as well: keep a copy of that file elsewhere.
        """
        try:
            # An end and its note can be compared only while nobody is adding; what lies before the end stays as it is.
            with writing(self._engine, self._acts) as connection:
                end, note = end_of(self._last(connection)), self._head.note()
            with reading(self._engine) as connection:
                count, sound_end, is_broken = sound_part(self._entries(connection, up_to=end.act_no))
                found = chain_break(list(self._entries(connection)), note) if is_broken else tail_break(sound_end, note)
                total = (
                    connection.execute(sa.select(sa.func.count()).select_from(self._acts)).scalar_one()
                    if is_broken
                    else count
                )
        except sa.exc.DatabaseError as error:
            if not _is_damage(error):
                raise
            return Verification(False, 0, None, f"The database itself is damaged: {error.orig}.", "damaged")
        if found is None:
            return Verification(True, total, None, f"All {total} acts are as they were sealed.")
        return Verification(False, total, found.act_no, found.because, found.harm)

    def take_as_found(self, *, who: str, because: str) -> Act:
        """The act by which a person accepts that the ledger ends where it now ends, after a restore from a backup.

        It records what was missed, so that the gap stays on record; from then on acts can be added again.
        """
        with writing(self._engine, self._acts) as connection:
            last, note = self._last(connection), self._head.note()
            damage = tail_break(end_of(last), note) or Break(None, "", "Nothing was missed.")
            payload = {"because": because, "missed": damage.because, "noted_act_no": note.last.act_no if note else None}
            said = _entry(TAKEN_AS_FOUND, "ledger", who, payload_text(payload), instant_text(datetime.now(UTC)))
            entry = self._add(connection, said, last)
        self._head.confirm(end_of(entry))
        return _act(entry)

    def _add(self, connection: sa.Connection, said: Entry, last: Entry | None) -> Entry:
        end = end_of(last)
        entry = replace(said, act_no=end.act_no + 1, previous_hash=end.act_hash)
        entry = replace(entry, act_hash=seal(entry))
        self._head.announce(end, end_of(entry))
        connection.execute(self._acts.insert(), vars(entry))
        return entry

    def _last(self, connection: sa.Connection) -> Entry | None:
        row = connection.execute(sa.select(self._acts).order_by(self._acts.c.act_no.desc()).limit(1)).first()
        return Entry(*row) if row else None

    def _entries(
        self, connection: sa.Connection, *, kind: str | None = None, up_to: int | None = None, after: int = 0
    ) -> Iterator[Entry]:
        asked = sa.select(self._acts).order_by(self._acts.c.act_no)
        if kind is not None:
            asked = asked.where(self._acts.c.kind == kind)
        if up_to is not None:
            asked = asked.where(self._acts.c.act_no <= up_to)
        if after:
            asked = asked.where(self._acts.c.act_no > after)
        for row in connection.execution_options(yield_per=5_000).execute(asked):
            yield Entry(*row)


def _entry(kind: str, subject: str, who: str, payload: str, at: str) -> Entry:
    for name, text in (("kind", kind), ("subject", subject), ("who", who)):
        if not text and name != "subject":
            raise ValueError(f"An act needs its {name}.")
        if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            raise ValueError(f"The {name} of an act, {text!r}, holds a character that no database can keep.")
    return Entry(0, uuid.uuid4().hex, kind, subject, who, at, payload, "", "")


def _act(entry: Entry) -> Act:
    try:
        at, payload = datetime.fromisoformat(entry.at), json.loads(entry.payload)
        return Act(**{**vars(entry), "at": at, "payload": payload})
    except ValueError as error:
        raise Refusal(
            "The ledger cannot be read.",
            f"Act {entry.act_no} was changed after it was recorded and cannot be understood.",
            "Check the ledger, then restore it from its backup.",
        ) from error


def _is_damage(error: sa.exc.DatabaseError) -> bool:
    return type(error.orig) is sqlite3.DatabaseError
