"""Open purchase lines get a chance, days of arrival and reasons; what is over, forgotten, cancelled or not yet ordered gets none."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.lateness_node import OVERDUE_DAYS, RISK, lateness
from models.model import BACKTEST, DRIFT, RELIABILITY, Asked
from models.suppliers.inbound import FEATURES, KEY, MODEL

END = dt.date(2026, 11, 14)
ROW = dict.fromkeys((*KEY, *FEATURES), pl.String)
ROW |= dict.fromkeys(("ordered_qty", "open_qty", "unit_cost", "postponed_days"), pl.Float64) | {
    "is_cancelled": pl.Boolean
}
ROW |= dict.fromkeys(("ordered_date", "due_date", "closed_date"), pl.Date)


def day(after):
    return None if after is None else END + dt.timedelta(days=after)


def line(name, ordered, due, received=None, supplier="Swift", **columns):
    """A purchase line by days after the end."""
    row = {
        "po_id": name, "line_key": "1", "ordered_date": day(ordered), "due_date": day(due),
        "closed_date": day(received), "is_cancelled": False, "supplier_id": supplier, "country_code": "DE",
        "sku_id": f"S{len(name)}", "category_name": "taps", "site_id": "X", "ordered_qty": 10.0, "unit_cost": 2.0,
    }  # fmt: skip
    return row | columns


def past(count=1000, seed=1):
    """Two years of lines of two suppliers: one is seldom late, the other half of the time, and nearly always with much."""
    dice, rows = np.random.default_rng(seed), []
    for number in range(count):
        ordered = -730 + number * 690 // count
        due, qty = ordered + int(dice.integers(10, 20)), float(dice.integers(1, 20))
        chance = (0.05, 0.85 if qty > 10 else 0.4)[number % 2]
        delay = int(dice.integers(1, 9)) if dice.random() < chance else -int(dice.integers(0, 4))
        supplier = ("Swift", "Slow")[number % 2]
        rows.append(line(f"P{number}", ordered, due, min(due + delay, 0), supplier, ordered_qty=qty))
    return rows


PAST = past()
SWIFT, SLOW = line("A", -5, 10), line("B", -5, 10, supplier="Slow", ordered_qty=15.0)
WAITING = {
    "due today": line("due today", -20, 0),
    "due tomorrow": line("due tomorrow", -20, 1),
    "late for a week": line("late for a week", -20, -7),
    "late for a year": line("late for a year", -400, -OVERDUE_DAYS),
    "nobody said whether it is cancelled": line("nobody said whether it is cancelled", -5, 10, is_cancelled=None),
    "nobody said when it was ordered": line("nobody said when it was ordered", None, 10),
}
OVER = [
    line("cancelled", -5, 10, is_cancelled=True),
    line("not ordered yet", 1, 10),
    line("due on no day", -5, None),
    line("forgotten", -500, -OVERDUE_DAYS - 1),
    line("come early", -20, -6, -7),
    line("come today", -20, -6, 0),
]


def scored(*rows, history=PAST, version=1):
    frame = pl.DataFrame([*history, *rows], schema=ROW)
    return MODEL.score({"marts.purchase_lines": frame}, Asked(END, version))


def by_name(found):
    return {row["po_id"]: row for row in found.tables["scores.inbound_risk"].to_dicts()}


def risks(*rows, **asked):
    return by_name(scored(*rows, **asked))


@pytest.fixture(scope="module")
def found():
    return scored(SWIFT, SLOW, *WAITING.values(), *OVER)


@pytest.fixture(scope="module")
def said(found):
    return by_name(found)


def test_what_may_still_come_is_asked_about_and_what_may_not_is_not(said):
    assert set(said) == {"A", "B", *WAITING}
    assert all(set(row) == {*KEY, *RISK} for row in said.values())


def test_the_slow_supplier_is_the_risk_and_the_reason_says_so(said):
    assert said["A"]["late_share"] < 0.2
    assert said["B"]["late_share"] > 0.6
    assert "Slow" in said["B"]["because_text"]
    assert said["A"]["arrival_p80_date"] <= day(10) < said["B"]["arrival_p80_date"]


def test_what_has_not_come_by_the_close_of_its_day_is_late(said):
    late = {name: (said[name]["is_late_already"], said[name]["late_share"] == 1) for name in WAITING}
    assert late["due today"] == late["late for a week"] == late["late for a year"] == (True, True)
    assert late["due tomorrow"] == (False, False)
    assert said["late for a week"]["due_date"] == day(-7)


def test_days_of_arrival_follow_each_other_and_lie_ahead(said):
    for row in said.values():
        days = [row[f"arrival_{level}_date"] for level in ("p10", "p50", "p80", "p90")]
        assert days == sorted(days)
        assert days[0] > END
        assert 0 <= row["late_share"] <= 1


def test_what_came_later_was_open_then(said):
    """Rows received after the day of judgement, and orders placed after it, change nothing that is said on it."""
    known, spoilt = (
        risks(SWIFT, SLOW),
        [SWIFT | {"closed_date": day(400)}, SLOW | {"closed_date": day(1)}],
    )
    later = [line(f"L{n}", 1 + n, 5 + n, 300 + n, "Swift") for n in range(60)]
    assert risks(*spoilt, *later) == known


def test_the_order_of_the_rows_changes_nothing(said):
    rows = [*PAST, SWIFT, SLOW, *WAITING.values(), *OVER]
    assert risks(*(rows[place] for place in np.random.default_rng(2).permutation(len(rows))), history=[]) == said


def test_it_is_held_against_the_best_simple_rate_and_shown(found):
    assert not found.is_fallback
    assert found.model_error < found.rival_error
    assert found.backtests.schema == pl.Schema(BACKTEST)
    assert {"brier", "auc", "ece", "arrived by p80"} <= set(found.backtests["measure_name"])
    assert set(found.backtests.filter(measure_name="brier")["variant_name"]) >= {"model", "base rate"}
    assert found.backtests.select(pl.struct("variant_name", "measure_name", "origin_date").is_unique().all()).item()
    assert list(found.reliability.columns) == list(RELIABILITY)
    assert found.drift.schema == pl.Schema(DRIFT)


def test_a_model_switched_off_says_one_rate_for_all_and_gives_no_reason():
    said = risks(SWIFT, SLOW, version=0)
    assert said["A"]["late_share"] == said["B"]["late_share"] == pytest.approx(0.34, abs=0.05)
    assert said["A"]["because_text"] in {None, ""}


def test_few_outcomes_answer_with_their_share_and_say_so():
    found = scored(SWIFT, history=PAST[:60])
    assert found.is_fallback
    assert found.because.startswith("Only 60 outcomes are known")
    assert found.model_error is None
    assert found.backtests.is_empty()
    assert found.drift.schema == pl.Schema(DRIFT)


def test_a_source_that_tells_no_arrivals_teaches_nothing():
    silent = [row | {"closed_date": None} for row in PAST]
    found = scored(SWIFT, history=silent)
    assert found.tables["scores.inbound_risk"].is_empty()
    assert "tells no arrivals" in found.because


def test_lines_that_are_told_only_when_they_have_come_teach_nothing():
    """Ordered on the day of receipt, by a source that writes both at once: none was ever in question."""
    at_once = [row | {"ordered_date": row["closed_date"]} for row in PAST]
    found = scored(SWIFT, history=at_once)
    assert found.tables["scores.inbound_risk"].is_empty()
    assert "only when they are over" in found.because


def test_a_column_that_knows_the_outcome_is_left_out_and_named():
    rows = pl.DataFrame([*PAST, SWIFT, SLOW], schema=ROW).rename(
        {"ordered_date": "known_at", "due_date": "due_at", "closed_date": "done_at"}
    )
    told = rows.with_columns(
        delivery_status=pl.when(pl.col("done_at") > pl.col("due_at")).then(pl.lit("late")).otherwise(pl.lit("fine"))
    )
    found = lateness(told, KEY, [*FEATURES, "delivery_status"], "scores.told", Asked(END, 1))
    assert "Left out, for they know the outcome: delivery_status." in found.because
    honest = lateness(rows, KEY, FEATURES, "scores.told", Asked(END, 1))
    assert found.tables["scores.told"].equals(honest.tables["scores.told"])


def test_nothing_on_its_way_is_no_accident():
    found = scored()
    assert found.tables["scores.inbound_risk"].columns == [*KEY, *RISK]
    assert found.tables["scores.inbound_risk"].is_empty()
