"""The command line: `python -m pipelines COMMAND`. Every command takes --json; a refusal says what, why and how to fix it, and exits with 2."""

import argparse
import getpass
import json
import logging
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table as Sheet

from errors import Refusal

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


def main(argv: list[str] | None = None) -> int:
    """The exit code of a command: 0 done, 2 refused, 1 a defect of the program."""
    args = _parser().parse_args(argv)
    screen = Console(stderr=True, highlight=False, soft_wrap=True, width=None if sys.stderr.isatty() else 200)
    try:
        said = args.run(args, screen)
    except Refusal as refusal:
        return _refused(refusal, args, screen)
    except KeyboardInterrupt:
        screen.print("Stopped. Nothing was published; the last build stays in use.")
        return 130
    except Exception:
        number, log = uuid.uuid4().hex[:8], _log()
        logging.getLogger("crossdock").exception("incident %s", number)
        screen.print(f"[bold]Something in Crossdock broke (incident {number}).[/] Nothing was published; the last build stays in use. Details: {log}")
        return 1
    if args.json:
        print(json.dumps(said, default=_plain, ensure_ascii=False))
    return 0


def _parser() -> argparse.ArgumentParser:
    shaped = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(
        prog="python -m pipelines",
        description="Crossdock's path: land files, check rows, build the warehouse, publish it, ask it questions.",
        epilog=EPILOG,
        formatter_class=shaped,
    )
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Callable, teaches: str, example: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=teaches, description=teaches, epilog=f"Example:\n  {example}", formatter_class=shaped)
        made.add_argument("--json", action="store_true", help="print one JSON value on standard output")
        made.set_defaults(run=run)
        return made

    demo = command("demo", _demo, "Grow a distributor from a seed, land its extracts and build it.", "python -m pipelines demo --size small --seed 7")
    demo.add_argument("--company", default="demo", help="name of the company (default: demo)")
    demo.add_argument("--size", choices=("tiny", "small", "large"), default="small", help="a dozen rows, a small wholesaler, or 2,000 SKUs in 8 sites")
    demo.add_argument("--seed", type=int, default=7, help="the same seed grows the same company (default: 7)")
    demo.add_argument("--advance", type=int, metavar="DAYS", help="let the same world live on for DAYS, obeying approved and exported actions")

    land = command("land", _land, "Keep files under their hash and check every row.", "python -m pipelines land --company acme orders.csv stock.xlsx")
    land.add_argument("--company", required=True, help="name of the company; it is begun if it does not exist")
    land.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV, TSV, XLSX or Parquet; .gz of a CSV")
    land.add_argument("--source", help="the system the files come from (default: recognised by their headings)")
    land.add_argument("--as", dest="contract", metavar="CONTRACT", help="the extract the files are, e.g. order_lines (default: recognised)")
    land.add_argument("--map", action="append", default=[], metavar="COLUMN=HEADING", help="say which heading a column is; may be repeated")
    land.add_argument("--dates", choices=("dmy", "mdy", "ymd"), help="the order of day and month where the file leaves it open")
    land.add_argument("--decimal", choices=(".", ","), help="the decimal sign where the file leaves it open")

    refresh = command("refresh", _refresh, "Build all tables from what is in force and publish them.", "python -m pipelines refresh --company acme")
    refresh.add_argument("--company", required=True)
    refresh.add_argument("--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help="see the world as it was known on this day (default: last event)")
    refresh.add_argument("--force", action="store_true", help="build even if nothing has changed")

    status = command("status", _status, "Show the current build, every load and the ledger's soundness.", "python -m pipelines status --company acme")
    status.add_argument("--company", required=True)

    undo = command("undo", _undo, "Take a load out of force; refresh to see the numbers without it.", "python -m pipelines undo --company acme 00003-1f2e3d4c")
    undo.add_argument("--company", required=True)
    undo.add_argument("load_id", metavar="LOAD_ID")

    builds = command("builds", _builds, "List the builds, or keep only the newest.", "python -m pipelines builds --company acme --keep 5")
    builds.add_argument("--company", required=True)
    builds.add_argument("--keep", type=int, metavar="N", help="delete all but the newest N; the current one always stays")

    query = command(
        "query", _query, "Ask the current build in SQL, read only and sandboxed.", 'python -m pipelines query --company acme "select * from raw.loads"'
    )
    query.add_argument("--company", required=True)
    query.add_argument("sql", metavar="SQL", help="one select")
    query.add_argument("--format", choices=("table", "csv", "json"), default="table")
    query.add_argument("--limit", type=int, default=10_000, help="rows at most (default: 10000)")
    return top


def who() -> str:
    """The identity at this front door: the account that runs the command."""
    return os.environ.get("CROSSDOCK_VIEWER") or getpass.getuser()


def _demo(args: argparse.Namespace, screen: Console) -> Any:
    from pipelines import demo_company

    with _bar(screen, args) as progress:
        return demo_company.grown(
            args.company, size=args.size, seed=args.seed, advance_days=args.advance, who=who(), progress=progress, say=_sayer(screen, args)
        )


def _land(args: argparse.Namespace, screen: Console) -> Any:
    from pipelines import flow
    from store.company import create_company

    answers: dict[str, Any] = {key: said for key, said in (("dates", args.dates), ("decimal", args.decimal)) if said}
    pairs = [pair.partition("=") for pair in args.map]
    if bad := next((column for column, sign, heading in pairs if not (sign and heading)), None):
        raise Refusal("Nothing was landed.", f"--map {bad} names no heading.", 'Write --map COLUMN=HEADING, e.g. --map "ordered_qty=Qty ordered".')
    if pairs:
        answers["columns"] = {column: heading for column, _, heading in pairs}
    company = create_company(args.company)
    landed, refused = [], []
    for path in args.files:
        try:
            with _bar(screen, args) as progress:
                result = flow.land(
                    company, path, who=who(), source=args.source, contract=args.contract, answers=answers or None, progress=progress
                )
            landed.append(_landed(result))
            if not args.json:
                _show_landed(screen, result)
        except Refusal as refusal:
            if len(args.files) == 1:
                raise
            refused.append({"file_name": path.name, "what": refusal.what, "why": refusal.why, "fix": refusal.fix})
            if not args.json:
                _show_refusal(screen, refusal)
    if refused:
        what = f"{len(refused)} of {len(args.files)} files were refused; the others are landed."
        raise Refusal(what, " ".join(f"{r['file_name']}: {r['why']}" for r in refused), "Put those files right and land them again.")
    if not args.json:
        screen.print(f"\nNext: python -m pipelines refresh --company {company.name}")
    return landed[0] if len(landed) == 1 else landed


def _landed(result: Any) -> dict:
    counts = [{key: getattr(part, key) for key in ("contract", "lines_in", "accepted", "set_aside", "ignored")} for part in result.parts]
    said = {key: getattr(result, key) for key in ("load_id", "file_name", "file_hash", "source", "because", "is_repeat")}
    return {**said, "contracts": counts}


def _show_landed(screen: Console, result: Any) -> None:
    if result.is_repeat:
        screen.print(f"[bold]{result.file_name}[/]: the same bytes are in force already as load {result.load_id}; nothing to do.")
        return
    screen.print(f"[bold]{result.file_name}[/]: load [bold]{result.load_id}[/], source {result.source}")
    for sentence in result.because:
        screen.print(f"  because {sentence[0].lower()}{sentence[1:]}" if sentence else "")
    table = Sheet("contract", "lines in", "accepted", "set aside", "ignored", box=None, pad_edge=True)
    for part in result.parts:
        table.add_row(part.contract or "(nothing we need)", *(f"{getattr(part, k):,}" for k in ("lines_in", "accepted", "set_aside", "ignored")))
    screen.print(table)


def _refresh(args: argparse.Namespace, screen: Console) -> Any:
    from pipelines import flow
    from store.company import open_company

    company = open_company(args.company)
    with _bar(screen, args) as progress:
        result = flow.refresh(company, who=who(), as_of=args.as_of, is_forced=args.force, progress=progress)
    if not args.json:
        state = "unchanged, nothing to build" if result.is_unchanged else f"published in {result.seconds:.1f} s"
        screen.print(f"Build [bold]{result.build_id}[/] {state}: data to {result.as_of:%d %b %Y}, {result.set_aside:,} rows set aside.")
        screen.print(f"Content hash {result.content_hash[:16]}…")
    return asdict(result)


def _status(args: argparse.Namespace, screen: Console) -> Any:
    from pipelines import flow
    from store.company import open_company

    said = flow.status(open_company(args.company))
    if args.json:
        return said
    facts = said["build"]
    if facts:
        screen.print(f"Build [bold]{facts['build_id']}[/]: data to {facts['as_of_date']}, {facts['set_aside_count']:,} rows set aside.")
    else:
        screen.print("No build yet.")
    table = Sheet(*("load", "file", "source", "accepted", "set aside", "ignored", "in force", "in build"), box=None)
    for load in said["loads"]:
        sums = [f"{sum(c[k] for c in load['counts']):,}" for k in ("accepted", "set_aside", "ignored")]
        yes = ["yes" if load[k] else "no" for k in ("is_in_force", "is_in_build")]
        table.add_row(load["load_id"], load["file_name"], load["source"], *sums, *yes)
    screen.print(table)
    ledger = said["ledger"]
    screen.print(f"Ledger: {ledger['act_count']} acts, {'unbroken' if ledger['is_intact'] else 'BROKEN: ' + ledger['because']}.")
    if said["needs_refresh"]:
        screen.print(f"Loads and build differ. Next: python -m pipelines refresh --company {args.company}")
    return said


def _undo(args: argparse.Namespace, screen: Console) -> Any:
    from pipelines import flow
    from store.company import open_company

    act = flow.undo(open_company(args.company), args.load_id, who=who())
    if not args.json:
        screen.print(f"Load {args.load_id} is out of force. Next: python -m pipelines refresh --company {args.company}")
    return {"load_id": args.load_id, "act_id": act.act_id}


def _builds(args: argparse.Namespace, screen: Console) -> Any:
    from store.company import only_writer, open_company
    from store.warehouse import builds, current_build, forget_builds

    company = open_company(args.company)
    forgotten: list[str] = []
    if args.keep is not None:
        with only_writer(company):
            forgotten = forget_builds(company, keep=args.keep)
    current = current_build(company)
    listed = [
        {"build_id": b.build_id, "size_bytes": b.path.stat().st_size, "is_current": bool(current and b.build_id == current.build_id)} for b in builds(company)
    ]
    if not args.json:
        for build in listed:
            screen.print(f"{build['build_id']}  {build['size_bytes'] / 1e6:8.1f} MB{'  current' if build['is_current'] else ''}")
        if forgotten:
            screen.print(f"Deleted {len(forgotten)} older builds.")
    return {"builds": listed, "deleted": forgotten}


def _query(args: argparse.Namespace, screen: Console) -> Any:
    from store.company import open_company
    from store.sandbox import run_query
    from store.warehouse import current_build

    company = open_company(args.company)
    current = current_build(company)
    if current is None:
        raise Refusal("There is nothing to ask yet.", "The company has no build.", f"Make one: python -m pipelines refresh --company {company.name}")
    result = run_query(current.path, args.sql, row_limit=args.limit)
    if args.json or args.format == "json":
        rows = result.rows.to_dicts()
        if not args.json:
            print(json.dumps(rows, default=_plain, ensure_ascii=False))
    elif args.format == "csv":
        rows = None
        sys.stdout.write(result.rows.write_csv())
    else:
        rows = None
        table = Sheet(*result.columns, box=None)
        for row in result.rows.iter_rows():
            table.add_row(*("" if value is None else str(_plain(value)) for value in row))
        Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 10_000).print(table)
    if result.is_truncated:
        screen.print(f"Only the first {args.limit:,} rows are shown.")
    return rows


@contextmanager
def _bar(screen: Console, args: argparse.Namespace) -> Iterator[Callable[[float, str], None]]:
    """A progress bar on a terminal; elsewhere nothing, so that logs stay readable."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=args.json or not screen.is_terminal) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda fraction, text: bar.update(task, completed=fraction, description=text)


def _sayer(screen: Console, args: argparse.Namespace) -> Callable[[str], None]:
    return (lambda _text: None) if args.json else screen.print


def _log() -> Path:
    """The file that keeps what is for us to read, such as a traceback; no person at the command line has to."""
    from store.company import home

    home().mkdir(parents=True, exist_ok=True)
    path = home() / "crossdock.log"
    logging.basicConfig(filename=path, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    return path


def _refused(refusal: Refusal, args: argparse.Namespace, screen: Console) -> int:
    if args.json:
        print(json.dumps({"what": refusal.what, "why": refusal.why, "fix": refusal.fix}, ensure_ascii=False))
    else:
        _show_refusal(screen, refusal)
    return 2


def _show_refusal(screen: Console, refusal: Refusal) -> None:
    screen.print(f"[bold]{refusal.what}[/]\n  why: {refusal.why}\n  fix: {refusal.fix}", markup=True)


def _plain(value: Any) -> Any:
    """Decimals as text, dates ISO, instants ISO in UTC with Z."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, dict, str, int, float)) or value is None:
        return value
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
