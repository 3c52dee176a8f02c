"""Each source keeps what its three rows promise: landed through the real reader, they come out as its file says."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines import flow
from pipelines.contract import contracts
from pipelines.source import Reading, Source, sources
from store.company import create_company

EXAMPLES = [
    pytest.param(source, example, id=f"{name}-{example.get('file', example.get('contract'))}")
    for name, source in sources().items()
    for example in source.examples
]
READINGS = [
    pytest.param(source, reading, id=f"{name}-{reading.file}")
    for name, source in sources().items()
    for reading in source.readings
]
# What people wrote and models answered is dropped wherever it stands, and an export without it is the same export.
FREE_TEXTS = {"messages", "response", "proxy_server_request", "api_key", "requester_ip_address", "input", "output"}
DROPPING = [
    pytest.param(source, reading, example, id=f"{name}-{reading.file}")
    for name, source in sources().items()
    for reading in source.readings
    for example in source.examples
    if reading.drop and example["file"] == reading.file
]


def landed(example: dict, source: Source, folder: Path, *, turned: bool = False) -> tuple[dict[str, pl.DataFrame], int]:
    """The accepted rows by contract, and how many lines were set aside; `turned` puts the last row first."""
    is_json = example.get("format") == "json lines"
    lines = example["before"].strip().splitlines()
    header = [] if is_json else [lines.pop(0)]
    path = folder / f"{example.get('file', 'upload')}{'-turned' if turned else ''}{'.jsonl' if is_json else '.csv'}"
    path.write_text("\n".join([*header, *(reversed(lines) if turned else lines)]) + "\n", "utf-8")
    company = create_company("proof")
    known = {"source": source.name} if source.readings else {"contract": example["contract"]}
    _, found = flow.examine(company, path, is_trusted=True, **known)
    rows = {part.contract: pl.read_parquet(Path(found.folder) / part.path) for part in found.parts if part.contract}
    return rows, sum(part.set_aside for part in found.parts)


def content(frame: pl.DataFrame) -> list[str]:
    """The rows as texts in an order of their own, without the lines that they stood on."""
    return sorted(str(row) for row in frame.drop("line_no", strict=False).to_dicts())


def agrees(actual: object, expected: object) -> bool:
    """Whether a value out of the pipeline is the one that a person wrote down in YAML."""
    if expected is None or actual is None:
        return actual is expected
    if isinstance(expected, bool):
        return actual is expected
    if isinstance(expected, int | float):
        return round(Decimal(str(actual)), 2) == round(Decimal(str(expected)), 2)
    if isinstance(expected, datetime):
        return actual == expected.replace(tzinfo=UTC)
    if isinstance(expected, date) and isinstance(actual, datetime):
        return (actual.date(), actual.hour, actual.minute) == (expected, 0, 0)
    return actual == expected


@pytest.mark.parametrize(("source", "example"), EXAMPLES)
def test_the_rows_come_out_as_the_source_says(source: Source, example: dict, tmp_path: Path) -> None:
    """Every row after is found once among the accepted rows, there are no others, and nothing was set aside."""
    rows, set_aside = landed(example, source, tmp_path)
    assert set_aside == 0
    assert rows.keys() == example["after"].keys()
    for contract, expected in example["after"].items():
        actual = rows[contract].to_dicts()
        assert len(actual) == len(expected), f"{contract}: {actual}"
        for row in expected:
            same = [found for found in actual if all(agrees(found.get(name), value) for name, value in row.items())]
            assert len(same) == 1, f"{contract} has no single row like {row} among {actual}"


@pytest.mark.parametrize(("source", "example"), EXAMPLES)
def test_the_order_of_the_lines_does_not_matter(source: Source, example: dict, tmp_path: Path) -> None:
    """The same lines turned upside down give the same rows, line numbers apart."""
    upright, _ = landed(example, source, tmp_path)
    turned, _ = landed(example, source, tmp_path, turned=True)
    for contract in example["after"]:
        assert content(upright[contract]) == content(turned[contract])


@pytest.mark.parametrize(("source", "reading"), READINGS)
def test_a_source_uses_the_words_of_the_contracts(source: Source, reading: Reading) -> None:
    """Every fed contract and column exists, and every required column of it has a rule."""
    for feed in reading.feeds:
        rules = contracts()[feed.contract]
        assert feed.columns.keys() <= {column.name for column in rules.columns}
        assert set(rules.required) <= feed.columns.keys()
    assert source.title
    assert source.about


@pytest.mark.parametrize(("source", "reading"), READINGS)
def test_a_file_is_known_by_every_heading_that_is_read_of_it(source: Source, reading: Reading) -> None:
    """A file that lacks one of them is not this source's file, and so never fails halfway through."""
    rules = [rule for feed in reading.feeds for rule in feed.columns.values()]
    texts = [rule.sql or "" for rule in rules] + [feed.where or "" for feed in reading.feeds]
    read = {name for text in texts for name in re.findall(r'"([^"]+)"', text)} | reading.named_headers
    read |= {(feed.one_per or "").partition(" by ")[2] for feed in reading.feeds} - {""}
    assert read <= {*reading.headers, *reading.optional}
    assert not {*reading.headers} & {*reading.optional}


@pytest.mark.parametrize(("source", "reading"), READINGS)
def test_every_file_that_feeds_a_contract_has_its_three_rows(source: Source, reading: Reading) -> None:
    """A mapping that nobody runs becomes false, so each has an example whose header names everything that is read."""
    shown = [example for example in source.examples if example["file"] == reading.file]
    assert shown or not reading.feeds
    for example in shown:
        lines = example["before"].strip().splitlines()
        if example.get("format") == "json lines":
            assert len(lines) == 3
            continue
        header, *lines = lines
        assert len(lines) == 3
        named = {*reading.headers, *reading.named_headers, *reading.drop} - {*reading.optional}
        assert all(name in header for name in named or () if name not in FREE_TEXTS)


@pytest.mark.parametrize(("source", "reading", "example"), DROPPING)
def test_dropped_columns_leave_no_trace(source: Source, reading: Reading, example: dict, tmp_path: Path) -> None:
    """What a source drops, a person's name or an outcome, stands in no accepted row, not even among the extras."""
    rows, _ = landed(example, source, tmp_path)
    for frame in rows.values():
        for extra in frame["extra"].to_list():
            assert not (extra or {}).keys() & set(reading.drop)


def test_personal_data_of_dataco_is_nowhere(tmp_path: Path) -> None:
    """Names, streets and coordinates of the example's customers do not appear in anything that was accepted."""
    source = sources()["dataco"]
    rows, _ = landed(source.examples[0], source, tmp_path)
    said = " ".join(str(frame.to_dicts()) for frame in rows.values())
    assert "Corporate" in said
    for private in ("Zachary", "Tate", "Round Zephyr", "XXXXXXXXX", "18.20397568", "63033"):
        assert private not in said


@pytest.mark.parametrize("reading", sources()["northwind"].readings, ids=lambda reading: reading.file)
def test_a_file_of_northwind_is_known_by_one_reading_only(reading: Reading) -> None:
    """No other file of the source has all the headers by which this one is known."""
    own = set(reading.headers) | reading.named_headers
    others = [other for other in sources()["northwind"].readings if other is not reading]
    assert not [other.file for other in others if set(other.headers) <= own]
