"""The agents that there are, and which cases each of them looks at next."""

from collections.abc import Collection, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from decisions.proposers.agent import MESSAGES, Agent
from decisions.proposers.follow_up import FOLLOW_UP
from decisions.proposers.inventory import INVENTORY
from decisions.proposers.order_exceptions import ORDER_EXCEPTIONS
from decisions.proposers.procurement import PROCUREMENT
from decisions.proposers.toolbox import Row

AGENTS: tuple[Agent, ...] = (ORDER_EXCEPTIONS, INVENTORY, PROCUREMENT, FOLLOW_UP)


def takes(case: Row, options: Sequence[Row], agents: Sequence[Agent] = AGENTS) -> list[Agent]:
    """The agents that work on a case: one decides, and those that write messages go beside it.

    Where several could decide, it is the one that may propose the option which gains most; where none may, the first
    that knows such cases, and it will hand over. A case without any action to choose is nobody's to decide.

    >>> case = {"case_id": "a", "case_kind_code": "stocked_out"}
    >>> move = {"action_kind_code": "transfer", "gain_amount": 80, "option_no": 1}
    >>> ask = {"action_kind_code": "customer_message", "gain_amount": None, "option_no": 2}
    >>> [agent.code for agent in takes(case, [move])], [agent.code for agent in takes(case, [move, ask])]
    (['inventory'], ['inventory', 'follow_up'])
    """
    know = [agent for agent in agents if case.get("case_kind_code") in agent.queue]
    deciding = [agent for agent in know if not agent.is_alongside]
    actions = [one for one in options if not one.get("is_do_nothing") and one.get("action_kind_code") not in MESSAGES]
    best = max(actions, key=lambda one: (number_of(one.get("gain_amount")), -int(one["option_no"])), default={})
    able = [agent for agent in deciding if best.get("action_kind_code") in agent.permitted]
    decides = (able or deciding)[:1] if actions else []
    kinds = {one.get("action_kind_code") for one in options}
    return [*decides, *(agent for agent in know if agent.is_alongside and kinds & set(agent.permitted))]


def queue_of(agent: Agent, cases: Sequence[Row], *, besides: Collection[str] = ()) -> list[Row]:
    """The cases that an agent watches: shown ones of its kinds, the most expected loss first.

    Args:
        agent: whose queue it is.
        cases: rows of `marts.cases`.
        besides: ids of cases that somebody has in hand, sleeps on, or has put away.

    >>> cases = [
    ...     {"case_id": "a", "case_kind_code": "stocked_out", "is_shown": True, "expected_loss_amount": 5},
    ...     {"case_id": "b", "case_kind_code": "stocked_out", "is_shown": True, "expected_loss_amount": 9},
    ... ]
    >>> [
    ...     case["case_id"]
    ...     for case in queue_of(
    ...         INVENTORY,
    ...         cases,
    ...     )
    ... ]
    ['b', 'a']
    """
    mine = [
        case
        for case in cases
        if case.get("is_shown") and case.get("case_kind_code") in agent.queue and case["case_id"] not in besides
    ]
    return sorted(mine, key=lambda case: (-number_of(case.get("expected_loss_amount")), str(case["case_id"])))


def number_of(value: Any) -> Decimal:
    """A value of a row as a number; nought where it is none.

    >>> number_of(None), number_of("2.50"), number_of(float("nan"))
    (Decimal('0'), Decimal('2.50'), Decimal('0'))
    """
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)
