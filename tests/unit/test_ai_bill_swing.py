"""How far the bill of model calls swings: whole months alone, six of them at least, and own machines beside it that do not swing."""

import datetime as dt
import statistics
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.ai_economics.own_serving import PRIVATE, Owned
from pages.parts import ai_bill_swing, placement_one
from tests.ai_builds import built, held
from tests.unit.test_registers import again
from tests.worlds import World, fill, world

MART = "marts.ai_bill_months"
BILLS = (90, 100, 120, 80, 110, 100, 100)


def of_bills(bills: tuple[float, ...], *, as_of: str = "2026-11-29", called: str = "2026-12-01", **more: Any) -> World:
    """Bills of the months that end with November 2026, of which all but the last have ended by that day; and the last day of a call."""
    made = world(MART, as_of=as_of)
    first = 12 - len(bills)
    rows = [
        {"month_date": dt.date(2026, first + number, 1), "cost_source_name": source, "actual_amount": bill / 2, **more}
        for number, bill in enumerate(bills)
        for source in ("usage", "bill")
    ]
    labour = {"month_date": dt.date(2026, 8, 1), "cost_source_name": "review log", "actual_amount": 5000}
    fill(made, "marts.ai_cost_ledger", [*rows, labour])
    made.execute("drop view marts.ai_calls")
    fill(made, "marts.ai_calls", [{"called_date": called}])
    again(made, MART)
    return made


def test_the_spread_is_the_deviation_of_whole_months_over_their_mean():
    """The first month and the one that has not ended are left out, and hours of people are no bill."""
    made = of_bills((7, *BILLS, 3))
    found = made.query(f"select * from {MART} order by month_date")
    assert [float(one) for one in found["month_amount"]] == list(BILLS)
    row = found.row(0, named=True)
    assert row["whole_month_count"] == len(BILLS)
    assert row["bill_spread_share"] == pytest.approx(statistics.stdev(BILLS) / statistics.mean(BILLS))
    assert row["bill_peak_number"] == pytest.approx(1.2)
    assert row["mean_month_amount"] == 100


@pytest.mark.parametrize(("as_of", "count"), [("2026-11-29", 6), ("2026-11-30", 7)])
def test_a_month_is_whole_on_its_last_day(as_of: str, count: int):
    found = of_bills((7, *BILLS), as_of=as_of).query(f"select distinct whole_month_count from {MART}")
    assert found.item() == count


@pytest.mark.parametrize(("called", "count"), [("2026-10-30", 5), ("2026-10-31", 6), ("2026-11-02", 6)])
def test_a_month_that_the_log_does_not_reach_the_end_of_is_not_whole(called: str, count: int):
    found = of_bills((7, *BILLS), called=called).query(f"select distinct whole_month_count from {MART}")
    assert found.item() == count


def test_below_six_whole_months_there_is_no_data_and_with_none_no_row():
    few = of_bills((7, *BILLS[:5], 3)).query(f"select * from {MART}")
    assert few.height == 5
    assert few["bill_spread_share"].to_list() == few["bill_peak_number"].to_list() == [None] * 5
    assert of_bills((7, *BILLS[:6], 3)).query(f"select * from {MART}")["bill_spread_share"].null_count() == 0
    assert of_bills((7, 3)).query(f"select * from {MART}").is_empty()


def test_bills_of_nought_have_no_mean_to_swing_around():
    assert of_bills((7, *[0] * 7, 3)).query(f"select * from {MART}")["bill_spread_share"].null_count() == 7


def test_a_bill_that_never_changes_has_no_spread():
    row = of_bills((7, *[40] * 6, 3)).query(f"select * from {MART}").row(0, named=True)
    assert (row["bill_spread_share"], row["bill_peak_number"]) == (0.0, 1.0)


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def board() -> None:
    from models.ai_economics.own_serving import PRIVATE, Owned
    from pages.parts import ai_bill_swing
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    ai_bill_swing.panel(visit_to(open_company("acme"), here="cost"), {PRIVATE: Owned(1200.0, 600.0, 50.0)})


def test_the_page_says_the_figure_with_its_months_beside_the_fixed_cost():
    visit = built(held(of_bills((7, *BILLS, 3)), MART))
    page = AppTest.from_function(board, default_timeout=60).run()
    assert not page.exception, page.exception
    said = "\n".join(one.proto.body for one in page.get("html"))
    assert "7 whole months" in said
    assert "1.2 times the mean" in said
    assert ai_bill_swing.fixed(visit, {PRIVATE: Owned(1200.0, 600.0, 50.0)}).keys() == {"Private node, at least"}
    assert "150" in ai_bill_swing.fixed(visit, {PRIVATE: Owned(1200.0, 600.0, 50.0)})["Private node, at least"]
    assert ai_bill_swing.sentence(visit) in placement_one.swing(visit, "central api")
    assert placement_one.swing(visit, "private") == placement_one.swing(visit, "edge") == ""


def test_without_six_months_the_page_says_how_many_there_are():
    visit = built(held(of_bills((7, *BILLS[:2], 3)), MART))
    assert "no data (2 whole months, 6 needed)" in ai_bill_swing.sentence(visit)
    assert "no data (0 whole months, 6 needed)" in ai_bill_swing.sentence(built_without())


def built_without() -> Any:
    from types import SimpleNamespace

    from pages.parts.words import Words

    return SimpleNamespace(build=None, words=Words("en_GB", "EUR", "Europe/Berlin"))
