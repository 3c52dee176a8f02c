"""A proposal keeps what it says through the ledger, is told apart by its content, and its derivation adds up."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.proposal import Evidence, Option, Proposal, Step, changed, payload, proposal_of
from errors import Refusal

WISH = Proposal(
    kind="purchase",
    subject={"sku_id": "A1", "site_id": "LEJ", "supplier_id": "V1"},
    action={"sku_id": "A1", "qty": Decimal(240), "unit_cost": Decimal("2.50")},
    as_of=date(2026, 11, 14),
    build_id="b1",
    moved_amount=Decimal("600.00"),
    gain_amount=Decimal("81.25"),
    confidence_share=0.8,
    data_grade="B",
    steps=(Step("demand", Decimal(300)), Step("on hand", Decimal(-60))),
    evidence=(Evidence("marts.stock_now", {"sku_id": "A1"}, {"on_hand_qty": "60"}, ("on_hand_qty",)),),
    alternatives=(Option("Do nothing", Decimal(0), is_do_nothing=True),),
)


def test_what_went_into_the_ledger_comes_out_of_it():
    again = proposal_of(payload(WISH))
    assert again == replace(WISH, action=again.action)
    assert again.content_hash == WISH.content_hash
    assert again.action["qty"] == Decimal(240)


OTHER = {
    str: "other", Decimal: Decimal("9.99"), float: 0.5, int: 99, date: date(2026, 12, 1), type(None): Decimal(1),
}  # fmt: skip


@pytest.mark.parametrize("name", [item.name for item in fields(Proposal)])
def test_every_field_is_part_of_what_an_approval_is_bound_to(name: str):
    now = getattr(WISH, name)
    other = OTHER.get(type(now), {"x": "y"} if isinstance(now, dict) or name == "suggested" else ())
    if name == "act_by_date":
        other = date(2026, 12, 1)
    if name == "drivers":
        other = ("demand",)
    assert replace(WISH, **{name: other}).content_hash != WISH.content_hash


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_a_decimal_means_the_same_however_many_noughts_it_carries(amount: Decimal):
    longer = Decimal(f"{amount:f}" + ("00" if "." in f"{amount:f}" else ".00"))
    assert replace(WISH, moved_amount=longer).content_hash == replace(WISH, moved_amount=amount).content_hash


def test_the_same_wish_has_one_identity_whatever_its_quantity_and_another_on_another_day():
    assert replace(WISH, action={"qty": Decimal(1)}, steps=()).proposal_id() == WISH.proposal_id()
    assert replace(WISH, as_of=date(2026, 11, 15)).proposal_id() != WISH.proposal_id()
    assert WISH.proposal_id(2) != WISH.proposal_id()


def test_a_derivation_that_does_not_add_up_is_refused():
    assert WISH.held_together() is WISH
    with pytest.raises(Refusal, match="adds up to 240"):
        replace(WISH, action={"qty": Decimal(180)}).held_together()


def test_an_override_keeps_what_was_suggested_and_still_adds_up():
    other = changed(WISH, {**WISH.action, "qty": Decimal(180)}, moved_amount=Decimal(450))
    assert other.held_together().suggested["qty"] == Decimal(240)
    assert other.changed_share == 0.25
    again = changed(other, {**WISH.action, "qty": Decimal(240)}, moved_amount=Decimal(600))
    assert again.changed_share == 0.0
    assert again.suggested["qty"] == Decimal(240)
