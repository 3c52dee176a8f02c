"""An act of the ledger as those see it who only read: whoever holds this cannot record one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol


class Acted(Protocol):
    """What somebody did: what kind of thing, to what, who, when (UTC), and what else it says."""

    @property
    def kind(self) -> str:
        """What was done."""

    @property
    def subject(self) -> str:
        """To what."""

    @property
    def who(self) -> str:
        """By whom."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The rest."""
