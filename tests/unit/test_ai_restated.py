"""What a build says of closed months: every version, what is another figure now, and which of the things it was made with changed."""

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions import ai_close
from decisions.ai_close import FIGURES, figures_of, is_sealed, restated
from models.ai_economics.restating import causes
from pipelines import ai_closes, use_cases
from pipelines.graph import all_models
from store.ledger_seal import payload_text
from tests.ai_closings import MADE_WITH, OCTOBER, ROW, WHY, at_desk, build_with, close, closed_acts, closing
from tests.desks import EXECUTIVE, MORNING, Office
from tests.worlds import World


@pytest.fixture
def office(tmp_path) -> Office:
    return Office(tmp_path / "acme")


RESTATED = (
    "select figure_name, difference_amount, is_restated, difference_cause_text from marts.ai_restatements order by 1"
)


def test_the_same_build_again_restates_nothing(office):
    made = build_with(ROW, closed_acts(office))
    assert {(gap, is_restated, why) for _, gap, is_restated, why in made.query(RESTATED).rows()} == {(0, False, None)}
    assert made.query("select * from marts.ai_closes").height == len(FIGURES)


def test_a_build_tells_what_is_other_now_and_what_has_changed_since(office):
    acts = closed_acts(office)
    now = ROW | {"net_earned_amount": Decimal("990.25"), "ai_cost_amount": Decimal("210.25")}

    def told(more: list[dict], row=now, data="d1") -> dict:
        return {
            name: (gap, why)
            for name, gap, is_restated, why in build_with(row, more, data=data).query(RESTATED).rows()
            if is_restated
        }

    assert told(acts) == {"ai_cost_amount": (10, "data"), "net_earned_amount": (-10, "data")}
    office.build = None
    desk = office.desk(EXECUTIVE)
    desk.assume("labour_cost_per_hour", 60, 50, 70, "Wages have risen.")
    assert told([asdict(act) for act in office.ledger.acts()])["ai_cost_amount"] == (10, "data"), (
        "what is assumed from November on has no part in October"
    )
    desk.price("anthropic", "draft-small", date(2026, 3, 1), Decimal(1), Decimal(4), "Our contract.")
    assert told([asdict(act) for act in office.ledger.acts()])["ai_cost_amount"] == (
        10,
        "prices",
    )
    desk.register("UC3", {"owner": "Ben"}, "She has left.", template=use_cases.templates()["UC3"])
    acts_now = [asdict(act) for act in office.ledger.acts()]
    assert told(acts_now, data="d2")["ai_cost_amount"] == (
        10,
        "prices, use cases, data",
    )
    gone = told(acts, {})
    assert gone["net_earned_amount"] == (-ROW["net_earned_amount"], "data")


def test_a_closed_month_opened_again_shows_the_very_figures_whatever_has_changed_since(office):
    names = "figure_name, frozen_amount, build_id, definitions_text, prices_text, assumptions_hash_text, seal_text"
    asked = f"select {names} from marts.ai_closes"
    before = build_with(ROW, closed_acts(office)).query(f"{asked} order by 1").rows()
    assert [float(row[1]) for row in before] == [float(ROW[row[0]]) for row in before]
    office.build = None
    desk = office.desk(EXECUTIVE)
    desk.assume("labour_cost_per_hour", 60, 50, 70, "Wages have risen.")
    desk.price("anthropic", "draft-small", date(2026, 3, 1), Decimal(1), Decimal(4), "Our contract.")
    other = {name: amount + 7 for name, amount in ROW.items()}
    after = build_with(other, [asdict(act) for act in office.ledger.acts()], data="d9")
    assert after.query(f"{asked} order by 1").rows() == before
    assert set(after.query(RESTATED)["is_restated"]) == {True}


def test_a_changed_definition_gives_a_line_that_names_it(office, monkeypatch):
    acts, known = closed_acts(office), ai_closes.tables()
    star = replace(known["marts.north_star"], sql="select 1 as other")
    monkeypatch.setattr(ai_closes, "tables", lambda: known | {star.name: star})
    told = (
        build_with(ROW | {"ai_cost_amount": Decimal(300)}, acts)
        .query(f"select * from ({RESTATED}) where is_restated")
        .rows()
    )
    assert told == [("ai_cost_amount", Decimal("99.75"), True, "definitions (marts.north_star)")]


def test_a_model_that_came_into_use_later_is_no_other_price_and_one_that_was_repriced_or_first_priced_is_named():
    def basis(*, own: tuple[str, ...] = (), **models: float) -> dict:
        made = World()
        made.execute("create schema raw")
        made.execute(
            "create table raw.ai_prices (provider_name text, model_name text, author_name text, output_price double)"
        )
        for model, price in models.items():
            author = "E.Rossi" if model in own else ""
            made.execute("insert into raw.ai_prices values ('acme', ?, ?, ?)", [model, author, price])
        return ai_closes._basis(made, [], "d1")

    then = basis(small=1.0)
    assert causes(then, basis(small=1.0, large=5.0)) == ("data",)
    assert causes(then, basis(small=2.0, large=5.0)) == ("prices (acme small)",)
    assert causes(basis(), basis(small=1.0)) == ("data",)
    assert causes(then, basis(small=1.0, large=5.0, own=("large",))) == ("prices (acme large)",)
    assert causes(basis(), basis(large=5.0, own=("large",))) == ("prices (acme large)",)


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ([(40.0, date(1900, 1, 1), date(9999, 12, 31))], "data"),
        ([(40.0, date(1900, 1, 1), date(2026, 11, 1)), (60.0, date(2026, 11, 1), date(9999, 12, 31))], "data"),
        ([(44.0, date(1900, 1, 1), date(9999, 12, 31))], "assumptions (labour_cost_per_hour)"),
        ([(44.0, date(1900, 1, 1), date(2026, 11, 1)), (40.0, date(2026, 11, 1), date(9999, 12, 31))], "data"),
    ],
    ids=["nothing", "from a later month on", "in the month itself", "what the closing knew already"],
)
def test_only_assumptions_in_force_in_a_closed_month_are_named(office, held, told):
    close(office)
    acts = [asdict(act) for act in office.ledger.acts()]
    rows = [("labour_cost_per_hour", number, 35.0, 48.0, since, until) for number, since, until in held]
    rows.append(("new_with_the_program", 1.0, 1.0, 1.0, date(1900, 1, 1), date(9999, 12, 31)))
    now = MADE_WITH | {
        "assumptions": {"labour_cost_per_hour": f"{held[-1][0]!r} (35.0 to 48.0)"},
        "assumptions_hash": "a1" if held[-1][0] == 40 else "a2",
    }
    assert {row["changed_text"] for row in ai_closes.frozen(acts, now, rows)} == {told}


def test_an_earlier_version_of_a_closed_month_stays_in_the_build(office):
    closed_acts(office)
    first = closing(office)
    office.later(days=1)
    office.build = at_desk(build_with(ROW | {"ai_cost_amount": Decimal(300)}, []))
    office.desk(EXECUTIVE).close_month(OCTOBER, "A bill came late.")
    made = build_with(ROW, [asdict(act) for act in office.ledger.acts()])
    rows = made.query(
        "select closing_no, is_latest, frozen_amount, actor_name, acted_at from marts.ai_closes "
        "where figure_name = 'ai_cost_amount' order by closing_no"
    ).rows()
    assert [row[:4] for row in rows] == [
        (1, False, ROW["ai_cost_amount"], "elsa"),
        (2, True, Decimal(300), "elsa"),
    ]
    assert rows[0][4] == first.at < rows[1][4]
    told = made.query("select closing_no from marts.ai_restatements where figure_name = 'ai_cost_amount'")
    assert told.rows() == [(2,)]


def test_data_are_other_with_a_load_a_decision_and_the_day_and_not_with_an_act_about_ai():
    load = SimpleNamespace(load_id="L1", payload={"file_hash": "f", "sheets": []})
    decided = {"kind": "approved", "act_hash": "h1"}
    assumed = {"kind": "assume", "act_hash": "h2"}
    before = ai_closes.data_in_force([load], [decided], MORNING)
    assert ai_closes.data_in_force([load], [decided, assumed], MORNING) == before
    others = [([], [decided], MORNING), ([load], [], MORNING), ([load], [decided], MORNING.replace(day=17))]
    assert before not in {ai_closes.data_in_force(*one) for one in others}


@pytest.mark.parametrize("name", ["marts.north_star", "marts.value_rows", "core.ai_calls"])
def test_what_figures_mean_changes_with_every_statement_under_them_and_not_with_a_remark(monkeypatch, name):
    known = ai_closes.tables()
    before = ai_closes.definitions_in_force()
    assert name in before

    def with_statement(sql: str) -> dict:
        table = replace(known[name], sql=sql)
        monkeypatch.setattr(ai_closes, "tables", lambda: known | {name: table})
        return ai_closes.definitions_in_force()

    sql = known[name].sql
    assert with_statement("-- a remark\n" + sql.replace("\n", "\n\n")) == before
    assert with_statement(sql + "\nlimit 7") != before


def test_what_figures_mean_changes_with_the_version_of_a_model_under_them():
    before = ai_closes.definitions_in_force()
    assert before["model ai_effects"] == f"version {all_models()['ai_effects'].newest}"
    pinned = {"kind": "pin", "subject": "ai_effects", "at": MORNING, "payload": {"version": 0}}
    assert ai_closes.definitions_in_force([pinned]) == before | {"model ai_effects": "version 0"}


def test_the_build_gets_every_version_and_knows_the_latest(office):
    close(office)
    close(office, {**ROW, "ai_cost_amount": Decimal(300)}, reason="The bill came late.")
    rows = list(ai_closes.frozen([asdict(act) for act in office.ledger.acts()], MADE_WITH))
    assert len(rows) == 2 * len(FIGURES)
    (cost,) = [row for row in rows if row["is_latest"] and row["figure_name"] == "ai_cost_amount"]
    assert (cost["month_date"], cost["closing_no"], cost["frozen_amount"]) == ("2026-10-01", 2, Decimal(300))
    assert (cost["prices_text"], cost["assumptions_hash_text"], cost["evidence_grade"]) == (
        "genai-prices 0.2.3",
        "a1",
        None,
    )
    assert cost["definitions_text"] == ai_closes.text_of(MADE_WITH["definitions"])


def test_nothing_is_restated_while_nothing_changes(office):
    close(office)
    same = restated(closing(office), figures_of(ROW), MADE_WITH)
    assert {one.difference_amount for one in same} == {Decimal(0)}
    assert {one.causes for one in same} == {()}


@pytest.mark.parametrize(
    ("changed", "causes"),
    [
        ({}, ("data",)),
        ({"build_id": "b2", "content_hash": "c2"}, ("data",)),
        ({"assumptions_hash": "a2"}, ("assumptions",)),
        ({"data_hash": "d2"}, ("data",)),
        ({"registry_hash": "r2", "data_hash": "d2"}, ("use cases", "data")),
        ({"price_rows_hash": "p2"}, ("prices",)),
        (
            {"assumptions": {"labour_cost_per_hour": "60.0 (50.0 to 70.0)"}, "assumptions_hash": "a2"},
            ("assumptions (labour_cost_per_hour)",),
        ),
        ({"price_version_code": "genai-prices 0.2.4"}, ("prices",)),
        (
            {"definitions": {"marts.north_star": "d2"}, "assumptions_hash": "a2"},
            ("definitions (marts.north_star, net_value)", "assumptions"),
        ),
    ],
)
def test_a_difference_is_told_with_what_has_changed(office, changed, causes):
    close(office)
    now = {**ROW, "net_earned_amount": Decimal("990.25")}
    del now["rework_amount"]
    told = {one.figure_name: one for one in restated(closing(office), figures_of(now), MADE_WITH | changed)}
    assert (told["net_earned_amount"].difference_amount, told["net_earned_amount"].causes) == (
        Decimal("-10.0000"),
        causes,
    )
    assert told["benefit_amount"].causes == ()
    assert (told["rework_amount"].now_amount, told["rework_amount"].causes) == (None, causes)


money = st.decimals(min_value=-(10**12), max_value=10**12, places=4)
rows = st.fixed_dictionaries(dict.fromkeys(FIGURES, money))


@given(rows, rows)
def test_frozen_figures_come_back_to_the_cent_and_any_difference_is_told(then, now):
    book, person = SimpleNamespace(ai=SimpleNamespace(closings={})), EXECUTIVE
    _, _, said = ai_close.closed(
        book, person, OCTOBER, figures_of(then), MADE_WITH, today=date(2026, 11, 1), now=MORNING, reason=WHY
    )
    assert payload_text(said), "the ledger can keep it"
    held = ai_close.Closing(**{name: said[name] for name in ("month", "version", "made_with", "seal", "reason")},
                            figures=tuple(said["figures"]), who="elsa", at=MORNING)  # fmt: skip
    assert is_sealed(held)
    told = {one.figure_name: one for one in restated(held, figures_of(now), MADE_WITH)}
    for name in FIGURES:
        assert told[name].frozen_amount == then[name]
        assert told[name].difference_amount == now[name] - then[name]
        assert bool(told[name].causes) == (now[name] != then[name])
