"""What all acts together say: where each proposal and case stands, which policies hold, and how far agents are trusted."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from decisions.policy import Policy
from decisions.policy_text import packaged, policy_of
from decisions.proposal import Proposal, proposal_of
from decisions.standing import CLOSED_UNDONE, LIFE, Approval, CaseState, Standing
from errors import Refusal
from store.ledger import Act

SUGGESTING = 2


@dataclass(frozen=True)
class Level:
    """How far an agent is trusted with one kind of action in one segment, since when and why."""

    kind: str
    segment: str
    level: int
    because: str
    since: datetime | None = None


class Book:
    """The fold of a ledger's acts, taken in one after another; the same acts always give the same book.

    One book may serve several threads: whoever takes acts in holds its lock.
    """

    def __init__(self, acts: Iterable[Act] = ()):
        self.lock = threading.RLock()
        self.last_no = 0
        self.standings: dict[str, Standing] = {}
        self.by_kind: dict[str, list[str]] = {}
        self.cases: dict[str, CaseState] = {}
        self.levels: dict[tuple[str, str], Level] = {}
        self.changed_policies: dict[str, list[Policy]] = {}
        self.batches: dict[str, Act] = {}
        self.export_acts: list[Act] = []
        self.alerts: list[Act] = []
        self.runs: list[Act] = []
        self.frozen_because = ""
        for act in acts:
            self.take(act)

    def take(self, act: Act) -> None:
        """Take one more act in; acts that are no decisions only count."""
        with self.lock:
            reader = READERS.get(act.kind)
            if reader is not None:
                reader(self, act)
            self.last_no = act.act_no

    def policy(self, kind: str) -> Policy:
        """The policy in force for a kind of action; a Refusal for a kind that there is not."""
        return self.versions(kind)[-1]

    def versions(self, kind: str) -> list[Policy]:
        """Every version of a policy that was ever in force, the packaged one first."""
        if kind not in packaged():
            known = ", ".join(packaged())
            raise Refusal("Nothing was recorded.", f"There is no kind of action {kind!r}.", f"Use one of: {known}.")
        return [packaged()[kind], *self.changed_policies.get(kind, [])]

    def level(self, kind: str, segment: str = "") -> int:
        """How far agents are trusted with it, 0–4: what was last set, never above the policy's ceiling; else they may suggest."""
        held = self.levels.get((kind, segment)) or self.levels.get((kind, ""))
        return min(held.level if held else SUGGESTING, self.policy(kind).autonomy.ceiling)

    def standing(self, proposal_id: str) -> Standing:
        """Where a proposal stands; a Refusal where there is none of that id."""
        if proposal_id not in self.standings:
            raise Refusal(
                "Nothing was recorded.", f"There is no proposal {proposal_id}.", "Open it again from its page."
            )
        return self.standings[proposal_id]

    def attempts(self, proposal: Proposal) -> list[Standing]:
        """The standings of this very wish, one for each time that it was made anew after it had been closed."""
        found: list[Standing] = []
        while (said := self.standings.get(proposal.proposal_id(len(found) + 1))) is not None:
            found.append(said)
        return found

    def moved_within_a_day(self, kind: str, who: str, now: datetime, *, besides: str = "") -> tuple[int, Decimal]:
        """How many wishes of a kind somebody has made or changed within a day, and the money in them; those that came to nothing left out.

        A day to either side counts: a clock that runs behind must not make room.
        """
        mine = [
            standing.proposal.committed_amount
            for standing in map(self.standings.__getitem__, self.by_kind.get(kind, ()))
            if who in standing.authors
            and standing.proposal_id != besides
            and abs((standing.changed_at or standing.proposed_at) - now) < timedelta(days=1)
            and standing.state not in CLOSED_UNDONE
        ]
        return len(mine), sum(mine, Decimal(0))

    def case(self, case_id: str) -> CaseState:
        """What people did with a case; an untouched one has no owner."""
        return self.cases.get(case_id, CaseState(case_id))

    def about(self, case_id: str) -> list[Standing]:
        """The proposals that were made for a case, the latest first."""
        mine = [standing for standing in self.standings.values() if standing.proposal.case_id == case_id]
        return sorted(mine, key=lambda standing: standing.proposed_at, reverse=True)


def follows(state: str, event: str) -> str:
    """The state that an act leads to.

    Errors: a Refusal where it may not follow.

    >>> follows("pending", "decline")
    'declined'
    """
    if event not in LIFE.get(state, {}):
        does = ", ".join(LIFE.get(state, {})) or "nothing"
        raise Refusal(
            "Nothing was recorded.", f"What is {state or 'not proposed'} cannot be {event}d.", f"Possible now: {does}."
        )
    return LIFE[state][event]


def _proposed(book: Book, act: Act) -> None:
    said = act.payload
    book.by_kind.setdefault(said["proposal"]["kind"], []).append(act.subject)
    book.standings[act.subject] = Standing(
        proposal_id=act.subject,
        proposal=proposal_of(said["proposal"]),
        content_hash=said["content_hash"],
        authors=(act.who,),
        is_agent=said["is_agent"],
        proposed_at=act.at,
        minutes=said.get("minutes", 0.0),
        **_judged(said, act, 0),
        last_act_id=act.act_id,
        last_kind=act.kind,
        last_by=act.who,
    )


def _modified(book: Book, act: Act) -> None:
    before, said = book.standings[act.subject], act.payload
    book.standings[act.subject] = replace(
        before,
        proposal=proposal_of(said["proposal"]),
        content_hash=said["content_hash"],
        version=before.version + 1,
        changed_at=act.at,
        authors=tuple(dict.fromkeys([*before.authors, act.who])),
        approvals=(),
        delegated_to="",
        minutes=before.minutes + said.get("minutes", 0.0),
        reason_code=said.get("reason_code", ""),
        reason=said.get("reason", ""),
        **_judged(said, act, 0),
        **_stamped(act, before),
    )


def _judged(said: Mapping[str, Any], act: Act, approved: int) -> dict[str, Any]:
    """The fields of a standing that the policy's verdict decides."""
    verdict = said["verdict"]
    wanted = int(verdict.get("approvals", 0))
    is_free = verdict["code"] == "allowed" or approved >= wanted
    return {
        "state": "approved" if is_free else "pending",
        "verdict_code": verdict["code"],
        "because": verdict["because"],
        "policy_version": said["policy_version"],
        "approvals_wanted": wanted,
        "approver_roles": tuple(verdict.get("of", ())),
        "expires_at": datetime.fromisoformat(said["expires_at"]),
        "decided_at": act.at if is_free else None,
    }


def _approved(book: Book, act: Act) -> None:
    before, said = book.standings[act.subject], act.payload
    approvals = (*before.approvals, Approval(act.who, act.at, said["content_hash"], said.get("for_whom", "")))
    is_enough = len(approvals) >= before.approvals_wanted
    after = replace(
        before,
        approvals=approvals,
        state="approved" if is_enough else "pending",
        decided_at=act.at if is_enough else None,
        minutes=before.minutes + said.get("minutes", 0.0),
        **_stamped(act, before),
    )
    book.standings[act.subject] = after
    if is_enough and after.proposal.kind == "policy_change":
        changed = after.proposal.action
        held = book.changed_policies.setdefault(changed["policy"], [])
        held.append(policy_of(changed["yaml"], version=len(held) + 2))


def _moved(book: Book, act: Act) -> None:
    """Declined, withdrawn, expired, delegated, completed, compensated, and what became of an export."""
    before, said = book.standings[act.subject], act.payload
    to = LIFE[before.state][act.kind]
    book.standings[act.subject] = replace(
        before,
        state=to,
        reason_code=said.get("reason_code", before.reason_code),
        reason=said.get("reason", before.reason),
        delegated_to=said.get("to", before.delegated_to),
        delegated_by=act.who if act.kind == "delegate" else before.delegated_by,
        minutes=before.minutes + said.get("minutes", 0.0),
        decided_at=act.at if to in ("declined", "withdrawn", "expired") else before.decided_at,
        **_stamped(act, before),
    )


def _exported(book: Book, act: Act) -> None:
    """A batch of approved actions that was written for the ERP."""
    book.batches[act.subject] = act
    book.export_acts.append(act)
    for line in act.payload["lines"]:
        before = book.standings[line["proposal_id"]]
        book.standings[line["proposal_id"]] = replace(
            before, state="exported", batch_id=act.subject, **{**_stamped(act, before), "before": None}
        )


def _told_of_export(book: Book, act: Act) -> None:
    """What became of a batch: sent, failed or acknowledged, for all its lines or those that are named."""
    book.export_acts.append(act)
    for proposal_id in act.payload["proposal_ids"]:
        before = book.standings[proposal_id]
        to = LIFE[before.state].get(act.kind)
        if to is not None:
            book.standings[proposal_id] = replace(before, state=to, **{**_stamped(act, before), "before": None})


def _stamped(act: Act, before: Any) -> dict[str, Any]:
    return {
        "last_act_id": act.act_id,
        "last_kind": act.kind,
        "last_by": act.who,
        "before": replace(before, before=None),
    }


def _case(book: Book, act: Act) -> None:
    before, said = book.case(act.subject), act.payload
    if act.kind == "assign":
        after = replace(before, owner=said["to"])
    elif act.kind == "snooze":
        until = date.fromisoformat(said["until"])
        after = replace(before, snoozed_until=until, snoozed_amount=Decimal(said["at_risk_amount"]))
    else:
        after = replace(before, dismissed_reason=said["reason"], dismissed_by=act.who, dismissed_on=act.at.date())
    book.cases[act.subject] = replace(
        after, last_act_id=act.act_id, last_by=act.who, before=replace(before, before=None)
    )


def _taken_back(book: Book, act: Act) -> None:
    """The last act on a proposal or a case undone: it stands where it stood before."""
    if act.subject in book.standings:
        before = book.standings[act.subject].before
        if before is not None:
            book.standings[act.subject] = before
    elif act.subject in book.cases:
        book.cases[act.subject] = book.cases[act.subject].before or CaseState(act.subject)


def _level_set(book: Book, act: Act) -> None:
    said = act.payload
    key = (said["kind"], said["segment"])
    book.levels[key] = Level(said["kind"], said["segment"], said["level"], said["because"], act.at)


def _frozen(book: Book, act: Act) -> None:
    book.frozen_because = act.payload["reason"] if act.kind == "freeze" else ""


READERS: Mapping[str, Callable[[Book, Act], None]] = {
    "propose": _proposed,
    "modify": _modified,
    "approve": _approved,
    **dict.fromkeys(("decline", "withdraw", "expire", "delegate", "complete", "compensate"), _moved),
    "export": _exported,
    **dict.fromkeys(("export_sent", "export_failed", "export_cancelled", "acknowledge"), _told_of_export),
    **dict.fromkeys(("assign", "snooze", "dismiss"), _case),
    "take_back": _taken_back,
    "autonomy": _level_set,
    **dict.fromkeys(("freeze", "thaw"), _frozen),
    "refused": lambda book, act: book.alerts.append(act),
    "agent_run": lambda book, act: book.runs.append(act),
}
