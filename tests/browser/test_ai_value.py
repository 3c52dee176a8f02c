"""A chief financial officer before the value page: it opens with a verdict, leads to the rows, and is one board page too."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PHONE
from tests.browser.driver import PATIENCE_MS, Person
from tests.browser.personas import acts_as
from tests.browser.server import Server

EXECUTIVE = "Elena Rossi, executive"
VERDICT = re.compile(r"net in the (month|\w+ months) to")


def test_the_value_page_opens_with_a_verdict(visitor: Person):
    visitor.goes_to("/value", charts=2).sees_no_error()
    expect(visitor.page.get_by_text(VERDICT).first).to_be_visible(timeout=PATIENCE_MS)
    visitor.sees(
        "From gross to net", "Net verified value by month", "What each use case is worth", "How well it was measured"
    )


def test_the_sentence_says_the_figure_of_the_card_and_one_click_leads_to_its_rows(visitor: Person):
    visitor.goes_to("/value", charts=2)
    sentence = visitor.page.get_by_text(VERDICT).first.inner_text()
    card = visitor.page.locator(".cd-kpi-value").first.inner_text()
    assert sentence.startswith(f"{card} net in the ")
    visitor.page.get_by_role("button", name="Receipt of Net verified value").click()
    drawer = visitor.page.get_by_role("dialog")
    expect(drawer.get_by_text("Rows behind it")).to_be_visible(timeout=PATIENCE_MS)
    expect(drawer.locator("[data-testid=stDataFrame]").first).to_be_visible(timeout=PATIENCE_MS)
    expect(drawer.get_by_text("marts.value_ledger").first).to_be_visible(timeout=PATIENCE_MS)


def test_the_board_page_is_one_pdf(visitor: Person, tmp_path: Path):
    visitor.goes_to("/value", charts=2)
    with visitor.page.expect_download(timeout=PATIENCE_MS) as download:
        visitor.page.get_by_role("button", name="Board page (PDF)").click()
    file = tmp_path / "board.pdf"
    download.value.save_as(file)
    assert download.value.suggested_filename.endswith(".pdf")
    content = file.read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 1


def test_a_download_has_the_headings_of_the_screen_with_units_and_the_names_for_programs(
    visitor: Person, tmp_path: Path
):
    visitor.goes_to("/value", charts=2).sees("What each use case is worth")
    with visitor.page.expect_download(timeout=PATIENCE_MS) as download:
        visitor.page.locator(".st-key-export_ai_worth_csv button").click()
    file = tmp_path / "worth.csv"
    download.value.save_as(file)
    lines = file.read_text("utf-8-sig").splitlines()
    headings = next(line for line in lines if line and not line.startswith(("#", '"#')))
    assert "NPV (EUR) [npv_amount]" in headings
    assert "Chance of a loss (1 = 100%) [loss_share]" in headings


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("measured", ("What a grade says",)),
        ("pilot", ("What is to be tried", "A pilot of:")),
        ("closed", ("Close a month", "It takes an executive")),
    ],
)
def test_each_tab_opens_by_its_address(tab: str, words: tuple[str, ...], visitor: Person):
    visitor.goes_to(f"/value?tab={tab}").sees(*words).sees_no_error()


def test_a_month_that_is_closed_is_not_closed_again_with_the_same_figures(
    office: Server, somebody: Callable[..., Person]
):
    executive = acts_as(somebody(office).goes_to("/value?tab=closed"), EXECUTIVE).sees("Close a month")
    button = executive.page.get_by_role("button", name=re.compile(r"^Close \w+ \d{4}$"))
    month = button.inner_text().rpartition("Close ")[2].strip()
    why = executive.page.get_by_label("Why", exact=True)
    why.fill("The bills are in.")
    why.press("Tab")
    executive.waits()
    button.click()
    # The people of the demo company have closed every month that is over.
    executive.waits().sees(f"{month} was not closed again", "A closed month keeps its figures").sees_no_error()


def test_the_value_page_fits_a_phone(server: Server, somebody: Callable[..., Person]):
    one = somebody(server, size=PHONE).goes_to("/value", charts=2).sees_no_error()
    assert one.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


def test_one_step_back_returns_to_the_page_with_its_tab(visitor: Person):
    """From a tab to another page, by the sidebar and by a link of the page, and back again by the button of the browser."""
    visitor.goes_to("/value?tab=pilot").sees("What is to be tried")
    visitor.page.get_by_test_id("stSidebar").get_by_role("link", name="AI cost").click()
    visitor.waits().sees("Next twelve months")
    visitor.page.go_back()
    visitor.waits().is_at("/value?", "tab=pilot").sees("What is to be tried")
    visitor.goes_to("/value?tab=value", charts=2)
    visitor.page.get_by_test_id("stMain").get_by_test_id("stPageLink-NavLink").first.click()
    expect(visitor.page).not_to_have_url(re.compile(r"/value\?"), timeout=PATIENCE_MS)
    visitor.waits().page.go_back()
    visitor.is_at("/value?", "tab=value")
