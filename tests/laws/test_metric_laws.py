"""What holds for every metric and any rows: parts make the whole, order means nothing, and what is not known counts for nothing."""

import datetime as dt
import re
from math import sqrt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.definition import Metric, definition, definitions
from tests.worlds import World, fill, mart_columns

AS_OF = dt.date(2026, 11, 13)
NAMES = list(definitions())
ADDITIVE = [metric.name for metric in definitions().values() if metric.kind in ("ratio", "sum", "mean_and_spread")]
SETTINGS = settings(max_examples=10)

BY_TYPE = {
    "VARCHAR": st.sampled_from(["a", "b", "c", None]),
    "BOOLEAN": st.sampled_from([True, True, False, None]),
    "DATE": st.one_of(st.none(), st.dates(AS_OF - dt.timedelta(days=70), AS_OF + dt.timedelta(days=20))),
    "BIGINT": st.one_of(st.none(), st.integers(0, 400)),
    "DOUBLE": st.one_of(st.none(), st.integers(0, 400).map(float)),
    "DECIMAL(18,3)": st.one_of(st.none(), st.decimals(-1000, 100000, places=3)),
    "DECIMAL(18,4)": st.one_of(st.none(), st.decimals(-1000, 100000, places=4)),
    "DECIMAL(24,12)": st.one_of(st.none(), st.decimals(-1000, 100000, places=12)),
}


@pytest.fixture(scope="module")
def lab() -> World:
    made = World()
    made.execute("create schema marts")
    return made


def columns_of(metric: Metric) -> list[str]:
    """The columns that the metric looks at, and two to cut by."""
    text = " ".join([metric.where, metric.numerator, metric.denominator or "", metric.date or "", *metric.needs])
    named = set(re.findall(r"[a-z_0-9]+", text)) & set(mart_columns(metric.reads))
    return sorted(named | set(metric.dimensions[:2]))


def rows_for(metric: Metric) -> st.SearchStrategy[list[dict[str, Any]]]:
    types = mart_columns(metric.reads)
    row = {name: st.just(AS_OF) if name == "as_of_date" else BY_TYPE[types[name]] for name in columns_of(metric)}
    return st.lists(st.fixed_dictionaries(row), max_size=10)


def answer(lab: World, metric: Metric, rows: list[dict[str, Any]]) -> dict[str, Any]:
    fill(lab, metric.reads, rows)
    return lab.one(metric.query())


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """The same figures; sums to the last digit, a deviation as far as floating point goes."""
    return all(one[key] == (pytest.approx(other[key]) if isinstance(other[key], float) else other[key]) for key in one)


@pytest.mark.parametrize("name", ADDITIVE)
@SETTINGS
@given(data=st.data())
def test_a_total_is_the_ratio_of_its_summed_parts_over_any_cut(name, lab, data):
    metric = definition(name)
    rows = data.draw(rows_for(metric))
    cut = data.draw(st.sampled_from([*metric.dimensions[:2], *(["day", "week", "month"] if metric.date else [])]))
    total = answer(lab, metric, rows)
    parts = lab.ask(metric.query(by=[cut])).to_dicts()
    above = sum(part["numerator"] for part in parts if part["numerator"] is not None)
    below = sum(part["denominator"] for part in parts if part["denominator"] is not None)
    assert above == (total["numerator"] or 0)
    assert below == (total["denominator"] or 0)
    assert sum(part["row_count"] for part in parts) == total["row_count"]
    if metric.kind == "sum":
        assert total["value"] == total["numerator"]
    elif below:
        assert total["value"] == pytest.approx(float(above) / float(below))


@pytest.mark.parametrize("name", [n for n in NAMES if definition(n).kind == "mean_and_spread"])
@SETTINGS
@given(data=st.data())
def test_the_spread_of_a_whole_follows_from_number_mean_and_spread_of_its_parts(name, lab, data):
    metric = definition(name)
    total = answer(lab, metric, data.draw(rows_for(metric)))
    parts = lab.ask(metric.query(by=[metric.dimensions[0]])).to_dicts()
    if total["denominator"] < 2:
        assert total["spread"] is None
        return
    within = sum((part["denominator"] - 1) * part["spread"] ** 2 for part in parts if part["spread"] is not None)
    between = sum(part["denominator"] * (part["value"] - total["value"]) ** 2 for part in parts)
    assert total["spread"] == pytest.approx(sqrt((within + between) / (total["denominator"] - 1)), abs=1e-9)


@SETTINGS
@given(data=st.data())
def test_stock_of_parts_adds_up_on_a_day_and_is_averaged_over_days(lab, data):
    metric = definition("average_inventory_value")
    total = answer(lab, metric, data.draw(rows_for(metric)))
    days = lab.ask(metric.query(by=["day"]))
    dated = days.filter(days["day"].is_not_null())
    assert total["denominator"] == len(dated)
    places = lab.ask(metric.query(by=[metric.dimensions[0]])).to_dicts()
    assert sum(place["numerator"] for place in places) == (total["numerator"] or 0)
    assert sum(float(place["numerator"]) for place in places if place["denominator"]) == pytest.approx(
        sum(place["value"] * place["denominator"] for place in places if place["denominator"])
    )


@pytest.mark.parametrize("name", NAMES)
@SETTINGS
@given(data=st.data())
def test_the_order_of_the_rows_changes_nothing(name, lab, data):
    metric = definition(name)
    rows = data.draw(rows_for(metric))
    shuffled = data.draw(st.permutations(rows))
    assert same(answer(lab, metric, shuffled), answer(lab, metric, rows))


@pytest.mark.parametrize("name", [n for n in NAMES if definition(n).needs])
@SETTINGS
@given(data=st.data())
def test_a_row_that_lacks_a_needed_column_changes_nothing(name, lab, data):
    metric = definition(name)
    rows = data.draw(rows_for(metric))
    lacking = data.draw(rows_for(metric).filter(bool))[0] | {data.draw(st.sampled_from(metric.needs)): None}
    assert same(answer(lab, metric, [*rows, lacking]), answer(lab, metric, rows))


@pytest.mark.parametrize("name", NAMES)
@SETTINGS
@given(data=st.data())
def test_there_is_no_figure_exactly_when_there_is_nothing_to_divide_by(name, lab, data):
    metric = definition(name)
    found = answer(lab, metric, data.draw(rows_for(metric)))
    assert (found["value"] is None) == (not found["denominator"])


@pytest.mark.parametrize("name", NAMES)
@SETTINGS
@given(data=st.data())
def test_the_rows_behind_a_number_are_the_rows_that_count(name, lab, data):
    metric = definition(name)
    rows = data.draw(rows_for(metric))
    where = {metric.dimensions[0]: data.draw(st.sampled_from(["a", None, ["a", "b"], ["c", None], []]))}
    period = (
        {"since": AS_OF - dt.timedelta(days=40), "until": AS_OF} if metric.date and data.draw(st.booleans()) else {}
    )
    fill(lab, metric.reads, rows)
    total, behind = lab.one(metric.query(where=where, **period)), lab.ask(metric.rows_query(where=where, **period))
    assert len(behind) == total["row_count"]
    if metric.kind != "percentile":
        assert (behind["numerator"].sum() or 0) == (total["numerator"] or 0)
    if metric.name in ADDITIVE:
        assert (behind["denominator"].sum() or 0) == (total["denominator"] or 0)


PARTS_OF_A_WHOLE = {
    "unit_fill_rate": ("filled_qty", "ordered_qty"),
    "inbox_precision": ("caught_qty", "called_qty"),
    "inbox_recall": ("caught_qty", "came_qty"),
}
# A margin may be a loss, an error larger than what came, a bias either way.
UNBOUNDED = {
    "gross_margin",
    "forecast_error",
    "naive_forecast_error",
    "forecast_bias",
    "plan_error",
    "ai_reported_difference",
}


@pytest.mark.parametrize("name", [n for n in NAMES if definition(n).unit == "share" and n not in UNBOUNDED])
@SETTINGS
@given(data=st.data())
def test_a_share_lies_between_nought_and_one(name, lab, data):
    metric = definition(name)
    rows = data.draw(rows_for(metric))
    # As their tables promise: what is divided is a part of what it is divided by, and neither is below nought.
    part, whole = PARTS_OF_A_WHOLE.get(metric.name, ("", ""))
    for row in rows if part else ():
        row[whole] = abs(row[whole] or 1) + 1
        row[part] = min(abs(row[part] or 0), row[whole])
    found = answer(lab, metric, rows)
    assert found["value"] is None or 0 <= found["value"] <= 1
