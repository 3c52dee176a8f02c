"""All tables of a build, each made after what it reads and held to what its header promises."""

import graphlib
import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime

import orjson

from errors import Refusal
from pipelines import ai_closes, ai_prices, check, heading_changes, raw, scoring
from pipelines.answers import Answers
from pipelines.cast import literal
from pipelines.contract import Contract, contracts
from pipelines.force import Load, Moment
from pipelines.graph import ABOUT_MODELS, graph, model_of
from pipelines.table import Table
from pipelines.version import code_version
from store import engine
from store.company import Company
from store.warehouse import Draft

Progress = Callable[[float, str], None]


def input_hash(loads: list[Load], acts: list[dict], as_of: datetime) -> str:
    """A hash of everything a build depends on: loads in force, business acts, as-of, code and assumptions."""
    said = {
        "loads": [
            [load.load_id, load.payload["file_hash"], load.payload["sheets"], load.loaded_at.isoformat()]
            for load in loads
        ],
        "acts": [act["act_hash"] for act in acts],
        "as_of": as_of.isoformat(),
        "code": code_version(),
    }
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def last_event(draft: Draft, loads: list[Load]) -> datetime | None:
    """The last thing that has happened in the data: never a promise or a wish, only events and known actual dates."""
    latest: datetime | None = None
    for rules in contracts().values():
        actual = {column.known for column in rules.columns if column.known} | ({rules.event} if rules.event else set())
        for load in loads:
            for part in _parts(load, rules):
                said = [f"max(cast({name} as timestamptz))" for name in sorted(actual & set(part.columns))]
                if not said:
                    continue
                file = literal(str(load.checked.folder / part.path))
                found = draft.query(
                    f"select greatest({', '.join(said)}, null) as latest from read_parquet({file})"
                ).item()
                latest = max((moment for moment in (latest, found) if moment), default=None)
    return latest


def make(
    draft: Draft,
    company: Company,
    loads: list[Load],
    acts: list[dict],
    moment: Moment,
    *,
    progress: Progress,
    targets: frozenset[str] | None = None,
    answers: Answers | None = None,
) -> str:
    """All tables in the draft (or only `targets` and what they read); back comes the hash of their content.

    The same rows give the same hash, in whatever order they come. With `answers`, a model is not asked twice the same.

    Errors: a Refusal names the table, the promise of its header that does not hold, and one row that breaks it.
    """
    for schema in ("raw", "staging", "core", "scores", "marts"):
        draft.execute(f"create schema if not exists {schema}")
    raw.make(draft, company, loads, acts, moment)
    for rules in sorted(contracts().values(), key=lambda rules: rules.known_with is not None):
        _staging(draft, rules, loads, moment)
    heading_changes.make(draft, loads)
    ai_prices.make(draft, acts)
    ai_closes.make(draft, acts, ai_closes.data_in_force(loads, acts, moment.as_of))
    wanted = graph() if targets is None else _ancestry(graph(), targets)
    order = list(graphlib.TopologicalSorter({t.name: t.reads & wanted.keys() for t in wanted.values()}).static_order())
    runs = scoring.Runs(_as_of_date(draft), scoring.pins(acts), answers)
    for place, name in enumerate(order):
        progress(place / len(order), f"building {name}")
        try:
            _step(draft, wanted[name], runs)
        except engine.EngineError as error:
            raise _out_of_room(name, error) or error from error
    draft.execute("drop schema staging cascade")
    return content_hash(draft, [wanted[name] for name in sorted(order) if wanted[name].kind != "view"])


def _step(draft: Draft, table: Table, runs: scoring.Runs) -> None:
    """One table made, by its SQL or by its model; what a model writes at once is made at the first of its tables."""
    if table.kind == "model" and not draft.has(table.name):
        if table.name in ABOUT_MODELS:
            scoring.tell(draft, runs)
        elif model := model_of(table.name):
            scoring.judge(draft, model, runs)
    made(draft, table)


def made(draft: Draft, table: Table) -> None:
    """One table made from its file, then held to its header: key unique and not null, every check true for every row.

    Of a view only the checks are run: it stores no row, its key follows from the keys of the tables that it joins, and
    laying out a dense view to count its keys would take more memory than building everything else.
    """
    if table.sql:
        draft.execute(f"create {table.kind} {table.name} as {table.sql}")
    if table.kind != "view":
        _hold_key(draft, table)
    if not table.checks:
        return
    asked = ", ".join(f"count(*) filter (where not ({check}))" for check in table.checks)
    for promise, count in zip(table.checks, draft.query(f"select {asked} from {table.name}").row(0), strict=True):
        if count:
            raise _broken(table, f"{count:,} rows break its promise «{promise}»")


def _hold_key(draft: Draft, table: Table) -> None:
    keys = ", ".join(table.key)
    empty = " or ".join(f"{key} is null" for key in table.key)
    asked = f"select count(*), count(distinct hash({keys})), count(*) filter (where {empty}) from {table.name}"
    rows, distinct, without_key = draft.query(asked).row(0)
    if without_key:
        raise _broken(table, f"a key column of ({keys}) is null in {without_key:,} rows")
    if distinct != rows:
        # Equal hashes prove nothing; only equal keys do.
        twice = draft.query(f"select {keys} from {table.name} group by {keys} having count(*) > 1 limit 1")
        if len(twice):
            raise _broken(table, f"the key ({keys}) stands more than once, for example {twice.row(0)}")


def content_hash(draft: Draft, made_tables: list[Table]) -> str:
    """A hash of all rows of all tables that does not depend on their order."""
    columns = dict(
        draft.query(
            "select schema_name || '.' || table_name as table_name, string_agg(column_name, ', ' order by column_index) as row "
            "from duckdb_columns() where not internal group by all"
        ).iter_rows()
    )
    digest = hashlib.sha256()
    for table in made_tables:
        asked = f"select count(*), cast(sum(hash({columns[table.name]})) as varchar) from {table.name}"
        rows, total = draft.query(asked).row(0)
        digest.update(f"{table.name} {rows} {total}\n".encode())
    return digest.hexdigest()


def _as_of_date(draft: Draft) -> date:
    return draft.query("select as_of_date from raw.company").item()


def _ancestry(graph: dict[str, Table], targets: frozenset[str]) -> dict[str, Table]:
    """The part of the graph that the targets stand on, themselves included."""
    found: set[str] = set()
    waiting = set(targets)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= (graph[name].reads & graph.keys()) - found
    return {name: graph[name] for name in found}


def _broken(table: Table, why: str) -> Refusal:
    return Refusal(
        f"The refresh was stopped at {table.name}; the last build stays in use.",
        f"{table.name} does not keep what it promises: {why}.",
        "Look at the loads that feed it on the Data health page; undo the one that brought these rows.",
    )


def _out_of_room(name: str, error: Exception) -> Refusal | None:
    """The refusal for memory or a disk that was not enough; None for any other error of the engine."""
    what, said = f"The refresh was stopped at {name}; the last build stays in use.", str(error)
    if said.startswith("Out of Memory"):
        fix = "Allow more with CROSSDOCK_MEMORY_LIMIT, for example CROSSDOCK_MEMORY_LIMIT=4GB, and refresh again."
        return Refusal(what, f"It needed more than the {engine.memory_limit()} of memory that it may take.", fix)
    if "No space left" in said:
        return Refusal(what, "The disk is full.", "Free some disk space and refresh again.")
    return None


def _staging(draft: Draft, rules: Contract, loads: list[Load], moment: Moment) -> None:
    """`staging.<contract>`: the rows in force, the latest load winning each key, as they were known at the moment."""
    name = f"staging.{rules.name}"
    pieces = [_piece(rules, load, part) for load in loads for part in _parts(load, rules)]
    if not pieces:
        columns = ", ".join(f"cast(null as {column.sql_type}) as {column.name}" for column in rules.columns)
        draft.execute(f"create view {name} as select {columns}, {_ORIGIN_NULL} limit 0")
        draft.execute(f"create view staging.hidden_{rules.name} as select {', '.join(rules.key)} from {name}")
        return
    union = " union all by name ".join(pieces)
    shown = ", ".join(
        [_as_known(column.name, column.known, moment) for column in rules.columns]
        + ["load_id", "line_no", "loaded_at", "extra"]
    )
    keys = ", ".join(rules.key)
    if len(pieces) > 1 and not draft.query(f"select count(*) = count(distinct hash({keys})) from ({union})").item():
        turn = f"row_number() over (partition by {keys} order by load_number desc, line_no desc) as turn"
        draft.execute(
            f"create table staging.latest_{rules.name} as select * exclude (turn) from (select *, {turn} from ({union})) where turn = 1"
        )
        union = f"select * from staging.latest_{rules.name}"
    draft.execute(f"create view {name} as select {shown} from ({union}) as said where {_is_known(rules, moment)}")
    if moment.cuts and rules.event:
        hidden = f"select {keys} from ({union}) where {rules.event} > {_instant(moment.as_of)}"
        draft.execute(f"create view staging.hidden_{rules.name} as {hidden}")


_ORIGIN_NULL = (
    "cast(null as varchar) as load_id, cast(null as bigint) as line_no, cast(null as timestamptz) as loaded_at, "
    "cast(null as map(varchar, varchar)) as extra"
)


def _piece(rules: Contract, load: Load, part: check.Part) -> str:
    columns = ", ".join(
        c.name if c.name in part.columns else f"cast(null as {c.sql_type}) as {c.name}" for c in rules.columns
    )
    path, first_line = str(load.checked.folder / part.path), part.first_line
    origin = f"{literal(load.load_id)} as load_id, {_instant(load.loaded_at)} as loaded_at, {load.number} as load_number, extra"
    if first_line is None:
        return f"select {columns}, line_no, {origin} from read_parquet({literal(path)})"
    rows = f"read_parquet({literal(path)}, file_row_number = true)"
    return f"select {columns}, file_row_number + {first_line + 1} as line_no, {origin} from {rows}"


def _is_known(rules: Contract, moment: Moment) -> str:
    """The condition that a row existed at the moment: by its own event, and not before the row that it belongs to."""
    if not moment.cuts:
        return "true"
    own = f"({rules.event} is null or {rules.event} <= {_instant(moment.as_of)})" if rules.event else "true"
    if not rules.known_with:
        return own
    parent = contracts()[rules.known_with]
    same = " and ".join(f"hidden.{key} = said.{key}" for key in parent.key)
    return f"{own} and not exists (select 1 from staging.hidden_{parent.name} as hidden where {same})"


def _as_known(name: str, known: str | None, moment: Moment) -> str:
    if not known or not moment.cuts:
        return name
    return f"case when {known} is null or {known} <= {_instant(moment.as_of)} then {name} end as {name}"


def _instant(at: datetime) -> str:
    return f"timestamptz '{at.astimezone(UTC).isoformat()}'"


def _parts(load: Load, rules: Contract) -> list[check.Part]:
    return [part for part in load.checked.parts if part.contract == rules.name]
