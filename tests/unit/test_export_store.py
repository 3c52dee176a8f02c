"""Exported files on disk: written whole, once, and read back only as they were written."""

import hashlib
import os
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from decisions.exports import formats
from decisions.exports.lines import Batch, ExportLine
from errors import Refusal
from store import exports
from store.company import Company


@pytest.fixture
def company(tmp_path):
    return Company("acme", tmp_path / "acme")


def test_a_file_is_written_and_read_by_its_hash(company):
    said = exports.keep(company, "a.csv", b"one")
    assert said == hashlib.sha256(b"one").hexdigest()
    assert exports.kept(company, "a.csv", said) == b"one"
    assert exports.names(company) == ["a.csv"]


def test_the_same_again_changes_nothing_and_another_content_is_refused(company):
    said = exports.keep(company, "a.csv", b"one")
    assert exports.keep(company, "a.csv", b"one") == said
    with pytest.raises(Refusal, match="another content"):
        exports.keep(company, "a.csv", b"two")
    assert exports.kept(company, "a.csv", said) == b"one"
    assert [path.name for path in (company.folder / "exports").iterdir()] == ["a.csv"], "no draft is left"


def test_what_was_changed_or_is_gone_is_not_sent(company):
    said = exports.keep(company, "a.csv", b"one")
    (company.folder / "exports" / "a.csv").write_bytes(b"0ne")
    with pytest.raises(Refusal, match="changed after it was written"):
        exports.kept(company, "a.csv", said)
    with pytest.raises(Refusal, match=r"no b\.csv"):
        exports.kept(company, "b.csv", said)


@pytest.mark.parametrize("name", ["../a.csv", "a/b.csv", "", ".hidden", "a\x00", "x" * 151, "ä.csv"])
def test_a_name_is_a_name_and_no_path(company, name):
    with pytest.raises(Refusal, match="cannot be the name"):
        exports.keep(company, name, b"one")


def test_a_writer_that_dies_leaves_nothing_behind_its_name(company, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("no space left")))
    with pytest.raises(OSError, match="no space"):
        exports.keep(company, "a.csv", b"one")
    assert exports.names(company) == []


def test_whoever_was_cut_off_after_writing_writes_anew(company):
    """The file is there and nobody recorded it; a minute later the same lines make another file, under another name."""
    line = ExportLine("purchase-1", "purchase", "k", sku_id="A1", supplier_id="S1", qty=Decimal(1))
    for minute in (0, 1):
        at = datetime(2026, 11, 20, 9, minute, tzinfo=UTC)
        for name in ("csv", "json", "x12_850", "ubl", "xlsx"):
            file = formats.made(Batch("purchase", "Acme", at, (line,)), name)
            assert exports.keep(company, file.file_name, file.content) == file.file_hash


def test_a_company_without_exports_has_none(company):
    assert exports.names(company) == []
