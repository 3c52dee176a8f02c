"""What a page declares about itself, and who is visiting which build of which company."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from decisions.roles import ROLES, in_order
from pages.parts.kept import Kept, place
from pages.parts.words import Words

FACTS: Kept[dict[str, Any]] = Kept(at_most=50)


@dataclass(frozen=True)
class Page:
    """One page: the question that it answers, for whom, and the extracts without which it has nothing to say.

    Args:
        needs: names of contracts; while one of them is empty the page shows which extract to upload instead.
        icon: a Material symbol, shown in the sidebar.
        order: place within the sidebar section, lowest first.
        is_default: the page that opens at the bare address.
        opens_without_build: whether it has something to say before the first refresh.
        roles: who may open it; everybody with a role in the company, unless the page says otherwise.
    """

    title: str
    question: str
    audience: str
    needs: tuple[str, ...] = ()
    icon: str = ":material/description:"
    order: int = 50
    is_default: bool = False
    opens_without_build: bool = False
    roles: frozenset[str] = frozenset(ROLES)


@dataclass(frozen=True)
class Viewer:
    """Who is looking, as the front door established it; never taken from a form field or the address.

    Args:
        who: the name that the ledger writes down.
        display_name: the name that people know.
        roles: the roles held in this company; with none of them nothing opens.
        is_demo: whether this is a part that a visitor of the demo plays, and nobody was asked for a password.
        session: the hash of the session behind it, so that an act can be refused after the session has ended.

    >>> ana = Viewer("ana", roles=frozenset({"analyst", "planner"}))
    >>> ana.role, ana.called, Viewer("bo").role
    ('planner', 'ana', '')
    """

    who: str
    display_name: str = ""
    roles: frozenset[str] = frozenset()
    is_demo: bool = False
    session: str = field(default="", repr=False, compare=False)

    @property
    def role(self) -> str:
        """The first of the roles in their usual order, where there is room for one; empty without any."""
        return next(iter(in_order(self.roles)), "")

    @property
    def called(self) -> str:
        """The name to show: the one that people know, if there is one."""
        return self.display_name or self.who


@dataclass(frozen=True)
class Visit:
    """One look at one build: everything that a page may know about where it stands.

    Args:
        company: a `store.company.Company`.
        build: a `store.warehouse.Build`, or None before the first refresh.
        doors: the pages by address (`"orders"`), for links.
        here: the address of the page being looked at.
    """

    company: Any
    build: Any
    viewer: Viewer
    doors: Mapping[str, Any] = field(default_factory=dict, compare=False)
    here: str = ""

    @cached_property
    def words(self) -> Words:
        """How this company writes numbers, money and dates."""
        return Words(self.company.locale_name, self.company.reporting_currency, self.company.timezone_name)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The one row of `raw.build`; empty before the first refresh."""
        return FACTS.get(place(self), self.build.facts) if self.build is not None else {}

    @property
    def as_of(self) -> dt.date | None:
        """The day that the figures stand for."""
        return self.facts.get("as_of_date")

    def door(self, address: str) -> Any | None:
        """The page at that address, or None where this build of the product has no such page."""
        return self.doors.get(address)
