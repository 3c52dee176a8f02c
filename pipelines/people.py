"""The command line for people: who may sign in and with which roles; whoever can run it on the server is trusted."""

import argparse
import getpass
import sys
from typing import Any

from rich.console import Console
from rich.table import Table as Sheet

from errors import Refusal
from pipelines.commands import who
from pipelines.screen import results
from store import access_review
from store.account_roles import EVERYWHERE, ROLES
from store.accounts import Account, Accounts, key_of
from store.company import open_company


def accounts(args: argparse.Namespace, screen: Console) -> Any:
    """Do what was asked with the accounts, and say how the account stands then."""
    known = Accounts.open()
    if args.deed == "list":
        return _listed(known, screen, is_quiet=args.json)
    if args.deed == "log":
        return _log(known, screen, is_quiet=args.json)
    if args.deed == "review":
        return _reviewed(known, args, screen, is_quiet=args.json)
    if args.deed == "add":
        changed = _add(known, args)
    elif args.deed in ("grant", "revoke"):
        change = known.grant if args.deed == "grant" else known.revoke
        changed = [change(args.name, role, place, who=who()) for role in args.role for place in _places(args)][-1]
    elif args.deed == "password":
        changed = known.set_password(args.name, _password(args), who=who())
    else:
        changed = known.switch(args.name, is_active=args.deed == "enable", who=who())
    if not args.json:
        state = "" if changed.is_active else " (switched off)"
        screen.print(f"[bold]{changed.name}[/]{state}: {_roles(changed)}")
    return _plain(changed)


def _add(known: Accounts, args: argparse.Namespace) -> Account:
    grants = [(role, place) for role in args.role for place in _places(args)]
    password = None if args.no_password else _password(args)
    return known.add(args.name, who=who(), display_name=args.display_name, password=password, grants=grants)


def _places(args: argparse.Namespace) -> list[str]:
    """The companies that were named; refused where none was, because a role that nobody placed would be a guess."""
    if args.everywhere:
        return [EVERYWHERE]
    if not args.company:
        raise Refusal(
            "Nothing was changed.",
            "It was not said in which company the role holds.",
            "Name it with --company NAME, or say --everywhere.",
        )
    return args.company


def _password(args: argparse.Namespace) -> str:
    """The password as typed twice on the terminal, or the first line of standard input; never from the command line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(f"Password for {args.name}: ")
    if first != getpass.getpass("Once more: "):
        raise Refusal("Nothing was changed.", "The two passwords differ.", "Type the same one twice.")
    return first


def _reviewed(known: Accounts, args: argparse.Namespace, screen: Console, *, is_quiet: bool) -> dict:
    company = open_company(args.company).name
    people = access_review.review(known, company, reviewer=args.name, who=who())
    if not is_quiet:
        whose = f"{people} {'person' if people == 1 else 'people'}"
        screen.print(f"The roles of {whose} in {company} are recorded as looked at. The next refresh counts them.")
    return {"company": company, "people": people}


def _listed(known: Accounts, screen: Console, *, is_quiet: bool) -> list[dict]:
    found, numbers = known.listed(), access_review.person_numbers(known)
    if not is_quiet:
        table = Sheet("person", "name", "shown as", "roles", "signs in with", "active", box=None)
        for one in found:
            way = "password" if one.has_password else "identity provider"
            active = "yes" if one.is_active else "no"
            table.add_row(str(numbers[key_of(one.name)]), one.name, one.display_name, _roles(one), way, active)
        results().print(table)
        if not found:
            screen.print(
                "There is no account yet. Next: python -m pipelines accounts add NAME --role administrator --everywhere"
            )
    return [{"person": numbers[key_of(one.name)], **_plain(one)} for one in found]


def _log(known: Accounts, screen: Console, *, is_quiet: bool) -> list[dict]:
    entries = known.log()
    if not is_quiet:
        for one in entries:
            screen.print(
                f"{one.entry_no}  {one.at:%Y-%m-%d %H:%M:%S}Z  {one.who}: {one.deed} {one.account_name} {one.detail}"
            )
    return [vars(one) for one in entries]


def _plain(one: Account) -> dict:
    grants = [{"role": role, "company": place} for role, place in _in_order(one)]
    facts = {"name": one.name, "display_name": one.display_name, "is_active": one.is_active}
    return {**facts, "has_password": one.has_password, "roles": grants}


def _roles(one: Account) -> str:
    words = [f"{role} in {'every company' if place == EVERYWHERE else place}" for role, place in _in_order(one)]
    return ", ".join(words) or "no role"


def _in_order(one: Account) -> list[tuple[str, str]]:
    return sorted(one.grants, key=lambda grant: (list(ROLES).index(grant[0]), grant[1]))
