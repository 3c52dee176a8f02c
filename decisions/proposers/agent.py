"""What a bounded agent declares before it may look at anything: its queue, its tools, what it may propose, when it stops."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from decisions.policy import GoodDecision
from decisions.proposers.toolbox import Found, Row, Tool
from decisions.proposers.words import Letter

Mode = Literal["agent", "copilot"]
Compose = Callable[[str, Row, Row, Mapping[str, Found]], Letter]
MESSAGES = frozenset({"supplier_message", "carrier_message", "customer_message"})
# What a choice of each kind rests on at last: a rule that is written down, a predictive score, or a plan that was optimised.
DECIDED_BY: Mapping[str, str] = {
    "purchase": "optimisation",
    "transfer": "optimisation",
    "allocate": "optimisation",
    "stock_parameter": "optimisation",
    "expedite": "score",
    "re_source": "score",
    "cancel_purchase": "score",
    "substitute": "score",
    **dict.fromkeys(("release_order", "hold_order", "correct_price", "credit_review", "fix_data", *MESSAGES), "rule"),
}


@dataclass(frozen=True)
class Stops:
    """When an agent hands a case over, whatever else it has found.

    Args:
        per_round: cases that it takes on of one build, in one round or several.
        least_confidence: below this it does not choose.
        grades: grades of data that it works on.
        tie_share: two options whose gains lie this close (share of the better one) are a tie, which people break.
        declines: how often people may have turned down the same wish before it stops making it.
        most_age_days: how old the build's data may be.
        answer_days: working days that it waits for an answer to a message.
    """

    per_round: int = 25
    least_confidence: float = 0.6
    grades: tuple[str, ...] = ("A", "B", "C")
    tie_share: float = 0.10
    declines: int = 2
    most_age_days: int = 3
    answer_days: int = 2


@dataclass(frozen=True)
class Agent:
    """One bounded agent, as data: nothing in it can act, and everything in it is shown on the Rules page.

    Args:
        code: its short name.
        mode: an `agent` may be let alone where policy and earned level say so; a `copilot` only ever prepares.
        queue: the kinds of case that it watches.
        permitted: the kinds of action that it may propose.
        tools: what it may read.
        models: kind of action → the models that must be in use for it to propose that.
        needs: kind of action → the fields of the action that must be known.
        stops: when it stops.
        escalation: in words, when and to whom it hands over.
        good_decision: what a good decision of it is, and how that is measured.
        does_not: what it never does.
        is_alongside: whether its actions go beside others on the same case (a message) and never compete with them.
        compose: the words of a message, made of the facts that its tools found.

    >>> from decisions.proposers.inventory import INVENTORY
    >>> INVENTORY.who, INVENTORY.mode, "transfer" in INVENTORY.permitted
    ('inventory-agent', 'agent', True)
    """

    code: str
    title: str
    mode: Mode
    queue: tuple[str, ...]
    permitted: tuple[str, ...]
    tools: tuple[Tool, ...]
    models: Mapping[str, tuple[str, ...]]
    needs: Mapping[str, tuple[str, ...]]
    escalation: str
    good_decision: GoodDecision
    does_not: str
    stops: Stops = Stops()
    is_alongside: bool = False
    compose: Compose | None = None

    @property
    def who(self) -> str:
        """The name that the ledger writes down for it."""
        return f"{self.code.replace('_', '-')}-agent"

    def tools_for(self, case_kind: str) -> list[Tool]:
        """The tools that it asks about a case of this kind."""
        return [tool for tool in self.tools if not tool.cases or case_kind in tool.cases]

    def said(self) -> dict[str, Any]:
        """What it declares, as plain values for a page."""
        return {
            "agent_code": self.code,
            "title": self.title,
            "mode": self.mode,
            "queue": list(self.queue),
            "permitted": list(self.permitted),
            "tools": [f"{tool.name}: {tool.table}" for tool in self.tools],
            "stops": vars(self.stops) | {"grades": list(self.stops.grades)},
            "escalation": self.escalation,
            "objective": self.good_decision.objective,
            "measured_by": self.good_decision.measured_by,
            "does_not": self.does_not,
        }
