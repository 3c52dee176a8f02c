"""Targets of what the company does: which number shall be where by when, who said so and why, and whether it is on the way."""

import math
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from decisions import checks
from decisions.acts import Acted
from decisions.book import Book
from decisions.person import Person
from decisions.ruling import Said
from metrics.definition import definitions

DAYS = 91  # in which a number counts as that of now: thirteen weeks, so that quarters end beside each other
LONGEST = timedelta(days=3660)
LARGEST = Decimal(10) ** 12
REACHED, ON_THE_WAY, BEHIND, MISSED, NO_DATA = "reached", "on the way", "behind", "missed", "no data"


def targeted(
    book: Book,
    person: Person,
    metric_name: str,
    number: Decimal | None,
    by: date | None,
    reason: str,
    *,
    baseline: float | None,
    today: date,
) -> Said | None:
    """The act that sets a number's target, or takes it back; None where it stands so already.

    Args:
        book, person: what holds, and who wants it.
        metric_name: a metric of which higher or lower is better.
        number: where it shall be, in the metric's own unit (a share between 0 and 1); None takes the target back.
        by: the day by which.
        baseline: where it is on the day of the act; None where nobody knows.

    Errors: a Refusal without a right or a reason, for a number that has no better side, and for targets that cannot be.
    """
    checks.has_right(person, "set_target", "changed")
    checks.has_reason(reason)
    held = book.targets.get(metric_name)
    if number is None:
        return ("set_target", metric_name, {"number": None, "reason": reason}) if held else None
    metric = definitions().get(metric_name)
    if metric is None or metric.better == "neither":
        raise checks.refusal(
            f"there is no number {metric_name!r} with a better side", "Choose one of those on the page."
        )
    said: dict[str, Any] = {"number": str(_bounded(number, metric.unit)), "by": _ahead(by, today).isoformat()}
    if held and all(held.payload.get(key) == part for key, part in said.items()):
        return None
    known = baseline is not None and math.isfinite(baseline)
    return "set_target", metric_name, {**said, "baseline": baseline if known else None, "reason": reason}


def standing(act: Acted, now: float | None, *, is_higher_better: bool, today: date) -> str:
    """Where a target stands, against an even way from the number on the day of the act to the target on its day.

    Args:
        act: the act that set it.
        now: the number now, in the metric's unit; None is no data.
    """
    if now is None:
        return NO_DATA
    goal, by = float(act.payload["number"]), date.fromisoformat(act.payload["by"])
    side = 1 if is_higher_better else -1
    if side * (now - goal) >= 0:
        return REACHED
    if today > by:
        return MISSED
    begin, since = act.payload["baseline"], act.at.date()
    if begin is None or by <= since:
        return BEHIND
    due = begin + (goal - begin) * min(1.0, (today - since).days / (by - since).days)
    return ON_THE_WAY if side * (now - due) >= 0 else BEHIND


def _bounded(number: Decimal, unit: str) -> Decimal:
    try:
        told = Decimal(number).normalize()
    except (InvalidOperation, TypeError, ValueError):
        raise checks.refusal(f"{number!r} is no number", "Type digits.") from None
    highest = Decimal(1) if unit == "share" else LARGEST
    lowest = -LARGEST if unit == "money" else Decimal(0)
    if not told.is_finite() or not lowest <= told <= highest:
        raise checks.refusal(
            f"a target of {number} cannot be",
            f"It lies between {lowest} and {'100 %' if unit == 'share' else highest}.",
        )
    return told


def _ahead(by: date | None, today: date) -> date:
    if by is None or not today < by <= today + LONGEST:
        raise checks.refusal(f"a target has a day to come, not {by}", "Choose a day after today, at most ten years on.")
    return by
