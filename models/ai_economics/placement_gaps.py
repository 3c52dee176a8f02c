"""What a use case has not said and must say before it is trusted: what checks its acts, and what it does where data are missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.ai_economics.placement_needs import EDGE, HYBRID, INCOMPLETE
from models.ai_economics.use_case import UseCase

DEGRADE, HOLD, ESCALATE = INCOMPLETE


@dataclass(frozen=True)
class Incomplete:
    """What a workflow does where data are missing: goes on with less, waits, or hands over; whether it may go on; and said in words."""

    code: str
    may_go_on: bool
    said: str


def gaps(case: UseCase) -> list[str]:
    """The red gaps of a use case in sentences; none where it has said all.

    A use case that writes or acts needs something that checks its action before it happens, and must not act on half the data;
    each needs a behaviour for data that are missing; one that works at a site must say what lies there and what goes back.
    """
    asked, found = case.needs, list[str]()
    if is_acting(case) and not asked.validation.strip():
        found.append("It acts, and nothing checks its action before it happens.")
    if asked.on_incomplete not in INCOMPLETE:
        found.append("It is not said what it does where the ERP or WMS has not told everything.")
    elif case.writes and asked.on_incomplete == DEGRADE:
        found.append("It writes, and would go on where data are missing.")
    if case.deployment in (EDGE, HYBRID):
        if not asked.minimum_data:
            found.append("It works at sites, and nobody has said which fields must lie there.")
        if not asked.hand_over:
            found.append("It works at sites, and nobody has said what goes from there to the centre.")
    return found


def is_acting(case: UseCase) -> bool:
    """Whether it writes into a system or does anything itself, alone or after approval.

    >>> from types import SimpleNamespace
    >>> is_acting(SimpleNamespace(writes=False, autonomy="acts after approval"))
    True
    """
    return case.writes or case.autonomy != "advises"


def when_incomplete(case: UseCase, missing: Sequence[str]) -> Incomplete | None:
    """What a use case does where some columns are missing; None where none is. What nobody has defined waits.

    Args:
        missing: columns that the systems before it have not filled.
    """
    if not missing:
        return None
    words = ", ".join(missing)
    if case.needs.on_incomplete == DEGRADE and not case.writes:
        return Incomplete(DEGRADE, True, f"It answers without {words}, and says so.")
    if case.needs.on_incomplete == ESCALATE:
        return Incomplete(ESCALATE, False, f"Without {words} it hands the case to a person.")
    return Incomplete(HOLD, False, f"Without {words} the case waits until they are there.")


def beyond_minimum(case: UseCase, at_site: Iterable[str]) -> list[str]:
    """The columns that lie at a site for a workflow and are more than it has said that it needs there, in their order."""
    wanted = set(case.needs.minimum_data)
    return [name for name in dict.fromkeys(at_site) if name not in wanted]
