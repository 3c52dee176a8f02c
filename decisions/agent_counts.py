"""What each agent has come to: cases solved, handed over and wrong, how its letters were answered, and one run step by step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from decisions.book import Act, Book
from decisions.proposers.agent import MESSAGES, Agent
from decisions.proposers.queues import AGENTS, number_of
from decisions.standing import Standing

UNDONE = frozenset({"undone"})
CARRIED = frozenset({"approved", "exported", "sent", "acknowledged", "done", "failed"})


@dataclass(frozen=True)
class AgentCount:
    """One line of the Rules page.

    Args:
        runs: runs on record.
        solved: wishes that people or policy let through and that were not undone.
        untouched: those of them that nobody changed.
        waiting: wishes that wait for people.
        declined, escalated, held, refused, nothing: how the other runs and wishes ended.
        matured, wrong: decisions whose outcome is known, and those that were worse than doing nothing or were undone.
        benefit_amount: what the matured ones brought.
    """

    agent_code: str
    who: str
    title: str
    mode: str
    runs: int = 0
    solved: int = 0
    untouched: int = 0
    waiting: int = 0
    declined: int = 0
    escalated: int = 0
    held: int = 0
    refused: int = 0
    nothing: int = 0
    matured: int = 0
    wrong: int = 0
    benefit_amount: Decimal = Decimal(0)


def counts(
    book: Book, outcomes: Iterable[Mapping[str, Any]] = (), agents: Sequence[Agent] = AGENTS
) -> list[AgentCount]:
    """One line for each agent that there is or that has acted, in that order.

    Args:
        book: the fold of all acts.
        outcomes: matured decisions: `proposal_id` and `benefit_amount` (against doing nothing; None where not known yet).
        agents: those that there are.
    """
    benefits = {
        str(row["proposal_id"]): number_of(row["benefit_amount"])
        for row in outcomes
        if row.get("benefit_amount") is not None
    }
    names = {agent.who: agent for agent in agents}
    acted = {standing.proposer for standing in book.standings.values() if standing.is_agent} | {
        run.subject for run in book.runs
    }
    return [_count(who, names.get(who), book, benefits) for who in [*names, *sorted(acted - set(names))]]


def _count(who: str, agent: Agent | None, book: Book, benefits: Mapping[str, Decimal]) -> AgentCount:
    mine = [standing for standing in book.standings.values() if standing.is_agent and standing.proposer == who]
    runs = [run.payload for run in book.runs if run.subject == who]
    carried = [one for one in mine if one.state in CARRIED]
    judged = [one for one in mine if one.proposal_id in benefits]
    wrong = {one.proposal_id for one in judged if benefits[one.proposal_id] < 0}
    wrong |= {one.proposal_id for one in mine if one.state in UNDONE}
    return AgentCount(
        agent_code=agent.code if agent else who,
        who=who,
        title=agent.title if agent else who,
        mode=agent.mode if agent else "agent",
        runs=len(runs),
        solved=len(carried),
        untouched=sum(one.version == 1 for one in carried),
        waiting=sum(one.state == "pending" for one in mine),
        declined=sum(one.state == "declined" for one in mine),
        escalated=sum(_ended(run, "escalated") for run in runs),
        held=sum(_ended(run, "held") for run in runs),
        refused=sum(_ended(run, "refused") for run in runs),
        nothing=sum(_ended(run, "nothing") for run in runs),
        matured=len(judged),
        wrong=len(wrong),
        benefit_amount=sum((benefits[one.proposal_id] for one in judged), Decimal(0)),
    )


def _ended(run: Mapping[str, Any], outcome: str) -> int:
    """How many cases of a record ended so: a run is of one case, the record of a whole day tells how many."""
    return int(run[outcome]) if isinstance(run.get(outcome), int) else int(run.get("outcome") == outcome)


def timeline(act: Act) -> list[dict[str, Any]]:
    """One run as rows for drawing: number, stage, sentence, how it went, and the facts behind it as name and text."""
    said = act.payload
    return [
        {
            "step_no": step["step_no"],
            "stage_name": step["stage"],
            "step_text": step["text"],
            "mark": step["mark"],
            "facts": [
                (name.replace("_", " "), _text(value))
                for name, value in step["facts"].items()
                if value not in (None, "", [])
            ],
            "agent_code": said.get("agent", act.subject),
            "case_id": said.get("case_id", ""),
            "at": act.at,
        }
        for step in said.get("trace", ())
    ]


def _text(value: Any) -> str:
    match value:
        case Mapping():
            return ", ".join(
                f"{name.replace('_', ' ')} {_text(part)}" for name, part in value.items() if part not in (None, "")
            )
        case list():
            return "; ".join(_text(part) for part in value)
        case _:
            return str(value)


def letters(book: Book, shown: Iterable[str]) -> list[dict[str, Any]]:
    """Every letter that agents asked for, with where it stands: waiting for a reader, out, answered, closed.

    A letter is closed once it was answered, or once its case is no longer among those shown: what it asked for has come.

    Args:
        book: the fold of all acts.
        shown: ids of the cases that the current build shows.
    """
    there = set(shown)
    mine = [one for one in book.standings.values() if one.is_agent and one.proposal.kind in MESSAGES]
    return [
        {
            "proposal_id": one.proposal_id,
            "kind": one.proposal.kind,
            "case_id": one.proposal.case_id,
            "asked_date": one.proposal.as_of,
            "letter_state": _letter_state(one, one.proposal.case_id in there),
        }
        for one in sorted(mine, key=lambda one: one.proposed_at, reverse=True)
    ]


def _letter_state(standing: Standing, is_shown: bool) -> str:
    if standing.state == "acknowledged":
        return "answered"
    if standing.state in ("declined", "withdrawn", "expired", "undone"):
        return "not sent"
    if not is_shown:
        return "closed"
    return {"pending": "waits for a reader", "exported": "out", "sent": "out"}.get(standing.state, "waits to go out")
