"""A root over acts of a real ledger, and what a proof shows and does not."""

import hashlib
from decimal import Decimal

import pytest

from store import merkle
from store.ledger import Ledger


def test_an_act_of_a_ledger_is_proven_under_the_root_of_its_day(tmp_path):
    ledger = Ledger.open(None, tmp_path)
    for number in range(7):
        ledger.append("propose", f"p{number}", "ada", {"worth_amount": Decimal(number)})
    seals = [act.act_hash for act in ledger.acts()]
    day = merkle.root_of_acts(seals)
    for place, seal in enumerate(seals):
        shown = merkle.proof_of_act(seals, place)
        assert merkle.is_act_proven(seal, shown, day)
        assert not merkle.is_act_proven(seals[place - 1], shown, day)


def test_a_leaf_cannot_pass_for_a_node():
    """Two leaves joined by hand into one would give the same root, were the two kinds not told apart."""
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    assert merkle.root([left + right]) != merkle.root([b"a", b"b"])


def test_no_leaves_have_the_hash_of_nothing():
    assert merkle.root([]) == hashlib.sha256().hexdigest()


@pytest.mark.parametrize(
    "spoilt",
    [
        merkle.Proof(3, 3, ()),
        merkle.Proof(-1, 3, ()),
        merkle.Proof(1, 3, ("zz",)),
        merkle.Proof(1, 3, ()),
        merkle.Proof(0, 0, ()),
    ],
)
def test_a_spoilt_proof_is_no_proof(spoilt):
    assert not merkle.is_proven(b"b", spoilt, merkle.root([b"a", b"b", b"c"]))


def test_a_proof_with_steps_too_many_is_no_proof():
    leaves = [b"a", b"b", b"c"]
    shown = merkle.proof(leaves, 1)
    longer = merkle.Proof(shown.place, shown.count, (*shown.path, "00" * 32))
    assert not merkle.is_proven(b"b", longer, merkle.root(leaves))


def test_what_is_no_seal_and_no_place_is_refused():
    with pytest.raises(ValueError, match="no seal"):
        merkle.root_of_acts(["abcd"])
    with pytest.raises(IndexError):
        merkle.proof([b"a"], 1)
