"""What a build is made from: the loads in force with their checked rows, and the moment at which it knows the world."""

from dataclasses import dataclass
from datetime import datetime

from pipelines.check import Checked


@dataclass(frozen=True)
class Load:
    """A load in force: the act that recorded it, and its checked rows. Later loads have higher numbers and win."""

    number: int
    load_id: str
    payload: dict
    loaded_at: datetime
    who: str
    checked: Checked


@dataclass(frozen=True)
class Moment:
    """The instant a build knows the world at, and whether the data goes on after it."""

    as_of: datetime
    cuts: bool
