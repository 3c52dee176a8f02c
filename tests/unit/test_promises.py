"""What can be promised, in which order, and what a line waits for."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.model import Asked
from models.orders.promise import DRAWS, INBOUND, Source, Supply, promise, promises
from models.orders.promises import MODEL, supplies

TODAY = dt.date(2026, 3, 2)  # a Monday
TYPES = {
    "_id": pl.String,
    "_key": pl.String,
    "_code": pl.String,
    "_date": pl.Date,
    "_at": pl.Datetime,
    "is_": pl.Boolean,
}


def day(after):
    return TODAY + dt.timedelta(days=after)


def supply(on_hand=0.0, *sources, lead=20.0, transit=0.0, **more):
    lead_days = np.zeros(0) if lead is None else np.full(DRAWS, lead)
    return Supply(on_hand, sources, lead_days, np.full(DRAWS, transit), TODAY, **more)


def test_stock_leaves_on_the_next_day_and_travels():
    assert promise(supply(5, transit=2.0), 5).p90 == day(3)


def test_a_weekend_is_waited_for():
    working = np.array([0, 0, 0, 0, 0, 2, 1, 0] + [0] * 30)
    friday = Supply(5.0, [], np.zeros(0), np.zeros(DRAWS), TODAY + dt.timedelta(days=4), np.array([0, 2, 1, 0, 0]))
    assert promise(friday, 1).p50 == TODAY + dt.timedelta(days=7)
    assert working.size


def test_who_comes_first_is_served_first_and_the_rest_waits_for_the_line():
    line = Source(10, np.full(DRAWS, 6.0), INBOUND, "P1")
    made = promises(supply(5, line), np.array([4.0, 4.0, 8.0]), [day(1), day(9), day(9)])
    assert [each.p50 for each in made] == [day(1), day(7), day(21)]
    assert [each.share for each in made] == [1, 1, 0]
    assert "waits for purchase line P1" in made[1].because
    assert "needs a new order" in made[2].because


def test_an_uncertain_line_gives_an_uncertain_promise():
    line = Source(10, np.repeat([2.0, 9.0], DRAWS // 2), INBOUND, "P1")
    made = promise(supply(0, line), 1, wished=day(5))
    assert (made.p50, made.p90, made.share) == (day(10), day(10), 0.5) or (made.p50, made.p90) == (day(3), day(10))
    assert made.share == 0.5


def test_two_lines_are_taken_as_they_come_and_not_as_they_are_numbered():
    early, late = Source(3, np.full(DRAWS, 2.0), INBOUND, "early"), Source(9, np.full(DRAWS, 8.0), INBOUND, "late")
    assert promise(supply(0, late, early), 3).p50 == day(3)
    assert promise(supply(0, late, early), 4).p50 == day(9)


def test_where_nobody_can_tell_no_day_is_told():
    made = promise(supply(0, lead=None), 1, wished=day(3))
    assert (made.p50, made.p80, made.p90, made.share) == (None, None, None, None)
    assert "no lead time is known" in made.because


def table(name, *rows):
    names = MODEL.reads[name]
    kinds = {
        column: next(
            (kind for mark, kind in TYPES.items() if column.endswith(mark) or column.startswith(mark)), pl.Float64
        )
        for column in names
    }
    return pl.DataFrame([[row.get(column) for column in names] for row in rows], schema=kinds, orient="row")


def world(lines, stock, bought=(), held=(), fed=()):
    """Open lines `(order, site, qty)` in their order, stock `(site, on hand)`, purchase lines `(site, qty, day of arrival)`."""
    wanted = [
        {"order_id": order, "line_key": "1", "sku_id": "A", "site_id": site, "customer_id": "c", "open_qty": qty, "due_date": day(4),
         "ordered_at": dt.datetime(2026, 2, 1 + n)} for n, (order, site, qty) in enumerate(lines)  # noqa: DTZ001
    ]  # fmt: skip
    open_po = [
        {"po_id": f"P{n}", "line_key": "1", "sku_id": "A", "site_id": site, "open_qty": qty}
        for n, (site, qty, _) in enumerate(bought)
    ]
    came = [
        {"po_id": f"Q{n}", "line_key": "1", "sku_id": "A", "site_id": "X", "open_qty": 0.0, "lead_days": 30.0}
        for n in range(3)
    ]
    risks = [
        {"po_id": f"P{n}", "line_key": "1"} | {f"arrival_p{q}_date": day(at) for q in (10, 50, 80, 90)}
        for n, (_, _, at) in enumerate(bought)
    ]
    return {
        "marts.order_lines": table("marts.order_lines", *wanted),
        "core.orders": table(
            "core.orders", *({"order_id": o, "hold_code": "CREDIT" if o in held else None} for o, _, _ in lines)
        ),
        "marts.stock_now": table(
            "marts.stock_now", *({"sku_id": "A", "site_id": s, "on_hand_qty": q, "on_order_qty": 0.0} for s, q in stock)
        ),
        "marts.purchase_lines": table("marts.purchase_lines", *open_po, *came),
        "scores.inbound_risk": table("scores.inbound_risk", *risks),
        "marts.site_transfers": table(
            "marts.site_transfers", *({"site_id": s, "transfer_gap_days": g} for s, g in fed)
        ),
        "core.calendar": pl.DataFrame(schema={"day_date": pl.Date, "is_working_day": pl.Boolean}),
    }


def scored(*args, version=1, **more):
    frame = MODEL.score(world(*args, **more), Asked(TODAY, version)).tables["scores.order_promises"]
    return {row["order_id"]: row for row in frame.iter_rows(named=True)}


def test_held_orders_come_last_and_say_so():
    made = scored([("O1", "X", 4.0), ("O2", "X", 4.0)], [("X", 4.0)], bought=[("X", 9.0, 7)], held=("O1",))
    assert (made["O2"]["supply_name"], made["O1"]["supply_name"]) == ("stock", "purchase line")
    assert made["O1"]["because_text"].startswith("The order is held (CREDIT); were it released today: ")


def test_what_a_feeder_can_spare_is_given_to_one_fed_site_only():
    """The feeder has 5 beyond its own; two branches want 4 each and have nothing."""
    made = scored(
        [("O1", "B", 4.0), ("O2", "C", 4.0)], [("F", 5.0), ("B", 0.0), ("C", 0.0)], fed=[("B", 2.0), ("C", 2.0)]
    )
    assert sorted(row["supply_name"] for row in made.values()) == ["another site", "new order"]


def test_a_shelf_whose_stock_nobody_knows_promises_nothing():
    made = scored([("O1", "X", 4.0), ("O2", "Y", 4.0)], [("X", 9.0)])
    assert made["O2"]["promise_p50_date"] is None
    assert made["O2"]["because_text"] == "No stock of this SKU is known at this site."


def test_a_new_wish_stands_behind_all_open_lines():
    shelf = supplies(world([("O1", "X", 4.0)], [("X", 5.0)], bought=[("X", 9.0, 7)]), Asked(TODAY, 1))[("A", "X")]
    assert promise(shelf, 1).supply == "stock"
    assert promise(shelf, 2).supply == "purchase line"


def test_the_rival_promises_what_is_wished():
    assert scored([("O1", "X", 4.0)], [("X", 0.0)], version=0)["O1"]["promise_p90_date"] == day(4)


@pytest.mark.parametrize(
    ("lines", "stock", "said"), [([], [("X", 1.0)], "No line is open"), ([("O1", "X", 1.0)], [], "No stock is known")]
)
def test_without_lines_or_stock_the_reason_is_told(lines, stock, said):
    assert said in MODEL.score(world(lines, stock), Asked(TODAY, 1)).because
