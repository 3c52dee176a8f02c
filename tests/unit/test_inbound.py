"""What suppliers have postponed, received in part or begun to fail at is seen in the chances of purchase lines on their way."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.lateness_guard import named
from models.model import Asked
from models.orders import late as orders
from models.shipments import late as shipments
from models.suppliers import inbound
from models.suppliers.inbound import FACTS, FEATURES, KEY, MODEL

END = dt.date(2026, 11, 14)
ROW = dict.fromkeys((*KEY, *FEATURES), pl.String) | dict.fromkeys(FACTS, pl.Date)
ROW |= dict.fromkeys(("ordered_qty", "open_qty", "unit_cost", "postponed_days"), pl.Float64) | {
    "is_cancelled": pl.Boolean
}


def day(after):
    return None if after is None else END + dt.timedelta(days=after)


def line(name, ordered, due, completed=None, **columns):
    """A purchase line by days after the end; what is not complete is open."""
    row = dict.fromkeys(ROW) | {
        "po_id": name, "line_key": "1", "ordered_date": day(ordered), "due_date": day(due), "closed_date": day(completed),
        "is_cancelled": False, "supplier_id": "Swift", "site_id": "X", "ordered_qty": 10.0, "unit_cost": 2.0,
        "open_qty": 10.0 if completed is None else 0.0, "postponed_days": 0.0,
    }  # fmt: skip
    return row | columns


def past(count=1000, seed=1):
    """Two years of lines of two suppliers, late once in ten times and six times in ten; what is late was postponed."""
    dice, rows = np.random.default_rng(seed), []
    for number in range(count):
        ordered = -730 + number * 690 // count
        due = ordered + int(dice.integers(10, 20))
        is_late = dice.random() < (0.1, 0.6)[number % 2]
        delay = int(dice.integers(1, 9)) if is_late else -int(dice.integers(0, 4))
        rows.append(
            line(
                f"P{number}",
                ordered,
                due,
                due + delay,
                supplier_id=("Swift", "Slow")[number % 2],
                postponed_days=4.0 * is_late,
            )
        )
    return rows


PAST = past()
SILENT = [row | {"postponed_days": None} for row in PAST]
OPEN = [line(f"O{n}", -5, 10, postponed_days=4.0 * (n % 2)) for n in range(30)]


def scored(*rows, history=SILENT):
    frame = pl.DataFrame([*history, *rows], schema=ROW)
    return MODEL.score({"marts.purchase_lines": frame}, Asked(END, 1))


def shares(found):
    return dict(found.tables["scores.inbound_risk"].select("po_id", "late_share").iter_rows())


@pytest.fixture(scope="module")
def postponed():
    return scored(*OPEN, history=PAST)


def test_what_the_supplier_has_postponed_is_likely_late(postponed):
    said = shares(postponed)
    assert min(said[f"O{n}"] for n in range(1, 30, 2)) > 0.9
    assert max(said[f"O{n}"] for n in range(0, 30, 2)) < 0.1


def test_the_error_without_the_postponement_is_shown_beside(postponed):
    assert "rests on postponed_days" in postponed.because
    assert "Without postponed_days: Brier 0." in postponed.because
    errors = (
        postponed.backtests.filter(measure_name="brier").group_by("variant_name").agg(pl.col("measured_number").mean())
    )
    by_who = dict(errors.iter_rows())
    assert by_who["model"] < 0.05
    assert by_who["without postponed_days"] > 0.12


def test_a_day_that_is_moved_as_the_goods_fail_to_come_is_not_read():
    """Of the open lines none has been postponed, of those that came late all: it is written down afterwards."""
    found = scored(*(row | {"postponed_days": 0.0} for row in OPEN), history=PAST)
    assert "Left out, for they know the outcome: postponed_days." in found.because


def test_what_is_received_in_part_is_waited_for_and_what_is_closed_without_a_receipt_is_not():
    found = scored(
        line("part", -20, 5, open_qty=4.0),
        line("part, overdue", -20, -5, open_qty=4.0),
        line("quantities not told", -20, 5, open_qty=None),
        line("closed", -20, 5, open_qty=0.0),
        line("cancelled", -20, 5, open_qty=0.0, is_cancelled=True),
        line("whole", -20, -5, -6),
    )
    said = shares(found)
    assert set(said) == {"part", "part, overdue", "quantities not told"}
    assert said["part, overdue"] == 1


def test_the_error_is_told_month_by_month_and_the_verdict_over_all():
    found = scored(OPEN[0], history=past(2400))
    errors = found.backtests.filter(measure_name="brier")
    own = errors.filter(variant_name="model")
    assert own["origin_date"].n_unique() == own.height >= 5
    assert own["row_count"].min() >= 30
    for name in errors["variant_name"].unique():
        assert errors.filter(variant_name=name)["origin_date"].to_list() == own["origin_date"].to_list()
    assert found.model_error == pytest.approx(np.average(own["measured_number"], weights=own["row_count"]), rel=0.1)
    assert found.backtests.filter(measure_name="auc", variant_name="model").height == 1


def test_where_no_month_has_enough_rows_one_figure_stands_for_all():
    found = scored(OPEN[0], history=SILENT[::3])
    own = found.backtests.filter(measure_name="brier", variant_name="model")
    assert own.height == 1
    assert own["measured_number"][0] == pytest.approx(found.model_error)


def test_a_supplier_that_has_begun_to_fail_looks_so_before_anything_has_come():
    """Forty lines of the good supplier are overdue: to wait for their arrival would leave it looking fine."""
    failing = [line(f"F{n}", -40 + n // 4, -15 + n // 4) for n in range(40)]
    assert shares(scored(OPEN[0], *failing))["O0"] > shares(scored(OPEN[0]))["O0"] + 0.1


def test_so_few_answers_that_a_staircase_would_lose_the_order_are_corrected_smoothly_or_not_at_all(monkeypatch):
    from models import lateness_trial

    found, tried = scored(OPEN[0]), []
    monkeypatch.setitem(lateness_trial.KINDS, "isotonic", lambda *answers: tried.append(answers))
    assert scored(OPEN[0]).because == found.because
    assert not tried


def test_how_good_the_order_and_the_days_are_is_said(postponed):
    assert "It put the late above the timely in" in postponed.because
    assert "(postponed_days alone:" in postponed.because
    assert "By the days meant for 10%, 50%, 80%, 90% of arrivals," in postponed.because


@pytest.mark.parametrize("model", [inbound, orders, shipments])
def test_no_model_of_lateness_asks_for_a_column_that_its_own_guard_refuses(model):
    assert not [name for name in model.FEATURES if named(name)]
