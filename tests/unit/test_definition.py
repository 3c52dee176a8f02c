"""Definitions are read strictly, and a question to a metric can name nothing that the metric does not declare."""

import datetime as dt
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest
import yaml

from errors import Refusal
from metrics.definition import FOLDER, definition, definitions, read
from metrics.receipt import receipt

GOOD = {
    "metric": "made_up",
    "title": "Made up",
    "question": "How much was made up?",
    "kind": "ratio",
    "reads": "marts.order_lines",
    "date": "ordered_date",
    "numerator": "filled_qty",
    "denominator": "ordered_qty",
    "unit": "share",
    "better": "higher",
    "owner": "Head of nothing",
    "version": 1,
    "source": "House definition.",
    "caution": "Not to be used.",
    "dimensions": ["site_id"],
    "extracts": {"order_lines": ["ordered_qty"]},
    "example": {"rows": [{"filled_qty": 1, "ordered_qty": 2}], "value": 0.5, "arithmetic": "1 / 2"},
}


def changed(**changes):
    """The good definition with some keys changed; a key set to Ellipsis is left out."""
    return {key: value for key, value in {**GOOD, **changes}.items() if value is not ...}


def test_a_whole_definition_is_read():
    metric = read("made_up", GOOD)
    assert (metric.numerator, metric.denominator, metric.unit, metric.needs) == (
        "filled_qty",
        "ordered_qty",
        "share",
        (),
    )


def test_a_metric_cannot_be_changed_once_read():
    with pytest.raises(FrozenInstanceError):
        definition("net_sales").unit = "share"


@pytest.mark.parametrize(
    "key", ["title", "owner", "unit", "example", "caution", "source", "question", "dimensions", "extracts"]
)
def test_a_definition_that_lacks_a_key_is_refused_by_the_name_of_the_key(key):
    with pytest.raises(Refusal, match=f"`{key}` is missing"):
        read("made_up", changed(**{key: ...}))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colour": "red"}, "`colour` is not a key of a metric"),
        ({"unit": "percent"}, "`unit` is 'percent'"),
        ({"better": "more"}, "`better` is 'more'"),
        ({"kind": "median"}, "`kind` is 'median'"),
        ({"owner": ""}, "`owner` is missing"),
        ({"version": "one"}, "`version` is 'one'"),
        ({"version": True}, "`version` is True"),
        ({"metric": "another"}, "`metric` is 'another'"),
        ({"reads": "core.order_lines"}, "`reads` is 'core.order_lines'"),
        ({"reads": "order_lines"}, "`reads` is 'order_lines'"),
        ({"denominator": ...}, "has no `denominator`"),
        ({"measure": "filled_qty"}, "cannot have `measure`"),
        ({"kind": "sum", "numerator": ..., "denominator": ...}, "has no `measure`"),
        (
            {"kind": "percentile", "numerator": ..., "denominator": ..., "measure": "filled_qty", "percentile": 90.0},
            "`percentile` is 90.0",
        ),
        (
            {"kind": "average_over_days", "numerator": ..., "denominator": ..., "measure": "filled_qty", "date": ...},
            "has no `date`",
        ),
        ({"dimensions": ["site_id; drop table x"]}, "`dimensions` names"),
        ({"needs": ["Filled Qty"]}, "`needs` names"),
        ({"date": "ordered_date desc"}, "`date` is"),
        ({"extracts": {"order_lines": []}}, "`extracts` says nothing"),
        ({"example": {"rows": [{}], "value": 1}}, "no `arithmetic`"),
        ({"example": {"rows": "none", "value": 1, "arithmetic": "1"}}, "are not rows"),
        ({"example": {"rows": [], "value": 1, "arithmetic": "1", "mood": "good"}}, "a key `mood`"),
    ],
)
def test_a_wrong_definition_is_refused_with_the_key_and_what_stands_there(changes, said):
    with pytest.raises(Refusal) as refused:
        read("made_up", changed(**changes))
    assert said in refused.value.why
    assert "made_up" in refused.value.what


def test_a_definition_that_is_no_mapping_is_refused():
    with pytest.raises(Refusal, match="not a list of keys"):
        read("made_up", ["metric"])


@pytest.mark.parametrize(
    "expression",
    ["avg(filled_qty)", "sum (filled_qty)", "(select 1)", "MAX(filled_qty)", "row_number() over (order by 1)"],
)
def test_an_expression_that_looks_beyond_its_row_is_refused(expression):
    with pytest.raises(Refusal, match="beyond one row"):
        read("made_up", changed(numerator=expression))


@pytest.mark.parametrize("expression", ["least(shipped_qty, ordered_qty)", "GREATEST(shipped_qty, 0)"])
def test_an_expression_that_would_turn_unknown_into_a_number_is_refused(expression):
    with pytest.raises(Refusal, match="skip nulls"):
        read("made_up", changed(numerator=expression))


@pytest.mark.parametrize("expression", ["1; drop table marts.orders", "1 -- all", "?", "1 /* */"])
def test_an_expression_is_nothing_but_an_expression(expression):
    with pytest.raises(Refusal, match="more than an expression"):
        read("made_up", changed(where=expression))


def test_the_issue_is_answered_by_name():
    wanted = {
        "line_fill_rate", "order_fill_rate", "on_time_in_full", "on_time_delivery", "order_cycle_time", "backorder_share", "days_of_cover",
        "inventory_value", "inventory_turns", "stockout_share", "excess_value", "supplier_on_time_in_full", "supplier_lead_time",
        "freight_cost_per_unit", "cancellation_share", "gross_margin",
    }  # fmt: skip
    assert wanted <= set(definitions())


def test_every_file_is_named_for_its_metric_and_no_title_stands_twice():
    assert {path.stem for path in FOLDER.glob("*.yml")} == {metric.name for metric in definitions().values()}
    titles = [metric.title for metric in definitions().values()]
    assert len(titles) == len(set(titles))


def test_keys_are_not_written_twice_in_any_file():
    for path in FOLDER.glob("*.yml"):
        top = [line.partition(":")[0] for line in path.read_text("utf-8").splitlines() if line and line[0].isalpha()]
        assert len(top) == len(set(top)), path.name
        assert set(top) == set(yaml.safe_load(path.read_text("utf-8")))


def test_a_metric_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(Refusal, match=r"Use one of: .*net_sales"):
        definition("turnover")


def test_what_people_choose_is_bound_and_never_written_into_the_sql():
    query = definition("net_sales").query(
        by=["site_id"], where={"customer_id": "x' or 1=1 --"}, since=dt.date(2026, 1, 1), until=dt.date(2026, 1, 31)
    )
    assert "1=1" not in query.sql
    assert query.params == ("x' or 1=1 --", dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    assert query.sql.count("?") == 3


@pytest.mark.parametrize(
    "ask", [{"by": ["extra"]}, {"where": {"net_amount": 1}}, {"by": ["site_id; drop table x"]}, {"by": "1"}]
)
def test_an_undeclared_dimension_is_refused_with_the_list_of_those_allowed(ask):
    with pytest.raises(Refusal, match=r"Use one of: site_id, .*periods: day, week, month, quarter, year"):
        definition("net_sales").query(**ask)


def test_the_rows_behind_a_number_refuse_undeclared_dimensions_too():
    with pytest.raises(Refusal, match="not one of the dimensions"):
        definition("net_sales").rows_query(where={"extra": "x"})


def test_a_cut_may_be_given_as_one_word():
    assert definition("net_sales").query(by="site_id") == definition("net_sales").query(by=["site_id"])


def test_nothing_in_a_list_is_matched_as_nothing():
    query = definition("net_sales").query(where={"site_id": ["LEJ", None]})
    assert "(site_id in (?) or site_id is null)" in query.sql
    assert query.params == ("LEJ",)


def test_an_empty_choice_chooses_no_row_rather_than_every_row():
    assert "and false" in definition("net_sales").query(where={"site_id": []}).sql


@pytest.mark.parametrize("value", [object(), {"a": 1}, b"bytes"])
def test_a_filter_that_no_column_can_hold_is_refused(value):
    with pytest.raises(Refusal, match="not a value that a column can hold"):
        definition("net_sales").query(where={"site_id": [value]})


def test_a_period_is_refused_where_the_table_shows_one_moment():
    for ask in ({"since": dt.date(2026, 1, 1)}, {"until": dt.date(2026, 1, 1)}, {"by": ["month"]}):
        with pytest.raises(Refusal, match="cannot be cut by period"):
            definition("inventory_value").query(**ask)


def test_a_period_begins_and_ends_on_a_day_and_not_at_an_instant():
    with pytest.raises(Refusal, match="cannot be cut at"):
        definition("net_sales").query(since=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    with pytest.raises(Refusal, match="cannot be cut at"):
        definition("net_sales").query(until="2026-01-01")


def test_a_limit_on_rows_is_bound_last():
    query = definition("net_sales").rows_query(where={"site_id": "LEJ"}, limit=10)
    assert query.sql.endswith("limit ?")
    assert query.params == ("LEJ", 10)


def test_only_a_percentile_is_not_additive():
    assert [metric.name for metric in definitions().values() if not metric.is_additive] == [
        "ai_latency_p95",
        "order_cycle_time_p90",
    ]


@pytest.mark.parametrize("name", list(definitions()))
def test_every_formula_reads_as_one_line(name):
    formula = definition(name).formula
    assert definition(name).numerator in formula
    assert "\n" not in formula


def test_a_receipt_carries_definition_filters_sql_and_parameters():
    paper = receipt(
        definition("net_sales"),
        where={"site_id": ["LEJ", None], "tier_code": []},
        since=dt.date(2026, 1, 1),
        until=dt.date(2026, 1, 31),
    )
    assert paper.metric.version == 1
    assert paper.filters == (
        "site_id = LEJ or not known",
        "tier_code = none of them",
        "ordered_date from 2026-01-01",
        "ordered_date to 2026-01-31",
    )
    assert paper.query == paper.metric.query(
        where={"site_id": ["LEJ", None], "tier_code": []}, since=dt.date(2026, 1, 1), until=dt.date(2026, 1, 31)
    )
    assert paper.value is None
    assert paper.filled(value=Decimal(1), row_count=7, build_id="b").row_count == 7


def test_the_hash_of_a_receipt_is_the_same_for_the_same_question_and_for_no_other():
    metric = definition("net_sales")
    same = receipt(metric, where={"site_id": "1"}).query_hash
    assert receipt(metric, where={"site_id": "1"}).query_hash == same
    others = [
        receipt(metric, where={"site_id": 1}),
        receipt(metric, where={"site_id": "2"}),
        receipt(metric, where={"sku_id": "1"}),
        receipt(metric, by=["site_id"], where={"site_id": "1"}),
        receipt(metric, where={"site_id": "1"}, since=dt.date(2026, 1, 1)),
        receipt(replace(metric, version=2), where={"site_id": "1"}),
        receipt(definition("gross_margin"), where={"site_id": "1"}),
    ]
    assert same not in [other.query_hash for other in others]
