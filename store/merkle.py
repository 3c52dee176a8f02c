"""One hash for many acts (RFC 6962): a day's root can be printed, and a short proof shows later that an act was among them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

LEAF, NODE = b"\x00", b"\x01"


@dataclass(frozen=True)
class Proof:
    """That one leaf stands at a place among `count` leaves: the hashes to join it with on the way to the root, lowest first."""

    place: int
    count: int
    path: tuple[str, ...]


def leaf_hash(content: bytes) -> bytes:
    """The hash of one leaf; its first byte keeps a leaf from passing for a node.

    >>> leaf_hash(b"").hex()[:12]
    '6e340b9cffb3'
    """
    return hashlib.sha256(LEAF + content).digest()


def root(leaves: Sequence[bytes]) -> str:
    """The root of the leaves in their order, in hex; of none it is the hash of nothing.

    >>> root([])[:12], root([b"", b"\\x00"])[:12]
    ('e3b0c44298fc', 'fac54203e7cc')
    """
    return _root([leaf_hash(leaf) for leaf in leaves]).hex()


def root_of_acts(act_hashes: Sequence[str]) -> str:
    """The root over seals of the ledger (64 hex digits each), in the order of their acts.

    Errors: ValueError for what is no seal.

    >>> root_of_acts(["ab" * 32])[:12]
    '86754e71ab90'
    """
    return root([_seal(one) for one in act_hashes])


def proof(leaves: Sequence[bytes], place: int) -> Proof:
    """What shows that the leaf at this place (0, 1, …) is one of them.

    Errors: IndexError where there is no such place.

    >>> len(proof([b"a", b"b", b"c"], 2).path)
    1
    """
    if not 0 <= place < len(leaves):
        raise IndexError(f"There is no leaf {place} among {len(leaves)}.")
    hashes = [leaf_hash(leaf) for leaf in leaves]
    return Proof(place, len(leaves), tuple(step.hex() for step in _path(hashes, place)))


def proof_of_act(act_hashes: Sequence[str], place: int) -> Proof:
    """What shows that the act at this place (0, 1, …) is one of those under the root."""
    return proof([_seal(one) for one in act_hashes], place)


def is_proven(leaf: bytes, shown: Proof, expected_root: str) -> bool:
    """Whether the leaf stands where the proof says under that root; anybody can check it, with nothing but a hash function.

    >>> leaves = [b"a", b"b", b"c"]
    >>> is_proven(b"b", proof(leaves, 1), root(leaves)), is_proven(b"x", proof(leaves, 1), root(leaves))
    (True, False)
    """
    if not 0 <= shown.place < shown.count:
        return False
    here, last, reached = shown.place, shown.count - 1, leaf_hash(leaf)
    for text in shown.path:
        if last == 0:
            return False
        try:
            step = bytes.fromhex(text)
        except ValueError:
            return False
        if here % 2 or here == last:
            reached = hashlib.sha256(NODE + step + reached).digest()
            # The last leaf of an odd level moves up alone until it has a neighbour on its left.
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            reached = hashlib.sha256(NODE + reached + step).digest()
        here, last = here // 2, last // 2
    return last == 0 and reached.hex() == expected_root


def is_act_proven(act_hash: str, shown: Proof, expected_root: str) -> bool:
    """Whether the act with this seal stands where the proof says under that root."""
    return is_proven(_seal(act_hash), shown, expected_root)


def _root(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return hashlib.sha256().digest()
    # Level by level; an odd one out moves up as it is, which is the same tree as splitting at powers of two.
    level = list(hashes)
    while len(level) > 1:
        pairs = [hashlib.sha256(NODE + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]


def _path(hashes: Sequence[bytes], place: int) -> list[bytes]:
    if len(hashes) == 1:
        return []
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    left, right = hashes[:half], hashes[half:]
    if place < half:
        return [*_path(left, place), _root(right)]
    return [*_path(right, place - half), _root(left)]


def _seal(text: str) -> bytes:
    found = bytes.fromhex(text)
    if len(found) != 32:
        raise ValueError(f"{text!r} is no seal of an act: it has {len(found)} bytes.")
    return found
