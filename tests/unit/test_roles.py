"""Who may do what: deny by default, every role against every act and every page."""

import importlib

import pytest

from decisions.personas import PERSONAS
from decisions.roles import (
    ACTS,
    INCOMPATIBLE,
    RIGHTS,
    ROLE_CONFLICTS,
    ROLES,
    is_incompatible,
    may,
    role_conflicts,
    who_may,
)
from pages.parts import rights
from pages.parts.page import Page, Viewer
from tests.architecture.checkout import pages

# The matrix once more, by hand and the other way round: whoever changes a right has to say it twice.
HOLDERS = {
    "view": set(ROLES),
    "export": set(ROLES),
    "upload": {"analyst", "administrator"},
    "refresh": {"analyst", "administrator"},
    "propose": {"planner", "analyst"},
    "approve": {"planner", "approver", "executive"},
    "decline": {"planner", "approver", "executive", "analyst"},
    "assign": {"planner", "approver", "analyst"},
    "author_policy": {"planner", "analyst", "administrator"},
    "approve_policy": {"approver", "executive"},
    "pin_model": {"analyst", "administrator"},
    "grant_roles": {"administrator"},
    "verify": {"executive", "analyst", "administrator", "auditor"},
    "run_agents": {"planner", "analyst", "administrator"},
    "assume": {"analyst", "executive"},
    "set_price": {"analyst", "executive"},
    "register_use_case": {"planner", "analyst", "executive"},
    "switch_control": {"approver", "administrator", "executive"},
    "close_month": {"executive"},
    "set_target": {"executive"},
    "keep_register": {"analyst", "administrator", "executive"},
    "place_use_case": {"executive"},
    "choose_technique": {"planner", "analyst", "executive"},
}


@pytest.mark.parametrize("role", [*ROLES, "king", ""])
@pytest.mark.parametrize("act", [*ACTS, "fly", "", "*"])
def test_a_role_has_the_rights_that_were_given_and_no_other(role: str, act: str):
    assert may({role}, act) == (role in HOLDERS.get(act, set()))
    assert not may(set(), act)


def test_rights_name_roles_and_acts_that_exist():
    assert set(RIGHTS) == set(ROLES)
    assert frozenset().union(*RIGHTS.values()) == set(ACTS)
    assert frozenset().union(*INCOMPATIBLE) <= set(ACTS)
    assert frozenset().union(*ROLE_CONFLICTS) <= set(ROLES)
    assert {act: set(who_may(act)) for act in ACTS} == HOLDERS


def test_the_pairs_that_must_be_apart_are():
    for one, other in (
        ("propose", "approve"),
        ("author_policy", "approve_policy"),
        ("pin_model", "approve"),
        ("grant_roles", "approve"),
    ):
        assert is_incompatible(one, [other])
        assert is_incompatible(other, [one])


def test_nobody_who_gives_roles_has_a_say_over_money_in_any_allowed_set_of_roles():
    for role in ROLES:
        if not role_conflicts({"administrator", role}):
            assert not may({"administrator", role}, "approve")
        if not role_conflicts({"auditor", role}):
            assert role == "auditor"


@pytest.mark.parametrize("module", pages(), ids=lambda module: module.path)
@pytest.mark.parametrize("role", [*ROLES, "king", None])
def test_a_page_opens_to_the_roles_that_it_names(module, role: str | None):
    page = importlib.import_module(module.name).PAGE
    viewer = Viewer("ana", roles=frozenset({role} if role else ()))
    assert rights.opens(viewer, page) == (role in page.roles)
    assert page.roles <= set(ROLES)
    assert page.roles


def test_a_page_that_opens_to_nobody_and_a_viewer_without_roles_stay_apart():
    assert not rights.opens(Viewer("ana"), Page("t", "q", "a"))
    assert not rights.opens(Viewer("ana", roles=frozenset(ROLES)), Page("t", "q", "a", roles=frozenset()))
    assert not rights.opens(Viewer("ana", roles=frozenset({"king"})), Page("t", "q", "a", roles=frozenset({"king"})))


def test_the_demo_has_somebody_for_every_role_and_everybody_once():
    assert {one.role for one in PERSONAS} == set(ROLES)
    assert len({one.who for one in PERSONAS}) == len(PERSONAS)
    assert PERSONAS[0].role == "analyst", "who opens the demo can bring in a file at once"
