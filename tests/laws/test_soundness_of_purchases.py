"""Wrong numbers about purchases that raise no error: what is due when, what is over, and what is one trouble and not two."""

import datetime as dt

from tests.worlds import line, world

BOUGHT = {"line_key": "1", "sku_id": "BOLT", "ordered_qty": 5, "ordered_date": "2026-10-20", "received_qty": 0}


def test_due_is_the_first_promise_and_how_far_it_was_postponed_stands_beside():
    bought = [
        BOUGHT | {"po_id": "kept", "promised_date": "2026-11-05", "confirmed_date": "2026-11-05"},
        BOUGHT | {"po_id": "moved", "promised_date": "2026-11-05", "confirmed_date": "2026-11-09"},
        BOUGHT | {"po_id": "only confirmed", "confirmed_date": "2026-11-09"},
    ]
    made = world("marts.purchase_lines", purchase_lines=bought)
    rows = made.query("select po_id, due_date, postponed_days from marts.purchase_lines order by po_id").rows()
    promised, moved = dt.date(2026, 11, 5), dt.date(2026, 11, 9)
    assert rows == [("kept", promised, 0), ("moved", promised, 4), ("only confirmed", moved, None)]


def test_a_line_received_in_part_is_open_until_nothing_more_is_expected():
    part = BOUGHT | {"promised_date": "2026-11-05", "last_received_date": "2026-11-04", "received_qty": 3}
    bought = [
        part | {"po_id": "part"},
        part | {"po_id": "short, closed", "status_code": "CLOSED"},
        part | {"po_id": "whole", "received_qty": 5},
        BOUGHT | {"po_id": "nothing yet", "promised_date": "2026-11-05"},
        BOUGHT | {"po_id": "nothing, closed", "promised_date": "2026-11-05", "status_code": "CLOSED"},
    ]
    made = world("marts.purchase_lines", purchase_lines=bought)
    rows = made.query("select po_id, cast(open_qty as int), closed_date from marts.purchase_lines").rows()
    came = dt.date(2026, 11, 4)
    assert set(rows) == {
        ("part", 2, None),
        ("short, closed", 0, came),
        ("whole", 0, came),
        ("nothing yet", 5, None),
        ("nothing, closed", 0, None),
    }


def test_a_late_shipment_and_the_late_line_in_it_are_one_exception():
    """O1 came late in S1: one. S2 was late too, and carried a line that its customer had in time: one more."""
    came = {"delivered_date": "2026-10-09", "last_promised_date": None}
    late = {
        "shipped_at": "2026-10-02T10:00:00Z",
        "promised_at": "2026-10-05T10:00:00Z",
        "delivered_at": "2026-10-09T10:00:00Z",
    }
    carried = (("S1", "O1"), ("S2", "O2"))
    made = world(
        "marts.driver_months",
        service_tickets=[{"ticket_id": "T1", "opened_at": "2026-08-03T10:00:00Z"}],
        orders=[{"order_id": order, "ordered_at": "2026-10-01T10:00:00Z"} for order in ("O1", "O2")],
        order_lines=[
            line("O1", requested_date="2026-10-05", first_promised_date="2026-10-05", **came),
            line("O2", requested_date="2026-10-30", first_promised_date="2026-10-30", **came),
        ],
        shipments=[{"shipment_id": shipment} | late for shipment, _ in carried],
        shipment_lines=[
            {"shipment_id": shipment, "order_id": order, "line_key": "1", "shipped_qty": 10}
            for shipment, order in carried
        ],
    )
    lates = made.query("select order_id from marts.order_lines where is_late").to_series().to_list()
    assert lates == ["O1"]
    found = made.query(
        "select month_date, units from marts.driver_months where driver_name = 'exceptions' and units > 0"
    )
    assert found.rows() == [(dt.date(2026, 10, 1), 2)]
