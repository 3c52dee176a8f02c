"""Each miss gets the class that its documents tell, and unknown where none does."""

import datetime as dt

import polars as pl
import pytest

from models.cases.autopsy import MODEL
from models.model import Asked
from pipelines.contract import dictionary
from tests.case_frames import ASSUMED, TODAY, TYPES

FIRST = TODAY - dt.timedelta(days=20)


def told(days=10, **rows):
    """The class and evidence of an episode of so many days on the shelf of A at X, with these rows beside it."""
    empty = [{"sku_id": "A", "site_id": "X", "demand_date": FIRST + dt.timedelta(days=n)} for n in range(days)]
    rows = {
        "stock_out_days": empty,
        "assumptions": [{"assumption_name": n, "assumed_number": v} for n, v in ASSUMED.items()],
        **rows,
    }
    made = {}
    for table, columns in MODEL.reads.items():
        schema = {column: TYPES.get(dictionary()[column]["type"], pl.Datetime("us", "UTC")) for column in columns}
        mine = [{column: row.get(column) for column in columns} for row in rows.get(table.split(".")[1], [])]
        made[table] = pl.DataFrame(mine, schema=schema, orient="row", strict=False)
    table = MODEL.score(made, Asked(TODAY, 1)).tables["scores.autopsies"]
    return table.sort("miss_key", descending=True).row(0, named=True)


def bought(ordered, due, came, **more):
    day = {
        name: None if ago is None else FIRST + dt.timedelta(days=ago)
        for name, ago in (("ordered_date", ordered), ("due_date", due), ("last_received_date", came))
    }
    return {
        "po_id": "PO1",
        "line_key": "1",
        "supplier_id": "V1",
        "sku_id": "A",
        "site_id": "X",
        "ordered_qty": 9,
        "received_qty": 9,
        "is_cancelled": False,
        **day,
        **more,
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (bought(-20, -2, 10), "late supplier"),
        (bought(-20, 7, 10), "parameter too old"),
        (bought(-5, 9, 10), "parameter too old"),
        (bought(2, 9, 10), "order not placed"),
        (bought(-20, -2, 10, is_cancelled=True), "unknown"),
    ],
)
def test_a_purchase_explains_an_empty_shelf_only_if_it_would_have_filled_most_of_it(line, said):
    assert told(purchase_lines=[line])["autopsy_class_name"] == said


@pytest.mark.parametrize(
    ("booked", "qty", "said"),
    [(9, 9, "receiving delay"), (2, 9, "parameter too old"), (9, 2, "parameter too old"), (1, 9, "parameter too old")],
)
def test_goods_that_stood_on_the_dock_while_the_shelf_was_empty_are_a_receiving_delay(booked, qty, said):
    """Received on the second day, in time; booked a week later, or next day, or only something else was booked."""
    line = bought(-20, 3, 1)
    booking = {"sku_id": "A", "site_id": "X", "moved_date": FIRST + dt.timedelta(days=booked), "moved_qty": qty}
    stale = {"sku_id": "A", "site_id": "X", "direction_name": "too low", "because_text": "It lasts 9 days."}
    row = told(purchase_lines=[line], booked_receipts=[booking], stock_parameters=[stale])
    assert row["autopsy_class_name"] == said


def test_without_bookings_of_their_own_nobody_can_tell_a_receiving_delay():
    assert told(purchase_lines=[bought(-20, 3, 1)])["autopsy_class_name"] != "receiving delay"


def test_counts_in_another_unit_are_a_data_error():
    slip = {"sku_id": "A", "since_date": FIRST - dt.timedelta(days=3)}
    assert told(count_slips=[slip], purchase_lines=[bought(-20, -2, 10)])["autopsy_class_name"] == "data error"


def test_records_that_jump_come_before_everything():
    jump = {"watch_code": "stock_gap", "subject_id": "A", "site_id": "*", "since_date": FIRST - dt.timedelta(days=3)}
    assert told(anomalies=[jump], purchase_lines=[bought(-20, -2, 10)])["autopsy_class_name"] == "data error"


def test_a_proposal_that_was_declined_is_an_override():
    at = dt.datetime.combine(FIRST - dt.timedelta(days=9), dt.time(9), tzinfo=dt.UTC)
    acts = [
        {
            "kind_code": "propose",
            "subject_name": "p1",
            "payload_text": '{"proposal": {"subject": {"sku_id": "A", "site_id": "X"}}}',
            "acted_at": at,
        },
        {"kind_code": "decline", "subject_name": "p1", "payload_text": "{}", "acted_at": at + dt.timedelta(hours=1)},
    ]
    row = told(acts=acts, purchase_lines=[bought(-20, -2, 10)])
    assert row["autopsy_class_name"] == "overridden"
    assert "declined" in row["evidence_text"]


def test_a_stale_parameter_is_named_with_its_own_words():
    stale = {"sku_id": "A", "site_id": "X", "direction_name": "too low", "because_text": "It lasts 9 days."}
    assert told(stock_parameters=[stale], purchase_lines=[bought(2, 9, 10)])["evidence_text"] == "It lasts 9 days."


def test_a_branch_inherits_what_befell_its_feeder():
    feeder = [{"sku_id": "A", "site_id": "DC", "demand_date": FIRST + dt.timedelta(days=n)} for n in range(8)]
    mine = [{"sku_id": "A", "site_id": "X", "demand_date": FIRST + dt.timedelta(days=n)} for n in range(2, 9)]
    row = told(
        stock_out_days=feeder + mine,
        site_feeds=[{"site_id": "X", "from_site_id": "DC"}],
        purchase_lines=[bought(-20, -2, 10, site_id="DC")],
    )
    assert (row["site_id"], row["autopsy_class_name"]) == ("X", "late supplier")


def test_a_feeder_that_had_stock_and_sent_none_is_the_allocation():
    assert told(site_feeds=[{"site_id": "X", "from_site_id": "DC"}])["autopsy_class_name"] == "allocation rule"


def test_nothing_known_is_unknown():
    assert told()["autopsy_class_name"] == "unknown"
