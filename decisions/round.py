"""One round of the bounded agents: each looks at its queue, and what it wants goes to the desk, as anybody's wish does."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import polars as pl

from decisions import drafting, ruling, seen
from decisions.ai_budget import AGENT_USE_CASES, TOKENS_PER_DAY, Budget, budget, tool_call_cap
from decisions.ai_folding import LETTERS, definitions
from decisions.book import Book
from decisions.desk import Desk, Ledger
from decisions.earning import settled
from decisions.in_hand import Hands
from decisions.incomplete import behaviour
from decisions.person import Person
from decisions.policy import Verdict
from decisions.proposal import Evidence, Proposal
from decisions.proposers.agent import Agent
from decisions.proposers.queues import AGENTS, queue_of, takes
from decisions.proposers.run import run
from decisions.proposers.situation import HELD, NOTHING, PROPOSED, Run, Situation
from decisions.proposers.toolbox import Row, Toolbox
from decisions.proposers.words import Letter, Worded
from errors import Refusal
from models.ai_economics.placement_gaps import Incomplete
from store.company import Company
from store.warehouse import Build, current_build

REFUSED = "refused"
NO_MODELS: Mapping[str, str] = {}


@dataclass(frozen=True)
class AgentRound:
    """What one agent did in a round: cases it looked at, wishes put forward (and let through at once), handed over, waiting, refused."""

    agent_code: str
    looked_at: int = 0
    solved: int = 0
    released: int = 0
    escalated: int = 0
    held: int = 0
    refused: int = 0
    nothing: int = 0


@dataclass(frozen=True)
class Round:
    """What a round came to: one line for each agent, and why there was none at all."""

    build_id: str
    agents: tuple[AgentRound, ...] = ()
    because: str = ""

    def said(self) -> dict[str, Any]:
        """The round as plain values."""
        return asdict(self)


def run_round(
    company: Company,
    build: Build,
    ledger: Ledger,
    book: Book,
    clock: Callable[[], datetime],
    *,
    agents: Sequence[Agent] = AGENTS,
    endpoint: drafting.Endpoint | None = None,
    started_by: str = "schedule",
) -> Round:
    """What the agents did on a build; the same round again does nothing, since every run stands in the ledger.

    Args:
        company, build: what they look at.
        ledger, book: where acts are kept, and their fold; shared with whoever else is at the desk.
        clock: what time it is.
        agents: who takes part.
        endpoint: a language model that may word messages; None for templates.
        started_by: who started the round, for the record.
    """
    desks = {
        agent.code: Desk(ledger, Person(agent.who, is_agent=True), build=build, book=book, clock=clock)
        for agent in agents
    }
    if not desks:
        return Round(build.build_id, because="No agent takes part.")
    whole = next(iter(desks.values())).book
    if whole.frozen_because:
        return Round(build.build_id, because=f"Nothing was looked at: the calendar is frozen ({whole.frozen_because}).")
    # What is over is closed, and what was not earned is lowered, before anybody acts on it.
    before = Desk(ledger, Person(started_by), build=build, book=book, clock=clock)
    before.expire_due()
    settled(before, build)
    around = _Around.of(company, build, agents, clock)
    if not around.cases:
        return Round(build.build_id, because="This build has no cases.")
    most = endpoint.tokens_per_day if endpoint else TOKENS_PER_DAY

    def budget_of(use_case_id: str) -> Budget:
        built = around.use_cases.get(use_case_id, {})
        return budget(whole.ai, use_case_id, clock().astimezone(UTC).date(), built=built, limit=most)

    drafter = drafting.Drafter(endpoint, budget=budget_of, clock=clock)
    said = [_agent_round(agent, desks[agent.code], around, drafter, agents, started_by) for agent in agents]
    return Round(build.build_id, tuple(said))


@dataclass(frozen=True)
class _Around:
    """What all runs of a round share: the build's cases, options, models, frames and use cases of AI, and the day."""

    build: Build
    cases: list[dict[str, Any]]
    options: dict[str, list[dict[str, Any]]]
    models: Mapping[str, str]
    frames: Mapping[str, pl.DataFrame | None]
    use_cases: Mapping[str, Mapping[str, Any]]
    as_of: date
    today: date
    is_current: bool
    clock: Callable[[], datetime] = field(repr=False)

    @classmethod
    def of(cls, company: Company, build: Build, agents: Sequence[Agent], clock: Callable[[], datetime]) -> "_Around":
        """Everything that is read of the build, once for all agents."""
        as_of = build.facts()["as_of_date"]
        cases = _rows(build, "marts.cases") or _rows(build, "scores.cases")
        options: dict[str, list[dict[str, Any]]] = {}
        of_cases = _rows(build, "marts.case_options") or _rows(build, "scores.case_options")
        for option in sorted(of_cases, key=lambda one: (str(one["case_id"]), int(one["option_no"]))):
            options.setdefault(option["case_id"], []).append(option)
        models = {row["model_code"]: row["run_status_code"] for row in _rows(build, "scores.model_runs")}
        tables = sorted({tool.table for agent in agents for tool in agent.tools})
        current = current_build(company)
        return cls(
            build=build,
            cases=[{"as_of_date": as_of, **case, "our_name": company.company_title} for case in cases],
            options=options,
            models=models,
            frames={table: _frame(build, table) for table in tables},
            use_cases=definitions(_rows(build, "raw.use_cases")),
            as_of=as_of,
            # A demo company lives in its own time: its data ends where its world stands, however long ago that is for us.
            today=as_of if company.is_demo else clock().date(),
            is_current=current is not None and current.build_id == build.build_id,
            clock=clock,
        )


def _agent_round(
    agent: Agent, desk: Desk, around: _Around, drafter: drafting.Drafter, agents: Sequence[Agent], started_by: str
) -> AgentRound:
    told = AgentRound(agent.code)
    hands = Hands(desk.book, agent, around.build.build_id, around.today)
    mine = [
        case
        for case in queue_of(agent, around.cases, besides=hands.taken(around.cases))
        if agent in takes(case, around.options.get(case["case_id"], ()), agents)
    ]
    for case in mine[: max(agent.stops.per_round - hands.looked_at_count, 0)]:
        situation = _situation(agent, desk, around, hands, case, drafter)
        made = run(agent, situation)
        outcome, state = _done(desk, made, started_by)
        told = replace(
            told,
            looked_at=told.looked_at + 1,
            solved=told.solved + (outcome == PROPOSED),
            released=told.released + (state == "approved"),
            escalated=told.escalated + (outcome == "escalated"),
            held=told.held + (outcome == HELD),
            refused=told.refused + (outcome == REFUSED),
            nothing=told.nothing + (outcome == NOTHING),
        )
    return told


def _situation(
    agent: Agent, desk: Desk, around: _Around, hands: Hands, case: Row, drafter: drafting.Drafter
) -> Situation:
    def judged(proposal: Proposal) -> Verdict:
        return ruling.verdict(desk.book, proposal, desk.person, around.clock())

    def evidence(kind: str, action: Mapping[str, Any]) -> list[Evidence]:
        # A build without one of the tables has nothing to hold an approval to; the proposal then says so by having none.
        with suppress(Refusal):
            return seen.evidence(kind, action, around.build)
        return []

    def incomplete(kind: str, missing: Sequence[str]) -> Incomplete:
        use_case_id = LETTERS.get(kind) or AGENT_USE_CASES.get(agent.code)
        return behaviour(desk.book.ai, use_case_id, missing, built=around.use_cases.get(use_case_id or "", {}))

    def worded(letter: Letter) -> Worded:
        return drafter.words(letter, case_id=str(case["case_id"]), workflow_id=around.build.build_id)

    return Situation(
        case=case,
        options=around.options.get(case["case_id"], ()),
        tools=Toolbox(agent.tools, around.frames),
        models=around.models,
        build_id=around.build.build_id,
        as_of=around.as_of,
        today=around.today,
        judged=judged,
        is_current_build=around.is_current,
        declined=partial(hands.declined),
        evidence=evidence,
        worded=worded,
        waiting_since=hands.waiting_since(str(case["case_id"])),
        tool_call_cap=_cap(agent, desk, around),
        incomplete=incomplete,
    )


def _cap(agent: Agent, desk: Desk, around: _Around) -> int | None:
    """How many tools the agent may ask about a case, by the control of the use case that it is."""
    use_case_id = AGENT_USE_CASES.get(agent.code)
    return (
        None if use_case_id is None else tool_call_cap(desk.book.ai, use_case_id, around.use_cases.get(use_case_id, {}))
    )


def _done(desk: Desk, made: Run, started_by: str) -> tuple[str, str]:
    """The outcome and state once the wish lies at the desk and the run is on record; the wish first, so that none is lost."""
    said = made.said() | {"started_by": started_by}
    note: dict[str, Any] = {"started_by": started_by}
    if made.call is not None:
        note["ai_calls"] = [dict(made.call)]
    if made.refusal is not None:
        note["ai_refusals"] = [dict(made.refusal)]
    state, is_noted = "", False
    if made.proposal is not None:
        try:
            standing = desk.propose(made.proposal, note=note)
        except Refusal as refusal:
            said |= {"outcome": REFUSED, "because": refusal.why}
        else:
            state, is_noted = standing.state, True
            said |= {"proposal_id": standing.proposal_id, "state": state}
    # A call to a model is told of once: with the wish that it worded, or with the run where no wish came of it.
    is_told = is_noted or (made.call is None and made.refusal is None)
    desk.trace(desk.person.who, said if is_told else said | {"note": note})
    return said["outcome"], state


def _rows(build: Build, table: str) -> list[dict[str, Any]]:
    return list(build.query(f"select * from {table}").iter_rows(named=True)) if build.has(table) else []  # noqa: S608  tables of ours


def _frame(build: Build, table: str) -> pl.DataFrame | None:
    return build.query(f"select * from {table}") if build.has(table) else None  # noqa: S608  tables that agents declare
