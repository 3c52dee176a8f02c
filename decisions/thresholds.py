"""What a policy asks and allows, read out of its own verdicts: from which amount people are asked, what guards it, which way leads back."""

from decimal import Decimal

from decisions.policy import NeedsApproval, Policy, judge
from decisions.policy_text import FAIR
from decisions.rollback import EXPORTED

MONEY = ("moved_amount", "moved_today_amount")
CENT = Decimal("0.01")


def asked_above(policy: Policy, approvals: int = 1) -> Decimal | None:
    """The amount above which a policy asks for so many approvals, of a sure wish of a person on good data; None where it never does.

    It is nought where it asks from the first cent on. The policy itself is asked, at each limit that it names and just above.

    >>> from decisions.policy_text import packaged
    >>> policies = packaged()
    >>> asked_above(policies["purchase"]), asked_above(policies["purchase"], 2), asked_above(policies["expedite"])
    (Decimal('750'), Decimal('15000'), Decimal('0'))
    """
    limits = sorted({Decimal(0), *_limits(policy)})
    for limit in limits:
        for amount in (limit, limit + CENT):
            if amount > 0 and _asked(policy, amount) >= approvals:
                return limit
    return None


def guardrails(policy: Policy) -> tuple[str, ...]:
    """Everything in a policy that stops or holds a wish, in words: the rules that ask or forbid, then what agents may do at most.

    >>> from decisions.policy_text import packaged
    >>> guardrails(packaged()["policy_change"])
    ('another person than its author', 'agents write no policies', 'agents do none of it')
    """
    rules = tuple(rule.name for rule in policy.rules if rule.effect != "permit")
    caps = policy.agents
    if caps.per_day == 0:
        return (*rules, "agents do none of it")
    return (
        *rules,
        f"agents: {caps.per_day} a day at most",
        f"agents: {caps.moved_amount_per_day:,} of money a day at most",
        f"agents stop below {caps.stop_below_confidence:.0%} sure",
    )


def way_back(policy: Policy) -> str:
    """How an action of this kind comes back: before it leaves, while its file waits, and afterwards.

    >>> from decisions.policy_text import packaged
    >>> way_back(packaged()["expedite"])
    'Withdrawn before it leaves; called back while its file waits. Afterwards: None; the surcharge is spent.'
    """
    waits = "; called back while its file waits" if policy.kind in EXPORTED else ""
    return f"Withdrawn before it leaves{waits}. Afterwards: {policy.rollback}"


def _limits(policy: Policy) -> set[Decimal]:
    """Every amount of money that a rule names."""
    tests = [test for rule in policy.rules for name, test in rule.when.items() if name in MONEY]
    return {Decimal(str(limit)) for test in tests if isinstance(test, dict) for limit in test.values()}


def _asked(policy: Policy, amount: Decimal) -> int:
    """How many approvals it asks for at an amount; none where it lets it through or refuses it."""
    found = judge({**FAIR, **dict.fromkeys(MONEY, amount)}, policy)
    return found.approvals if isinstance(found, NeedsApproval) else 0
