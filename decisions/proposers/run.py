"""One run of a bounded agent over one case: event, context, rules and models, confidence, words, verdict, act. It acts on nothing."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

from decisions.policy import Allowed, Refused
from decisions.proposal import Proposal
from decisions.proposers.agent import DECIDED_BY, MESSAGES, Agent
from decisions.proposers.choice import Choice, EscalateError, chosen
from decisions.proposers.situation import ESCALATED, HELD, NOTHING, PROPOSED, SPEAKS, Run, Situation, TraceStep
from decisions.proposers.toolbox import Found, Row, plain
from decisions.proposers.words import Letter
from decisions.wish import action_of, wish
from models.ai_economics.placement_gaps import HOLD


def run(agent: Agent, situation: Situation) -> Run:
    """What the agent makes of one case; the same situation always gives the same run.

    Errors: a Refusal when its own declaration names a tool that its box does not hold.
    """
    told = _Telling(agent, situation)
    try:
        found = told.context()
        choice = told.choice()
        if choice is None:
            return told.end(
                NOTHING, "None of its options does better than nothing." if situation.options else "It has no options."
            )
        told.confidence(choice, found)
        proposal = told.proposal(choice)
        told.verdict(proposal)
    except EscalateError as stop:
        return told.end(HELD if stop.is_held else ESCALATED, stop.because)
    return told.end(PROPOSED, f"{proposal.title or proposal.kind}: {proposal.because}".strip(), proposal)


class _Telling:
    """A run in the making: each stage is told as it is gone through."""

    def __init__(self, agent: Agent, situation: Situation):
        self.agent, self.now = agent, situation
        self.steps: list[TraceStep] = []
        self.decided_by, self.verdict_code = "rule", ""
        self.call: Mapping[str, Any] | None = None
        self.refusal: Mapping[str, Any] | None = None
        self.letter: Letter | None = None
        self.without: list[str] = []
        self.made_with = ""
        case = situation.case
        shown = (
            "case_kind_code",
            "cause_text",
            "at_risk_amount",
            "expected_loss_amount",
            "chance_share",
            "act_by_date",
        )
        self.tell(
            "event", str(case.get("case_title_text") or case["case_id"]), {name: case.get(name) for name in shown}
        )

    def tell(self, stage: str, text: str, facts: Row | None = None, mark: str = "") -> None:
        self.steps.append(TraceStep(stage, text, plain(facts or {}), mark))

    def stop(self, stage: str, because: str, facts: Row | None = None, *, is_held: bool = False) -> EscalateError:
        """The step told as one that the run stops at, and what to raise."""
        self.tell(stage, because, facts, "stopped")
        return EscalateError(because, is_held=is_held)

    def incomplete(self, stage: str, because: str, missing: Sequence[str], facts: Row, kind: str = "") -> EscalateError:
        """What to raise where it cannot go on without these columns: the case waits, or people have it, as its use case says."""
        ruled = self.now.incomplete(kind, missing) if missing else None
        said = f"{because} {ruled.said}" if ruled is not None and not ruled.may_go_on else because
        return self.stop(stage, said, facts, is_held=ruled is not None and ruled.code == HOLD)

    def context(self) -> dict[str, Found]:
        """What each tool found; hands over where something needed is missing, or the class of the case is not the agent's."""
        kind = str(self.now.case.get("case_kind_code") or "")
        if kind not in self.agent.queue:
            raise self.stop("event", f"A case of kind {kind or 'unknown'!r} is none of those that this agent knows.")
        found, about = {}, _about(self.now.case, self.now.options)
        if self.agent.is_alongside:
            # A letter needs the facts of the one that it is about, which its option names.
            with suppress(EscalateError):
                pick = chosen(self.agent, self.now.options)
                about |= {name: value for name, value in action_of(pick.option).items() if value} if pick else {}
        for asked, tool in enumerate(self.agent.tools_for(kind)):
            self._may_ask(asked)
            answer = self.now.tools.ask(tool.name, about)
            many = f"{answer.row_count:,} row{'s' if answer.row_count != 1 else ''}"
            text = (
                f"{tool.question} {f'Nothing: {answer.why_none}.' if answer.why_none else f'{many} of {tool.table}.'}"
            )
            facts = {"table": tool.table, "rows": list(answer.rows), "row_count": answer.row_count}
            if answer.why_none and tool.is_needed:
                because = f"A needed fact is missing: {answer.why_none}."
                raise self.incomplete("context", because, tool.must_have, facts)
            self.tell("context", text, facts)
            if answer.lacking:
                self._goes_on(tool.table, answer.lacking, facts)
            found[tool.name] = answer
        return found

    def _goes_on(self, table: str, missing: Sequence[str], facts: Row) -> None:
        """Columns of the evidence are not filled: only a use case that may go on with less does, and its wish says so."""
        ruled = self.now.incomplete("", missing)
        if not ruled.may_go_on:
            raise self.incomplete("context", f"{table} does not say everything.", missing, facts)
        self.without.append(ruled.said)
        self.tell("context", ruled.said, {"missing": list(missing)})

    def _may_ask(self, asked: int) -> None:
        """One more tool may be asked under the cap of its use case; else the case is handed over."""
        cap = self.now.tool_call_cap
        if cap is not None and asked >= cap:
            raise self.stop("context", f"The cap of {cap} tool calls a case is reached.", {"tool_call_cap": cap})

    def choice(self) -> Choice | None:
        """The option that the rules leave, and which of rule, score and optimisation decided; None where nothing is better."""
        self._build_is_fresh()
        if self.now.waiting_since is not None:
            raise self.stop(
                "rules and models", f"We wrote on {self.now.waiting_since:%d %b %Y} and nobody has answered."
            )
        try:
            made = chosen(self.agent, self.now.options)
        except EscalateError as stop:
            raise self.stop("rules and models", stop.because) from stop
        if made is None:
            self.tell("rules and models", "No option that may be chosen does better than doing nothing.", mark="kept")
            return None
        self._models_speak(made.kind)
        plainly = wish(self.now.case, made.option, (), build_id=self.now.build_id, as_of=self.now.as_of)
        if (times := self.now.declined(plainly)) >= self.agent.stops.declines:
            raise self.stop(
                "rules and models", f"People have turned this down {times} times; it is not asked for again."
            )
        self.decided_by = DECIDED_BY.get(made.kind, "rule")
        by = {"rule": "A rule decided", "score": "A score decided", "optimisation": "An optimisation decided"}
        self.tell(
            "rules and models",
            f"{by[self.decided_by]}: {made.because}",
            {**made.facts, "decided_by": self.decided_by},
            "kept",
        )
        return made

    def _build_is_fresh(self) -> None:
        if not self.now.is_current_build:
            raise self.stop("rules and models", "The build is stale: a later one has been published.")
        age = (self.now.today - self.now.as_of).days
        if age > self.agent.stops.most_age_days:
            raise self.stop(
                "rules and models", f"The data is stale: it ends {age} days ago.", {"as_of_date": self.now.as_of}
            )

    def _models_speak(self, kind: str) -> None:
        """Every model that such a choice rests on is on; one that is off, failed or was kept from judging is not used."""
        for code in self.agent.models.get(kind, ()):
            status = self.now.models.get(code, "not in this build")
            if status not in SPEAKS:
                raise self.stop(
                    "rules and models", f"The model {code!r} is {status}, and this choice rests on it.", {code: status}
                )
            self.tell("rules and models", f"The model {code!r} is {status}.", {code: status}, "kept")

    def confidence(self, choice: Choice, found: Mapping[str, Found]) -> None:
        """The choice is sure enough, on data that is good enough, and its action is known in full.

        Of a letter it counts how sure we are of what it says; whether it helps is the option's to say.
        """
        option, stops = choice.option, self.agent.stops
        if choice.kind in MESSAGES and self.agent.compose is not None:
            self.letter = self.agent.compose(choice.kind, self.now.case, action_of(option), found)
            option = {**option, "confidence_share": self.letter.sure_share}
        grade = option.get("data_grade_code") or self.now.case.get("data_grade_code")
        sure = option.get("confidence_share")
        facts = {"confidence_share": sure, "data_grade_code": grade, "least_confidence_share": stops.least_confidence}
        if sure is None:
            raise self.stop("confidence", "Nobody knows how sure the suggestion is.", facts)
        # Written so that a confidence that is no number stops the agent.
        if not float(sure) >= stops.least_confidence:
            raise self.stop(
                "confidence", f"It is {float(sure):.0%} sure, and stops below {stops.least_confidence:.0%}.", facts
            )
        if grade not in stops.grades:
            raise self.stop(
                "confidence",
                f"The data is of grade {grade or 'unknown'}; it works on {', '.join(stops.grades)}.",
                facts,
            )
        action = action_of(option)
        if lacking := [
            name
            for name in self.agent.needs.get(choice.kind, ())
            if not _is_known(action.get(name, self.now.case.get(name)))
        ]:
            raise self.incomplete("confidence", f"The action does not say {', '.join(lacking)}.", lacking, facts)
        self.tell("confidence", f"It is {float(sure):.0%} sure on data of grade {grade}.", facts, "kept")

    def proposal(self, choice: Choice) -> Proposal:
        """The wish that copies the option, with what it rests on; a message gets its words here."""
        option, action = choice.option, action_of(choice.option)
        if (letter := self.letter) is not None:
            if letter.missing:
                because = f"The message cannot be written: {', '.join(letter.missing)} not known."
                raise self.incomplete("words", because, letter.missing, {}, letter.kind)
            worded = self.now.worded(letter)
            self.call, self.refusal, self.made_with = worded.call, worded.refusal, worded.made_with
            self.tell(
                "words",
                f"The words are the {worded.source}'s. {worded.because} {worded.made_with}".strip(),
                {"facts": dict(letter.facts)},
                "kept",
            )
            said = json.dumps(plain(action) | {"text": worded.text})
            option = {**option, "action_text": said, "confidence_share": letter.sure_share}
        made = wish(
            self.now.case,
            option,
            self.now.options,
            build_id=self.now.build_id,
            as_of=self.now.as_of,
            evidence=self.now.evidence(choice.kind, action),
        )
        drivers = (choice.because, self.made_with) if self.made_with else (choice.because,)
        unknown = " ".join(part for part in (made.does_not_know, *self.without) if part)
        return replace(made, drivers=drivers, model_code=self.agent.code, does_not_know=unknown)

    def verdict(self, proposal: Proposal) -> None:
        """The policy lets it be proposed; a copilot never asks for what would then be done without anybody."""
        ruled = self.now.judged(proposal)
        self.verdict_code = ruled.code
        facts = {"verdict_code": ruled.code, "rules": list(ruled.rules)}
        if isinstance(ruled, Refused):
            raise self.stop("verdict", f"The policy refuses it: {ruled.because}", facts)
        if isinstance(ruled, Allowed) and self.agent.mode == "copilot":
            raise self.stop("verdict", "The policy would let it through alone, and a copilot only prepares.", facts)
        self.tell("verdict", ruled.because, facts, "kept")

    def end(self, outcome: str, because: str, proposal: Proposal | None = None) -> Run:
        role = str(self.now.case.get("owner_role_name") or "planner")
        says = {
            PROPOSED: "It is proposed at the desk.",
            ESCALATED: f"It is handed over ({role}): {because}",
            HELD: f"It waits: {because}",
            NOTHING: "Nothing is done.",
        }
        self.tell(
            "act",
            says[outcome],
            {"outcome": outcome},
            {PROPOSED: "kept", ESCALATED: "stopped", HELD: "stopped"}.get(outcome, ""),
        )
        return Run(
            self.agent.code,
            str(self.now.case["case_id"]),
            self.now.build_id,
            outcome,
            because,
            tuple(self.steps),
            proposal,
            self.decided_by,
            self.verdict_code,
            role if outcome == ESCALATED else "",
            self.call,
            self.refusal,
        )


def _is_known(value: Any) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite()
    return value not in (None, "")


def _about(case: Row, options: Sequence[Row]) -> dict[str, Any]:
    """The fields by which tools are asked: the case's own, and those that its options name alike, such as a shipment."""
    said: dict[str, set[str]] = {}
    for option in options:
        for name, value in action_of(option).items():
            if isinstance(value, str) and value:
                said.setdefault(name, set()).add(value)
    named = {name: next(iter(values)) for name, values in said.items() if len(values) == 1}
    return named | {name: value for name, value in case.items() if value not in (None, "")}
