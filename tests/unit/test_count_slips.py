"""Counts of stock in another unit than movements are told from their first month on; a count that jumped and came back is over."""

import datetime as dt

import pytest

from pipelines.table import tables
from tests.worlds import put, world

LAST = dt.date(2026, 11, 13)
FIRST = LAST - dt.timedelta(days=60)
SLIPPED = 30  # days before the last, on which counts change their unit


def counted(pack=1, odd=None):
    """Two months of a bolt that starts with 1,000 and of which 10 go out every second day; counts are in packs from some day on."""
    stock, moves, on_hand = [], [], 1000
    for number in range(61):
        day = FIRST + dt.timedelta(days=number)
        if number % 2:
            on_hand -= 10
            moves.append(
                {
                    "movement_id": f"M{number}",
                    "sku_id": "BOLT",
                    "site_id": "LEJ",
                    "moved_at": f"{day}T10:00:00Z",
                    "kind_code": "issue",
                    "moved_qty": -10,
                }
            )
        said = on_hand / pack if number >= 60 - SLIPPED else on_hand
        stock.append({"sku_id": "BOLT", "site_id": "LEJ", "stock_date": str(day), "on_hand_qty": said})
    for number, said in (odd or {}).items():
        stock[number]["on_hand_qty"] = said
    skus = [{"sku_id": "BOLT", "unit_cost": 2, "units_per_pack": 100}]
    return {"stock_days": stock, "stock_movements": moves, "skus": skus}


def slips(**extracts):
    return world("marts.count_slips", as_of=LAST, **extracts).query("select * from marts.count_slips").to_dicts()


def test_counts_that_follow_movements_are_no_slip():
    assert slips(**counted()) == []


def test_counts_in_packs_are_told_with_their_day_their_pack_and_the_stock_that_they_leave_out():
    (row,) = slips(**counted(pack=100))
    assert row["since_date"] == LAST - dt.timedelta(days=SLIPPED)
    assert row["gap_number"] == pytest.approx(0.99)
    assert row["because_text"].endswith("So it would be if counts were in packs of 100.")
    # 700 are there and 7 are on record; the 693 that are left out cost 2 each.
    assert float(row["impact_amount"]) == pytest.approx(693 * 2, rel=0.001)


def test_weekly_counts_tell_it_as_daily_ones_do():
    told = counted(pack=100)
    weekly = [row for number, row in enumerate(told["stock_days"]) if number % 7 == 4]
    (row,) = slips(**{**told, "stock_days": weekly})
    assert row["day_count"] == row["gap_day_count"] == 4
    assert row["gap_number"] == pytest.approx(0.99)
    assert slips(**{**counted(), "stock_days": weekly[:4]}) == []


def test_counts_that_are_put_right_once_are_no_slip():
    assert slips(**counted(odd={50: 5, 55: 9})) == []


@pytest.mark.parametrize(("after", "chance"), [(0.0, 0.0), (100.0, 0.99)])
def test_a_count_that_came_back_is_over(after, chance):
    """100 pieces vanish on one day; on the next they are there again, or are not."""
    made = world("marts.strange_signals", as_of=LAST, stock_days=counted()["stock_days"])
    day = LAST - dt.timedelta(days=5)
    alert = {
        "alert_id": "a",
        "watch_code": "stock_gap",
        "subject_kind_code": "sku",
        "subject_id": "BOLT",
        "site_id": "*",
    }
    alert |= {
        "alert_date": day,
        "since_date": day,
        "came_number": 100.0,
        "expected_number": 0.0,
        "rarity_share": 0.01,
        "open_days": 5.0,
    }
    made.execute("drop table marts.strange_signals")
    made.execute("delete from marts.watched_points")
    made.execute("delete from marts.anomalies")
    put(made, "marts.anomalies", {**alert, "watch_name": "Unexplained stock", "as_of_date": LAST})
    for gone, gap in ((0, 100.0), (1, 100.0 - after)):
        point = {
            "watch_code": "stock_gap",
            "subject_id": "BOLT",
            "point_date": day + dt.timedelta(days=gone),
            "watched_number": gap,
        }
        put(made, "marts.watched_points", point)
    row = made.query(tables()["marts.strange_signals"].sql).row(0, named=True)
    assert row["chance_share"] == pytest.approx(chance)
    assert ("came back" in row["because_text"]) == (chance == 0)
