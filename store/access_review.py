"""Who holds which role in a company, how they sign in, when last, and when somebody else last looked at it: a review of access."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from errors import Refusal
from store.account_roles import in_order
from store.account_schema import ACCOUNTS
from store.accounts import Account, Accounts, Entry, key_of
from store.ledger_schema import writing

PROVIDER, PASSWORD = "provider", "password"
# A name made of such words alone is that of a role, a desk or a machine, and so of nobody in particular.
SHARED_WORDS = frozenset({
    "accounting", "accounts", "admin", "administrator", "administrators", "analyst", "approver", "auditor", "buyer",
    "buyers", "customer", "default", "demo", "desk", "dispatch", "executive", "everybody", "everyone", "finance",
    "front", "goods", "guest", "help", "info", "in", "inbound", "it", "logistics", "mail", "manager", "night",
    "office", "operations", "orders", "out", "outbound", "planner", "planners", "planning", "purchasing", "reception",
    "returns", "root", "sales", "scanner", "service", "shared", "shift", "shipping", "shop", "staff", "stock",
    "store", "support", "system", "team", "temp", "terminal", "test", "transport", "user", "users", "warehouse",
})  # fmt: skip
WORDS = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Held:
    """One role that somebody who may come in holds in a company.

    Args:
        person_no: place of the account in the order in which accounts were added, from 1; reports name nobody.
        signs_in: `provider` (an identity provider signs the person in, with its second factor) or `password`.
        is_own: whether the name can be that of one person.
        signed_in_at, looked_at: the last sign-in, and when the role was given or last looked at by somebody else; UTC, None for never.
    """

    person_no: int
    role: str
    signs_in: str
    is_own: bool
    added_on: date
    signed_in_at: datetime | None
    looked_at: datetime | None


def is_own_name(name: str) -> bool:
    """Whether an account's name can be that of one person; what comes before an @ is looked at.

    >>> [
    ...     is_own_name(name)
    ...     for name in ("k.lindqvist@acme.example", "info@acme.example", "Warehouse-2", "planner1", "42")
    ... ]
    [True, False, False, False, False]
    """
    return bool(set(WORDS.findall(key_of(name).partition("@")[0])) - SHARED_WORDS)


def person_numbers(accounts: Accounts) -> dict[str, int]:
    """Key of each account → its place in the order in which accounts were added, from 1."""
    return {key: place for place, key in enumerate(_lives(accounts), start=1)}


def held_in(accounts: Accounts, company: str) -> list[Held]:
    """Every role that is held in the company by an account that is on, by person and role."""
    people = {key_of(one.name): one for one in accounts.listed() if one.is_active}
    return [
        _held(people[key], role, company, life, person_no)
        for person_no, (key, life) in enumerate(_lives(accounts).items(), start=1)
        if key in people
        for role in in_order(people[key].roles_in(company))
    ]


def review(accounts: Accounts, company: str, *, who: str) -> int:
    """Record that somebody has looked at who holds which role in the company; back comes how many people's roles that were.

    The roles of whoever looks are not among them: somebody else has to look at those.

    Errors: a Refusal where nobody else holds a role there.
    """
    seen = [
        one for one in accounts.listed() if one.is_active and one.roles_in(company) and key_of(one.name) != key_of(who)
    ]
    if not seen:
        raise Refusal(
            "No review was recorded.",
            f"Nobody but you holds a role in {company!r}.",
            "See who holds what: accounts list. Your own roles have to be looked at by somebody else.",
        )
    with writing(accounts.engine, ACCOUNTS) as connection:
        for one in seen:
            accounts.record(connection, who, "reviewed", one.name, f"in {company}")
    return len(seen)


def _lives(accounts: Accounts) -> dict[str, list[Entry]]:
    """Key of each account → what the log tells of it; it tells of one first when it is added, so they stand in that order."""
    lives: dict[str, list[Entry]] = defaultdict(list)
    for entry in accounts.log():
        lives[key_of(entry.account_name)].append(entry)
    return lives


def _held(one: Account, role: str, company: str, life: list[Entry], person_no: int) -> Held:
    grants, here = {f"{role} in {company}", f"{role} in every company"}, f"in {company}"
    looked = [
        entry.at
        for entry in life
        if (entry.deed == "granted" and entry.detail in grants) or (entry.deed == "reviewed" and entry.detail == here)
    ]
    return Held(
        person_no=person_no,
        role=role,
        signs_in=PASSWORD if one.has_password else PROVIDER,
        is_own=is_own_name(one.name),
        added_on=life[0].at.date(),
        signed_in_at=max((entry.at for entry in life if entry.deed == "signed in"), default=None),
        looked_at=max(looked, default=None),
    )
