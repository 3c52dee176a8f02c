"""Stock ahead: what is asked for takes from it, what comes adds to it, and what-if wishes move it the right way."""

import numpy as np
import pytest

from models.inventory.projection import projection
from models.inventory.shelves import LEVELS, Shelf

DAYS = 20
MEANS = np.full(DAYS, 5.0)
SPREAD = np.quantile(np.random.default_rng(1).poisson(5, 20_000), LEVELS)
BANDS = np.tile(SPREAD, (DAYS, 1)).astype(float)


def shelf(on_hand: float = 40.0, open_qty: float = 60.0, due: float = 6.0, late: float = 0.0) -> Shelf:
    return Shelf("A", "X", on_hand, 10, np.array([open_qty]), np.array([due]), np.full((1, 100), late))


def ahead(one: Shelf, **wishes: float):
    return projection(MEANS, BANDS, (0.2, 0.1), one, seed=3, count=400, **wishes)


def test_stock_falls_by_demand_and_rises_on_the_day_of_the_delivery():
    found = ahead(shelf())
    assert found.p50[5] == pytest.approx(10, abs=3)
    assert found.p50[6] == pytest.approx(65, abs=3)
    assert (found.p10 <= found.p50).all()
    assert (found.p50 <= found.p90).all()


@pytest.mark.parametrize(
    ("wishes", "sign"),
    [({"demand_factor": 1.5}, 1), ({"lead_days_more": 5.0}, 1), ({"ordered_qty": 50.0, "ordered_due": 3.0}, -1)],
)
def test_more_demand_and_later_goods_empty_the_shelf_more_often_and_an_order_less(wishes: dict, sign: int):
    one = shelf(on_hand=30, open_qty=40)
    change = ahead(one, **wishes).empty_share.sum() - ahead(one).empty_share.sum()
    assert change * sign > 0


def test_nothing_on_its_way_and_nothing_on_hand_stays_nothing():
    empty = Shelf("A", "X", 0.0, 10, np.zeros(0), np.zeros(0), np.zeros((0, 1)))
    found = ahead(empty)
    assert found.p90.max() == 0
    assert found.empty_share.min() == 1
