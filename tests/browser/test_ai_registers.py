"""An executive keeps the registers: a missing row gets its evidence and turns green, and what nobody looked at stands as overdue."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.driver import Person
from tests.browser.personas import PLANNER, acts_as, panel
from tests.browser.server import Server, serving

EXECUTIVE = "Elena Rossi, executive"
ROW = "security_baseline/backup"


@pytest.fixture
def house(company_home: Path, tmp_path: Path) -> Iterator[Server]:
    """A server over a copy of the demo company, some of whose registers' rows its executive has kept."""
    home = tmp_path / "home"
    shutil.copytree(company_home / "demo", home / "demo")
    with serving(tmp_path, environment={"CROSSDOCK_HOME": str(home), "CROSSDOCK_VIEWER": "K.Lindqvist"}) as running:
        yield running


def never_kept(person: Person) -> int:
    """How many rows the page says that nobody has ever kept."""
    found = re.search(r"Never kept by anybody\s+(\d+) rows", panel(person, "registers_head").inner_text())
    assert found
    return int(found[1])


def test_a_row_is_kept_and_turns_from_red_to_in_place(house: Server, somebody: Callable[..., Person]):
    planner = acts_as(somebody(house).goes_to(f"/risks?tab=controls&row={ROW}"), PLANNER)
    planner.sees("You cannot keep a row of a register").sees_no_error()
    boss = acts_as(planner, EXECUTIVE)
    boss.sees("How the registers stand", "It is not there.")
    assert "missing" in panel(boss, "register_row").inner_text()
    before, held = never_kept(boss), panel(boss, "register_keep")
    box = held.get_by_role("combobox", name="It is")
    box.scroll_into_view_if_needed()  # a list closes when the page scrolls under it
    boss.waits()
    box.click()
    boss.page.get_by_role("option", name="in place").click()
    boss.waits()
    held.get_by_label("Why").fill("The auditor asked for it.")
    held.get_by_role("button", name="Keep it").click()
    boss.waits().sees("what is in place needs evidence that shows it")
    held.get_by_label("Evidence").fill("Restored on a second machine, log in the IT share.")
    held.get_by_label("Cost a month").fill("75")
    held.get_by_role("button", name="Keep it").click()
    boss.waits().sees(
        "Backup is kept: in place.",
        "E.Rossi has named what shows it",
        "The auditor asked for it.",
        "said since the last refresh",
    )
    assert "in place" in panel(boss, "register_row").inner_text()
    assert "missing" not in panel(boss, "register_row").inner_text()
    assert never_kept(boss) == before - 1, "one row less that nobody ever kept"
    boss.sees_no_error()


def test_overdue_and_contradicted_rows_say_why_and_controls_their_figures(
    house: Server, somebody: Callable[..., Person]
):
    boss = acts_as(somebody(house).goes_to("/risks?tab=watch&row=watch_list/planning_copilots"), EXECUTIVE)
    boss.sees("Nobody has looked at it since AI began; it was due by 15 Aug 2026").sees_no_error()
    assert "overdue" in panel(boss, "register_row").inner_text()
    boss.goes_to("/risks?tab=risks&row=risks/budget_overrun").sees(
        "It was said to be in place, and the data say otherwise.",
        "Risks of AI at each site",
    )
    told = panel(boss, "register_row").inner_text()
    assert "contradicted" in told
    assert "cases stayed within the cap on tool calls" in told
    checked, kept = (int(told.split(" cases stayed")[0].split()[at]) for at in (-1, -3))
    broke = panel(boss, "register_breaks")
    assert f"Not as it should be: {checked - kept} of {checked}" in broke.inner_text()
    assert f"{checked - kept} rows" in broke.inner_text()
    with boss.page.expect_download() as waiting:
        broke.get_by_role("button", name="CSV").click()
    rows = Path(waiting.value.path()).read_text("utf-8-sig").splitlines()
    assert sum("the cap is" in row for row in rows) == checked - kept
    boss.page.get_by_role("link", name="Look there: AI cost").click()
    boss.waits().sees_no_error()
    boss.goes_to("/risks?tab=risks&row=risks/wrong_promises").sees("The cases behind it")
    boss.goes_to("/risks?tab=risks&row=risks/weak_model").sees("Not as it should be:")
    boss.goes_to("/risks?tab=cases").sees(
        "Controls of use cases:", "not kept", "Where nothing can be seen the figure stays empty."
    )
    boss.goes_to("/risks?tab=goals").sees("Initiatives and their numbers", "Stock turns faster").sees_no_error()
