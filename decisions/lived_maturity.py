"""How the people of a demo company of some maturity live: whether they decide here, what they let agents do, and which rows they keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from decisions.desk import Desk
from decisions.lived_registers import WHY
from decisions.registers import IN_PLACE, Kept, owners
from store.company import Company

FOLDER = Path(__file__).resolve().parent.parent / "data" / "maturity"
NAMED_IN = "world/maturity.txt"  # pipelines/demo/maturity.py writes it


@dataclass(frozen=True)
class Life:
    """What a company's people do here.

    Attributes:
        decides: whether they decide here at all.
        acts_alone: whether an agent may act alone.
        failed_one_in: one batch in so many does not arrive at its first attempt.
        use_cases: which of those of the demo company they take up; None for all.
        controls: which controls they set, as the file of the maturity says.
        keeps: the registers whose rows they put in place.
    """

    decides: bool = True
    acts_alone: bool = True
    failed_one_in: int = 45
    use_cases: tuple[str, ...] | None = None
    controls: tuple[Mapping[str, Any], ...] = ()
    keeps: tuple[str, ...] = ()


def life_of(company: Company) -> Life:
    """How the people of a demo company live; the ordinary life where it was grown without a maturity."""
    named = company.folder / NAMED_IN
    return life(named.read_text("utf-8").strip()) if named.exists() else Life()


@cache
def life(name: str) -> Life:
    """The life of a maturity, as its file says.

    >>> life("immature").decides, life("mature").keeps[:2]
    (False, ('ownership', 'security_baseline'))
    """
    said = yaml.load((FOLDER / f"{name}.yml").read_text("utf-8"), yaml.CSafeLoader)
    return Life(
        said["decides"], said["acts_alone"], said["failed_one_in"], tuple(said["use_cases"]), tuple(said.get("controls", ())),
        tuple(said["keeps"]),
    )  # fmt: skip


def keep_rows(desk: Desk, lived: Life) -> list[str]:
    """The rows that were put in place now, of the registers that they keep: none that anybody ever kept."""
    today, told = desk.now().date(), []
    for subject, row in _rows().items():
        if subject.split("/")[0] in lived.keeps and subject not in desk.book.registers:
            said = Kept(
                status=IN_PLACE, owner=owners()[subject], evidence=row["evidence"], held=row.get("held"),
                reviewed_on=today - timedelta(days=row["looked_days_ago"]),
            )  # fmt: skip
            desk.keep_register(subject, said, WHY)
            told.append(subject)
    return told


@cache
def _rows() -> dict[str, dict[str, Any]]:
    """What shows each row that such a company keeps."""
    return yaml.load((FOLDER / "kept_rows.yml").read_text("utf-8"), yaml.CSafeLoader)
