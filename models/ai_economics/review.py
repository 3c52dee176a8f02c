"""People who review what a machine says: how practice shortens a review, and how many of them the busiest hour needs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models import queueing
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import MINUTES, World, cases
from models.months import months_between

WORKING_DAYS, YEAR = 21.0, 12
ALL = "one queue for all"


def practice(world: World, case: UseCase, count: np.ndarray, *, since_today: bool = False) -> np.ndarray:
    """What a review takes in each month against a beginner's, (paths × T): n^(log₂ LR), never below the least share.

    n is the work done so far in usual months, at least one, so that a beginner's minutes hold for the first month of full volume. A
    use case that runs is given its months so far at the volume of its first month to come.

    Args:
        count: cases in each month, (paths × T).
        since_today: against today's reviewers, for minutes that were measured of late.

    Source: Wright, Factors affecting the cost of airplanes, Journal of the Aeronautical Sciences 3(4), 1936: so much less at each
    doubling.
    """
    usual = count[:, -YEAR:].mean(axis=1, keepdims=True)
    age = months_between(case.started, world.first_month) if case.is_running and case.started else 0
    before = count[:, :1] * max(age, 0)
    done = before + np.cumsum(count, axis=1) - count / 2
    found = _learned(world, done, usual)
    return found / _learned(world, before, usual) if since_today else found


def _learned(world: World, done: np.ndarray, usual: np.ndarray) -> np.ndarray:
    months = np.divide(done, usual, out=np.ones(np.broadcast(done, usual).shape), where=usual > 0)
    falls = np.log2(world["ai_review_learning_share"])
    return np.maximum(np.maximum(months, 1.0) ** falls, world["ai_review_least_share"])


@dataclass(frozen=True)
class Queue:
    """The reviewers of a use case in the busiest hour at the end of its busiest month.

    Attributes:
        reviews: that come in the hour. minutes: that each takes then. load: people busy at once, in Erlang.
        people: who must be at work so that enough reviews begin in time. rostered: on the payroll, with absence.
        wait_minutes: the mean wait with them. in_time_share: reviews that begin within the target.
        wait_with_one_fewer: the mean wait with one person less; infinite where the queue then only grows.
    """

    name: str
    reviews: float
    minutes: float
    load: float
    people: float
    rostered: float
    wait_minutes: float
    in_time_share: float
    wait_with_one_fewer: float


def queues(world: World) -> list[Queue]:
    """A queue for each use case whose cases are reviewed, at mean values, and one for all of them where there are several.

    λ = reviews of the busiest month ÷ its working days × month-end factor × share of the busiest hour × burst; M/M/c at the target
    that approvals are to begin in (method, sections 2.1 and 2.10).
    """
    found = []
    for case in world.use_cases:
        rate, minutes = busiest(world, case)
        if rate * minutes > 0:
            found.append((case.name, rate, minutes))
    told = [queue(world, name, rate, minutes) for name, rate, minutes in found]
    return [*told, _together(world, found)] if len(found) > 1 else told


def busiest(world: World, case: UseCase) -> tuple[float, float]:
    """Reviews in the busiest hour of the first year, and the minutes that each takes then."""
    count = cases(world, case)
    months = count[:, :YEAR].mean(axis=0)
    top = int(np.argmax(months))
    share = float(world.of(case, "review_share").mean())
    seen = world.measured.get(case.use_case_id, {}).get("review_minutes_change")
    learned = practice(world, case, count, since_today=seen is not None)
    # What was measured is minutes a case, whether it was looked at or not.
    each = world.of(case, "review_minutes") if seen is None or not share else seen / share
    minutes = max(float((each * learned)[:, top].mean()), 0.0)
    at_once = world.mean("ai_month_end_factor") * world.mean("ai_busiest_hour_share") * world.mean("ai_burst_factor")
    return float(months[top]) * share / WORKING_DAYS * at_once, minutes


def queue(world: World, name: str, rate: float, minutes: float) -> Queue:
    """The people that reviews by the hour, each of so many minutes, need to begin in time."""
    target, wanted = world.mean("ai_review_target_minutes"), world.mean("ai_review_in_time_share")
    load = float(queueing.offered_load(rate / MINUTES, minutes))
    needed = queueing.agents_needed(
        load, minutes, target=target, service_level=wanted, max_occupancy=world.mean("ai_reviewer_busy_share"),
        shrinkage=world.mean("ai_reviewer_absence_share"),
    )  # fmt: skip
    people = int(needed.servers)
    return Queue(
        name, rate, minutes, load, float(people), float(needed.rostered), _wait(people, rate, minutes),
        float(needed.service_level), _wait(people - 1, rate, minutes),
    )  # fmt: skip


def _together(world: World, found: Sequence[tuple[str, float, float]]) -> Queue:
    """All reviews in one queue; they take as long as they do on average."""
    rate = sum(one for _, one, _ in found)
    return queue(world, ALL, rate, sum(one * minutes for _, one, minutes in found) / rate)


def _wait(people: int, rate: float, minutes: float) -> float:
    return float(queueing.wait(people, rate / MINUTES, minutes))
