"""Where a proposal or a case stands, and which step may follow which: values only, made by folding acts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from decisions.proposal import Proposal

# Which act may follow in which state, and where it leads; `judged` stands for what the policy says of a new content.
LIFE: Mapping[str, Mapping[str, str]] = {
    "": {"propose": "judged"},
    "pending": {
        "approve": "judged",
        "modify": "judged",
        "delegate": "pending",
        "decline": "declined",
        "withdraw": "withdrawn",
        "expire": "expired",
    },
    # What was let through may be stopped by a no until it leaves: also what no person was asked about.
    "approved": {
        "modify": "judged",
        "decline": "declined",
        "withdraw": "withdrawn",
        "export": "exported",
        "complete": "done",
    },
    "exported": {
        "export_sent": "sent",
        "export_failed": "failed",
        "export_cancelled": "approved",
        "acknowledge": "acknowledged",
        "compensate": "undone",
    },
    "sent": {"export_failed": "failed", "acknowledge": "acknowledged", "compensate": "undone"},
    "failed": {
        "export": "exported",
        "export_sent": "sent",
        "export_cancelled": "approved",
        "acknowledge": "acknowledged",
        "withdraw": "withdrawn",
    },
    "acknowledged": {"compensate": "undone"},
    "done": {"compensate": "undone"},
}
OPEN = frozenset({"pending", "approved", "failed"})
# A wish that came to nothing moves no money; all others count against the day's limits.
CLOSED_UNDONE = frozenset({"declined", "withdrawn", "expired"})


@dataclass(frozen=True)
class Approval:
    """One person's yes to one exact content."""

    who: str
    at: datetime
    content_hash: str
    for_whom: str = ""


@dataclass(frozen=True)
class Standing:
    """Where one proposal stands after all that was done with it.

    Args:
        authors: everybody who proposed or changed it; none of them may approve it.
        undoes: the proposal that it was made to undo; empty where it was not.
        on_version: of a changed policy, the version in force when it was written; 0 where none was noted.
        started_by: who let the agent look that proposed it; empty where no person did.
        approvals: those given to the content in force; a change voids them.
        before: where it stood before the last act, for taking that back; None where it cannot be.
    """

    proposal_id: str
    proposal: Proposal
    content_hash: str
    state: str
    authors: tuple[str, ...]
    is_agent: bool
    proposed_at: datetime
    verdict_code: str
    because: str
    policy_version: int
    expires_at: datetime
    version: int = 1
    approvals_wanted: int = 0
    approver_roles: tuple[str, ...] = ()
    approvals: tuple[Approval, ...] = ()
    delegated_to: str = ""
    delegated_by: str = ""
    reason_code: str = ""
    reason: str = ""
    batch_id: str = ""
    minutes: float = 0.0
    decided_at: datetime | None = None
    last_act_id: str = ""
    last_kind: str = ""
    last_by: str = ""
    changed_at: datetime | None = None
    started_by: str = ""
    on_version: int = 0
    undoes: str = ""
    before: "Standing | None" = field(default=None, repr=False, compare=False)

    @property
    def proposer(self) -> str:
        """Who proposed it first."""
        return self.authors[0]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something with it."""
        return self.state in OPEN

    def is_expired(self, now: datetime) -> bool:
        """Whether its time has passed before it was decided."""
        return self.state == "pending" and now >= self.expires_at


@dataclass(frozen=True)
class CaseState:
    """What people did with a case: who has it, until when it sleeps, or why it was dismissed."""

    case_id: str
    owner: str = ""
    snoozed_until: date | None = None
    snoozed_amount: Decimal = Decimal(0)
    dismissed_reason: str = ""
    dismissed_by: str = ""
    dismissed_on: date | None = None
    last_act_id: str = ""
    last_by: str = ""
    before: "CaseState | None" = field(default=None, repr=False, compare=False)

    def sleeps(self, today: date, at_risk_amount: Decimal) -> bool:
        """Whether the case is out of sight: snoozed, unless its money has changed by more than a fifth since.

        >>> case = CaseState("c", snoozed_until=date(2026, 11, 20), snoozed_amount=Decimal(100))
        >>> case.sleeps(date(2026, 11, 18), Decimal(110)), case.sleeps(date(2026, 11, 18), Decimal(130))
        (True, False)
        """
        if self.snoozed_until is None or today >= self.snoozed_until:
            return False
        return abs(at_risk_amount - self.snoozed_amount) <= self.snoozed_amount / 5


@dataclass(frozen=True)
class Level:
    """How far an agent is trusted with one kind of action in one segment, since when and why."""

    kind: str
    segment: str
    level: int
    because: str
    since: datetime | None = None
