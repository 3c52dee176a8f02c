"""At which figure, and at which weight, another place would be best for a use case: each worked out anew on both sides."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

from models.ai_economics.assignment import Assignment
from models.ai_economics.estate import Estate
from models.ai_economics.flip_points import Flip, flips
from models.ai_economics.placement_choice import Decided, Judgement
from models.ai_economics.placement_costs import Factors, estate, hour_cost, steady_cases
from models.ai_economics.placement_needs import CENTRAL
from models.ai_economics.placement_scores import CRITERIA
from models.ai_economics.placement_tables import WEIGHT
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import places

LOWEST, HIGHEST = 0.0, 1000.0  # times of today's figure between which a flip is looked for


@dataclass(frozen=True)
class _Lever:
    """A figure that could be otherwise: its name in `Factors`, what it is called, its unit, and what it is now for a use case."""

    code: str
    title: str
    unit: str
    now: Callable[[Decided, UseCase], float]


LEVERS = (
    _Lever("outage", "the cost of an hour without it", "an hour", lambda whole, case: hour_cost(whole.world, case)),
    _Lever("volume", "the volume", "cases a year", lambda whole, case: steady_cases(whole.world, case)),
    _Lever("price", "the price of calls to the provider", "a year",
           lambda whole, case: whole.options[case.use_case_id][CENTRAL].model_cost),
    _Lever("site_machines", "the cost of machines at the sites and their releases", "a year",
           lambda whole, case: whole.shared.releases + whole.shared.machine * len(places(whole.world, case))),
    _Lever("private_nodes", "the cost of private nodes and their engineers", "a year",
           lambda whole, _: whole.shared.engineers + 2 * whole.shared.node),
    _Lever("second_lines", "the cost of second lines and pages", "a year",
           lambda whole, case: sum(whole.shared.second_lines[place] for place in places(whole.world, case))),
)  # fmt: skip
assert {lever.code for lever in LEVERS} == {one.name for one in fields(Factors)}


def lever_rows(whole: Decided) -> Iterable[dict[str, Any]]:
    """Each figure of all use cases moved together until the place of each would change, both sides assigned again."""
    if not isinstance(whole.found, Assignment):
        return
    for lever in LEVERS:
        found = flips(partial(_moved, whole, lever.code), low=LOWEST, high=HIGHEST)
        for case in whole.cases:
            name = case.use_case_id
            if name in whole.found.ways:
                yield _lever_row(lever, name, lever.now(whole, case), found.get(name), whole.found.ways[name])


def _moved(whole: Decided, lever: str, times: float) -> Estate:
    """All use cases with one figure multiplied; those that are placed today must still be."""
    factors = replace(Factors(), **{lever: times})
    served = tuple(whole.found.ways) if isinstance(whole.found, Assignment) else ()
    return estate(whole.open_options(), whole.shared, factors, workflows=served)


def _lever_row(lever: _Lever, name: str, now: float, flip: Flip | None, way: str) -> dict[str, Any]:
    if flip is None:
        said = f"Nothing between nought and {HIGHEST:,.0f} times {lever.title}, for all use cases together, turns it."
    else:
        side = "From" if flip.at > 1 else "Below"
        then = flip.way_then or "no way at all"
        point = f"{now * flip.at:,.2f} {lever.unit}, now {now:,.2f}"
        said = f"{side} {_times(flip.at)} {lever.title} ({point}), for all use cases together: {then}."
    return {
        "use_case_id": name, "lever_code": lever.code, "lever_name": lever.title, "unit_name": lever.unit, "way_now_code": way,
        "way_then_code": None if flip is None else flip.way_then, "now_number": round(now, 6),
        "flip_number": None if flip is None else round(now * flip.at, 6),
        "factor_number": None if flip is None else round(flip.at, 6), "because_text": said,
    }  # fmt: skip


def _times(factor: float) -> str:
    """A multiple in words that no one has to decode.

    >>> _times(20.34), _times(0.049), _times(0.0004)
    ('20 times', '0.049 times', 'a 2,500th of')
    """
    if factor < 0.01:
        return f"a {1 / factor:,.0f}th of" if factor else "none of"
    return f"{factor:,.2g} times" if factor < 100 else f"{factor:,.0f} times"


def weight_rows(judged: Mapping[str, Judgement]) -> Iterable[dict[str, Any]]:
    """The nearest change of each weight that would make another way score best; it explains, and moves no use case."""
    for name, one in judged.items():
        if one.standing is None:
            continue
        seen: set[int] = set()
        for flip in one.standing.flips:
            if flip.criterion in seen:
                continue
            seen.add(flip.criterion)
            criterion = CRITERIA[flip.criterion].replace("_", " ")
            then, now = one.names[flip.then], one.names[one.standing.best]
            rises = "rise" if flip.weight_then > flip.weight_now else "fall"
            yield {
                "use_case_id": name, "lever_code": WEIGHT + criterion, "lever_name": f"weight of {criterion}",
                "unit_name": "share of the weight", "way_now_code": now, "way_then_code": then,
                "now_number": round(flip.weight_now, 6), "flip_number": round(flip.weight_then, 6),
                "factor_number": round(flip.weight_then / flip.weight_now, 6) if flip.weight_now else None,
                "because_text": f"The weight of {criterion} must {rises} from {flip.weight_now:.2f} to {flip.weight_then:.2f} "
                f"until {then} scores better than {now}.",
            }  # fmt: skip
