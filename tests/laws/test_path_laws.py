"""What holds for any upload: repeating, shuffling or splitting it changes nothing, an undo is exact, and every line is accounted for."""

import csv
import datetime as dt
import random
import shutil
from contextlib import nullcontext
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines import flow, loads
from store import warehouse
from store.company import Company, create_company
from tests.fewer_tables import order_lines_only

COLUMNS = ("order_id", "line_key", "sku_id", "site_id", "ordered_at", "ordered_qty", "unit_price")
HEADER = ("Order No", "Line", "SKU", "Site", "Ordered At", "Ordered Qty", "Unit Price")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home for the companies of this module's examples."""
    return tmp_path_factory.mktemp("laws")


orders = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.integers(1, 3),
        st.sampled_from(["A1", "B2", "C3"]),
        st.sampled_from(["N", "S"]),
        st.dates(min_value=dt.date(2026, 1, 1), max_value=dt.date(2026, 3, 31)),
        st.integers(1, 50),
        st.decimals(min_value=0, max_value=99, places=2),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: (row[0], row[1]),
)


def write(path: Path, rows: list[tuple]) -> Path:
    """The rows as a CSV under the usual headings."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(HEADER)
        writer.writerows(
            (f"SO{order}", line, sku, site, day.isoformat(), qty, price)
            for order, line, sku, site, day, qty, price in rows
        )
    return path


def company_of(home: Path, monkeypatch, name: str) -> Company:
    """A company of that name in this module's home, begun anew."""
    monkeypatch.setenv("CROSSDOCK_HOME", str(home))
    folder = home / name
    if folder.exists():
        shutil.rmtree(folder)
    return create_company(name)


def land_all(company: Company, *paths: Path) -> list[flow.LandResult]:
    """Each file landed as order lines, in turn."""
    return [flow.land(company, path, who="tests", contract="order_lines", is_trusted=True) for path in paths]


def core(company: Company, *, is_whole: bool = False) -> list[tuple]:
    """The order lines of the current build without where they came from, sorted; all other tables are made only if asked for."""
    with nullcontext() if is_whole else order_lines_only():
        flow.refresh(company, who="tests")
    frame = warehouse.current_build(company).query(
        "select * exclude (load_id, line_no, loaded_at, extra) from core.order_lines order by order_id, line_key"
    )
    return frame.rows()


@settings(max_examples=8)
@given(rows=orders, seed=st.integers(0, 99))
def test_shuffling_and_splitting_an_upload_change_nothing(rows, seed, home):
    """The same rows in another order, in one file or in two, make the same order lines."""
    monkeypatch = pytest.MonkeyPatch()
    shuffled = random.Random(seed).sample(rows, len(rows))
    half = len(rows) // 2
    one, two = company_of(home, monkeypatch, "one"), company_of(home, monkeypatch, "two")
    land_all(one, write(home / "all.csv", rows))
    parts = [part for part in (shuffled[:half], shuffled[half:]) if part]
    land_all(two, *(write(home / f"part{n}.csv", part) for n, part in enumerate(parts)))
    assert core(one) == core(two)
    monkeypatch.undo()


@settings(max_examples=8)
@given(rows=orders, more=orders)
def test_repeating_is_a_no_op_and_undo_is_exact(rows, more, home):
    """The same bytes again add no load; a later load wins its keys; undoing it restores every row."""
    monkeypatch = pytest.MonkeyPatch()
    company = company_of(home, monkeypatch, "again")
    first, second = write(home / "first.csv", rows), write(home / "second.csv", more)
    (landed,) = land_all(company, first)
    before, before_hash = core(company, is_whole=True), warehouse.current_build(company).facts()["content_hash"]
    (again,) = land_all(company, first)
    assert (again.is_repeat, again.load_id) == (True, landed.load_id)
    (later,) = land_all(company, second)
    if not later.is_repeat:
        merged = {(f"SO{r[0]}", str(r[1])) for r in rows + more}
        assert {row[:2] for row in core(company, is_whole=True)} == merged
        flow.undo(company, later.load_id, who="tests")
    assert core(company, is_whole=True) == before
    assert warehouse.current_build(company).facts()["content_hash"] == before_hash
    monkeypatch.undo()


@settings(max_examples=25)
@given(
    cells=st.lists(
        st.tuples(*(st.text(alphabet='ab1.,-"; \n\r\té2026', max_size=8) for _ in HEADER)),
        min_size=1,
        max_size=15,
    )
)
@example(cells=[("",) * 7, ("",) * 7, ("", "", "", "", "\r", "\r", "\r,\r")])
def test_every_line_is_accounted_for(cells, home):
    """Whatever stands in the cells, lines in = accepted + set aside + ignored, and each set-aside row says why."""
    monkeypatch = pytest.MonkeyPatch()
    company = company_of(home, monkeypatch, "dirty")
    path = home / "dirty.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(HEADER)
        writer.writerows(cells)
    said = {"dates": "ymd", "decimal": ".", "columns": dict(zip(COLUMNS, HEADER, strict=True))}
    _, found = loads.examine(company, path, contract="order_lines", answers=said, is_trusted=True)
    for part in found.parts:
        assert part.lines_in == part.accepted + part.set_aside + part.ignored
        aside = Path(found.folder) / "set_aside.parquet"
        reasons = pl.read_parquet(aside) if aside.exists() else pl.DataFrame({"line_no": [], "reason": [], "fix": []})
        assert reasons["line_no"].n_unique() == part.set_aside
        assert reasons["reason"].is_null().sum() == reasons["fix"].is_null().sum() == 0
        assert len(pl.read_parquet(Path(found.folder) / part.path)) == part.accepted
    monkeypatch.undo()
