"""A month of AI value closed: its figures frozen with all that they were made with, under a seal; a later change is a new version.

The seal is the SHA-256 of the canonical JSON of month, version, who closed it when and why, the figures, what they were made with, and
the plan that was frozen with them; money stands in it as text.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from decisions import checks
from decisions.ai_folding import Closing
from decisions.ai_frozen_plan import frozen_plan
from decisions.book import Book
from decisions.person import Person
from decisions.ruling import Said
from models.ai_economics.restating import causes
from store.warehouse import Build

FIGURES = (
    "benefit_amount",
    "error_cost_amount",
    "rework_amount",
    "review_amount",
    "ai_cost_amount",
    "net_earned_amount",
    "bankable_amount",
)
# What must be known of a build for its figures to be frozen, beside the build itself: the columns of raw.ai_basis, by their names here.
BASIS = {
    "definitions": "definitions_text",
    "price_version_code": "prices_text",
    "price_rows_hash": "price_rows_hash_text",
    "registry_hash": "registry_hash_text",
    "assumptions": "assumptions_text",
    "assumptions_hash": "assumptions_hash_text",
    "data_hash": "data_hash_text",
}
MADE_WITH = ("build_id", "content_hash", *BASIS)
SEALED = ("month", "version", "who", "at", "reason", "figures", "made_with")
STAR = "marts.north_star"
NEEDED = (STAR, "raw.ai_basis")
WHOLE = "*"  # the use case of a figure that is of all of them
CENT = Decimal("0.0001")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Restated:
    """A frozen figure beside the figure of now, and which of the things that it was made with have changed since."""

    figure_name: str
    use_case_id: str
    frozen_amount: Decimal | None
    now_amount: Decimal | None
    causes: tuple[str, ...]

    @property
    def difference_amount(self) -> Decimal:
        """How much the figure of now is above the frozen one; a figure that there is not counts as nought."""
        return (self.now_amount or Decimal(0)) - (self.frozen_amount or Decimal(0))


def closed_by_build(
    book: Book, person: Person, build: Build | None, month: date, *, now: datetime, reason: str
) -> Said | None:
    """The act that closes a month with the figures of a build; None where it is closed with these very figures.

    Args:
        book, person: what holds, and who wants it.
        build: the build at the desk: its figures of the month are frozen, what it was made with, and its plan of the months to
            come, once a build.
        month: a day of the month.
        now: when it is closed.
        reason: why.

    Errors: a Refusal without the right, a reason or such a build, for a month that is not over or of which nothing is known.
    """
    checks.has_right(person, "close_month", "closed")
    if build is None or not has_figures(build):
        raise checks.refusal("there is no build with the value of AI", "Refresh, then close.")
    first, today = month.replace(day=1), build.facts()["as_of_date"]
    known = {row["month_date"]: row for row in build.query(f"select * from {STAR}").iter_rows(named=True)}  # noqa: S608  a name of ours
    _is_over(first, today)
    if first not in known:
        since = f"; the first month is {min(known):%B %Y}" if known else ""
        raise checks.refusal(f"nothing is known of {first:%B %Y}{since}", "Close a month that has figures.")
    figures = figures_of(known[first])
    plan = None if _has_frozen(book, build.build_id) else frozen_plan(build)
    return closed(book, person, first, figures, basis(build), today=today, now=now, reason=reason, plan=plan)


def _has_frozen(book: Book, build_id: str) -> bool:
    """Whether the plan of a build is frozen already."""
    every = (one for versions in book.ai.closings.values() for one in versions)
    return any(one.plan is not None and one.made_with["build_id"] == build_id for one in every)


def has_figures(build: Build) -> bool:
    """Whether a build has the figures of months and what they were made with."""
    return all(build.has(name) for name in NEEDED)


def closed(
    book: Book,
    person: Person,
    month: date,
    figures: Iterable[Row],
    made_with: Row,
    *,
    today: date,
    now: datetime,
    reason: str,
    plan: Row | None = None,
) -> Said | None:
    """The act that freezes figures that are known to be of a build (`closed_by_build`); None where these very figures are frozen.

    Args:
        book, person: what holds, and who wants it.
        month: a day of the month.
        figures: `figure_name`, `use_case_id`, `amount` and `evidence_grade` of each.
        made_with: what the figures were made with (`MADE_WITH`).
        today: the day of the data; the month must be over by then.
        now: when it is closed.
        reason: why.
        plan: of the months to come (`decisions.ai_frozen_plan`), where there is one.

    Errors: a Refusal without the right or a reason, for a month that is not over, for no figures or one twice.
    """
    checks.has_right(person, "close_month", "closed")
    checks.has_reason(reason)
    first = month.replace(day=1)
    _is_over(first, today)
    frozen = _frozen(figures)
    if lacking := [name for name in MADE_WITH if not made_with.get(name)]:
        raise checks.refusal(
            f"nobody knows the {lacking[0].replace('_', ' ')} of these figures", "Refresh, then close."
        )
    before = book.ai.closings.get(f"{first:%Y-%m}", [])
    if before and [dict(one) for one in before[-1].figures] == frozen:
        return None
    said: dict[str, Any] = {
        "month": f"{first:%Y-%m}",
        "version": len(before) + 1,
        "who": person.who,
        "at": now.isoformat(),
        "reason": reason,
        "figures": frozen,
        "made_with": {name: made_with[name] for name in MADE_WITH},
        **({"plan": plan} if plan else {}),
    }
    return "close_month", said["month"], {**said, "seal": seal(said)}


def _is_over(first: date, today: date) -> None:
    if (today.year, today.month) <= (first.year, first.month):
        raise checks.refusal(f"{first:%B %Y} is not over", "Close it once the data reach into the next month.")


def seal(said: Row) -> str:
    """The seal over a closing: SHA-256, in hex, of all that it says (`SEALED`, and its plan where it has one).

    >>> whole = {
    ...     "month": "2026-10",
    ...     "version": 1,
    ...     "who": "elsa",
    ...     "at": "",
    ...     "reason": "",
    ...     "figures": [],
    ...     "made_with": {},
    ... }
    >>> seal(whole) == seal({**whole, "seal": "whatever"}), seal(whole) == seal({**whole, "who": "paula"})
    (True, False)
    """
    content = {name: said[name] for name in SEALED} | ({"plan": said["plan"]} if said.get("plan") else {})
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def is_sealed(closing: Closing) -> bool:
    """Whether a closing still has the seal that its content gives, and is signed by whoever did it."""
    content = {
        **{name: getattr(closing, name) for name in SEALED},
        "at": closing.at.isoformat(),
        "figures": [dict(one) for one in closing.figures],
        "made_with": dict(closing.made_with),
        "plan": closing.plan,
    }
    return seal(content) == closing.seal


def basis(build: Build) -> dict[str, Any]:
    """What the figures of a build are made with, as a closed month keeps it (`MADE_WITH`)."""
    row = build.query("select * from raw.ai_basis").row(0, named=True)
    said = {name: row[column] for name, column in BASIS.items()}
    return {
        "build_id": build.build_id,
        "content_hash": build.facts()["content_hash"],
        **said,
        "definitions": json.loads(said["definitions"]),
        "assumptions": json.loads(said["assumptions"]),
    }


def figures_of(row: Row) -> list[dict[str, Any]]:
    """The figures of one month out of a row of `marts.north_star`, for all use cases together."""
    return [
        {"figure_name": name, "use_case_id": WHOLE, "amount": row[name], "evidence_grade": ""}
        for name in FIGURES
        if row.get(name) is not None
    ]


def restated(closing: Closing, figures: Iterable[Row], made_with: Row) -> list[Restated]:
    """Every figure of a closed month beside the figure of now; causes only where the two differ (`models.ai_economics.restating`)."""
    then = {_key(one): one["amount"] for one in closing.figures}
    now = {_key(one): one["amount"] for one in _frozen(figures)}
    why = causes(closing.made_with, made_with)
    return [
        Restated(*key, _number(then.get(key)), _number(now.get(key)), why if then.get(key) != now.get(key) else ())
        for key in sorted(then.keys() | now.keys())
    ]


def _frozen(figures: Iterable[Row]) -> list[dict[str, Any]]:
    """The figures in one order, money as text of four decimals."""
    found = [
        {
            "figure_name": str(one["figure_name"]),
            "use_case_id": str(one["use_case_id"] or WHOLE),
            "amount": _text(one["amount"]),
            "evidence_grade": str(one.get("evidence_grade") or ""),
        }
        for one in figures
    ]
    keys = [_key(one) for one in found]
    if not found or len(set(keys)) < len(keys):
        raise checks.refusal("there is no figure, or one of them stands there twice", "Close the month from its page.")
    return sorted(found, key=_key)


def _key(one: Row) -> tuple[str, str]:
    return one["figure_name"], one["use_case_id"]


def _text(amount: Any) -> str:
    number = Decimal(str(amount))
    if not number.is_finite():
        raise checks.refusal(f"{amount} is no amount", "Refresh, then close.")
    return f"{number.quantize(CENT) + 0:f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def months_to_close(months: Sequence[date], book: Book, today: date) -> list[date]:
    """The months that are over at a day and that nobody has closed, the first first."""
    return sorted(
        month
        for month in months
        if (month.year, month.month) < (today.year, today.month) and f"{month:%Y-%m}" not in book.ai.closings
    )
