"""Parquet files: refused when their own figures are absurd, and turned into texts batch by batch."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from errors import Refusal

MAX_ROWS = 200_000_000
MAX_CELLS = 2_000_000_000
MAX_UNPACKED_BYTES = 16 << 30
MAX_COLUMNS = 16_384
BATCH_ROWS = 1 << 16
EXACT_WHOLE = 1e15  # beyond it a float no longer tells neighbours apart when written out


def scan(path: Path, file_name: str) -> None:
    """Nothing, when the footer can be read and claims what a table may hold; else a refusal."""
    facts = _opened(path, file_name).metadata
    unpacked = sum(facts.row_group(i).total_byte_size for i in range(facts.num_row_groups))
    cells = facts.num_rows * facts.num_columns
    claims = (
        (facts.num_rows, MAX_ROWS, "rows"),
        (facts.num_columns, MAX_COLUMNS, "columns"),
        (cells, MAX_CELLS, "cells"),
        (unpacked, MAX_UNPACKED_BYTES, "bytes unpacked"),
    )
    for claimed, limit, unit in claims:
        if not 0 <= claimed <= limit:
            raise Refusal(
                f"{file_name} was not read.",
                f"The Parquet file claims {claimed:,} {unit}; the limit is {limit:,}.",
                "Split the table and upload the parts.",
            )


def names(path: Path, file_name: str) -> tuple[str, ...]:
    """The names of the columns, as they stand in the file."""
    return tuple(_opened(path, file_name).schema_arrow.names)


def batches(path: Path, file_name: str) -> Iterator[list[pa.Array]]:
    """The rows as texts, one array per column, a batch at a time; nothing is null that was not."""
    with _opened(path, file_name) as file:
        try:
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                yield [as_text(column) for column in batch.columns]
        except (pa.ArrowException, OSError) as error:
            raise _damaged(file_name, error) from error


def as_text(values: pa.Array) -> pa.Array:
    """The values as a person would type them: ISO dates and times, whole numbers without a point, no value as null.

    >>> as_text(pa.array([17850.0, 2.55, None, float("nan")])).to_pylist()
    ['17850', '2.55', None, None]
    """
    kind = values.type
    if pa.types.is_dictionary(kind):
        return as_text(values.dictionary_decode())
    if pa.types.is_floating(kind):
        return _number_text(pc.cast(values, pa.float64()) if kind == pa.float16() else values)
    if pa.types.is_timestamp(kind):
        naive = pc.cast(values, pa.timestamp(kind.unit))  # keeps the instant, which pyarrow holds in UTC
        text = _without_zero_fraction(pc.strftime(naive, "%Y-%m-%d %H:%M:%S"))
        return pc.binary_join_element_wise(text, "+00:00", "") if kind.tz else text
    if pa.types.is_time(kind):
        return _without_zero_fraction(pc.cast(values, pa.string()))
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([None if v is None else _nested(v) for v in values.to_pylist()], pa.string())
    return pc.cast(values, pa.string())


def _number_text(values: pa.Array) -> pa.Array:
    known = pc.if_else(pc.is_nan(values), pa.scalar(None, values.type), values)
    is_whole = pc.and_(pc.equal(known, pc.floor(known)), pc.less(pc.abs(known), EXACT_WHOLE))
    whole = pc.cast(pc.if_else(is_whole, known, pa.scalar(0, values.type)), pa.int64())
    return pc.if_else(is_whole, pc.cast(whole, pa.string()), pc.cast(known, pa.string()))


def _without_zero_fraction(text: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(text, pattern=r"\.0+$", replacement="")


def _nested(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else json.dumps(value, default=str, ensure_ascii=False)


def _opened(path: Path, file_name: str) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path, memory_map=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(file_name, error) from error


def _damaged(file_name: str, error: Exception) -> Refusal:
    return Refusal(
        f"{file_name} was not read.",
        f"It begins like a Parquet file and is none that can be read ({str(error).splitlines()[0][:200]}).",
        "Export it again; if it is a text file, let it not begin with PAR1.",
    )
