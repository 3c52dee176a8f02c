"""Lines without any quotation mark and all equally wide, read in one stroke: the same rows as record by record, ten times sooner."""

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

WHITE = " \t\n\r\v\f"  # a line of nothing else holds no value


def rectangle(lines: list[str], delimiter: str, width: int) -> list[pa.Array] | None:
    """The columns of the lines, one value per line; None when some line needs a closer look.

    A closer look is needed for quotation marks, zero bytes, bytes that are no characters, lines of another width and
    lines without any value.

    >>> [column.to_pylist() for column in rectangle(["a;1\\n", "b;2\\n"], ";", 2)]
    [['a', 'b'], ['1', '2']]
    """
    text = "".join(lines)
    if not text or '"' in text or "\0" in text:
        return None
    try:
        data = text.encode("utf-8")
        table = csv.read_csv(
            pa.py_buffer(data),
            read_options=csv.ReadOptions(
                column_names=[str(place) for place in range(width)], use_threads=False, block_size=len(data) + 1
            ),
            parse_options=csv.ParseOptions(
                delimiter=delimiter, quote_char=False, double_quote=False, escape_char=False, ignore_empty_lines=False
            ),
            convert_options=csv.ConvertOptions(
                column_types={str(place): pa.string() for place in range(width)}, strings_can_be_null=False
            ),
        )
    except (UnicodeEncodeError, pa.ArrowInvalid):
        return None
    if table.num_rows != len(lines) or _has_blank_row(table):
        return None
    return [column.combine_chunks() for column in table.columns]


def _has_blank_row(table: pa.Table) -> bool:
    is_blank = pc.equal(pc.utf8_trim(table.column(0), characters=WHITE), "")
    if not pc.any(is_blank).as_py():
        return False
    doubtful = table.filter(is_blank).to_pylist()
    return any(not any(value.strip(WHITE) for value in row.values()) for row in doubtful)
