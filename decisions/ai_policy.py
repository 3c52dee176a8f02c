"""The one policy for AI: put together from where each part of it is kept and enforced, as one text with a version."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from decisions.acts import Acted
from decisions.ai_policy_sections import (
    REGISTER_ROWS,
    Section,
    Source,
    approving,
    deploying,
    logging,
    prompting,
    reading,
)
from decisions.book import Book

WIDTH = 120
HASH_LENGTH = 10
# Acts that always change what the policy says; others only where they are about a part of it (`_is_change`).
KINDS = {
    "use_case": "changed a use case",
    "ai_control": "switched a control",
    "place": "decided where a use case runs",
    "technique": "chose a technique",
    "autonomy": "set the level of agents",
    "pin": "pinned a model",
    "freeze": "froze the calendar",
    "thaw": "thawed the calendar",
}
FRESHNESS = "freshness_days_"


@dataclass(frozen=True)
class Change:
    """One act by which the company made the policy its own."""

    day: str
    who: str
    did: str
    subject: str

    def as_row(self, number: int) -> dict[str, Any]:
        """The change as a line of the text."""
        return {"change": number, "day": self.day, "who": self.who, "did": self.did, "of": self.subject}


@dataclass(frozen=True)
class AiPolicy:
    """What holds for AI in a company: its sections, and every change by an act, the first first."""

    company: str
    currency: str
    sections: tuple[Section, ...]
    changes: tuple[Change, ...]

    @cached_property
    def version(self) -> str:
        """How often people have changed it, and a hash of all that it says: "12-0f3a9c41d2"."""
        said = hashlib.sha256(_yaml(self._body).encode()).hexdigest()[:HASH_LENGTH]
        return f"{len(self.changes)}-{said}"

    @cached_property
    def text(self) -> str:
        """The whole policy as YAML; the same inputs give the same bytes."""
        head = (
            "# AI policy in force, put together by Crossdock from where each part is kept and enforced.\n"
            "# Nobody edits this text: change the part, and the next version says so. Version: changes by people, then a hash of it all.\n"
        )
        return head + _yaml({"policy": "AI", "version": self.version} | self._body)

    @property
    def _body(self) -> dict[str, Any]:
        told = {
            one.key: {"says": one.title, "enforced": one.enforced, "in": list(one.where), "entries": [dict(entry) for entry in one.entries]}
            for one in self.sections
        }  # fmt: skip
        return (
            {"company": self.company, "money_in": self.currency}
            | told
            | {"changes": [one.as_row(number) for number, one in enumerate(self.changes, 1)]}
        )


def in_force(
    book: Book,
    acts: Iterable[Acted],
    *,
    company: str,
    currency: str,
    built: Mapping[str, Mapping[str, Any]],
    sources: Iterable[Source],
) -> AiPolicy:
    """The policy for AI that is in force.

    Args:
        book: the fold of all acts.
        acts: the same acts in their order, for what was changed by whom.
        company, currency: whose policy it is, and what its money is counted in.
        built: the definitions of use cases in the build, by id; empty without one.
        sources: the contracts of extracts, with the grade and the freshness that hold now.
    """
    sections = (deploying(book), reading(book, built, sources), prompting(book, built), approving(book), logging(book))
    changes = [
        Change(act.at.date().isoformat(), act.who, did, act.subject) for act in acts if (did := _is_change(book, act))
    ]
    return AiPolicy(company, currency, sections, tuple(changes))


def _is_change(book: Book, act: Acted) -> str:
    """What an act changed of the policy, in words; empty where it changed nothing of it."""
    if act.kind in KINDS:
        return KINDS[act.kind]
    if act.kind == "keep_register" and act.subject in REGISTER_ROWS:
        return "kept a row of a register"
    if act.kind == "assume" and act.subject.startswith(FRESHNESS):
        return "set how old a source may be"
    if act.kind == "approve" and (standing := book.standings.get(act.subject)) is not None:
        wish = standing.proposal
        if wish.kind == "policy_change" and standing.state == "approved" and standing.decided_at == act.at:
            return f"put the policy for {wish.action['policy']} in force"
    return ""


def _yaml(said: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(said), sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False)
