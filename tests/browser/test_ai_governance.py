"""An executive opens the governance pack, reads what the council is asked, opens a receipt, follows a page, and takes the sheet along."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator

from tests.browser.driver import Person
from tests.browser.personas import acts_as
from tests.browser.server import Server

EXECUTIVE = "Elena Rossi, executive"


def panel(person: Person, name: str) -> Locator:
    """A panel of the pack by its short name."""
    return person.page.locator(f".st-key-panel_governance_{name}")


def test_the_pack_is_read_traced_and_taken_along(office: Server, somebody: Callable[..., Person], tmp_path: Path):
    boss = acts_as(somebody(office).goes_to("/governance"), EXECUTIVE).sees_no_error()
    boss.sees(
        "Decisions asked of the council", "Success in four numbers", "Red rows, by who answers for them", "Versions"
    )
    assert "Only approver or executive may raise a level." in panel(boss, "autonomy").inner_text()
    assert "Not settled: model ownership" in panel(boss, "autonomy").inner_text()
    assert "use cases run; of" in panel(boss, "business").inner_text()
    assert "Order from a supplier" in panel(boss, "kinds").inner_text()
    with boss.page.expect_download() as waiting:
        boss.page.get_by_role("button", name="Governance pack (PDF)").click()
    kept = tmp_path / "pack.pdf"
    waiting.value.save_as(kept)
    assert kept.read_bytes().startswith(b"%PDF-")
    assert 1 <= kept.read_bytes().count(b"/Type /Page\n") <= 2, "one sheet of paper has two sides"
    assert "has earned AI-assisted" in panel(boss, "placement").inner_text()
    assert "Not met in this phase" in panel(boss, "placement").inner_text()
    assert "The first 90 days with decisions against the last 90." in panel(boss, "success").inner_text()
    panel(boss, "business").get_by_role("button", name="Receipt: Net value, these months").click()
    boss.waits().sees("What it means", "Rows behind it").sees_no_error()
    boss.goes_to("/governance")
    panel(boss, "registers").get_by_role("link", name="Risks and controls").click()
    boss.waits().sees("How the registers stand").sees_no_error()
