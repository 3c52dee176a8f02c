"""What holds for every tree: each leaf can be proven, and whatever is changed, added, taken or moved changes the root."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from store import merkle

leaves = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


def by_the_book(contents):
    """RFC 6962, 2.1, word for word: split at the largest power of two below n."""
    if not contents:
        return hashlib.sha256().digest()
    if len(contents) == 1:
        return hashlib.sha256(b"\x00" + contents[0]).digest()
    half = 1
    while half * 2 < len(contents):
        half *= 2
    return hashlib.sha256(b"\x01" + by_the_book(contents[:half]) + by_the_book(contents[half:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_root_is_that_of_the_book(contents):
    assert merkle.root(contents) == by_the_book(contents).hex()


@given(leaves)
def test_every_leaf_is_proven_by_a_short_path(contents):
    root = merkle.root(contents)
    for place, leaf in enumerate(contents):
        shown = merkle.proof(contents, place)
        assert merkle.is_proven(leaf, shown, root)
        assert len(shown.path) <= (len(contents) - 1).bit_length()


@given(leaves, st.data())
def test_a_touched_leaf_changes_the_root_and_is_not_proven(contents, data):
    place = data.draw(st.integers(0, len(contents) - 1))
    other = data.draw(st.binary(max_size=8).filter(lambda leaf: leaf != contents[place]))
    touched = [*contents[:place], other, *contents[place + 1 :]]
    assert merkle.root(touched) != merkle.root(contents)
    assert not merkle.is_proven(other, merkle.proof(contents, place), merkle.root(contents))
    assert not merkle.is_proven(other, merkle.proof(touched, place), merkle.root(contents))


@given(leaves, st.data())
def test_a_leaf_less_or_more_changes_the_root(contents, data):
    place = data.draw(st.integers(0, len(contents) - 1))
    assert merkle.root([*contents[:place], *contents[place + 1 :]]) != merkle.root(contents)
    assert merkle.root([*contents[:place], b"new", *contents[place:]]) != merkle.root(contents)


@given(leaves, st.data())
def test_a_proof_holds_for_its_place_only(contents, data):
    place = data.draw(st.integers(0, len(contents) - 1))
    shown, root = merkle.proof(contents, place), merkle.root(contents)
    for other in range(len(contents)):
        if contents[other] != contents[place]:
            assert not merkle.is_proven(contents[other], shown, root)
