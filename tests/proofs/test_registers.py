"""Every register is sound: its rows say what they ask, name a check that there is, and claim nothing that nothing shows."""

import re
from datetime import date
from pathlib import Path

import pytest

from decisions.registers import STATUSES, known_rows
from metrics.definition import definitions
from pipelines import registers
from pipelines.contract import contracts, dictionary
from pipelines.table import tables
from tests.worlds import world

FIELDS = {
    "row", "name", "area", "asks", "failure", "mitigation", "columns", "metric", "needed", "unit", "owner", "status", "seen_by",
    "needed_by", "review_days", "monthly_cost", "because", "open_to", "closes_sums",
    "region", "to_providers", "keep_days", "deleted_by",
}  # fmt: skip
ROWS = [(register["register"], row) for register in registers.templates() for row in register["rows"]]
NAMES = [f"{register}/{row['row']}" for register, row in ROWS]
WORD = re.compile(r"[a-z][a-z0-9_]*")
WANTED = {
    "edge_controls", "site_ai_risks", "edge_policy", "security_baseline", "residency", "training", "ownership", "capability_gap",
    "vendors", "watch_list", "risks", "goals", "data_classes",
}  # fmt: skip


@pytest.fixture(scope="module")
def checks() -> set[str]:
    """The checks that a company of one site and one call has."""
    found = world("marts.register_checks", sites=[{"site_id": "LEJ"}]).query(
        "select check_code from marts.register_checks"
    )
    return set(found["check_code"].to_list())


def test_every_register_is_there_and_lies_in_the_file_of_its_name():
    assert {register["register"] for register in registers.templates()} == WANTED
    assert {path.stem for path in Path(registers.FOLDER).glob("*.yml")} == WANTED
    assert all(register["title"] and register["question"].endswith("?") for register in registers.templates())


def test_a_row_stands_once_and_both_sides_know_the_same_rows():
    assert len(NAMES) == len(set(NAMES)) == len(known_rows())
    assert set(NAMES) == known_rows()


@pytest.mark.parametrize(("register", "row"), ROWS, ids=NAMES)
def test_a_row_is_sound(register: str, row: dict, checks: set[str]):
    assert set(row) <= FIELDS
    assert WORD.fullmatch(row["row"])
    assert row["status"] in STATUSES
    assert all(row[part].strip() for part in ("name", "area", "owner", "because"))
    assert row["because"].endswith(".")
    assert 7 <= row["review_days"] <= 366
    assert row.get("monthly_cost", 0) >= 0
    assert ("needed" in row) == ("unit" in row)
    assert {row.get("seen_by"), row.get("needed_by")} - {None} <= checks
    assert ("failure" in row and "mitigation" in row) or row["asks"].endswith(".")


@pytest.mark.parametrize(("register", "row"), ROWS, ids=NAMES)
def test_no_packaged_row_claims_what_no_check_shows(register: str, row: dict):
    """Evidence of a company is nothing that a package could know."""
    assert row["status"] != "in place" or row.get("seen_by")


def test_columns_and_numbers_that_rows_name_exist():
    known = {column.name for contract in contracts().values() for column in contract.columns}
    named = {column for _, row in ROWS for column in row.get("columns", ())}
    assert named <= known & set(dictionary())
    goals = [row["metric"] for _, row in ROWS if "metric" in row]
    assert len(goals) == 6
    assert all(definitions()[name].better != "neither" for name in goals)


def test_a_check_says_where_it_looked():
    """Each check names a table of the build, so that a reader can look there."""
    found = world("marts.register_checks", sites=[{"site_id": "LEJ"}]).query("select * from marts.register_checks")
    raw = ("loads", "assumptions", "use_cases", "use_case_bounds", "use_case_controls", "access_grants")
    known = {*tables(), *(f"raw.{name}" for name in raw)}
    assert set(found["seen_in_name"].to_list()) <= known
    assert all(text.endswith(f"({name}).") for text, name in found.select("found_text", "seen_in_name").iter_rows())


def test_an_act_that_no_row_can_be_is_left_out():
    acts = [
        {"kind": "keep_register", "subject": "risks/no_such_row", "payload": {"status": "in place", "owner": "x"}, "who": "e", "at": None},
        {"kind": "keep_register", "subject": "risks/drift", "payload": {"status": "perhaps", "owner": "x"}, "who": "e", "at": None},
        {"kind": "set_target", "subject": "inventory_turns", "payload": {"number": "8", "by": "2027-12-31", "baseline": 6.5}},
    ]  # fmt: skip
    made = {f"{row['register_code']}/{row['row_code']}": row for row in registers.rows(acts)}
    assert set(made) == set(NAMES)
    assert made["risks/drift"]["stated_code"] == "in place"
    assert not any(row["has_act"] for row in made.values())
    goal = made["goals/inventory"]
    assert (goal["baseline_number"], goal["target_number"], goal["goal_date"]) == (6.5, 8.0, date(2027, 12, 31))
