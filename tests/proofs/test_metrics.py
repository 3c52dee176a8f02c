"""Every metric keeps what its file claims: the worked example, the drill to its rows, its dimensions, and the tiny company."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
import yaml

from metrics.definition import definition, definitions
from pipelines.contract import SQL_TYPES, contracts, dictionary
from pipelines.table import tables
from tests.conftest import TINY
from tests.worlds import World, mart, mart_columns, rows_of, world

NAMES = list(definitions())
ANSWERS = yaml.safe_load((TINY / "answers.yml").read_text("utf-8"))["answers"]
# Where an answer stands for one part of a metric, or under a name of its own.
ANSWER_OF = {
    "supplier_lead_time_mean": ("supplier_lead_time", "value"),
    "supplier_lead_time_deviation": ("supplier_lead_time", "spread"),
}
MARTS = tuple(name for name in tables() if name.startswith("marts."))
# Money is kept to four decimals, so a third of a cent may be missing from the hand's exact fraction.
EXACT = 0.0001


@cache
def tiny_world() -> World:
    return world(*MARTS, **{path.stem: rows_of(path) for path in TINY.glob("*.csv")})


def telling_world(name: str) -> World:
    """The tiny company; where it is too small for a model to say anything, the metric's own example."""
    metric = definition(name)
    is_empty = tiny_world().query(f"select count(*) as n from {metric.reads}")["n"][0] == 0
    return mart(metric.reads, list(metric.example.rows)) if is_empty else tiny_world()


@pytest.mark.parametrize("name", NAMES)
def test_the_worked_example_comes_out_as_the_hand_worked_it(name):
    metric = definition(name)
    found = mart(metric.reads, list(metric.example.rows)).one(metric.query())
    if isinstance(metric.example.value, str | int):
        assert str(found["value"]) == str(metric.example.value), "a sum is exact to the last decimal"
    else:
        assert found["value"] == pytest.approx(metric.example.value, rel=1e-12)
    if metric.kind == "mean_and_spread":
        assert found["spread"] == pytest.approx(metric.example.spread, rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_the_example_would_notice_if_a_condition_were_lost(name):
    metric = definition(name)
    example = mart(metric.reads, list(metric.example.rows))
    said = example.one(metric.query())
    weaker = [replace(metric, needs=tuple(need for need in metric.needs if need != lost)) for lost in metric.needs]
    weaker += [replace(metric, where="")] if metric.where else []
    for changed in weaker:
        assert example.one(changed.query()) != said, f"where {changed.where!r}, needs {changed.needs}"


@pytest.mark.parametrize("name", NAMES)
def test_without_any_rows_there_is_no_figure_and_not_nought(name):
    metric = definition(name)
    found = mart(metric.reads, []).one(metric.query())
    assert found["value"] is None
    assert found["row_count"] == 0


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_a_metric_names_is_there(name):
    metric = definition(name)
    columns = mart_columns(metric.reads)
    named = {*metric.dimensions, *metric.needs, *([metric.date] if metric.date else [])}
    assert named <= set(columns)
    assert all(columns[column] in ("VARCHAR", "BOOLEAN") for column in metric.dimensions)
    assert metric.date is None or columns[metric.date] == "DATE"
    for contract, needed in metric.extracts.items():
        assert set(needed) <= {column.name for column in contracts()[contract].columns}


@pytest.mark.parametrize("name", MARTS)
def test_a_column_of_a_mart_has_the_type_that_the_dictionary_gives_its_name(name):
    said = {column: SQL_TYPES[dictionary()[column]["type"]].upper() for column in mart_columns(name)}
    made = {
        column: kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ") for column, kind in mart_columns(name).items()
    }
    assert made == said


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_cut_by_each_of_its_dimensions_and_periods(name):
    metric = definition(name)
    periods = ["day", "week", "month", "quarter", "year"] if metric.date else []
    for cut in [*metric.dimensions, *periods]:
        parts = telling_world(name).ask(metric.query(by=[cut]))
        assert parts.columns[0] == cut
        assert parts["row_count"].sum() == telling_world(name).one(metric.query())["row_count"]


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_behind_a_number_add_up_to_it(name):
    metric = definition(name)
    is_by_site = telling_world(name) is tiny_world() and "site_id" in metric.dimensions
    chosen = {"site_id": "LEJ"} if is_by_site else {}
    for where in ({}, chosen):
        total, rows = (
            telling_world(name).one(metric.query(where=where)),
            telling_world(name).ask(metric.rows_query(where=where)),
        )
        assert len(rows) == total["row_count"]
        if metric.kind != "percentile":
            assert rows["numerator"].sum() == total["numerator"]
        if metric.kind in ("ratio", "sum", "mean_and_spread"):
            assert rows["denominator"].sum() == total["denominator"]
        if metric.kind == "average_over_days":
            assert rows[metric.date].n_unique() == total["denominator"]


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_that_hurt_come_first(name):
    metric = definition(name)
    rows = telling_world(name).ask(metric.rows_query())
    added = rows.select(
        hurt=(rows["denominator"] - rows["numerator"]) if metric.better == "higher" else rows["numerator"]
    )["hurt"].to_list()
    assert added == sorted(added, reverse=True)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_the_tiny_company_has_the_answer_that_was_worked_out_by_hand(name):
    metric_name, column = ANSWER_OF.get(name, (name, "value"))
    found = tiny_world().one(definition(metric_name).query())[column]
    assert float(found) == pytest.approx(float(Fraction(ANSWERS[name]["value"])), abs=EXACT)


def test_days_of_cover_of_each_article_of_the_tiny_company():
    found = tiny_world().ask(definition("days_of_cover").query(by=["sku_id"]))
    by_hand = {sku: float(Fraction(days)) for sku, days in ANSWERS["days_of_cover"]["by_sku"].items()}
    assert dict(zip(found["sku_id"], found["value"], strict=True)) == pytest.approx(by_hand)
