"""What an extract of the demo company is: whose rows, under which headings, how often, and in which way of writing."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from pipelines.demo.world import World

ONCE, WEEKLY, MONTHLY = 0, 7, 28


@dataclass(frozen=True)
class Writing:
    """How a system writes a file: separator, decimal sign, dates, encoding, lines above the headings.

    With `is_json_lines` the rows are one column of JSON objects, written as they are, without a heading.
    """

    separator: str = ","
    has_decimal_comma: bool = False
    date_format: str = "%Y-%m-%d"
    instant_format: str = "%Y-%m-%d %H:%M:%S"
    encoding: str = "utf-8"
    newline: str = "\n"
    titles: tuple[str, ...] = ()
    yes_no: tuple[str, str] = ("Y", "N")
    grouped: tuple[str, ...] = ()
    is_json_lines: bool = False


@dataclass(frozen=True)
class Extract:
    """One extract: a contract's rows under the headings of a system; `sheet` names its sheet in a workbook."""

    contract: str
    stem: str
    every_days: int
    rows: Callable[[World, int], pl.DataFrame]
    headings: dict[str, str]
    writing: Writing = field(default_factory=Writing)
    logs: tuple[str, ...] = ()
    sheet: str = ""
