"""How well each way suits a workflow by six criteria, computed from its figures; scores explain the choice and never make it.

What is possible is said by the gates, and what is chosen by the cost of all workflows together (method sections 5.3 and 5.4).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from models.ai_economics.criteria import CONTROL_POINTS, FULL, Points
from models.ai_economics.number import need
from models.ai_economics.placement_gates import FULL_READINESS
from models.ai_economics.placement_needs import CENTRAL, DATA_CLASSES, EDGE, HYBRID, PRIVATE, SECOND_CIRCUIT, WAYS
from models.ai_economics.use_case import UseCase
from models.ai_economics.weighing import cost_scores, value_score, weighted_sums

CRITERIA = LATENCY, GOVERNANCE, DATA_ACCESS, RESILIENCE, COST, SECURITY = (
    "latency", "governance", "data_access", "resilience", "cost", "security",
)  # fmt: skip
WEIGHTS: Mapping[str, str] = {
    LATENCY: "ai_placement_weight_latency",
    GOVERNANCE: "ai_placement_weight_governance",
    DATA_ACCESS: "ai_placement_weight_data_access",
    RESILIENCE: "ai_placement_weight_resilience",
    COST: "ai_placement_weight_cost",
    SECURITY: "ai_placement_weight_security",
}
# Of a provider's machines under contract; and of the cost of control, for each site at which it must be kept.
EXPOSURE, SITE_UPKEEP = "ai_provider_exposure_share", "ai_site_upkeep_share"
WORST_LEVEL, BEST_LEVEL = 95.0, 99.9  # service level in per cent that scores 0 and 100


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was reckoned of one way of a workflow.

    Attributes:
        in_time_share: of its answers, while it can be reached; 0 to 1.
        service_level: share of what is asked that is answered, and in time, outages counted; 0 to 1.
        cost_per_year: of running it, reporting currency.
    """

    in_time_share: float
    service_level: float
    cost_per_year: float


def scores(
    case: UseCase,
    figures: Mapping[str, Figures],
    *,
    readiness: float,
    sites: int,
    numbers: Mapping[str, float],
) -> dict[str, dict[str, Points]]:
    """Each way's points by criterion, 0 to 100, with what they come from in words.

    latency = 100 · share in time. resilience = service level, 95 % → 0, 99.9 % → 100. cost = 100 · least ÷ actual.
    governance = controls held · (1 − e + e · readiness/5 ÷ (1 + upkeep · sites)), e the share of work that a site does alone.
    data access = share of enterprise context and of what happens at the site that it reaches, weighted by data dependency.
    security = 100 · (1 − class · exposure), where exposure is that of a provider and of each place of one's own by its readiness.

    Args:
        figures: by way, of those that are compared; the cheapest of them sets the score of cost.
        readiness: of governance, 0 to 5.
        sites: at which the workflow is done, 1 or more.
        numbers: `ai_provider_exposure_share` and `ai_site_upkeep_share`.
    """
    need(bool(set(figures) <= set(WAYS)), f"a way is one of: {', '.join(WAYS)}")
    need(0 <= readiness <= FULL_READINESS and sites >= 1, "readiness is 0 to 5, and there is a site")
    if not figures:
        return {}
    costs = cost_scores(np.array([one.cost_per_year for one in figures.values()]))
    return {
        way: {
            LATENCY: _latency(case, one),
            GOVERNANCE: _governance(case, way, readiness, sites, numbers[SITE_UPKEEP]),
            DATA_ACCESS: _data_access(case, way),
            RESILIENCE: _resilience(one),
            COST: Points(float(cost), f"{one.cost_per_year:,.0f} a year"),
            SECURITY: _security(case, way, readiness, sites, numbers[EXPOSURE]),
        }
        for (way, one), cost in zip(figures.items(), costs, strict=True)
    }


def weights(numbers: Mapping[str, float]) -> dict[str, float]:
    """The weight of each criterion, all made to sum to 1; alike where all are nought.

    >>> weights(dict.fromkeys(WEIGHTS.values(), 2.0))["cost"]
    0.16666666666666666
    """
    told = {one: float(numbers[name]) for one, name in WEIGHTS.items()}
    need(all(weight >= 0 for weight in told.values()), "a weight is not below nought")
    whole = sum(told.values())
    return {one: weight / whole if whole else 1 / len(told) for one, weight in told.items()}


def matrix(points: Mapping[str, Mapping[str, Points]]) -> np.ndarray:
    """The points as way × criterion, in the order of the ways and of `CRITERIA`, for weighing and its flips."""
    return np.array([[one[criterion].score for criterion in CRITERIA] for one in points.values()]).reshape(
        -1, len(CRITERIA)
    )


def totals(points: Mapping[str, Mapping[str, Points]], weights: Mapping[str, float]) -> dict[str, float]:
    """The weighted points of each way, 0 to 100."""
    found = weighted_sums(np.array([weights[criterion] for criterion in CRITERIA]), matrix(points))
    return {way: float(total) for way, total in zip(points, found, strict=True)}


def best(
    points: Mapping[str, Mapping[str, Points]], weights: Mapping[str, float], possible: Collection[str]
) -> str | None:
    """The way that scores best among the possible ones, the earlier of equals; None where none is possible.

    Whatever the weights, a way that a gate forbids is never it.
    """
    found = {way: total for way, total in totals(points, weights).items() if way in possible}
    return max(found, key=lambda way: found[way], default=None)


def alone_share(case: UseCase, way: str) -> float:
    """Share of a workflow's work that a site does without the centre: all at the edge, what is away from the line in a hybrid."""
    return {EDGE: 1.0, HYBRID: case.needs.offline_share}.get(way, 0.0)


def _latency(case: UseCase, one: Figures) -> Points:
    said = f"{one.in_time_share:.0%} of answers within {case.needs.longest_seconds:g} s"
    return Points(FULL * _share(one.in_time_share), said)


def _resilience(one: Figures) -> Points:
    level = value_score(FULL * _share(one.service_level), WORST_LEVEL, BEST_LEVEL)
    return Points(level, f"{one.service_level:.2%} of what is asked is answered in time")


def _governance(case: UseCase, way: str, readiness: float, sites: int, upkeep: float) -> Points:
    held = [CONTROL_POINTS.get(one.how, 0.0) / FULL if one.is_on else 0.0 for one in case.controls] or [0.0]
    alone = alone_share(case, way)
    reach = 1 - alone + alone * readiness / FULL_READINESS / (1 + upkeep * sites)
    places = {EDGE: sites, HYBRID: sites + 1}.get(way, 1)
    enforced = sum(one.is_on and one.how == "enforced" for one in case.controls)
    said = f"{places} {'place' if places == 1 else 'places'} of policy and record; {enforced} of {len(case.controls)} controls enforced"
    ready = f", governance ready at {readiness:g} of {FULL_READINESS:g}" if alone else ""
    return Points(FULL * sum(held) / len(held) * reach, said + ready)


def _data_access(case: UseCase, way: str) -> Points:
    """Enterprise context is reached over the line, what happens at the site from there."""
    wide, away = case.needs.data_dependency, case.needs.offline_share
    enterprise = {EDGE: 0.0, HYBRID: 1 - away}.get(way, 1.0)
    local = 1.0 if way in (EDGE, HYBRID) else 1 - away
    return Points(
        FULL * (wide * enterprise + (1 - wide) * local),
        f"it reaches {enterprise:.0%} of the enterprise's context, {local:.0%} of what happens at the site",
    )


def _security(case: UseCase, way: str, readiness: float, sites: int, provider: float) -> Points:
    """What lies at a provider is as exposed as a contract lets it; what lies in places of one's own, as they are governed."""
    alone = alone_share(case, way)
    leaves = {PRIVATE: 0.0, EDGE: 0.0, HYBRID: 1 - alone}.get(way, 1.0)
    places = {PRIVATE: 1, EDGE: sites, HYBRID: sites}.get(way, 0)
    own = (1 - readiness / FULL_READINESS) * places / (sites + 1)
    grave = DATA_CLASSES.index(case.needs.data_class) / (len(DATA_CLASSES) - 1)
    where = {
        CENTRAL: "a provider",
        SECOND_CIRCUIT: "a provider, with procedures as pages at the sites",
        PRIVATE: "one place of our own",
    }
    said = where.get(way, f"{sites} {'site' if sites == 1 else 'sites'}" + (" and a provider" if way == HYBRID else ""))
    return Points(FULL * (1 - grave * min(1.0, provider * leaves + own)), f"{case.needs.data_class} data at {said}")


def _share(told: float) -> float:
    need(0 <= told <= 1, "a share lies between 0 and 1")
    return told
