"""The desk: the only hand that records decisions. Whoever wants something says so here, and the policy answers."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from decisions import checks, leaving, levels, ruling
from decisions.ai_desk import AiDesk
from decisions.book import Book
from decisions.person import Person
from decisions.policy import Verdict
from decisions.proposal import Proposal
from decisions.ruling import Said
from decisions.standing import CaseState, Standing
from errors import Refusal
from store.ledger import Act, Ledger, MovedOnError
from store.warehouse import Build

TRIES = 20


class Desk(AiDesk):
    """One person at the desk of one company.

    Every wish is judged on what the ledger says at that very moment: an act is added only if nobody else has added one
    since it was read, else it is judged again. So two people at once, or one who clicks twice, never do a thing twice.

    Args:
        ledger: the company's.
        person: who is here, as the front door says; a function where that is asked anew at each act, for roles may have gone.
        build: the build that approvals and exports are held to, None where there is none; a function where a later one counts.
        book: what the ledger's acts say; shared by all desks of a company, or made anew.
        clock: what time it is.
    """

    def __init__(
        self,
        ledger: Ledger,
        person: Person | Callable[[], Person],
        *,
        build: Build | Callable[[], Build | None] | None = None,
        book: Book | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ):
        self._ledger, self._who, self._at, self._clock = ledger, person, build, clock
        self._book = book or Book()

    @property
    def person(self) -> Person:
        """Who is here at this moment."""
        return self._who() if callable(self._who) else self._who

    @property
    def _build(self) -> Build | None:
        return self._at() if callable(self._at) else self._at

    @property
    def book(self) -> Book:
        """What all acts up to now say."""
        self._is_behind()
        return self._book

    def now(self) -> datetime:
        """What time it is at this desk."""
        return self._clock()

    def verdict(self, proposal: Proposal) -> Verdict:
        """What the policy would say if it were proposed now; nothing is recorded."""
        return ruling.verdict(self.book, proposal, self.person, self._clock())

    def propose(self, proposal: Proposal, *, minutes: float = 0.0, note: Mapping[str, Any] | None = None) -> Standing:
        """The standing of the wish: approved at once where the policy allows it, else waiting for people.

        The same wish again changes nothing. `minutes` is the work that it took; `note` is kept beside it (a trace, a model call).

        Errors: a Refusal where the policy refuses it (which is recorded), where another such wish of the same day is open
        with other content, and where this person may not propose.
        """
        given: dict[str, Any] = {"minutes": minutes, **({"note": dict(note)} if note else {})}
        self._record(
            lambda book: ruling.proposed(book, proposal, self.person, self._clock(), build=self._build, given=given)
        )
        return self._book.attempts(proposal)[-1]

    def modify(
        self,
        proposal_id: str,
        action: Mapping[str, Any],
        *,
        moved_amount: Decimal,
        reason_code: str,
        reason: str,
        minutes: float = 0.0,
    ) -> Standing:
        """The standing of the changed wish, judged anew; approvals of the former content are void.

        Errors: a Refusal without a reason, and where it can no longer be changed.
        """
        checks.has_right(self.person, "propose", "changed")
        checks.is_person(self.person, "change what was proposed")
        checks.has_reason(reason_code or reason)
        given = {"reason_code": reason_code, "reason": reason, "minutes": minutes}
        to = partial(ruling.modified, proposal_id=proposal_id, action=action, moved_amount=moved_amount, given=given)
        return self._after(proposal_id, lambda book: to(book, person=self.person, now=self._clock()))

    def approve(self, proposal_id: str, content_hash: str, *, minutes: float = 0.0, reason: str = "") -> Standing:
        """The standing after this person's yes to exactly that content; a second click changes nothing.

        Errors: a Refusal where the content is another by now, its time is over, what it rests on has changed, this person
        made or changed it, has no right to approve, or is a machine.
        """
        given = {"reason": reason, "minutes": minutes}
        yes = partial(
            ruling.approval, proposal_id=proposal_id, content_hash=content_hash, build=self._build, given=given
        )
        return self._after(proposal_id, lambda book: yes(book, person=self.person, now=self._clock()))

    def decline(self, proposal_id: str, *, reason_code: str, reason: str = "", minutes: float = 0.0) -> Standing:
        """The standing of a wish that is not to be; a reason is required.

        Errors: a Refusal without a reason, or where it was decided already.
        """
        checks.has_right(self.person, "decline", "declined")
        checks.has_reason(reason_code or reason)

        said = {"reason_code": reason_code, "reason": reason, "minutes": minutes}
        return self._after(proposal_id, lambda book: ruling.declined(book, proposal_id, said, self._clock()))

    def delegate(self, proposal_id: str, to: str) -> Standing:
        """The standing of a wish whose approval was handed to somebody else, within the limits of who handed it on.

        Errors: a Refusal for handing it to one of its authors, or by somebody who could not approve it.
        """
        return self._after(
            proposal_id, lambda book: ruling.handed_on(book, proposal_id, to, self.person, self._build, self._clock())
        )

    def withdraw(self, proposal_id: str, *, reason: str = "") -> Standing:
        """The standing of a wish that its own author no longer has.

        Errors: a Refusal for anybody else, or where it was carried out already.
        """
        return self._after(
            proposal_id, lambda book: ruling.withdrawn(book, proposal_id, reason, self.person, self._clock())
        )

    def expire_due(self) -> list[str]:
        """The proposals whose time was over and that were closed by this."""
        over = [name for name, standing in self.book.standings.items() if standing.is_expired(self._clock())]
        for name in over:
            self._record(partial(ruling.expired, proposal_id=name, now=self._clock()))
        return over

    def take_back(self, subject: str) -> Standing | CaseState:
        """Where a proposal or case stands once this person's last act on it is undone.

        Errors: a Refusal where somebody else acted last, what was done has left the house, or the limits have no room for it now.
        """
        self._record(lambda book: ruling.taken_back(book, subject, self.person, self._clock()))
        return self._book.standings.get(subject) or self._book.case(subject)

    def export(self, batch_id: str, lines: Sequence[Mapping[str, Any]], said: Mapping[str, Any]) -> Act | None:
        """The act by which approved actions left for the ERP as one batch; the same batch again gives None.

        Args:
            batch_id: hash of what is in it.
            lines: of each action its `proposal_id`, `kind` and fields.
            said: file name and hash, format, control totals.

        Errors: a Refusal where one of them is not approved, is told of otherwise than it was approved, or has changed since.
        """
        checks.has_right(self.person, "export", "exported")
        return self._record(
            lambda book: leaving.batch(book, batch_id, lines, said, build=self._build, now=self._clock())
        )

    def told_of_export(
        self, kind: str, batch_id: str, proposal_ids: Sequence[str], said: Mapping[str, Any]
    ) -> Act | None:
        """The act that says what became of a batch: `export_sent`, `export_failed` or `acknowledge`."""
        checks.has_right(self.person, "export", "changed")
        return self._record(lambda book: leaving.told_of_export(book, kind, batch_id, proposal_ids, said))

    def call_back(self, batch_id: str, reason: str) -> Act | None:
        """The act by which a batch that nobody has fetched yet stays here.

        Errors: a Refusal without a reason, and where its receiver may have it.
        """
        checks.has_right(self.person, "export", "called back")
        return self._record(lambda book: leaving.called_back(book, batch_id, reason))

    def complete(self, proposal_id: str, *, minutes: float = 0.0) -> Standing:
        """The standing of an approved wish that no file carries out, once somebody has done it."""
        checks.has_right(self.person, "propose", "completed")
        checks.is_person(self.person, "say that something was done")
        return self._after(proposal_id, lambda book: ruling.completed(book, proposal_id, minutes, self._clock()))

    def compensated(self, proposal_id: str, by_proposal_id: str) -> Standing:
        """The standing of an exported wish that another one has undone."""
        checks.has_right(self.person, "export", "changed")
        return self._after(proposal_id, lambda book: ruling.undone(book, proposal_id, by_proposal_id, self._clock()))

    def assign(self, case_id: str, to: str) -> CaseState:
        """The case in somebody's hands."""
        return self._case("assign", case_id, {"to": to})

    def snooze(self, case_id: str, until: date, at_risk_amount: Decimal) -> CaseState:
        """The case out of sight until a day, unless its money changes by more than a fifth."""
        checks.is_person(self.person, "put a case out of sight")
        return self._case("snooze", case_id, {"until": until, "at_risk_amount": at_risk_amount})

    def dismiss(self, case_id: str, reason: str) -> CaseState:
        """The case put away for good; a reason is required."""
        checks.is_person(self.person, "put a case out of sight")
        checks.has_reason(reason)
        return self._case("dismiss", case_id, {"reason": reason})

    def set_level(self, kind: str, segment: str, level: int, because: str, evidence: Mapping[str, Any]) -> Act | None:
        """The act that raises or lowers an agent's level; the level that holds already changes nothing.

        Errors: a Refusal above the policy's ceiling, and for acting alone before what must be settled first is; whoever may put
            policies in force raises it, anybody may lower it.
        """
        return self._record(
            lambda book: levels.levelled(
                book, self.person, kind, segment, level, because=because, evidence=evidence, build=self._build
            )
        )

    def freeze(self, reason: str) -> Act | None:
        """The act that holds everything back until it is thawed."""
        checks.has_right(self.person, "approve_policy", "frozen")
        checks.has_reason(reason)
        return self._record(lambda book: None if book.frozen_because else ("freeze", "calendar", {"reason": reason}))

    def thaw(self) -> Act | None:
        """The act that lets decisions through again."""
        checks.has_right(self.person, "approve_policy", "thawed")
        return self._record(lambda book: ("thaw", "calendar", {}) if book.frozen_because else None)

    def trace(self, agent: str, run: Mapping[str, Any]) -> Act | None:
        """The act that keeps what an agent looked at and where it stopped; a Refusal for anybody else than that agent."""
        if not self.person.is_agent or self.person.who != agent:
            raise checks.refusal(f"only {agent} can say what it did", "Nothing needs to be done.")
        return self._record(lambda _: ("agent_run", agent, dict(run)))

    def _case(self, kind: str, case_id: str, said: dict[str, Any]) -> CaseState:
        checks.has_right(self.person, "assign", "changed")
        self._record(lambda _: (kind, case_id, said))
        return self._book.case(case_id)

    def _after(self, proposal_id: str, say: Callable[[Book], Said | None]) -> Standing:
        self._record(say)
        return self._book.standing(proposal_id)

    def _record(self, say: Callable[[Book], Said | None]) -> Act | None:
        """The act that was added; None where there was nothing to add. What a refused wish says is recorded, then raised.

        It is judged on what is known here, and added only if the ledger still ends there; a no is looked at again where it does not.
        """
        with self._book.lock:
            for _ in range(TRIES):
                try:
                    said = say(self._book)
                except Refusal:
                    if self._is_behind():
                        continue
                    raise
                if said is None and self._is_behind():
                    continue
                if said is None:
                    return None
                kind, subject, content = said
                try:
                    act = self._ledger.append(
                        kind, subject, self.person.who, content, self._clock(), after=self._book.last_no
                    )
                except MovedOnError:
                    self._is_behind()
                    continue
                self._book.take(act)
                if kind == "refused":
                    raise checks.refused(content["because"])
                return act
        raise checks.refusal("others keep writing at the same moment", "Try again.")

    def _is_behind(self) -> bool:
        """Whether there were acts that the book did not know; it knows them now."""
        with self._book.lock:
            new = self._ledger.acts(after=self._book.last_no)
            for act in new:
                self._book.take(act)
        return bool(new)
