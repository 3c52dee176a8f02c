"""Questions that could be answered wrongly without anybody seeing it: each is read rightly or refused."""

import datetime as dt

import pytest

from metrics.asked import Asked, NotUnderstood, understood
from metrics.definition import definitions
from metrics.lexicon import lexicon

AS_OF = dt.date(2026, 11, 14)
NAMES = {
    "site_name": ["Hamburg", "Leipzig"],
    "site_id": ["HAM", "LEJ"],
    "region_name": ["North", "South"],
    "category_name": ["A", "Paint"],
    "tier_code": ["A", "C"],
    "country_code": ["AT", "BE", "DE", "IN", "IT"],
    "customer_region_name": ["US", "West"],
    "customer_name": [
        "All Round AG",
        "March",
        "New World",
        "Only",
        "Top Bau",
        "All",
        "Total Energies",
        "Without Limits GmbH",
    ],
    "use_case_name": ["not assigned", "Chasing"],
}


def asked(question: str, *, week_start: int = 1, as_of: dt.date = AS_OF) -> Asked | NotUnderstood:
    return understood(question, definitions(), NAMES, as_of, week_start=week_start)


def why(question: str, **how: int) -> str:
    answer = asked(question, **how)
    assert isinstance(answer, NotUnderstood), answer
    return answer.why


def days(since: str | None, until: str | None) -> dict[str, dt.date | None]:
    return {
        "since": since and dt.date.fromisoformat(since),
        "until": until and dt.date.fromisoformat(until),
    }


# ── what is known of days to come ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("question", "metric", "rest"),
    [
        ("open purchases this month", "open_purchase_value", days("2026-11-01", "2026-11-30")),
        ("open purchases in November", "open_purchase_value", days("2026-11-01", "2026-11-30")),
        ("open purchases this week", "open_purchase_value", days("2026-11-09", "2026-11-15")),
        ("open purchases since October", "open_purchase_value", days("2026-10-01", None)),
        ("open purchases in December 2026", "open_purchase_value", days("2026-12-01", "2026-12-31")),
        ("open purchases until December 2026", "open_purchase_value", days(None, "2026-12-31")),
        ("open purchases last month", "open_purchase_value", days("2026-10-01", "2026-10-31")),
        ("planned cost of AI this year", "ai_planned_cost", days("2026-01-01", "2026-12-31")),
        ("planned cost of AI 2027", "ai_planned_cost", days("2027-01-01", "2027-12-31")),
        ("planned cost of AI from December to February 2027", "ai_planned_cost", days("2026-12-01", "2027-02-28")),
        ("overdue purchase value this month", "overdue_purchase_value", days("2026-11-01", "2026-11-14")),
        ("net sales this month", "net_sales", days("2026-11-01", "2026-11-14")),
    ],
)
def test_a_period_ends_with_the_data_but_of_what_is_known_ahead(question, metric, rest):
    assert asked(question) == Asked(metric, {}, None, **rest)


@pytest.mark.parametrize("said", ["in December", "Q1", "from November to February", "until October", "since December"])
def test_a_month_without_its_year_may_be_one_to_come(said):
    assert "Say the year" in why(f"open purchases {said}")


@pytest.mark.parametrize("said", ["by month", "by week since October", "monthly"])
def test_an_open_period_of_what_is_known_ahead_is_not_cut_into_less_than_its_total(said):
    assert "needs a period that ends" in why(f"open purchases {said}")
    assert asked("open purchases by month this year") == Asked(
        "open_purchase_value", {}, "month", dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    )
    assert asked("open purchases by site") == Asked("open_purchase_value", {}, "site_name")


# ── names that look like other words ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "question",
    [
        "supplier lead time in IT",
        "supplier lead time in AT",
        "supplier lead time from BE",
        "supplier lead time from be",
        "IT supplier lead time",
        "supplier lead time of IN October",
        "supplier lead time IN, October",
        "inventory value of A",
        "inventory value of a",
        "orders in the US",
        "orders in the us last month",
        "net sales for A and C tier",
        "net sales of Total",
        "net sales of March",
        "supplier lead time country in October",
    ],
)
def test_a_name_that_looks_like_another_word_is_not_passed_over(question):
    assert "may be a name. Say what it names, such as: " in why(question)


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("what is it about the supplier lead time country IT", None),
        ("how much is the supplier lead time in country IT", {"country_code": ("IT",)}),
        ("what was our supplier lead time", {}),
        ("show us the orders", {}),
        ("please give me a figure for the inventory value", {}),
        ("total net sales", {}),
        ("inventory value for the site Hamburg", {"site_name": ("Hamburg",)}),
        ("net sales in March 2026", {}),
    ],
)
def test_small_words_between_others_still_say_nothing(question, where):
    answer = asked(question)
    assert (answer.where if isinstance(answer, Asked) else None) == where


@pytest.mark.parametrize(
    "question", ["net sales of IT", "net sales IN", "net sales in the us", "orders for BE", "net sales of US"]
)
def test_a_word_written_like_a_name_is_not_passed_over_where_nobody_is_called_so(question):
    """Country is no dimension of sales, and there is no customer region at all here."""
    answer = understood(question, definitions(), {"country_code": ["IT"]}, AS_OF)
    assert isinstance(answer, NotUnderstood)
    assert answer.unknown == (question.split()[-1],)


@pytest.mark.parametrize(
    "question", ["WHAT WERE NET SALES OF US", "A figure for net sales", "net sales, I need it", "I need net sales"]
)
def test_capitals_that_say_nothing_are_no_names(question):
    assert understood(question, definitions(), {}, AS_OF) == Asked("net_sales", {})


def test_the_refusal_says_how_to_name_it_and_offers_no_half_of_it():
    assert why("supplier lead time in IT") == "‘IT’ may be a name. Say what it names, such as: country IT."
    (offer,) = asked("orders for A and tier C").offers
    assert offer.question == "Orders"


@pytest.mark.parametrize(
    "question",
    ["supplier lead time in country", "net sales of a tier", "net sales of A tier", "net sales of all customer"],
)
def test_a_small_word_before_a_thing_is_no_name_of_it(question):
    assert isinstance(asked(question), NotUnderstood)


@pytest.mark.parametrize(
    "question",
    [
        "net verified value not Chasing",
        "net sales without Hamburg",
        "net sales without",
        "net sales all Hamburg",
        "net sales top",
        "net sales only Hamburg",
        "net sales new",
        "net sales of new customers",
        "net sales by customer without Hamburg",
        "net sales of customer without Hamburg",
        "net sales all round",
    ],
)
def test_the_first_word_of_a_name_that_says_not_or_how_much_is_no_name(question):
    assert "I do not know" in why(question)


def test_the_whole_of_such_a_name_is_one():
    assert asked("net sales of Without Limits GmbH").where == {"customer_name": ("Without Limits GmbH",)}
    assert asked("net sales of customer Only").where == {"customer_name": ("Only",)}


@pytest.mark.parametrize(
    ("question", "sign"),
    [
        ("net sales (-Hamburg)", "-"),
        ("net sales (!Hamburg)", "!"),
        ('net sales "-Hamburg"', "-"),
        ("net sales ‘–Hamburg’", "–"),
        ('net sales -"Hamburg"', "-"),
        ("net sales Hamburg (-Leipzig)", "-"),
        ("net sales (- Hamburg)", "-"),
        ("net sales _-Hamburg", "-"),
        ("net sales ! Hamburg", "!"),
        ("net sales - Hamburg", "-"),
        ("net sales?! Hamburg", "!"),
    ],
)
def test_a_sign_against_a_name_is_never_lost(question, sign):
    answer = asked(question)
    assert isinstance(answer, NotUnderstood)
    assert answer.unknown == (sign,)
    assert all("Hamburg" not in offer.question for offer in answer.offers)


@pytest.mark.parametrize(
    "question", ["net sales!", "on-time delivery - lines", "net sales?!", "‘net sales’!", "net sales: Hamburg!"]
)
def test_a_sign_behind_words_says_nothing(question):
    answer = asked(question.replace(" - ", "-"))
    assert isinstance(answer, Asked) or "more than one number" in answer.why


@pytest.mark.parametrize(
    "question",
    [
        "net sales in Hamburg and LEJ",
        "net sales of HAM, Hamburg",
        "net sales in Hamburg and the North region",
        "net sales of customer Only and tier A",
        "net sales in the South and in Leipzig",
    ],
)
def test_one_thing_by_two_columns_is_not_taken_for_both_at_once(question):
    assert "may overlap" in why(question)


def test_different_things_count_together():
    assert asked("net sales of paint in Hamburg and Leipzig for tier C").where == {
        "category_name": ("Paint",),
        "site_name": ("Hamburg", "Leipzig"),
        "tier_code": ("C",),
    }


@pytest.mark.parametrize("question", ["number of sales", "number of revenue", "what is the number of net sales"])
def test_a_number_of_something_is_no_money(question):
    assert "does not go with net sales" in why(question)
    assert asked("number of orders") == Asked("orders_count", {})


# ── periods that may be two ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("said", ["in Oct 25", "Oct 13", "since October 25", "from Oct 01 to Oct 05", "oct '25"])
def test_a_month_and_a_number_may_be_a_day_or_a_year(said):
    assert "may be a day or a year" in why(f"net sales {said}")


@pytest.mark.parametrize("said", ["on 25 October", "Oct 25th", "October 25, 2026", "the 25th of October"])
def test_a_day_that_can_be_nothing_else_is_one(said):
    assert asked(f"net sales {said}") == Asked("net_sales", {}, None, dt.date(2026, 10, 25), dt.date(2026, 10, 25))


@pytest.mark.parametrize(
    "said", ["from October to December", "October to December", "between Q3 and Q1", "until December"]
)
def test_the_end_of_a_span_is_not_moved_to_another_year(said):
    answer = asked(f"net sales {said}")
    moved = said != "between Q3 and Q1"  # the first quarter of this year has been
    assert isinstance(answer, NotUnderstood) == moved
    assert not moved or "may be of this year or the last. Say the year" in answer.why


def test_a_stretch_that_is_reckoned_from_the_data_begins_where_it_says():
    answer = asked("net sales from last month to yesterday", as_of=dt.date(2026, 11, 1))
    assert answer == Asked("net_sales", {}, None, dt.date(2026, 10, 1), dt.date(2026, 10, 31))


def test_where_the_week_begins_on_sunday_weekly_numbers_say_which_days_they_count():
    said = why("work per order last week", week_start=7)
    assert said == (
        "Work per order is counted in weeks from Monday to Sunday, and ‘last week’ would cut one."
        " Say the days, such as: from 2026-11-02 to 2026-11-08."
    )
    answer = asked("work per order from 2026-11-02 to 2026-11-08", week_start=7)
    assert answer == Asked("handling_minutes_per_order", {}, None, dt.date(2026, 11, 2), dt.date(2026, 11, 8))
    assert "begin on another day" in why("work per order by week", week_start=7)
    assert asked("work per order by week last week").by == "week"


def test_a_lexicon_answers_as_its_names_do():
    known = lexicon(definitions(), NAMES)
    for question in ("net sales in Hamburg", "supplier lead time in IT", "net sales in Paris"):
        assert understood(question, definitions(), known, AS_OF) == asked(question)
