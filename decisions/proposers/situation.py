"""What a run of an agent is told, and what came of it: plain values, each step of it with its facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from decisions.incomplete import handed_over
from decisions.policy import Verdict
from decisions.proposal import Evidence, Proposal
from decisions.proposers.toolbox import Row, Toolbox, plain
from decisions.proposers.words import Letter, Worded, as_template
from models.ai_economics.placement_gaps import Incomplete

STAGES = ("event", "context", "rules and models", "confidence", "words", "verdict", "act")
SPEAKS = frozenset({"in use", "fallback"})
PROPOSED, ESCALATED, HELD, NOTHING = "proposed", "escalated", "held", "nothing"


@dataclass(frozen=True)
class Situation:
    """Everything that a run is told, and the only questions that it may ask of anybody.

    Args:
        case, options: rows of `marts.cases` and `marts.case_options`.
        tools: what the agent may read.
        models: model code → how it stands in this build.
        build_id, as_of: the build that all of it was read from.
        today: the day on which the agent looks.
        is_current_build: whether nobody has published a later one.
        judged: what the policy says of a wish, on what the ledger says now.
        declined: how often people have turned down such a wish.
        evidence: copies of the rows that an action rests on.
        worded: other words for a message; the template's, unless a language model is configured.
        waiting_since: the day of the last message about this that nobody has answered; None where there is none.
        tool_call_cap: how many tools it may ask, by the control of its use case; None where nothing caps it.
        incomplete: what the use case of a letter (its kind), or of the agent (""), does where some columns are not filled.
    """

    case: Row
    options: Sequence[Row]
    tools: Toolbox
    models: Mapping[str, str]
    build_id: str
    as_of: date
    today: date
    judged: Callable[[Proposal], Verdict]
    is_current_build: bool = True
    declined: Callable[[Proposal], int] = lambda _: 0
    evidence: Callable[[str, Mapping[str, Any]], Sequence[Evidence]] = lambda _, __: ()
    worded: Callable[[Letter], Worded] = as_template
    waiting_since: date | None = None
    tool_call_cap: int | None = None
    incomplete: Callable[[str, Sequence[str]], Incomplete] = lambda _, missing: handed_over(missing)


@dataclass(frozen=True)
class TraceStep:
    """One step of a run: its stage, a sentence, the facts behind it, and whether it went well, stopped, or only tells."""

    stage: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    mark: str = ""


@dataclass(frozen=True)
class Run:
    """What came of one run: `proposed` with the wish, `escalated` to people with the reason, `held` until data are there, or `nothing`.

    Args:
        decided_by: whether a rule, a score or an optimisation decided.
        call: the call to a language model that it took, if any.
        refusal: the call that a budget refused, if any.
    """

    agent_code: str
    case_id: str
    build_id: str
    outcome: str
    because: str
    trace: tuple[TraceStep, ...]
    proposal: Proposal | None = None
    decided_by: str = "rule"
    verdict_code: str = ""
    to_role: str = ""
    call: Mapping[str, Any] | None = None
    refusal: Mapping[str, Any] | None = None

    def said(self) -> dict[str, Any]:
        """The run as the ledger keeps it: plain values only."""
        return {
            "agent": self.agent_code,
            "case_id": self.case_id,
            "build_id": self.build_id,
            "outcome": self.outcome,
            "because": self.because,
            "decided_by": self.decided_by,
            "verdict_code": self.verdict_code,
            "to_role": self.to_role,
            "kind": self.proposal.kind if self.proposal else "",
            "trace": [
                {"step_no": no, "stage": step.stage, "text": step.text, "facts": plain(step.facts), "mark": step.mark}
                for no, step in enumerate(self.trace, 1)
            ],
        }
