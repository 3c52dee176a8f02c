import datetime as dt
import json
import sys

import numpy as np
import polars as pl
import pytest

from benchmarks import inventory
from benchmarks.inventory_panel import Unreadable, panel, prices

FIRST = dt.date(2023, 1, 2)


def demand(items=15, periods=30, seed=4):
    rng = np.random.default_rng(seed)
    return rng.poisson(0.6, (items, periods)) * rng.integers(1, 6, (items, periods)).astype(float)


def long(found, at, names=("sku", "week", "demand")):
    rows = [(f"P{item}", at(period), qty) for item, row in enumerate(found) for period, qty in enumerate(row)]
    return pl.DataFrame(rows, schema=list(names), orient="row")


def weekly(period):
    return FIRST + dt.timedelta(weeks=period)


@pytest.mark.parametrize(
    ("at", "period"),
    [
        (weekly, "week"),
        (lambda n: dt.date(2021 + n // 12, n % 12 + 1, 1), "month"),
        (lambda n: f"{2021 + n // 12}-{n % 12 + 1:02}", "month"),
        (lambda n: n, "month"),
    ],
)
def test_periods_are_told_by_their_dates_or_guessed_by_their_number(tmp_path, at, period):
    found = demand()
    long(found, at).with_columns(plant=pl.lit("X")).sample(fraction=1, shuffle=True, seed=1).write_csv(
        tmp_path / "p.csv"
    )
    said = panel(tmp_path / "p.csv")
    order = [said.names.index(f"P{item}") for item in range(15)]
    np.testing.assert_array_equal(said.demand[order], found)
    assert said.period == period


def test_days_are_summed_to_whole_weeks(tmp_path):
    found = np.ones((12, 7 * 20))
    long(found, lambda n: FIRST + dt.timedelta(days=n)).write_parquet(tmp_path / "p.parquet")
    said = panel(tmp_path / "p.parquet")
    assert said.demand.shape == (12, 18)
    assert (said.demand == 7).all()


def test_a_row_an_item_and_a_column_a_period_is_a_panel_too(tmp_path):
    found = demand()
    names = {f"m{period}": found[:, period] for period in range(30)}
    pl.DataFrame({"part": [f"P{item}" for item in range(15)], "plant": ["X"] * 15} | names).write_csv(
        tmp_path / "p.csv"
    )
    assert panel(tmp_path / "p.csv").demand.sum() == found.sum()


def test_what_is_missing_or_below_nought_is_nought(tmp_path):
    rows = long(demand(), weekly).with_columns(demand=pl.when(pl.col("week") == FIRST).then(-3.0).otherwise("demand"))
    rows.filter(pl.col("week") != weekly(5)).vstack(rows.head(6).tail(1)).write_csv(tmp_path / "p.csv")
    assert (panel(tmp_path / "p.csv").demand[:, 0] == 0).all()


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pl.DataFrame({"name": ["a"], "week": [1], "y": [1.0]}), "no column of items"),
        (pl.DataFrame({"sku": ["a"], "colour": ["red"]}), "neither one of"),
        (pl.DataFrame({"sku": ["a"], "week": ["soon"], "y": [1.0]}), "neither dates"),
        (pl.DataFrame({"sku": ["a"], "week": [1], "y": ["much"]}), "no number"),
        (pl.DataFrame({"sku": ["a"], "week": [1], "y": [1.0]}), "at least"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, monkeypatch, capsys, frame, said):
    frame.write_csv(tmp_path / "p.csv")
    monkeypatch.setattr(sys, "argv", ["inventory", "--demand", str(tmp_path / "p.csv")])
    with pytest.raises(SystemExit) as left:
        inventory.main()
    assert said in str(left.value)
    assert "\n" not in str(left.value)
    assert not capsys.readouterr().out


def test_no_file_and_no_price_are_told(tmp_path):
    with pytest.raises(Unreadable, match="no such file"):
        panel(tmp_path / "none.csv")
    (tmp_path / "i.csv").write_text("sku,price\nP1,0\nP2,\n", "utf-8")
    with pytest.raises(Unreadable, match="no price above nought"):
        prices(tmp_path / "i.csv", ["P1", "P2"])


def test_unknown_panels_give_one_line_that_names_what_each_percentage_means(tmp_path, monkeypatch, capsys):
    long(demand(), weekly, ("item", "date", "qty")).write_csv(tmp_path / "p.csv")
    pl.DataFrame(
        {"item": [f"P{n}" for n in range(14)], "unit_cost": np.arange(1.0, 15.0), "note": ["x"] * 14}
    ).write_csv(tmp_path / "i.csv")
    monkeypatch.setattr(
        sys,
        "argv",
        ["inventory", "--items", str(tmp_path / "i.csv"), "--demand", str(tmp_path / "p.csv"), "--target", "0.8,0.9"],
    )
    inventory.main()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    said = json.loads(lines[0])
    assert said["items"] + said["items_left_out"] == 15
    assert said["best_published"] is None
    assert {"data_set", "period", "fill_definitions", "interval", "percentage"} <= said.keys()
    assert [row["fill"] for row in said["unit_fill"]["normal, cycle service"]] == [0.8, 0.9]
