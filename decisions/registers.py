"""Rows of the registers as people keep them: what stands, who answers for it, what shows it, when somebody looked, what it costs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from decisions import checks
from decisions.book import Book
from decisions.person import Person
from decisions.ruling import Said

FOLDER = Path(__file__).resolve().parent.parent / "data" / "registers"
IN_PLACE, PLANNED, MISSING, NOT_APPLICABLE = "in place", "planned", "missing", "not applicable"
STATUSES = (IN_PLACE, PLANNED, MISSING, NOT_APPLICABLE)
LONGEST_NAME, LONGEST_TEXT = 100, 2000
SHORTEST_EVIDENCE = 10
OLDEST = timedelta(days=3660)
DEAREST = Decimal(1_000_000)
MOST = 1e6


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How somebody says that a row of a register stands.

    Attributes:
        status: one of `STATUSES`.
        owner: who answers for it.
        evidence: what shows it: a document, a test, a link, a name; needed for what is in place.
        reviewed_on: the day on which somebody looked at it last; needed for what is in place.
        monthly_cost: what it costs a month, reporting currency; None where nobody knows.
        held: how much of what the row counts is there, such as people trained; None where the row counts nothing.
    """

    status: str
    owner: str
    evidence: str = ""
    reviewed_on: date | None = None
    monthly_cost: Decimal | None = None
    held: float | None = None


@cache
def known_rows() -> frozenset[str]:
    """Every row of every register as "register/row".

    >>> "security_baseline/storage_encrypted" in known_rows()
    True
    """
    return frozenset(owners())


@cache
def owners() -> dict[str, str]:
    """Who answers for each row, as its register says, by "register/row".

    >>> owners()["security_baseline/storage_encrypted"]
    'head of IT'
    """
    return {name: row["owner"] for name, row in _packaged().items()}


@cache
def estimates() -> dict[str, Decimal]:
    """What each row costs a month by the house's estimate, by "register/row"; rows without one are left out.

    >>> estimates()["security_baseline/sign_in"]
    Decimal('160')
    """
    return {
        name: Decimal(str(row["monthly_cost"]))
        for name, row in _packaged().items()
        if row.get("monthly_cost") is not None
    }


def cost_now(book: Book, subject: str) -> Decimal | None:
    """What a row is said to cost a month: by who kept it last, or by the house's estimate where nobody has; None where nobody says it."""
    acts = book.registers.get(subject)
    if not acts:
        return estimates().get(subject)
    said = acts[-1].payload["monthly_cost"]
    return None if said is None else Decimal(said)


def data_classes() -> dict[str, Mapping[str, Any]]:
    """The sensitive classes of data by name, each as its register says it: `columns`, roles that it is `open_to`, region, days.

    >>> "financials" in data_classes(), data_classes()["rebates"]["open_to"][0]
    (True, 'planner')
    """
    of = "data_classes/"
    return {name.removeprefix(of): row for name, row in _packaged().items() if name.startswith(of)}


def row_now(book: Book, subject: str) -> dict[str, str]:
    """What is said of a row of a register now: what it asks, who answers for it, what is said of it, and who said so and when.

    Args:
        book: what holds.
        subject: the row as "register/row"; a KeyError for one that there is not is a defect of the program.
    """
    row = _packaged()[subject]
    acts = book.registers.get(subject)
    said: Mapping[str, Any] = acts[-1].payload if acts else row
    return {
        "row": subject,
        "asks": str(row.get("asks", "")),
        "answers_for_it": str(said["owner"]),
        "stated": str(said["status"]),
        "said_by": f"{acts[-1].who}, {acts[-1].at.date().isoformat()}" if acts else "the register as it comes",
    }


def kept(book: Book, person: Person, subject: str, said: Kept, reason: str, *, today: date) -> Said | None:
    """The act that says how a row of a register stands; None where it was said so already.

    Args:
        book, person: what holds, and who says it.
        subject: the row as "register/row".
        said: how it stands, whole: what is left out is empty from then on.
        reason: why, in words.
        today: the day of the act; nobody has looked at anything after it.

    Errors: a Refusal without a right or a reason, for a row that there is not, for what is said to be in place and not shown,
        and for days, money and counts that cannot be.
    """
    checks.has_right(person, "keep_register", "changed")
    checks.has_reason(reason)
    if subject not in known_rows():
        raise checks.refusal(f"there is no row {subject!r} in a register", "Choose one on the page Risks and controls.")
    content = {
        "status": _status(said),
        "owner": _text(said.owner, "an owner", LONGEST_NAME),
        "evidence": _evidence(said),
        "reviewed_on": _looked_at(said, today),
        "monthly_cost": _money(said.monthly_cost),
        "held": _count(said.held),
    }
    acts = book.registers.get(subject)
    if acts and all(acts[-1].payload.get(key) == part for key, part in content.items()):
        return None
    return "keep_register", subject, {**content, "reason": reason.strip()}


@cache
def _packaged() -> dict[str, Mapping[str, Any]]:
    """Every row as its register's file says it, by "register/row"."""
    every = [yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) for path in sorted(FOLDER.glob("*.yml"))]
    return {f"{said['register']}/{row['row']}": row for said in every for row in said["rows"]}


def _status(said: Kept) -> str:
    if said.status not in STATUSES:
        raise checks.refusal(f"there is no status {said.status!r}", f"Use one of: {', '.join(STATUSES)}.")
    return said.status


def _text(said: str, what: str, longest: int) -> str:
    told = said.strip()
    if not told:
        raise checks.refusal(f"the row needs {what}", "Name the role that answers for it.")
    if len(told) > longest:
        raise checks.refusal(f"it is longer than {longest} characters", "Say it shorter, and name where the rest is.")
    return told


def _evidence(said: Kept) -> str:
    told = said.evidence.strip()
    if said.status == IN_PLACE and len(told) < SHORTEST_EVIDENCE:
        raise checks.refusal(
            "what is in place needs evidence that shows it",
            "Name the document, test or setting where anybody can see it.",
        )
    return _text(told, "evidence", LONGEST_TEXT) if told else ""


def _looked_at(said: Kept, today: date) -> str | None:
    day = said.reviewed_on
    if day is None:
        if said.status == IN_PLACE:
            raise checks.refusal("nobody is said to have looked at it", "Give the day on which it was looked at last.")
        return None
    if not today - OLDEST <= day <= today:
        raise checks.refusal(
            f"nobody has looked at it on {day}", "Give a day that is not after today, within ten years."
        )
    return day.isoformat()


def _money(said: Decimal | None) -> str | None:
    """Money as the ledger keeps it: text with two decimals."""
    if said is None:
        return None
    try:
        told = Decimal(said)
    except (InvalidOperation, TypeError, ValueError):
        raise checks.refusal(f"{said!r} is no amount", "Type digits.") from None
    if not told.is_finite() or not 0 <= told <= DEAREST:
        raise checks.refusal(f"{said} a month cannot be", f"Give an amount from 0 to {DEAREST:,}.")
    return f"{told:.2f}"


def _count(said: float | None) -> float | None:
    if said is None:
        return None
    if not math.isfinite(said) or not 0 <= said <= MOST:
        raise checks.refusal(f"{said} cannot be counted", f"Give a number from 0 to {MOST:,.0f}.")
    return float(said)
