"""The same calls are the same calls, whoever wrote them down; parents, tools and answers in pieces add no token."""

import gzip
import json

import pytest

from tests.usage_logs import (
    Call,
    anthropic,
    attributes,
    buckets,
    collector_line,
    collector_span,
    landed,
    langfuse,
    lines,
    litellm,
    openai,
    span,
)

CALLS = [
    Call("a", "2026-11-14T08:00:00+00:00", 1200, read=900, written=100, output=80, reasoning=30),
    Call("b", "2026-11-14T08:05:00+00:00", 500, output=20),
    Call("c", "2026-11-15T23:59:59+00:00", 100_000, read=99_000, output=1),
]
SHAPES = {
    "collector": lambda: lines([collector_line([collector_span(call) for call in CALLS])]),
    "span a line": lambda: lines(map(span, CALLS)),
    "openai": lambda: lines(map(openai, CALLS)),
    "anthropic": lambda: lines(map(anthropic, CALLS)),
    "litellm": lambda: lines(map(litellm, CALLS)),
    "langfuse": lambda: lines(map(langfuse, CALLS)),
}
# Uncached, read, written, visible and reasoning tokens, by hand.
BY_HAND = [("a", 200, 900, 100, 50, 30), ("b", 500, 0, 0, 20, 0), ("c", 1000, 99_000, 0, 1, 0)]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_calls_give_the_same_tokens_in_every_shape(tmp_path, shape):
    found = landed(tmp_path, SHAPES[shape]())
    said = [(name.removeprefix("t-"), *counts) for name, *counts in buckets(found.rows)]
    assert said == BY_HAND
    assert found.counts[1:] == (3, 0, 0)
    assert sorted(at.isoformat() for at in found.rows["called_at"]) == [call.at for call in CALLS]
    assert set(found.rows["served_model_name"]) == {"m-1"}


@pytest.mark.parametrize("shape", ["openai", "litellm", "langfuse", "anthropic", "span a line"])
def test_an_array_a_packed_file_and_a_marked_file_are_the_same_log(tmp_path, shape):
    text = SHAPES[shape]()
    records = [json.loads(line) for line in text.splitlines()]
    plain = landed(tmp_path, text)
    for name, content in {
        "array.json": json.dumps(records, indent=2).encode(),
        "one_line.json": json.dumps(records).encode(),
        "wrapped.json": json.dumps({"data": records, "meta": {"page": 1}}).encode(),
        "marked.jsonl": b"\xef\xbb\xbf" + text.encode(),
        "packed.jsonl.gz": gzip.compress(text.encode()),
        "wide.jsonl": text.encode("utf-16"),
        "windows.jsonl": text.replace("\n", "\r\n").encode(),
    }.items():
        again = landed(tmp_path, content, name=name)
        assert buckets(again.rows) == buckets(plain.rows), name
        assert again.counts == (3, 3, 0, 0), name


def test_a_line_of_the_collector_with_many_spans_counts_each_of_them(tmp_path):
    """Three spans on two lines are three records; each has a number of its own, in the order of the file."""
    spans = [collector_span(call) for call in CALLS]
    found = landed(tmp_path, lines([collector_line(spans[:2]), collector_line(spans[2:]), collector_line([])]))
    assert found.counts == (4, 3, 0, 1)
    assert sorted(found.rows["line_no"]) == [1, 2, 3]


def test_parents_and_tools_repeat_tokens_and_do_not_count(tmp_path):
    """An agent of two calls says the sum of both, its workflow says it again; 400 tokens were read, not 1,200."""
    at = "2026-11-14T08:00:00+00:00"
    total = {"gen_ai.usage.input_tokens": 400, "gen_ai.usage.output_tokens": 40, "gen_ai.request.model": "m-1"}
    parents = [
        collector_span(Call(name, at, 0), {"gen_ai.operation.name": name, **total}, name="clerk", parent="")
        for name in ("invoke_agent", "invoke_workflow", "execute_tool", "fetch_response")
    ]
    unnamed = collector_span(Call("old", at, 0), {**total}, name="invoke_agent clerk")
    other = collector_span(Call("http", at, 0), {"http.request.method": "POST"}, name="POST /v1")
    calls = [collector_span(Call(name, at, 200, output=20), parent="invoke_agent") for name in ("one", "two")]
    found = landed(tmp_path, lines([collector_line([*parents, unnamed, other, *calls])]))
    assert found.counts == (8, 2, 0, 6)
    assert (found.rows["input_token_count"].sum(), found.rows["output_token_count"].sum()) == (400, 40)


def test_a_call_that_two_libraries_traced_counts_once(tmp_path):
    """A framework's span repeats that of the client below it; one whose tool made another call has tokens of its own."""
    at = "2026-11-14T08:00:00+00:00"
    twice = Call("frame", at, 500, output=50)
    inner = [
        collector_span(Call("http", at, 0), {"http.request.method": "POST"}, name="POST", parent="frame"),
        collector_span(Call("client", at, 500, output=50), parent="http"),
    ]
    own = collector_span(Call("outer", at, 70, output=7))
    tool = collector_span(
        Call("tool", at, 0), {"gen_ai.operation.name": "execute_tool"}, name="execute_tool x", parent="outer"
    )
    nested = collector_span(Call("nested", at, 30, output=3), parent="tool")
    lot = [collector_line([one]) for one in (nested, tool, own, *inner, collector_span(twice))]
    found = landed(tmp_path, lines(lot))
    assert sorted(found.rows["call_id"]) == ["t-client", "t-nested", "t-outer"]
    assert found.counts == (6, 3, 0, 3)
    assert found.rows["input_token_count"].sum() == 600


def test_a_span_that_names_itself_as_its_parent_counts(tmp_path):
    at = "2026-11-14T08:00:00+00:00"
    lot = [
        collector_span(Call("a", at, 5, output=1), parent="a"),
        collector_span(Call("b", at, 5, output=1), parent="c"),
    ]
    lot.append(collector_span(Call("c", at, 9, output=1), parent="b"))
    found = landed(tmp_path, lines([collector_line(lot)]))
    assert found.rows["input_token_count"].sum() == 19


def test_older_names_of_the_conventions_are_known(tmp_path):
    said = {
        "gen_ai.system": "openai",
        "gen_ai.request.model": "m-1",
        "gen_ai.usage.prompt_tokens": 500,
        "gen_ai.usage.completion_tokens": 7,
        "gen_ai.usage.input_tokens.cached": 300,
        "gen_ai.usage.cache_write.input_tokens": 50,
        "gen_ai.usage.output_tokens.reasoning": 3,
    }
    found = landed(tmp_path, lines([span(Call("a", "2026-11-14T08:00:00Z", 0)) | {"attributes": said}]))
    assert buckets(found.rows) == [("t-a", 150, 300, 50, 4, 3)]
    assert found.rows["provider_name"].item() == "openai"


def test_an_answer_in_pieces_counts_once(tmp_path):
    """Chunks of a stream share an id, and only the last one carries the usage."""
    chunk = {"id": "c-1", "object": "chat.completion.chunk", "created": 1763107200, "model": "m-1"}
    last = {**chunk, "usage": {"prompt_tokens": 9, "completion_tokens": 4}}
    found = landed(tmp_path, lines([{**chunk, "usage": None}, chunk, last]))
    assert found.counts == (3, 1, 0, 2)
    assert found.rows["input_token_count"].to_list() == [9]


def test_failed_calls_and_retries_are_kept(tmp_path):
    """A timeout that was tried again is two calls: the first failed and names no tokens, the second names the first."""
    failed = span(Call("a", "2026-11-14T08:00:00Z", 0), status={"status_code": "ERROR"})
    failed["attributes"] = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m-1", "error.type": "ReadTimeout"}
    again = span(CALLS[0]) | {"context": {"trace_id": "t", "span_id": "b"}}
    again["attributes"] = {**attributes(CALLS[0]), "retry_of": "t-a"}
    found = landed(tmp_path, lines([failed, again]))
    told = found.rows.select("call_id", "status_code", "input_token_count", "retry_of_call_id").sort("call_id").rows()
    assert told == [("t-a", "timeout", None, None), ("t-b", "ok", 1200, "t-a")]


def test_a_hit_of_an_own_cache_is_told_from_one_of_the_provider(tmp_path):
    hit = litellm(CALLS[0]) | {"cache_hit": "True", "spend": 0}
    found = landed(tmp_path, lines([hit, litellm(CALLS[1]) | {"cache_hit": "None"}]))
    assert found.rows.sort("call_id")["is_local_hit"].to_list() == [True, False]


def test_what_was_written_and_answered_is_not_copied_beside_the_row(tmp_path):
    """Prompts and answers hold people's names; they stay in the landed file only."""
    told = {"messages": [{"content": "Dear Ms Secret"}], "response": {"choices": [{"content": "Dear Ms Secret"}]}}
    for name, record in {"litellm": litellm(CALLS[0]) | told, "openai": openai(CALLS[0])}.items():
        record.get("response", {}).setdefault("choices", [{"message": {"content": "Dear Ms Secret"}}])
        found = landed(tmp_path, lines([record]), name=f"{name}.jsonl")
        assert "Secret" not in str(found.rows.to_dicts())
