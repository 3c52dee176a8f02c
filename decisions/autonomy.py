"""How far an agent may go by itself: what its matured decisions have earned, and what takes it away at once."""

from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from decisions.policy import ACTS, ACTS_WIDELY, DRAFTS, SUGGESTS, WATCHES, Dial

LEVELS = {
    WATCHES: "watches: its choices are recorded and nobody is bothered",
    DRAFTS: "drafts: it prepares a proposal that a person makes",
    SUGGESTS: "suggests: it proposes, and people approve",
    ACTS: "acts within its limits, and people see it afterwards",
    ACTS_WIDELY: "acts within its limits, and samples of it are checked",
}
# Lower bounds of the rate of right decisions, as shares of the way from an even coin to the rate that the policy wants.
RUNGS = {DRAFTS: 0.0, SUGGESTS: 0.5, ACTS: 1.0, ACTS_WIDELY: 1.0}
WIDELY_TIMES = 3


@dataclass(frozen=True)
class Record:
    """What an agent's matured decisions of one kind in one segment have come to.

    Args:
        right: decisions that were right: better than doing nothing, and not undone.
        matured: decisions whose horizon has passed.
        lost_amount: money lost by the wrong ones within the policy's window.
        breaches: wishes that the desk had to refuse, which the agent should have stopped at by itself.
        is_drifted: whether a model that it rests on has drifted.
        is_stale: whether its data is too old or too poor.
    """

    right: int = 0
    matured: int = 0
    lost_amount: Decimal = Decimal(0)
    breaches: int = 0
    is_drifted: bool = False
    is_stale: bool = False


@dataclass(frozen=True)
class Earned:
    """The level that a record earns, and why in words."""

    level: int
    because: str
    lower_bound: float | None = None
    is_taken_away: bool = False


def wilson_lower(right: int, count: int, *, z: float = 1.96) -> float:
    """The lower end of Wilson's interval for a rate of which so many of so many were right: what it is at least, nearly surely.

    (p + z²/2n − z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). Do not use it for rates of a finite whole.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.

    >>> round(wilson_lower(18, 20), 3), round(wilson_lower(90, 100), 3), wilson_lower(0, 0)
    (0.699, 0.826, 0.0)
    """
    if not count:
        return 0.0
    rate, squared = right / count, z * z
    middle = rate + squared / (2 * count)
    spread = z * sqrt(rate * (1 - rate) / count + squared / (4 * count * count))
    # Rounding must not lift it above the rate itself.
    return max(0.0, min(rate, (middle - spread) / (1 + squared / count)))


def earned(record: Record, dial: Dial, *, now: int) -> Earned:
    """The level that a record earns under a policy's dial: down at once for any breach, up one rung at a time.

    Args:
        record: what its decisions came to.
        dial: ceiling, rate and number wanted, and the budget of money that may be lost.
        now: the level that it has.

    >>> from decimal import Decimal
    >>> dial = Dial(ceiling=3, required_rate=0.8, least_decisions=20, loss_budget_amount=Decimal(500))
    >>> earned(Record(right=58, matured=60), dial, now=2).level
    3
    >>> earned(Record(right=58, matured=60, lost_amount=Decimal(900)), dial, now=3).because
    'It has lost 900.00 of the 500.00 that it may lose: the budget is spent.'
    """
    lower = wilson_lower(record.right, record.matured)
    if lost := _why_down(record, dial):
        return Earned(min(now, DRAFTS), lost, lower, is_taken_away=now > DRAFTS)
    rate = f"{record.right} of {record.matured} matured decisions were right, so at least {lower:.0%}"
    if record.matured < dial.least_decisions:
        stays = min(now, SUGGESTS, dial.ceiling)
        because = f"{record.matured} decisions have matured; {dial.least_decisions} are needed to judge."
        return Earned(stays, because, lower, is_taken_away=stays < now)
    deserved = max(
        (
            level
            for level, rung in RUNGS.items()
            if lower >= _wanted(rung, dial.required_rate) and _is_many(level, record, dial)
        ),
        default=WATCHES,
    )
    deserved = min(deserved, dial.ceiling)
    if deserved > now:
        return Earned(now + 1, f"{rate}; {dial.required_rate:.0%} are wanted. It goes up one step.", lower)
    if deserved < now:
        return Earned(deserved, f"{rate}; {dial.required_rate:.0%} are wanted to act alone.", lower, is_taken_away=True)
    return Earned(now, f"{rate}; it stays where it is.", lower)


def _wanted(rung: float, required: float) -> float:
    return 0.5 + rung * (required - 0.5)


def _is_many(level: int, record: Record, dial: Dial) -> bool:
    return level < ACTS_WIDELY or record.matured >= WIDELY_TIMES * dial.least_decisions


def _why_down(record: Record, dial: Dial) -> str:
    if record.breaches:
        times = "once" if record.breaches == 1 else f"{record.breaches} times"
        return f"It went beyond its limits {times}, and the desk stopped it."
    if record.is_drifted:
        return "A model that it rests on has drifted."
    if record.is_stale:
        return "Its data is too old or too poor to act on."
    if record.lost_amount > dial.loss_budget_amount:
        return f"It has lost {record.lost_amount:,.2f} of the {dial.loss_budget_amount:,.2f} that it may lose: the budget is spent."
    return ""
