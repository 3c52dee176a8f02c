"""What depends on each assumption: every one is moved in turn, and what moves with it is written down.

Each cost line and each benefit of the plan, and each figure of the placement of use cases.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from models.ai_economics import placement_figures
from models.ai_economics.draws import Spread
from models.ai_economics.inputs import RATES, READS, prices, programme, registry, spreads, world_of
from models.ai_economics.own_serving import owned, tokens_a_year
from models.ai_economics.placement_choice import LINES_READ, kept, readiness
from models.ai_economics.placement_needs import STANDS_ON
from models.ai_economics.programme import Simulated, simulated
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import World
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

COST, BENEFIT, PLACEMENT = "cost line", "benefit", "placement"
STEP = 0.01  # a per cent more
WIDE = 0.10  # a number that nobody gave a range is moved by so much each way
UNMOVED = "none at figures of today"
LEAST = 0.005  # half a cent
NOTHING = 1e-9  # of a figure of placement: what it does not move
COLUMNS = (
    "assumption_name",
    "affected_kind_code",
    "affected_name",
    "low_number",
    "high_number",
    "change_amount",
    "elasticity_number",
)
Sums = dict[tuple[str, str], np.ndarray]  # of each line or benefit, one number a path


class _Read(dict[str, Any]):
    """Numbers that remember which of them were looked at."""

    def __init__(self, numbers: Mapping[str, Any]):
        super().__init__(numbers)
        self.seen: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.seen.add(name)
        return super().__getitem__(name)


def score(frames: Frames, asked: Asked) -> Scored:
    """One row an assumption and what it moves, of the programme that was taken up; of the whole catalogue while none was."""
    every = registry(frames)
    cases = programme(every) or [replace(case, stage="candidate") for case in every]
    world = world_of(frames, asked.as_of, use_cases=cases, count=1, seed=asked.seed, is_certain=True)
    if asked.version == RIVAL_ONLY or world is None:
        return Scored(empty(MODEL), because="It needs a month of orders to plan volumes from.")
    known = spreads(frames, cases)
    rows = moved_by(known, world) + _rates(frames, known, world) + _placement(frames, asked, every)
    found = pl.DataFrame(rows, schema=dict(zip(COLUMNS, [pl.String] * 3 + [pl.Float64] * 4, strict=True)), orient="row")
    count = found["assumption_name"].n_unique()
    tables = {"scores.ai_dependences": found.sort("assumption_name", "affected_kind_code", "affected_name")}
    return Scored(tables, because=f"{count} numbers move something of the plan.", trained_rows=len(cases))


def moved_by(known: Mapping[str, Spread], certain: World) -> list[tuple[Any, ...]]:
    """What each number moves at expected values, as rows of `COLUMNS`; a number that moves nothing has no row.

    Args:
        known: what is known of each number, by the name under which the world holds it.
        certain: the programme's world on one path.
    """
    read = _Read(certain.numbers)
    base = sums(simulated(replace(certain, numbers=read)))
    instead = {f"{case}.{name}" for case, effects in certain.measured.items() for name in effects}
    # What the plan never looks at moves nothing of it, and is not tried; a measured effect stands in its number's place.
    middles = {name: certain[name].item() for name in sorted(known) if name in read.seen or name in instead}
    tried = {name: (*ends(known[name], middle), middle * (1 + STEP)) for name, middle in middles.items()}
    alone = instead | _averaged(certain)
    found = _together(certain, {name: values for name, values in tried.items() if name not in alone})
    found |= {name: _each(certain.holding({name: one}) for one in tried[name]) for name in tried if name in alone}
    return [
        row
        for name, (low, high, _) in tried.items()
        for row in _changes(name, (low, high), base, found[name], is_nought=not middles[name])
    ]


def ends(spread: Spread, middle: float) -> tuple[float, float]:
    """The ends between which a number is moved: its range, or a tenth each way where it has none.

    >>> ends(Spread(1, 2, 3), 2), ends(Spread(10, 10, 10, "fixed"), 10)
    ((1, 3), (9.0, 11.0))
    """
    return (spread.low, spread.high) if spread.high > spread.low else (middle * (1 - WIDE), middle * (1 + WIDE))


def sums(found: Simulated) -> Sums:
    """The sum of each cost line and each benefit over all months and use cases on each path; unknown ones are left out."""
    told: Sums = {}
    for kind, amounts in ((COST, found.costs), (BENEFIT, found.benefits)):
        for (_, name), amount in amounts.items():
            whole = np.asarray(amount).sum(axis=1) * _months(amount, found)
            told[kind, name] = told.get((kind, name), np.zeros(1)) + np.where(np.isfinite(whole), whole, 0.0)
    return told


def by_grade(dependences: pl.DataFrame, grades: Mapping[str, str], costs: Mapping[str, float]) -> dict[str, float]:
    """Planned cost by the grade of what it rests on: each line is shared among the numbers that move it, by how strongly they do.

    Args:
        dependences: rows of `scores.ai_dependences`.
        grades: number → grade; one that is not there counts as an assumption.
        costs: cost line → planned amount. A line that nothing moves comes under the grade "known".

    >>> rows = pl.DataFrame(
    ...     {
    ...         "assumption_name": ["a", "b"],
    ...         "affected_kind_code": [COST] * 2,
    ...         "affected_name": ["x"] * 2,
    ...         "elasticity_number": [1.0, 3.0],
    ...     }
    ... )
    >>> by_grade(rows, {"a": "A", "b": "C"}, {"x": 100.0, "y": 5.0})
    {'A': 25.0, 'C': 75.0, 'known': 5.0}
    """
    told: dict[str, float] = {}
    moved = dependences.filter((pl.col("affected_kind_code") == COST) & pl.col("elasticity_number").is_not_null())
    for line, amount in costs.items():
        rows = moved.filter(pl.col("affected_name") == line).sort("assumption_name")
        weights = {name: abs(size) for name, size in rows.select("assumption_name", "elasticity_number").iter_rows()}
        whole = sum(weights.values())
        for name, weight in weights.items() if whole else ():
            grade = grades.get(name, "assumption")
            told[grade] = told.get(grade, 0.0) + amount * weight / whole
        if not whole:
            told["known"] = told.get("known", 0.0) + amount
    return told


def _months(amount: np.ndarray, found: Simulated) -> int:
    """A row of one month stands for every month."""
    return found.world.months if np.asarray(amount).shape[1] == 1 else 1


def _averaged(certain: World) -> set[str]:
    """Numbers from which machines of one's own are reckoned: these cost the same on all paths, so none of them has paths of its own."""
    own = tuple(case for case in certain.use_cases if case.deployment in STANDS_ON)
    read = _Read(certain.numbers)
    if own:
        world = replace(certain, numbers=read, use_cases=own)
        owned(world), tokens_a_year(world)
    return read.seen


def _together(certain: World, tried: Mapping[str, tuple[float, ...]]) -> dict[str, Sums]:
    """The sums at each of some values of every number, from one simulation in which each value has a path of its own."""
    count = sum(len(values) for values in tried.values())
    held, mine, begun = {}, {}, 0
    for name, values in tried.items():
        mine[name] = slice(begun, begun := begun + len(values))
        held[name] = np.full(count, certain[name].item())
        held[name][mine[name]] = values
    told = {key: np.broadcast_to(whole, count) for key, whole in sums(simulated(certain.holding(held))).items()}
    return {name: {key: whole[paths] for key, whole in told.items()} for name, paths in mine.items()}


def _each(worlds: Iterable[World]) -> Sums:
    """The sums of worlds of one path, side by side."""
    told = [sums(simulated(world)) for world in worlds]
    return {key: np.concatenate([one[key] for one in told]) for key in told[0]}


def _changes(name: str, held: tuple[float, float], base: Sums, at: Sums, *, is_nought: bool) -> list[tuple[Any, ...]]:
    """Rows of what moves: `at` holds the sums at both ends and at a per cent more."""
    rows = []
    for key in sorted(base):
        was, (low, high, step) = base[key].item(), at[key].tolist()
        change = high - low
        if abs(change) >= LEAST or abs(step - was) >= LEAST * STEP:
            elastic = None if is_nought or not was else round((step / was - 1) / STEP, 6)
            rows.append((name, *key, *held, round(change, 4), elastic))
    return rows


def placed_by(known: Mapping[str, Spread], certain: World, today: placement_figures.Held) -> list[tuple[Any, ...]]:
    """Rows of `COLUMNS` for every assumption that placement looks at; one that moves none of its figures has a row without a change.

    Args:
        known: what is known of each assumption; the numbers that a use case says of itself are not tried.
        certain: the world of all use cases that could run, on one path.
        today: what placement says at the numbers of that world.
    """
    rows: list[tuple[Any, ...]] = []
    unmoved: dict[str, tuple[Any, ...]] = {}
    for part in placement_figures.PARTS:
        read = _Read(certain.numbers)
        base = part(replace(certain, numbers=read), today)
        for name in sorted(read.seen & {*known}):
            middle = certain[name].item()
            values = (*ends(known[name], middle), middle * (1 + STEP))
            tried = [_figures(part, certain.holding({name: one}), today) for one in values]
            if not tried[-1]:  # a share that is nearly whole cannot be a per cent more
                less = _figures(part, certain.holding({name: middle * (1 - STEP)}), today)
                tried[-1] = {key: 2 * base[key] - figure for key, figure in less.items()}
            moved = [key for key, was in base.items() if any(not _is_same(one.get(key), was) for one in tried)]
            for key in moved:
                low, high, step = (one.get(key, np.nan) for one in tried)
                change = round(high - low, 4) if key in placement_figures.MONEY and np.isfinite(high - low) else None
                elastic = (
                    round((step / base[key] - 1) / STEP, 6) if np.isfinite(step) and middle and base[key] else None
                )
                rows.append((name, PLACEMENT, key, *values[:2], change, elastic))
            if not moved:
                unmoved[name] = (name, PLACEMENT, UNMOVED, *values[:2], None, 0.0)
    told = {row[0] for row in rows}
    return rows + [row for name, row in unmoved.items() if name not in told]


def _figures(part: placement_figures.Part, world: World, today: placement_figures.Held) -> dict[str, float]:
    """The figures of a part; none at a value that cannot be, such as a share of time beyond the whole."""
    try:
        return part(world, today)
    except ValueError:
        return {}


def _is_same(found: float | None, was: float) -> bool:
    return found is None or abs(found - was) <= NOTHING * abs(was)


def _placement(frames: Frames, asked: Asked, every: list[UseCase]) -> list[tuple[Any, ...]]:
    """The rows of placement, which looks at all that could run and not at the programme alone."""
    cases = [case for case in every if case.stage != "stopped"]
    world = world_of(frames, asked.as_of, use_cases=cases, count=1, seed=asked.seed, is_certain=True)
    if world is None or not cases:
        return []
    lines = dict(frames["raw.site_lines"].select("site_id", "line_text").iter_rows())
    ready = readiness(kept(frames["raw.register_rows"], asked.as_of))
    return placed_by(spreads(frames, []), world, placement_figures.held(world, lines, ready))


def _rates(frames: Frames, known: Mapping[str, Spread], world: World) -> list[tuple[Any, ...]]:
    """Rates of exchange work through the price of tokens, which the world holds in the company's currency already."""

    def at(rates: Mapping[str, Spread]) -> World:
        return replace(world, prices=prices(frames, world.use_cases, world.first_month, world.months, rates))

    read, rows = _Read(known), []
    base = _each([at(read)])
    for name in sorted(name for name in read.seen if name.startswith(RATES)):
        rate = known[name]
        values = (rate.low, rate.high, rate.value * (1 + STEP))
        tried = _each(at({**known, name: replace(rate, value=one)}) for one in values)
        rows += _changes(name, (rate.low, rate.high), base, tried, is_nought=False)
    return rows


MODEL = Model(
    code="ai_dependence",
    title="What rests on which assumption",
    question="Which cost lines and benefits of the AI plan, and which figures of placement, move when an assumption is another?",
    reads=READS | LINES_READ,
    writes=(
        Output(
            name="scores.ai_dependences",
            answers="Which cost line, which benefit and which figure of placement does each assumption move, and how strongly?",
            grain="one row per assumption and what it moves",
            key=("assumption_name", "affected_kind_code", "affected_name"),
            columns=COLUMNS,
            checks=("affected_kind_code in ('cost line', 'benefit', 'placement')", "low_number <= high_number"),
        ),
    ),
    guarantee="A row is there exactly where moving the number by its range, or by one per cent, moves the sum at expected values; and "
    "for all that placement looks at.",
    rival="a list typed by hand",
    needs=(),
    versions={
        1: "Each number moved in turn on one path of expected values.",
        2: "Placement is named with its figures, its outages by formula.",
    },
    does_not="It does not see two numbers moving together, nor what tables besides the plan read.",
    trust="Trust it for what depends on what; for how much together, trust the simulated plan.",
    score=score,
    searches=True,
)
