"""Where each use case should run, all of them together: gates first, then cost, with scores and flip points that explain the choice."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import polars as pl

from models.ai_economics import placement_reasons, placement_scores
from models.ai_economics.assignment import Impossible
from models.ai_economics.inputs import READS, registry, world_of
from models.ai_economics.own_serving import private_node, site_machine
from models.ai_economics.pilots import OUTCOMES, came
from models.ai_economics.pilots import READ as PILOTS_READ
from models.ai_economics.placement_choice import LINES_READ, Decided, Judgement, decided, judgement, kept, readiness
from models.ai_economics.placement_costs import Ground
from models.ai_economics.placement_figures import SETUP
from models.ai_economics.placement_gates import is_possible
from models.ai_economics.placement_needs import WAYS, family
from models.ai_economics.placement_tables import ESTATE, FLIPS, GATES, PLACEMENTS
from models.ai_economics.placement_turns import lever_rows, weight_rows
from models.ai_economics.second_line import way_of
from models.ai_economics.use_case import UseCase
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

EVERYWHERE = "*"
# What a machine at a site takes beside itself, whether or not anything is placed there (it is never free).
SITE_PARTS = {
    "capital": "Bought, with its share of machines kept as spares, over its years of use.",
    "power": "Never switched off.",
    "management": "Its place in device management, with watching.",
    "patches": "Hours of patches, of its model's and of its local copy of data.",
    "failures": "Half a machine and a visit for each that fails.",
    "releases": "Fitting models to small machines, local orchestration, signed updates, ways to fall back; for all sites together.",
}
MINUTES = "minutes per case"


def score(frames: Frames, asked: Asked) -> Scored:
    """Every way of every use case that could run, at mean assumptions and steady volumes."""
    every = [case for case in registry(frames) if case.stage != "stopped"]
    world = world_of(frames, asked.as_of, use_cases=every, count=1, seed=asked.seed, is_certain=True)
    if asked.version == RIVAL_ONLY or world is None or not every:
        return Scored(empty(MODEL), because="It needs a month of orders to plan volumes from.")
    lines = dict(frames["raw.site_lines"].select("site_id", "line_text").iter_rows())
    ready = readiness(kept(frames["raw.register_rows"], asked.as_of))
    ground = Ground(lines, seed=asked.seed)
    whole = decided(world, ground, ready, _improved(frames), came(frames[OUTCOMES]))
    judged = {case.use_case_id: judgement(whole, case, seed=asked.seed) for case in whole.cases}
    tables = {
        "scores.placements": PLACEMENTS.frame(row for case in whole.cases for row in _ways(whole, case, judged[case.use_case_id])),
        "scores.placement_gates": GATES.frame(_gate_rows(whole)),
        "scores.placement_flips": FLIPS.frame([*lever_rows(whole), *weight_rows(judged)]),
        "scores.placement_estate": ESTATE.frame(_estate_rows(whole, ground)),
    }  # fmt: skip
    return Scored(tables, because=_because(whole), trained_rows=len(whole.cases))


def _ways(whole: Decided, case: UseCase, judged: Judgement) -> Iterable[dict[str, Any]]:
    name = case.use_case_id
    for no, way in enumerate(WAYS, start=1):
        one, said = whole.options[name][way], whole.gates[name][way]
        at = judged.names.index(way) if judged.standing is not None and way in judged.names else None
        points, whole_cost = judged.points.get(way, {}), whole.whole_cost(name, way)
        is_open = is_possible(said)
        yield {
            "use_case_id": name,
            "way_no": no,
            "way_code": way,
            "family_name": family(case.needs, case.action_risk),
            "is_way_possible": is_open,
            "is_way_advised": way == whole.advised(name),
            "is_way_present": case.is_running and way == way_of(case),
            "because_text": " ".join(
                placement_reasons.reasons(case, way, said) if is_open else placement_reasons.why_not(said)
            ),
            "in_return_text": " ".join(placement_reasons.in_return(case, way)),
            "setup_days": round(whole.world.mean(SETUP[way]), 4),
            "places_text": ", ".join(one.places),
            "model_cost": _money(one.model_cost),
            "upkeep_cost": _money(one.upkeep_cost),
            "control_cost": _money(one.governance_cost),
            "outage_cost": _money(one.outage_cost),
            "shared_cost": None if whole_cost is None else _money(whole_cost - one.own_cost),
            "way_cost": None if whole_cost is None else _money(whole_cost),
            "load_number": round(one.load, 6),
            "down_hours": round(one.down_hours, 4),
            "in_time_share": round(one.in_time_share, 6),
            "served_share": round(one.service_share, 6),
            "local_share": round(one.local_share, 6),
            **{
                f"{criterion}_points_number": round(points[criterion].score, 4) if points else None
                for criterion in placement_scores.CRITERIA
            },
            "points_text": "; ".join(f"{key.replace('_', ' ')}: {one.because}" for key, one in points.items()),
            "way_points_number": None if at is None else round(judged.standing.preferences[at], 4),  # type: ignore[union-attr]  # see at
            "win_share": None if at is None else round(judged.standing.win_shares[at], 6),  # type: ignore[union-attr]  # see at
        }  # fmt: skip


def _gate_rows(whole: Decided) -> Iterable[dict[str, Any]]:
    for name, ways in whole.gates.items():
        for way, said in ways.items():
            for gate in said:
                yield {
                    "use_case_id": name,
                    "way_code": way,
                    "gate_no": gate.step_no,
                    "gate_name": gate.step_name,
                    "gate_code": gate.code,
                    "because_text": gate.because,
                }


def _estate_rows(whole: Decided, ground: Ground) -> Iterable[dict[str, Any]]:
    """The whole in money, what stands where, and what the people can look after."""

    def row(part: str, cost: float | None, count: float | None, said: str, place: str = EVERYWHERE) -> dict[str, Any]:
        return {"estate_part_name": part, "place_name": place, "part_cost": None if cost is None else _money(cost),
                "part_number": count, "because_text": said}  # fmt: skip

    found, common = whole.found, whole.shared
    most = int(common.endpoints_per_person * common.people)
    yield row(
        "governance readiness",
        None,
        round(whole.readiness, 2),
        "Rows in place of the registers of controls at sites, of 5.",
    )
    yield row("machines that can be looked after", None, most,
              f"{common.people:.2g} people, {common.endpoints_per_person:,.0f} machines a person.")  # fmt: skip
    if common.budget is not None:
        paid = None if isinstance(found, Impossible) else found.paid
        yield row("budget", common.budget, None,
                  "Set on the page Assumptions." if paid is None else f"{paid:,.0f} of it are spent.")  # fmt: skip
    if isinstance(found, Impossible):
        yield row("no assignment", None, None, found.because)
        return
    yield row("machines at sites", None, found.endpoints, f"{most} can be looked after.")
    yield row("private nodes", found.nodes * common.node, found.nodes, "One stands beside those that the load needs.")
    yield row("models and upkeep", found.run_cost, None, "Calls to providers, and what is brought to sites.")
    yield row(
        "control", found.governance_cost, None, "Reviews of each use case, more where it must be kept at many sites."
    )
    yield row("shared", found.fixed_cost, None, "Machines, nodes, releases and second lines, each paid once.")
    yield row("outages", found.outage_cost, None, "Business hours without it; no payment, but a loss.")
    bare = sorted(name for name in whole.options if name not in found.ways)
    said = (
        f"Not among them, for want of a price or of a way that nothing forbids: {', '.join(bare)}."
        if bare
        else "All of them."
    )
    yield row("not placed", None, len(bare), said)
    yield row(
        "whole",
        found.total if found.ways else None,
        None,
        "All of these together, least over every assignment that gates leave.",
    )
    for part, cost in site_machine(whole.world).items():
        yield row(f"machine at a site: {part}", cost, None, SITE_PARTS[part])
    yield row("releases to sites", common.releases, None, SITE_PARTS["releases"])
    for part, cost in private_node(whole.world).items():
        yield row(f"private node: {part}", cost, None, "One node, of which there is one more than the load needs.")
    yield row(
        "engineers of private nodes",
        common.engineers,
        None,
        "Serving, scaling, resilience; however many nodes there are.",
    )
    for place in sorted(common.second_lines):
        line = ground.line(place)
        reached = ground.uptime(line, whole.world)
        yield row("line", common.second_lines[place], round(reached.down_hours(), 4),
                  f"{line}: the centre is reached {reached.central:.2%} of the business hours.", place)  # fmt: skip


def _because(whole: Decided) -> str:
    if isinstance(whole.found, Impossible):
        return whole.found.because
    ways = list(whole.found.ways.values())
    said = ", ".join(f"{ways.count(way)} {way}" for way in WAYS if way in ways)
    return f"{len(ways)} use cases placed: {said}."


def _improved(frames: Frames) -> dict[str, bool]:
    """Use cases whose minutes per case were measured with an interval, and whether all of it lies below nought."""
    rows = frames["scores.ai_effects"].filter((pl.col("measure_name") == MINUTES) & pl.col("high_number").is_not_null())
    return {name: high < 0 for name, high in rows.select("use_case_id", "high_number").iter_rows()}


def _money(amount: float) -> float | None:
    return round(amount, 4) if np.isfinite(amount) else None


def _output(
    name: str, answers: str, grain: str, key: Sequence[str], columns: Sequence[str], checks: Sequence[str] = ()
) -> Output:
    return Output(name=name, answers=answers, grain=grain, key=tuple(key), columns=tuple(columns), checks=tuple(checks))


MODEL = Model(
    code="ai_placement",
    title="Where AI runs",
    question="Where should each use case run: at a provider, over a second line, on nodes of our own, at the sites, or partly so?",
    reads=READS | LINES_READ | PILOTS_READ,
    writes=(
        _output("scores.placements", "What would each way cost a use case, how often is it there in time, and which is advised?",
                "one row per use case that could run and way", ("use_case_id", "way_code"), PLACEMENTS.names,
                ("in_time_share between 0 and 1", "served_share between 0 and 1", "not is_way_advised or is_way_possible")),
        _output("scores.placement_gates", "What does each of the seven steps say of each way?",
                "one row per use case, way and step", ("use_case_id", "way_code", "gate_no"), GATES.names,
                ("gate_code in ('passes', 'forbids', 'supports', 'unknown')",)),
        _output("scores.placement_flips", "How far must a figure or a weight move until another way is best?",
                "one row per use case and figure", ("use_case_id", "lever_code"), FLIPS.names),
        _output("scores.placement_estate", "What do all use cases together need, cost and lose, each where it is advised?",
                "one row per part and place", ("estate_part_name", "place_name"), ESTATE.names),
    ),
    guarantee="No way is advised that a gate forbids; of what gates leave, no other assignment of all use cases together costs less.",
    rival="everything at the provider",
    needs=(),
    versions={1: "Seven gates, cost of all together by an integer program, simulated outages, verified flip points."},
    does_not="It does not know the lines of a site until somebody says them, and takes an hour of outage to cost what the registry says.",
    trust="Trust the gates; trust the choice as far as its flip points are away from what may come.",
    score=score,
    searches=True,
)  # fmt: skip
