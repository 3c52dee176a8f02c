"""What an act about AI may say: nothing that would break or distort the next refresh, and what was said before does no harm."""

from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import polars as pl
import pytest

from errors import Refusal
from models.ai_economics.use_case import use_case
from pipelines import use_cases
from tests.desks import EXECUTIVE, MORNING, Office
from tests.worlds import World

WHY = "We have counted it."
TEMPLATE = use_cases.templates()["UC3"]
TODAY = MORNING.date()
RUNS = {"stage": "production", "started": date(2026, 2, 16)}


@pytest.fixture
def office(tmp_path) -> Office:
    return Office(tmp_path / "acme")


def acts(office: Office) -> list[dict]:
    return [asdict(act) for act in office.ledger.acts()]


def part(name: str, /, **said) -> dict:
    return {name: {**TEMPLATE[name], **said}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"turn": 0}, {"turn": 1.5}, {"turn": "first"}, {"turn": True}, {"turn": 10**9},
        {"name": 7}, {"name": "  "}, {"group": None}, {"group": ["orders"]}, {"architecture": 3}, {"owner": {"who": "me"}}, {"kpi": 1},
        {"grade": "Z"}, {"stage": 3}, {"batch": "no"}, {"batch": 1}, {"writes": "yes"}, {"scales_with_size": "false"},
        {"sites": "LEJ"}, {"sites": [1]}, {"sites": ["LEJ", "LEJ"]}, {"sites": {"LEJ": 1}},
        {"systems": ["erp"]}, {"systems": [{"system": "erp", "access": "admin"}]}, {"systems": [{"system": 5, "access": "read"}]},
        {"models": [{"provider": "a", "model": 5, "share": 1}]}, {"models": [{"provider": None, "model": "x", "share": 1}]},
        {"models": [{"provider": "a", "model": "x", "share": 0.5}] * 2}, {"models": "x"},
        part("tokens", tool_call_cap=1.5), part("tokens", tool_call_cap=-1), part("tokens", input=2e9), part("tokens", calls=2e6),
        part("tokens", output=True), part("tokens", cached_share="half"), {"tokens": 5},
        {"alternative": "a form"}, part("alternative", name=5), part("alternative", one_time_cost=2 * 10**9),
        {"controls": [{"control": "daily token budget", "is_on": "yes"}]}, {"controls": ["daily token budget"]},
        {"controls": [{"control": "daily token budget", "is_on": True, "limit": -5}]},
        {"controls": [{"control": "daily token budget", "is_on": True, "limit": "many"}]},
        {"controls": [{"control": "daily token budget", "is_on": True, "how": "hoped"}]},
        {"controls": [{"control": "daily token budget", "is_on": True}] * 2},
        {"cases_per_unit": [0, 1, 2e6]}, {"baseline_minutes": [1, 2, 10_081]}, {"review_minutes": "5"}, {"review_minutes": [1, 2]},
        {"service_fee_per_month": 2e9}, {"service_fee_once": True}, {"eligible_share": "all"},
        {"started": "soon"}, {"started": 5}, {"started": date(2014, 12, 31)}, {"started": TODAY + timedelta(days=367)},
        {"stage": "pilot", "started": "2026-02-16", "stopped": "2026-03-01"},
        {"stage": "stopped", "started": "2026-02-16", "stopped": "2026-02-01"},
    ],
)  # fmt: skip
def test_what_the_build_could_not_reckon_with_is_refused_in_a_sentence(office, wrong):
    with pytest.raises(Refusal) as refused:
        office.desk(EXECUTIVE).register("UC3", wrong, WHY, template=TEMPLATE)
    assert refused.value.why.endswith(".")
    assert "A part of it cannot be read" not in refused.value.why
    assert office.ledger.acts() == []


@pytest.mark.parametrize("started", [date(2015, 1, 1), TODAY + timedelta(days=366)])
def test_days_up_to_a_year_ahead_may_be_said(office, started):
    assert office.desk(EXECUTIVE).register("UC3", {"started": started}, WHY, template=TEMPLATE) is not None


# ── ids, names and sites ─────────────────────────────────────────────────────────────────────────────────────────────
def test_no_two_use_cases_share_an_id_or_a_name(office):
    made = World()
    for schema in ("raw", "core"):
        made.execute(f"create schema {schema}")
    use_cases.make(made, [])
    made.execute("create table core.sites as select 'LEJ' as site_id")
    office.build = made
    desk = office.desk(EXECUTIVE)
    own = {name: said for name, said in TEMPLATE.items() if name != "use_case_id"} | {"name": "Own one"}
    for use_case_id, name in (
        ("uc3", "Another"),
        ("OWN1", TEMPLATE["name"].upper()),
        ("OWN1", "uc4"),
        ("OWN1", " UC4 "),
    ):
        with pytest.raises(Refusal, match="already"):
            desk.register(use_case_id, {**own, "name": name}, WHY)
    assert desk.register("OWN1", {**own, "sites": ["LEJ"]}, WHY) is not None
    for use_case_id, name in (("own1", "Another"), ("OWN2", "own ONE"), ("OWN2", "own1"), ("Own one", "Another")):
        with pytest.raises(Refusal):
            desk.register(use_case_id, {**own, "name": name}, WHY)
    with pytest.raises(Refusal, match="no site XXX"):
        desk.register("OWN1", {"sites": ["LEJ", "XXX"]}, WHY)
    assert desk.register("OWN1", {"name": "Own two"}, WHY) is not None


# ── stopping ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_is_stopped_keeps_the_day_of_it_and_loses_it_when_it_runs_again(office):
    desk = office.desk(EXECUTIVE)
    desk.register("UC3", RUNS, WHY, template=TEMPLATE)
    assert desk.register("UC3", {"stage": "stopped"}, WHY, template=TEMPLATE) is not None
    office.later(days=3)
    assert desk.register("UC3", {"stage": "stopped"}, WHY, template=TEMPLATE) is None
    assert desk.register("UC3", {"owner": "Ben"}, WHY, template=TEMPLATE) is not None

    def held():
        return use_case(use_cases.registry(acts(office))["UC3"]["definition"])

    assert (held().stage, held().started, held().stopped) == ("stopped", RUNS["started"], TODAY)
    assert desk.register("UC3", {"stage": "pilot"}, WHY, template=TEMPLATE) is not None
    assert (held().stage, held().stopped) == ("pilot", None)


def test_what_never_began_is_stopped_on_the_day_it_would_have_begun(office):
    desk, ahead = office.desk(EXECUTIVE), TODAY + timedelta(days=30)
    desk.register("UC3", {**RUNS, "started": ahead}, WHY, template=TEMPLATE)
    done = desk.register("UC3", {"stage": "stopped"}, WHY, template=TEMPLATE)
    assert done.payload["definition"]["stopped"] == ahead.isoformat()


# ── what was said before there were these bounds ─────────────────────────────────────────────────────────────────────
def old(kind: str, subject: str, number: int, **payload) -> dict:
    return {
        "kind": kind,
        "subject": subject,
        "who": "elsa",
        "at": MORNING + timedelta(minutes=number),
        "payload": payload,
    }


BAD = [
    old("use_case", "UC3", 1, definition={"turn": "x"}, reason="a"),
    old("use_case", "UC3", 2, definition={"stage": "production", "started": "2026-02-16"}, reason="b"),
    old("use_case", "UC3", 3, definition={"batch": "no", "owner": "Eve"}, reason="c"),
    old("use_case", "UC3", 4, definition="all of it", reason="d"),
    old("ai_control", "UC3", 5, control="daily token budget", is_on=True, limit=-4, reason="e"),
    old("ai_control", "UC3", 6, reason="f"),
    old("use_case", "OWN1", 7, definition={"name": "Half"}, reason="g"),
    old("use_case", "OWN2", 8, definition={**TEMPLATE, "name": "Not its own id"}, reason="h"),
]


def test_an_old_act_that_cannot_be_leaves_the_former_definition_and_all_others():
    made = World()
    made.execute("create schema raw")
    use_cases.make(made, BAD)
    rows = made.query("select use_case_id, stage_code, owner_name, reason_text from raw.use_cases order by 1")
    assert rows["use_case_id"].to_list() == sorted(use_cases.templates())
    (row,) = rows.filter(pl.col("use_case_id") == "UC3").rows()
    assert row == ("UC3", "production", TEMPLATE["owner"], "b")


def test_the_desk_knows_of_an_old_bad_act_what_the_build_makes_of_it():
    from decisions.ai_folding import AiBook

    book = AiBook()
    for act in BAD:
        book.take(SimpleNamespace(**act))
    assert book.definition("UC3", TEMPLATE) == use_cases.registry(BAD)["UC3"]["definition"]


# ── assumptions, limits and prices ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("labour_cost_per_hour", (1e6, 1e6, 1e6)),
        ("labour_cost_per_hour", (40, 30, 1e13)),
        ("labour_cost_per_hour", ("40", 30, 50)),
        ("ai_reference_orders_per_year", (10, 0, 20)),
        ("ai_reference_orders_per_year", (0, 0, 0)),
        ("usd_per_eur", (1, 0, 2)),
        ("usd_per_eur", (5e3, 1, 5e3)),
    ],
)
def test_an_own_value_beyond_all_reason_is_refused(office, name, given):
    with pytest.raises(Refusal):
        office.desk(EXECUTIVE).assume(name, *given, WHY)
    assert office.ledger.acts() == []


def test_a_budget_is_as_large_as_the_company(office):
    assert office.desk(EXECUTIVE).assume("ai_placement_budget_per_year", 4e8, 4e8, 4e8, WHY) is not None


@pytest.mark.parametrize("limit", [1e13, "many", True, float("inf")])
def test_a_limit_that_is_none_is_refused(office, limit):
    with pytest.raises(Refusal):
        office.desk(EXECUTIVE).control("A2", "daily token budget", True, limit, WHY)


def test_a_price_that_no_table_could_hold_is_refused(office):
    with pytest.raises(Refusal):
        office.desk(EXECUTIVE).price("a", "m", date(2026, 3, 1), Decimal("1e13"), Decimal(1), WHY)
