"""How a page reaches rows: names are checked, values are bound, answers are kept under company, build and question."""

import datetime as dt

import pytest

from pages.parts import ask
from pages.parts.ask import NULL, between, conditions, count, mart
from pages.parts.chosen import Chosen
from tests.unit.parts_visit import grown, visit_to

KNOWN = {"site_id": "VARCHAR", "late_days": "DOUBLE", "ordered_at": "TIMESTAMP WITH TIME ZONE", 'odd"name': "VARCHAR"}


def test_values_are_bound_and_never_written_into_the_statement():
    attack = "x' or 1=1 --"
    sql, params = conditions({"site_id": [attack], "late_days": between(attack)}, KNOWN, "t")
    assert attack not in sql
    assert params == [attack, attack]


def test_an_unknown_column_is_a_defect_and_not_sql():
    with pytest.raises(KeyError):
        conditions({"site_id; drop table x": 1}, KNOWN, "t")


def test_a_strange_column_name_is_quoted():
    assert conditions({'odd"name': 1}, KNOWN, "t")[0] == ' where "odd""name" = ?'


def test_none_is_no_condition_null_is_one_and_an_empty_list_lets_nothing_pass():
    assert conditions({"site_id": None}, KNOWN, "t") == ("", [])
    assert conditions({"site_id": NULL}, KNOWN, "t") == (' where "site_id" is null', [])
    assert conditions({"site_id": []}, KNOWN, "t") == (" where false", [])


def test_a_last_day_of_instants_means_until_its_end():
    sql, params = conditions({"ordered_at": between(None, dt.date(2026, 11, 14))}, KNOWN, "t")
    assert sql == ' where "ordered_at" < ?'
    assert params == [dt.date(2026, 11, 15)]


@pytest.mark.parametrize(
    "table", ["marts.nothing", "pg_catalog.x", "marts.order_lines; drop", "order_lines", "marts.X"]
)
def test_a_name_that_is_no_table_is_a_defect(table):
    with pytest.raises(KeyError):
        mart(visit_to(grown()), table)


def test_rows_come_filtered_ordered_and_limited():
    visit = visit_to(grown())
    rows = mart(visit, "marts.order_lines", columns=("order_id", "net_amount"), order_by=("-net_amount",), limit=2)
    assert rows["order_id"].to_list() == ["O3", "O1"]
    assert mart(visit, "marts.order_lines", where={"net_amount": NULL})["order_id"].to_list() == ["O5"]
    missing_last = mart(visit, "marts.order_lines", order_by=("net_amount",))["order_id"].to_list()
    assert missing_last[-1] == "O5"


def test_the_filter_bar_narrows_by_what_the_table_has_and_by_period_when_a_date_is_named():
    visit = visit_to(grown())
    chosen = Chosen(dt.date(2026, 11, 2), dt.date(2026, 11, 3), where={"site_id": ("LYO",), "carrier_id": ("X",)})
    assert count(visit, "marts.order_lines", chosen=chosen) == 3
    assert count(visit, "marts.order_lines", chosen=chosen, date="ordered_at") == 3
    assert count(visit, "marts.order_lines", chosen=chosen.over(None, dt.date(2026, 11, 2)), date="ordered_at") == 2


def test_two_companies_never_share_an_answer():
    """The same question over two companies with the same build id: the folder is part of what an answer is kept under."""
    one, other = visit_to(grown("one")), visit_to(grown("other"))
    question = "select current_database() as name, count(*) as lines from marts.order_lines"
    ask.ask(one, question)
    assert ask.ask(one, question) is not ask.ask(other, question)
    assert ask.ask(one, question) is ask.ask(one, question)


def test_asking_again_goes_past_what_was_kept():
    visit = visit_to(grown())
    question = "select count(*) as lines from marts.order_lines"
    assert ask.ask_again(visit, question) is not ask.ask(visit, question)
    assert ask.ask_again(visit, question).equals(ask.ask(visit, question))
