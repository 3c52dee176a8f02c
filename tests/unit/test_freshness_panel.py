"""Where one looks at a control and at the data: each source with its age and its own target, and how far each control was kept."""

import datetime as dt
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import ai_registry_control, freshness
from pages.parts.page import Visit
from pages.parts.words import Words
from tests.ai_builds import built, held
from tests.worlds import World, world

AS_OF = "2026-11-14"
WORDS = Words("en_GB", "EUR", "Europe/Berlin")
SAID: dict[str, Any] = {
    "kept_count": 9,
    "checked_count": 10,
    "kept_share": 0.9,
    "least_share": 1.0,
    "seen_text": "Cases (log).",
}


def brought(**days: int) -> World:
    made = world("marts.source_freshness", "marts.control_compliance", as_of=AS_OF)
    for contract, ago in days.items():
        day = dt.date.fromisoformat(AS_OF) - dt.timedelta(days=ago)
        made.execute(
            "insert into raw.loads (load_id, contract, accepted, loaded_at) values (?, ?, 1, ?)",
            [contract, contract, f"{day} 08:00:00+00"],
        )
    return made


@pytest.fixture
def visit() -> Visit:
    made = brought(orders=3, skus=400, ai_calls=1)
    return built(held(made, "marts.source_freshness", "marts.control_compliance"))


def screen(limit: float | None) -> None:
    from pages.parts import freshness
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    here = visit_to(open_company("acme"), here="health")
    freshness.board(here)
    freshness.under(here, limit)


def drawn(limit: float | None) -> tuple[AppTest, str]:
    page = AppTest.from_function(screen, default_timeout=60, args=(limit,)).run()
    assert not page.exception, page.exception
    return page, "\n".join([*(one.proto.body for one in page.get("html")), *(one.value for one in page.markdown)])


def test_each_source_stands_with_its_age_its_own_target_and_whether_it_keeps_it(visit: Visit):
    page, words = drawn(None)
    assert "How fresh each source is: 2 of 3 within target" in words
    assert "How fresh the sources are: 1 of 2 within target" in words, "a log of AI is no source that is answered from"
    assert "none may be older than 2 days: 0 of 2 within target" in drawn(2)[1]
    shown = page.dataframe[0].value
    assert shown["source_name"].to_list() == ["Articles", "Orders", "AI calls"]
    assert shown["source_age_days"].to_list() == [400, 3, 1]
    assert shown["held_days"].to_list() == [366, 7, 7]
    assert {"loaded_date", "newest_row_date"} <= {*shown.columns}, "both that an age is reckoned from"
    assert "an old extract is not fresh because it was brought today" in words


def test_a_build_that_does_not_tell_draws_nothing():
    visit = built({})
    freshness.board(visit)
    freshness.under(visit, 2)
    assert ai_registry_control.measured(visit, "UC1") == {}


def test_a_control_says_how_far_it_was_kept(visit: Visit):
    found = ai_registry_control.measured(visit, "UC1")
    assert list(found)[-1] == "review of the planned share"
    told = ai_registry_control.kept(found["freshness target for each source"], WORDS)
    assert told == "Not seen. It does not run."


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (None, "It is counted from the next refresh on."),
        (SAID | {"checked_count": None}, "Not seen. Cases (log)."),
        (SAID, "Not kept: 9 of 10. Cases (log)."),
        (SAID | {"kept_count": 10, "kept_share": 1.0}, "Kept: 10 of 10. Cases (log)."),
        (SAID | {"least_share": 0.8}, "Kept: 9 of 10, at least 80.0% asked for. Cases (log)."),
    ],
)
def test_compliance_is_said_in_a_sentence(row: dict[str, Any] | None, says: str):
    assert ai_registry_control.kept(row, WORDS) == says
