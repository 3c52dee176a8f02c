"""How far agents may act: the written rule by which their freedom grows, what must stand before it does, and each kind of action."""

from typing import Any

from decisions.autonomy import ACTS, LEVELS, WIDELY_TIMES, Record, wilson_lower
from decisions.desk import Desk
from decisions.earning import ALL, Due, dues, records_of
from decisions.levels import BEFORE, in_words, unsettled
from decisions.policy_text import packaged
from decisions.roles import who_may
from pages.parts.agents import RECORDS
from pages.parts.ask import has_rows
from pages.parts.governance_pack import Line, Section, listed
from pages.parts.kept import place
from pages.parts.page import Visit
from pages.parts.words import Words

DECISIONS = "marts.decisions"


def section(visit: Visit, desk: Desk, rows: list[dict[str, Any]]) -> Section:
    """The rule for more autonomy, for less, and what must stand first."""
    dials = [desk.book.policy(kind).autonomy for kind in packaged()]
    # What never may act alone is judged by nobody: its numbers would only widen the spans.
    dials = [dial for dial in dials if dial.ceiling >= ACTS] or dials
    words = visit.words
    least = _between([dial.least_decisions for dial in dials], words.count)
    days = _between([dial.window_days for dial in dials], words.count)
    rates = _between([dial.required_rate for dial in dials], words.share)
    lost = _between([dial.loss_budget_amount for dial in dials], words.money)
    more = (
        f"One step at a time, never above the ceiling of the policy. It takes {least} decisions with a known outcome within {days} days, "
        f"by kind; to act alone, the share that was right has to be at least {rates} nearly surely (lower end of its 95% interval), "
        f"and half of the way there from an even coin to suggest; {WIDELY_TIMES} times as many decisions to be checked by samples only. "
        f"Only {' or '.join(who_may('approve_policy'))} may raise a level."
    )
    less = (
        "At once and without asking: down to drafts when the desk had to refuse a wish of the agent, a model that it rests on has drifted, "
        f"its data are of grade D, or it lost more than its policy allows ({lost}); down to suggesting when too few decisions are known."
    )
    return Section(
        "autonomy", "Autonomy: the written rule",
        (
            Line("More freedom", more, "rules"),
            Line("Less freedom", less, "rules"),
            Line("First of all", before(rows), "risks", {"tab": "ownership"}),
        ),
    )  # fmt: skip


def _between(numbers: list[Any], said: Any) -> str:
    """The smallest and the largest of some numbers, or the one that they all are.

    >>> _between([20, 40, 20], str), _between([180, 180], str)
    ('20 to 40', '180')
    """
    low, high = min(numbers), max(numbers)
    return said(low) if low == high else f"{said(low)} to {said(high)}"


def before(rows: list[dict[str, Any]]) -> str:
    """Whether model ownership, approval rights, retention, access and escalation stand, in a sentence."""
    asked = f"{', '.join(list(BEFORE)[:-1])} and {list(BEFORE)[-1]}"
    if not rows:
        return (
            f"Before agents may act alone, {asked} have to be settled; no register was built yet, so nobody can tell."
        )
    open_ones = unsettled(rows)
    if not open_ones:
        return f"Before agents may act alone, {asked} have to be settled: they are."
    return f"Before agents may act alone, {asked} have to be settled; the desk refuses it until then. Not settled: {in_words(open_ones)}."


def kinds(visit: Visit, desk: Desk) -> Section:
    """Each kind of action: the level in force, its ceiling, and what agents have shown."""
    held = _records(visit)
    lines, silent = [], []
    for kind in packaged():
        policy, level = desk.book.policy(kind), desk.book.level(kind)
        shown = [one for (of, segment, _), one in held.items() if of == kind and segment == ALL and one.matured]
        if not shown:
            silent.append(f"{policy.title} L{level} of L{policy.autonomy.ceiling}")
            continue
        said = f"L{level} of at most L{policy.autonomy.ceiling}; {evidence(shown, policy.autonomy, visit.words)}."
        lines.append(Line(policy.title, said, "rules", {"tab": "agents"}))
    if silent:
        told = f"{listed(silent, most=len(silent))}."
        lines.append(Line("No outcome of an agent is known", told, "rules", {"tab": "agents"}))
    note = "; ".join(f"L{level} {short(level)}" for level in LEVELS)
    return Section(
        "kinds", "Autonomy of each kind of action: level granted, ceiling, evidence", tuple(lines), f"{note}."
    )


def short(level: int) -> str:
    """A level in a word.

    >>> short(2), short(3)
    ('suggests', 'acts')
    """
    return LEVELS[level].split(":")[0].split(",")[0].split(" within")[0]


def evidence(shown: list[Record], dial: Any, words: Words) -> str:
    """What the agents of a kind have shown, the worst of them, beside what the policy asks to act alone."""
    worst = min(shown, key=lambda record: wilson_lower(record.right, record.matured))
    least = words.share(wilson_lower(worst.right, worst.matured))
    asked = f"{words.share(dial.required_rate)} of at least {dial.least_decisions} asked"
    return f"{worst.right} of {worst.matured} right, so at least {least}; {asked}"


def wishes(visit: Visit, desk: Desk, rows: list[dict[str, Any]]) -> list[Line]:
    """What the council is asked of autonomy: levels that are due to rise, and what is not settled before they may."""
    found = []
    open_ones = unsettled(rows) if rows else {}
    due: list[Due] = [one for one in dues(desk.book, _records(visit)) if one.is_promotion]
    if due:
        names = listed(
            [
                f"{desk.book.policy(one.kind).title}{f', segment {one.segment}' if one.segment else ''} from L{one.before} to L{one.after}"
                for one in due
            ],
            most=3,
        )
        said = "Earned, and held back by what is not settled" if open_ones else "Earned, and waiting for a word"
        found.append(Line("More autonomy", f"{said}: {names}.", "rules", {"tab": "agents"}))
    if open_ones:
        found.append(
            Line(
                "Before more autonomy",
                f"Settle {listed(list(open_ones))}; until then the desk lets no further agent act alone.",
                "risks",
                {"tab": "ownership"},
            )
        )
    return found


def _records(visit: Visit) -> dict[tuple[str, str, str], Record]:
    """The records of agents of this build; none where it tells of no decision."""
    if not has_rows(visit, DECISIONS):
        return {}
    return RECORDS.get(place(visit), lambda: records_of(visit.build))
