"""One use case and its place: what was decided stands beside the advice, and every sum of money says its currency."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.ai_economics.placement_tables import FLIPS, PLACEMENTS
from pages.parts import placement_one
from pages.parts.page import Visit
from tests.ai_builds import built, scored

PLACES = ("central api", "second circuit")


def way(number: int, code: str) -> dict[str, Any]:
    return dict.fromkeys(PLACEMENTS.names) | {
        "use_case_id": "W1", "way_no": number, "way_code": code, "family_name": "advice", "is_way_possible": True,
        "is_way_advised": number == 1, "is_way_present": number == 1, "because_text": "No possible way costs less.",
        "in_return_text": "It waits for the line.", "way_cost": 129.5, "model_cost": 25.48, "outage_cost": 3.0, "down_hours": 2.0,
    }  # fmt: skip


def flip(code: str, unit: str) -> dict[str, Any]:
    return dict.fromkeys(FLIPS.names) | {
        "use_case_id": "W1", "lever_code": code, "lever_name": code, "unit_name": unit, "way_then_code": "edge", "now_number": 60.0,
        "flip_number": 1913.967, "factor_number": 31.9,
    }  # fmt: skip


@pytest.fixture
def visit() -> Visit:
    ways = PLACEMENTS.frame(way(number, code) for number, code in enumerate(PLACES, start=1))
    turns = [
        flip("outage", "an hour"), flip("volume", "cases a year"), flip("price", "a year"), flip("weight of cost", "share of the weight"),
    ]  # fmt: skip
    return built(scored({"scores.placements": ways, "scores.placement_flips": FLIPS.frame(turns)}))


def screen(decided: str) -> None:
    import datetime as dt
    from types import SimpleNamespace
    from typing import Any

    from decisions.book import Book
    from models.ai_economics.use_case import use_case
    from pages.parts import placement_one
    from pages.parts.ask import mart
    from pipelines.use_cases import templates
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit, book = visit_to(open_company("acme"), here="placement"), Book()
    if decided:
        act: Any = SimpleNamespace(
            who="E.Rossi", at=dt.datetime(2026, 11, 15, 9, tzinfo=dt.UTC), payload={"way": decided}
        )
        book.ai.placed["W1"] = act
    rows = mart(visit, "scores.placements", order_by=("way_no",))
    told = {row["way_code"]: row for row in rows.iter_rows(named=True)}
    desk: Any = SimpleNamespace(book=book)
    placement_one._advice(visit, desk, use_case(templates()["W1"]), told)
    placement_one._ways(visit, rows)
    placement_one._flips(visit, "W1")


def drawn(decided: str = "") -> AppTest:
    page = AppTest.from_function(screen, default_timeout=60, args=(decided,)).run()
    assert not page.exception, page.exception
    return page


@pytest.mark.parametrize(
    ("decided", "says"),
    [
        (
            "second circuit",
            "**Decided: Second circuit** (by E.Rossi on 15 Nov 2026, 09:00 UTC), otherwise than advised.",
        ),
        ("central api", "**Decided: Central API** (by E.Rossi on 15 Nov 2026, 09:00 UTC)."),
        ("", None),
    ],
)
def test_what_was_decided_stands_beside_the_advice(visit: Visit, decided: str, says: str | None):
    said = [one.value.replace("\\", "") for one in drawn(decided).markdown]
    assert said[0].startswith("**Advised: Central API**")
    assert [one for one in said if "Decided" in one] == ([] if says is None else [says])


@pytest.mark.parametrize(("share", "says"), [(0.8, "which is robust"), (0.79, "settle nothing")])
def test_it_is_said_how_far_weights_could_be_others(visit: Visit, share: float, says: str):
    assert says in placement_one.robust(visit, share)


def test_money_says_its_currency_and_nothing_else_does(visit: Visit):
    labels = placement_one.in_money(visit, placement_one.WAY_LABELS)
    currency = visit.company.reporting_currency
    told = {name for name, said in labels.items() if said.endswith(f" ({currency})")}
    assert told == {"way_cost", "model_cost", "upkeep_cost", "control_cost", "shared_cost", "outage_cost"}
    page = drawn()
    assert f"A year in all ({currency})" in page.dataframe[0].proto.columns
    turns = next(one.value for one in page.dataframe if "flip_number" in one.value.columns)
    assert sorted(turns["unit_name"].to_list()) == [f"{currency} a year", f"{currency} an hour", "cases a year"]


def test_every_unit_of_money_among_the_figures_that_turn_is_a_time_alone():
    """So the page may put the currency before it; a volume is counted in cases."""
    from models.ai_economics.placement_turns import LEVERS

    assert {lever.code for lever in LEVERS if lever.unit not in placement_one.TIMES} == {"volume"}
