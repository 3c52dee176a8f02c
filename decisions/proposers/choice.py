"""Which of a case's options an agent may and would choose: the suggested one, unless something speaks against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from decisions.proposers.agent import MESSAGES, Agent
from decisions.proposers.toolbox import Row


class EscalateError(Exception):
    """People decide, or the case waits for data (`is_held`); `because` tells them why."""

    def __init__(self, because: str, *, is_held: bool = False):
        super().__init__(because)
        self.because, self.is_held = because, is_held


@dataclass(frozen=True)
class Choice:
    """One option of a case, why it is the one, and the figures that it was compared by."""

    option: Row
    because: str
    facts: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """The kind of action that it is."""
        return str(self.option["action_kind_code"])


def chosen(agent: Agent, options: Sequence[Row]) -> Choice | None:
    """The option that the agent would propose; None where doing nothing is best.

    Messages never compete with actions: who writes messages compares these alone, everybody else leaves them out.

    Errors: an EscalateError where the best option is not the agent's to choose, is a tie, has no known worth, or is not the suggested one.
    """
    rivals = [
        option
        for option in options
        if not option.get("is_do_nothing") and (option.get("action_kind_code") in MESSAGES) == agent.is_alongside
    ]
    if not rivals:
        return None
    if agent.is_alongside and len(rivals) == 1 and _gain(rivals[0]) is None:
        return _permitted(agent, rivals[0], "it is the one message that this case asks for.", {})
    if unknown := [str(option.get("option_text")) for option in rivals if _gain(option) is None]:
        raise EscalateError(f"Nobody knows what it is worth: {'; '.join(unknown[:3])}.")
    ranked = sorted(rivals, key=lambda option: (-_worth(option), int(option["option_no"])))
    best, gain = ranked[0], _worth(ranked[0])
    facts = {"gain_amount": gain, "option_count": len(rivals)}
    if gain <= 0:
        return None
    if not agent.is_alongside and (
        suggested := [option for option in rivals if option.get("is_suggested") and option is not best]
    ):
        said = f"{suggested[0].get('option_text')} is suggested, and {best.get('option_text')} gains more"
        raise EscalateError(f"Its inputs disagree: {said}.")
    if len(ranked) > 1:
        second = _worth(ranked[1])
        facts |= {"next_gain_amount": second}
        # Letters to different people are no alternatives to each other: the one that gains most is written first.
        if not agent.is_alongside and gain - second <= Decimal(str(agent.stops.tie_share)) * gain:
            raise EscalateError(
                f"It is a tie: {best.get('option_text')} and {ranked[1].get('option_text')} lie within {agent.stops.tie_share:.0%}."
            )
        more = f"{gain - second:,.2f} more than the next"
    else:
        more = "and there is no other"
    return _permitted(agent, best, f"{best.get('option_text')} gains {gain:,.2f} against doing nothing, {more}.", facts)


def _permitted(agent: Agent, option: Row, because: str, facts: Mapping[str, Any]) -> Choice:
    if option.get("action_kind_code") not in agent.permitted:
        kind = str(option.get("action_kind_code") or "do what nobody knows").replace("_", " ")
        raise EscalateError(f"The best option is to {kind}, which this agent may not propose.")
    return Choice(option, because, facts)


def _gain(option: Row) -> Decimal | None:
    """What an option is expected to gain; None where nobody knows, or it is no number."""
    value = option.get("gain_amount")
    try:
        gain = None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None
    return gain if gain is not None and gain.is_finite() else None


def _worth(option: Row) -> Decimal:
    gain = _gain(option)
    return Decimal(0) if gain is None else gain
