"""What a use case of AI is: what it does where, what drives it, what it needs and saves, and the plain way that it must beat."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from models.ai_economics.card import Card
from models.ai_economics.definition_faults import day_of, kind_faults
from models.ai_economics.number import Range
from models.ai_economics.placement_needs import EDGE, Needs, needs, usual_needs
from models.ai_economics.routing import Routing, routing_faults
from models.ai_economics.second_line import SecondLine, second_line

DOMAINS = (
    "customer service",
    "sales support",
    "procurement",
    "warehouse",
    "transportation",
    "finance",
    "executive analytics",
)
PATTERNS = (
    "employee copilot",
    "customer-facing assistant",
    "document processing",
    "workflow decision support",
    "agent",
)
AUTONOMY = ("advises", "acts after approval", "acts alone")
RISKS = ("low", "medium", "high")
DEPLOYMENTS = ("central api", "private", "edge", "hybrid")
STAGES = ("candidate", "pilot", "production", "stopped")
DRIVERS = ("order_lines", "orders", "purchase_lines", "shipments", "exceptions", "working_days")
# What the first portfolio should hold one of each of: a use case that plans, one that executes, one that serves.
ROLES = {
    "procurement": "planning",
    "executive analytics": "planning",
    "customer service": "service",
    "sales support": "execution",
    "warehouse": "execution",
    "transportation": "execution",
    "finance": "execution",
}
RANGES = (
    "cases_per_unit",
    "review_share",
    "review_minutes",
    "baseline_minutes",
    "minutes_saved_share",
    "containment_share",
    "error_share",
    "wrong_commitment_share",
)
SHARES = tuple(name for name in RANGES if name.endswith("_share"))


@dataclass(frozen=True)
class Tokens:
    """What the calls of one case take together; an agent's tool calls vary with a spread and end at a cap."""

    input: float
    output: float
    calls: float
    cached_share: float = 0.0
    tool_calls: float = 0.0
    tool_calls_spread: float = 0.0
    tool_call_cap: int = 0


@dataclass(frozen=True)
class Alternative:
    """The cheapest way without a model; a use case that cannot say it cannot pass its first gate."""

    name: str
    minutes_saved_share: float
    one_time_cost: float
    yearly_cost: float


@dataclass(frozen=True)
class Control:
    """One control of a budget or risk: whether it is on, and whether the product enforces it or its owner declares it."""

    control: str
    is_on: bool
    how: str = "declared"
    limit: float | None = None


@dataclass(frozen=True)
class UseCase:
    """One use case as it stands in the registry; numbers with three parts are lowest, likeliest and highest.

    Attributes:
        cases_per_unit: cases for each unit of the driver (an order, a purchase line, a working day).
        baseline_minutes: work on a case without AI; `minutes_saved_share` of it is saved where a person stays in charge,
            all of it in the `containment_share` of cases that need no person.
        service_fee_once, service_fee_per_month: what a vendor takes for a ready-made service, reporting currency.
        stopped: the last day on which it cost or brought anything; None while it runs or never did.
        scales_with_size: whether its cases a unit are the reference company's, to be scaled to this one's orders.
        group, turn: benefits in one group are counted one after another, each on what the former left.
        needs: of the place where its model runs; the usual ones of its kind where its definition says none.
        second_line: of its sites, where that was decided for it.
        card: what it does, when to trust it and when not; its sentences are empty where nobody has said them.
    """

    use_case_id: str
    name: str
    domain: str
    pattern: str
    architecture: str
    systems: tuple[tuple[str, str], ...]
    autonomy: str
    action_risk: str
    writes: bool
    owner: str
    kpi: str
    good_decision: str
    main_cost_risks: str
    budget_control: str
    group: str
    turn: int
    driver: str
    cases_per_unit: Range
    eligible_share: float
    tokens: Tokens
    models: tuple[tuple[str, str, float], ...]
    batch: bool
    deployment: str
    review_share: Range
    review_minutes: Range
    baseline_minutes: Range
    minutes_saved_share: Range
    containment_share: Range
    baseline_error_share: float
    error_share: Range
    wrong_commitment_share: Range
    alternative: Alternative
    controls: tuple[Control, ...]
    source: str
    grade: str
    needs: Needs
    stage: str = "candidate"
    started: dt.date | None = None
    stopped: dt.date | None = None
    sites: tuple[str, ...] = ()
    service_fee_once: float = 0.0
    service_fee_per_month: float = 0.0
    scales_with_size: bool = False
    routing: Routing = field(default_factory=Routing)
    second_line: SecondLine | None = None
    card: Card = field(default_factory=Card)

    @property
    def is_agent(self) -> bool:
        """Whether it acts in loops of tool calls; agents are budgeted apart from assistants."""
        return self.pattern == "agent"

    @property
    def is_running(self) -> bool:
        """Whether it costs and brings anything today."""
        return self.stage in ("pilot", "production")

    def range(self, name: str) -> Range:
        """One of its three-part numbers by name."""
        return getattr(self, name)


def use_case(said: Mapping[str, Any]) -> UseCase:
    """The use case that a definition names.

    Errors: ValueError with every fault of the definition in one sentence each, for a person to mend.

    >>> use_case({"name": "Half a use case"})
    Traceback (most recent call last):
    ...
    ValueError: It says nothing of: use_case_id, domain, pattern, architecture, systems, ...
    """
    wanted = [one.name for one in fields(UseCase) if one.name in _REQUIRED]
    missing = [name for name in wanted if said.get(name) in (None, "")]
    if missing:
        raise ValueError(f"It says nothing of: {', '.join(missing[:5])}{', ...' if len(missing) > 5 else ''}")
    if wrong := kind_faults(said):
        raise ValueError(" ".join(wrong))
    try:
        made = _made(said)
    except (KeyError, TypeError) as error:
        raise ValueError(f"A part of it cannot be read: {error}") from error
    if wrong := faults(made):
        raise ValueError(" ".join(wrong))
    return made


def faults(case: UseCase) -> list[str]:
    """What is wrong with a use case, in sentences; none where nothing is."""
    found = []
    for name, known in (
        ("domain", DOMAINS), ("pattern", PATTERNS), ("autonomy", AUTONOMY), ("action_risk", RISKS), ("deployment", DEPLOYMENTS),
        ("stage", STAGES), ("driver", DRIVERS),
    ):  # fmt: skip
        if getattr(case, name) not in known:
            found.append(f"Its {name.replace('_', ' ')} is {getattr(case, name)!r}; it is one of: {', '.join(known)}.")
    for name in RANGES:
        low, likely, high = case.range(name)
        if not 0 <= low <= likely <= high or (name in SHARES and high > 1):
            found.append(f"Its {name.replace('_', ' ')} must rise from nought{' to one' if name in SHARES else ''}.")
    if abs(sum(share for _, _, share in case.models) - 1) > 1e-6:
        found.append("The shares of its models must sum to one.")
    if not case.writes and any(access == "write" for _, access in case.systems):
        found.append("It may write into a system, so it must say that it writes.")
    if case.writes and case.deployment == EDGE:
        found.append("It writes, so it cannot run at the sites alone: validation and booking belong to the centre.")
    found += routing_faults(case.routing, len(case.models))
    if not case.alternative.name:
        found.append("It must name the cheapest way without a model.")
    if case.is_running and case.started is None:
        found.append("A use case that runs must say since when.")
    if case.stopped is not None and case.stage != "stopped":
        found.append("A use case that has a day on which it stopped must be stopped.")
    return found


def is_sound(said: Mapping[str, Any]) -> bool:
    """Whether a definition is that of a use case that the build can reckon with.

    >>> is_sound({"name": "Half a use case"})
    False
    """
    try:
        use_case(said)
    except ValueError:
        return False
    return True


def merged(template: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """A definition with some of its parts changed; what the change leaves out stays as it was.

    >>> merged({"name": "A", "tokens": {"input": 1, "output": 2}}, {"tokens": {"input": 5}})["tokens"]
    {'input': 5, 'output': 2}
    """
    whole = dict(template)
    for name, value in change.items():
        before = whole.get(name)
        whole[name] = {**before, **value} if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return whole


def with_control(case: UseCase, control: str, *, is_on: bool, limit: float | None) -> UseCase:
    """The use case with one control switched; a control that it does not know changes nothing."""
    held = tuple(
        replace(one, is_on=is_on, limit=limit if limit is not None else one.limit) if one.control == control else one
        for one in case.controls
    )
    return replace(case, controls=held)


_OPTIONAL = {
    "stage", "started", "stopped", "sites", "service_fee_once", "service_fee_per_month", "scales_with_size", "routing", "needs",
    "second_line", "card",
}  # fmt: skip
_REQUIRED = {one.name for one in fields(UseCase)} - _OPTIONAL


def _made(said: Mapping[str, Any]) -> UseCase:
    ranges = dict[str, Any]({name: _range(said[name]) for name in RANGES})
    return UseCase(
        **{
            name: said[name] for name in _REQUIRED - {"systems", "tokens", "models", "alternative", "controls", *RANGES}
        },
        **ranges,
        systems=tuple((one["system"], one["access"]) for one in said["systems"]),
        tokens=Tokens(**said["tokens"]),
        models=tuple((one["provider"], one["model"], float(one["share"])) for one in said["models"]),
        alternative=Alternative(**said["alternative"]),
        controls=tuple(Control(**one) for one in said["controls"]),
        stage=said.get("stage", "candidate"),
        started=day_of(said.get("started")),
        stopped=day_of(said.get("stopped")),
        sites=tuple(said.get("sites") or ()),
        service_fee_once=float(said.get("service_fee_once", 0)),
        service_fee_per_month=float(said.get("service_fee_per_month", 0)),
        scales_with_size=bool(said.get("scales_with_size", False)),
        routing=Routing(**said.get("routing") or {}),
        card=Card(**said.get("card") or {}),
        second_line=second_line(said.get("second_line"), day_of),
        needs=needs(
            said.get("needs") or {},
            usual_needs(said["domain"], said["pattern"], said["writes"], said["action_risk"]),
        ),
    )


def _range(said: Any) -> Range:
    low, likely, high = said if isinstance(said, list | tuple) else (said, said, said)
    return float(low), float(likely), float(high)
