"""Past month ends of a demo company: small builds of what was known then, with which its people close their months one after another.

A build of a past day knows what had happened by its end, and the acts that people had done by then; it is made by today's program, and
a row that a later file has corrected is the corrected one. It holds no more tables than closing a month reads.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from errors import Refusal
from models.months import month_after
from pipelines import build, flow, loads
from pipelines.loads import Progress, quiet
from store import warehouse
from store.company import Company, only_writer

EVERY_MONTHS, CLOSING_DAY = 3, 5  # they close each quarter of theirs, when its bills are in
WANTED = ("marts.north_star", "scores.ai_cost_months", "scores.ai_value_months", "scores.ai_volume_months")
KEPT = ("raw.build", "raw.ai_basis", *WANTED)


def days(begun: date, last: date) -> Iterator[date]:
    """The days on which months are closed after help began: the fifth after its first month, then each third month, before a last day.

    >>> [day.isoformat() for day in days(date(2026, 2, 16), date(2026, 9, 4))]
    ['2026-03-05', '2026-06-05']
    """
    place = 1
    while (day := month_after(begun, place).replace(day=CLOSING_DAY)) < last:
        yield day
        place += EVERY_MONTHS


def keep(company: Company, *, progress: Progress = quiet) -> list[str]:
    """The days of the builds of all past month ends of a demo company, kept in its world for `decisions close`; those that are there stay.

    Errors: a Refusal for a company that is no demo: nobody's past may be made up.
    """
    if not company.is_demo:
        raise Refusal(
            "No past month end was built.",
            f"{company.name} is no demo company.",
            "Its people close each month when it is over, on the page Value.",
        )
    with only_writer(company):
        acts = flow.ledger_of(company).acts()
        begun = min((act.at.date() for act in acts if act.kind == "use_case"), default=None)
        found = loads.checked_loads(company, acts, progress)
        if begun is None or not found:
            return []
        with warehouse.Draft(company) as draft:
            last = build.last_event(draft, found)
        there, kept = {one.build_id for one in warehouse.month_ends(company)}, []
        for day in days(begun, (last or datetime.now(UTC)).date()):
            if str(day) not in there:
                _keep_one(company, day, acts, found, progress)
            kept.append(str(day))
        return kept


def _keep_one(company: Company, day: date, acts: list[Any], found: list[Any], progress: Progress) -> None:
    """The build of one day: made whole as far as its tables need it, and only those copied out of it."""
    with warehouse.Draft(company) as draft:
        moment = flow.moment_of(company, build.last_event(draft, found), day)
        known = [vars(act) for act in acts if act.kind not in flow.OWN_KINDS and act.at <= moment.as_of]
        content = build.make(draft, company, found, known, moment, progress=progress, targets=frozenset(WANTED))
        inputs = build.input_hash(found, known, moment.as_of)
        flow.sign(draft, f"{day}-{content[:8]}", moment.as_of, moment.as_of, inputs, content)
        draft.keep(str(day), KEPT)
