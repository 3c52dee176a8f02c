"""The roadmap: each criterion is met by what meets it, not by what does not, and by nothing at all where nothing is known."""

from typing import Any

import pytest

from models.ai_economics.maturity import at_least
from pages.parts.roadmap_phases import asked, said
from pages.parts.words import Words
from pipelines import assumptions, roadmap
from pipelines.table import tables
from tests.architecture.checkout import addresses
from tests.roadmap_rows import CASES, CORE, decided, decisions, emptied, loads, months, running, told
from tests.worlds import World

CRITERIA = [criterion for phase in roadmap.phases() for criterion in phase["criteria"]]
CODES = [criterion["code"] for criterion in CRITERIA]
# Nothing frozen is no data, and a company without a file has no extract: both are not met.
COUNTED_WITHOUT_ROWS = {"roadmap_core_extracts"}
WORDS = Words("en_GB", "EUR", "Europe/Berlin")


@pytest.fixture(scope="module")
def bare() -> World:
    return emptied()


def criterion(of: World, code: str) -> dict[str, Any]:
    return of.query("select * from marts.roadmap_criteria where criterion_code = ?", [code]).row(0, named=True)


# ── what the files say ───────────────────────────────────────────────────────────────────────────────────────────────
def test_there_are_five_phases_and_each_asks_for_five_to_seven_things():
    assert [phase["phase"] for phase in roadmap.phases()] == [
        "foundation", "decision_support", "orchestrated_execution", "scaled_optimisation", "bounded_autonomy",
    ]  # fmt: skip
    assert all(5 <= len(phase["criteria"]) <= 7 for phase in roadmap.phases())
    assert len(CODES) == len(set(CODES))


@pytest.mark.parametrize("asks", CRITERIA, ids=CODES)
def test_a_criterion_has_a_threshold_an_owner_a_page_and_a_way_to_be_told(asks: dict[str, Any]):
    held = {entry.name: entry for entry in assumptions.assumptions()}[asks["code"]]
    assert (held.grade, held.owner) == ("assumption", asks["owner"])
    assert asks["page"] in addresses()
    assert asks["compare"] in ("at least", "at most", "more than")
    assert asks["unit"] in ("count", "share", "money", "met")
    assert asks["tells"].endswith(".")


def test_every_criterion_is_counted_by_one_row(bare: World):
    facts = told(bare, {}).query("select criterion_code, seen_in_name from marts.roadmap_facts")
    assert sorted(facts["criterion_code"]) == sorted(CODES)
    read = tables()["marts.roadmap_facts"].reads
    assert set(facts["seen_in_name"]) <= read, "the table that a criterion names is one that it reads"


# ── met, not met, no data ────────────────────────────────────────────────────────────────────────────────────────────
def test_every_criterion_is_tried():
    assert sorted(CASES) == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_criterion_is_met_by_what_meets_it(bare: World, code: str):
    found = criterion(told(bare, CASES[code][0]), code)
    assert (found["met_code"], found["is_met"]) == ("met", True)
    assert found["seen_in_name"] in found["because_text"]


@pytest.mark.parametrize("code", CODES)
def test_a_criterion_is_not_met_by_what_falls_short(bare: World, code: str):
    found = criterion(told(bare, CASES[code][1]), code)
    assert not found["is_met"]
    assert found["met_code"] == ("no data" if code == "roadmap_frozen_costs" else "not met")


@pytest.mark.parametrize("code", [code for code in CODES if code not in COUNTED_WITHOUT_ROWS])
def test_what_nothing_tells_is_no_data_and_says_what_would_tell(bare: World, code: str):
    found = criterion(told(bare, {}), code)
    assert (found["met_code"], found["is_met"], found["found_number"]) == ("no data", False, None)
    assert found["because_text"].startswith("Nothing was counted")
    assert next(asks["tells"] for asks in CRITERIA if asks["code"] == code) in found["because_text"]


def test_two_closed_months_are_not_three(bare: World):
    assert criterion(told(bare, months(2)), "roadmap_net_earned_low")["met_code"] == "no data"
    assert criterion(told(bare, months(3)), "roadmap_net_earned_low")["found_number"] == 30
    assert criterion(told(bare, months(5)), "roadmap_net_earned_low")["found_number"] == 30, "only the last three count"
    unknown = months(3)
    unknown["marts.north_star"][0]["low_amount"] = None
    assert criterion(told(bare, unknown), "roadmap_net_earned_low")["met_code"] == "no data", (
        "a month without an interval"
    )


def test_months_of_shipments_are_no_months_of_orders(bare: World):
    rows = {
        "marts.driver_months": [
            {"driver_name": "shipments", "month_date": f"2025-{month:02}-01"} for month in range(1, 13)
        ]
    }
    assert criterion(told(bare, rows), "roadmap_history_months")["met_code"] == "no data"


def test_what_people_did_within_limits_is_nothing_that_agents_did_alone(bare: World):
    by_people = decisions(40, is_agent=False, approval_count=0, verdict_code="allowed")
    made = told(bare, decided(*by_people))
    assert [criterion(made, code)["met_code"] for code in ("roadmap_alone_kinds", "roadmap_alone_right_share")] == [
        "no data"
    ] * 2


def test_a_share_that_stands_for_what_is_to_come_is_held_by_its_low_end(bare: World):
    """Nine of ten is ninety per cent, and surely no more than about sixty; models.ai_economics.maturity reckons the same."""
    for taken, count in ((9, 10), (10, 10), (1, 40), (0, 3)):
        rows = [*decisions(taken), *decisions(count - taken, is_override=True)]
        found = criterion(told(bare, decided(*rows)), "roadmap_taken_share")
        assert found["found_number"] == pytest.approx(at_least(taken, count), abs=1e-9)


def test_red_rows_count_from_the_first_use_case_that_runs(bare: World):
    rows = dict(CASES["roadmap_red_rows"][1])
    assert criterion(told(bare, rows), "roadmap_red_rows")["found_number"] == 2
    stopped = rows | running(("UC1", "finance"), stage_code="stopped")
    assert criterion(told(bare, stopped), "roadmap_red_rows")["met_code"] == "no data"


# ── phases ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_company_that_loses_an_extract_falls_back(bare: World):
    """Everything that the foundation asks for, and then one extract less."""
    whole: dict[str, Any] = {}
    for code in (asks["code"] for asks in roadmap.phases()[0]["criteria"]):
        for table, rows in CASES[code][0].items():
            whole[table] = [*whole.get(table, ()), *rows]
    standing = "select phase_stands_code from marts.roadmap_phases order by phase_no"
    assert told(bare, whole).query(standing)["phase_stands_code"].to_list() == ["done", "now", *["locked"] * 3]
    assert told(bare, whole | loads(*CORE[:4])).query(standing)["phase_stands_code"].to_list() == [
        "now",
        *["locked"] * 4,
    ]


@pytest.mark.parametrize("met", range(6))
def test_a_company_walks_through_the_phases_as_it_meets_them(bare: World, met: int):
    """Everything that the first phases ask for: so many are done, the next is now, and what comes after is locked."""
    whole: dict[str, Any] = {}
    for code in (asks["code"] for phase in roadmap.phases()[:met] for asks in phase["criteria"]):
        for table, rows in CASES[code][0].items():
            whole[table] = [*whole.get(table, ()), *(row for row in rows if row not in whole.get(table, ()))]
    found = told(bare, whole).query("select phase_stands_code from marts.roadmap_phases order by phase_no")
    assert found["phase_stands_code"].to_list() == [*["done"] * met, *["now"] * (met < 5), *["locked"] * (4 - met)]


def test_a_threshold_of_ones_own_changes_the_verdict(bare: World):
    made = told(bare, CASES["roadmap_history_months"][1])
    assert criterion(made, "roadmap_history_months")["met_code"] == "not met"
    try:
        made.execute("update raw.assumptions set assumed_number = 11 where assumption_name = 'roadmap_history_months'")
        assert criterion(told(made, CASES["roadmap_history_months"][1]), "roadmap_history_months")["met_code"] == "met"
    finally:
        made.execute("update raw.assumptions set assumed_number = 12 where assumption_name = 'roadmap_history_months'")


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("number", "unit", "compared", "words"),
    [
        (0.95, "share", "at least", "at least 95.0%"), (1.0, "met", "at least", "yes"), (0.0, "count", "at most", "at most 0"),
        (0.0, "money", "more than", "more than €0"), (12.0, "count", "at least", "at least 12"),
    ],
)  # fmt: skip
def test_what_is_asked_for_in_words(number: float, unit: str, compared: str, words: str):
    assert asked(WORDS, {"asked_number": number, "counted_in_code": unit, "compared_code": compared}) == words
    assert said(WORDS, None, unit) == "no data"
