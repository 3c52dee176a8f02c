"""The panel that answers a question in words: the same number as everywhere, its receipt, how it was understood, or a plain no."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from decisions.roles import ROLES
from metrics.asked import Asked, understood
from metrics.definition import definition, definitions
from pages.parts import asked_number
from pages.parts.chosen import Chosen
from pages.parts.figures import figure
from pages.parts.kept import Kept
from pages.parts.page import Viewer
from store.company import create_company, open_company
from store.warehouse import Draft
from tests.unit.parts_visit import begin, grown, visit_to
from tests.worlds import line, world


def screen() -> None:
    from pages.data import definitions as page
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    page.render(visit_to(open_company("acme"), here="definitions"))


def asked(question: str = "") -> AppTest:
    drawn = AppTest.from_function(screen, default_timeout=30)
    if question:
        drawn.query_params["q"] = question
    drawn.run()
    assert not drawn.exception, drawn.exception
    return drawn


def seen(drawn: AppTest) -> str:
    told = [one.value for kind in (drawn.markdown, drawn.caption) for one in kind]
    return "\n".join([*told, *(one.proto.body for one in drawn.get("html"))])


# ── the number ───────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("question", "value"),
    [("sales in October", 100), ("revenue at site LEJ in November", 50), ("net sales 2026", 150), ("orders last year", None)],
)  # fmt: skip
def test_the_answer_is_what_the_metric_says_of_the_real_tables(question: str, value: float | None):
    """Two orders of October and November, worth 100 and 50, through the real SQL; none of the year before."""
    tiny = world(
        "marts.order_lines",
        "marts.orders",
        order_lines=[line("O1", ordered_at="2026-10-05T10:00:00Z", net_amount=100), line("O2", net_amount=50)],
    )
    found = understood(question, definitions(), {"site_id": ["LEJ"]}, dt.date(2026, 11, 13))
    assert isinstance(found, Asked)
    query = definition(found.metric).query(where=found.where, since=found.since, until=found.until)
    assert tiny.one(query)["value"] == value


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("open purchases this month", 150),
        ("open purchases last month", None),
        ("open purchases until November 2026", 150),
        ("open purchases in December 2026", 30),
        ("overdue purchase value this month", 100),
    ],
)
def test_what_is_still_to_come_counts_in_the_period_that_it_comes_in(question: str, value: float | None):
    """Ordered and not come: 100 due on 5 November, 50 on 20 November and 30 on 4 December; the data reaches to 13 November."""
    due = {"P1": ("2026-11-05", 10), "P2": ("2026-11-20", 5), "P3": ("2026-12-04", 3)}
    usual = {
        "line_key": "1",
        "supplier_id": "S",
        "sku_id": "BOLT",
        "site_id": "LEJ",
        "received_qty": 0,
        "unit_cost": 10,
    }
    tiny = world(
        "marts.purchase_lines",
        purchase_lines=[
            {"po_id": po, "ordered_date": "2026-10-01", "promised_date": day, "ordered_qty": qty, **usual}
            for po, (day, qty) in due.items()
        ],
    )
    found = understood(question, definitions(), {}, dt.date(2026, 11, 13))
    assert isinstance(found, Asked)
    query = definition(found.metric).query(where=found.where, since=found.since, until=found.until)
    assert tiny.one(query)["value"] == value


def test_the_number_on_the_panel_is_the_governed_one_with_its_receipt():
    visit = visit_to(grown())
    drawn = asked("What were net sales in Lyon in November?")
    number = figure(
        visit, "net_sales", Chosen(dt.date(2026, 11, 1), dt.date(2026, 11, 14), where={"site_name": ("Lyon",)})
    )
    page = seen(drawn)
    assert number.value == pytest.approx(175.5)
    assert f'<div class="cd-big">{visit.words.value(number.value, "money")}</div>' in page
    assert "Net sales · site Lyon · 1 Nov – 14 Nov 2026" in page
    assert "version 1, owner: Finance controller" in page
    assert definition("net_sales").caution in page
    drawn.button(key="asked_number").click().run()
    assert not drawn.exception
    assert "net_sales, version 1" in seen(drawn)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("net sales", "Net sales · all time"),
        ("net sales on 2026-11-02", "Net sales · 2 Nov 2026"),
        ("net sales since October by category", "Net sales · by category · 1 Oct – 14 Nov 2026"),
        ("net sales in Lyon and Berlin in October", "Net sales · site Lyon or Berlin · 1 Oct – 31 Oct 2026"),
        ("inventory value", "Inventory value · as of 14 Nov 2026"),
    ],
)
def test_how_it_was_understood_is_said_in_one_line(question: str, said: str):
    grown()
    assert said in seen(asked(question))


def test_a_cut_is_drawn_with_the_whole_beside_it():
    grown()
    page = asked("net sales by site this month")
    assert "Net sales · by site" in seen(page)
    assert page.get("plotly_chart")
    assert "€376" in seen(page)


@pytest.mark.parametrize(("unit", "points"), [("day", 45), ("week", 7), ("month", 2), ("quarter", 1)])
def test_a_cut_by_period_has_the_points_that_were_asked_for(unit: str, points: int):
    """1 October to 14 November: 45 days, in 7 weeks, 2 months and 1 quarter."""
    grown()
    (chart,) = asked(f"net sales by {unit} since 2026-10-01").get("plotly_chart")
    (bars,) = json.loads(chart.proto.spec)["data"]
    assert len(bars["x"]) == points


def test_the_definition_of_what_was_asked_is_shown_below_and_another_may_be_picked():
    grown()
    drawn = asked("net sales this month")
    assert drawn.selectbox(key="metric").value == "net_sales"
    drawn.selectbox(key="metric").select("orders_count").run()
    assert drawn.selectbox(key="metric").value == "orders_count"
    drawn.text_input(key="q").input("line fill rate").run()
    assert drawn.selectbox(key="metric").value == "line_fill_rate"


def test_a_link_to_a_definition_keeps_it():
    grown()
    drawn = AppTest.from_function(screen, default_timeout=30)
    drawn.query_params["q"], drawn.query_params["metric"] = "net sales", definition("orders_count").title
    assert drawn.run().selectbox(key="metric").value == "orders_count"


def test_no_number_is_said_with_its_reason():
    grown()
    assert "no data: no rows in this period" in seen(asked("line fill rate in 2020"))
    assert "no data: needs purchase lines" in seen(asked("supplier on time in full"))


# ── no answer ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_nobody_certified_is_refused_with_the_nearest_number_to_press():
    grown()
    drawn = asked("net sales of our <b>competitor</b> in Lyon")
    page = seen(drawn)
    assert "**Not answered.** I do not know" in page
    assert "<b>competitor" not in page
    assert "cd-big" not in page
    drawn.button(key="asked_offer_0").click().run()
    assert drawn.text_input(key="q").value == "Net sales, Lyon"
    assert "€176" in seen(drawn)


@pytest.mark.parametrize(
    "question", ["fill rate", "why did sales fall", "x" * 10_000, "'; drop table marts.orders", "🙂"]
)
def test_no_number_stands_beside_a_refusal(question: str):
    grown()
    page = seen(asked(question))
    assert "Not answered" in page
    assert "cd-big" not in page


def test_without_a_question_there_are_examples_and_the_promise():
    grown()
    drawn = asked()
    assert asked_number.PROMISE in seen(drawn)
    assert "Not answered" not in seen(drawn)
    drawn.button(key="asked_example_0").click().run()
    assert drawn.text_input(key="q").value == asked_number.EXAMPLES[0]
    assert "Understood as" in seen(drawn)


@pytest.mark.parametrize("example", asked_number.EXAMPLES)
def test_every_example_is_understood(example: str):
    assert isinstance(understood(example, definitions(), {}, dt.date(2026, 11, 13)), Asked)


# ── who may see what ─────────────────────────────────────────────────────────────────────────────────────────────────
def as_administrator() -> None:
    from dataclasses import replace

    from pages.parts import asked_number
    from pages.parts.page import Viewer
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = replace(visit_to(open_company("acme")), viewer=Viewer("bo", roles=frozenset({"administrator"})))
    asked_number.panel(visit)


@pytest.fixture
def one_sale() -> None:
    """A company with one order line of 100 that leaves a margin of 40."""
    with Draft(create_company("acme", company_title="Acme")) as draft:
        begin(draft)
        draft.execute(
            "create table marts.order_lines as select 'O1' as order_id, 'C-77' as customer_id, 'Rohr AG' as customer_name,"
            " true as is_goods, false as is_return, false as is_cancelled, date '2026-11-02' as ordered_date,"
            " cast(100 as decimal(18, 4)) as net_amount, cast(40 as decimal(18, 4)) as margin_amount"
        )
        draft.publish("b1")


@pytest.mark.usefixtures("one_sale")
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("net sales by customer", "not open to administrator"),
        ("gross margin", "no data: financials are not open to your role"),
        ("gross margin by month", "no data: financials are not open to your role"),
        ("net sales of Rohr AG", "I do not know ‘Rohr’"),
        ("net sales of customer C-77", "I do not know ‘customer’"),
    ],
)
def test_what_a_role_may_not_see_is_not_answered_to_it(question: str, said: str):
    drawn = AppTest.from_function(as_administrator, default_timeout=30)
    drawn.query_params["q"] = question
    page = seen(drawn.run())
    assert not drawn.exception
    assert said in page
    assert "40" not in page
    assert ("Not answered" in page) == (not said.startswith("no data"))
    assert not drawn.get("plotly_chart")


@pytest.mark.usefixtures("one_sale")
@pytest.mark.parametrize("role", ROLES)
def test_names_that_a_role_may_not_see_are_not_known_to_it(role: str):
    visit = replace(visit_to(open_company("acme")), viewer=Viewer("bo", roles=frozenset({role})))
    assert asked_number.names(visit).get("customer_name", []) == ([] if role == "administrator" else ["Rohr AG"])


@pytest.mark.usefixtures("one_sale")
def test_the_words_of_a_build_are_gathered_once_for_each_who_sees_the_same(monkeypatch: pytest.MonkeyPatch):
    asked_for: list[str] = []
    gather = asked_number.names
    monkeypatch.setattr(asked_number, "LEXICONS", Kept(at_most=8))
    monkeypatch.setattr(asked_number, "names", lambda visit: asked_for.append(visit.viewer.who) or gather(visit))
    answers = {}
    for who, role in (("ana", "analyst"), ("bo", "administrator")):
        visit = replace(visit_to(open_company("acme")), viewer=Viewer(who, roles=frozenset({role})))
        answers[who] = [asked_number.understood_by(visit, f"net sales{rest} of Rohr AG") for rest in ("", " in 2026")]
    assert asked_for == ["ana", "bo"]
    assert all(isinstance(answer, Asked) for answer in answers["ana"])
    assert all("‘Rohr’" in answer.why for answer in answers["bo"])


def test_a_list_of_names_that_is_too_long_to_know_whole_is_not_known_at_all(monkeypatch: pytest.MonkeyPatch):
    visit = visit_to(grown())
    monkeypatch.setattr(asked_number, "NAMES_AT_MOST", 2)
    assert asked_number.names(visit)["site_name"] == ["Berlin", "Lyon"]
    monkeypatch.setattr(asked_number, "NAMES_AT_MOST", 1)
    assert asked_number.names(visit)["site_name"] == []
