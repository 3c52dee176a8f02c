"""What an agent may read: named tools over tables of one build, bounded, and nothing else."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from errors import Refusal

Row = Mapping[str, Any]
MOST_ROWS = 5
LONGEST_TEXT = 300
MONEY = ("_amount", "_cost", "_price")


@dataclass(frozen=True)
class Tool:
    """One question that an agent may ask of one table.

    Args:
        name: what it is called in the trace.
        table: the mart or score that answers.
        by: column of the table → field of the case (or of the chosen action) that it must equal.
        columns: what is read; nothing else reaches the agent.
        question: what it is asked for, in words.
        cases: the kinds of case that it is asked for; empty for all.
        is_needed: whether a case without an answer goes no further.
        must_have: columns without which its answer is incomplete, for a use case to say what happens then.
    """

    name: str
    table: str
    by: Mapping[str, str]
    columns: tuple[str, ...]
    question: str
    cases: tuple[str, ...] = ()
    is_needed: bool = False
    must_have: tuple[str, ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column of the table that it touches."""
        return tuple(dict.fromkeys([*self.by, *self.columns]))


@dataclass(frozen=True)
class Found:
    """What a tool answered: the first rows (plain values), how many there were, why there are none, and which columns are not filled."""

    tool: str
    table: str
    rows: tuple[Row, ...] = ()
    row_count: int = 0
    why_none: str = ""
    lacking: tuple[str, ...] = ()

    @property
    def first(self) -> Row:
        """The first row; an empty one where there is none."""
        return self.rows[0] if self.rows else {}


class Toolbox:
    """The tools that one agent has, over frames of one build; asking for any other is refused.

    >>> shelf = Tool("shelf", "marts.stock_now", {"sku_id": "sku_id"}, ("on_hand_qty",), "What lies there?")
    >>> stock = pl.DataFrame({"sku_id": ["A1", "B2"], "on_hand_qty": [4, 9]})
    >>> box = Toolbox((shelf,), {"marts.stock_now": stock})
    >>> box.ask("shelf", {"sku_id": "A1"}).first
    {'sku_id': 'A1', 'on_hand_qty': 4}
    """

    def __init__(self, tools: Sequence[Tool], frames: Mapping[str, pl.DataFrame | None]):
        self._tools = {tool.name: tool for tool in tools}
        self._frames = {tool.table: frames.get(tool.table) for tool in tools}

    def ask(self, name: str, about: Row) -> Found:
        """What the tool says about a case; without the table, its columns or the case's own field it says why there is nothing.

        Errors: a Refusal for a tool that this agent does not have.
        """
        if name not in self._tools:
            has = ", ".join(sorted(self._tools)) or "none"
            raise Refusal("The agent was stopped.", f"It has no tool {name!r}.", f"Its tools are: {has}.")
        tool = self._tools[name]
        frame = self._frames[tool.table]
        if frame is None:
            return Found(name, tool.table, why_none=f"{tool.table} is not in this build", lacking=tool.must_have)
        if lacking := [column for column in tool.reads if column not in frame.columns]:
            gone = tuple(column for column in tool.must_have if column in lacking)
            return Found(name, tool.table, why_none=f"{tool.table} has no {', '.join(lacking)}", lacking=gone)
        if unknown := [field for field in tool.by.values() if about.get(field) in (None, "")]:
            return Found(name, tool.table, why_none=f"the case names no {' and no '.join(unknown)}")
        same = [pl.col(column).cast(pl.String) == str(about[field]) for column, field in tool.by.items()]
        rows = frame.filter(*same).select(tool.reads)
        bounded = tuple(plain(row) for row in rows.head(MOST_ROWS).iter_rows(named=True))
        empty = tuple(column for column in tool.must_have if any(row[column] in (None, "") for row in bounded))
        return Found(name, tool.table, bounded, len(rows), "" if len(rows) else f"{tool.table} has no row of it", empty)


def plain(row: Row) -> dict[str, Any]:
    """A row as the ledger can keep it: money and dates as text, no endless numbers, no endless texts.

    >>> plain({"unit_cost": 2.5, "due_date": date(2026, 11, 14), "late_share": float("nan")})
    {'unit_cost': '2.5', 'due_date': '2026-11-14', 'late_share': None}
    """
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    match value:
        case bool() | int() | None:
            return str(value) if name.endswith(MONEY) and value is not None else value
        case float():
            if not math.isfinite(value):
                return None
            return str(round(value, 4)) if name.endswith(MONEY) else value
        case Decimal():
            return f"{value.normalize():f}" if value.is_finite() else None
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return plain(value)
        case list() | tuple():
            return [_value(name, part) for part in value[:MOST_ROWS]]
        case _:
            return str(value)[:LONGEST_TEXT]
