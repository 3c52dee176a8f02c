"""Closed months of AI value as people's acts froze them, and what this build's own figures are made with, to compare the two."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from metrics.definition import definitions
from models.ai_economics.restating import OWN, causes
from pipelines import ai_frozen_plans
from pipelines.ai_catalogue import price_version
from pipelines.force import Load
from pipelines.graph import graph, model_of
from pipelines.scoring import pins
from pipelines.table import tables
from store.warehouse import Draft

NORTH_STAR = "marts.north_star"
ASSUMED_SQL = (
    "select assumption_name, assumed_number, low_number, high_number from raw.assumptions order by assumption_name"
)
USE_CASES_SQL = "select use_case_id, definition_text from raw.use_cases order by use_case_id"
PRICES_SQL = "select provider_name, model_name, author_name, * from raw.ai_prices"
HELD_SQL = "select assumption_name, assumed_number, low_number, high_number, valid_from_date, valid_to_date from raw.assumption_history"
# Acts that are no data: what they change is told by its own name.
NO_DATA = frozenset(
    {
        *("assume", "use_case", "ai_control", "place", "set_line", "set_price", "close_month", "pin", "set_target"),
        *("keep_register", "technique", "access"),
    }
)
COLUMNS = {
    **dict.fromkeys(("month_date",), "date"),
    "closing_no": "bigint",
    "is_latest": "boolean",
    **dict.fromkeys(("figure_name", "use_case_id"), "varchar"),
    "frozen_amount": "decimal(18, 4)",
    **dict.fromkeys(("evidence_grade", "actor_name"), "varchar"),
    "acted_at": "timestamptz",
    **dict.fromkeys(("reason_text", "build_id", "build_hash_text", "definitions_text", "prices_text"), "varchar"),
    **dict.fromkeys(("assumptions_hash_text", "seal_text", "changed_text"), "varchar"),
}
# What the figures of a build are made with, by the name under which a closing keeps it: the columns of `raw.ai_basis`.
BASIS = {
    "definitions": "definitions_text",
    "price_version_code": "prices_text",
    "price_rows_hash": "price_rows_hash_text",
    "registry_hash": "registry_hash_text",
    "assumptions": "assumptions_text",
    "assumptions_hash": "assumptions_hash_text",
    "data_hash": "data_hash_text",
}


def make(draft: Draft, acts: Iterable[Mapping[str, Any]], data_hash: str = "none") -> None:
    """`raw.ai_closes` (a row for each frozen figure of each version of a closed month), `raw.ai_basis` (one row) and the frozen plans.

    Args:
        draft: it has the prices, use cases and assumptions already; what it has not counts as none.
        acts: all acts that go into the build.
        data_hash: of the data that the build is made from, see `data_in_force`.
    """
    acts = list(acts)
    empty(draft)
    ai_frozen_plans.fill(draft, acts)
    now = _basis(draft, acts, data_hash)
    rows = frozen(acts, now, _rows(draft, "raw.assumption_history", HELD_SQL))
    draft.fill("raw.ai_closes", ([row[name] for name in COLUMNS] for row in rows))
    draft.fill("raw.ai_basis", [[text_of(part) if isinstance(part, Mapping) else part for part in now.values()]])


def empty(draft: Draft) -> None:
    """`raw.ai_closes`, `raw.ai_basis` and `raw.ai_frozen_plans` without a row."""
    columns = ", ".join(f"{name} {sql_type}" for name, sql_type in COLUMNS.items())
    draft.execute(f"create table raw.ai_closes ({columns})")
    draft.execute(f"create table raw.ai_basis ({', '.join(f'{name} varchar' for name in BASIS.values())})")
    ai_frozen_plans.empty(draft)


def data_in_force(loads: Iterable[Load], acts: Iterable[Mapping[str, Any]], as_of: datetime) -> str:
    """A hash of the data that figures rest on: the loads in force, what people and agents decided, and the moment it is known at."""
    held = [[load.load_id, load.payload["file_hash"], load.payload["sheets"]] for load in loads]
    return _hash([held, [act.get("act_hash") for act in acts if act["kind"] not in NO_DATA], as_of.isoformat()])


def _basis(draft: Draft, acts: list[Mapping[str, Any]], data_hash: str) -> dict[str, Any]:
    assumed = _rows(draft, "raw.assumptions", ASSUMED_SQL)
    return {
        "definitions": definitions_in_force(acts),
        "price_version_code": prices_in_force(acts),
        "price_rows_hash": text_of(_by_model(_rows(draft, "raw.ai_prices", PRICES_SQL))),
        "registry_hash": _hash(_rows(draft, "raw.use_cases", USE_CASES_SQL)),
        "assumptions": {name: _assumed(*said) for name, *said in assumed},
        "assumptions_hash": _hash(assumed),
        "data_hash": data_hash,
    }


def _by_model(rows: list[tuple[Any, ...]]) -> dict[str, str]:
    """Provider and model → a hash of its prices: a model that comes into use later changes nothing of what others cost."""
    found: dict[str, list[str]] = {}
    own = set[str]()
    for provider, model, author, *said in rows:
        name = f"{provider} {model}".strip()
        found.setdefault(name, []).append(repr(said))
        own |= {name} if author else set()
    return {name: _hash(sorted(said))[:12] + (OWN if name in own else "") for name, said in found.items()}


def _rows(draft: Draft, table: str, sql: str) -> list[tuple[Any, ...]]:
    return draft.query(sql).rows() if draft.has(table) else []


def _assumed(value: float, low: float, high: float) -> str:
    return f"{value!r} ({low!r} to {high!r})"


def _in_month(
    month: str, then: Mapping[str, Any], now: Mapping[str, Any], held: Iterable[tuple[Any, ...]]
) -> dict[str, Any]:
    """What a closed month rests on of assumptions now: those in force in it, for no later one moves its figures.

    A closing keeps what was assumed on its own day: what is the same today has not changed since, whatever held in the month. A name that
    it does not know is no change: whatever reads it now is a definition that has changed.
    """
    first, kept, today = date.fromisoformat(f"{month}-01"), then.get("assumptions") or {}, now.get("assumptions") or {}
    here = {name: _assumed(*said) for name, *said, since, until in held if name in kept and since <= first < until}
    if not kept or not here:
        return {}
    here |= {name: said for name, said in kept.items() if today.get(name) == said}
    has_changed = any(kept.get(name) != here.get(name) for name in kept.keys() | here.keys())
    return {
        "assumptions": here,
        "assumptions_hash": now["assumptions_hash"] if has_changed else then["assumptions_hash"],
    }


def frozen(
    acts: Iterable[Mapping[str, Any]], now: Mapping[str, Any], held: Iterable[tuple[Any, ...]] = ()
) -> Iterator[dict[str, Any]]:
    """A row for each frozen figure of each version of each closed month, with what has changed since by what figures are made with now.

    Args:
        acts: all acts that go into the build.
        now: what the figures of now are made with (`BASIS`).
        held: name, value, lowest and highest of each assumption, and the first day from which and until which it held.
    """
    held = list(held)
    closings = [act for act in acts if act["kind"] == "close_month"]
    latest = {act["subject"]: act["act_id"] for act in closings}
    for act in closings:
        said, made_with = act["payload"], act["payload"]["made_with"]
        changed = ", ".join(causes(made_with, {**now, **_in_month(act["subject"], made_with, now, held)}))
        for figure in said["figures"]:
            yield {
                "month_date": f"{act['subject']}-01",
                "closing_no": said["version"],
                "is_latest": latest[act["subject"]] == act["act_id"],
                "figure_name": figure["figure_name"],
                "use_case_id": figure["use_case_id"],
                "frozen_amount": Decimal(figure["amount"]),
                "evidence_grade": figure["evidence_grade"] or None,
                "actor_name": act["who"],
                "acted_at": act["at"],
                "reason_text": said["reason"],
                "build_id": made_with["build_id"],
                "build_hash_text": made_with["content_hash"],
                "definitions_text": text_of(made_with["definitions"]),
                "prices_text": made_with["price_version_code"],
                "assumptions_hash_text": made_with["assumptions_hash"],
                "seal_text": said["seal"],
                "changed_text": changed,
            }


def definitions_in_force(acts: Iterable[Mapping[str, Any]] = ()) -> dict[str, str]:
    """What the figures of a month mean now: all that they rest on.

    Every statement under them by its hash, every model among those by its version (a pinned one by that), and the metrics of the
    figures themselves by theirs.
    """
    known, whole, pinned = tables(), graph(), pins([dict(act) for act in acts])
    names = _ancestry()
    said = {name: _hash(_bare(known[name].sql))[:12] for name in sorted(names & known.keys())}
    for model in {made.code: made for name in names if (made := model_of(name))}.values():
        said[f"model {model.code}"] = f"version {pinned[model.code].version if model.code in pinned else model.newest}"
    near = {NORTH_STAR, *(whole[NORTH_STAR].reads if NORTH_STAR in whole else ())}
    return said | {one.name: f"version {one.version}" for one in definitions().values() if one.reads in near & names}


def _ancestry() -> set[str]:
    """The north star and every table of the build that it rests on."""
    whole, found, waiting = graph(), set[str](), {NORTH_STAR}
    while waiting:
        name = waiting.pop()
        if name in whole:
            found.add(name)
            waiting |= whole[name].reads - found
    return found


def prices_in_force(acts: Iterable[Mapping[str, Any]]) -> str:
    """The version of the price list, and of the company's own prices where it has set any.

    >>> prices_in_force([])
    'genai-prices 0.2.3'
    """
    own = [[act["subject"], act["payload"]] for act in acts if act["kind"] == "set_price"]
    return f"{price_version()} and own prices {_hash(own)[:12]}" if own else price_version()


def text_of(said: Mapping[str, Any]) -> str:
    """The one JSON text of a mapping, by which two can be compared.

    >>> text_of({"b": 1, "a": 2})
    '{"a":2,"b":1}'
    """
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def _bare(sql: str) -> str:
    """A statement without remarks and line breaks, which mean nothing."""
    lines = [line.split("--")[0] for line in sql.splitlines()]
    return " ".join(" ".join(lines).split())


def _hash(said: Any) -> str:
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()
