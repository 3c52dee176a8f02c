"""Where a row of a register stands: what was said of it, held against what the data show and against its day of review."""

from decimal import Decimal

IN_PLACE, PLANNED, MISSING, NOT_APPLICABLE = "in place", "planned", "missing", "not applicable"
OVERDUE, CONTRADICTED = "overdue", "contradicted"
STATED = (IN_PLACE, PLANNED, MISSING, NOT_APPLICABLE)
# The worst first, as a page shows them.
VERDICTS = (CONTRADICTED, MISSING, OVERDUE, PLANNED, IN_PLACE, NOT_APPLICABLE)
RED = frozenset({CONTRADICTED, MISSING, OVERDUE})
# What a monthly cost rests on, or why there is none.
SAID, GAP = "said by who keeps the row", "missing days at the assumed day rate"
NOT_COUNTED = "not counted yet: nobody has said how many days are there"


def verdict(
    stated: str, *, found: str = "", is_needed: bool | None = None, has_evidence: bool = False, is_overdue: bool = False
) -> str:
    """One of `VERDICTS` for a row; the same rule stands in `marts.registers`, and a test holds both against each other.

    What the data show counts before what was said: a row that they show is in place, looked at today; one that was said to
    be in place and is found otherwise is contradicted. What was only said needs evidence, and a look in time.

    Args:
        stated: what was said, one of `STATED`.
        found: what a check on the data found: "in place", "contradicted", or anything else where it found nothing.
        is_needed: whether something runs that needs the row; None where it is always needed.
        has_evidence: whether somebody named what shows it.
        is_overdue: whether its day of review has passed.

    >>> (
    ...     verdict("in place", found="contradicted", has_evidence=True),
    ...     verdict("in place"),
    ...     verdict("planned", found="in place"),
    ... )
    ('contradicted', 'missing', 'in place')
    >>> verdict("missing", is_needed=False), verdict("not applicable", is_needed=True)
    ('not applicable', 'contradicted')
    >>> verdict("in place", has_evidence=True, is_overdue=True), verdict("planned", is_overdue=True)
    ('overdue', 'overdue')
    """
    if stated == NOT_APPLICABLE:
        return CONTRADICTED if is_needed else NOT_APPLICABLE
    if is_needed is False and stated != IN_PLACE:
        return NOT_APPLICABLE
    if found == IN_PLACE:
        return IN_PLACE
    if stated == IN_PLACE:
        return _said(has_evidence=has_evidence, is_overdue=is_overdue, is_contradicted=found == CONTRADICTED)
    if stated == PLANNED and is_overdue:
        return OVERDUE
    return stated


def month_cost(
    said: Decimal | None, needed: float | None, held: float | None, day_cost: Decimal | None
) -> tuple[Decimal | None, str]:
    """What a row that applies costs a month, and what that rests on: what was said, else the days that are missing.

    Where nobody has said how many days are there, nobody knows how many are missing: there is no cost, and the second
    part says so. The same rule stands in `marts.registers`.

    Args:
        said: what whoever keeps the row said, money a month; None where nobody did.
        needed, held: days a month; held None where nobody has counted.
        day_cost: what a day costs, money; None where the row counts no days.

    >>> month_cost(None, 3, 1, Decimal(1100)), month_cost(None, 3, 5, Decimal(1100))[0]
    ((Decimal('2200.0000'), 'missing days at the assumed day rate'), Decimal('0.0000'))
    >>> month_cost(None, 3, None, Decimal(1100))
    (None, 'not counted yet: nobody has said how many days are there')
    >>> month_cost(Decimal(50), 3, None, Decimal(1100))[0], month_cost(None, 24, 3, None)
    (Decimal('50'), (None, ''))
    """
    if said is not None:
        return said, SAID
    if needed is None or day_cost is None:
        return None, ""
    if held is None:
        return None, NOT_COUNTED
    return (Decimal(str(max(needed - held, 0.0))) * day_cost).quantize(Decimal("0.0001")), GAP


def is_red(code: str) -> bool:
    """Whether a verdict asks somebody to do something now.

    >>> is_red("overdue"), is_red("planned")
    (True, False)
    """
    return code in RED


def _said(*, has_evidence: bool, is_overdue: bool, is_contradicted: bool) -> str:
    if is_contradicted:
        return CONTRADICTED
    if not has_evidence:
        return MISSING
    return OVERDUE if is_overdue else IN_PLACE
