"""Acts about AI and its money: a right and a reason for each, numbers that can be, and the same again changes nothing."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import polars as pl
import pytest

from decisions import lived_ai
from decisions.person import Person
from errors import Refusal
from models.ai_economics.use_case import use_case
from pipelines import ai_prices, assumptions, use_cases
from tests.desks import AGENT, APPROVER, AUDITOR, EXECUTIVE, PLANNER, Office
from tests.worlds import World

ANALYST = Person("nina", frozenset({"analyst"}))
ADMIN = Person("adam", frozenset({"administrator"}))
WHY = "We have counted it."
TEMPLATE = use_cases.templates()["UC3"]


@pytest.fixture
def office(tmp_path) -> Office:
    return Office(tmp_path / "acme")


def acts(office: Office, kind: str) -> list[dict]:
    return [asdict(act) for act in office.ledger.acts(kind)]


# ── assumptions ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_own_value_is_on_record_and_reaches_the_build(office):
    done = office.desk(ANALYST).assume("ai_delivery_share", 0.03, 0.02, 0.05, WHY, source="own count", grade="C")
    assert (done.kind, done.subject, done.who) == ("assume", "ai_delivery_share", "nina")
    assert office.desk().book.ai.overrides["ai_delivery_share"].payload["value"] == 0.03
    held = {one.entry.name: one for one in assumptions.history(date(2026, 11, 14), acts(office, "assume"))}
    own = held["ai_delivery_share"]
    assert (own.entry.value, own.entry.low, own.entry.high, own.entry.grade, own.who) == (0.03, 0.02, 0.05, "C", "nina")


def test_the_same_value_again_changes_nothing_and_it_can_be_taken_back(office):
    desk = office.desk(EXECUTIVE)
    assert desk.assume("labour_cost_per_hour", 42, 38, 50, WHY) is not None
    assert desk.assume("labour_cost_per_hour", 42.0, 38.0, 50.0, "Another reason.") is None
    assert desk.assume("labour_cost_per_hour", 43, 38, 50, WHY) is not None
    assert desk.assume("labour_cost_per_hour", None, reason="It was wrong.") is not None
    assert desk.assume("labour_cost_per_hour", None, reason="It was wrong.") is None
    assert office.desk().book.ai.overrides == {}
    assert office.desk().book.ai.assumed == {"labour_cost_per_hour"}
    assert not [one for one in assumptions.history(date(2026, 11, 14), acts(office, "assume")) if one.is_own]
    assert len(office.ledger.acts()) == 3


def test_a_row_of_the_build_shows_the_value_of_now_as_the_next_build_will(office):
    """Set, changed and taken back: what the fold says is what a build over the same acts writes."""

    def built() -> dict:
        made = World()
        made.execute("create schema raw")
        assumptions.make(made, date(2026, 11, 14), acts(office, "assume"))
        return made.query("select * from raw.assumptions where assumption_name = 'labour_cost_per_hour'").row(
            0, named=True
        )

    packaged, desk = built(), office.desk(EXECUTIVE)
    desk.assume("labour_cost_per_hour", 60, 50, 70, "Wages have risen.", source="payroll", grade="A")
    own = built()
    assert own["assumed_number"] == 60 != packaged["assumed_number"]
    assert office.desk().book.ai.assumption(packaged) == own
    assert office.desk().book.ai.assumption(own) == own
    desk.assume("labour_cost_per_hour", None, reason="A slip.")
    assert built() == packaged == office.desk().book.ai.assumption(packaged)
    back = office.desk().book.ai.assumption(own)
    assert (back["assumed_number"], back["is_own"], back["low_number"]) == (packaged["assumed_number"], False, None)


@pytest.mark.parametrize(
    ("name", "value", "low", "high"),
    [
        ("ai_adoption_share", 0.7, 0.4, 1.2),
        ("ai_adoption_share", 70, 40, 90),
        ("labour_cost_per_hour", 42, 43, 50),
        ("labour_cost_per_hour", 51, 43, 50),
        ("labour_cost_per_hour", -1, -2, 50),
        ("labour_cost_per_hour", float("nan"), 38, 50),
        ("labour_cost_per_hour", 42, 38, float("inf")),
        ("labour_cost_per_hour", True, False, True),
    ],
)
def test_numbers_that_cannot_be_are_refused(office, name, value, low, high):
    with pytest.raises(Refusal):
        office.desk(EXECUTIVE).assume(name, value, low, high, WHY)
    assert office.ledger.acts() == []


@pytest.mark.parametrize("person", [PLANNER, APPROVER, AUDITOR, ADMIN, AGENT])
def test_nobody_else_sets_an_assumption(office, person):
    with pytest.raises(Refusal):
        office.desk(person).assume("labour_cost_per_hour", 42, 38, 50, WHY)
    assert office.ledger.acts() == []


def test_without_a_reason_or_with_a_grade_that_there_is_not_nothing_is_set(office):
    desk = office.desk(EXECUTIVE)
    for said in ({"reason": " "}, {"reason": WHY, "grade": "A+"}):
        with pytest.raises(Refusal):
            desk.assume("labour_cost_per_hour", 42, 38, 50, **said)
    assert office.ledger.acts() == []


def test_a_build_knows_which_assumptions_there_are_and_which_are_shares(tiny, office):
    from store.warehouse import current_build

    office.build = current_build(tiny)
    desk = office.desk(EXECUTIVE)
    with pytest.raises(Refusal, match="no assumption"):
        desk.assume("labour_wage", 42, 38, 50, WHY)
    with pytest.raises(Refusal, match="share"):
        desk.assume("ai_adoption_share", 0.9, 0.8, 1.2, WHY)
    assert desk.assume("ai_gateway_cost_per_month", 0, 0, 0, WHY) is not None


# ── use cases ────────────────────────────────────────────────────────────────────────────────────────────────────────
RUNS = {"stage": "production", "started": date(2026, 2, 16), "service_fee_per_month": 90}


def test_a_use_case_is_taken_up_from_its_template_and_reaches_the_build(office):
    done = office.desk(PLANNER).register("UC3", RUNS, WHY, template=TEMPLATE)
    assert done.payload["definition"] == RUNS | {"started": "2026-02-16", "use_case_id": "UC3"}
    held = use_cases.registry(acts(office, "use_case"))["UC3"]
    made = use_case(held["definition"])
    assert (made.stage, made.started, made.service_fee_per_month) == ("production", date(2026, 2, 16), 90.0)
    assert (held["who"], held["reason"], held["is_template"]) == ("paula", WHY, False)
    assert office.desk().book.ai.definition("UC3", TEMPLATE) == held["definition"]


def test_the_same_again_changes_nothing_and_taking_up_a_template_as_it_is_does(office):
    desk = office.desk(EXECUTIVE)
    assert desk.register("UC3", {}, WHY, template=TEMPLATE) is not None
    assert desk.register("UC3", {}, WHY, template=TEMPLATE) is None
    assert desk.register("UC3", RUNS, WHY, template=TEMPLATE) is not None
    assert desk.register("UC3", {"stage": "production"}, WHY, template=TEMPLATE) is None
    assert desk.register("UC3", {"stage": "stopped"}, "It costs more than it brings.", template=TEMPLATE) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"stage": "production"},  # since when?
        {"stage": "nearly"},
        {"domain": "space"},
        {"review_share": [0.5, 0.2, 0.9]},
        {"minutes_saved_share": [0, 0.5, 1.5]},
        {"models": [{"provider": "anthropic", "model": "x", "share": 0.5}]},
        {"models": [{"provider": "a", "model": "x", "share": 1.5}, {"provider": "a", "model": "y", "share": -0.5}]},
        {"tokens": {"input": "many"}},
        {"tokens": {"input": -5}},
        {"tokens": {"cached_share": 1.4}},
        {"tokens": {"thoughts": 3}},
        {"eligible_share": 1.2},
        {"service_fee_per_month": float("nan")},
        {"service_fee_per_month": "free"},
        {"alternative": {"yearly_cost": 10.5}},
        {"baseline_minutes": [1, 2, float("inf")]},
        {"use_case_id": "UC9"},
        {"name": ""},
    ],
)
def test_a_definition_that_would_break_the_build_is_refused(office, wrong):
    with pytest.raises(Refusal):
        office.desk(EXECUTIVE).register("UC3", wrong, WHY, template=TEMPLATE)
    assert office.ledger.acts() == []


def test_what_can_be_kept_can_be_read_back_by_the_build(office):
    own = {**TEMPLATE, "name": "Own one", "alternative": {**TEMPLATE["alternative"], "yearly_cost": Decimal("12.00")}}
    own = {name: part for name, part in own.items() if name != "use_case_id"}
    assert office.desk(EXECUTIVE).register("OWN1", own, WHY) is not None
    made = use_case(use_cases.registry(acts(office, "use_case"))["OWN1"]["definition"])
    assert (made.use_case_id, made.name, made.alternative.yearly_cost) == ("OWN1", "Own one", 12)
    with pytest.raises(Refusal, match="no id"):
        office.desk(EXECUTIVE).register("*", own, WHY)
    with pytest.raises(Refusal, match="nothing of"):
        office.desk(EXECUTIVE).register("OWN2", {"name": "Half"}, WHY)


@pytest.mark.parametrize("person", [APPROVER, AUDITOR, ADMIN, AGENT])
def test_nobody_else_registers(office, person):
    with pytest.raises(Refusal):
        office.desk(person).register("UC3", RUNS, WHY, template=TEMPLATE)


# ── controls and prices ──────────────────────────────────────────────────────────────────────────────────────────────
def test_a_control_is_switched_and_the_same_again_changes_nothing(office):
    desk = office.desk(APPROVER)
    assert desk.control("A2", "daily token budget", True, 5_000, WHY) is not None
    assert desk.control("A2", "daily token budget", True, 5_000, WHY) is None
    assert desk.control("A2", "daily token budget", True, None, WHY) is None
    assert desk.control("A2", "daily token budget", False, None, WHY) is not None
    held = use_cases.registry(acts(office, "ai_control"))["A2"]["definition"]
    (budget,) = [one for one in held["controls"] if one["control"] == "daily token budget"]
    assert (budget["is_on"], budget["limit"], budget["how"]) == (False, 5_000, "enforced")


@pytest.mark.parametrize("person", [PLANNER, ANALYST, AUDITOR, AGENT])
def test_nobody_else_switches(office, person):
    with pytest.raises(Refusal):
        office.desk(person).control("A2", "daily token budget", False, None, WHY)


def test_a_limit_below_nought_and_a_control_that_there_is_not_are_refused(office):
    rows = pl.DataFrame(
        {"use_case_id": ["A2"], "definition_text": ['{"controls":[{"control":"planner approves","is_on":true}]}']}
    )
    office.build = SimpleNamespace(query=lambda *_: rows, build_id="b1")
    desk = office.desk(ADMIN)
    for control, limit in (("daily token budget", None), ("planner approves", -1), ("planner approves", float("nan"))):
        with pytest.raises(Refusal):
            desk.control("A2", control, False, limit, WHY)
    with pytest.raises(Refusal):
        desk.control("A2", "planner approves", False, None, "")
    assert desk.control("A2", "planner approves", False, None, WHY) is not None


def test_an_own_price_is_on_record_and_reaches_the_build(office):
    desk, since = office.desk(EXECUTIVE), date(2026, 3, 1)
    said = ("anthropic", "draft-small", since, Decimal("0.80"), Decimal("4.00"), WHY)
    assert desk.price(*said) is not None
    assert desk.price(*said) is None
    (act,) = acts(office, "set_price")
    (row,) = [
        row for row in ai_prices.rows_of("anthropic", "draft-small", [ai_prices._own_price(act)]) if row.is_priced
    ]
    assert (row.uncached_input_price, row.output_price) == (Decimal("0.80"), Decimal("4.00"))
    assert (row.valid_from_date, row.author_name) == (since, "elsa")


@pytest.mark.parametrize(
    ("model", "price", "currency"), [("", "1", "USD"), ("m", "-1", "USD"), ("m", "NaN", "USD"), ("m", "1", "dollars")]
)
def test_a_price_that_is_none_is_refused(office, model, price, currency):
    with pytest.raises(Refusal):
        office.desk(ANALYST).price("a", model, date(2026, 3, 1), Decimal(price), Decimal(1), WHY, currency=currency)
    assert office.ledger.acts() == []


# ── the demo company's past ──────────────────────────────────────────────────────────────────────────────────────────
def test_the_demo_company_takes_up_its_use_cases_once_and_leaves_what_people_changed(office):
    from decisions.lived import Desks
    from decisions.lived_maturity import Life

    desks = Desks(office.ledger, office.now)
    assert lived_ai.begin(desks, office.now, Life()) == 11
    assert lived_ai.begin(desks, office.now, Life()) == 0
    held = use_cases.registry([asdict(act) for act in office.ledger.acts()])
    running = {name: use_case(one["definition"]).stage for name, one in held.items() if not one["is_template"]}
    assert running == {"UC3": "production", "A5": "production", "UC2": "pilot", "UC4": "production", "A2": "production"}
    assert use_case(held["UC3"]["definition"]).started == date(2026, 11, 16)
    office.desk(EXECUTIVE).assume("ai_delivery_share", None, reason="We look again.")
    assert lived_ai.begin(desks, office.now, Life()) == 0
    assert "ai_delivery_share" not in desks.book.ai.overrides
    assert office.ledger.verify().is_intact


@pytest.mark.parametrize("done_before", [(), ("daily token budget",), ("cap on tool calls",)])
def test_each_control_of_a_life_is_set_where_no_act_ever_set_it(office, done_before):
    """An interruption after some of them loses none of the others, and what somebody has switched is never set again."""
    from decisions.lived import Desks
    from decisions.lived_maturity import Life

    desks = Desks(office.ledger, office.now)
    for control in done_before:
        desks["E.Rossi"].control("A2", control, False, None, WHY)
    cap = {"use_case": "A2", "control": "cap on tool calls", "limit": 40, "who": "E.Rossi", "because": WHY}
    lived_ai.begin(desks, office.now, Life(controls=(cap,)))
    assert lived_ai.begin(desks, office.now, Life(controls=(cap,))) == 0
    told = [(act["payload"]["control"], act["payload"]["is_on"]) for act in acts(office, "ai_control")]
    wanted = {"daily token budget": True, "cap on tool calls": True} | dict.fromkeys(done_before, False)
    assert dict(told) == wanted
    assert len(told) == len(wanted)
