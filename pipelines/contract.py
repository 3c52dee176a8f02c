"""What an extract must look like: the contracts in `data/contracts/`, with types and meanings from `data/dictionary.yml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from errors import Refusal

DATA = Path(__file__).resolve().parent.parent / "data"

SQL_TYPES = {
    "id": "varchar",
    "code": "varchar",
    "name": "varchar",
    "text": "varchar",
    "key": "varchar",
    "qty": "decimal(18,3)",
    "amount": "decimal(18,4)",
    "cost": "decimal(18,4)",
    # One call to a model costs less than a hundredth of a cent.
    "fine_cost": "decimal(24,12)",
    "price": "decimal(18,4)",
    "share": "double",
    "number": "double",
    "count": "bigint",
    "days": "double",
    "hours": "double",
    "minutes": "double",
    "date": "date",
    "instant": "timestamptz",
    "boolean": "boolean",
    "map": "map(varchar, varchar)",
}


@dataclass(frozen=True)
class Column:
    """One column of a contract: its type, whether it must be there, and when its value became known."""

    name: str
    type: str
    meaning: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    known: str | None = None
    allowed: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    otherwise: str | None = None
    unlocks: str | None = None

    @property
    def sql_type(self) -> str:
        """The DuckDB type that holds this column."""
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class Contract:
    """One accepted extract: its grain, its key, its columns, and what it makes possible.

    `event` is the column of the moment from which a row exists in the world; a row without a moment of its own is known
    `known_with` the row of that contract which it belongs to (an order line with its order).
    """

    name: str
    title: str
    question: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    event: str | None = None
    known_with: str | None = None
    unlocks: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column of that name; a KeyError is a defect of the program, never of a file."""
        return next(c for c in self.columns if c.name == name)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns without which no row can be accepted."""
        return tuple(c.name for c in self.columns if c.required)


@cache
def dictionary() -> dict[str, dict[str, str]]:
    """Every column name of the product with its type and meaning.

    >>> dictionary()["ordered_qty"]["type"]
    'qty'
    """
    return yaml.load((DATA / "dictionary.yml").read_text("utf-8"), yaml.CSafeLoader)


@cache
def contracts() -> dict[str, Contract]:
    """All contracts by name, in the order of their files.

    >>> contracts()["order_lines"].key
    ('order_id', 'line_key')
    """
    return {path.stem: _contract(path) for path in sorted((DATA / "contracts").glob("*.yml"))}


def contract(name: str) -> Contract:
    """The contract of that name; a name that is not one is refused with the list of those that are."""
    if name not in contracts():
        raise Refusal(
            f"There is no extract called {name!r}.",
            "Crossdock knows a fixed list of extracts.",
            "Use one of: " + ", ".join(contracts()) + ".",
        )
    return contracts()[name]


def _contract(path: Path) -> Contract:
    spec = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    words = dictionary()
    columns = tuple(_column(name, dict(rule or {}), words[name]) for name, rule in spec["columns"].items())
    return Contract(
        name=spec["contract"],
        title=spec["title"],
        question=spec["question"],
        grain=spec["grain"],
        key=tuple(spec["key"]),
        columns=columns,
        event=spec.get("event"),
        known_with=spec.get("known_with"),
        unlocks=tuple(spec.get("unlocks", ())),
    )


def _column(name: str, rule: dict, word: dict[str, str]) -> Column:
    for listed in ("aliases", "allowed"):
        rule[listed] = tuple(str(item) for item in rule.get(listed, ()))
    return Column(name=name, type=word["type"], meaning=word["meaning"], **rule)
