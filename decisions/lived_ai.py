"""The demo company's past with AI: its people took up five use cases when help began, said what they cost, and close each month.

What somebody has changed or taken back since is never put again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from decisions import ai_close
from decisions.ai_budget import DAILY_TOKENS
from decisions.ai_folding import AiBook
from decisions.desk import Desk
from decisions.lived import STAND_IN, Desks
from decisions.lived_maturity import Life
from models.ai_economics.technique import ACTION, AGENT, Need
from store.warehouse import Build

TEMPLATES = Path(__file__).resolve().parent.parent / "data" / "use_cases"
ZONE = ZoneInfo("Europe/Berlin")
AHEAD = timedelta(days=1)
EXECUTIVE, ANALYST = STAND_IN, "A.Novak"


@dataclass(frozen=True)
class TakenUp:
    """A use case that somebody took up when help began: who, with what of its own, and why."""

    who: str
    own: Mapping[str, Any]
    reason: str


@dataclass(frozen=True)
class Assumed:
    """A value of the company's own in the place of a packaged one."""

    who: str
    value: float
    low: float
    high: float
    reason: str
    source: str


@dataclass(frozen=True)
class Chosen:
    """The technique that somebody chose for a need of a use case, with the answers that they gave."""

    who: str
    use_case_id: str
    name: str
    technique: str
    need: Need
    reason: str


USE_CASES = {
    "UC3": TakenUp(
        EXECUTIVE,
        {"stage": "production", "service_fee_once": 1800, "service_fee_per_month": 90},
        "The vendor of our ERP offers it ready-made. Not everybody gets it at once, so that we can measure what it does.",
    ),
    "A5": TakenUp(
        EXECUTIVE,
        {"stage": "production", "service_fee_per_month": 120},
        "Customers ask the same things every day. Some questions go to the assistant by lot, so that we see what comes of it.",
    ),
    "UC2": TakenUp(
        ANALYST,
        {"stage": "pilot", "service_fee_per_month": 40},
        "A pilot: quotes and confirmations summarised for the buyers, a dozen a month.",
    ),
    "UC4": TakenUp(
        "K.Lindqvist",
        {"stage": "production"},
        "It has worked beside the credit desk for a year; what it may do stands in the policies.",
    ),
    "A2": TakenUp(
        "J.Wagner",
        {"stage": "production"},
        "It writes to suppliers about late lines and prepares orders; buyers approve what costs money.",
    ),
}
ASSUMPTIONS = {
    "ai_delivery_share": Assumed(
        EXECUTIVE,
        0.03,
        0.02,
        0.05,
        "We run it as ready-made services of our ERP's vendor; our own effort was counted: about a day a month.",
        "Own count of days, trial before the roll-out",
    ),
    "ai_realisation_share": Assumed(
        EXECUTIVE,
        0.65,
        0.50,
        0.80,
        "Temporary hands at the order desk are booked by the hour; hours that are not needed are not booked.",
        "Contract with the agency for temporary staff",
    ),
    "ai_users_per_thousand_orders": Assumed(
        ANALYST,
        1.5,
        1.0,
        2.0,
        "Counted: so many people of order desk and purchasing work with it for each thousand orders a year.",
        "List of users at the roll-out",
    ),
}

CHOICES = (
    Chosen(
        "J.Wagner", "A2", "Late lines of suppliers", AGENT,
        Need(wanted=ACTION, ruled_share=0.35, has_history=True, has_sources=True, steps=4, is_bounded=True, cases_per_month=180),
        "It looks up the line, asks the supplier, and prepares another order; every step has its limit in the policies.",
    ),
    Chosen(
        "K.Lindqvist", "UC4", "Orders held for credit", AGENT,
        Need(wanted=ACTION, ruled_share=0.82, has_history=True, has_sources=True, steps=3, is_bounded=True, cases_per_month=260),
        "The page of rules settles the small ones. The others are the large customers, and there it has to read what was agreed.",
    ),
)  # fmt: skip

# Two letters a day are usual; what goes beyond is worded by the template.
OWN_LIMIT = {
    "use_case": "A2", "control": DAILY_TOKENS, "limit": 4_000, "who": "S.Haddad",
    "because": "Two letters a day are usual. Many more are a sign that something goes round in circles.",
}  # fmt: skip


@cache
def templates() -> dict[str, dict[str, Any]]:
    """The packaged template of each use case by its id."""
    found = [yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) for path in sorted(TEMPLATES.glob("*.yml"))]
    return {said["use_case_id"]: said for said in found}


def begin(desk_for: Desks, first_decided_at: datetime, life: Life) -> int:
    """Use cases taken up, techniques chosen and values assumed on the day before help began; how many acts that took, none the second time.

    Args:
        desk_for: gives the desk of each person.
        first_decided_at: when the first decision of the world was made; help begins on the Monday of then or after.
        life: which use cases they take up, and which controls they set.
    """
    started = begins_on(first_decided_at)
    book, before = desk_for.book.ai, desk_for.book.last_no
    desk_for.now = first_decided_at - AHEAD
    taken = {name: one for name, one in USE_CASES.items() if life.use_cases is None or name in life.use_cases}
    for use_case_id, taken_up in taken.items():
        if use_case_id not in book.changes:
            own = {**taken_up.own, "started": started}
            desk_for[taken_up.who].register(
                use_case_id, own, taken_up.reason, template=templates().get(use_case_id, {})
            )
    for name, said in ASSUMPTIONS.items():
        if name not in book.assumed:
            desk_for[said.who].assume(name, said.value, said.low, said.high, said.reason, source=said.source)
    for choice in CHOICES:
        if choice.use_case_id in book.changes and choice.name not in book.techniques:
            desk_for[choice.who].choose_technique(
                choice.name, choice.need, choice.technique, choice.reason, use_case_id=choice.use_case_id
            )
    for one in (OWN_LIMIT, *life.controls):
        if not _was_set(book, one["use_case"], one["control"]):
            desk_for[one["who"]].control(one["use_case"], one["control"], True, one["limit"], one["because"])
    return desk_for.book.last_no - before


def begins_on(first_decided_at: datetime) -> date:
    """The Monday on which help begins: that of the first decision, or the next.

    >>> begins_on(datetime(2026, 2, 16, 8, tzinfo=ZONE)), begins_on(datetime(2026, 2, 17, 8, tzinfo=ZONE))
    (datetime.date(2026, 2, 16), datetime.date(2026, 2, 23))
    """
    day = first_decided_at.astimezone(ZONE).date()
    return day + timedelta(days=-day.weekday() % 7)


def _was_set(book: AiBook, use_case_id: str, control: str) -> bool:
    """Whether an act has ever set this control of the use case."""
    told = book.changes.get(use_case_id, ())
    return any(act.kind == "ai_control" and act.payload.get("control") == control for act in told)


def close_months(desk: Desk, build: Build) -> list[str]:
    """The months that were closed now: all that are over in the build and that nobody has closed; none without a north star."""
    if not ai_close.has_figures(build):
        return []
    months = build.query(f"select month_date from {ai_close.STAR} order by month_date")["month_date"]  # noqa: S608  a name of ours
    done = ai_close.months_to_close(months.to_list(), desk.book, build.facts()["as_of_date"])
    for month in done:
        desk.close_month(month, "The month is over.")
    return [f"{month:%Y-%m}" for month in done]
