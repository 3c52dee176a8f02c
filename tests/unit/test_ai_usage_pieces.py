"""Lists in pages, answers in pieces and kinds of tokens that nobody knew: no call and no token is lost, and none counts twice."""

import json
from typing import Any

import pytest

from tests.usage_logs import Call, anthropic, buckets, landed, langfuse, lines, openai

AT = "2026-11-14T08:00:0{}Z"
READ = {"input_tokens": 200, "cache_read_input_tokens": 900, "output_tokens": 1}


def page(members: list[dict[str, Any]], **said: Any) -> dict[str, Any]:
    return {"object": "list", "data": members, "first_id": "a", "last_id": "b", "has_more": False, **said}


def start(name: str, second: int, **around: Any) -> dict[str, Any]:
    message = {"id": name, "type": "message", "model": "claude-haiku-5-5", "usage": READ}
    return {"type": "message_start", "timestamp": AT.format(second), "message": message, **around}


def end(written: int, second: int, **around: Any) -> dict[str, Any]:
    delta = {"stop_reason": "end_turn"}
    usage = {"output_tokens": written}
    return {"type": "message_delta", "timestamp": AT.format(second), "delta": delta, "usage": usage, **around}


def counts(rows: Any) -> list[tuple[str, int | None, int | None]]:
    told = rows.select("call_id", "input_token_count", "output_token_count").rows()
    return sorted((("made" if name.startswith("made-") else name, *said) for name, *said in told), key=str)


@pytest.mark.parametrize("make", [openai, anthropic])
def test_a_page_of_a_list_is_its_members(tmp_path, make):
    """Alone in a file, or one page a line; an empty page is a line without a record."""
    made = [make(Call(name, AT.format(1), 50, output=5)) for name in "abc"]
    alone = landed(tmp_path, json.dumps(page(made)), name="page.json")
    assert alone.counts == (3, 3, 0, 0)
    paged = landed(tmp_path, lines([page(made[:2]), page([]), page(made[2:])]), name="pages.jsonl")
    assert paged.counts == (4, 3, 0, 1)
    assert buckets(paged.rows) == buckets(alone.rows) == [(name, 50, 0, 0, 5, 0) for name in "abc"]


def test_the_beginning_and_the_end_of_an_answer_are_one_call(tmp_path):
    """What the end says was written counts, and never the one token of the beginning."""
    inner = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}}
    stop = {"type": "message_stop"}
    log = [start("m1", 1), inner, end(40, 2), end(815, 3), stop, start("m2", 4), end(7, 5)]
    log[2]["delta"] = {}
    found = landed(tmp_path, lines(log))
    assert counts(found.rows) == [("m1", 200, 815), ("m2", 200, 7)]
    assert found.rows["cache_read_token_count"].to_list() == [900, 900]
    assert found.counts == (7, 2, 0, 5)


@pytest.mark.parametrize("name", ["event", "data"])
def test_pieces_in_an_envelope_are_put_together_by_their_id(tmp_path, name):
    """Two answers at the same time, each piece under the number of its request."""
    pieces = [(start("m1", 1), "r1"), (start("m2", 1), "r2"), (end(11, 2), "r2"), (end(22, 3), "r1")]
    log = [{"ts": piece.pop("timestamp"), "request_id": ask, name: piece} for piece, ask in pieces]
    assert counts(landed(tmp_path, lines(log)).rows) == [("m1", 200, 22), ("m2", 200, 11)]


def test_pieces_that_nobody_can_put_together_are_gaps_and_lose_no_token(tmp_path):
    """Two answers at once without an id, one that broke off, and an end alone: beginnings say what was read, ends what was written."""
    log = [start("m1", 1), start("m2", 1), end(11, 2), end(22, 3)]
    found = landed(tmp_path, lines(log))
    assert counts(found.rows) == [("m1", 200, None), ("m2", 200, None), ("made", None, 11), ("made", None, 22)]
    assert counts(landed(tmp_path, lines([start("m1", 1)]), name="one.jsonl").rows) == [("m1", 200, None)]
    assert counts(landed(tmp_path, lines([end(5, 1), end(6, 2)]), name="ends.jsonl").rows) == [
        ("made", None, 5), ("made", None, 6),
    ]  # fmt: skip


def usage(**kinds: int) -> dict[str, Any]:
    return langfuse(Call("a", AT.format(1), 0)) | {"usageDetails": kinds}


CASES = [
    (
        {"input": 100, "input_audio_tokens": 30, "output": 20, "output_audio_tokens": 7, "total": 157},
        (130, 0, 0, 27, 0),
    ),
    ({"input_text": 60, "output_text": 9}, (60, 0, 0, 9, 0)),
    ({"input": 10, "input_cache_creation_5m": 20, "input_cache_creation_1h": 40, "output": 5}, (10, 0, 60, 5, 0)),
    ({"input": 10, "input_cached_tokens": 4, "output": 5, "output_reasoning_tokens": 2, "total": 21}, (10, 4, 0, 5, 2)),
]


@pytest.mark.parametrize(("kinds", "wanted"), CASES)
def test_kinds_of_tokens_that_have_no_name_here_are_kept(tmp_path, kinds, wanted):
    """As JSON of the interface and as a file with the kinds in one cell."""
    found = landed(tmp_path, lines([usage(**kinds)]))
    assert buckets(found.rows) == [("a", *wanted)]
    told = json.dumps(kinds).replace('"', '""')
    text = (
        f'id,trace_id,type,start_time,provided_model_name,usage_details\na,t,GENERATION,{AT.format(1)},m-1,"{told}"\n'
    )
    assert buckets(landed(tmp_path, text, name="log.csv").rows) == [("a", *wanted)]


@pytest.mark.parametrize("total", [16, 14, 500])
def test_a_total_that_is_not_the_sum_of_its_kinds_leaves_the_counts_open(tmp_path, total):
    """So that the call shows as a gap; with the right sum of fifteen it would not."""
    found = landed(tmp_path, lines([usage(input=10, output=5, total=total)]))
    assert counts(found.rows) == [("a", None, None)]
    assert counts(landed(tmp_path, lines([usage(input=10, output=5, total=15)]), name="b.jsonl").rows) == [("a", 10, 5)]
