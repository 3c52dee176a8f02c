"""Scale is locked until a build shows it: production, more sites and more freedom ask for value in the ledger and for the earned step."""

from typing import Any

import pytest

from decisions.acts import Acted
from errors import Refusal
from pipelines.use_cases import templates
from store.company import Company
from store.warehouse import Draft
from tests.ai_builds import begin
from tests.desks import EXECUTIVE, Office

WHY = "It has shown what it can do."
TEMPLATE = templates()["UC3"]
SITES = ("LEJ", "MUC", "POZ")
Row = tuple[str, str | None, int, int]


def office_of(
    company: Company, *rows: Row, earned: str | None = "acts with approval", build: str = "b1", more: str = ""
) -> Office:
    """An office whose build holds these rows of value (use case, grade, benefit, cost), the step that UC3 has earned, and more by SQL."""
    with Draft(company) as draft:
        begin(draft)
        draft.execute("create table core.sites (site_id varchar)")
        draft.execute("create table raw.use_cases (use_case_id varchar, definition_text varchar)")
        draft.execute(
            "create table marts.value_ledger (use_case_id varchar, evidence_grade varchar, benefit_amount decimal(18, 4), "
            "error_cost_amount decimal(18, 4), rework_amount decimal(18, 4), review_amount decimal(18, 4), "
            "ai_cost_amount decimal(18, 4))"
        )
        draft.execute("create table scores.ai_priorities (use_case_id varchar, earned_step_name varchar)")
        for site in SITES:
            draft.execute(f"insert into core.sites values ('{site}')")
        for name, grade, benefit, cost in rows:
            draft.execute("insert into marts.value_ledger values (?, ?, ?, 0, 0, 0, ?)", [name, grade, benefit, cost])
        if earned is not None:
            draft.execute("insert into scores.ai_priorities values ('UC3', ?)", [earned])
        if more:
            draft.execute(more)
        made = draft.publish(build)
    return Office(company.folder, build=made)


def said(office: Office, stage: str, **more: Any) -> Acted | None:
    return office.desk(EXECUTIVE).register(
        "UC3", {"stage": stage, "started": "2026-09-07", **more}, WHY, template=TEMPLATE
    )


SHOWN: tuple[Row, ...] = (("UC3", "A", 900, 0), ("UC3", None, 0, 500))


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((), "no benefit of it that was seen"),
        ((("A2", "A", 900, 0),), "no benefit of it that was seen"),  # of another one
        ((("UC3", "D", 900, 0),), "no benefit of it that was seen"),  # assumed
        (
            (("UC3", "A", 900, 0), ("UC3", None, 0, 900)),
            "it brought 900, and its errors, rework, review and AI took 900",
        ),
    ],
)
def test_a_pilot_without_value_in_the_ledger_stays_a_pilot(company: Company, rows: tuple[Row, ...], why: str):
    office = office_of(company, *rows)
    said(office, "pilot")
    with pytest.raises(Refusal, match=why):
        said(office, "production")
    assert office.desk().book.ai.definition("UC3", TEMPLATE)["stage"] == "pilot"


@pytest.mark.parametrize("earned", ["not begun", "assists", "recommends", None])
def test_a_pilot_that_has_not_earned_its_step_stays_a_pilot(company: Company, earned: str | None):
    office = office_of(company, *SHOWN, earned=earned)
    said(office, "pilot")
    with pytest.raises(Refusal, match=f"acts with approval and has earned: {earned or 'not begun'}"):
        said(office, "production")


def test_what_never_ran_does_not_begin_in_production(company: Company):
    with pytest.raises(Refusal, match="not to be scaled yet"):
        said(office_of(company, earned="not begun"), "production")


def test_what_has_shown_value_and_control_goes_into_production(company: Company):
    office = office_of(company, *SHOWN)
    said(office, "pilot")
    assert said(office, "production") is not None


@pytest.mark.parametrize(
    ("were", "wanted", "is_more"),
    [
        (["LEJ"], ["LEJ", "MUC"], True),
        (["LEJ"], ["MUC"], True),
        (["LEJ"], [], True),  # none named: all
        (["LEJ", "MUC"], ["LEJ"], False),
        ([], ["LEJ"], False),
    ],
)
def test_more_sites_in_production_are_scale_and_fewer_are_not(
    company: Company, were: list[str], wanted: list[str], is_more: bool
):
    said(office_of(company, *SHOWN), "production", sites=were)
    office = office_of(company, ("UC3", "A", 100, 0), ("UC3", None, 0, 700), build="b2")
    if is_more:
        with pytest.raises(Refusal, match="it brought 100"):
            said(office, "production", sites=wanted)
    else:
        assert said(office, "production", sites=wanted) is not None


def test_more_freedom_in_production_asks_for_the_step_that_goes_with_it(company: Company):
    office = office_of(company, *SHOWN)
    said(office, "production")
    with pytest.raises(Refusal, match="acts alone within limits and has earned: acts with approval"):
        said(office, "production", autonomy="acts alone")
    assert said(office, "production", autonomy="advises") is not None
    with pytest.raises(Refusal, match="acts alone within limits"):
        said(office, "production", autonomy="acts alone")
    assert said(office, "production", autonomy="acts after approval") is not None


@pytest.mark.parametrize("stage", ["pilot", "production"])
@pytest.mark.parametrize(
    "more", [{"sites": []}, {"autonomy": "acts alone"}, {"eligible_share": 1.0}, {"writes": True}], ids=str
)
def test_what_runs_grows_under_no_other_name(company: Company, stage: str, more: dict[str, Any]):
    """A pilot that takes in all sites is scale as well, and so is what goes back to being one with more freedom."""
    small = {"sites": ["LEJ"], "autonomy": "advises", "eligible_share": 0.5, "writes": False, "systems": []}
    said(office_of(company, *SHOWN), "production", **small)
    office = office_of(company, ("UC3", "A", 100, 0), ("UC3", None, 0, 700), earned="assists", build="b2")
    with pytest.raises(Refusal, match="not to be scaled yet"):
        said(office, stage, **more)
    assert said(office, stage, owner="head of sales") is not None


def test_a_build_that_cannot_tell_shows_nothing(company: Company):
    office = office_of(company, *SHOWN)
    with Draft(company) as draft:
        begin(draft)
        draft.execute("create table core.sites (site_id varchar)")
        draft.execute("create table raw.use_cases (use_case_id varchar, definition_text varchar)")
        office.build = draft.publish("b2")
    said(office, "pilot")
    with pytest.raises(Refusal, match="this build does not tell what it earned; refresh once"):
        said(office, "production")


def test_a_cost_is_a_cost_where_others_are_not_known(company: Company):
    unknown = "insert into marts.value_ledger (use_case_id, ai_cost_amount) values ('UC3', 5000)"
    office = office_of(company, ("UC3", "A", 900, 0), more=unknown)
    said(office, "pilot")
    with pytest.raises(Refusal, match="took 5,000"):
        said(office, "production")


def test_what_the_plain_way_beats_is_not_scaled(company: Company):
    stop = "select 'UC3' as use_case_id, 'stop' as verdict_code, 'The form does as much.' as because_text"
    office = office_of(company, *SHOWN, more=f"create table marts.ai_worth as {stop}")
    said(office, "pilot")
    with pytest.raises(Refusal, match="its verdict is to stop: The form does as much"):
        said(office, "production")


def test_what_acts_goes_live_only_where_something_checks_its_acts(company: Company):
    office = office_of(company, *SHOWN)
    said(office, "pilot", needs={"validation": ""})
    with pytest.raises(Refusal, match="nobody has said what checks its action"):
        said(office, "production")


def test_what_brings_less_than_it_costs_may_still_be_mended_and_stopped(company: Company):
    said(office_of(company, *SHOWN), "production")
    office = office_of(company, earned="assists", build="b2")
    assert said(office, "production", owner="head of sales") is not None
    assert said(office, "stopped") is not None
