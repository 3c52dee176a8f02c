"""Homes whose doors are locked: the demo company behind accounts of its own."""

import os
from pathlib import Path

import pytest

from store.accounts import Accounts
from store.company import create_company
from tests.people import PASSWORD

# Who is there, with which role in which company; all have the same password.
PEOPLE = {
    "ana": [("analyst", "*")],
    "paul": [("planner", "demo")],
    "olga": [("planner", "other")],
    "adam": [("administrator", "*")],
    "nina": [],
}


def guarded_home(company_home: Path, folder: Path) -> Path:
    """A folder of companies with the demo company in it, an empty one beside it, and people who may sign in."""
    folder.mkdir()
    (folder / "demo").symlink_to(company_home / "demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "CROSSDOCK_HOME", str(folder))
        create_company("other", company_title="Other Ltd")
        accounts = Accounts.open(folder)
        for name, grants in PEOPLE.items():
            accounts.add(name, who="tests", display_name=f"{name.capitalize()} Novak", password=PASSWORD, grants=grants)
    return folder
