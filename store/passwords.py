"""Passwords: kept as argon2id hashes, checked at the same cost whether or not there is anything to check against."""

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from errors import Refusal

SHORTEST, LONGEST, LETTERS_AT_LEAST = 12, 256, 5
# RFC 9106, second choice of section 4: argon2id with 3 passes over 64 MiB in 4 lanes.
HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
# Whoever hammers the door may cost this many times 64 MiB and no more; the others wait their turn.
AT_ONCE = threading.BoundedSemaphore(2)


def hashed(password: str, *, account_name: str = "") -> str:
    """The hash to keep, with its salt and parameters in it.

    Errors: a Refusal for a password that is short, endless, made of a few letters or of the account's own name.
    """
    said = _normal(password)
    if why := weakness(said, account_name=account_name):
        raise Refusal("The password was not taken.", why, f"Use {SHORTEST} letters or more, such as four words.")
    return hashed_again(said)


def hashed_again(password: str) -> str:
    """The hash of a password that was let in before, with today's parameters and no new demands on it."""
    with AT_ONCE:
        return HASHER.hash(_normal(password))


def weakness(password: str, *, account_name: str = "") -> str:
    """Why a password is not good enough; empty if it is.

    >>> weakness("correct horse battery")
    ''
    >>> weakness("aaaaaaaaaaaaaaa")
    'It is made of fewer than 5 different letters.'
    """
    if not SHORTEST <= len(password) <= LONGEST:
        return f"It has {len(password)} letters and needs {SHORTEST} to {LONGEST}."
    if len(set(password)) < LETTERS_AT_LEAST:
        return f"It is made of fewer than {LETTERS_AT_LEAST} different letters."
    if account_name and account_name.casefold() in password.casefold():
        return "It holds the account's name."
    return ""


def is_right(password: str, kept: str | None) -> bool:
    """Whether the password belongs to the hash that was kept; without one the answer is no, after the same work."""
    said, nobodys = _normal(password[: LONGEST + 1]), decoy()
    with AT_ONCE:
        try:
            HASHER.verify(nobodys if kept is None else kept, said)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's, so that it should be made again at the next sign-in."""
    return HASHER.check_needs_rehash(kept)


@cache
def decoy() -> str:
    """A hash of nobody's password: what a wrong name is checked against, so that it takes as long as a right one."""
    return HASHER.hash("nobody's password")


def _normal(password: str) -> str:
    """One way of writing the same letters: keyboards differ in how they send an accent."""
    return unicodedata.normalize("NFC", password)
