"""Where AI runs, as the person who answers for it walks: the map, the reasons, a forbidden way, a line, the decision and its record."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.driver import Person
from tests.browser.personas import acts_as, chooses, panel
from tests.browser.server import Server

EXECUTIVE = "Elena Rossi, executive"
WHY = "The branch managers ask for it, and the second line is paid already."


def test_the_map_tells_where_each_could_run_and_what_all_come_to(visitor: Person):
    visitor.goes_to("/placement?company=demo").sees("All of them together", "Where each could run").sees_no_error()
    visitor.sees("Governance for machines at sites", "Decided otherwise than advised")


def test_one_use_case_says_its_ways_gates_split_and_flip_points(visitor: Person):
    visitor.goes_to("/placement?company=demo&tab=one&use_case=UC3").sees_no_error()
    visitor.sees(
        "The ways beside each other", "Seven steps", "The exact split", "Where the choice turns, the nearest first"
    )
    said = panel(visitor, "placement_gates").inner_text()
    assert "It writes: validation and booking belong to the centre" in said, (
        "a write-heavy workflow is never at the edge"
    )
    visitor.goes_to("/placement?company=demo&tab=one&use_case=W1")
    assert "It writes" not in panel(visitor, "placement_gates").inner_text()


def test_an_executive_decides_against_the_advice_and_an_auditor_reads_why(
    office: Server, somebody: Callable[..., Person], tmp_path: Path
):
    boss = acts_as(somebody(office).goes_to("/placement?tab=one&use_case=W1"), EXECUTIVE)
    boss.sees("Decide").sees_no_error()
    chooses(boss, "Where it runs", "Second circuit", exact=True)
    boss.page.get_by_label("Why", exact=True).fill("because")
    boss.page.get_by_role("button", name="Decide", exact=True).click()
    boss.waits().sees("not what is advised")
    boss.page.get_by_label("Why", exact=True).fill(WHY)
    boss.page.get_by_role("button", name="Decide", exact=True).click()
    boss.waits().sees("W1 runs at: Second circuit")
    boss.goes_to("/placement?tab=records").sees(
        "Decisions in force", f"Decided: Second circuit. Why: {WHY}", "Advised then: Central API"
    )
    boss.sees(
        "The ways, money a year",
        "Where the advice would turn away from Central API",
        "What it rests on",
        "HAM: broadband",
    )
    boss.sees("(executive)", "of the ledger, id", "The assumptions that placement reads")
    with boss.page.expect_download() as waiting:
        boss.page.get_by_role("button", name="Record (PDF)").click()
    kept = tmp_path / "record.pdf"
    waiting.value.save_as(kept)
    assert kept.read_bytes().startswith(b"%PDF-")


def test_whether_data_and_work_are_ready_is_told_check_by_check_with_its_source(visitor: Person):
    visitor.goes_to("/placement?company=demo&tab=ready").sees(
        "Ready for AI?", "Product data", "Procedures by site", "Handling of exceptions", "What that rests on"
    ).sees_no_error()


def test_pilots_are_told_family_by_family(visitor: Person):
    visitor.goes_to("/placement?company=demo&tab=pilots").sees(
        "Pilots: 3 of 4 families tried", "Each use case is compared with itself"
    ).sees_no_error()


def test_the_line_of_a_site_is_said_once_and_stands_there(office: Server, somebody: Callable[..., Person]):
    boss = acts_as(somebody(office).goes_to("/placement?tab=estate"), EXECUTIVE)
    boss.sees("Say which line a site has").sees_no_error()
    box = panel(boss, "placement_line").get_by_role("combobox", name="Circuits")
    box.scroll_into_view_if_needed()
    boss.waits()
    box.click()
    boss.page.get_by_role("option", name="fibre", exact=True).click()
    boss.page.keyboard.press("Escape")
    boss.waits()
    panel(boss, "placement_line").get_by_label("How is it known").fill("Contract of the provider, signed in May.")
    panel(boss, "placement_line").get_by_role("button", name="Keep", exact=True).click()
    boss.waits().sees(re.compile(r"The line of \w+ is kept"))  # type: ignore[arg-type]  # a pattern reads as well as a word


@pytest.mark.parametrize(
    ("wanted", "technique"),
    [
        ("a number or a risk", "Rule"),
        ("a fact from documents", "Retrieval"),
        ("a text or a proposal for a person", "Copilot"),
    ],
)
def test_the_chooser_names_the_plainest_technique_at_once(visitor: Person, wanted: str, technique: str):
    visitor.goes_to("/placement?company=demo&tab=technique")
    visitor.page.get_by_text(wanted, exact=True).click()
    visitor.waits()
    expect(panel(visitor, "technique_advice")).to_contain_text(technique)
