"""The calls to models behind the demo company's work with AI: how many a case takes, what each reads and writes, and which fail.

Cases of the order copilot, the service agent and the summaries come from `ai_cases`; those of the agents from the decisions that the
world has anyway, so each call can be joined to its order, question, purchase order or decision.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from pipelines.demo import ai_cases, ai_work, hands
from pipelines.demo.ai_models import UNKNOWN, model_on
from pipelines.demo.columns import PO_BASE, SO_BASE
from pipelines.demo.deciding import EXPEDITE, MESSAGE, PURCHASE, RELEASE
from pipelines.demo.dice import Dice
from pipelines.demo.world import World

__all__ = ["KINDS", "Kind", "calls"]

FINE, TIMED_OUT, TURNED_AWAY, CUT_OFF = range(4)
FAILS_SHARE, UNKNOWN_SHARE, HIT_SHARE = 0.02, 0.004, 0.75


@dataclass(frozen=True)
class Kind:
    """One kind of run: whose use case it is, who starts it, and what its calls read and write.

    `mean` and `spread` are those of the calls after the first (negative binomial), `cap` the most of them.
    """

    use_case: str
    workflow: str
    role: str
    mean: float
    spread: float
    cap: int
    base: int
    growth: int
    written: int
    steps: tuple[str, ...]
    has_tools: bool = False


LOOKS = ("plan", "look up", "propose")
KINDS = (
    Kind(
        "UC3",
        "order intake copilot",
        "order desk",
        1.2,
        1.1,
        6,
        5_000,
        900,
        680,
        ("read order", "match articles", "draft order"),
    ),
    Kind("A5", "service agent", "customer", 3.0, 2.4, 6, 2_900, 750, 225, ("plan", "look up order", "answer"), True),
    Kind("UC2", "supplier documents", "buyer", 0.2, 0.45, 2, 3_600, 500, 900, ("summarise", "check summary")),
    Kind("UC4", "credit release agent", "order-agent", 6.0, 6.0, 12, 4_000, 1_100, 200, LOOKS, True),
    Kind("A2", "purchase agent", "procurement-agent", 8.0, 6.0, 14, 3_800, 900, 220, LOOKS, True),
    Kind(
        "A2",
        "supplier follow-up",
        "follow-up-agent",
        1.5,
        1.3,
        5,
        2_600,
        700,
        120,
        ("find late lines", "look up", "rank"),
        True,
    ),
)
COPILOT, SERVICE, DOCUMENTS, RELEASES, PURCHASES, FOLLOW_UPS = range(6)
PAGE_TOKENS = 900


def calls(world: World, since: int) -> dict[str, np.ndarray]:
    """All calls after a day, run by run in the order of their starts; `run` tells which run a call belongs to.

    A call that failed stands before the one that tried again (`retry_of` is its place among the rows, -1 for none). Tokens of
    input include what was read from and written to the provider's cache; thinking is part of the output.
    """
    runs = _runs(world, since)
    if not len(runs["key"]):
        return {}
    dice = world.net.dice
    count = runs["count"] + 1
    run = np.repeat(np.arange(len(count)), count)
    turn = np.arange(len(run)) - np.repeat(np.cumsum(count) - count, count)
    # Each call that fails is followed by one that tries again.
    fails = dice.uniform("ai.fails", runs["key"][run], turn) < FAILS_SHARE
    again = np.repeat(np.arange(len(run)), 1 + fails)
    is_failed = np.r_[again[1:] == again[:-1], False]
    retry_of = np.where(np.r_[False, is_failed[:-1]], np.arange(len(again)) - 1, -1)
    run, turn = run[again], turn[again]
    found = {name: values[run] for name, values in runs.items() if name not in ("case", "count")}
    found |= {"run": run, "turn": turn, "retry_of": retry_of, "is_last": turn == runs["count"][run]}
    how = dice.uniform("ai.fails.how", found["key"], turn)
    found["status"] = np.where(is_failed, np.select([how < 0.55, how < 0.85], [TIMED_OUT, TURNED_AWAY], CUT_OFF), FINE)
    found["model"] = model_on(found["kind"], found["day"])
    found["model"] = np.where(dice.uniform("ai.unknown", found["key"], turn) < UNKNOWN_SHARE, UNKNOWN, found["model"])
    found |= _tokens(dice, runs, found)
    found |= _times(dice, found)
    return {**found, "case": np.array(runs["case"], dtype=object)[run]}


def _tokens(dice: Dice, runs: dict[str, np.ndarray], found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What each call read and wrote: the same beginning again and again, and a little more at each turn."""
    key, turn, kind, status = found["key"], found["turn"], found["kind"], found["status"]
    base, growth, written = (
        np.array([getattr(one, name) for one in KINDS])[kind] for name in ("base", "growth", "written")
    )
    own = runs["more"][found["run"]] + np.round(base * 0.25 * dice.uniform("ai.tokens.own", key)).astype(np.int64)
    before = base + own + growth * np.maximum(turn - 1, 0)
    read = np.where(turn == 0, base + own, base + own + growth * turn)
    hits = (turn > 0) & (dice.uniform("ai.cache", key, turn) < HIT_SHARE)
    cached = np.where(hits, before // 128 * 128, 0)
    writes = np.where(np.isin(kind, (COPILOT, PURCHASES)), (read - cached) * (turn < 2) * 7 // 10, 0)
    put = np.round(written * np.exp(0.35 * dice.normal("ai.written", key, turn) - 0.06)).astype(np.int64)
    thought = np.round(
        put * np.where(np.isin(kind, (DOCUMENTS, FOLLOW_UPS)), 0.0, 0.25) * dice.uniform("ai.thought", key, turn) * 2
    )
    never = np.isin(status, (TIMED_OUT, TURNED_AWAY))
    part = np.where(status == CUT_OFF, 0.3, 1.0) * ~never
    put, thought = np.floor(put * part).astype(np.int64), np.floor(thought * part).astype(np.int64)
    tools = np.array([one.has_tools for one in KINDS])[kind] & ~found["is_last"] & (status == FINE)
    return {
        "input": np.where(never, 0, read), "cached": np.where(never, 0, cached), "cache_written": np.where(never, 0, writes),
        "output": put, "thought": np.minimum(thought, put), "tools": tools.astype(np.int64),
    }  # fmt: skip


def _times(dice: Dice, found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """When each call began (milliseconds since the epoch, as the company's clocks tell it), how long it took, and its first word."""
    key, turn, run, status = found["key"], found["turn"], found["run"], found["status"]
    first = 450 + 500 * dice.uniform("ai.first", key, turn) + found["input"] / 60
    took = first + found["output"] / 0.075
    took = np.select([status == TIMED_OUT, status == TURNED_AWAY], [30_000.0, 180.0], took)
    pause = np.where(found["tools"] > 0, 400 + 900 * dice.uniform("ai.tool.time", key, turn), 250.0)
    span = np.round(took + pause).astype(np.int64)
    passed = np.cumsum(span) - span
    starts = np.flatnonzero(np.r_[True, run[1:] != run[:-1]])
    since_start = passed - np.repeat(passed[starts], np.diff(np.r_[starts, len(run)]))
    return {
        "began": found["at"] * 1000 + since_start,
        "took": np.round(took).astype(np.int64),
        "first": np.round(first).astype(np.int64),
    }


def _runs(world: World, since: int) -> dict[str, np.ndarray]:
    """Every run after a day: what it was for, when it began, and how many calls follow the first."""
    parts = [part for part in (_helped(world, since), _decided(world, since)) if len(part["key"])]
    if not parts:
        return {"key": np.zeros(0, dtype=np.int64)}
    runs = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    by_start = np.lexsort((runs["key"], runs["kind"], runs["at"]))
    runs = {name: values[by_start] for name, values in runs.items()}
    kinds = runs["kind"]
    mean, spread, cap = (
        np.array([getattr(one, name) for one in KINDS], dtype=float)[kinds] for name in ("mean", "spread", "cap")
    )
    # Negative binomial: a Poisson count whose mean is drawn first, from the gamma distribution that gives this spread.
    shape = mean**2 / np.maximum(spread**2 - mean, 1e-3)
    rate = mean / shape * gammaincinv(shape, world.net.dice.uniform("ai.loops.rate", runs["key"]))
    runs["count"] = np.minimum(world.net.dice.poisson(rate, "ai.loops", runs["key"]), cap.astype(np.int64))
    return runs


def _helped(world: World, since: int) -> dict[str, np.ndarray]:
    """Runs for cases that had help."""
    found = ai_cases.cases(world, since)
    arm, _ = ai_work.arms(world.net, found)
    rows = {name: values[arm == 1] for name, values in found.items()}
    kind = rows["use"]  # the first kinds stand in the order of the use cases
    more = np.select([kind == COPILOT, kind == DOCUMENTS], [150 * rows["size"], PAGE_TOKENS * rows["size"]], 200)
    names = np.array(ai_work.case_names(rows), dtype=object)
    return {
        "day": rows["day"],
        "kind": kind,
        "key": rows["key"],
        "at": rows["at"],
        "site": rows["site"],
        "more": more,
        "case": names,
    }


def _decided(world: World, since: int) -> dict[str, np.ndarray]:
    """Runs of the agents: one an order that is held, one a purchase order, one a supplier's late line."""
    log = world.log.table("decisions") if world.log is not None else None
    if log is None or not world.net.size.ai_days:
        return {"key": np.zeros(0, dtype=np.int64)}
    hand, what, dice, per_site = log["hand"], log["kind"], world.net.dice, world.net.goods.count
    kind = np.select(
        [
            (what == RELEASE) & (hand == hands.ORDERS),
            np.isin(what, (PURCHASE, EXPEDITE)) & (hand == hands.PROCUREMENT),
            (what == MESSAGE) & (hand == hands.FOLLOW_UP),
        ],
        [RELEASES, PURCHASES, FOLLOW_UPS],
        -1,
    )
    rows = np.flatnonzero((kind >= 0) & (log["day"] > since))
    number = np.where(kind == RELEASES, log["order"], np.where(log["po"] > 0, log["po"], 0))[rows]
    day, kind = log["day"][rows], kind[rows]
    key = dice.bits("ai.run", day, kind, number, log["cell"][rows] * (number == 0)).view(np.int64)
    _, first = np.unique(key, return_index=True)  # the lines of one purchase order are one run
    rows, number, day, kind, key = rows[first], number[first], day[first], kind[first], key[first]
    names = [
        None if not n else f"SO{n + SO_BASE}" if k == RELEASES else f"PO{n + PO_BASE}"
        for n, k in zip(number.tolist(), kind.tolist(), strict=True)
    ]
    of_customer = world.net.customers.site[np.maximum(log["customer"][rows], 0)]
    before = 3 + 20 * dice.uniform("ai.run.when", key)  # the run ends before its proposal stands
    at = day * 86_400 + np.round((np.maximum(log["minute"][rows], 60) - before) * 60).astype(np.int64)
    return {
        "day": day, "kind": kind, "key": key, "at": at, "site": np.where(kind == RELEASES, of_customer, log["cell"][rows] // per_site),
        "more": np.full(len(key), 300), "case": np.array(names, dtype=object),
    }  # fmt: skip
