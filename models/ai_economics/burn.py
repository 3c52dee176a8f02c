"""How a month's budget burns: what was spent by the day, what the month will end at, and what to say when that is too much."""

from dataclasses import dataclass
from datetime import date, timedelta

CENT = 0.01


@dataclass(frozen=True)
class Burn:
    """A month that is under way, in one currency.

    Attributes:
        plan: what the month may cost.
        spent: what it has cost so far: what logs measure by the day, and the part of what is accrued that has passed.
        projected: what it will have cost at its end, if the rest goes on as the days so far.
        days_share: share of the month that has passed; budget_share: share of the plan that is spent, None without a plan.
    """

    plan: float
    spent: float
    projected: float
    days_share: float
    budget_share: float | None

    @property
    def over(self) -> float:
        """By how much the month will exceed its plan; nought where it will not."""
        return max(self.projected - self.plan, 0.0)

    @property
    def gap(self) -> float:
        """Projected less plan, below nought where money is left; nought where it is less than a cent."""
        return self.projected - self.plan if abs(self.projected - self.plan) > CENT else 0.0

    @property
    def is_over(self) -> bool:
        """Whether the month is going to cost more than planned, by more than a cent."""
        return self.over > CENT


def burn(plan: float, measured: float, accrued: float, as_of: date) -> Burn:
    """A month under way: what is measured goes on by the day, what is accrued is due in full at the month's end.

    Args:
        plan: of the whole month.
        measured: what logs and bills say of the month up to the day.
        accrued: what is accrued for the whole month.
        as_of: the last day that the logs cover.

    >>> found = burn(plan=100, measured=20, accrued=60, as_of=date(2026, 11, 15))
    >>> found.spent, found.projected, found.is_over, found.budget_share
    (50.0, 100.0, False, 0.5)
    >>> burn(plan=90, measured=20, accrued=60, as_of=date(2026, 11, 15)).over
    10.0
    """
    passed = as_of.day / days_in_month(as_of)
    spent = measured + accrued * passed
    return Burn(plan, spent, measured / passed + accrued, passed, spent / plan if plan > 0 else None)


def days_in_month(day: date) -> int:
    """How many days the month of a day has.

    >>> days_in_month(date(2028, 2, 3))
    29
    """
    first = day.replace(day=1)
    return ((first + timedelta(days=32)).replace(day=1) - first).days


def verdict(found: Burn) -> str:
    """Whether money goes faster than time, in a few words.

    >>> verdict(burn(100, 20, 60, date(2026, 11, 15))), verdict(burn(50, 20, 60, date(2026, 11, 15)))
    ('within plan', 'over plan')
    >>> verdict(burn(0, 5, 0, date(2026, 11, 15)))
    'no plan'
    """
    if found.plan <= 0:
        return "no plan" if found.projected > 0 else "nothing planned, nothing spent"
    return "over plan" if found.is_over else "within plan"
