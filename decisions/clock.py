"""What time it is for the decisions of a company: the time, or in a demo company the morning after its world's last day."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from store.company import Company
from store.warehouse import Build


def clock_of(company: Company, build: Build | None) -> Callable[[], datetime]:
    """The clock of a company's desks, by the build that people look at.

    A demo company lives in its own time: its world stands at some day, obeys on the next morning what has left by then, and
    moves on when it is told to. Decisions are dated into that morning, with the time of day that it is for us, so that their
    outcomes ripen as its world goes on.
    """
    if not company.is_demo or build is None:
        return lambda: datetime.now(UTC)
    tomorrow = build.facts()["as_of_date"] + timedelta(days=1)
    return lambda: datetime.combine(tomorrow, datetime.now(UTC).timetz())
