"""How the command line speaks: progress bars on a terminal, tables, refusals in one form, plain values in JSON."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from errors import Refusal


def console() -> Console:
    """Where a person is spoken to; results for other programs go to standard output instead."""
    return Console(stderr=True, highlight=False, soft_wrap=True, width=None if sys.stderr.isatty() else 200)


def results() -> Console:
    """Standard output for tables; as wide as the rows where no terminal bounds it."""
    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 10_000)


@contextmanager
def bar(screen: Console, *, is_quiet: bool) -> Iterator[Callable[[float, str], None]]:
    """A progress bar on a terminal; elsewhere nothing, so that logs stay readable."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=is_quiet or not screen.is_terminal) as shown:
        task = shown.add_task("starting", total=1.0)
        yield lambda fraction, text: shown.update(task, completed=fraction, description=escape(text))


def show_refusal(screen: Console, refusal: Refusal) -> None:
    """A refusal in its three parts."""
    screen.print(f"[bold]{escape(refusal.what)}[/]\n  why: {escape(refusal.why)}\n  fix: {escape(refusal.fix)}")


def print_json(said: Any) -> None:
    """One JSON value on one line of standard output."""
    sys.stdout.write(json.dumps(said, default=plain, ensure_ascii=False) + "\n")


def plain(value: Any) -> Any:
    """Decimals as text, dates ISO, instants ISO in UTC with Z.

    >>> plain(Decimal("1.50")), plain(datetime(2026, 11, 14, 6, tzinfo=UTC))
    ('1.50', '2026-11-14T06:00:00Z')
    """
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, dict, str, int, float)) or value is None:
        return value
    return str(value)
