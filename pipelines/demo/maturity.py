"""How far along a demo company is: which of its extracts are landed, and which phases and stages it has earned because it was made so."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from errors import Refusal
from pipelines.demo.extracts import EXTRACTS

DATA = Path(__file__).resolve().parents[2] / "data" / "maturity"
NAMES = ("immature", "middling", "mature")
FILE_NAME = "maturity.txt"
TRUTH = Path("truth") / "maturity.csv"
COLUMNS = {
    "subject_kind": pl.String,
    "subject_id": pl.String,
    "stands": pl.String,
    "works_on_stage_no": pl.Int64,
    "earned_stage_no": pl.Int64,
    "because": pl.String,
}


@dataclass(frozen=True)
class Maturity:
    """One of `NAMES`: what it is in a sentence, the contracts whose files are not landed, and what is true of it."""

    name: str
    says: str
    leaves_out: frozenset[str]
    truth: pl.DataFrame

    def lands(self, path: Path) -> bool:
        """Whether the file of an extract is landed: one of its contracts is not left out."""
        return not contracts_of(path) <= self.leaves_out


@cache
def maturity_named(name: str) -> Maturity:
    """The maturity of that name; one that there is not is refused.

    >>> sorted(maturity_named("middling").leaves_out)
    ['ai_bills', 'ai_calls', 'ai_cases']
    """
    if name not in NAMES:
        raise Refusal(
            f"No demo company of maturity {name!r} was grown.", "There are three.", f"Use one of: {', '.join(NAMES)}."
        )
    said = yaml.load((DATA / f"{name}.yml").read_text("utf-8"), yaml.CSafeLoader)
    return Maturity(name, said["says"], frozenset(said["leaves_out"]), _truth(said["truth"]))


def contracts_of(path: Path) -> frozenset[str]:
    """The contracts that a file of the demo world holds rows of, by its name.

    >>> (
    ...     sorted(contracts_of(Path("erp_masters.xlsx"))),
    ...     sorted(contracts_of(Path("erp_orders_history_to_2026-10-17.csv"))),
    ... )
    (['carriers', 'customers', 'sites', 'suppliers'], ['orders'])
    """
    mine = [one for one in EXTRACTS if path.stem == one.stem or path.stem.startswith(f"{one.stem}_")]
    longest = max((len(one.stem) for one in mine), default=0)
    return frozenset(one.contract for one in mine if len(one.stem) == longest)


def remember(folder: Path, maturity: Maturity) -> None:
    """Write into a world what it is, and what is true of it because it was made so."""
    (folder / TRUTH).parent.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(f"{maturity.name}\n", "utf-8")
    maturity.truth.write_csv(folder / TRUTH)


def maturity_of(folder: Path) -> Maturity | None:
    """What a world was grown as; None for the ordinary demo company."""
    path = folder / FILE_NAME
    return maturity_named(path.read_text("utf-8").strip()) if path.exists() else None


def landed(files: Iterable[tuple[Path, Any]], maturity: Maturity | None) -> list[tuple[Path, Any]]:
    """The files, each with what belongs to it, that a company of that maturity lands."""
    return [(path, beside) for path, beside in files if maturity is None or maturity.lands(path)]


def _truth(said: dict[str, dict[str, dict[str, Any]]]) -> pl.DataFrame:
    phases = [("phase", code, one["stands"], None, None, one["because"]) for code, one in said["phases"].items()]
    flows = [
        ("workflow", code, None, one["works_on"], one["has_earned"], one["because"])
        for code, one in said["workflows"].items()
    ]
    return pl.DataFrame(phases + flows, schema=COLUMNS, orient="row")
