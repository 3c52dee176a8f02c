"""The one policy for AI: the same inputs give the same bytes, whatever changes it gives another version, and nothing in it is hand-kept."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from decisions import ai_policy, ai_policy_sections, registers
from decisions.ai_policy import AiPolicy
from decisions.ai_policy_sections import LOGGED, REGISTER_ROWS, RIGHTS, Source
from decisions.policy_text import packaged
from decisions.proposal import Proposal
from decisions.proposers import words
from decisions.roles import ACTS, who_may
from models.ai_economics.technique import NUMBER, RULE, Need
from pipelines.use_cases import templates
from tests.architecture.checkout import ROOT
from tests.desks import APPROVER, EXECUTIVE, MORNING, PLANNER, Office

RUNS = {"stage": "production", "started": "2026-02-16"}
BUILT = {name: {**templates()[name], **RUNS} for name in ("UC3", "A2")} | {"UC2": templates()["UC2"]}
SOURCES = (Source("orders", "Orders", "A", "head of sales", 7.0), Source("prices", "Prices"))
WHY = "Agreed with the council."
STABLE = Need(
    wanted=NUMBER, ruled_share=0.9, has_history=True, has_sources=True, steps=1, is_bounded=True, cases_per_month=40
)


@pytest.fixture
def office(tmp_path) -> Office:
    return Office(tmp_path / "acme")


def policy(office: Office, sources: tuple[Source, ...] = SOURCES, built: Any = BUILT) -> AiPolicy:
    book, acts = office.desk().book, office.ledger.acts()
    return ai_policy.in_force(book, acts, company="Acme", currency="EUR", built=built, sources=sources)


def entries(held: AiPolicy, section: str, of: str) -> dict[str, dict[str, Any]]:
    """The entries of a section that begin with this field, by what it says; as whoever loads the file gets them."""
    return {one[of]: one for one in yaml.safe_load(held.text)[section]["entries"] if next(iter(one)) == of}


def test_the_same_inputs_give_the_same_bytes_and_the_text_says_its_version(office: Office):
    first, again = policy(office), policy(office, tuple(reversed(SOURCES)), dict(reversed(BUILT.items())))
    assert first.text.encode() == again.text.encode()
    assert yaml.safe_load(first.text)["version"] == first.version
    assert first.version.startswith("0-")


def controlled(office: Office) -> None:
    office.desk(APPROVER).control("A2", "daily token budget", False, None, WHY)


def kept(office: Office) -> None:
    said = registers.Kept(status="planned", owner="head of finance")
    office.desk(EXECUTIVE).keep_register("residency/keep_calls", said, WHY)


def chosen(office: Office) -> None:
    office.desk(PLANNER).register("UC3", {"stage": "pilot"}, WHY, template=BUILT["UC3"])
    office.desk(PLANNER).choose_technique("Prices", STABLE, RULE, "", use_case_id="UC3")


def levelled(office: Office) -> None:
    office.desk(EXECUTIVE).set_level("purchase", "", 1, WHY, {})


def frozen(office: Office) -> None:
    office.desk(APPROVER).freeze("Stock-taking.")


def aged(office: Office) -> None:
    office.desk(EXECUTIVE).assume("freshness_days_orders", 3, 1, 7, WHY)


def replaced(office: Office) -> None:
    """Half of what a purchase may move without anybody, written by one person and put in force by two others."""
    text = packaged()["purchase"].text.replace("above: 15000", "above: 9000")
    wish = Proposal(
        kind="policy_change", subject={"policy": "purchase"}, action={"policy": "purchase", "yaml": text}, as_of=MORNING.date(),
        build_id="b1", title="Change it", moved_amount=Decimal(0), confidence_share=1.0, data_grade="A", horizon_days=90,
    )  # fmt: skip
    standing = office.desk(PLANNER).propose(wish)
    for person in (APPROVER, EXECUTIVE):
        office.later(minutes=1)
        now = office.desk().book.standing(standing.proposal_id)
        if now.state == "pending":
            office.desk(person).approve(now.proposal_id, now.content_hash)


@pytest.mark.parametrize(
    ("do", "section", "did"),
    [
        (controlled, "prompts", "switched a control"),
        (kept, "logging", "kept a row of a register"),
        (chosen, "prompts", "chose a technique"),
        (levelled, "approvals", "set the level of agents"),
        (frozen, "approvals", "froze the calendar"),
        (replaced, "approvals", "put the policy for purchase in force"),
    ],
)
def test_each_change_gives_another_version_in_its_section_with_day_and_person(
    office: Office, do: Any, section: str, did: str
):
    before = policy(office)
    do(office)
    after = policy(office)
    assert after.version != before.version
    number = int(after.version.split("-")[0])
    assert number == len(after.changes) > 0
    told = yaml.safe_load(after.text)["changes"][-1]
    assert (told["did"], told["day"]) == (did, "2026-11-16")
    assert told["who"] in {PLANNER.who, APPROVER.who, EXECUTIVE.who}
    was, now = (yaml.safe_load(one.text)[section] for one in (before, after))
    assert was != now, "what was changed stands in its section"


def test_a_row_stands_as_it_was_said_last_and_by_whom(office: Office):
    kept(office)
    row = entries(policy(office), "logging", "row")["residency/keep_calls"]
    assert (row["answers_for_it"], row["stated"], row["said_by"]) == ("head of finance", "planned", "elsa, 2026-11-16")


def test_a_policy_put_in_force_stands_there_with_its_version_and_rule(office: Office):
    replaced(office)
    held = entries(policy(office), "approvals", "action")["purchase"]
    assert held["version"] == 2
    assert any("above 9000" in rule for rule in held["rules"])
    assert [one.did for one in policy(office).changes] == ["put the policy for purchase in force"], (
        "proposing is no change yet"
    )


def test_what_is_no_part_of_it_changes_nothing(office: Office):
    before = policy(office).version
    office.desk(EXECUTIVE).assume("ai_delivery_share", 0.03, 0.02, 0.05, WHY)
    office.desk(EXECUTIVE).set_target("inventory_turns", Decimal(8), MORNING.date() + timedelta(days=90), WHY)
    office.desk(EXECUTIVE).keep_register(
        "goals/inventory", registers.Kept(status="planned", owner="head of finance"), WHY
    )
    assert policy(office).version == before


def test_another_grade_is_another_hash_and_no_change_by_people(office: Office):
    worse = (replace(SOURCES[0], grade="D"), SOURCES[1])
    number, said = policy(office).version.split("-")
    other_number, other = policy(office, worse).version.split("-")
    assert number == other_number
    assert said != other
    found = entries(policy(office, worse), "data", "source")
    assert (found["orders"]["grade"], found["orders"]["answers_for_it"], found["orders"]["days_it_may_be_old"]) == (
        "D",
        "head of sales",
        7,
    )
    assert (found["prices"]["grade"], found["prices"]["answers_for_it"]) == ("nothing came", "nobody is named")


def test_changes_stand_on_the_page_the_latest_first(office: Office):
    from pages.parts.ai_policy import changes

    assert changes(policy(office)).height == 0
    controlled(office)
    frozen(office)
    assert changes(policy(office)).rows() == [
        (2, MORNING.date(), "anna", "froze the calendar", "calendar"),
        (1, MORNING.date(), "anna", "switched a control", "A2"),
    ]


def test_how_old_a_source_may_be_is_a_change_by_who_set_it(office: Office):
    aged(office)
    assert [(one.did, one.subject) for one in policy(office).changes] == [
        ("set how old a source may be", "freshness_days_orders")
    ]


def test_the_sections_say_what_their_places_say(office: Office):
    held = policy(office)
    rights = entries(held, "deploying", "right")
    assert {name: one["roles"] for name, one in rights.items()} == {name: who_may(name) for name in RIGHTS}
    assert set(RIGHTS) <= set(ACTS)
    kinds = entries(held, "approvals", "action")
    assert set(kinds) == set(packaged())
    assert all(
        one["agents"]["ceiling"].startswith(f"{packaged()[kind].autonomy.ceiling}:") for kind, one in kinds.items()
    )
    assert set(entries(held, "prompts", "use_case")) == {"UC3", "A2"}
    assert not entries(policy(office, built={}), "prompts", "use_case"), "what does not run is under no policy"
    assert entries(held, "data", "class")["financials"]["seen_by"] == ["approver", "executive", "analyst", "auditor"]
    rows = {
        name for part in ("deploying", "data", "prompts", "approvals", "logging") for name in entries(held, part, "row")
    }
    classes = {f"data_classes/{name}" for name in entries(held, "data", "class")}
    assert rows | classes == REGISTER_ROWS


def test_every_place_that_it_names_is_there(office: Office):
    named = {path for section in policy(office).sections for path in section.where} | {path for _, _, path in LOGGED}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
    assert all(section.where and section.enforced for section in policy(office).sections)


def test_every_template_of_a_letter_has_its_version_in_it(office: Office):
    texts = {
        text for name, text in vars(words).items() if name.isupper() and isinstance(text, str) and "[our_name]" in text
    }
    assert texts == set(words.TEMPLATES.values())
    found = entries(policy(office), "prompts", "template")
    assert {name: one["version"] for name, one in found.items()} == {
        name: words.version_of(text) for name, text in words.TEMPLATES.items()
    }


def test_another_word_in_a_template_is_another_version(office: Office, monkeypatch):
    before = policy(office).version
    monkeypatch.setitem(ai_policy_sections.TEMPLATES, "carrier, check", "Dear [carrier_name], where is it? [our_name]")
    assert policy(office).version != before


# ── on the page ──────────────────────────────────────────────────────────────────────────────────────────────────────
def drawn(name: str) -> None:
    from pages.parts import ai_policy as page
    from pages.parts import at_desk
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company(name), here="rules")
    page.board(visit, at_desk.desk(visit))


def test_the_page_shows_the_version_of_the_file_that_it_hands_out(tiny, monkeypatch):
    monkeypatch.setenv("CROSSDOCK_HOME", str(tiny.folder.parent))
    from pages.parts import ai_policy as page
    from pages.parts import at_desk
    from tests.unit.parts_visit import visit_to

    visit = visit_to(tiny, here="rules")
    held = page.policy(visit, at_desk.desk(visit))
    screen = AppTest.from_function(drawn, args=(tiny.name,), default_timeout=60).run()
    assert not screen.exception, screen.exception
    assert "The desk refuses" in "\n".join(one.value for one in screen.markdown)
    (button,) = screen.get("download_button")
    assert button.proto.label == "AI policy (YAML)"
    assert held.version in page.export.file_name(visit, f"ai_policy_{held.version}", "yml")
    graded = entries(held, "data", "source")
    assert graded["order_lines"]["grade"] in "ABCD"
    assert graded["order_lines"]["answers_for_it"] == "head of order management"
