"""Returns of a use case, calls without a price and bills against calls: what cannot be told says why, and no line is lost."""

import datetime as dt
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import ai_bills, ai_cost_table, ai_cost_usage, ai_must_be_true, ai_returns, ai_unpriced
from pages.parts.words import Words
from tests.ai_builds import built, held
from tests.unit.parts_visit import grown, visit_to
from tests.unit.test_ai_cost_ledger import call, charge
from tests.worlds import World, world

WORDS = Words("en_GB", "EUR", "Europe/Berlin")
IRR, CASES, ORDERS = "Rate of return (IRR)", "Cases it takes to pay", "Orders it takes to pay"
NO_TURN, TURNS = "the flows never change sign", "not unique: the flows change sign 3 times"
SINCE, UNTIL = dt.date(2026, 11, 1), dt.date(2026, 11, 30)
UNKNOWN: dict[str, Any] = {"served_model_name": "nobody's-model", "provider_name": "northlight"}
PLAN: dict[str, Any] = {
    "cost_amount": 4000.0, "benefit_amount": 9000.0, "direct_npv_amount": 5000.0, "inner_rate_number": 0.4, "inner_rate_text": "",
    "payback_month_number": 9.2, "discounted_payback_month_number": 10.1, "late_payback_share": 0.2, "break_even_cases_number": 360.0,
    "cases_number": 720.0, "month_count": 36, "minimum_scale_number": 1.4, "option_amount": 10.0, "certainty_amount": 20.0,
    "marginal_cost_amount": None, "is_taken_up": True,
}  # fmt: skip


def test_returns_are_said_beside_what_is_planned():
    told = ai_returns.facts(PLAN, WORDS)
    assert told["Rate of return (IRR)"] == "40.0% a year"
    assert told["Money back, discounted"] == "after 11 months"
    assert told["Money back late"] == "in 20.0% of the futures not back within two years"
    assert told["Cases it takes to pay"] == "10 a month; 20 a month are planned"
    assert told["Orders it takes to pay"] == "1.4 times today's"
    assert "As the next use case" not in told


@pytest.mark.parametrize(
    ("change", "label", "words"),
    [
        ({"inner_rate_number": None, "inner_rate_text": NO_TURN}, IRR, "none: nothing is paid before it earns"),
        ({"inner_rate_number": None, "inner_rate_text": TURNS}, IRR, f"none: {TURNS}"),
        ({"break_even_cases_number": None}, CASES, "no number of cases: each brings less than it costs; 20 a month are planned"),
        ({"month_count": 0}, CASES, "360 in all; 720 in all are planned"),
        ({"minimum_scale_number": None}, ORDERS, "no size that was tried is enough"),
        ({"minimum_scale_number": None, "is_taken_up": False}, ORDERS, "tried once it is taken up"),
        ({"discounted_payback_month_number": None}, "Money back, discounted", "never within the months planned"),
        ({"late_payback_share": 0.0}, "Money back late", "in no future later than two years"),
        ({"marginal_cost_amount": 3000.0}, "As the next use case", "€3K more cost of the whole programme"),
    ],
)  # fmt: skip
def test_what_has_no_figure_says_why(change, label, words):
    assert ai_returns.facts({**PLAN, **change}, WORDS)[label] == words


@pytest.mark.parametrize(
    ("name", "number", "words"),
    [("UC3.error_share", 0.0126, "1.3%"), ("a", 95.217, "95.2"), ("a", 0.2346, "0.235"), ("a", None, "not known")],
)
def test_numbers_of_assumptions_are_said_at_three_digits(name, number, words):
    assert ai_must_be_true.near({"assumption_name": name}, number, WORDS) == words


def priced(*calls: dict[str, Any], bills: tuple[dict[str, Any], ...] = ()) -> World:
    return world(
        "marts.ai_calls",
        "marts.ai_usage",
        "marts.ai_price_gaps",
        "marts.ai_bill_gaps",
        ai_calls=list(calls),
        ai_bills=list(bills),
    )


def left_out(*calls: dict[str, Any], bills: tuple[dict[str, Any], ...] = ()) -> tuple[int, int, int]:
    return priced(*calls, bills=bills).query(ai_unpriced.UNPRICED_SQL, (SINCE, UNTIL)).row(0)


def test_calls_without_a_price_are_counted_with_their_cases_and_models():
    calls = [call("A"), call("B", **UNKNOWN, case_id="O1"), call("C", **UNKNOWN, case_id="O1"), call("D", **UNKNOWN)]
    assert left_out(*calls) == (3, 1, 1)
    assert left_out(call("A")) == (0, 0, 0)
    assert left_out(call("A", **UNKNOWN, called_at="2026-12-02T12:00:00Z")) == (0, 0, 0)


def test_what_a_provider_reported_or_billed_is_not_left_out():
    assert left_out(call("A", **UNKNOWN, reported_cost=0.01, cost_currency_code="USD")) == (0, 0, 0)
    bill = charge("1", provider_name="northlight", effective_amount=5)
    assert left_out(call("A", **UNKNOWN), bills=(bill,)) == (0, 0, 0)
    other = {**bill, "use_case_name": "UC4"}
    assert left_out(call("A", **UNKNOWN), bills=(other,)) == (1, 0, 1)


BILLS = (
    charge("1", effective_amount=5, use_case_name="UC3"),
    charge("2", effective_amount=2, charge_starts_at="2026-10-01T00:00:00Z"),
    charge("3", effective_amount=-1, charge_category_name="Credit"),
    charge("4", effective_amount=3, provider_name="elsewhere"),
    charge("5", effective_amount=9, currency_code="XXX"),
    charge("6", effective_amount=9, charge_starts_at=None),
)


def test_no_line_and_no_call_is_lost_between_bills_and_calls():
    made = priced(
        call("A"), call("B", **UNKNOWN), call("C", provider_name="openai", served_model_name="gpt-5"), bills=BILLS
    )
    months = made.query(ai_bills.MONTHS_SQL)
    assert (months["row_count"].sum(), months["call_count"].sum()) == (len(BILLS), 3)
    whole = made.query("select cast(sum(charged_cost) as double) from marts.ai_bill_charges").item()
    services = made.query(ai_bills.SERVICES_SQL)
    assert months["charged_cost"].sum() == pytest.approx(whole) == pytest.approx(services["charged_cost"].sum())
    assert services["row_count"].sum() == len(BILLS)
    matches = {(row["seller_name"], str(row["month_date"])): row["match_text"] for row in months.iter_rows(named=True)}
    assert matches == {
        ("anthropic", "2026-11-01"): "both known",
        ("anthropic", "2026-10-01"): "no call explains it",
        ("anthropic", "None"): "the bill cannot be told",
        ("elsewhere", "2026-11-01"): "no call explains it",
        ("northlight", "2026-11-01"): "neither a bill nor a price",
        ("openai", "2026-11-01"): "no bill: the log counts",
    }


def test_a_line_that_a_bill_repeats_is_two_lines_and_not_four():
    twice = (charge("1", effective_amount=5), charge("1", effective_amount=5, occurrence=2))
    services = priced(call("A"), bills=twice).query(ai_bills.SERVICES_SQL)
    assert (services["row_count"].to_list(), services["effective_amount"].to_list()) == ([2], [10.0])


def usage() -> None:
    from pages.parts import ai_cost_usage
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    ai_cost_usage.board(visit_to(open_company("acme"), here="cost"))


def bills() -> None:
    import datetime as dt

    from pages.parts import ai_bills, ai_unpriced
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"), here="cost")
    ai_bills.board(visit)
    ai_unpriced.line(visit, dt.date(2026, 11, 1), dt.date(2026, 11, 30))


def said(script: Any) -> str:
    page = AppTest.from_function(script, default_timeout=60).run()
    assert not page.exception, page.exception
    return "\n".join([*(one.proto.body for one in page.get("html")), *(one.value for one in page.markdown)])


def test_the_bill_is_drawn_with_what_agrees_and_what_counts_nowhere():
    made = priced(call("A"), call("B", **UNKNOWN, case_id="O1"), bills=BILLS)
    names = ("marts.ai_calls", "marts.ai_usage", "marts.ai_bill_charges", "marts.ai_bill_gaps", "core.ai_bills")
    built(held(made, *names))
    words = said(bills)
    assert "Where both are known, bills say €3.54 and calls" in words
    assert "No call explains €4.42 that anthropic and elsewhere charged." in words
    assert "Lines of bills that count nowhere" in words
    assert "Not in it: 1 call of 1 case to 1 model that has neither a price nor a bill." in words


def test_without_bills_calls_or_gaps_each_says_what_is_missing():
    visit_to(grown())
    assert "Upload the bill" in said(bills)
    assert "No call to a model is known." in said(usage)


def test_a_plan_that_is_empty_shows_no_returns():
    visit = built(held(world("marts.ai_calls"), "scores.ai_business_cases", "scores.ai_volume_months"))
    assert ai_returns.planned(visit, "UC3") is None
    assert ai_returns.planned(visit_to(grown("other")), "UC3") is None


def test_a_component_without_a_price_has_no_figure_in_the_table():
    rows = pl.DataFrame({"component_code": ["compute"], "month_date": [dt.date(2026, 12, 1)], "planned_amount": [0.0]})
    found = {row["component_code"]: row for row in ai_cost_table.components(rows, ["compute"]).iter_rows(named=True)}
    assert [found["compute"][name] for name in ("month_amount", "planned_amount", "cost_share")] == [None] * 3
    assert found["support"]["planned_amount"] == 0


def test_both_pictures_of_usage_show_the_same_models_and_sum_the_rest_last():
    day = dt.date(2026, 9, 1)
    spent = {"a-2025-08-07": 5.0, "a": 4.0, "b": 8.0, "c": 7.0, "d": 6.0, "no-price": None}
    rows = pl.DataFrame(
        [(day, name, cost, 10 * place) for place, (name, cost) in enumerate(spent.items())],
        schema=["month_date", "called_model_name", "usage_cost", "token_count"],
        orient="row",
    )
    found, order = ai_cost_usage.by_model(rows)
    assert order == ["a", "b", "c", "others"]
    told = {name: (cost, count) for name, cost, count in found.drop("month_date").iter_rows()}
    assert told == {"a": (9.0, 10), "b": (8.0, 20), "c": (7.0, 30), "others": (6.0, 90)}
    few, names = ai_cost_usage.by_model(rows.head(4))
    assert (names, few["usage_cost"].sum()) == (["a", "b", "c"], 24.0)
