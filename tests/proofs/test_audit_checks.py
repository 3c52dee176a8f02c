"""Published roots of trees (RFC 6962 reference vectors), and real X12 files of every make, all of them read."""

import json

import pytest

from decisions.exports import x12_text
from store import merkle


@pytest.fixture(scope="module")
def check(shared):
    found = json.loads((shared / "checks" / "decisions.json").read_text("utf-8"))["checks"]
    return next(one for one in found if one["id"] == "D29_merkle_roots")


def test_the_roots_of_the_reference(check):
    leaves = [bytes.fromhex(text) for text in check["inputs"]["leaves_hex"]]
    roots = [merkle.root(leaves[:size]) for size in check["inputs"]["sizes"]]
    assert roots == check["expected"]["roots"]


@pytest.fixture(scope="module")
def read(shared):
    files = sorted((shared / "data" / "documents" / "edi").iterdir())
    found = {path.name: path.read_bytes() for path in files}
    return {name: x12_text.read(content) for name, content in found.items() if b"ISA" in content[:6]}


def test_all_nineteen_real_files_are_read(read):
    assert len(read) == 19
    assert all(reading.transactions for reading in read.values())
    assert all(transaction.segments for reading in read.values() for transaction in reading.transactions)


def test_real_files_without_a_fault_give_no_warning(read):
    sound = [name for name, reading in read.items() if not reading.warnings]
    assert {"210-MGCTLYST-SAMPLE.EDI", "214-MGCTLYST-SAMPLE.EDI", "990-MGCTLYST-SAMPLE.EDI"} <= set(sound)


def test_a_forgotten_end_of_a_segment_loses_no_line(read):
    first, second = read["x12.850.issue135.edi"].transactions
    assert [sum(segment[0] == "PO1" for segment in one.segments) for one in (first, second)] == [10, 11]
    assert any("line break only" in warning for warning in read["x12.850.issue135.edi"].warnings)
