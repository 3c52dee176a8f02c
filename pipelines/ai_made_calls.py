"""The calls to language models that Crossdock itself made, as the acts that they led to keep them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from store.warehouse import Draft

COUNTS = (
    "input_token_count", "cache_read_token_count", "cache_write_token_count", "output_token_count", "reasoning_token_count",
)  # fmt: skip
COLUMNS = {
    **dict.fromkeys(("call_id", "provider_name", "requested_model_name", "served_model_name", "use_case_name"), "varchar"),
    **dict.fromkeys(("workflow_id", "case_id", "step_name", "operation_name", "role_name"), "varchar"),
    **dict.fromkeys(COUNTS, "bigint"),
    **dict.fromkeys(("service_tier_code", "status_code"), "varchar"),
    "latency_ms": "double",
    "reported_cost": "decimal(24, 12)",
    "cost_currency_code": "varchar",
    "is_batch": "boolean",
    "called_at": "timestamptz",
}  # fmt: skip
# The oldest acts name the letter that a call worded instead of the use case.
LETTERS = {"supplier message": "A2", "customer message": "A5", "carrier message": "T1"}


def make(draft: Draft, acts: Iterable[Mapping[str, Any]]) -> None:
    """`raw.ai_made_calls`, made in the draft: one row a call."""
    empty(draft)
    calls = (call for act in acts for call in calls_of(act))
    draft.fill("raw.ai_made_calls", ([call[name] for name in COLUMNS] for call in calls))


def empty(draft: Draft) -> None:
    """`raw.ai_made_calls` without a row."""
    columns = ", ".join(f"{name} {sql_type}" for name, sql_type in COLUMNS.items())
    draft.execute(f"create table raw.ai_made_calls ({columns})")


def calls_of(act: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The calls that an act took, from its note; the oldest acts tell only the use case, the model and two counts of tokens.

    >>> act = {
    ...     "act_id": "a1",
    ...     "at": None,
    ...     "payload": {"note": {"ai_calls": [{"input_token_count": 9}]}},
    ... }
    >>> [(call["call_id"], call["input_token_count"], call["output_token_count"]) for call in calls_of(act)]
    [('a1-1', 9, None)]
    """
    note = act["payload"].get("note")
    calls = note.get("ai_calls") if isinstance(note, Mapping) else None
    for number, call in enumerate(calls or (), start=1):
        row = {name: call.get(name) for name in COLUMNS}
        row |= {name: row[name] or None for name, sql_type in COLUMNS.items() if sql_type == "varchar"}
        row |= {"call_id": row["call_id"] or f"{act['act_id']}-{number}", "called_at": row["called_at"] or act["at"]}
        told = str(row["use_case_name"] or "")
        row["use_case_name"] = LETTERS.get(told.replace("_", " "), told) or None
        if call.get("is_estimated"):
            # What nobody counted was reckoned at the most it can have been, for the budget; as a cost it would be made up.
            row |= dict.fromkeys(COUNTS)
        yield row
