"""What is known of a shelf at the close of a day: how long an order takes, what is on its way, and how late that may be."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.inventory.shelves import LEAST_LEAD, MOST_LEAD, USUAL_LEAD, shelves

END = dt.date(2026, 11, 14)
STOCK = {"sku_id": pl.String, "site_id": pl.String, "on_hand_qty": pl.Float64, "on_order_qty": pl.Float64}
LINE = {
    "sku_id": pl.String,
    "site_id": pl.String,
    "supplier_id": pl.String,
    "ordered_date": pl.Date,
    "due_date": pl.Date,
    "last_received_date": pl.Date,
    "ordered_qty": pl.Float64,
    "open_qty": pl.Float64,
    "is_cancelled": pl.Boolean,
}


def day(after):
    return None if after is None else END + dt.timedelta(days=after)


def line(ordered, due, received=None, *, sku="A", site="X", supplier="V", qty=10.0, **columns):
    """A purchase line by days after the end; what was not received is open."""
    row = dict.fromkeys(LINE) | {
        "sku_id": sku,
        "site_id": site,
        "supplier_id": supplier,
        "ordered_date": day(ordered),
        "due_date": day(due),
        "last_received_date": day(received),
        "ordered_qty": qty,
        "open_qty": qty if received is None else 0.0,
        "is_cancelled": False,
    }
    return row | columns


def shelf(*lines, on_hand=5.0, on_order=None, gaps=None, today=END, site="X"):
    """The shelf of A at X."""
    stock = pl.DataFrame([("A", site, on_hand, on_order)], schema=STOCK, orient="row")
    (found,) = shelves(stock, pl.DataFrame(lines, schema=LINE), gaps or {}, today)
    return found


def came(took, late=0, **columns):
    """A line that took so many days and came so many days late, ten days ago."""
    return line(-10 - took, -10 - late, -10, **columns)


@pytest.mark.parametrize(
    ("lines", "lead"),
    [
        ([], USUAL_LEAD),
        ([came(12), came(20), came(30)], 20),
        ([came(12), came(20), came(60, site="Y"), came(70, site="Y"), *[came(90, sku="B")] * 3], 40),
        ([came(12, sku="B"), came(14, sku="C"), came(50, sku="C")], 14),
        ([came(2)], LEAST_LEAD),
        ([came(300)], MOST_LEAD),
    ],
    ids=["nothing known", "own lines", "two are too few: the SKU's", "the SKU's none: all", "short", "long"],
)
def test_the_lead_time_is_of_the_nearest_that_is_known(lines, lead):
    assert shelf(*lines).lead_days == lead


def test_what_is_on_its_way_is_what_was_ordered_and_has_not_come():
    found = shelf(line(-5, 1, qty=7.0), line(-9, -3, qty=4.0), line(-20, -9, -8), line(-5, 3, site="Y"))
    assert found.open_qty.tolist() == [4, 7]
    assert found.due.tolist() == [-4, 0], "nought is tomorrow"


def test_of_a_line_received_in_part_the_rest_is_on_its_way():
    """Four of ten came three days ago; the line was due then, and is no example of how long an order takes."""
    part = line(-20, -3, -3, open_qty=6.0)
    found = shelf(part)
    assert (found.open_qty.tolist(), found.due.tolist()) == ([6], [-4])
    assert found.lead_days == USUAL_LEAD
    assert shelf(part, today=day(-4)).open_qty.tolist() == [10], "before, all of it was"


def test_nothing_later_than_the_day_is_read():
    """Looking back ten days: what came since was on its way then, and what was ordered since was not."""
    lines = [line(-30, -12, -6, qty=3.0), line(-4, 9, qty=8.0), came(20), came(20), line(-60, -25, -20)]
    then = shelf(*lines, today=day(-11))
    assert then.open_qty.tolist() == [3, 10, 10]
    spoilt = [row | {"last_received_date": day(400)} if row["last_received_date"] == day(-6) else row for row in lines]
    again = shelf(*spoilt, today=day(-11))
    np.testing.assert_equal(vars(again), vars(then))


@pytest.mark.parametrize(
    "gone",
    [
        {"is_cancelled": True},
        {"is_cancelled": True, "open_qty": 0.0},
        {"open_qty": 0.0},
        {"open_qty": None, "due_date": day(-1)},
    ],
    ids=["cancelled", "cancelled and closed", "closed, or received on a day that nobody wrote", "due, by a source silent on receipts"],
)  # fmt: skip
def test_what_will_not_come_is_not_on_its_way(gone):
    assert shelf(line(-20, 5) | gone).open_qty.size == 0


def test_where_a_source_is_silent_on_receipts_what_is_not_due_yet_is_on_its_way():
    assert shelf(line(-20, 5) | {"open_qty": None}).open_qty.tolist() == [10]


def test_a_line_may_be_as_late_as_those_of_its_supplier_and_some_of_all():
    own = [came(30, late=9) for _ in range(50)]
    others = [came(30, late=1, supplier="W", sku="B") for _ in range(50)]
    late = shelf(line(-5, 5), *own, *others).late[0]
    assert set(late) == {1, 9}
    assert (late == 9).mean() == pytest.approx(0.75, abs=0.02), "fifty of its own, and fifty of which half are its own"
    unknown = shelf(line(-5, 5, supplier="new"), *own, *others).late[0]
    assert (unknown == 9).mean() == pytest.approx(0.5, abs=0.02)


def test_what_is_overdue_cannot_be_less_late_than_it_is():
    lateness = [came(30, late=late) for late in range(20)]
    late = shelf(line(-30, -6), *lateness).late[0]
    assert 6 < late.min() <= 7
    assert late.max() == 19
    waited = shelf(line(-60, -40), *lateness).late[0]
    assert waited.min() == 41, "so late as none was before: within a fortnight"
    assert waited.max() == 54


def test_a_site_that_is_fed_by_transfers_waits_two_of_their_gaps():
    """Six are on order and no purchase line is: a transfer, which comes within two gaps."""
    found = shelf(came(40, sku="B"), on_order=6.0, gaps={"X": 5.0})
    assert found.lead_days == 10
    assert found.open_qty.tolist() == [6]
    assert (found.due.tolist(), found.late.min(), found.late.max()) == ([0], 0, 10)


def test_a_site_that_buys_for_itself_does_not_wait_for_transfers():
    found = shelf(came(40), came(40), came(40), on_order=6.0, gaps={"X": 5.0})
    assert found.lead_days == 40
    assert found.open_qty.size == 0


def test_every_line_has_as_many_equally_likely_days():
    found = shelf(line(-5, 1), line(-9, -3), came(9, late=2), came(9))
    assert found.late.shape == (2, 100)
    assert np.isfinite(found.late).all()


def test_shelves_come_in_order_and_each_has_its_own_lines():
    stock = pl.DataFrame([("B", "X", 1.0, 0.0), ("A", "X", None, None)], schema=STOCK, orient="row")
    lines = pl.DataFrame([line(-5, 1), line(-5, 2, sku="B", qty=3.0)], schema=LINE)
    found = shelves(stock, lines, {}, END)
    assert [(one.sku_id, one.on_hand, one.open_qty.tolist()) for one in found] == [("A", 0, [10]), ("B", 1, [3])]
