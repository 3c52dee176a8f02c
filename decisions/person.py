"""Who is at the desk: a name that the front door has established, the roles it has, and whether it is a machine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody who wants something; `who` comes from the front door, never from a form."""

    who: str
    roles: frozenset[str] = frozenset()
    is_agent: bool = False

    @property
    def kind(self) -> str:
        """`person` or `agent`, as policies ask."""
        return "agent" if self.is_agent else "person"
