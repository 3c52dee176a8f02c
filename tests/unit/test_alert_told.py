"""An alert on screen says its numbers in their units, and what else moved; and the benchmark asks the product's own verdict."""

import datetime as dt

import polars as pl
import pytest

from benchmarks import demo_truth
from models.suppliers import standing
from pages.parts import alert
from pages.parts.words import Words


class Visit:
    words = Words("en_GB", "EUR", "UTC")


def row(**more):
    usual = {
        "expected_number": 496.053,
        "came_number": 133.75,
        "unit_code": "qty",
        "one_in_count": 1234,
        "also_text": None,
    }
    return {**usual, "kind_name": "moment", "since_date": dt.date(2026, 7, 12), **more}


@pytest.mark.parametrize(
    ("unit", "said"),
    [("qty", "496"), ("days", "496.1 days"), ("per_unit", "€496.05"), ("count", "496"), ("money", "€496")],
)
def test_what_was_expected_is_said_in_its_unit_and_no_finer_than_it_matters(unit, said):
    told = alert.in_words(Visit(), pl.DataFrame([row(unit_code=unit)]))
    assert told["expected_text"].to_list() == [said]
    assert told["expected_number"].to_list() == [496.053], "the download keeps all digits"


def test_a_share_is_said_in_per_cent_and_what_is_not_known_as_such():
    rows = pl.DataFrame([row(expected_number=0.119048, unit_code="share"), row(expected_number=None)])
    assert alert.in_words(Visit(), rows)["expected_text"].to_list() == ["11.9%", "no data"]


def test_the_sentence_says_what_came_how_rare_it_is_and_what_else_moved():
    (told,) = alert.in_words(Visit(), pl.DataFrame([row(also_text="price of Hex bolt −38 % from 12 Jul")])).to_dicts()
    assert alert._sentence(Visit(), told) == (
        "134 came where about 496 was expected (dotted). Of 1,234 such moments one is so strange. "
        "At the same time: price of Hex bolt −38 % from 12 Jul."
    )
    (shift,) = alert.in_words(Visit(), pl.DataFrame([row(kind_name="shift")])).to_dicts()
    assert alert._sentence(Visit(), shift) == (
        "Since 12 Jul 2026 about 134 instead of 496 (dotted). Of 1,234 series that never change one shows as much. "
        "Nothing else of it moved then."
    )


class Build:
    """Nine months of weekly orders, received on the day said; one of the suppliers became slower five months ago."""

    def __init__(self):
        rows = []
        for week in range(60):
            day = dt.date(2025, 9, 22) + dt.timedelta(days=7 * week)
            late = week > 38
            for name, usual, since in (("SLOW", 10, 24), ("STEADY", 10, 10)):
                days = (since if late else usual) + week % 3
                rows.append(
                    (name, f"{name}{week}", day, day + dt.timedelta(days=usual + 2), day + dt.timedelta(days=days))
                )
        columns = ["supplier_id", "po_id", "ordered_date", "promised_date", "last_received_date"]
        self.lines = pl.DataFrame(rows, columns, orient="row").with_columns(
            sku_id=pl.lit("BOLT"),
            site_id=pl.lit("LEJ"),
            due_date="promised_date",
            ordered_qty=10.0,
            received_qty=10.0,
            unit_cost=4.0,
            is_cancelled=pl.lit(value=False),
        )

    def query(self, _sql):
        return self.lines

    def facts(self):
        return {"as_of_date": dt.date(2026, 11, 14)}


def test_the_benchmark_calls_a_supplier_when_the_product_would(monkeypatch):
    calls = dict(demo_truth._suppliers(Build()))
    assert "SLOW" in calls
    assert "STEADY" not in calls
    monkeypatch.setattr(standing, "LEAST_DAYS", 99.0)
    assert demo_truth._suppliers(Build()) == [], "a trifle to the product is no call to the benchmark"
