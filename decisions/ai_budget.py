"""The budget that a use case has for a day, by the controls of the registry: an enforced one refuses, a stopped use case makes no call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from decisions.ai_folding import AiBook
from errors import Refusal

DAILY_TOKENS, TOOL_CALLS = "daily token budget", "cap on tool calls"
TOKENS_PER_DAY = 20_000
ENFORCED, STOPPED = "enforced", "stopped"
# Which use case each bounded agent is; the inventory agent calls no model and is none.
AGENT_USE_CASES = {"order": "UC4", "procurement": "A2", "follow_up": "A2"}
# Part of every run of a bounded agent (`proposers.run`, `earning`): what is enforced so has no switch.
ALWAYS_ON = frozenset({"stop rules", "success rate of tasks"})
Definition = Mapping[str, Any]
NOTHING_KNOWN: Definition = {}


@dataclass(frozen=True)
class Budget:
    """What a use case may take on a day, and has taken.

    Args:
        use_case_id: whose it is.
        limit: tokens of a day.
        used: tokens that the product's own calls have taken on the day.
        is_on: whether the control is switched on and enforced; where it is not, nothing is refused for the limit.
        refused_count: calls that it has refused on the day.
        is_stopped: whether the use case was stopped, which refuses every call.
    """

    use_case_id: str
    limit: int = TOKENS_PER_DAY
    used: int = 0
    is_on: bool = True
    refused_count: int = 0
    is_stopped: bool = False

    @property
    def left(self) -> int | None:
        """Tokens that are left for the day; None where nothing limits them."""
        return max(self.limit - self.used, 0) if self.is_on else None

    def why_not(self, wanted: int) -> str:
        """Why a call that may take so many tokens is refused, in a sentence; empty where it may be made.

        >>> Budget("A2", 1_000, 900).why_not(200)
        "The day's budget of 1,000 tokens for A2 does not hold it: 900 are used, and the call may take 200."
        >>> Budget("A2", 1_000, 900, is_on=False).why_not(200), Budget("A2", 1_000, 900).why_not(100)
        ('', '')
        """
        if self.is_stopped:
            return f"The use case {self.use_case_id} was stopped, and makes no calls."
        if self.is_on and self.used + wanted > self.limit:
            return (
                f"The day's budget of {self.limit:,} tokens for {self.use_case_id} does not hold it: "
                f"{self.used:,} are used, and the call may take {wanted:,}."
            )
        return ""

    def refusal(self, wanted: int, letter_kind: str, case_id: str = "") -> dict[str, Any]:
        """What is kept beside an act of a call that was refused; empty where it may be made."""
        why = self.why_not(wanted)
        said = {
            "use_case_id": self.use_case_id,
            "control": "stage" if self.is_stopped else DAILY_TOKENS,
            "limit": self.limit,
            "used": self.used,
            "wanted": wanted,
            "letter_kind": letter_kind,
            "case_id": case_id,
            "because_text": why,
        }
        return said if why else {}


def budget(
    book: AiBook, use_case_id: str, day: date, *, built: Definition = NOTHING_KNOWN, limit: int = TOKENS_PER_DAY
) -> Budget:
    """The budget of a use case for a day, by what the ledger says now.

    Args:
        book: the fold of all acts about AI.
        use_case_id: whose budget.
        day: the day, as the world counts them (UTC).
        built: the use case's definition in the build that is read, or its template.
        limit: the tokens of a day where the control names no limit of its own.
    """
    held = book.definition(use_case_id, built)
    control = _control(held, DAILY_TOKENS)
    own = control.get("limit")
    return Budget(
        use_case_id,
        limit=limit if own is None else int(own),
        used=book.tokens.get((use_case_id, day), 0),
        is_on=_is_enforced(control),
        refused_count=refused_count(book, use_case_id, day),
        is_stopped=held.get("stage") == STOPPED,
    )


def refused_count(book: AiBook, use_case_id: str, day: date | None = None) -> int:
    """How many calls of a use case its budget has refused, on a day or ever."""
    return sum(
        one.get("use_case_id") == use_case_id and (day is None or one["at"].astimezone(UTC).date() == day)
        for one in book.refusals
    )


def tool_call_cap(book: AiBook, use_case_id: str, built: Definition = NOTHING_KNOWN) -> int | None:
    """How many tools an agent may ask about one case; None where the control is off or nobody has named a cap."""
    held = book.definition(use_case_id, built)
    control = _control(held, TOOL_CALLS)
    own = control.get("limit")
    cap = (held.get("tokens") or {}).get("tool_call_cap") if own is None else own
    return None if cap is None or not _is_enforced(control) else int(cap)


def stays_on(use_case_id: str, controls: Iterable[Mapping[str, Any]]) -> None:
    """Passes where none of these controls is off that every run of our own agents keeps anyway: a switch that does nothing would deceive.

    The use case decides it, and not how a control is said to be kept: the runs of these use cases are ours. A definition that
    leaves such a control out passes, for it claims nothing; the runs keep to it all the same.

    Args:
        use_case_id: whose controls.
        controls: those that somebody says now. One that an older act has left off does not count, so that the use case can still
            be stopped or get another owner; whoever says its controls again has to put it on.

    Errors: a Refusal that names the control.
    """
    if use_case_id not in AGENT_USE_CASES.values():
        return
    for one in controls:
        if one["control"] in ALWAYS_ON and not one.get("is_on", True):
            name = one["control"].capitalize()
            why = f"{name}: every run of its agents keeps to it, so it cannot be switched off."
            raise Refusal(
                "Nothing was recorded.",
                why,
                "Leave it on. Stop the use case, or lower on the Rules page how far its agents may go.",
            )


def _control(held: Definition, name: str) -> Mapping[str, Any]:
    """The control of that name; one that nobody has switched or declared is on and enforced."""
    return next((one for one in held.get("controls", ()) if one["control"] == name), {})


def _is_enforced(control: Mapping[str, Any]) -> bool:
    return bool(control.get("is_on", True)) and control.get("how", ENFORCED) == ENFORCED
