"""The command line of decisions: agents look and earn, exports are posted, and a demo's people live and close their past."""

import argparse
import json
import os
import sys
import time

import polars as pl

from decisions import delivery, desk, earning, lived, lived_ai, lived_maturity, lived_registers, lived_targets
from decisions.book import Book
from decisions.clock import clock_of
from decisions.drafting import endpoint
from decisions.person import Person
from decisions.round import run_round
from errors import Refusal
from store.company import Company, open_company
from store.warehouse import Build, current_build, month_ends

DECIDED = "world/decisions.parquet"


def main(argv: list[str] | None = None) -> int:
    """The exit code: 0 done, 2 refused."""
    parser = argparse.ArgumentParser(prog="python -m decisions", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, does in (
        ("lived", "let the people and agents of the demo company's world do at the desk what they did"),
        ("close", "close a demo's past months one after another, each with the build of its month end"),
        ("settle", "lower what agents have not earned, say what they have, and close a demo's past months"),
        ("round", "let the bounded agents look at their queues on the current build, once"),
        ("send", "post to the company's webhook every export that is due; safe to repeat, for a timer"),
    ):
        command = commands.add_parser(name, help=does)
        command.add_argument("--company", default="demo")
        command.add_argument("--json", action="store_true", help="print one JSON object")
    wishes = parser.parse_args(argv)
    try:
        company = open_company(wishes.company)
        said = COMMANDS[wishes.command](company)
    except Refusal as refusal:
        print(f"{refusal.what} {refusal.why} {refusal.fix}", file=sys.stderr)
        return 2
    print(json.dumps(said) if wishes.json else said["said"])
    return 0


def write_lived(company: Company) -> dict:
    """What came of writing the demo company's past: proposals, acts and seconds; nothing where its world keeps no decisions.

    Errors: a Refusal for a company that is no demo: nobody's past may be made up.
    """
    path = company.folder / DECIDED
    if not company.is_demo or not path.exists():
        raise Refusal(
            "Nothing was recorded.",
            f"{company.name} has no world whose people decided.",
            "Grow a demo company: python -m pipelines demo.",
        )
    life = lived_maturity.life_of(company)
    if not life.decides:
        return {"company": company.name, "proposed": 0, "acts": 0, "said": f"Nobody decides in {company.name} yet."}
    begun = time.perf_counter()
    rows = list(pl.read_parquet(path).iter_rows(named=True))
    ledger = desk.Ledger.open(os.environ.get("CROSSDOCK_LEDGER_URL"), company.folder)
    desks = lived.Desks(ledger, rows[0]["decided_at"])
    before = desks.book.last_no
    lived_ai.begin(desks, rows[0]["decided_at"], life)
    told = lived.live(desks, rows, life)
    lived_maturity.keep_rows(desks[lived.STAND_IN], life)
    return {
        "company": company.name,
        "decisions": len(rows),
        "proposed": told.proposed,
        "taken_over": told.taken_over,
        "exported": told.exported,
        "skipped": told.skipped,
        "acts": desks.book.last_no - before,
        "seconds": round(time.perf_counter() - begun, 2),
        "said": f"{told.proposed:,} proposals in {time.perf_counter() - begun:.1f} s, {desks.book.last_no - before:,} acts.",
    }


def make_round(company: Company) -> dict:
    """What one round of the agents on the current build came to, agent by agent; a second one finds nothing left to do.

    Errors: a Refusal for a company without a build.
    """
    build = current_build(company)
    if build is None:
        raise Refusal(
            "No agent looked.", f"{company.name} has no build.", f"python -m pipelines refresh --company {company.name}"
        )
    ledger = desk.Ledger.open(os.environ.get("CROSSDOCK_LEDGER_URL"), company.folder)
    done = run_round(
        company,
        build,
        ledger,
        Book(),
        clock_of(company, build),
        endpoint=endpoint(),
        started_by=os.environ.get("USER", "command line"),
    )
    lines = [
        f"{one.agent_code}: looked at {one.looked_at}, proposed {one.solved}, handed over {one.escalated}, refused {one.refused}."
        for one in done.agents
    ]
    return {"company": company.name, **done.said(), "said": "\n".join(lines) or done.because}


def settle_levels(company: Company) -> dict:
    """Which levels were lowered, which promotions a person may now grant, and which months a demo company's executive closed.

    Errors: a Refusal for a company without a build.
    """
    build = current_build(company)
    if build is None:
        raise Refusal(
            "Nothing was settled.",
            f"{company.name} has no build.",
            f"python -m pipelines refresh --company {company.name}",
        )
    ledger = desk.Ledger.open(os.environ.get("CROSSDOCK_LEDGER_URL"), company.folder)
    who = Person(os.environ.get("USER", "command line"))
    due = earning.settle(desk.Desk(ledger, who, clock=clock_of(company, build)), earning.records_of(build))
    lines = [
        f"{one.kind} · {one.segment or 'all'}: {one.agent} {'may rise' if one.is_promotion else 'was lowered'} "
        f"from {one.before} to {one.after}. {one.because}"
        for one in due
    ]
    names = ("kind", "segment", "agent", "before", "after", "because")
    told = [{name: getattr(one, name) for name in names} for one in due]
    life = lived_maturity.life_of(company)
    closed = _closed(company, ledger, [build]) if company.is_demo else []
    lines += [f"{lived.STAND_IN} closed {month}." for month in closed]
    if company.is_demo and life.decides:
        executive = _executive(company, ledger, build)
        goals = lived_targets.begin(executive, build)
        lines += [f"{lived.STAND_IN} set a target of {name}." for name in goals]
        rows = [] if life.keeps else lived_registers.begin(executive)
        lines += [f"{lived.STAND_IN} kept the row {name}." for name in rows]
    said = "\n".join(lines) or "Every level is as earned."
    return {"company": company.name, "due": told, "closed": closed, "said": said}


def close_past(company: Company) -> dict:
    """The months that a demo company's executive closed with the builds of its past month ends; nothing where there are none.

    Errors: a Refusal for a company that is no demo: nobody's past may be made up.
    """
    if not company.is_demo:
        fix = "Whoever may close a month does it on the page Value, when it is over."
        raise Refusal("No month was closed.", f"{company.name} is no demo company.", fix)
    ledger = desk.Ledger.open(os.environ.get("CROSSDOCK_LEDGER_URL"), company.folder)
    closed = _closed(company, ledger, month_ends(company))
    lines = [f"{lived.STAND_IN} closed {month}." for month in closed]
    return {"company": company.name, "closed": closed, "said": "\n".join(lines) or "No past month was left to close."}


def _closed(company: Company, ledger: desk.Ledger, builds: list[Build]) -> list[str]:
    """The months that were closed with these builds, each on the morning after its build's day."""
    return [month for build in builds for month in lived_ai.close_months(_executive(company, ledger, build), build)]


def _executive(company: Company, ledger: desk.Ledger, build: Build) -> desk.Desk:
    who = Person(lived.STAND_IN, frozenset({"executive"}))
    return desk.Desk(ledger, who, build=build, clock=clock_of(company, build))


def send_due(company: Company) -> dict:
    """What came of each batch that was due at the company's webhook.

    Errors: a Refusal where the company has no webhook, or its secret is not set.
    """
    ledger = desk.Ledger.open(os.environ.get("CROSSDOCK_LEDGER_URL"), company.folder)
    # Whoever may start programs on this machine acts as its administrator, who may export and approves nothing.
    who = Person(os.environ.get("USER", "command line"), frozenset({"administrator"}))
    done = delivery.deliver(desk.Desk(ledger, who, clock=clock_of(company, current_build(company))), company)
    told = [{"file_name": one.export.file_name, **one.delivery.said, "state": one.delivery.state} for one in done]
    lines = [f"{one['file_name']}: {one['state']}. {one['because']}" for one in told]
    return {"company": company.name, "sent": told, "said": "\n".join(lines) or "Nothing is due."}


COMMANDS = {
    "send": send_due,
    "lived": write_lived,
    "close": close_past,
    "settle": settle_levels,
    "round": make_round,
}


if __name__ == "__main__":
    sys.exit(main())
