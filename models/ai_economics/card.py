"""The card of a use case of AI: what it does and does not do, when it may be trusted, and when a person takes over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Card:
    """Four sentences, each empty where nobody has said it.

    Attributes:
        does, does_not: its work, and what nobody may expect of it.
        trust_when: when its answer may be relied on.
        escalate_when: when a person takes over; it fits the controls of the use case and what it does on incomplete data.
    """

    does: str = ""
    does_not: str = ""
    trust_when: str = ""
    escalate_when: str = ""

    @property
    def unsaid(self) -> tuple[str, ...]:
        """The sentences that nobody has said, by name.

        >>> Card(does="It drafts letters.", trust_when=" ").unsaid
        ('does_not', 'trust_when', 'escalate_when')
        """
        return tuple(name for name in SENTENCES if not getattr(self, name).strip())


SENTENCES = tuple(one.name for one in fields(Card))


def card_faults(said: Any) -> Iterator[str]:
    """What is wrong with a card as a definition says it, in sentences; none where nothing is, and none where there is no card.

    >>> list(card_faults(None)), list(card_faults({"does": 3, "costs": "much"}))
    ([], ['Its card knows no costs.', 'What its card says of does must be a text.'])
    """
    if said is None:
        return
    if not isinstance(said, Mapping):
        yield "Its card must say each sentence by its name."
        return
    if unknown := [str(name) for name in said if name not in SENTENCES]:
        yield f"Its card knows no {', '.join(unknown[:3])}."
    for name in SENTENCES:
        if not isinstance(said.get(name, ""), str):
            yield f"What its card says of {name.replace('_', ' ')} must be a text."
