"""A chief financial officer at the page AI cost: one total, sliders that answer at once, and a workbook that says the same."""

import io
import re
import zipfile
from collections.abc import Callable
from time import perf_counter

from tests.browser.chromium import PHONE
from tests.browser.driver import Person
from tests.browser.server import Server

TABS = ("all", "drivers", "whatif", "production", "actual", "serving", "usage", "book")


def cost(person: Person, tab: str = "all") -> Person:
    return person.goes_to(f"/cost?company=demo&tab={tab}")


def test_every_part_of_the_page_opens(server: Server, somebody: Callable[..., Person]):
    person = somebody(server)
    for tab in TABS:
        cost(person, tab).sees_no_error()


def test_a_month_is_held_against_a_plan_that_was_frozen_before_it_began(
    server: Server, somebody: Callable[..., Person]
):
    person = cost(somebody(server), "actual").sees(
        "The plan was frozen before the month began", "No plan was frozen before Feb 2026"
    )
    person.sees(
        "Realised against planned", "Plan and actual by layer, 7 months since Apr 2026", "Rest at that rate"
    ).sees_no_error()


def test_it_can_be_read_on_a_phone_in_the_dark(server: Server, somebody: Callable[..., Person]):
    person = somebody(server, size=PHONE, scheme="dark")
    for tab in TABS:
        cost(person, tab).sees_no_error()


def test_all_parts_sum_to_one_total(server: Server, somebody: Callable[..., Person]):
    person = somebody(server)
    cost(person).sees("all parts sum to", "Agents are budgeted apart").sees_no_error()
    assert "parts do not sum" not in person.page.inner_text("[data-testid=stMain]")


def test_a_slider_answers_while_the_hand_is_still_on_it(server: Server, somebody: Callable[..., Person]):
    person = cost(somebody(server), "whatif").sees("Nothing is otherwise than planned")
    slider = person.page.locator(".st-key-ai_if_orders input[type=range]")
    slider.focus()
    slider.press("ArrowRight")  # once to warm up: the first move fetches what a browser keeps from then on
    person.sees("lines moved")
    took = []
    for key in ("ArrowRight", "ArrowLeft", "ArrowRight"):
        before = person.page.inner_text(".st-key-ai_if_figures")
        started = perf_counter()
        slider.press(key)
        person.page.wait_for_function(
            "was => document.querySelector('.st-key-ai_if_figures')?.innerText !== was", arg=before, polling=20
        )
        took.append(perf_counter() - started)
    # The wait holds the way there and back and the browser's drawing beside the server's time.
    assert min(took) < 1.0, took
    person.sees("stayed as planned").sees_no_error()


def test_the_workbook_says_what_the_screen_says(server: Server, somebody: Callable[..., Person]):
    person = cost(somebody(server), "book").sees("The plan as a workbook")
    shown = person.page.inner_text(".st-key-panel_ai_book")
    total = float(re.search(r"reserve included\s*€([\d,]+\.\d\d)", shown).group(1).replace(",", ""))
    with person.page.expect_download() as waiting:
        person.page.locator(".st-key-ai_book_xlsx button").click()
    made = waiting.value.path().read_bytes()
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        months = book.read("xl/worksheets/sheet3.xml").decode("utf-8")
    last = re.findall(r"<f>SUM\([^)]*\)</f><v>([^<]+)</v>", months)[-1]
    assert round(float(last), 2) == total
    person.sees_no_error()
