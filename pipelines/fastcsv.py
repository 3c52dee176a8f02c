"""The quick reading of a plain CSV: DuckDB reads the file itself, with the dialect and the types said and nothing guessed."""

from pathlib import Path

from pipelines.cast import literal
from pipelines.read import Sheet


def fast_rows(path: Path, sheet: Sheet, types: dict[str, str]) -> str:
    """SQL that selects a plain sheet's data rows in the order of the file: texts, but for the columns whose type is given."""
    columns = ", ".join(f"{literal(header)}: {literal(types.get(header, 'varchar'))}" for header in sheet.columns)
    return (
        f"select * from read_csv({literal(str(path))}, columns = {{{columns}}}, auto_detect = false, header = false, "
        f"skip = {sheet.header_line}, delim = {literal(sheet.delimiter)}, quote = '\"', escape = '\"', strict_mode = true)"
    )
