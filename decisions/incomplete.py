"""What an agent does where the systems before it have not told everything: as its use case says; people decide where none says it."""

from collections.abc import Mapping, Sequence
from typing import Any

from decisions.ai_budget import NOTHING_KNOWN
from decisions.ai_folding import AiBook
from models.ai_economics.placement_gaps import ESCALATE, Incomplete, when_incomplete
from models.ai_economics.use_case import is_sound, use_case


def handed_over(missing: Sequence[str]) -> Incomplete:
    """Where no use case says what to do, people do it.

    >>> handed_over(("on_hand_qty",)).said
    'Without on_hand_qty it hands the case to a person.'
    """
    return Incomplete(ESCALATE, False, f"Without {', '.join(missing)} it hands the case to a person.")


def behaviour(
    book: AiBook, use_case_id: str | None, missing: Sequence[str], *, built: Mapping[str, Any] = NOTHING_KNOWN
) -> Incomplete:
    """What the use case does without these columns, by its definition as it stands now.

    Args:
        book: the fold of all acts about AI.
        use_case_id: the use case that the agent or the letter is; None where it is none.
        missing: columns that are not filled; at least one.
        built: the use case's definition in the build that is read.
    """
    held = book.definition(use_case_id, built) if use_case_id else {}
    found = when_incomplete(use_case(held), missing) if is_sound(held) else None
    return found or handed_over(missing)
