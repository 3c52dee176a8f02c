"""What is kept is kept under everything that it depends on, within bounds, for all sessions at once."""

import datetime as dt
import threading

import polars as pl

from pages.parts import chart_panel
from pages.parts.chosen import Chosen
from pages.parts.kept import Kept
from pages.parts.trends import trend
from tests.unit.parts_visit import grown, visit_to


def test_the_shelf_stays_within_its_bound_and_keeps_what_is_asked_for():
    shelf = Kept[int](at_most=3)
    for number in range(100):
        shelf.get("often", lambda: -1)
        shelf.get(number, lambda number=number: number)
    assert len(shelf._values) == 3
    assert "often" in shelf._values


def test_many_threads_get_the_right_value():
    shelf = Kept[int](at_most=50)
    wrong: list[int] = []

    def ask() -> None:
        given = {number: shelf.get(number % 80, lambda number=number: number % 80) for number in range(500)}
        wrong.extend(number for number, value in given.items() if value != number % 80)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(shelf._values) <= 50


def test_a_failure_is_not_kept():
    shelf = Kept[int](at_most=3)

    def fails() -> int:
        raise ValueError

    for _ in range(2):
        try:
            shelf.get("a", fails)
        except ValueError:
            continue
    assert shelf.get("a", lambda: 7) == 7


def test_trends_of_two_companies_or_two_filters_are_never_mixed_up():
    one, other = visit_to(grown("one")), visit_to(grown("other"))
    november = Chosen(dt.date(2026, 11, 1), dt.date(2026, 11, 14))
    line = trend(one, "line_fill_rate", november)
    assert trend(one, "line_fill_rate", november) is line
    assert trend(other, "line_fill_rate", november) is not line
    assert not trend(one, "line_fill_rate", november.and_where(site_id="LYO")).equals(line)
    assert trend(one, "line_fill_rate", november, at_least=20).height == 20


def test_a_drawing_is_kept_under_its_rows_its_options_its_company_and_its_kind():
    """Two pictures that differ in one of these must never be taken for each other."""
    visit = visit_to(grown())
    rows = pl.DataFrame({"name": ["a", "b"], "value": [1.0, 2.0]})

    def line() -> None: ...

    def bars() -> None: ...

    def key(frame: pl.DataFrame, options: tuple, draw, who=visit) -> object:
        picture = chart_panel.Picture("T", "share", frame, list(frame.columns), "alt", drawn_by=options)
        return chart_panel._key(who, picture, frame, draw)

    american = visit_to(grown("us", locale_name="en_US", reporting_currency="USD"))
    keys = [
        key(rows, (1,), line),
        key(rows, (2,), line),
        key(rows, (1,), bars),
        key(rows.reverse(), (1,), line),
        key(rows.rename({"value": "other"}), (1,), line),
        key(rows.with_columns(value=pl.lit(None, dtype=pl.Float64)), (1,), line),
        key(rows, (1,), line, american),
    ]
    assert len(set(keys)) == len(keys)
    assert key(rows.clone(), (1,), line) == keys[0]
