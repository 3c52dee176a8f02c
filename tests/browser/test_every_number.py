"""A planner who trusts nothing: every number leads to its rows and comes out the same when it is computed again."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.driver import PATIENCE_MS, Person
from tests.browser.server import Server

# Page → the fewest numbers on it that have a receipt.
PAGES = {"value": 6} | dict.fromkeys(
    ("today", "orders", "inventory", "demand", "shipments", "suppliers", "anomalies"), 2
)


@pytest.mark.parametrize(("page", "least"), PAGES.items())
def test_each_number_of_a_page_comes_out_the_same_again(page: str, least: int, visitor: Person):
    visitor.goes_to(f"/{page}")
    receipts = visitor.page.locator("[class*=st-key-kpi_why_] button:visible")
    assert receipts.count() >= least
    for place in range(receipts.count()):
        receipts.nth(place).click()
        drawer = visitor.page.get_by_role("dialog")
        drawer.get_by_role("button", name="Recompute").click()
        expect(drawer.get_by_text("The same.")).to_be_visible(timeout=PATIENCE_MS)
        visitor.page.keyboard.press("Escape")
        expect(drawer).to_have_count(0)
    visitor.sees_no_error()


def test_two_clicks_lead_from_a_number_to_its_rows(visitor: Person):
    visitor.goes_to("/today")
    visitor.page.get_by_role("link", name="Line fill rate").click()
    visitor.page.wait_for_url("**/orders?**")
    visitor.waits().page.get_by_role("button", name="Receipt of Line fill rate").click()
    drawer = visitor.page.get_by_role("dialog")
    expect(drawer.get_by_text("Rows behind it")).to_be_visible(timeout=PATIENCE_MS)
    expect(drawer.locator("[data-testid=stDataFrame]").first).to_be_visible(timeout=PATIENCE_MS)


def test_what_was_chosen_travels_in_the_address(server: Server, somebody: Callable[..., Person]):
    one, other = somebody(server), somebody(server)
    one.goes_to("/orders").page.get_by_role("combobox", name="Period").click()
    one.page.get_by_role("option", name="Last 7 days").click()
    one.page.wait_for_function("() => location.search.includes('period=7d')", timeout=PATIENCE_MS)
    copied = urlsplit(one.waits().page.url)
    other.goes_to(f"{copied.path}?{copied.query}")
    expect(other.page.get_by_role("combobox", name="Period")).to_have_value("Last 7 days")
    numbers = [person.page.locator(".cd-kpi-value").all_inner_texts() for person in (one, other)]
    assert numbers[0] == numbers[1]
