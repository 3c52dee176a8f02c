"""Domains: each names its friction, its use cases and its outcome; friction is lately against before, and nothing counted is no data."""

import datetime as dt
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from metrics.definition import definitions
from models.ai_economics.use_case import DOMAINS
from pages.parts.roadmap_domains import headline, in_words
from pages.parts.words import Words
from pipelines import roadmap, use_cases
from tests.roadmap_rows import AS_OF, BESIDE, emptied, told
from tests.unit.parts_visit import grown
from tests.worlds import World

SAID = roadmap.read("domains")
NAMES = [one["domain"] for one in SAID]
WORDS = Words("en_GB", "EUR", "Europe/Berlin")
NOW, ALSO_NOW, BEFORE, ALSO_BEFORE, LONG_AGO = (AS_OF - dt.timedelta(days=age) for age in (0, 90, 91, 181, 182))
TOLD = {"friction_now_number": 0.5, "friction_before_number": 1.0, "friction_now_count": 2, "friction_before_count": 1}


@pytest.fixture(scope="module")
def bare() -> World:
    return emptied()


def domain(of: World, code: str) -> dict[str, Any]:
    return of.query("select * from marts.roadmap_domains where roadmap_domain_code = ?", [code]).row(0, named=True)


def frictions(of: World) -> set[str]:
    """The domains of which anything tells the friction."""
    found = of.query("select roadmap_domain_code from marts.roadmap_domains where friction_now_number is not null")
    return set(found["roadmap_domain_code"])


def case(
    name: str, registered: str, group: str, cases: float | None, minutes: float, stage: str = "candidate"
) -> dict[str, Any]:
    """One use case with so many cases a month, that take so many minutes each without AI."""
    bound = {"use_case_id": name, "stage_code": stage, "work_group_name": group, "baseline_case_minutes": minutes}
    ranks = [] if cases is None else [{"use_case_id": name, "expected_case_number": cases}]
    return {"raw.use_cases": [{"use_case_id": name, "domain_code": registered}], "raw.use_case_bounds": [bound],
            "scores.ai_priorities": ranks}  # fmt: skip


def together(*some: dict[str, Any]) -> dict[str, Any]:
    """The rows of several use cases, table by table."""
    return {name: [row for one in some for row in one[name]] for name in some[0]}


# ── what the file says ───────────────────────────────────────────────────────────────────────────────────────────────
def test_the_six_domains_are_there():
    assert NAMES == [
        "demand_inventory", "order_management", "procurement_payables", "customer_service", "logistics", "warehouse",
    ]  # fmt: skip


@pytest.mark.parametrize("said", SAID, ids=NAMES)
def test_a_domain_names_what_exists_and_says_friction_opportunity_and_outcome(said: dict[str, Any]):
    assert set(said["use_cases"]) <= set(use_cases.templates())
    assert set(said["registered"]) <= set(DOMAINS)
    assert definitions()[said["metric"]].better in ("higher", "lower")
    assert all(said[field].endswith(".") for field in ("friction", "opportunity", "outcome"))


def test_every_packaged_use_case_of_operations_belongs_to_one_domain_and_so_do_own_ones():
    listed = [name for said in SAID for name in said["use_cases"]]
    assert len(listed) == len(set(listed))
    assert set(use_cases.templates()) - set(listed) == {"UC5"}, "the executive's assistant serves no domain"
    registered = [name for said in SAID for name in said["registered"]]
    assert sorted(registered) == sorted(set(DOMAINS) - {"executive analytics"})


# ── friction ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_without_any_row_every_friction_is_no_data(bare: World):
    found = told(bare, {}, BESIDE).query("select * from marts.roadmap_domains order by roadmap_domain_no")
    assert found["roadmap_domain_code"].to_list() == NAMES
    assert (
        set(found["friction_now_number"]) == set(found["friction_before_number"]) == set(found["work_hours"]) == {None}
    )
    assert set(found["friction_now_count"]) == set(found["use_case_count"]) == {0}
    assert headline(found) == "Domains: AI runs in 0 of 6; friction is less than before in 0 of 0 that can be told"


SHELF = {"sku_id": "A", "site_id": "X", "is_on_sale": True}
FRICTIONS: dict[str, tuple[str, str, list[dict[str, Any]], dict[str, Any]]] = {
    "demand_inventory": ("marts.stock_days", "stock_date", [SHELF | {"is_stock_out": True}, SHELF | {"is_stock_out": False}],
                         SHELF | {"is_on_sale": False, "is_stock_out": True}),
    "order_management": ("marts.order_lines", "due_date", [{"is_late": True}, {"is_late": False}], {"is_late": None}),
    "procurement_payables": ("marts.purchase_lines", "due_date", [{"is_late": True}, {"is_late": False}], {"is_late": None}),
    "logistics": ("marts.shipments", "promised_date", [{"is_late": True, "late_days": 1}, {"is_late": False, "late_days": None}],
                  {"is_late": None, "late_days": 9}),
    "warehouse": ("core.stock_movements", "moved_date", [{"kind_code": "adjustment"}, {"kind_code": "issue"}], {"kind_code": None}),
}  # fmt: skip


@pytest.mark.parametrize("code", FRICTIONS)
def test_friction_is_the_mean_of_the_last_thirteen_weeks_beside_those_before(bare: World, code: str):
    """One wrong and one right now; one wrong before; what nobody can judge, what is to come and what is long ago counts in neither."""
    table, date, (wrong, right), unknown = FRICTIONS[code]
    rows = [
        wrong | {date: ALSO_NOW}, right | {date: NOW}, unknown | {date: NOW},
        wrong | {date: BEFORE}, wrong | {date: ALSO_BEFORE}, right | {date: LONG_AGO}, right | {date: AS_OF + dt.timedelta(days=1)},
    ]  # fmt: skip
    found = told(bare, {table: rows}, BESIDE)
    one = domain(found, code)
    assert {name: one[name] for name in TOLD} == TOLD | {"friction_before_count": 2}
    assert frictions(found) == {code}, "and no other domain's friction is told by it"


def test_hours_of_a_ticket_run_from_its_opening_to_its_close(bare: World):
    def ticket(name: str, opened: str, closed: str | None) -> dict[str, Any]:
        return {"ticket_id": name, "opened_at": opened, "closed_at": closed}

    rows = [
        ticket("T1", "2026-11-09 22:45:00+00", "2026-11-10 01:15:00+00"),
        ticket("T2", "2026-11-10 08:00:00+00", "2026-11-10 09:00:00+00"),
        ticket("open", "2026-11-01 08:00:00+00", None),
        ticket("turned round", "2026-11-10 08:00:00+00", "2026-11-09 08:00:00+00"),
    ]
    one = domain(told(bare, {"core.service_tickets": rows}, BESIDE), "customer_service")
    assert (one["friction_now_number"], one["friction_now_count"]) == (pytest.approx(1.75), 2)
    assert one["friction_before_number"] is None


def test_a_source_that_tells_no_correction_of_stock_says_nothing_of_it(bare: World):
    rows = [{"kind_code": "issue", "moved_date": NOW}, {"kind_code": "receipt", "moved_date": NOW}]
    assert domain(told(bare, {"core.stock_movements": rows}, BESIDE), "warehouse")["friction_now_number"] is None


# ── opportunity ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_hours_are_the_cases_of_a_year_and_of_a_group_only_the_largest(bare: World):
    """100 cases of 6 minutes and 10 of 12 on the same work: 10 hours a month; 5 cases of 12 minutes beside them: one hour a month."""
    rows = together(
        case("UC3", "sales support", "orders", 100, 6, "production"),
        case("UC4", "sales support", "orders", 10, 12, "pilot"),
        case("S4", "sales support", "pricing", 5, 12, "stopped"),
    )
    one = domain(told(bare, rows, BESIDE), "order_management")
    assert (one["use_case_count"], one["running_count"]) == (3, 2)
    assert one["work_hours"] == pytest.approx(12 * (10 + 1))


def test_an_own_use_case_belongs_where_the_registry_has_it_and_a_named_one_where_it_is_named(bare: World):
    rows = together(case("OWN", "procurement", "own", 30, 10), case("A3", "procurement", "inventory", 60, 2))
    found = told(bare, rows, BESIDE)
    assert domain(found, "procurement_payables")["work_hours"] == pytest.approx(60)
    assert domain(found, "demand_inventory")["work_hours"] == pytest.approx(24)
    assert domain(found, "procurement_payables")["use_case_count"] == 1


@pytest.mark.parametrize("cases", [None, 0.0])
def test_hours_that_nothing_tells_are_no_data(bare: World, cases: float | None):
    one = domain(told(bare, together(case("A3", "procurement", "inventory", cases, 5)), BESIDE), "demand_inventory")
    assert (one["use_case_count"], one["work_hours"]) == (1, None)


# ── in words ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_domain_is_said_in_words_and_no_data_is_never_nought():
    row = TOLD | {
        "friction_name": "Lines late", "friction_unit_code": "share", "running_count": 2, "use_case_count": 5, "work_hours": 1234.4,
    }  # fmt: skip
    assert in_words(WORDS, row) == {
        "friction_said": "50.0%", "before_said": "100.0%", "running_said": "2 of 5", "hours_said": "1,234",
        "rests_said": "Lines late: 50.0% over 2 seen, before 100.0% over 1",
        "work_said": "2 of 5 run; hours of work a year in their cases without AI, at least: 1,234",
    }  # fmt: skip
    none = in_words(WORDS, row | dict.fromkeys(("friction_now_number", "friction_before_number", "work_hours")))
    assert {none[name] for name in ("friction_said", "before_said", "hours_said")} == {"no data"}


# ── on the page ──────────────────────────────────────────────────────────────────────────────────────────────────────
def drawing() -> None:
    from pages.parts import at_desk, roadmap_domains
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"), here="roadmap")
    roadmap_domains.board(visit, at_desk.desk(visit))


def test_without_the_table_the_tab_says_what_to_do():
    grown()
    screen = AppTest.from_function(drawing).run(timeout=60)
    assert not screen.exception
    assert any("Refresh once on the Upload page" in one.value for one in screen.markdown)
