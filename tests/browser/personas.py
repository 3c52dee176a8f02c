"""Whom journeys of decisions are taken by: the demo's people, and how somebody takes their part and presses keys."""

from playwright.sync_api import Locator

from tests.browser.driver import Person

PLANNER, APPROVER = "Karin Lindqvist, planner", "Martin Okafor, approver"


def acts_as(person: Person, part: str) -> Person:
    """Take somebody's part in the sidebar."""
    person.page.get_by_role("combobox", name="Demo: you act as").click()
    person.page.get_by_role("option", name=part).click()
    person.waits().page.locator("h1").first.click()  # keys typed into the list of parts are not meant for the page
    return person


def presses(person: Person, key: str) -> Person:
    """Press a key, with nothing in the way of it."""
    person.page.locator("body").press(key)
    return person.waits()


def panel(person: Person, name: str) -> Locator:
    """A panel of the page by its short name."""
    return person.page.locator(f".st-key-panel_{name}")


def chooses(person: Person, label: str, option: str, *, exact: bool = False) -> None:
    """Choose in a list by what it says, once it is in sight: a list closes when the page scrolls under it."""
    box = person.page.get_by_role("combobox", name=label, exact=True)
    box.scroll_into_view_if_needed()
    person.waits()
    box.click()
    person.page.get_by_role("option", name=option, exact=exact).click()
    person.waits()
