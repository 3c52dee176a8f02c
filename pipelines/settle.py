"""What becomes of the typed rows: bad ones are set aside with reasons, repeats of a key are settled, the rest is accepted."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.cast import literal
from pipelines.contract import Column
from pipelines.plan import Plan


class Doubtful(Exception):
    """A quick plan met a row that is not clean; what is wrong with it can only be told from its texts."""


@dataclass(frozen=True)
class Settled:
    """The accepted rows of one part, and the count of what is not among them."""

    path: Path
    first_line: int | None
    rows: int
    accepted: int
    set_aside: int
    repeats: int


def settled(
    connection: Any, plan: Plan, rows: str, typed: Path, *, first_line: int | None, work: Path, number: int
) -> Settled:
    """The typed rows without those that are wrong or said twice.

    Two rows of one file with the same key and the same content are one row (the other is a repeat, ignored); with different
    content both are set aside, because nothing says which is right. A feed with `one_per` keeps one row per key instead.

    Args:
        connection: the scratch database.
        plan: the contract, the feed and the reading as SQL.
        rows: SQL of the sheet's rows as texts.
        typed: the typed rows, all of them, bad ones marked.
        first_line: line of the file before the first row, when each row is one line; else the rows carry `line_no`.
    """
    keys = plan.rules.key
    numbered = _numbered(typed, first_line)
    needs_occurrence = [c.name for c in plan.columns if c.otherwise == "occurrence"]
    key_is_given = " and ".join(f"{name} is not null" for name in needs_occurrence) or "true"
    counts = connection.execute(
        f"select count(*), count(*) filter (where {plan.doubt()}), count(distinct hash({', '.join(keys)})) filter (where not is_bad), "
        f"count(*) filter (where not is_bad and not ({key_is_given})) from read_parquet({literal(str(typed))})"
    ).fetchone()
    total, bad, distinct, unkeyed = counts
    if bad and plan.is_quick:
        raise Doubtful
    final = work / f"{number}-{plan.rules.name}.parquet"
    # Different hashes prove different keys, so the common case needs no sort and no second look.
    if not bad and not unkeyed and distinct == total:
        if first_line is not None:
            typed.replace(final)
            return Settled(final, first_line, total, total, 0, 0)
        _write(connection, f"select * exclude (is_bad, one_per_order) from ({numbered})", final)
        typed.unlink()
        return Settled(final, None, total, total, 0, 0)
    set_aside = work / f"set-aside-{number}-{plan.rules.name}.parquet"
    connection.execute(f"create or replace temp table fated as {_fates(plan, numbered)}")
    if bad:
        texts = rows if first_line is None else _bad_texts(connection, plan, rows, first_line, work)
        _write(
            connection,
            _reasons(plan, texts, marked=first_line is not None),
            work / f"set-aside-{number}-{plan.rules.name}-bad.parquet",
        )
    conflicts = connection.execute("select count(*) from fated where fate = 'conflict'").fetchone()[0]
    if conflicts:
        _write(connection, _conflict_reasons(plan, numbered), set_aside)
    _write(connection, _kept(plan, numbered), final)
    accepted = connection.execute("select count(*) from fated where fate = 'kept'").fetchone()[0]
    repeats = connection.execute("select count(*) from fated where fate = 'repeat'").fetchone()[0]
    typed.unlink()
    return Settled(final, None, total, accepted, bad + conflicts, repeats)


def _numbered(typed: Path, first_line: int | None) -> str:
    file = literal(str(typed))
    if first_line is None:
        return f"select * from read_parquet({file})"
    rows = f"read_parquet({file}, file_row_number = true)"
    return f"select * exclude (file_row_number), file_row_number + {first_line + 1} as line_no from {rows}"


def _content(plan: Plan) -> str:
    return ", ".join(c.name for c in plan.columns)


def _with_keys(plan: Plan, numbered: str) -> str:
    """The good rows with their keys filled in: a line without a number is its SKU and its occurrence within the order."""
    columns = []
    for column in plan.columns:
        if column.otherwise != "occurrence":
            columns.append(column.name)
            continue
        columns.append(f"coalesce({column.name}, {_occurrence(plan, column)}) as {column.name}")
    return f"select {', '.join(columns)}, extra, one_per_order, line_no from ({numbered}) where not is_bad"


def _occurrence(plan: Plan, column: Column) -> str:
    """The how-manieth of its like a row is, in the order of its content and not of its line: shuffling a file changes nothing."""
    names = [c.name for c in plan.columns]
    like = [key for key in plan.rules.key if key != column.name] + [name for name in ("sku_id",) if name in names]
    others = ", ".join(name for name in names if name != column.name)
    turn = (
        f"row_number() over (partition by {', '.join(like)}, {column.name} is null order by {others}, extra, line_no)"
    )
    if column.type == "count":
        return turn
    return f"coalesce(sku_id, '') || '#' || {turn}" if "sku_id" in names else f"'#' || {turn}"


def _fates(plan: Plan, numbered: str) -> str:
    keys, content = ", ".join(plan.rules.key), _content(plan)
    if plan.feed.one_per:
        order = f"one_per_order desc nulls last, {content}, line_no"
        turn = f"row_number() over (partition by {keys} order by {order})"
        return f"select line_no, case when {turn} = 1 then 'kept' else 'repeat' end as fate from ({_with_keys(plan, numbered)})"
    return (
        f"with keyed as (select line_no, {keys}, hash({content}, extra) as content_hash from ({_with_keys(plan, numbered)})), "
        f"counted as (select line_no, min(content_hash) over same <> max(content_hash) over same as differs, "
        f"row_number() over (partition by {keys} order by line_no) as turn from keyed window same as (partition by {keys})) "
        "select line_no, case when differs then 'conflict' when turn = 1 then 'kept' else 'repeat' end as fate from counted"
    )


def _kept(plan: Plan, numbered: str) -> str:
    return f"""
        select keyed.* exclude (one_per_order) from ({_with_keys(plan, numbered)}) as keyed
        join fated on fated.line_no = keyed.line_no and fated.fate = 'kept' order by keyed.line_no
    """


def _bad_texts(connection: Any, plan: Plan, rows: str, first_line: int, work: Path) -> str:
    """The texts of the bad rows with their line numbers, found by reading the file once more in the same order."""
    file = work / "bad-texts.parquet"
    wrong = " or ".join(f"({condition})" for _, condition, _, _ in plan.faults())
    values = ", ".join(f"{plan.value(column)} as {column.name}" for column in plan.columns)
    _write(
        connection, f"select texts.* from (select *, {values} from ({plan.texts(rows)})) as texts where {wrong}", file
    )
    typed_bad = (
        f"select line_no, row_number() over (order by line_no) as turn from ({_numbered_bad(work, plan, first_line)})"
    )
    connection.execute(f"create or replace temp table bad_lines as {typed_bad}")
    return f"""
        select texts.* exclude (file_row_number), bad_lines.line_no
        from read_parquet({literal(str(file))}, file_row_number = true) as texts
        join bad_lines on bad_lines.turn = texts.file_row_number + 1
    """


def _numbered_bad(work: Path, plan: Plan, first_line: int) -> str:
    typed = next(iter(work.glob(f"typed-*-{plan.rules.name}.parquet")))
    return f"select line_no from ({_numbered(typed, first_line)}) where is_bad"


def _reasons(plan: Plan, texts: str, *, marked: bool) -> str:
    """One row per wrong cell: line, column, value, reason and fix; and the whole row beside it, to put right and upload again."""
    columns = [c for c in plan.columns if c.name in plan.feed.columns]
    values = ", ".join(f"{plan.value(column)} as {column.name}" for column in plan.columns)
    source = texts if marked else plan.texts(texts)
    typed = source if marked else f"select *, {values} from ({source})"
    row = ", ".join(f"{{'k': {literal(c.name)}, 'v': {c.name}__text}}" for c in columns)
    row_values = f"map_from_entries(list_filter([{row}], lambda pair: pair.v is not null))"
    pieces = [
        "select line_no, 0 as place, '' as column_name, defect as value_text, 'the line cannot be read as a row' as reason, "
        f"'Check quotes and separators of this line.' as fix, {row_values} as row_values from wrong where defect is not null"
    ]
    for place, (column, condition, reason, fix) in enumerate(plan.faults(), start=1):
        pieces.append(
            f"select line_no, {place}, {literal(column.name)}, {column.name}__text, {literal(reason)}, {literal(fix)}, {row_values} "
            f"from wrong where defect is null and ({condition})"
        )
    return (
        f"with wrong as materialized (select * from ({typed})), listed as ({' union all '.join(pieces)}) "
        f"select {literal(plan.rules.name)} as contract, line_no, row_number() over (partition by line_no order by place) as reason_no, "
        "column_name, value_text, reason, fix, row_values from listed"
    )


def _conflict_reasons(plan: Plan, numbered: str) -> str:
    keys = ", ".join(plan.rules.key)
    key_text = " || ' · ' || ".join(f"cast(keyed.{key} as varchar)" for key in plan.rules.key)
    row = ", ".join(
        f"{{'k': {literal(c.name)}, 'v': cast(keyed.{c.name} as varchar)}}" for c in plan.columns if c.type != "map"
    )
    return (
        f"select {literal(plan.rules.name)} as contract, keyed.line_no, cast(1 as bigint) as reason_no, {literal(keys)} as column_name, "
        f"{key_text} as value_text, 'the same key stands on several lines with different content' as reason, "
        "'Keep the line that is right and take the others out.' as fix, "
        f"map_from_entries(list_filter([{row}], lambda pair: pair.v is not null)) as row_values "
        f"from ({_with_keys(plan, numbered)}) as keyed join fated on fated.line_no = keyed.line_no and fated.fate = 'conflict'"
    )


def _write(connection: Any, select: str, path: Path) -> None:
    connection.execute(f"copy ({select}) to {literal(str(path))} (format parquet, compression snappy)")
