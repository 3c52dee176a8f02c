"""Whether a ledger is still what was written, and if it is not, which act was touched first and what was done to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from store.ledger_head import EMPTY, End, Note, end_of
from store.ledger_seal import Entry, seal


@dataclass(frozen=True)
class Verification:
    """What a check of the whole ledger found.

    `first_bad_act_no` is the number that the first touched act had when it was sealed (for acts that were put in, the
    number they took); None when the ledger is intact or when the act cannot be told. `harm` is one word: edited, deleted,
    inserted, truncated (acts missing at the end), rewritten (sealed anew from some act on), unanchored (no note of where
    the ledger ends), damaged (the database itself cannot be read); empty when intact.
    """

    is_intact: bool
    act_count: int
    first_bad_act_no: int | None
    because: str
    harm: str = ""


@dataclass(frozen=True)
class Break:
    """Where a chain stops holding, and why."""

    act_no: int | None
    harm: str
    because: str


def sound_part(entries: Iterable[Entry]) -> tuple[int, End, bool]:
    """How many acts from the first on are as they were sealed, where they end, and whether an unsound one follows."""
    count, end = 0, EMPTY
    for entry in entries:
        if not _follows(entry, end):
            return count, end, True
        count, end = count + 1, end_of(entry)
    return count, end, False


def tail_break(end: End, note: Note | None) -> Break | None:
    """What is wrong with the end of a chain that is sound in itself, held against the note of where it should end."""
    if note is None:
        why = "There is no note of where the ledger ends (ledger.head), so acts missing at its end cannot be ruled out."
        return None if end == EMPTY else Break(None, "unanchored", why)
    if note.allows(end):
        return None
    last = note.last
    if end.act_no < last.act_no:
        missing = _acts(end.act_no + 1, last.act_no)
        return Break(end.act_no + 1, "truncated", f"{missing} missing: the ledger ends too early.")
    if end.act_no > last.act_no:
        known = note.coming if note.coming and end.act_no > note.coming.act_no else last
        because = f"{_acts(known.act_no + 1, end.act_no)} not recorded by Crossdock."
        return Break(known.act_no + 1, "inserted", because)
    if end.previous_hash == last.previous_hash:
        return Break(end.act_no, "edited", f"Act {end.act_no} was changed and sealed again.")
    return Break(None, "rewritten", "An act was changed, and it and every act after it were sealed again.")


def chain_break(entries: Sequence[Entry], note: Note | None) -> Break | None:
    """The first place where the chain does not hold, with the likeliest story; None when it holds to its last entry."""
    end = EMPTY
    for place, entry in enumerate(entries, start=1):
        if not _follows(entry, end):
            return _Story(entries, place, note).told()
        end = end_of(entry)
    return None


def _follows(entry: Entry, end: End) -> bool:
    is_linked = entry.act_no == end.act_no + 1 and entry.previous_hash == end.act_hash
    return is_linked and entry.act_hash == seal(entry)


@dataclass(frozen=True)
class _Story:
    """What happened at the first unsound place: everything before it is sound, so its act should have number `place`."""

    entries: Sequence[Entry]
    place: int
    note: Note | None

    def told(self) -> Break:
        entry = self.entry
        if entry.act_no < self.place:
            return self._of_a_number_too_low()
        if entry.act_no > self.place:
            return self._of_a_gap()
        if entry.act_hash != seal(entry):
            return self._of_a_broken_seal()
        return self._of_a_broken_link()

    @property
    def entry(self) -> Entry:
        return self.entries[self.place - 1]

    def _of_a_number_too_low(self) -> Break:
        taken = {entry.act_no for entry in self.entries}
        for home in range(1, self._highest() + 1):
            if home not in taken and _was_sealed_as(self.entry, home):
                return _renumbered(home, self.entry)
        return Break(self.entry.act_no, "inserted", f"An act with the number {self.entry.act_no} was put in.")

    def _of_a_gap(self) -> Break:
        for stray in self.entries[self.place - 1 :]:
            if _was_sealed_as(stray, self.place):
                return _renumbered(self.place, stray)
        return Break(self.place, "deleted", f"{_acts(self.place, self.entry.act_no - 1)} missing.")

    def _of_a_broken_seal(self) -> Break:
        place, entry = self.place, self.entry
        # It links to a place before its own: what lies between was put in, and it was moved up.
        for origin in range(1, place):
            if entry.previous_hash == self._hash_before(origin) and _was_sealed_as(entry, origin):
                return Break(origin, "inserted", f"{_acts(origin, place - 1)} put in, and the acts after renumbered.")
        rightful = next((other for other in self.entries[place:] if _was_sealed_as(other, place)), None)
        home = next((number for number in range(place + 1, self._highest() + 1) if _was_sealed_as(entry, number)), None)
        if rightful and home:
            return Break(place, "edited", f"Acts {place} and {rightful.act_no} changed places.")
        if home:
            because = f"{_acts(place, home - 1)} missing, and the acts after were renumbered."
            return Break(place, "deleted", because)
        if rightful and rightful.act_no == place + 1:
            return Break(place, "inserted", f"Act {place} was put in, and the acts after it renumbered.")
        return Break(place, "edited", f"Act {place} does not match its seal: it was changed.")

    def _of_a_broken_link(self) -> Break:
        # Its own seal is right, so either it or the act before it was changed and sealed again. Whoever comes next knows.
        place, entry = self.place, self.entry
        if place < len(self.entries):
            is_genuine = self.entries[place].previous_hash == entry.act_hash
        else:
            is_genuine = self.note is not None and self.note.allows(end_of(entry))
        bad = place - 1 if is_genuine and place > 1 else place
        return Break(bad, "edited", f"Act {bad} was changed and sealed again: it and its neighbour no longer fit.")

    def _hash_before(self, place: int) -> str:
        return self.entries[place - 2].act_hash if place > 1 else EMPTY.act_hash

    def _highest(self) -> int:
        noted = (self.note.coming or self.note.last).act_no if self.note else 0
        return max(noted, len(self.entries) + 1)


def _was_sealed_as(entry: Entry, number: int) -> bool:
    return entry.act_no != number and entry.act_hash == seal(entry, act_no=number)


def _renumbered(home: int, entry: Entry) -> Break:
    return Break(home, "edited", f"The number of act {home} was changed to {entry.act_no}.")


def _acts(first: int, last: int) -> str:
    return f"Act {first} is" if first == last else f"Acts {first} to {last} are"
