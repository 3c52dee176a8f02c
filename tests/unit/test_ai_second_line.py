"""A second line that was decided for use cases: what it costs them in the plan, each place once, from when, and over which lines."""

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from decisions import placing
from decisions.ai_folding import AiBook
from errors import Refusal
from models.ai_economics import dependence, placement, plan_tables
from models.ai_economics.inputs import programme, registry, world_of
from models.ai_economics.lines import BY_CODE
from models.ai_economics.network import CACHED_PROCEDURES, SECOND_CIRCUIT
from models.ai_economics.placement_choice import decided
from models.ai_economics.placement_costs import Ground
from models.ai_economics.programme import Simulated, simulated
from models.ai_economics.second_line import LINE, way_of
from models.ai_economics.use_case import is_sound, use_case
from models.ai_economics.world import World
from models.model import Asked
from pipelines import use_cases
from tests.ai_programmes import AS_OF, frames, taken_up

DECIDED = dt.datetime(2026, 11, 10, 9, tzinfo=dt.UTC)
SITES = 2  # LEJ and HAM


def placed(name: str, lines: dict[str, str] | None = None, way: str = "second circuit") -> dict[str, Any]:
    """The act that places a use case, with the lines of that day."""
    said = {"way": way, "deployment": placing.deployment(way), "record": {"lines": lines or {}}, "reason": "The line."}
    return {"kind": "place", "subject": name, "who": "E.Rossi", "at": DECIDED, "payload": said}


def world(acts: list[dict[str, Any]]) -> World:
    found = world_of(frames(acts), AS_OF, count=50, seed=3)
    assert found is not None
    return found


def plan(acts: list[dict[str, Any]]) -> Simulated:
    return simulated(world(acts))


def yearly(found: Simulated, name: str) -> float:
    return float(found.costs[name, LINE][:, :12].sum(axis=1).mean())


def test_who_was_decided_so_pays_a_second_line_at_every_place_and_nobody_else_does() -> None:
    found = plan([*taken_up("W1", "UC3"), placed("W1")])
    each = float(np.mean(found.world[SECOND_CIRCUIT] + found.world[CACHED_PROCEDURES]))
    assert yearly(found, "W1") == pytest.approx(SITES * each)
    assert ("UC3", LINE) not in found.costs
    assert ("W1", LINE) not in plan(taken_up("W1")).costs
    assert ("W1", LINE) not in plan([*taken_up("W1"), placed("W1"), placed("W1", way="central api")]).costs


def test_each_place_is_paid_once_by_all_who_use_it() -> None:
    alone = plan([*taken_up("W1", "W2"), placed("W1")])
    both = plan([*taken_up("W1", "W2"), placed("W1"), placed("W2")])
    assert yearly(both, "W1") == yearly(both, "W2")
    assert yearly(both, "W1") + yearly(both, "W2") == pytest.approx(yearly(alone, "W1"))


def test_a_circuit_that_was_there_before_is_nobodys_cost_and_one_bought_since_still_is() -> None:
    """Whoever says after the decision that the second line is there now has not made it free."""
    some = plan([*taken_up("W1"), placed("W1", {"HAM": "fibre + lte"})])
    pages, circuit = (float(np.mean(some.world[name])) for name in (CACHED_PROCEDURES, SECOND_CIRCUIT))
    assert yearly(some, "W1") == pytest.approx(SITES * pages + circuit)
    again = plan([*taken_up("W1"), placed("W1"), placed("W1", {"HAM": "fibre + lte", "LEJ": "fibre + lte"})])
    assert yearly(again, "W1") == pytest.approx(SITES * (pages + circuit))
    later = plan([*taken_up("W1", "W2"), placed("W1"), placed("W2", {"HAM": "broadband + lte"})])
    assert yearly(later, "W1") == pytest.approx(yearly(later, "W2"))


LATER = {"HAM": "fibre + lte", "LEJ": "fibre + lte"}  # what is said of the lines once the second ones stand


def test_a_detour_over_another_way_makes_no_second_line_free() -> None:
    """Neither for the use case that comes back to it, nor for one that is decided so after the first has left or was stopped."""
    first, away = placed("W1"), placed("W1", way="central api")
    alone = yearly(plan([*taken_up("W1"), first]), "W1")
    back = plan([*taken_up("W1"), first, away, placed("W1", LATER)])
    assert yearly(back, "W1") == pytest.approx(alone)
    assert ("W1", LINE) not in plan([*taken_up("W1"), first, away]).costs
    other = plan([*taken_up("W1", "W2"), first, away, placed("W2", LATER)])
    assert yearly(other, "W2") == pytest.approx(alone)
    assert ("W1", LINE) not in other.costs
    ended = plan([*taken_up("W1", "W2"), first, *taken_up("W1", stage="stopped"), placed("W2", LATER)])
    assert yearly(ended, "W2") == pytest.approx(alone)


def test_who_comes_back_to_a_second_line_has_it_from_then_on_and_the_desk_reads_the_same() -> None:
    acts = [placed("W1", {"HAM": "fibre"}), placed("W1", way="hybrid"), placed("W1", LATER)]
    acts[2]["at"] = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    left, back = (use_cases.registry(acts[:many])["W1"]["definition"] for many in (2, 3))
    assert (way_of(use_case(left)), way_of(use_case(back))) == ("hybrid", "second circuit")
    spans = [["2026-11-10", "2026-11-10"]]
    assert back["second_line"] == {"since": "2026-12-01", "lines": {"HAM": "fibre"}, "is_left": False, "spans": spans}
    book = AiBook()
    for act in acts:
        book.take(SimpleNamespace(**act))
    assert book.definition("W1", use_cases.templates()["W1"])["second_line"] == back["second_line"]


def test_the_plan_and_placement_have_one_cost_of_a_second_line() -> None:
    told = frames([*taken_up("W1"), placed("W1", {"HAM": "fibre + lte"})])
    certain = world_of(told, AS_OF, count=1, seed=1, is_certain=True)
    assert certain is not None
    common = decided(certain, Ground({"HAM": "fibre + lte"}), 0.0).shared
    assert yearly(simulated(certain), "W1") == pytest.approx(sum(common.second_lines.values()))


def test_it_is_a_line_of_its_own_in_the_rows_of_the_plan() -> None:
    found = plan([*taken_up("W1"), placed("W1")])
    rows = plan_tables.cost_months(found).filter(pl.col("cost_line_name") == LINE)
    assert set(rows["layer_code"]) == {"compute"}
    assert set(rows["budget_category_code"]) == {"recurring platform"}
    assert rows["planned_amount"].sum() == pytest.approx(found.costs["W1", LINE].mean(axis=0).sum(), abs=1e-3)
    assert not BY_CODE[LINE].is_volume


def test_no_month_before_the_decision_bears_it() -> None:
    told = [*taken_up("W1"), placed("W1")]
    certain = world_of(
        frames(told), AS_OF, use_cases=programme(registry(frames(told))), count=1, seed=1, is_certain=True
    )
    assert certain is not None
    rows = plan_tables.accruals(lambda _: certain, dt.date(2026, 12, 14), {}).filter(pl.col("cost_line_name") == LINE)
    assert set(rows["month_date"]) == {dt.date(2026, 11, 1), dt.date(2026, 12, 1)}


def on(act: dict[str, Any], month: int) -> dict[str, Any]:
    """The same act on the tenth of another month."""
    return act | {"at": dt.datetime(2026, month, 10, 9, tzinfo=dt.UTC)}


def accrued(acts: list[dict[str, Any]], name: str) -> dict[int, float]:
    """What a use case has borne for second lines, by month."""
    told = frames(acts)
    certain = world_of(told, AS_OF, use_cases=programme(registry(told)), count=1, seed=1, is_certain=True)
    assert certain is not None
    rows = plan_tables.accruals(lambda _: certain, dt.date(2026, 12, 14), {})
    mine = rows.filter((pl.col("cost_line_name") == LINE) & (pl.col("use_case_id") == name))
    money = next(column for column in rows.columns if column.endswith(("_amount", "_cost")))
    by_month = mine.group_by("month_date").agg(pl.col(money).sum()).sort("month_date")
    return {day.month: float(amount) for day, amount in by_month.iter_rows()}


def test_months_that_are_over_keep_what_they_cost_whatever_is_decided_later() -> None:
    first, away, back = on(placed("W1"), 8), on(placed("W1", way="central api"), 11), on(placed("W1", LATER), 12)
    begun = taken_up("W1", "W2")
    assert list(accrued([*begun, first], "W1")) == [8, 9, 10, 11, 12]
    assert list(accrued([*begun, first, away], "W1")) == [8, 9, 10]
    assert list(accrued([*begun, first, away, back], "W1")) == [8, 9, 10, 12]


def test_who_comes_after_another_has_left_or_ended_bears_the_whole_line_in_the_months_too() -> None:
    begun, first = taken_up("W1", "W2"), on(placed("W1"), 8)
    alone = accrued([*begun, on(placed("W2"), 10)], "W2")[12]
    away, second = on(placed("W1", way="central api"), 9), on(placed("W2", LATER), 10)
    assert accrued([*begun, first, away, second], "W2")[12] == pytest.approx(alone)
    assert accrued([*begun, first, *taken_up("W1", stage="stopped"), second], "W2")[12] == pytest.approx(alone)
    assert accrued([*begun, first, *taken_up("W1", stage="candidate"), second], "W2")[12] == pytest.approx(alone)


def test_it_runs_over_its_second_line_where_that_was_decided() -> None:
    told = frames([*taken_up("W1", "UC3"), placed("W1")])
    assert {case.use_case_id: way_of(case) for case in programme(registry(told))} == {
        "W1": "second circuit", "UC3": "central api",
    }  # fmt: skip
    present = placement.score(told, Asked(AS_OF, 1)).tables["scores.placements"].filter(pl.col("is_way_present"))
    assert dict(present.select("use_case_id", "way_code").iter_rows()) == {"W1": "second circuit", "UC3": "central api"}
    tried = (
        placement.score(told, Asked(AS_OF, 1))
        .tables["scores.placement_gates"]
        .filter((pl.col("gate_name") == "pilot by family") & (pl.col("gate_code") == "supports"))
    )
    # Each has run so for its family: the warehouse over a second line, the branch at the provider.
    assert set(tried.select("use_case_id", "way_code").iter_rows()) == {
        *((name, "second circuit") for name in ("W1", "W3", "S2", "T1")),
        *((name, "central api") for name in ("UC3", "UC4", "S3", "S4", "W2")),
    }


def test_what_the_registry_keeps_of_it_is_what_the_desk_reads() -> None:
    act = placed("W1", {"HAM": "fibre"})
    built = use_cases.registry([act])["W1"]["definition"]
    assert built["second_line"] == {"since": "2026-11-10", "lines": {"HAM": "fibre"}}
    assert json.loads(use_cases._text(built))["second_line"] == built["second_line"]


def test_a_definition_gives_no_second_line_and_one_that_cannot_be_read_is_not_sound() -> None:
    placing.stays({"second_line": {"lines": {}}}, {"second_line": {"lines": {}}, "owner": "head of IT"})
    with pytest.raises(Refusal, match="gives a use case no second line"):
        placing.stays({}, {"second_line": {"lines": {}}})
    for wrong in ("yes", {"lines": {"HAM": "string and cans"}}, {"since": "soon"}, {"is_left": "no"}):
        assert not is_sound(use_cases.templates()["W1"] | {"second_line": wrong})


def test_the_cost_rests_on_the_price_of_a_circuit_and_of_pages() -> None:
    found = dependence.score(frames([*taken_up("W1"), placed("W1")]), Asked(AS_OF, 1)).tables["scores.ai_dependences"]
    told = found.filter(pl.col("affected_name") == LINE)["assumption_name"].to_list()
    assert told == sorted([CACHED_PROCEDURES, SECOND_CIRCUIT])
