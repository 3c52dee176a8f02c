"""Calls to models with usual tokens, and what the real SQL says that they cost, in dollars."""

from typing import Any

from tests.worlds import World, world

NOON = "2026-11-02T12:00:00Z"
USD_PER_EUR = 1.13


def call(call_id: str = "K", **said: Any) -> dict[str, Any]:
    usual = {"provider_name": "anthropic", "served_model_name": "claude-haiku-5-5", "called_at": NOON}
    return {"call_id": call_id, **usual, "input_token_count": 1000, "output_token_count": 1000, **said}


def dollars(**said: Any) -> float | None:
    """What one call costs by the table, in dollars."""
    return in_dollars(world("core.ai_calls", ai_calls=[call(**said)]))[0]


def in_dollars(made: World, column: str = "computed_cost") -> list[float | None]:
    found = made.query(f"select cast({column} as double) * {USD_PER_EUR} as cost from core.ai_calls order by call_id")
    return found["cost"].to_list()


def gap(**said: Any) -> str | None:
    made = world("core.ai_calls", ai_calls=[call(**said)])
    row = made.query("select computed_cost, gap_text, unpriced_token_count, token_count from core.ai_calls").row(
        0, named=True
    )
    assert row["computed_cost"] is None, "a gap is never nought"
    assert row["unpriced_token_count"] == row["token_count"]
    return row["gap_text"]


def priced(act: dict[str, Any], number: int = 1) -> dict[str, Any]:
    return {
        "act_id": f"s{number}",
        "act_no": number,
        "kind": "set_price",
        "subject": act["model"],
        "who": "cfo",
        "at": None,
        "payload": act,
    }
