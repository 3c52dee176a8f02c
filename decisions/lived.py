"""The demo company's past at the desk: the people and agents of its world do again what they did, each at their time, by the same rules.

Nothing is written past the policies: what needs approval gets it from somebody else, what a policy stops is handed to a person.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from decisions.ai_budget import budget
from decisions.ai_folding import LETTERS
from decisions.book import Book
from decisions.desk import Desk
from decisions.lived_maturity import Life
from decisions.lived_words import about, wish_of
from decisions.person import Person
from decisions.personas import PERSONAS
from decisions.policy import Refused
from decisions.proposal import Proposal
from decisions.standing import Standing

Row = Mapping[str, Any]
EXPORTED_AT, SENT_AFTER, HEARD_AFTER = time(17, 30), timedelta(minutes=1), timedelta(hours=13)
ZONE = ZoneInfo("Europe/Berlin")
EXPORTER = "T.Brandt"
# One week in nine this approver is away, and hands approvals to the executive.
AWAY, STAND_IN, AWAY_EVERY_WEEKS = "T.Brandt", "E.Rossi", 9
# Who takes over what a cap keeps an agent from, where it is not a planner.
TAKES_OVER = {"purchase": "A.Novak", "transfer": "A.Novak"}
CHANGES_LATER = timedelta(minutes=4)


@dataclass
class Told:
    """How much was written, and what could not be."""

    proposed: int = 0
    taken_over: int = 0
    skipped: list[str] = field(default_factory=list)
    exported: int = 0


def live(desk_for: "Desks", rows: Iterable[Row], life: Life) -> Told:
    """Write what the rows tell of, day by day; what stands in the ledger already is left as it is.

    Args:
        desk_for: gives the desk of each person, all with one book and one clock.
        rows: decisions of the world in the order in which they were made (`world/decisions.parquet`).
        life: whether the order agent may release orders by itself, else people approve each; and how often exports fail.
    """
    told = Told()
    known = desk_for.book.standings
    rows = list(rows)
    if life.acts_alone and rows and ("release_order", "") not in desk_for.book.levels:
        desk_for.now = rows[0]["decided_at"] - timedelta(days=1)
        because = "It has worked beside the credit desk for a year, and nobody had to correct it."
        desk_for[STAND_IN].set_level("release_order", "", 3, because, {"is_lived": True})
    for day, of_day in groupby(rows, key=lambda row: row["decided_at"].astimezone(ZONE).date()):
        wishes = [(row, wish_of(row)) for row in of_day]
        steps = []
        for row, wish in wishes:
            at = row["decided_at"]
            steps.append((at, 0, row, wish))
            if _is_changed(row):
                steps.append((at + CHANGES_LATER, 1, row, wish))
            steps.append((at + CHANGES_LATER + timedelta(minutes=row["waited_minutes"]), 2, row, wish))
        handed_on: dict[str, int] = {}
        for at, turn, row, wish in sorted(steps, key=lambda step: (step[0], step[1])):
            desk_for.now = at
            standing = known.get(wish.proposal_id())
            if turn == 0 and standing is None:
                _propose(desk_for, row, wish, told, handed_on)
            elif (
                turn == 1
                and standing is not None
                and standing.version == 1
                and standing.state in ("pending", "approved")
            ):
                _change(desk_for, row, standing)
            elif turn == 2 and standing is not None and standing.state in ("pending", "approved"):
                _answer(desk_for, row, standing)
        _runs(desk_for, [row for row, wish in wishes if wish.proposal_id() in known], handed_on, day)
        _export(desk_for, wishes, day, told, life.failed_one_in)
    return told


class Desks:
    """The desks of everybody at the company, with one book and a clock that is set by hand."""

    def __init__(self, ledger: Any, now: datetime):
        self.ledger, self.now = ledger, now
        self._people = {one.who: Person(one.who, frozenset({one.role})) for one in PERSONAS}
        self._book = Book()
        self._desks: dict[str, Desk] = {}
        self.runs = {(act.subject, act.at) for act in self.book.runs}

    @property
    def book(self) -> Book:
        """What all acts up to now say."""
        return self["K.Lindqvist"].book

    def __getitem__(self, who: str) -> Desk:
        if who not in self._desks:
            person = self._people.get(who) or Person(who, is_agent=True)
            self._desks[who] = Desk(self.ledger, person, book=self._book, clock=lambda: self.now)
        return self._desks[who]


def _is_changed(row: Row) -> bool:
    return row["kind"] == "purchase" and row["qty"] != row["suggested_qty"] and row["suggested_qty"] > 0


def _propose(desk_for: Desks, row: Row, wish: Proposal, told: Told, handed_on: dict[str, int]) -> None:
    """The wish at its author's desk; where a cap stops an agent, a planner takes it over."""
    who, note = row["proposer"], dict[str, Any](is_lived=True)
    if row["is_agent"] and isinstance(stopped := desk_for[who].verdict(wish), Refused):
        handed_on[who] = handed_on.get(who, 0) + 1
        note |= {"handed_on_by": who, "because": stopped.because}
        who = TAKES_OVER.get(row["kind"], "J.Wagner")
        told.taken_over += 1
    if isinstance(never := desk_for[who].verdict(wish), Refused):
        told.skipped.append(f"{wish.title}: {never.because}")
        return
    if row["kind"] == "purchase" and row["suggested_qty"] <= 0:
        note["is_unasked"] = True
    if row["reason_code"] and not _is_changed(row):
        note |= {"reason_code": row["reason_code"], "reason": row["reason_text"]}
    if row["output_tokens"]:
        note |= _drafted(desk_for, row)
    desk_for[who].propose(wish, minutes=row["minutes"], note=note)
    told.proposed += 1


def _drafted(desk_for: Desks, row: Row) -> dict[str, Any]:
    """The call that drafted a message, as its act keeps it; or that the day's budget refused it, and the template spoke."""
    use_case, day = LETTERS[row["kind"]], row["decided_at"].astimezone(UTC).date()
    tokens = {"input_token_count": row["input_tokens"], "output_token_count": row["output_tokens"]}
    if refusal := budget(desk_for.book.ai, use_case, day).refusal(sum(tokens.values()), row["kind"]):
        return {"ai_refusals": [refusal]}
    return {"ai_calls": [{"use_case_name": use_case, "requested_model_name": "draft-small", **tokens}]}


def _change(desk_for: Desks, row: Row, standing: Standing) -> None:
    """The author orders another quantity than was suggested, and says why."""
    action = {**standing.proposal.action, "qty": Decimal(row["qty"])}
    desk_for[standing.proposer].modify(
        standing.proposal_id,
        action,
        moved_amount=Decimal(str(row["moved_amount"])),
        reason_code=row["reason_code"],
        reason=row["reason_text"],
        minutes=float(row["changed_minutes"]),
    )


def _answer(desk_for: Desks, row: Row, standing: Standing) -> None:
    """Approved by as many as the policy asks for, declined with a reason, or taken back where nobody had to be asked."""
    name = standing.proposal_id
    if row["is_declined"]:
        why = {"reason": row["decline_text"], "reason_code": row["decline_code"]}
        if standing.state == "approved":
            desk_for[standing.proposer].withdraw(name, reason=row["decline_text"])
        else:
            desk_for[row["approver"]].decline(name, minutes=row["approved_minutes"], **why)
        return
    approvers = [
        row["approver"],
        *(one.who for one in PERSONAS if one.role == "approver" and one.who != row["approver"]),
    ]
    for approver in approvers:
        if standing.state != "pending":
            break
        is_away = approver == AWAY and desk_for.now.isocalendar().week % AWAY_EVERY_WEEKS == 0
        if is_away:
            desk_for[approver].delegate(name, STAND_IN)
        standing = desk_for[STAND_IN if is_away else approver].approve(
            name, standing.content_hash, minutes=row["approved_minutes"]
        )
        desk_for.now += timedelta(minutes=2)


def _runs(desk_for: Desks, rows: list[Row], handed_on: Mapping[str, int], day: date) -> None:
    """What each agent did on a day, in one trace: how much it looked at, proposed, and handed to people."""
    for who in sorted({row["proposer"] for row in rows if row["is_agent"]} | set(handed_on)):
        mine = [row for row in rows if row["proposer"] == who]
        at = max((row["decided_at"] for row in mine), default=None)
        if at is None or (who, at) in desk_for.runs:
            continue
        desk_for.now = at
        escalated = handed_on.get(who, 0)
        outcome = "escalated" if escalated else "proposed"
        desk_for[who].trace(
            who,
            {
                "outcome": outcome,
                "is_lived": True,
                "day": day,
                "proposed": len(mine) - escalated,
                "escalated": escalated,
            },
        )


def _export(desk_for: Desks, wishes: list[tuple[Row, Proposal]], day: date, told: Told, failed_one_in: int) -> None:
    """The day's approved actions as one file a kind, what their receiver said, and the numbers that came of them."""
    known, desk = desk_for.book.standings, desk_for[EXPORTER]
    evening = datetime.combine(day, EXPORTED_AT, ZONE)
    pairs = [(row, known[wish.proposal_id()]) for row, wish in wishes if wish.proposal_id() in known]
    for kind in sorted({row["kind"] for row, _ in pairs}):
        mine = [(row, standing) for row, standing in pairs if row["kind"] == kind]
        ready = [(row, standing) for row, standing in mine if standing.state in ("approved", "failed")]
        desk_for.now = max(evening, max(row["decided_at"] for row, _ in mine) + timedelta(hours=5))
        if ready:
            batch = _batch(kind, day, ready)
            if int(batch, 16) % failed_one_in == 0 and batch not in desk_for.book.batches:
                _send(desk, batch, kind, ready)
                desk_for.now += SENT_AFTER
                because = "The import of the ERP was closed for the night."
                desk.told_of_export("export_failed", batch, [one.proposal_id for _, one in ready], {"because": because})
                desk_for.now += timedelta(minutes=40)
                batch = hashlib.sha256(batch.encode()).hexdigest()[:16]
            _send(desk, batch, kind, ready)
            told.exported += len(ready)
        _acknowledge(desk_for, kind, mine)


def _send(desk: Desk, batch: str, kind: str, ready: list[tuple[Row, Standing]]) -> None:
    lines = [{"proposal_id": one.proposal_id, "kind": kind, **one.proposal.action} for _, one in ready]
    total = sum((one.proposal.qty or Decimal(0) for _, one in ready), Decimal(0))
    said = {
        "file_name": f"{kind}-{batch}.csv", "file_hash": hashlib.sha256(repr(lines).encode()).hexdigest(), "format_name": "csv",
        "channel": "file", "idempotency_key": batch, "action_kind": kind, "row_count": len(lines), "total_qty": total,
        "is_lived": True,
    }  # fmt: skip
    desk.export(batch, lines, said)


def _acknowledge(desk_for: Desks, kind: str, mine: list[tuple[Row, Standing]]) -> None:
    """The ERP's answer the next morning: taken in, under which number."""
    known, desk = desk_for.book.standings, desk_for[EXPORTER]
    batches: dict[str, list[tuple[Row, Standing]]] = {}
    for row, before in mine:
        standing = known[before.proposal_id]
        if standing.state == "exported":
            batches.setdefault(standing.batch_id, []).append((row, standing))
    for batch, held in batches.items():
        desk_for.now += HEARD_AFTER
        documents = {one.proposal_id: about(row) for row, one in held if about(row)}
        desk.told_of_export(
            "acknowledge", batch, [one.proposal_id for _, one in held], {"documents": documents, "kind": kind}
        )


def _batch(kind: str, day: date, ready: list[tuple[Row, Standing]]) -> str:
    said = "|".join([kind, day.isoformat(), *(one.content_hash for _, one in ready)])
    return hashlib.sha256(said.encode()).hexdigest()[:16]
