"""The seven steps: what forbids a way, what speaks for it, and what nobody knows yet."""

from dataclasses import replace
from typing import Any

import pytest

from models.ai_economics.pilots import Came
from models.ai_economics.placement_gates import (
    STEPS,
    Gate,
    Seen,
    Triggers,
    first_thought,
    gates,
    is_possible,
    options,
    triggers_of,
)  # fmt: skip
from models.ai_economics.placement_needs import WAYS
from models.ai_economics.use_case import use_case
from pipelines.use_cases import templates

READY = 4.0


def case(name: str = "W1", *, needs: dict[str, Any] | None = None, **change: Any):
    found = replace(use_case(templates()[name]), **change)
    return replace(found, needs=replace(found.needs, **(needs or {})))


def step(no: int, one: Any, way: str, **more: Any) -> Gate:
    found = gates(one, way, **{"readiness": READY, **more})[no - 1]
    assert (found.step_no, found.step_name) == (no, STEPS[no - 1])
    return found


def possible(one: Any, **more: Any) -> set[str]:
    return {way for way, told in options(one, **{"readiness": READY, **more}).items() if is_possible(told)}


def test_what_is_open_to_the_catalogue():
    """Who needs the wide context and a strong model has the provider; who works away from the line has the site as well."""
    strong = {"central api", "second circuit"}
    mid = strong | {"private"}
    found = {name: possible(case(name)) for name in templates()}
    assert {name for name, ways in found.items() if ways == set(WAYS)} == {"W1", "W2"}
    assert {name for name, ways in found.items() if ways == mid | {"hybrid"}} == {"W3", "S2", "T1"}
    assert {name for name, ways in found.items() if ways == mid} == {"A3", "A4", "A5", "S1", "S3", "S5", "UC1", "UC2"}
    assert {name for name, ways in found.items() if ways == strong} == {"A2", "S4", "UC3", "UC4", "UC5"}


@pytest.mark.parametrize(
    ("no", "way", "change", "because"),
    [
        (1, "central api", {"must_work_offline": True}, "It must go on without the line."),
        (1, "private", {"must_work_offline": True}, "It must go on without the line."),
        (1, "second circuit", {"must_work_offline": True}, "It must go on without the line, and pages at the site are no answer."),
        (2, "central api", {"must_stay": True}, "Its data may not leave the company's own machines."),
        (2, "second circuit", {"must_stay": True}, "Its data may not leave the company's own machines."),
        (
            2, "hybrid", {"must_stay": True, "tier": "mid"},
            "Its data may not leave the company's own machines, and its centre would ask a provider's model.",
        ),
        (2, "private", {"tier": "strong"}, "It takes a strong model; this way carries a mid one at best."),
        (2, "edge", {"tier": "mid"}, "It takes a mid model; this way carries a small one at best."),
        (2, "edge", {"task": "reasoning"}, "Reasoning is too heavy for a machine at the site."),
        (2, "edge", {"data_dependency": 0.7}, "It needs the wide context of the enterprise, which does not lie at a site."),
        (2, "hybrid", {"minimum_data": ()}, "Nobody has said which fields must lie at a site for it."),
    ],
)  # fmt: skip
def test_what_its_needs_forbid(no: int, way: str, change: dict[str, Any], because: str):
    """Each need forbids its way by itself: without it the same step of the same way does not forbid."""
    assert step(no, case(), way).code != "forbids"
    found = step(no, case(needs=change), way)
    assert (found.code, found.because) == ("forbids", because)


def test_what_must_stay_may_still_run_on_our_own_machines():
    assert possible(case(needs={"must_stay": True})) == {"private", "hybrid", "edge"}
    assert possible(case(needs={"must_work_offline": True})) == {"hybrid", "edge"}


def test_a_hybrid_carries_what_its_centre_carries():
    assert step(2, case("T1", needs={"tier": "strong", "task": "reasoning"}), "hybrid").code != "forbids"


def test_who_writes_never_books_at_a_site():
    assert step(3, case("W3"), "edge").code == "forbids"
    assert step(3, case("W3"), "hybrid").because == "It writes: the site queues, the centre validates and books."
    assert step(3, case("W3"), "central api").code == "supports"
    assert step(3, case("W1"), "edge").code == "passes"


def test_a_site_needs_governance_that_is_ready():
    assert step(4, case(), "edge", readiness=2.9).because == (
        "Governance is ready at 2.9 of 5; a model that works alone at a site takes 3."
    )
    assert [step(4, case(), way, readiness=2.9).code for way in WAYS] == ["passes"] * 4 + ["forbids"]
    assert step(4, case(autonomy="acts alone"), "hybrid", readiness=2.9).code == "forbids"
    assert [step(4, case(autonomy="acts alone"), way, readiness=3.0).code for way in WAYS] == ["passes"] * 5
    assert step(4, case(), "edge", readiness=3.0, least_readiness=3.5).code == "forbids"


def test_a_site_is_proposed_only_where_something_calls_for_it():
    none = Triggers(local_responsiveness=False, intermittent_connectivity=False, data_locality=False)
    for way in ("hybrid", "edge"):
        assert step(1, case(), way, triggers=none).because == (
            "Nothing calls for a model at the site: answers, line and data do without."
        )
        for name in vars(none):
            found = step(1, case(), way, triggers=replace(none, **{name: True}))
            assert (found.code, found.because) == (
                "supports",
                f"A model at the site is called for: {name.replace('_', ' ')}.",
            )
    unknown = step(1, case(), "edge", triggers=replace(none, local_responsiveness=None))
    assert unknown.code == "forbids"
    assert unknown.because.endswith("How soon the centre answers is not known.")
    assert is_possible(gates(case(), "central api", readiness=READY, triggers=none))


@pytest.mark.parametrize(
    ("change", "share", "wanted"),
    [
        ({"offline_share": 0.29, "data_dependency": 0.3}, None, Triggers(None, False, False)),
        ({"offline_share": 0.3, "data_dependency": 0.3}, 0.95, Triggers(False, True, False)),
        ({"offline_share": 0.0, "must_work_offline": True}, 0.94, Triggers(True, True, True)),
        ({"offline_share": 0.0, "data_dependency": 0.9, "must_stay": True}, 1.0, Triggers(False, False, True)),
        ({"offline_share": 0.0, "minimum_data": ()}, 1.0, Triggers(False, False, False)),
    ],
)
def test_what_the_triggers_are_told_from(change: dict[str, Any], share: float | None, wanted: Triggers):
    assert triggers_of(case(needs=change), in_time_share=share) == wanted


def test_cost_pilot_and_outcome_are_unknown_until_they_are_known():
    assert [gate.code for gate in gates(case(), "edge", readiness=READY)[4:]] == ["unknown"] * 3
    known = Seen(1200.0, 1000.0, is_piloted=False, has_improved=False, family="warehouse")
    cost, pilot, outcome = gates(case(), "edge", readiness=READY, seen=known)[4:]
    assert (cost.code, cost.because) == ("passes", "It costs 200 a year more than the cheapest possible way.")
    assert (pilot.code, pilot.because) == (
        "unknown",
        "Nothing of its family (warehouse) has run so: one site first, before money goes into the others.",
    )
    assert (outcome.code, outcome.because) == ("passes", "Its own minutes per case did not surely fall.")
    best = Seen(cost_per_year=1000.0, least_cost_per_year=1000.0, is_piloted=True, has_improved=True)
    assert [gate.code for gate in gates(case(), "edge", readiness=READY, seen=best)[4:]] == ["supports"] * 3
    assert options(case(), readiness=READY, seen={"edge": best})["hybrid"][4].code == "unknown"


def test_a_pilot_counts_for_its_family_and_what_came_of_it_is_said():
    """Another one of the family ran at the edge: what came there is said, and supports only what was better in its own minutes too."""
    for improved, worse, code in ((None, (), "passes"), (True, (), "supports"), (True, ("overrides",), "passes")):
        came = Came(better=("hours of a case",), worse=worse)
        seen = Seen(is_piloted=False, has_improved=improved, family="warehouse", run_so=("W3",), came=came)
        pilot, outcome = gates(case(), "edge", readiness=READY, seen=seen)[5:]
        assert (pilot.code, pilot.because) == ("supports", "Of its family (warehouse) these have run so: W3.")
        assert (outcome.code, "better in hours of a case" in outcome.because) == (code, True)
    untried = Seen(is_piloted=False, family="warehouse", came=Came(better=("hours of a case",)))
    assert [gate.code for gate in gates(case(), "edge", readiness=READY, seen=untried)[5:]] == ["unknown", "unknown"]


def test_the_family_suggests_a_way_and_gates_may_take_it_back():
    def first(one: Any, readiness: float = READY) -> str | None:
        return first_thought(one, options(one, readiness=readiness))

    assert (first(case("UC5")), first(case("T1")), first(case("W1"))) == ("central api", "hybrid", "edge")
    assert first(case("W1"), 1.0) == "second circuit"
    assert first(case("W1", needs={"must_stay": True, "must_work_offline": True, "minimum_data": ()})) is None


def test_a_way_that_there_is_not_is_said():
    with pytest.raises(ValueError, match="There is no way 'moon'"):
        gates(case(), "moon", readiness=READY)
