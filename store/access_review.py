"""Who holds which role in a company, how they sign in, when last, and when somebody else last looked at it: a review of access."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from errors import Refusal
from store.account_roles import in_order
from store.account_schema import ACCOUNTS, FILE_NAME
from store.accounts import Account, Accounts, Entry, key_of
from store.ledger_schema import writing

PROVIDER, PASSWORD = "provider", "password"
# A name made of such words alone is that of a role, a desk or a machine, and so of nobody in particular.
SHARED_WORDS = frozenset({
    "accounting", "accounts", "admin", "administrator", "administrators", "analyst", "api", "approver", "auditor",
    "batch", "bot", "buyer", "buyers", "customer", "default", "demo", "desk", "dispatch", "edi", "everybody",
    "everyone", "executive", "finance", "front", "goods", "guest", "help", "hr", "in", "inbound", "info", "it", "job",
    "lager", "logistics", "mail", "manager", "night", "no", "noreply", "office", "operations", "orders", "out",
    "outbound", "planner", "planners", "planning", "pos", "purchasing", "reception", "reply", "returns", "robot",
    "root", "sales", "sap", "scanner", "service", "shared", "shift", "shipping", "shop", "staff", "stock", "store",
    "support", "svc", "system", "team", "temp", "terminal", "test", "transport", "user", "users", "warehouse", "wh",
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


def held_by_list_of(folder: Path, company: str) -> list[Held] | None:
    """The roles held in the company by the list of people in that folder; None where there is no list.

    Errors: a Refusal for a list that cannot be read here.
    """
    if not (folder / FILE_NAME).exists():
        return None
    try:
        return held_in(Accounts.open(folder), company)
    except (OSError, sa.exc.SQLAlchemyError) as error:
        raise Refusal(
            "Roles and sign-ins were not noted; what was noted last stands.",
            f"The list of people ({FILE_NAME}) could not be read: {type(error).__name__}.",
            "Let the account of the machine that owns the list refresh, or see whether the file is whole.",
        ) from error


def review(accounts: Accounts, company: str, *, reviewer: str, who: str) -> int:
    """Record that somebody has looked at who holds which role in the company; back comes how many people's roles that were.

    The roles of whoever looked are not among them: somebody else has to look at those.

    Args:
        reviewer: the account of whoever looked.
        who: who enters it, which the log keeps as well.

    Errors: a Refusal for a reviewer who holds no role there, and where nobody else does.
    """
    mine = accounts.account(reviewer)
    if mine is None or not mine.is_active or not mine.roles_in(company):
        raise Refusal(
            "No review was recorded.",
            f"{reviewer!r} is no account with a role in {company!r}.",
            "Name the account of whoever looked: accounts list.",
        )
    seen = [
        one
        for one in accounts.listed()
        if one.is_active and one.roles_in(company) and key_of(one.name) != key_of(mine.name)
    ]
    if not seen:
        raise Refusal(
            "No review was recorded.",
            f"Nobody but {mine.name} holds a role in {company!r}.",
            "See who holds what: accounts list. One's own roles have to be looked at by somebody else.",
        )
    with writing(accounts.engine, ACCOUNTS) as connection:
        for one in seen:
            accounts.record(connection, mine.name, "reviewed", one.name, f"in {company}")
        accounts.record(connection, who, "review entered", mine.name, f"in {company}")
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
        if key_of(entry.who) != key_of(one.name)
        and (
            (entry.deed == "granted" and entry.detail in grants) or (entry.deed == "reviewed" and entry.detail == here)
        )
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
