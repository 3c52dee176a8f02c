"""How far plain forecasts have been off: learnt from what is past alone, and turned into demand ahead that keeps the forecast's shape."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.inventory.past_misses import FIRST_ORIGIN, LEAST_MISSES, SPAN, PastMisses, learn, past_misses, plain
from models.inventory.replenishment_trial import SURELY, Tried, best

TODAY = dt.date(2026, 6, 30)
DAYS = 300


def daily(items: int = 12, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).poisson(3.0, (items, DAYS)).astype(float)


def frames(table: np.ndarray, hidden: list[tuple[str, dt.date]] | None = None) -> dict[str, pl.DataFrame]:
    rows = [
        (f"A{item}", "X", TODAY - dt.timedelta(days=int(table.shape[1] - 1 - day)), float(table[item, day]))
        for item, day in zip(*np.nonzero(table), strict=True)
    ]
    empty = [(sku, "X", day, True) for sku, day in hidden or []]
    place = {"sku_id": pl.String, "site_id": pl.String, "demand_date": pl.Date}
    return {
        "core.demand_facts": pl.DataFrame(rows, schema={**place, "demand_qty": pl.Float64}, orient="row"),
        "core.stock_out_days": pl.DataFrame(empty, schema={**place, "is_censored": pl.Boolean}, orient="row"),
    }


def stock(items: int) -> pl.DataFrame:
    return pl.DataFrame({"sku_id": [f"A{n}" for n in range(items)], "site_id": ["X"] * items})


def known(table: np.ndarray, **more: object) -> PastMisses:
    found = past_misses(frames(table, **more), stock(table.shape[0]), TODAY)
    assert found is not None
    return found


def test_a_plain_forecast_is_a_mean_in_which_later_days_count_more():
    table = np.concatenate([np.zeros((1, 40)), np.ones((1, 40))], axis=1)
    means, shares = plain(table)
    assert means[0, -1] == pytest.approx((1 - 0.5) / (1 - 0.25))
    assert (means[0] == shares[0]).all()


def test_where_demand_never_changes_the_forecast_was_never_off():
    learnt, often = learn(np.full((4, 200), 2.0), span=SPAN)
    assert learnt.ratios == pytest.approx(1.0)
    assert often == pytest.approx(SPAN)


def test_paths_keep_the_forecasts_shape_and_are_as_far_off_as_the_past():
    found = known(daily())
    forecast = np.array([1.0, 2.0, 0.0, 4.0])
    drawn = found.ahead(("A0", "X"), forecast, seed=1, count=200, days=4)
    assert drawn.shape == (200, 4)
    assert drawn / drawn[:, :1] == pytest.approx(np.tile(np.cumsum(forecast), (200, 1)))
    assert 0.9 < drawn[:, 0].mean() < 1.1
    assert (np.sort(drawn[:, 0]) == np.sort(found.ahead(("A0", "X"), forecast, seed=2, count=200, days=4)[:, 0])).all()
    assert found.ahead(("A99", "X"), forecast, seed=1, count=5, days=4) is None


def test_nothing_after_the_day_is_read():
    table = daily()
    later = frames(np.concatenate([table, np.full((12, 5), 99.0)], axis=1))
    later["core.demand_facts"] = later["core.demand_facts"].with_columns(pl.col("demand_date") + pl.duration(days=5))
    again = past_misses(later, stock(12), TODAY)
    assert again is not None
    assert (again.learnt.ratios == known(table).learnt.ratios).all()


def test_spans_with_a_hidden_day_say_nothing():
    table = daily()
    table[:, 150:160] = 0.0
    seen = known(table)
    days = [(f"A{item}", TODAY - dt.timedelta(days=DAYS - 1 - day)) for item in range(12) for day in range(150, 160)]
    told = known(table, hidden=days)
    assert told.learnt.ratios.min() > seen.learnt.ratios.min()


def test_too_little_past_says_nothing():
    few = LEAST_MISSES // ((DAYS - SPAN - FIRST_ORIGIN) // 7 + 1)
    assert past_misses(frames(daily(few)), stock(few), TODAY) is None
    assert past_misses(frames(np.zeros((3, DAYS))), stock(3), TODAY) is None


def test_another_law_speaks_only_where_it_was_surely_better(monkeypatch: pytest.MonkeyPatch):
    errors = {"usual": 10.0, "other": 10.0 * (1 - SURELY) - 0.01, "level": 9.9, "blind": None}
    from models.inventory import replenishment_trial

    monkeypatch.setattr(replenishment_trial, "trial", lambda _, law, **__: Tried(errors[law], 12.0, 5))
    asked = {"as_of": TODAY, "seed": 1, "rival": "normal formula"}
    assert best({}, laws=("usual", "other"), **asked)[0] == "other"
    assert best({}, laws=("usual", "level"), **asked)[0] == "usual"
    assert best({}, laws=("usual", "blind"), **asked)[0] == "usual"
    assert best({}, laws=("blind", "other"), **asked)[0] == "blind"
    assert best({}, laws=("usual",), **asked)[0] == "usual"
