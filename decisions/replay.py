"""What a policy would have done with the wishes of the last months: seen before anybody changes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from decisions.policy import Allowed, NeedsApproval, Policy, judge


@dataclass(frozen=True)
class Past:
    """One wish of the past: the facts that a policy was told, and what came of it (None where that is not known yet)."""

    made_on: date
    facts: Mapping[str, Any]
    moved_amount: Decimal
    benefit_amount: Decimal | None = None
    name: str = ""


@dataclass(frozen=True)
class Replay:
    """What came of putting a policy in force on days that are over.

    Args:
        wishes: how many there were.
        approvals_per_day: people's approvals that it would have asked for.
        released_amount: money that it would have let through without anybody.
        refused: wishes that it would have refused.
        escaped: wishes let through without anybody that made things worse.
        escaped_amount: what those cost.
        stopped_good_amount: benefit of wishes that it would have refused.
    """

    wishes: int
    approvals_per_day: float
    released: int
    released_amount: Decimal
    refused: int
    escaped: int
    escaped_amount: Decimal
    stopped_good_amount: Decimal
    unknown: int


def replayed(policy: Policy, past: Sequence[Past], *, days: int) -> Replay:
    """What the policy would have done with those wishes, spread over so many days.

    >>> from decisions.policy_text import FAIR, packaged
    >>> wish = Past(date(2026, 11, 2), {**FAIR, "moved_today_amount": Decimal(900)}, Decimal(900))
    >>> replayed(packaged()["purchase"], [wish], days=90).released
    0
    """
    verdicts = [(one, judge(one.facts, policy)) for one in past]
    released = [one for one, verdict in verdicts if isinstance(verdict, Allowed)]
    asked = sum(verdict.approvals for _, verdict in verdicts if isinstance(verdict, NeedsApproval))
    refused = [one for one, verdict in verdicts if not isinstance(verdict, Allowed | NeedsApproval)]
    escaped = [one for one in released if one.benefit_amount is not None and one.benefit_amount < 0]
    good = [one.benefit_amount for one in refused if one.benefit_amount is not None and one.benefit_amount > 0]
    return Replay(
        wishes=len(past),
        approvals_per_day=asked / days if days else 0.0,
        released=len(released),
        released_amount=sum((one.moved_amount for one in released), Decimal(0)),
        refused=len(refused),
        escaped=len(escaped),
        escaped_amount=-sum((one.benefit_amount or Decimal(0) for one in escaped), Decimal(0)),
        stopped_good_amount=sum(good, Decimal(0)),
        unknown=sum(one.benefit_amount is None for one in past),
    )
