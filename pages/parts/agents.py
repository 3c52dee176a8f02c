"""Agents on a page: what each may do, how far it is trusted, what it solved, and step by step what it did."""

from dataclasses import asdict
from typing import Any

import polars as pl
import streamlit as st

from decisions.agent_counts import counts, timeline
from decisions.autonomy import ACTS, LEVELS
from decisions.book import Act
from decisions.desk import Desk
from decisions.drafting import endpoint
from decisions.earning import dues, grant, records_of, settle
from decisions.levels import REGISTERS, alone, in_words, rows_now, unsettled
from decisions.policy_text import packaged
from decisions.proposers.queues import AGENTS
from decisions.round import run_round
from pages.parts import acting, look, rights, tables
from pages.parts.ask import has_rows, mart
from pages.parts.kept import Kept, place
from pages.parts.notice import plain
from pages.parts.page import Visit
from pipelines.flow import ledger_of

VALUE = "marts.decision_value"
RECORDS: Kept[Any] = Kept(at_most=50)
COUNTED = [
    "title",
    "solved",
    "matured",
    "right_share",
    "benefit_amount",
    "waiting",
    "declined",
    "escalated",
    "held",
    "refused",
    "nothing",
    "untouched",
    "runs",
]
LABELS = {
    "title": "Agent",
    "mode": "Works as",
    "runs": "Runs",
    "solved": "Solved",
    "untouched": "Unchanged",
    "waiting": "Waiting",
    "declined": "Declined",
    "escalated": "Handed over",
    "held": "Waits for data",
    "refused": "Refused",
    "nothing": "Nothing to do",
    "matured": "Outcome known",
    "right_share": "Right",
    "benefit_amount": "Brought",
    "level_name": "Level",
    "segment": "Segment",
    "because": "Because",
    "since": "Since",
    "ceiling": "Ceiling",
}
COUNTS = (
    "Solved: wishes that people or the policy let through; right: of those whose outcome is known, as on the Decisions page; "
    "handed over: given to people undecided; waits for data: held until a build has what is missing; "
    "unchanged: let through as the agent proposed it."
)

CAME_TO = {"escalated": "handed over", "held": "waits for data", "proposed": "proposed", "nothing": "nothing to do"}


def board(visit: Visit, desk: Desk) -> None:
    """Draws what each agent has come to, how far it is trusted with what, and what it may and may not do."""
    _round(visit, desk)
    found = counts(desk.book)
    frame = _with_outcomes(visit, pl.DataFrame([asdict(one) for one in found], infer_schema_length=None))
    title = f"What each agent has come to, money in {visit.company.reporting_currency}"
    tables.show(visit, frame.select(COUNTED), name="agents", title=title, labels=LABELS, note=COUNTS)
    _due(visit, desk)
    _dial(visit, desk)
    for agent in AGENTS:
        with st.container(key=f"panel_agent_{agent.code}"):
            look.title(agent.title, agent.mode)
            look.pairs(
                {
                    "Watches": ", ".join(kind.replace("_", " ") for kind in agent.queue),
                    "May propose": ", ".join(sorted(packaged()[kind].title.lower() for kind in agent.permitted)),
                    "May read": ", ".join(dict.fromkeys(tool.table for tool in agent.tools)),
                    "Stops": f"below {agent.stops.least_confidence:.0%} sure, on data worse than {agent.stops.grades[-1]}, "
                    f"after {agent.stops.per_round} cases a round, on options within {agent.stops.tie_share:.0%} of each other",
                    "Hands over": agent.escalation,
                    "A good decision": agent.good_decision.objective,
                    "Never": agent.does_not,
                }
            )


def traces(visit: Visit, desk: Desk) -> None:
    """Draws every run, the latest first, and the steps of the one that is picked: event, context, rules and models, verdict, act."""
    runs = list(reversed(desk.book.runs))
    if not runs:
        with st.container(key="panel_no_runs"):
            look.title("What agents did")
            look.note("No agent has looked at anything yet. Start a round on the Agents tab.")
        return
    rows = [
        (
            act.at,
            act.subject,
            _of(act, "case_id"),
            CAME_TO.get(_of(act, "outcome"), _of(act, "outcome")),
            because_of(act),
        )
        for act in runs[:2000]
    ]
    schema: dict[str, Any] = {"acted_at": pl.Datetime("us", "UTC"), "actor_name": pl.String, "case_id": pl.String,
                              "state_name": pl.String, "because_text": pl.String}  # fmt: skip
    labels = {
        "acted_at": "When",
        "actor_name": "Agent",
        "case_id": "Case",
        "state_name": "Came to",
        "because_text": "Because",
    }
    picked = tables.show(visit, pl.DataFrame(rows, schema=schema, orient="row"), name="runs", title="What agents did, the latest first",
                         labels=labels, pick=True)  # fmt: skip
    act = next(
        (a for a in runs if picked and a.at == picked["acted_at"] and _of(a, "case_id") == picked["case_id"]), runs[0]
    )
    with st.container(key="panel_trace"):
        look.title(f"Step by step: {_of(act, 'case_id') or 'a whole day'}", act.subject)
        if not act.payload.get("trace"):
            look.note(f"{because_of(act)} Of this run only the sum of its day is kept, not its steps.")
            return
        for step in timeline(act):
            st.markdown(f"**{step['step_no']}. {plain(step['stage_name'])}**: {plain(step['step_text'])}")
            if step["facts"]:
                look.note("; ".join(f"{name}: {value}" for name, value in step["facts"])[:1200])


def _round(visit: Visit, desk: Desk) -> None:
    """The button that lets the agents look at this build; a second round on the same build does nothing."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="agents_round"):
        st.button("Let the agents look", key="run_agents", type="primary", icon=":material/smart_toy:",
                  disabled=visit.build is None or not rights.allowed(visit, "run_agents"), on_click=acting.act,
                  args=("The agents have looked; what they propose waits on the Decisions page.", "", _look, visit, desk))  # fmt: skip
        look.note("They propose; the policies judge; people approve what policies do not let through.")


def _look(visit: Visit, desk: Desk) -> None:
    run_round(visit.company, visit.build, ledger_of(visit.company), desk.book, desk.now, endpoint=endpoint(),
              started_by=visit.viewer.who)  # fmt: skip
    if has_rows(visit, "marts.decisions"):
        settle(desk, records_of(visit.build))


def _due(visit: Visit, desk: Desk) -> None:
    """Levels that should be another by what decisions came to: a fall happens at once, a rise waits for somebody's word."""
    if visit.build is None or not has_rows(visit, "marts.decisions"):
        return
    found = dues(desk.book, RECORDS.get(place(visit), lambda: records_of(visit.build)))
    if not found:
        return
    with st.container(key="panel_due"):
        look.title(
            "What they have earned", "a fall happens by itself with the next round; a rise waits for somebody's word"
        )
        may_raise = rights.allowed(visit, "approve_policy")
        if not may_raise and any(due.is_promotion for due in found):
            look.note(
                f"To raise a level takes an approver or an executive; you are {' and '.join(sorted(visit.viewer.roles))}."
            )
        held_back = _held_back(visit, desk) if any(due.is_promotion and due.after >= ACTS for due in found) else ""
        if held_back:
            st.markdown(f":material/lock: {plain(held_back)}")
            if (door := visit.door("risks")) is not None:
                query = {"company": visit.company.name, "tab": "ownership"}
                st.page_link(door, label="Risks and controls", icon=":material/gpp_maybe:", query_params=query)
        for nth, due in enumerate(found):
            policy = desk.book.policy(due.kind)
            sign = ":material/trending_up:" if due.is_promotion else ":material/trending_down:"
            where = f", segment {due.segment}" if due.segment else ", every segment"
            said = f"{due.agent}, {policy.title.lower()}{where}: from L{due.before} to L{due.after}. {due.because}"
            st.markdown(f"{sign} {plain(said)}")
            if due.is_promotion:
                is_shut = not may_raise or (due.after >= ACTS and bool(held_back))
                st.button(f"Raise to L{due.after}", key=f"raise_{nth}", disabled=is_shut,
                          on_click=acting.act, args=(f"Raised to L{due.after}.", "", grant, desk, due))  # fmt: skip


def _held_back(visit: Visit, desk: Desk) -> str:
    """What is not settled that has to be before an agent acts alone; nothing where all of it is."""
    if visit.build is None:
        return ""
    if not has_rows(visit, REGISTERS):
        return "No further agent may act alone on a build that is older than the registers: refresh once."
    open_ones = unsettled(rows_now(desk.book, visit.build))
    if not open_ones:
        return ""
    return (
        f"No further agent may act alone (L{ACTS}) until this is settled: {in_words(open_ones)}.{_alone(visit, desk)}"
    )


def _alone(visit: Visit, desk: Desk) -> str:
    """Which agents act alone already, and since when: what is not settled takes no level away. Nothing where none does."""
    said = []
    for held in alone(desk.book):
        agents = " and ".join(agent.title for agent in AGENTS if held.kind in agent.permitted)
        segment = f", segment {held.segment}" if held.segment else ""
        since = f", since {visit.words.instant(held.since)}" if held.since else ""
        said.append(f"{agents} ({desk.book.policy(held.kind).title.lower()}{segment}{since})")
    return f" Acts alone already: {'; '.join(said)}; what is open takes no level away." if said else ""


def _dial(visit: Visit, desk: Desk) -> None:
    """How far agents are trusted with each kind of action: the level in force, its ceiling, and what it was set for."""
    book = desk.book
    rows = []
    for kind, policy in packaged().items():
        segments = sorted({segment for held, segment in book.levels if held == kind} | {""})
        for segment in segments:
            held = book.levels.get((kind, segment))
            level = book.level(kind, segment)
            because = held.because if held else "Nothing was set: agents may suggest, people approve."
            rows.append((policy.title, segment or "all", f"L{level} {LEVELS[level].split(':')[0].split(' within')[0]}",
                         f"L{book.policy(kind).autonomy.ceiling}", because, held.since if held else None))  # fmt: skip
    schema: dict[str, Any] = {"title": pl.String, "segment": pl.String, "level_name": pl.String, "ceiling": pl.String,
                              "because": pl.String, "since": pl.Datetime("us", "UTC")}  # fmt: skip
    tables.show(visit, pl.DataFrame(rows, schema=schema, orient="row"), name="dial", title="How far agents are trusted",
                labels={**LABELS, "title": "Kind of action"})  # fmt: skip


def _with_outcomes(visit: Visit, frame: pl.DataFrame) -> pl.DataFrame:
    """The counts with what came of the agents' decisions, summed as the Decisions page sums it, so that both say the same."""
    frame = frame.drop("matured", "wrong", "benefit_amount")
    if visit.build is None or not has_rows(visit, VALUE):
        return frame.with_columns(
            matured=pl.lit(0), right_share=pl.lit(None, pl.Float64), benefit_amount=pl.lit(None, pl.Float64)
        )
    came = (
        mart(visit, VALUE, columns=("decider_name", "matured_count", "right_count", "benefit_amount"))
        .group_by(who="decider_name")
        .agg(
            pl.col("matured_count").sum().alias("matured"), pl.col("right_count").sum(), pl.col("benefit_amount").sum()
        )
    )
    right = pl.when(pl.col("matured") > 0).then(pl.col("right_count") / pl.col("matured"))
    return frame.join(came, on="who", how="left", maintain_order="left").with_columns(right_share=right)


def because_of(act: Act) -> str:
    """Why a run ended as it did; of a day's runs together, how many ended how."""
    if "day" not in act.payload:
        return _of(act, "because")
    proposed, escalated = (int(act.payload.get(name) or 0) for name in ("proposed", "escalated"))
    return f"On that day it proposed {proposed} and handed {escalated} to people."


def _of(act: Act, name: str) -> str:
    return str(act.payload.get(name) or "")
