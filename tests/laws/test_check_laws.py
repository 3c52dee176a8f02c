"""However a plain CSV is read — by the engine's own types, as texts, or line by line — the same rows come out of it."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import check, read
from pipelines.source import Feed, Reading, Rule

HEADINGS = {
    "order_id": "Order",
    "line_key": "Line",
    "sku_id": "SKU",
    "ordered_at": "At",
    "requested_date": "Wanted",
    "ordered_qty": "Qty",
    "unit_price": "Price",
}
ODD = ["", " ", "N/A", "null", " 7", "7 ", "x", "-", "1e2", "infinity", "'", "Köln"]
DAYS = ["2026-11-14", "2026-3-5", "1899-01-01", "2026-02-30", "2026-11-14 10:00:00", "14.11.2026"]
MOMENTS = ["2026-03-29 02:30:00", "2026-10-25 02:30:00", "2026-11-14T10:00:00+05:30", "2026-11-14 10:00:00Z"]
NUMBERS = ["1", "-2.5", "0.0005", "1,234.50", "12345678901234567", "€ 3", "(4)", "1_000", "+5"]


USUAL = (["A", "B"], ["1", "2", "3", "4"], ["S1", "S2"], [*DAYS[:2], *MOMENTS], DAYS[:2], NUMBERS[:3], NUMBERS[:3])
TIDY = st.tuples(*(st.sampled_from(words) for words in USUAL))
ANYHOW = st.tuples(*(st.sampled_from([*words, *ODD, *DAYS, *MOMENTS, *NUMBERS]) for words in USUAL))
LINES = st.lists(TIDY, min_size=1, max_size=6) | st.lists(TIDY | ANYHOW | st.just(("",) * 7), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("check")


def outcome(job: check._Job, parts: list[check.Part]) -> tuple:
    """What a person is told: the counts, and the rows that go on with their line numbers."""
    [part] = parts
    rows = pl.read_parquet(job.work / part.path)
    if part.first_line is not None:
        rows = rows.with_row_index("line_no", part.first_line + 1)
    said = rows.select(pl.col("line_no").cast(pl.Int64), *part.columns).sort("line_no").rows()
    return part.lines_in, part.accepted, part.set_aside, part.ignored, said


@given(lines=LINES, zone=st.sampled_from(["UTC", "Europe/Berlin"]))
def test_three_ways_of_reading_give_one_outcome(folder, lines, zone):
    path = folder / "lines.csv"
    text = "\n".join(
        [",".join(HEADINGS.values()), *(",".join(f'"{c}"' if "," in c else c for c in row) for row in lines)]
    )
    path.write_text(text + "\n", "utf-8")
    sheet = read.Sheet("csv", "", tuple(HEADINGS.values()), 1, "utf-8", ",", '"', is_plain=True)
    feed = Feed("order_lines", {name: Rule(header=heading) for name, heading in HEADINGS.items()})
    reading = Reading("generic", "lines", sheet.columns, (feed,), nothing=("null", "n/a"))
    file = check.Sheets(path, ((sheet, reading),), len(lines) + 1, zone, datetime(2026, 11, 20, tzinfo=UTC))
    job = check._Job(file, 0, folder, lambda _fraction, _text: None)
    careful = outcome(job, job._careful())
    for is_quick in (True, False):
        direct = job._direct(is_quick=is_quick)
        assert direct is None or outcome(job, direct) == careful
