"""The words of the command line and the help that teaches them."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from pipelines import commands, people
from store.account_roles import ROLES

EPILOG = """\
A first quarter of an hour:
  python -m pipelines demo                                   grow a believable company and build it
  python -m pipelines land --company acme orders.csv         keep a file and check every row of it
  python -m pipelines refresh --company acme                 build and publish what has been landed
  python -m pipelines status --company acme                  see loads, counts and the current build
  python -m pipelines query --company acme "select count(*) from core.order_lines"
  streamlit run app.py                                       look at it

Companies live under CROSSDOCK_HOME (default data/companies/). Nothing that was landed is ever lost.
"""


def parser() -> argparse.ArgumentParser:  # noqa: PLR0915  a list of commands is long and has no branches
    """The command line: every command with help that teaches and an example."""
    shaped = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(
        prog="python -m pipelines",
        description="Crossdock's path: land files, check rows, build the warehouse, publish it, ask it questions.",
        epilog=EPILOG,
        formatter_class=shaped,
    )
    listed = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Callable, teaches: str, example: str) -> argparse.ArgumentParser:
        made = listed.add_parser(
            name, help=teaches, description=teaches, epilog=f"Example:\n  {example}", formatter_class=shaped
        )
        made.add_argument("--json", action="store_true", help="print one JSON value on standard output")
        made.set_defaults(run=run)
        return made

    demo = command(
        "demo",
        commands.demo,
        "Grow a distributor from a seed, land its extracts and build it.",
        "python -m pipelines demo --size small --seed 7",
    )
    demo.add_argument("--company", default="demo", help="name of the company (default: demo)")
    demo.add_argument(
        "--size",
        choices=("tiny", "small", "large"),
        default="small",
        help="a dozen rows, a small wholesaler, or 2,000 SKUs in 8 sites",
    )
    demo.add_argument("--seed", type=int, default=7, help="the same seed grows the same company (default: 7)")
    demo.add_argument(
        "--maturity",
        choices=("immature", "middling", "mature"),
        help="how far along it is: the same world, of which it exports and keeps less or more",
    )
    demo.add_argument("--land-only", action="store_true", help="land its extracts and leave the refresh for later")
    demo.add_argument(
        "--advance",
        type=int,
        metavar="DAYS",
        help="let the same world live on for DAYS, obeying approved and exported actions",
    )

    land = command(
        "land",
        commands.land,
        "Keep files under their hash and check every row.",
        "python -m pipelines land --company acme orders.csv stock.xlsx",
    )
    land.add_argument("--company", required=True, help="name of the company; it is begun if it does not exist")
    land.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV, TSV, XLSX or Parquet; .gz of a CSV")
    land.add_argument("--source", help="the system the files come from (default: recognised by their headings)")
    land.add_argument(
        "--as",
        dest="contract",
        metavar="CONTRACT",
        help="the extract the files are, e.g. order_lines (default: recognised)",
    )
    land.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=HEADING",
        help="say which heading a column is; may be repeated",
    )
    land.add_argument(
        "--dates", choices=("dmy", "mdy", "ymd"), help="the order of day and month where the file leaves it open"
    )
    land.add_argument("--decimal", choices=(".", ","), help="the decimal sign where the file leaves it open")

    refresh = command(
        "refresh",
        commands.refresh,
        "Build all tables from what is in force and publish them.",
        "python -m pipelines refresh --company acme",
    )
    refresh.add_argument("--company", required=True)
    refresh.add_argument(
        "--as-of",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="see the world as it was known on this day (default: last event)",
    )
    refresh.add_argument("--force", action="store_true", help="build even if nothing has changed")

    month_ends = command(
        "month-ends",
        commands.month_ends,
        "Build a demo company's past month ends with what was known then, for `decisions close`.",
        "python -m pipelines month-ends --company demo",
    )
    month_ends.add_argument("--company", default="demo")

    status = command(
        "status",
        commands.status,
        "Show the current build, every load and the ledger's soundness.",
        "python -m pipelines status --company acme",
    )
    status.add_argument("--company", required=True)

    undo = command(
        "undo",
        commands.undo,
        "Take a load out of force; refresh to see the numbers without it.",
        "python -m pipelines undo --company acme 00003-1f2e3d4c",
    )
    undo.add_argument("--company", required=True)
    undo.add_argument("load_id", metavar="LOAD_ID")

    pin = command(
        "pin",
        commands.pin,
        "Fix a model's version, roll it back, or switch it off so that its rival speaks; refresh to see it.",
        "python -m pipelines pin demand 1 --company acme --reason 'bands too wide since Monday'",
    )
    pin.add_argument("model", metavar="MODEL", help="its code, as Model health shows it: demand, stockout, …")
    pin.add_argument("version", metavar="VERSION", help="a version number, off, or newest")
    pin.add_argument("--company", required=True)
    pin.add_argument("--reason", default="", help="why; it is kept in the ledger")

    builds = command(
        "builds",
        commands.builds,
        "List the builds, or keep only the newest.",
        "python -m pipelines builds --company acme --keep 5",
    )
    builds.add_argument("--company", required=True)
    builds.add_argument(
        "--keep", type=int, metavar="N", help="delete all but the newest N; the current one always stays"
    )

    listed_accounts(
        command(
            "accounts",
            people.accounts,
            "Say who may sign in and with which roles; passwords are asked for, or read from standard input.",
            "python -m pipelines accounts add a.novak --display-name 'Anna Novak' --role analyst --company acme",
        )
    )

    query = command(
        "query",
        commands.query,
        "Ask the current build in SQL, read only and sandboxed.",
        'python -m pipelines query --company acme "select * from raw.loads"',
    )
    query.add_argument("--company", required=True)
    query.add_argument("sql", metavar="SQL", help="one select")
    query.add_argument("--format", choices=("table", "csv", "json"), default="table")
    query.add_argument("--limit", type=int, default=10_000, help="rows at most (default: 10000)")
    return top


def listed_accounts(accounts: argparse.ArgumentParser) -> None:
    """Give `accounts` its own words: add, list, grant, revoke, disable, enable, password, log, review."""
    deeds = {
        "add": "add an account",
        "list": "show everybody with their roles",
        "grant": "give a role",
        "revoke": "take a role",
        "disable": "switch an account off; its sessions end at once",
        "enable": "switch it on again",
        "password": "set another password; its sessions end at once",
        "log": "show who changed what, and who signed in",
        "review": "record that this person has looked at who holds which role in a company; their own roles wait for somebody else",
    }
    words = accounts.add_subparsers(title="what to do", required=True, metavar="DEED", dest="deed")
    made = {deed: words.add_parser(deed, help=teaches, description=teaches) for deed, teaches in deeds.items()}
    for deed, each in made.items():
        each.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON value")
        if deed not in ("list", "log"):
            each.add_argument("name", metavar="NAME", help="what is typed at sign-in; an e-mail address for OIDC")
        if deed in ("add", "grant", "revoke"):
            role = each.add_argument("--role", action="append", choices=list(ROLES), help="may be repeated")
            role.default, role.required = [], deed != "add"
            place = each.add_mutually_exclusive_group()
            place.add_argument("--company", action="append", default=[], help="where the role holds; may be repeated")
            place.add_argument("--everywhere", action="store_true", help="the role holds in every company")
    made["review"].add_argument("--company", required=True, help="whose roles were looked at")
    made["add"].add_argument("--display-name", default="", help="the name that others see")
    made["add"].add_argument(
        "--no-password", action="store_true", help="an identity provider (OIDC) signs this person in"
    )
