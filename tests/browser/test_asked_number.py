"""An executive who asks in her own words: a certified number with its receipt, or a plain no and the nearest number instead."""

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.driver import PATIENCE_MS, Person
from tests.browser.personas import acts_as, panel
from tests.browser.server import Server

EXECUTIVE = "Elena Rossi, executive"
BOX = "Ask for a number"
FOCUSED = """() => {
    const one = document.activeElement;
    return one.matches('input, button') ? one.ariaLabel || one.innerText : '';
}"""


def asks(person: Person, question: str) -> Person:
    """Write a question into the box and send it off."""
    box = person.page.get_by_role("textbox", name=BOX)
    box.fill(question)
    box.press("Enter")
    person.page.wait_for_function("() => location.search.includes('q=')", timeout=PATIENCE_MS)
    return person.waits()


def tabs_to(page: Page, words: str) -> None:
    """Press Tab until what is focused says these words."""
    for _ in range(80):
        if words in page.evaluate(FOCUSED):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {words!r}")


def test_an_executive_asks_and_opens_the_receipt(server: Server, somebody: Callable[..., Person]):
    boss = acts_as(somebody(server).goes_to("/definitions"), EXECUTIVE)
    asks(boss, "What was our revenue by site last month?").sees(
        "Net sales · by site · 1 Oct – 31 Oct 2026"
    ).sees_no_error()
    value = panel(boss, "asked").locator(".cd-big").inner_text()
    assert value.startswith("€")
    expect(panel(boss, "asked").locator(".js-plotly-plot")).to_have_count(1)
    expect(boss.page.get_by_role("combobox", name="Number", exact=True)).to_have_value("Net sales")
    panel(boss, "asked").get_by_role("button", name="Receipt").click()
    drawer = boss.page.get_by_role("dialog")
    drawer.get_by_role("button", name="Recompute").click()
    expect(drawer.get_by_text("The same.")).to_be_visible(timeout=PATIENCE_MS)
    expect(drawer.get_by_text("net_sales, version 1")).to_be_visible(timeout=PATIENCE_MS)
    asked = urlsplit(boss.page.url)
    other = somebody(server).goes_to(f"{asked.path}?{asked.query}")
    assert panel(other, "asked").locator(".cd-big").inner_text() == value


def test_what_is_not_certified_is_refused_and_the_nearest_is_one_click_away(
    server: Server, somebody: Callable[..., Person]
):
    boss = asks(somebody(server).goes_to("/definitions"), "net sales of our competitor last month")
    boss.sees("I do not know ‘competitor’ here.").sees_no_error()
    expect(panel(boss, "asked").locator(".cd-big")).to_have_count(0)
    panel(boss, "asked").get_by_role("button", name="Net sales, last month").click()
    boss.waits().sees("Net sales · 1 Oct – 31 Oct 2026")
    expect(panel(boss, "asked").locator(".cd-big")).to_have_count(1)
    asks(boss, "fill rate in Hamburg")
    for name in ("Line", "Order", "Unit"):
        expect(panel(boss, "asked").get_by_role("button", name=f"{name} fill rate, Hamburg")).to_be_visible()


def test_a_number_is_asked_for_and_traced_by_keyboard_alone(server: Server, somebody: Callable[..., Person]):
    boss = somebody(server).goes_to("/definitions")
    keys = boss.page.keyboard
    tabs_to(boss.page, BOX)
    keys.type("on time in full at site HAM this quarter")
    keys.press("Enter")
    boss.waits().sees("On time in full · site HAM · 1 Oct – 14 Nov 2026")
    tabs_to(boss.page, "Receipt")
    keys.press("Enter")
    drawer = boss.page.get_by_role("dialog")
    expect(drawer.get_by_text("on_time_in_full, version")).to_be_visible(timeout=PATIENCE_MS)
    keys.press("Escape")
    expect(drawer).to_have_count(0)
