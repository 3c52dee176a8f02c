"""Segregation of duties: whatever people do in whatever order, no one person has both acts of a pair on the same thing."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.roles import ACTS, INCOMPATIBLE, ROLE_CONFLICTS, ROLES, is_incompatible, role_conflicts
from errors import Refusal
from store.accounts import Accounts

PEOPLE = ("ana", "bo", "cy")
DEEDS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(sorted(ACTS))), max_size=60)


@pytest.mark.parametrize("pair", INCOMPATIBLE, ids=lambda pair: "-".join(sorted(pair)))
def test_every_incompatible_pair_is_refused_in_either_order_and_to_one_person_only(pair: frozenset[str]):
    one, other = sorted(pair)
    assert is_incompatible(one, [other]) == is_incompatible(other, [one]) == INCOMPATIBLE[pair] != ""
    assert is_incompatible(one, []) == ""


@given(deeds=DEEDS)
def test_no_order_of_deeds_gives_one_person_both_acts_of_a_pair(deeds):
    done: dict[str, list[str]] = {person: [] for person in PEOPLE}
    for person, act in deeds:
        if not is_incompatible(act, done[person]):
            done[person].append(act)
    for acts in done.values():
        assert [pair for pair in map(frozenset, combinations(sorted(set(acts)), 2)) if pair in INCOMPATIBLE] == []


@given(
    done=st.lists(st.sampled_from(sorted(ACTS))),
    more=st.lists(st.sampled_from(sorted(ACTS))),
    act=st.sampled_from(sorted(ACTS)),
)
def test_having_done_more_never_allows_more(done, more, act):
    if is_incompatible(act, done):
        assert is_incompatible(act, [*more, *done])


@given(wanted=st.lists(st.tuples(st.sampled_from(sorted(ROLES)), st.booleans()), max_size=12))
def test_no_order_of_grants_gives_one_person_roles_that_do_not_go_together(wanted, tmp_path_factory):
    """Granted in every company or in one, revoked and granted again: what is held never holds a conflict."""
    home = tmp_path_factory.mktemp("people")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSDOCK_HOME", str(home))
        (home / "acme").mkdir()
        (home / "acme" / "company.yml").write_text("company_title: Acme\n", "utf-8")
        accounts = Accounts.open()
        accounts.add("ana", who="tests")
        for role, is_everywhere in wanted:
            try:
                accounts.grant("ana", role, "*" if is_everywhere else "acme", who="tests")
            except Refusal:
                continue
        held = accounts.account("ana")
        assert held is not None
        for company in ("acme", "*", "another"):
            assert role_conflicts(held.roles_in(company)) == []


@given(roles=st.sets(st.sampled_from(sorted(ROLES))), more=st.sets(st.sampled_from(sorted(ROLES))))
def test_a_conflict_is_not_cured_by_more_roles(roles, more):
    assert set(role_conflicts(roles)) <= set(role_conflicts(roles | more))
    assert bool(role_conflicts(roles)) == any(pair <= roles for pair in ROLE_CONFLICTS)
