"""Wrong numbers that raise no error, where days are concerned: whose midnight, which ends of a period, which promise."""

import datetime as dt

from metrics.definition import definition
from tests.worlds import NOON, figure, line, world


def test_a_day_ends_at_midnight_of_the_company_and_not_of_greenwich():
    """Half past eleven at night in UTC is the next day in Berlin and still the same day in New York."""
    rows = [line("O1", ordered_at="2026-10-31T23:30:00Z")]
    months = definition("net_sales").query(by=["month"])
    berlin = world("marts.order_lines", order_lines=rows, timezone_name="Europe/Berlin").one(months)["month"]
    new_york = world("marts.order_lines", order_lines=rows, timezone_name="America/New_York").one(months)["month"]
    assert (berlin, new_york) == (dt.date(2026, 11, 1), dt.date(2026, 10, 1))


def test_the_answer_does_not_hang_on_the_time_zone_of_the_session():
    trips = [
        {
            "shipment_id": "S1",
            "shipped_at": NOON,
            "promised_at": "2026-11-05T00:00:00+01:00",
            "delivered_at": "2026-11-05T15:00:00+01:00",
        }
    ]
    made = world(
        "marts.order_lines",
        "marts.shipments",
        order_lines=[line("O1", ordered_at="2026-11-01T23:30:00Z")],
        shipments=trips,
    )
    for zone in ("UTC", "Asia/Tokyo", "America/Los_Angeles"):
        made.execute(f"set TimeZone = '{zone}'")
        assert made.one(definition("net_sales").query(by=["day"]))["day"] == dt.date(2026, 11, 2)
        assert figure(made, "late_shipments") == 0, "what came on the promised day, at whatever hour, came in time"


def test_the_first_and_the_last_day_of_a_period_both_count():
    rows = [line(f"O{day}", ordered_at=f"2026-11-{day:02}T12:00:00Z") for day in (1, 2, 3, 4)]
    made = world("marts.order_lines", order_lines=rows)
    period = {"since": dt.date(2026, 11, 2), "until": dt.date(2026, 11, 3)}
    assert figure(made, "order_lines_count", **period) == 2


def test_a_promise_that_was_moved_does_not_hide_a_broken_one():
    moved = line(
        "O1",
        requested_date=None,
        first_promised_date="2026-11-04",
        last_promised_date="2026-11-12",
        delivered_date="2026-11-06",
    )
    made = world("marts.order_lines", order_lines=[moved])
    assert figure(made, "on_time_delivery", where={"due_basis_code": "first promised"}) == 0.0
