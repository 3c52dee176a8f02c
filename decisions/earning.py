"""What agents have earned: their matured outcomes as records, the level that each record deserves, and what the desk then sets.

Levels fall at once, by an act that anybody may cause; they rise only when a person who may put policies in force says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from decisions.autonomy import Earned, Record, earned
from decisions.book import Book
from decisions.desk import Desk
from decisions.policy_text import packaged
from store.warehouse import Build

Row = Mapping[str, Any]
POOR_GRADES = frozenset({"D", "", None})
ALL = ""
NEEDED = (
    "action_kind_code", "segment_name", "proposer_name", "decider_name", "is_agent", "is_matured", "is_right", "proposed_date",
    "benefit_amount", "error_cost_amount",
)  # fmt: skip
# Which models' errors an action rests on: where they have drifted, no agent goes on by itself.
RESTS_ON_MODELS: Mapping[str, tuple[str, ...]] = {
    "purchase": ("demand",),
    "re_source": ("demand",),
    "transfer": ("demand",),
    "stock_parameter": ("demand",),
}

# Which extracts it is worked out from: where one of them is of grade D, it is not worked out well enough for a machine.
SHELF = ("order_lines", "stock_days")
RESTS_ON_DATA: Mapping[str, tuple[str, ...]] = {
    "purchase": (*SHELF, "purchase_lines"),
    "re_source": (*SHELF, "purchase_lines"),
    "transfer": SHELF,
    "stock_parameter": SHELF,
    "expedite": (*SHELF, "purchase_lines"),
    "cancel_purchase": (*SHELF, "purchase_lines"),
    "release_order": ("orders", "order_lines"),
    "hold_order": ("orders", "order_lines"),
    "correct_price": ("order_lines", "prices"),
    "substitute": SHELF,
}


@dataclass(frozen=True)
class Due:
    """A level that should be another: of which kind of action and segment, whose record says so, from where to where, and why."""

    kind: str
    segment: str
    agent: str
    before: int
    after: int
    because: str
    record: Record
    lower_bound: float | None = None

    @property
    def is_promotion(self) -> bool:
        """It goes up, so a person has to grant it."""
        return self.after > self.before


def records(
    outcomes: Iterable[Row],
    *,
    as_of: date,
    drifted: Iterable[str] = (),
    grades: Mapping[str, str] | None = None,
    breaches: Mapping[tuple[str, str], int] | None = None,
) -> dict[tuple[str, str, str], Record]:
    """What each agent's matured decisions have come to, by kind of action, segment and agent; segment "" holds all of a kind.

    Only decisions within the policy's window count, and of those only what is known to be right or wrong.

    Args:
        outcomes: rows of `marts.decisions`: action_kind_code, segment_name, proposer_name, is_agent, is_matured, is_right,
            proposed_date, benefit_amount, error_cost_amount; an overridden or handed-on one says nothing of the agent.
        as_of: the day of the build.
        drifted: kinds of action whose models have drifted.
        grades: data grade by kind of action; D is too poor to act on.
        breaches: how often the desk refused an agent's wish, by kind and agent; `dues` adds what the ledger tells of it.
    """
    found: dict[tuple[str, str, str], Record] = {}
    for row in outcomes:
        kind, agent = row["action_kind_code"], row["proposer_name"]
        if not row["is_agent"] or kind not in packaged() or row.get("decider_name", agent) != agent:
            continue
        window = timedelta(days=packaged()[kind].autonomy.window_days)
        is_told = row["is_matured"] and row["is_right"] is not None and as_of - row["proposed_date"] <= window
        for segment in dict.fromkeys((ALL, row["segment_name"] or ALL)):
            before = found.get((kind, segment, agent), Record())
            found[(kind, segment, agent)] = _with(before, row) if is_told else before
    told, poor = set(drifted), {kind for kind, grade in (grades or {}).items() if grade in POOR_GRADES}
    return {
        (kind, segment, agent): replace(
            record,
            is_drifted=kind in told,
            is_stale=kind in poor,
            breaches=(breaches or {}).get((kind, agent), 0),
        )
        for (kind, segment, agent), record in sorted(found.items())
    }


def records_of(build: Build) -> dict[tuple[str, str, str], Record]:
    """The records of all agents by what a build says: outcomes, which models have drifted, and how far its data can be trusted."""
    as_of = build.facts()["as_of_date"]
    rows = build.query(f"select {', '.join(NEEDED)} from marts.decisions where is_agent").iter_rows(named=True)  # noqa: S608  fixed names
    drifted = _drifted(build)
    return records(
        rows,
        as_of=as_of,
        drifted=[kind for kind, models in RESTS_ON_MODELS.items() if drifted & set(models)],
        grades=_grades(build),
    )


def _grades(build: Build) -> dict[str, str]:
    """The worst data that a kind of action rests on now: the grade of the extracts that it is worked out from, where they are graded."""
    if not build.has("marts.data_grades"):
        return {}
    rows = build.query("select contract_name, data_grade_code from marts.data_grades where data_grade_code is not null")
    graded = dict(rows.iter_rows())
    found = {kind: [graded[name] for name in names if name in graded] for kind, names in RESTS_ON_DATA.items()}
    return {kind: max(grades) for kind, grades in found.items() if grades}


def _drifted(build: Build) -> set[str]:
    """Models of which a drift signal stands in the build; none where the build keeps no such table."""
    if not build.has("scores.drift"):
        return set()
    rows = build.query("select model_code from scores.drift where is_drifted and kind_code = 'error'")
    return set(rows["model_code"].to_list())


def dues(book: Book, found: Mapping[tuple[str, str, str], Record]) -> list[Due]:
    """The levels that should change by these records; where several agents share a level, the worst record decides."""
    worst: dict[tuple[str, str], Due] = {}
    for (kind, segment, agent), record in _with_breaches(book, found).items():
        if (
            segment != ALL
            and record.matured < book.policy(kind).autonomy.least_decisions
            and (kind, segment) not in book.levels
        ):
            continue  # too few of their own: the segment goes with its kind
        now = book.level(kind, segment)
        said: Earned = earned(record, book.policy(kind).autonomy, now=now)
        due = Due(kind, segment, agent, now, said.level, said.because, record, said.lower_bound)
        if (kind, segment) not in worst or due.after < worst[(kind, segment)].after:
            worst[(kind, segment)] = due
    return [due for due in worst.values() if due.after != due.before]


def _with_breaches(book: Book, found: Mapping[tuple[str, str, str], Record]) -> dict[tuple[str, str, str], Record]:
    """The records with the wishes that the desk refused since the level was last set, of agents without any outcome as well.

    An agent asks the policy before it proposes, and stops. One whose wish the desk itself had to refuse did not.
    """
    known = dict(found)
    for act in book.alerts:
        kind = str(act.payload.get("kind", ""))
        if act.payload.get("is_agent") and kind in packaged():
            known.setdefault((kind, ALL, act.who), Record())
    return {
        (kind, segment, agent): replace(record, breaches=record.breaches + _breaches(book, kind, segment, agent))
        for (kind, segment, agent), record in known.items()
    }


def _breaches(book: Book, kind: str, segment: str, agent: str) -> int:
    held = book.levels.get((kind, segment))
    since = held.since if held is not None else None
    mine = (act for act in book.alerts if act.who == agent and act.payload.get("kind") == kind)
    return sum(bool(act.payload.get("is_agent")) and (since is None or act.at > since) for act in mine)


def settled(desk: Desk, build: Build) -> list[Due]:
    """What `settle` gives on what a build says; nothing where it does not tell of decisions."""
    return settle(desk, records_of(build)) if build.has("marts.decisions") else []


def settle(desk: Desk, found: Mapping[tuple[str, str, str], Record]) -> list[Due]:
    """Lowers what must be lowered, by acts at this desk, and gives all that is due; promotions wait for a person (`grant`).

    The same records again change nothing.
    """
    due = dues(desk.book, found)
    for one in due:
        if not one.is_promotion:
            desk.set_level(one.kind, one.segment, one.after, one.because, evidence(one))
    return due


def grant(desk: Desk, due: Due) -> None:
    """The promotion granted by the person at this desk.

    Errors: a Refusal without the right to put policies in force, or above the policy's ceiling.
    """
    desk.set_level(due.kind, due.segment, due.after, due.because, evidence(due))


def evidence(due: Due) -> dict[str, Any]:
    """What a change of level rests on, for the act that makes it."""
    record = due.record
    return {
        "agent": due.agent,
        "right": record.right,
        "matured": record.matured,
        "lost_amount": record.lost_amount,
        "is_drifted": record.is_drifted,
        "is_stale": record.is_stale,
        "lower_bound": None if due.lower_bound is None else round(due.lower_bound, 4),
    }


def _with(record: Record, row: Row) -> Record:
    """The record with one more decision that is known to be right or wrong."""
    benefit = row["benefit_amount"]
    lost = max(Decimal(0), -Decimal(str(benefit))) if benefit is not None and not row["is_right"] else Decimal(0)
    return replace(
        record,
        right=record.right + bool(row["is_right"]),
        matured=record.matured + 1,
        lost_amount=record.lost_amount + lost.quantize(Decimal("0.01")),
    )
