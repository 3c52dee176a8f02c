"""Which ways a workflow may run at all: seven steps from how critical it is to what its outcomes were, each with its reason.

Gates come before any score and any cost, and nothing that weighs can lift one (method section 5.1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.ai_economics.pilots import Came, said_of
from models.ai_economics.placement_needs import (
    CENTRAL,
    EDGE,
    FIRST_THOUGHT,
    HYBRID,
    LOCAL,
    MID,
    MIXED,
    PRIVATE,
    REASONING,
    SECOND_CIRCUIT,
    SELDOM,
    SMALL,
    STRONG,
    TIERS,
    WAYS,
    WIDE,
    family,
)
from models.ai_economics.use_case import UseCase

STEPS = (
    "criticality",
    "data and model",
    "action risk",
    "governance readiness",
    "total cost",
    "pilot by family",
    "outcomes",
)
CODES = PASSES, FORBIDS, SUPPORTS, UNKNOWN = ("passes", "forbids", "supports", "unknown")
LEAST_READINESS, FULL_READINESS = 3.0, 5.0
IN_TIME = 0.95  # share of answers in time from which on a way is soon enough
AT_SITES = (HYBRID, EDGE)
PROVIDERS = (CENTRAL, SECOND_CIRCUIT)
# The strongest model that a way of one's own carries; the others carry any, a hybrid by asking its centre.
BEST_TIER: Mapping[str, str] = {EDGE: SMALL, PRIVATE: MID}


@dataclass(frozen=True)
class Triggers:
    """Why a model at the site might be wanted: each yes, no, or None where nobody knows."""

    local_responsiveness: bool | None
    intermittent_connectivity: bool | None
    data_locality: bool | None

    @property
    def held(self) -> tuple[str, ...]:
        """The names of those that hold.

        >>> Triggers(None, True, False).held
        ('intermittent connectivity',)
        """
        return tuple(name.replace("_", " ") for name, holds in vars(self).items() if holds)


@dataclass(frozen=True)
class Seen:
    """What is known of one way of a workflow besides its nature; None where nobody knows.

    Attributes:
        cost_per_year: of this way, and `least_cost_per_year` that of the cheapest way that is possible.
        is_piloted: whether it has run so, in a pilot or in production.
        has_improved: whether its minutes per case were measured and surely fell when it ran so.
        family: of workflows in which it is tried (`models.ai_economics.pilots`); `run_so` names those of it that have run so, and
            `came` tells what came of their pilots.
    """

    cost_per_year: float | None = None
    least_cost_per_year: float | None = None
    is_piloted: bool | None = None
    has_improved: bool | None = None
    family: str = ""
    run_so: tuple[str, ...] = ()
    came: Came = field(default_factory=Came)


@dataclass(frozen=True)
class Gate:
    """One step for one way: what it says, and why in sentences."""

    step_no: int
    step_name: str
    code: str
    because: str


def triggers_of(case: UseCase, *, in_time_share: float | None = None, site_in_time_share: float = 1.0) -> Triggers:
    """The three triggers of a workflow.

    Args:
        in_time_share: of the centre's answers, when it can be reached; 0 to 1, None where that is not known.
        site_in_time_share: of those of a machine at the site; a site that is slower than the centre is not called for by haste.
    """
    asked = case.needs
    return Triggers(
        local_responsiveness=None if in_time_share is None else in_time_share < min(IN_TIME, site_in_time_share),
        intermittent_connectivity=asked.must_work_offline or asked.offline_share >= SELDOM,
        data_locality=asked.must_stay or bool(asked.minimum_data and asked.data_dependency < SELDOM),
    )


def gates(
    case: UseCase,
    way: str,
    *,
    readiness: float,
    triggers: Triggers | None = None,
    seen: Seen | None = None,
    least_readiness: float = LEAST_READINESS,
) -> list[Gate]:
    """The seven steps of one way, in their order.

    Args:
        way: one of `WAYS`.
        readiness: of governance, 0 to 5; `least_readiness` from which on a site may act by itself.
        triggers: None takes those that its needs tell by themselves.

    Errors:
        ValueError: a way that there is not.
    """
    if way not in WAYS:
        raise ValueError(f"There is no way {way!r}; it is one of: {', '.join(WAYS)}.")
    wanted, told = triggers or triggers_of(case), seen or Seen()
    found = (
        _criticality(case, way, wanted),
        _data(case, way),
        _risk(case, way),
        _readiness(case, way, readiness, least_readiness),
        _cost(told),
        _pilot(way, told),
        _outcomes(told),
    )
    return [Gate(no, STEPS[no - 1], *_joined(said)) for no, said in enumerate(found, start=1)]


def is_possible(gates: Sequence[Gate]) -> bool:
    """Whether no step forbids the way; what is not known yet forbids nothing.

    >>> is_possible([Gate(3, "action risk", "forbids", "It writes.")]), is_possible([])
    (False, True)
    """
    return all(gate.code != FORBIDS for gate in gates)


def options(
    case: UseCase,
    *,
    readiness: float,
    triggers: Triggers | None = None,
    seen: Mapping[str, Seen] | None = None,
    least_readiness: float = LEAST_READINESS,
) -> dict[str, list[Gate]]:
    """Every way with its gates, the second circuit always among them; see `gates` for the arguments, `seen` being by way."""
    return {
        way: gates(
            case, way, readiness=readiness, triggers=triggers, seen=(seen or {}).get(way), least_readiness=least_readiness
        )
        for way in WAYS
    }  # fmt: skip


def first_thought(case: UseCase, options: Mapping[str, Sequence[Gate]]) -> str | None:
    """The way that its family suggests, or the next that is possible; None where none is. No decision: that is made by cost."""
    usual = FIRST_THOUGHT[family(case.needs, case.action_risk)]
    ways = (usual, SECOND_CIRCUIT, CENTRAL, PRIVATE, HYBRID, EDGE)
    return next((way for way in ways if way in options and is_possible(options[way])), None)


Said = list[tuple[str, str]]
_FAMILY_SAID = {
    REASONING: "reasoning over the enterprise",
    LOCAL: "assistance at the site",
    MIXED: "something of both kinds",
}


def _criticality(case: UseCase, way: str, triggers: Triggers) -> Said:
    """Step 1: does it matter that answers are soon or go on without the line."""
    found: Said = []
    if case.needs.must_work_offline and way not in AT_SITES:
        cached = ", and pages at the site are no answer" if way == SECOND_CIRCUIT else ""
        found.append((FORBIDS, f"It must go on without the line{cached}."))
    if way in AT_SITES:
        if triggers.held:
            found.append((SUPPORTS, f"A model at the site is called for: {', '.join(triggers.held)}."))
        else:
            unknown = " How soon the centre answers is not known." if triggers.local_responsiveness is None else ""
            found.append(
                (FORBIDS, f"Nothing calls for a model at the site: answers, line and data do without.{unknown}")
            )
    if way == SECOND_CIRCUIT and case.needs.offline_share >= SELDOM and not case.needs.must_work_offline:
        found.append(
            (SUPPORTS, "A second line, and the procedures as pages at the site, stand in while the first is down.")
        )
    waits = case.needs.offline_share < SELDOM
    return found or [
        (PASSES, "It can wait while the line is down." if waits else "It gives no answer while the line is down.")
    ]


def _data(case: UseCase, way: str) -> Said:
    """Step 2: what it must know, where that may lie, and which model it takes."""
    asked, found = case.needs, Said()
    if asked.must_stay and way in PROVIDERS:
        found.append((FORBIDS, "Its data may not leave the company's own machines."))
    if asked.must_stay and way == HYBRID and asked.tier != SMALL:
        found.append(
            (FORBIDS, "Its data may not leave the company's own machines, and its centre would ask a provider's model.")
        )
    best = BEST_TIER.get(way, STRONG)
    if TIERS.index(asked.tier) > TIERS.index(best):
        found.append((FORBIDS, f"It takes a {asked.tier} model; this way carries a {best} one at best."))
    if way == EDGE and asked.task == "reasoning":
        found.append((FORBIDS, "Reasoning is too heavy for a machine at the site."))
    if way == EDGE and asked.data_dependency >= WIDE:
        found.append((FORBIDS, "It needs the wide context of the enterprise, which does not lie at a site."))
    if way in AT_SITES and not asked.minimum_data:
        found.append((FORBIDS, "Nobody has said which fields must lie at a site for it."))
    said = family(asked, case.action_risk)
    usual = FIRST_THOUGHT[said]
    if not found and way in (usual, SECOND_CIRCUIT if usual == CENTRAL else usual):
        found.append((SUPPORTS, f"It is {_FAMILY_SAID[said]}, for which this way comes to mind first."))
    return found or [(PASSES, "What it must know and the model that it takes are there.")]


def _risk(case: UseCase, way: str) -> Said:
    """Step 3: does it advise, or does it write and bind."""
    if not case.writes:
        return [
            (
                PASSES,
                "It advises; whoever decides is at hand."
                if case.autonomy == "advises"
                else "It writes into no system.",
            )
        ]
    if way == EDGE:
        return [(FORBIDS, "It writes: validation and booking belong to the centre, and a site may only queue.")]
    if way == HYBRID:
        return [(PASSES, "It writes: the site queues, the centre validates and books.")]
    return [(SUPPORTS, "It writes: validation, booking and record are in one place.")]


def _readiness(case: UseCase, way: str, readiness: float, least: float) -> Said:
    """Step 4: can controls be enforced in many places."""
    if way not in AT_SITES:
        return [(PASSES, "Policy, record and models are kept in one place.")]
    said = f"Governance is ready at {readiness:g} of {FULL_READINESS:g}"
    if readiness >= least:
        return [(PASSES, f"{said}; {least:g} are enough for controls at sites.")]
    if way == EDGE or case.autonomy == "acts alone":
        return [(FORBIDS, f"{said}; a model that works alone at a site takes {least:g}.")]
    return [(PASSES, f"{said}; the centre still approves what the site proposes.")]


def _cost(seen: Seen) -> Said:
    """Step 5: what it costs in all."""
    cost, least = seen.cost_per_year, seen.least_cost_per_year
    if cost is None or least is None:
        return [(UNKNOWN, "What this way costs in all has not been reckoned.")]
    if cost <= least:
        return [(SUPPORTS, "No possible way costs less.")]
    return [(PASSES, f"It costs {cost - least:,.0f} a year more than the cheapest possible way.")]


def _pilot(way: str, seen: Seen) -> Said:
    """Step 6: has it been tried in its family of workflows."""
    if seen.is_piloted is None:
        return [(UNKNOWN, "Nobody knows whether it was tried so.")]
    if seen.is_piloted:
        return [(SUPPORTS, "It has run so.")]
    if seen.run_so:
        return [(SUPPORTS, f"Of its family ({seen.family}) these have run so: {', '.join(seen.run_so)}.")]
    first = "one site first, before money goes into the others" if way in AT_SITES else "one use case of it first"
    return [(UNKNOWN, f"Nothing of its family ({seen.family or 'not named'}) has run so: {first}.")]


def _outcomes(seen: Seen) -> Said:
    """Step 7: did the outcomes get better, its own minutes and those of the pilots of its family."""
    is_better, because = said_of(seen.has_improved, seen.came if seen.is_piloted or seen.run_so else None)
    return [(UNKNOWN if is_better is None else SUPPORTS if is_better else PASSES, because)]


def _joined(said: Said) -> tuple[str, str]:
    """The gravest of what a step says, with the sentences that say it."""
    codes = [code for code, _ in said]
    gravest = next(code for code in (FORBIDS, UNKNOWN, SUPPORTS, PASSES) if code in codes)
    return gravest, " ".join(because for code, because in said if code == gravest)
