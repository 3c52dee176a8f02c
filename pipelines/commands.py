"""What each command does: it asks the path, says what came of it, and gives plain values back for --json."""

import argparse
import getpass
import os
import sys
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Sheet

from errors import Refusal
from pipelines.screen import bar, plain, print_json, results, show_refusal


def who() -> str:
    """The identity at this front door: the account that runs the command."""
    return os.environ.get("CROSSDOCK_VIEWER") or getpass.getuser()


def demo(args: argparse.Namespace, screen: Console) -> Any:
    """Grow the demo company, or let its world live on."""
    from pipelines import demo_company

    with bar(screen, is_quiet=args.json) as progress:
        return demo_company.grown(
            args.company,
            size=args.size,
            seed=args.seed,
            advance_days=args.advance,
            lands_only=args.land_only,
            maturity=args.maturity,
            who=who(),
            progress=progress,
            say=(lambda _text: None) if args.json else screen.print,
        )


def land(args: argparse.Namespace, screen: Console) -> Any:
    """Land each file in turn; one that is refused does not stop the others."""
    from pipelines import flow
    from store.company import create_company

    answers: dict[str, Any] = {key: said for key, said in (("dates", args.dates), ("decimal", args.decimal)) if said}
    pairs = [pair.partition("=") for pair in args.map]
    if bad := next((column for column, sign, heading in pairs if not (sign and heading)), None):
        raise Refusal(
            "Nothing was landed.",
            f"--map {bad} names no heading.",
            'Write --map COLUMN=HEADING, e.g. --map "ordered_qty=Qty ordered".',
        )
    if pairs:
        answers["columns"] = {column: heading for column, _, heading in pairs}
    company = create_company(args.company)
    landed, refused = [], []
    for path in args.files:
        try:
            with bar(screen, is_quiet=args.json) as progress:
                result = flow.land(
                    company,
                    path,
                    who=who(),
                    source=args.source,
                    contract=args.contract,
                    answers=answers or None,
                    progress=progress,
                )
            landed.append(_landed(result))
            if not args.json:
                _show_landed(screen, result)
        except Refusal as refusal:
            if len(args.files) == 1:
                raise
            refused.append({"file_name": path.name, "what": refusal.what, "why": refusal.why, "fix": refusal.fix})
            if not args.json:
                show_refusal(screen, refusal)
    if refused:
        what = f"{len(refused)} of {len(args.files)} files were refused; the others are landed."
        raise Refusal(
            what,
            " ".join(f"{r['file_name']}: {r['why']}" for r in refused),
            "Put those files right and land them again.",
        )
    if not args.json:
        screen.print(f"\nNext: python -m pipelines refresh --company {company.name}")
    return landed[0] if len(landed) == 1 else landed


def _landed(result: Any) -> dict:
    counts = [
        {key: getattr(part, key) for key in ("contract", "lines_in", "accepted", "set_aside", "ignored")}
        for part in result.parts
    ]
    said = {
        key: getattr(result, key) for key in ("load_id", "file_name", "file_hash", "source", "because", "is_repeat")
    }
    return {**said, "contracts": counts}


def _show_landed(screen: Console, result: Any) -> None:
    if result.is_repeat:
        screen.print(
            f"[bold]{escape(result.file_name)}[/]: the same bytes are in force already as load {result.load_id}; nothing to do."
        )
        return
    screen.print(f"[bold]{escape(result.file_name)}[/]: load [bold]{result.load_id}[/], source {result.source}")
    for sentence in result.because:
        screen.print(f"  because {escape(sentence[0].lower() + sentence[1:])}")
    table = Sheet("contract", "lines in", "accepted", "set aside", "ignored", box=None, pad_edge=True)
    for part in result.parts:
        table.add_row(
            part.contract or "(nothing we need)",
            *(f"{getattr(part, k):,}" for k in ("lines_in", "accepted", "set_aside", "ignored")),
        )
    screen.print(table)


def refresh(args: argparse.Namespace, screen: Console) -> Any:
    """Build and publish."""
    from pipelines import flow
    from store.company import open_company

    company = open_company(args.company)
    with bar(screen, is_quiet=args.json) as progress:
        result = flow.refresh(company, who=who(), as_of=args.as_of, is_forced=args.force, progress=progress)
    if not args.json:
        state = "unchanged, nothing to build" if result.is_unchanged else f"published in {result.seconds:.1f} s"
        screen.print(
            f"Build [bold]{result.build_id}[/] {state}: data to {result.as_of:%d %b %Y}, {result.set_aside:,} rows set aside."
        )
        screen.print(f"Content hash {result.content_hash[:16]}…")
    return asdict(result)


def month_ends(args: argparse.Namespace, screen: Console) -> Any:
    """Build past month ends of a demo company."""
    from pipelines import month_ends
    from store.company import open_company

    with bar(screen, is_quiet=args.json) as progress:
        kept = month_ends.keep(open_company(args.company), progress=progress)
    if not args.json:
        screen.print(f"What was known then is kept for: {', '.join(kept) or 'no day'}.")
    return kept


def status(args: argparse.Namespace, screen: Console) -> Any:
    """Show where the company stands."""
    from pipelines import flow
    from store.company import open_company

    said = flow.status(open_company(args.company))
    if args.json:
        return said
    facts = said["build"]
    if facts:
        screen.print(
            f"Build [bold]{facts['build_id']}[/]: data to {facts['as_of_date']}, {facts['set_aside_count']:,} rows set aside."
        )
    else:
        screen.print("No build yet.")
    table = Sheet(*("load", "file", "source", "accepted", "set aside", "ignored", "in force", "in build"), box=None)
    for load in said["loads"]:
        sums = [f"{sum(c[k] for c in load['counts']):,}" for k in ("accepted", "set_aside", "ignored")]
        yes = ["yes" if load[k] else "no" for k in ("is_in_force", "is_in_build")]
        table.add_row(load["load_id"], load["file_name"], load["source"], *sums, *yes)
    screen.print(table)
    ledger = said["ledger"]
    screen.print(
        f"Ledger: {ledger['act_count']} acts, {'unbroken' if ledger['is_intact'] else 'BROKEN: ' + ledger['because']}."
    )
    if said["needs_refresh"]:
        screen.print(f"Loads and build differ. Next: python -m pipelines refresh --company {args.company}")
    return said


def undo(args: argparse.Namespace, screen: Console) -> Any:
    """Take a load out of force."""
    from pipelines import flow
    from store.company import open_company

    act = flow.undo(open_company(args.company), args.load_id, who=who())
    if not args.json:
        screen.print(f"Load {args.load_id} is out of force. Next: python -m pipelines refresh --company {args.company}")
    return {"load_id": args.load_id, "act_id": act.act_id}


def pin(args: argparse.Namespace, screen: Console) -> Any:
    """Fix the version of a model from the next refresh on."""
    from pipelines import flow
    from store.company import open_company

    words = {"off": 0, "newest": None}
    if args.version not in words and not args.version.isdecimal():
        fix = "Write a version number, off, or newest."
        raise Refusal("Nothing was pinned.", f"{args.version!r} is no version.", fix)
    version = words[args.version] if args.version in words else int(args.version)
    act = flow.pin(open_company(args.company), args.model, version, who=who(), reason=args.reason)
    if not args.json:
        screen.print(f"{args.model} is pinned to {args.version} from the next refresh on (act {act.act_id}).")
    return {"act_id": act.act_id, "model": args.model, "version": version}


def builds(args: argparse.Namespace, screen: Console) -> Any:
    """List the builds, or forget old ones."""
    from store.company import only_writer, open_company
    from store.warehouse import builds, current_build, forget_builds

    company = open_company(args.company)
    forgotten: list[str] = []
    if args.keep is not None:
        with only_writer(company):
            forgotten = forget_builds(company, keep=args.keep)
    current = current_build(company)
    listed: list[dict[str, Any]] = [
        {
            "build_id": build.build_id,
            "size_bytes": build.path.stat().st_size,
            "is_current": current is not None and build.build_id == current.build_id,
        }
        for build in builds(company)
    ]
    if not args.json:
        for row in listed:
            screen.print(
                f"{row['build_id']}  {row['size_bytes'] / 1e6:8.1f} MB{'  current' if row['is_current'] else ''}"
            )
        if forgotten:
            screen.print(f"Deleted {len(forgotten)} older builds.")
    return {"builds": listed, "deleted": forgotten}


def query(args: argparse.Namespace, screen: Console) -> Any:
    """Ask the current build."""
    from store.company import open_company
    from store.sandbox import run_query
    from store.warehouse import current_build

    company = open_company(args.company)
    current = current_build(company)
    if current is None:
        raise Refusal(
            "There is nothing to ask yet.",
            "The company has no build.",
            f"Make one: python -m pipelines refresh --company {company.name}",
        )
    result = run_query(current.path, args.sql, row_limit=args.limit)
    if args.json or args.format == "json":
        rows = result.rows.to_dicts()
        if not args.json:
            print_json(rows)
    elif args.format == "csv":
        rows = None
        sys.stdout.write(result.rows.write_csv())
    else:
        rows = None
        table = Sheet(*result.columns, box=None)
        for row in result.rows.iter_rows():
            table.add_row(*("" if value is None else str(plain(value)) for value in row))
        results().print(table)
    if result.is_truncated:
        screen.print(f"Only the first {args.limit:,} rows are shown.")
    return rows
