"""A panel with a period twice or not at all is refused by name; what is not known or not usual has a defined answer."""

import json
import sys

import numpy as np
import polars as pl
import pytest

from benchmarks import forecast
from errors import Refusal


def rows(values, name="A", tests=2, times=None):
    count = len(values)
    return pl.DataFrame(
        {
            "unique_id": [name] * count,
            "t": times if times is not None else list(range(1, count + 1)),
            "y": values,
            "split": ["train"] * (count - tests) + ["test"] * tests,
        },
        strict=False,
    )


def days(*wanted):
    return pl.Series(wanted).str.to_date()


def test_a_panel_is_taken_as_it_is_in_whatever_order_its_rows_come():
    frame = pl.concat([rows([1, 2, 3, 4, 5]), rows([9, 8, 7], "B", 2)])
    names, train, test = forecast.panel(frame.sample(fraction=1, shuffle=True, seed=1), 2)
    assert names == ["A", "B"]
    assert [one.tolist() for one in train] == [[1, 2, 3], [9]]
    assert test.tolist() == [[4, 5], [8, 7]]


def test_a_period_that_stands_twice_is_refused_with_its_series_and_period():
    with pytest.raises(Refusal, match=r"Series A has more than one row at t = 3 \(2 such rows"):
        forecast.panel(rows([1, 2, 3, 4, 5, 6], times=[1, 2, 3, 3, 4, 5]), 2)


def test_a_missing_period_is_refused_and_not_joined():
    with pytest.raises(Refusal, match=r"Series A goes from t = 2 to t = 4.*Fix: Add the missing rows: with y = 0"):
        forecast.panel(rows([1, 2, 4, 5], times=[1, 2, 4, 5]), 2)


def test_days_and_months_may_differ_in_length_and_weekends_may_be_left_out():
    months = days("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30")
    working = days("2026-11-12", "2026-11-13", "2026-11-16", "2026-11-17")
    for times in (months, working):
        assert len(forecast.panel(rows([1, 2, 3, 4], times=times), 2)[0]) == 1
    for times in (days("2026-01-31", "2026-02-28", "2026-04-30"), days("2026-11-12", "2026-11-13", "2026-11-17")):
        with pytest.raises(Refusal, match="periods between are missing"):
            forecast.panel(rows([1, 2, 3], times=times), 1)


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_a_value_that_is_missing_moves_no_other(missing):
    """Before the first it is as if the series began later; within, it is drawn between its neighbours; at the end, as the last."""
    taken = forecast.panel(rows([missing, 2.0, missing, 4.0, missing, 6.0, 7.0]), 2)[1][0]
    assert taken.tolist() == [2, 3, 4, 4]


def test_a_series_whose_test_part_is_not_known_is_left_out():
    frame = pl.concat([rows([1.0, 2, None, 4]), rows([1.0, 2, 3, 4], "B"), rows([1.0, 2, 3], "C", 1)])
    assert forecast.panel(frame, 2)[0] == ["B"]


@pytest.mark.parametrize("wrong", [np.inf, -np.inf])
def test_what_is_infinite_is_refused(wrong):
    with pytest.raises(Refusal, match="Series A is infinite at t = 2"):
        forecast.panel(rows([1.0, wrong, 3, 4]), 2)


def test_a_panel_without_a_series_to_judge_is_refused():
    for frame in (rows([1, 2, 3]).clear(), rows([1, 2], tests=2), rows([1, 2, 3], tests=1)):
        with pytest.raises(Refusal, match="No series has a training part"):
            forecast.panel(frame, 2)


def printed(frame, tmp_path, monkeypatch, capsys):
    frame.write_parquet(tmp_path / "panel.parquet")
    monkeypatch.setattr(
        sys, "argv", ["forecast", str(tmp_path / "panel.parquet"), "--season-length", "1", "--horizon", "2"]
    )
    forecast.main()
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def test_one_observation_and_values_below_nought_have_an_answer(tmp_path, monkeypatch, capsys):
    """What cannot be measured is null, and the line stays JSON."""
    one = printed(rows([7, 7, 7]), tmp_path, monkeypatch, capsys)
    assert (one["series"], one["left_out"], one["smape"], one["mase"], one["owa"]) == (1, 0, 0, None, None)
    below = printed(rows([-3.0, -5, -4, -6, -3, -5, -4, -6]), tmp_path, monkeypatch, capsys)
    assert below["mase"] > 0


def test_a_refusal_is_said_and_ends_the_benchmark(tmp_path, monkeypatch, capsys):
    with pytest.raises(SystemExit):
        printed(rows([1, 2, 3, 4], times=[1, 2, 2, 3]), tmp_path, monkeypatch, capsys)
    assert "Series A has more than one row at t = 2" in capsys.readouterr().err
