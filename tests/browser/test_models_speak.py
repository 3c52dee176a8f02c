"""A planner who asks what will happen: a forecast is opened, a shelf played through, an alert looked at, a model questioned."""

from collections.abc import Callable

from tests.browser.driver import Person
from tests.browser.server import Server

FIRST_ROW = (18, 51)  # the tick box of a table's first row, from its upper left corner


def ticks_first_row(person: Person, panel: str) -> Person:
    """Pick the first row of the table in that panel."""
    table = person.page.locator(f".st-key-panel_{panel} [data-testid=stDataFrame]")
    table.scroll_into_view_if_needed()
    table.click(position={"x": FIRST_ROW[0], "y": FIRST_ROW[1]})
    return person.waits()


def test_a_missed_forecast_is_taken_apart(server: Server, somebody: Callable[..., Person]):
    person = somebody(server).goes_to("/demand", charts=4)
    ticks_first_row(person, "misses").sees(
        "What the forecast rests on", "Lost to empty shelves", "Miss of seasonal naive"
    )
    person.page.get_by_role("button", name="Take it apart").click()
    person.waits().sees(
        "Its week: more or less than usual", "Exponential smoothing by statsmodels expects"
    ).sees_no_error()


def test_a_shelf_that_may_run_out_is_played_through(server: Server, somebody: Callable[..., Person]):
    person = somebody(server).goes_to("/inventory", charts=4)
    ticks_first_row(person, "stockouts").sees("has run out by the day").sees_no_error()


def test_an_alert_is_shown_among_the_moments_around_it(server: Server, somebody: Callable[..., Person]):
    person = somebody(server).goes_to("/anomalies", charts=2)
    ticks_first_row(person, "alerts").sees("What is known of it", "(dotted). Of ").sees_no_error()


def test_a_supplier_that_got_worse_shows_how_long_it_took(server: Server, somebody: Callable[..., Person]):
    person = somebody(server).goes_to("/suppliers", charts=4)
    ticks_first_row(person, "standing").sees("Days to receive").sees_no_error()


def test_what_is_late_says_why(server: Server, somebody: Callable[..., Person]):
    person = somebody(server).goes_to("/orders", charts=2)
    ticks_first_row(person, "order_late_risks").sees("Because").sees_no_error()


def test_each_page_leads_to_the_card_of_its_model(server: Server, somebody: Callable[..., Person]):
    person = somebody(server)
    for page, model in (("inventory", "Stockout risk"), ("anomalies", "Anomalies"), ("demand", "Demand forecast")):
        person.goes_to(f"/{page}")
        person.page.locator("[data-testid=stMain]").get_by_text("Model health", exact=True).first.click()
        person.waits().sees("When to trust it").sees_no_error()
        assert person.page.locator(".st-key-panel_detail").get_by_text(model, exact=True).count(), page
