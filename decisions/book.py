"""What all acts together say: where each proposal and case stands, which policies hold, and how far agents are trusted."""

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from decisions.ai_folding import AiBook
from decisions.folding import READERS
from decisions.policy import Policy
from decisions.policy_text import packaged
from decisions.proposal import Proposal
from decisions.standing import CLOSED_UNDONE, LIFE, CaseState, Level, Standing
from errors import Refusal
from store.ledger import Act

SUGGESTING = 2
# What may be done with a proposal, as a person reads it where it may not; what receivers say of an export is not among them.
IN_WORDS = {
    "approve": "approved",
    "modify": "changed",
    "delegate": "handed on",
    "decline": "declined",
    "withdraw": "withdrawn",
    "export": "exported",
    "complete": "marked as done",
    "compensate": "undone",
}


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
        self.files: dict[str, tuple[str, str]] = {}
        self.pins: dict[str, str] = {}
        self.targets: dict[str, Act] = {}
        self.ever_targeted: set[str] = set()
        self.registers: dict[str, list[Act]] = {}
        self.frozen_because = ""
        self.ai = AiBook()
        for act in acts:
            self.take(act)

    def take(self, act: Act) -> None:
        """Take one more act in; acts that are no decisions only count."""
        with self.lock:
            reader = READERS.get(act.kind)
            if reader is not None:
                reader(self, act)
            self.ai.take(act)
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
        possible = ", ".join(IN_WORDS[name] for name in LIFE.get(state, {}) if name in IN_WORDS)
        raise Refusal(
            "Nothing was recorded.",
            f"What is {state or 'not proposed'} cannot be {IN_WORDS.get(event, event)}.",
            f"It can still be {possible}." if possible else "Propose it anew, or the opposite action.",
        )
    return LIFE[state][event]
