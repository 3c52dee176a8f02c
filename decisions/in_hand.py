"""Which cases an agent leaves alone, since somebody has them in hand already, and what people have answered to it before."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from decisions.book import Book
from decisions.proposal import Proposal
from decisions.proposers.agent import MESSAGES, Agent
from decisions.proposers.follow_up import working_days_after
from decisions.proposers.queues import number_of
from decisions.proposers.toolbox import Row
from decisions.standing import Standing

WENT_OUT = frozenset({"exported", "sent"})
UNDER_WAY = WENT_OUT | {"acknowledged", "done"}
DECLINES_COUNT_DAYS = 90


class Hands:
    """What stands in the way of an agent on one build, read from the book once.

    Args:
        book: the fold of all acts.
        agent: for whom.
        build_id: the build that it looks at.
        today: the day that it looks on.
    """

    def __init__(self, book: Book, agent: Agent, build_id: str, today: date):
        self._book, self._agent, self._build_id, self._today = book, agent, build_id, today
        self._done = {
            str(act.payload.get("case_id"))
            for act in book.runs
            if act.subject == agent.who and act.payload.get("build_id") == build_id
        }
        self._about: dict[str, list[Standing]] = {}
        self._declined: dict[tuple, int] = {}
        for standing in book.standings.values():
            wish = standing.proposal
            if (wish.kind in MESSAGES) == agent.is_alongside and wish.case_id:
                self._about.setdefault(wish.case_id, []).append(standing)
            if standing.state == "declined" and (today - wish.as_of).days <= DECLINES_COUNT_DAYS:
                self._declined[_same(wish)] = self._declined.get(_same(wish), 0) + 1

    def taken(self, cases: Sequence[Row]) -> set[str]:
        """The cases that the agent leaves alone: looked at on this build, asleep, dismissed, somebody's, or with a wish under way."""
        return {str(case["case_id"]) for case in cases if self._is_taken(case)}

    @property
    def looked_at_count(self) -> int:
        """How many cases of this build the agent has looked at in rounds before."""
        return len(self._done)

    def declined(self, proposal: Proposal) -> int:
        """How often people have turned down the same wish in the last three months."""
        return self._declined.get(_same(proposal), 0)

    def waiting_since(self, case_id: str) -> date | None:
        """The day of a message about the case that should have been answered by now; None where there is none."""
        sent = [one for one in self._about.get(case_id, ()) if one.proposal.kind in MESSAGES and one.state in WENT_OUT]
        days = [_went_out_on(one) for one in sent]
        return next((day for day in sorted(days) if self._is_over(day)), None)

    def _is_over(self, day: date) -> bool:
        return working_days_after(day, self._agent.stops.answer_days) < self._today

    def _is_taken(self, case: Row) -> bool:
        case_id = str(case["case_id"])
        if case_id in self._done:
            return True
        state = self._book.case(case_id)
        at_risk: Decimal = number_of(case.get("at_risk_amount"))
        if state.dismissed_reason or state.sleeps(self._today, at_risk) or state.owner not in ("", self._agent.who):
            return True
        return self.waiting_since(case_id) is None and any(self._is_live(one) for one in self._about.get(case_id, ()))

    def _is_live(self, standing: Standing) -> bool:
        """Whether a wish still may bring what the case needs; one of this agent and build whose run is not on record was cut short."""
        wish = standing.proposal
        if standing.is_open and standing.proposer == self._agent.who and wish.build_id == self._build_id:
            return False
        # A request that no file carries out stays approved where nobody says that it was done: it has its time as well.
        if standing.is_open and (standing.state == "pending" or self._book.policy(wish.kind).is_exported):
            return True
        until = wish.as_of + timedelta(days=wish.horizon_days)
        return standing.state in {*UNDER_WAY, "approved"} and self._today <= until


def _went_out_on(standing: Standing) -> date:
    """The day of the data on which a message went out: demo companies live in their own time."""
    return standing.proposal.as_of


def _same(proposal: Proposal) -> tuple:
    return proposal.kind, tuple(sorted(proposal.subject.items()))
