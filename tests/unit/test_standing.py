"""Is a supplier called worse only where that matters, since the right day, and in words that say what changed?"""

from datetime import date, timedelta

import polars as pl
import pytest

from models.model import Asked
from models.suppliers.standing import MODEL, STANDING

START, AS_OF = date(2025, 1, 6), date(2026, 6, 1)
INPUTS = {
    "supplier_id": pl.String,
    "sku_id": pl.String,
    "po_id": pl.String,
    "ordered_date": pl.Date,
    "due_date": pl.Date,
    "last_received_date": pl.Date,
    "ordered_qty": pl.Float64,
    "received_qty": pl.Float64,
    "unit_cost": pl.Float64,
    "is_cancelled": pl.Boolean,
}
TURN = START + timedelta(days=7 * 40)


def orders(took, *, promised=10, received=100.0, supplier="V", count=60, **columns):
    """An order for a hundred a week, which takes and brings what is said of each by its number."""
    rows = []
    for n in range(count):
        ordered = START + timedelta(days=7 * n)
        brought = received(n) if callable(received) else received
        row = dict.fromkeys(INPUTS) | {
            "supplier_id": supplier, "sku_id": "A", "po_id": f"{supplier}{n}", "ordered_date": ordered,
            "due_date": ordered + timedelta(days=promised),
            "last_received_date": ordered + timedelta(days=took(n) if callable(took) else took),
            "ordered_qty": 100.0, "received_qty": brought, "unit_cost": 2.0, "is_cancelled": False,
        }  # fmt: skip
        rows.append(row | columns)
    return rows


def scored(*parts, version=1):
    rows = [row for part in parts for row in part]
    return MODEL.score({"marts.purchase_lines": pl.DataFrame(rows, schema=INPUTS)}, Asked(AS_OF, version))


def standing(*parts, **asked):
    return scored(*parts, **asked).tables["scores.supplier_health"].row(0, named=True)


def turned(before, after):
    """Steady but for a day up or down, and after forty weeks something else."""
    return lambda n: (before if n < 40 else after) + (n % 3 - 1)


def test_a_supplier_that_has_become_slow_is_worse_since_the_first_slow_order():
    said = standing(orders(turned(10, 20)))
    assert said["is_deteriorated"]
    assert abs((said["deteriorated_since_date"] - TURN).days) <= 14
    assert said["deteriorated_since_date"] == min(said["lead_changed_date"], said["late_changed_date"])
    assert (said["lead_verdict_code"], said["late_verdict_code"]) == ("higher", "higher")
    assert (said["lead_before_days"], said["lead_after_days"]) == pytest.approx((10, 20), abs=0.2)
    assert 0 < said["false_alarms_per_year"] <= 0.1


def test_it_is_worse_since_the_first_of_its_changes():
    said = standing(orders(turned(10, 20), received=lambda n: 100.0 if n < 48 else 50.0))
    assert said["fill_changed_date"] > said["lead_changed_date"] == said["deteriorated_since_date"]
    assert said["because_text"].count("; ") == 2


def test_the_words_say_what_changed_from_what_to_what_and_since_when():
    said = standing(orders(turned(10, 20)))
    changed = f"{said['lead_changed_date']:%-d %b %Y}"
    lead = f"Lead time from {said['lead_before_days']:.1f} to {said['lead_after_days']:.1f} days since {changed}"
    assert said["because_text"].startswith(f"{lead}; lateness from 0.")
    assert said["because_text"].endswith(".")


def test_short_deliveries_are_told_in_whole_per_cent():
    said = standing(orders(10, received=lambda n: 100.0 if n < 40 else 60.0))
    assert said["is_deteriorated"]
    assert said["because_text"] == f"Fill from 100 to 60 % since {said['fill_changed_date']:%-d %b %Y}."
    assert said["lead_verdict_code"] == "steady"


@pytest.mark.parametrize(
    ("took", "received", "code"),
    [
        (turned(30, 34), 100.0, "lead_verdict_code"),
        (lambda n: 2 + (n >= 40 and n % 3 > 0), 100.0, "lead_verdict_code"),
        (10, lambda n: 98.0 if n >= 40 else 100.0, "fill_verdict_code"),
    ],
    ids=["a seventh slower", "two thirds of a day slower", "two in a hundred short"],
)
def test_what_is_beyond_chance_and_beside_the_point_is_no_deterioration(took, received, code):
    said = standing(orders(took, promised=40, received=received))
    assert said[code] in {"higher", "lower"}
    assert not said["is_deteriorated"]
    assert (said["deteriorated_since_date"], said["because_text"]) == (None, None)


def test_getting_better_is_no_deterioration():
    said = standing(orders(turned(20, 10)))
    assert (said["is_deteriorated"], said["lead_verdict_code"]) == (False, "lower")


def test_a_steady_supplier_beside_a_worse_one_is_left_alone():
    found = scored(orders(turned(10, 20)), orders(turned(10, 10), supplier="W"))
    told = found.tables["scores.supplier_health"]
    assert dict(told.select("supplier_id", "is_deteriorated").iter_rows()) == {"V": True, "W": False}
    assert found.because.startswith("1 of 2 suppliers have got worse.")


def test_few_orders_are_too_few_and_no_alarm():
    said = standing(orders(turned(10, 20), count=9))
    assert (said["lead_verdict_code"], said["is_deteriorated"]) == ("too few", False)
    assert said["lead_mean_days"] == pytest.approx(10, abs=0.2)


def test_cancelled_lines_and_lines_of_nobody_do_not_count():
    good = orders(10)
    told = scored(good, orders(60, is_cancelled=True), orders(60, supplier=None)).tables["scores.supplier_health"]
    assert told.height == 1
    assert told.row(0, named=True) == standing(good)
    unsaid = orders(10, is_cancelled=None)
    assert standing(unsaid) == standing(good), "a source that says nothing of cancelling cancels nothing"


def test_a_model_switched_off_keeps_the_figures_and_leaves_the_verdicts_out():
    said, plain = standing(orders(turned(10, 20)), version=0), standing(orders(turned(10, 20)))
    assert said["lead_mean_days"] == plain["lead_mean_days"]
    assert (said["is_deteriorated"], said["deteriorated_since_date"], said["because_text"]) == (False, None, None)
    assert said["lead_verdict_code"] is said["lead_changed_date"] is said["late_before_days"] is None


def test_what_came_after_the_day_of_judgement_is_not_known():
    rows = orders(turned(10, 20), count=100)
    poisoned = [
        row | {"last_received_date": date(2030, 1, 1), "received_qty": 1e9}
        if row["last_received_date"] > AS_OF
        else row
        for row in rows
    ]
    assert poisoned != rows
    assert standing(poisoned) == standing(rows)


def test_no_lines_make_no_suppliers():
    told = scored([]).tables["scores.supplier_health"]
    assert (told.height, told.columns) == (0, list(STANDING))
