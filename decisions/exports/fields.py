"""One line as texts and back: how quantities, days and instants stand in every format that is a table."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from decisions.exports.lines import COLUMNS, DECIMALS, ExportLine, plain


def cell_texts(line: ExportLine) -> dict[str, str]:
    """Each field by its name as text: digits without exponent, days and instants as ISO 8601, "" for what there is not.

    >>> cell_texts(ExportLine("p", "purchase", qty=Decimal("1E+2")))["qty"]
    '100'
    """
    return {name: _text(getattr(line, name)) for name in COLUMNS}


def line_of_texts(said: Mapping[str, str]) -> ExportLine:
    """The line that these texts were made of.

    Errors: ValueError or ArithmeticError for a text that is no quantity, day or instant.
    """
    found: dict[str, Any] = dict(said)
    found |= {name: Decimal(said[name]) if said.get(name) else None for name in DECIMALS}
    found["days"] = int(said["days"]) if said.get("days") else None
    found["needed_date"] = date.fromisoformat(said["needed_date"]) if said.get("needed_date") else None
    found["approved_at"] = datetime.fromisoformat(said["approved_at"]) if said.get("approved_at") else None
    return ExportLine(**found)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return plain(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
