"""What use cases need of a place: the catalogue says it in full, faults come as sentences, and who says nothing is taken with care."""

from dataclasses import fields, replace
from typing import Any

import pytest
import yaml

from models.ai_economics.number import Range
from models.ai_economics.placement_gaps import beyond_minimum, gaps, when_incomplete
from models.ai_economics.placement_needs import FIRST_THOUGHT, LOCAL, MIXED, REASONING, WAYS, Needs, family
from models.ai_economics.use_case import use_case
from pipelines.use_cases import FOLDER, templates

WORDS = yaml.safe_load((FOLDER.parent / "dictionary.yml").read_text("utf-8"))
AT_SITES = ("W1", "W2", "W3", "S2", "T1")


def case(name: str = "W1", **change: Any):
    return use_case({**templates()[name], **change})


def needing(name: str = "W1", **change: Any):
    found = case(name)
    return replace(found, needs=replace(found.needs, **change))


@pytest.mark.parametrize("name", templates())
def test_the_catalogue_says_every_need_and_leaves_no_gap(name: str):
    said = templates()[name]["needs"]
    assert set(said) == {one.name for one in fields(Needs)}
    found = case(name)
    assert [word for word in (*found.needs.minimum_data, *found.needs.hand_over) if word not in WORDS] == []
    assert gaps(found) == []
    low, likely, high = found.needs.outage_cost_per_hour
    assert 0 <= low < likely < high


def test_the_families_of_the_catalogue():
    """Help at the shelf and at the counter is local; what the dock, the yard and the dispatcher need is of both kinds."""
    found = {name: family(case(name).needs, case(name).action_risk) for name in templates()}
    assert {name for name, one in found.items() if one == LOCAL} == {"W1", "W2"}
    assert {name for name, one in found.items() if one == MIXED} == {"W3", "S2", "T1", "UC2"}
    assert set(FIRST_THOUGHT) == set(found.values()) == {LOCAL, MIXED, REASONING}
    assert set(FIRST_THOUGHT.values()) < set(WAYS)


@pytest.mark.parametrize(
    ("change", "risk", "wanted"),
    [
        ({"data_dependency": 0.7, "offline_share": 0.29}, "low", REASONING),
        ({"data_dependency": 0.69, "offline_share": 0.29}, "low", MIXED),
        ({"data_dependency": 0.7, "offline_share": 0.3}, "low", MIXED),
        ({"offline_share": 0.6}, "low", LOCAL),
        ({"offline_share": 0.59}, "low", MIXED),
        ({"offline_share": 0.6}, "medium", MIXED),
        ({"offline_share": 0.6, "tier": "mid"}, "low", MIXED),
    ],
)
def test_where_a_family_ends(change: dict[str, Any], risk: str, wanted: str):
    assert family(needing(**change).needs, risk) == wanted


def test_only_work_away_from_the_line_has_something_at_a_site():
    for name in templates():
        asked = case(name).needs
        assert bool(asked.minimum_data) == bool(asked.hand_over) == (asked.offline_share > 0) == (name in AT_SITES)


def test_who_says_nothing_stays_with_the_centre_and_has_gaps():
    said = {name: told for name, told in templates()["W3"].items() if name != "needs"}
    found = use_case(said)
    assert family(found.needs, found.action_risk) == REASONING
    assert found.needs.outage_cost_per_hour == (0.0, 0.0, 0.0)
    assert gaps(found) == [
        "It acts, and nothing checks its action before it happens.",
        "It is not said what it does where the ERP or WMS has not told everything.",
    ]


def test_a_part_that_is_said_holds_and_the_rest_is_usual():
    found = case("W1", needs={"tier": "mid", "outage_cost_per_hour": 60})
    cost: Range = (60.0, 60.0, 60.0)
    assert (found.needs.tier, found.needs.outage_cost_per_hour, found.needs.data_dependency) == ("mid", cost, 0.8)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("soon", "Its needs must say each part by its name."),
        ({"speed": 1}, "Its needs know no speed."),
        ({"longest_seconds": -1}, "Its longest seconds must be a number from 0 to 86,400."),
        ({"offline_share": True}, "Its offline share must be a number from 0 to 1."),
        ({"must_stay": "no"}, "Whether it must stay must be yes or no."),
        ({"data_class": ["public"]}, "Its data class is ['public']; it is one of: public, internal, confidential, restricted."),
        ({"on_incomplete": "wait"}, "Its on incomplete is 'wait'; it is one of: degrade, hold, escalate."),
        ({"tier": ""}, "Its tier is ''; it is one of: small, mid, strong."),
        ({"sync_rule": " "}, "Its sync rule must be a text."),
        ({"validation": None}, "What checks its action must be a text, empty where nothing does."),
        ({"hand_over": ["sku_id", "sku_id"]}, "Its hand over must be a list of different texts."),
        ({"minimum_data": "sku_id"}, "Its minimum data must be a list of different texts."),
        ({"outage_cost_per_hour": [1, 2]}, "Its outage cost per hour must be one number or three, each from 0 to 1,000,000,000."),
        ({"outage_cost_per_hour": [3, 2, 4]}, "Its outage cost per hour must rise from nought."),
    ],
)  # fmt: skip
def test_every_fault_of_the_needs_is_a_sentence(said: Any, fault: str):
    with pytest.raises(ValueError, match=r"\.$") as raised:
        case("W1", needs=said)
    assert str(raised.value) == fault


@pytest.mark.parametrize(
    ("name", "change", "wanted"),
    [
        ("W3", {"validation": " "}, "It acts, and nothing checks its action before it happens."),
        ("S5", {"validation": ""}, "It acts, and nothing checks its action before it happens."),
        ("W3", {"on_incomplete": "degrade"}, "It writes, and would go on where data are missing."),
    ],
)
def test_what_acts_unchecked_or_on_half_the_data_is_a_gap(name: str, change: dict[str, Any], wanted: str):
    assert gaps(needing(name, **change)) == [wanted]
    assert gaps(needing("W1", validation="")) == []


def test_who_works_at_sites_says_what_lies_there_and_what_goes_back():
    told = replace(needing("W1", minimum_data=(), hand_over=()), deployment="hybrid")
    assert gaps(told) == [
        "It works at sites, and nobody has said which fields must lie there.",
        "It works at sites, and nobody has said what goes from there to the centre.",
    ]
    assert gaps(replace(told, deployment="central api")) == []


@pytest.mark.parametrize(
    ("name", "code", "may_act", "said"),
    [
        ("W1", "degrade", True, "It answers without on_hand_qty, and says so."),
        ("W3", "hold", False, "Without on_hand_qty the case waits until they are there."),
        ("UC4", "escalate", False, "Without on_hand_qty it hands the case to a person."),
    ],
)
def test_what_a_workflow_does_where_data_are_missing(name: str, code: str, may_act: bool, said: str):
    found = when_incomplete(case(name), ("on_hand_qty",))
    assert found is not None
    assert (found.code, found.may_go_on, found.said) == (code, may_act, said)
    assert when_incomplete(case(name), ()) is None


def test_what_nobody_defined_waits_and_what_writes_never_degrades():
    for change in ({"on_incomplete": ""}, {"on_incomplete": "degrade"}):
        found = when_incomplete(needing("W3", **change), ("sku_id",))
        assert found is not None
        assert (found.code, found.may_go_on) == ("hold", False)


def test_more_than_the_minimum_at_a_site_is_named():
    assert beyond_minimum(case("W1"), ("sku_id", "unit_cost", "sku_name", "unit_cost")) == ["unit_cost"]
