"""The same calls to models as five systems write them down, and what landing a log makes of it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from pipelines import flow
from pipelines.check import Part
from store.company import create_company


@dataclass(frozen=True)
class Call:
    """One call; `read` and `written` are the parts of `input` that the cache gave and took, `reasoning` is part of `output`."""

    id: str
    at: str
    input: int
    read: int = 0
    written: int = 0
    output: int = 0
    reasoning: int = 0
    model: str = "m-1"


@dataclass(frozen=True)
class Landed:
    """What a log came to: the accepted rows, the rows set aside, and every line accounted for."""

    rows: pl.DataFrame
    set_aside: pl.DataFrame
    part: Part
    because: tuple[str, ...]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Lines in, accepted, set aside, ignored."""
        return self.part.lines_in, self.part.accepted, self.part.set_aside, self.part.ignored


def landed(folder: Path, content: str | bytes, *, name: str = "log.jsonl", **said: object) -> Landed:
    """The log written to the folder and looked at as landing would."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    company = create_company(f"c{len(list(folder.glob('home/*')))}{abs(hash(name)) % 997}{len(content) % 9973}")
    _, found = flow.examine(company, path, is_trusted=True, at=datetime(2026, 11, 20, tzinfo=UTC), **said)  # type: ignore[arg-type]
    [part] = found.parts
    aside = Path(found.folder) / "set_aside.parquet"
    rows = pl.read_parquet(Path(found.folder) / part.path)
    return Landed(rows, pl.read_parquet(aside) if aside.exists() else pl.DataFrame(), part, found.because)


def lines(records: Iterable[dict]) -> str:
    """The records as JSON lines."""
    return "".join(json.dumps(record) + "\n" for record in records)


def nanos(at: str) -> str:
    """An ISO instant in billionths of seconds since 1970, as the collector writes it."""
    return str(int(datetime.fromisoformat(at).timestamp()) * 10**9)


def attributes(call: Call) -> dict:
    """The attributes of a span by the GenAI conventions."""
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "p",
        "gen_ai.request.model": call.model,
        "gen_ai.usage.input_tokens": call.input,
        "gen_ai.usage.cache_read.input_tokens": call.read,
        "gen_ai.usage.cache_creation.input_tokens": call.written,
        "gen_ai.usage.output_tokens": call.output,
        "gen_ai.usage.reasoning.output_tokens": call.reasoning,
    }


def span(call: Call, **more: object) -> dict:
    """One call as a span that stands alone on its line."""
    context = {"trace_id": "t", "span_id": call.id}
    return {
        "name": f"chat {call.model}",
        "context": context,
        "start_time": call.at,
        "attributes": attributes(call),
        **more,
    }


def typed(value: object) -> dict:
    """A value as the collector writes it: whole numbers as texts."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    return {"doubleValue": value} if isinstance(value, float) else {"stringValue": value}


def collector_span(call: Call, said: dict | None = None, *, name: str = "chat m-1", parent: str = "") -> dict:
    """One span within a line of the collector."""
    pairs = [{"key": key, "value": typed(value)} for key, value in (said or attributes(call)).items()]
    return {
        "traceId": "t",
        "spanId": call.id,
        "parentSpanId": parent,
        "name": name,
        "kind": 3,
        "startTimeUnixNano": nanos(call.at),
        "endTimeUnixNano": nanos(call.at),
        "attributes": pairs,
        "status": {},
    }


def collector_line(spans: Sequence[dict]) -> dict:
    """A line of the collector's file exporter."""
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "desk"}}]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {"name": "s"}, "spans": list(spans)}]}]}


def openai(call: Call) -> dict:
    """The call as a logged chat completion; its prompt count holds what the cache gave and took."""
    usage = {
        "prompt_tokens": call.input,
        "completion_tokens": call.output,
        "prompt_tokens_details": {"cached_tokens": call.read, "cache_write_tokens": call.written},
        "completion_tokens_details": {"reasoning_tokens": call.reasoning},
    }
    body = {"id": call.id, "object": "chat.completion", "model": call.model, "choices": [], "usage": usage}
    return {"timestamp": call.at, "response": body}


def anthropic(call: Call) -> dict:
    """The call as a logged message; its input count leaves out what the cache gave and took."""
    usage = {
        "input_tokens": call.input - call.read - call.written,
        "cache_read_input_tokens": call.read,
        "cache_creation_input_tokens": call.written,
        "output_tokens": call.output,
        "output_tokens_details": {"thinking_tokens": call.reasoning},
    }
    body = {"id": call.id, "type": "message", "role": "assistant", "model": call.model, "stop_reason": "end_turn"}
    return {"timestamp": call.at, "response": {**body, "content": [], "usage": usage}}


def litellm(call: Call) -> dict:
    """The call as a row of LiteLLM's spend logs."""
    usage = {
        "cache_read_input_tokens": call.read,
        "cache_creation_input_tokens": call.written,
        "completion_tokens_details": {"reasoning_tokens": call.reasoning},
    }
    return {
        "request_id": call.id,
        "call_type": "acompletion",
        "spend": 0.001,
        "prompt_tokens": call.input,
        "completion_tokens": call.output,
        "startTime": call.at,
        "endTime": call.at,
        "model": call.model,
        "metadata": {"usage_object": usage},
        "request_tags": [],
    }


def langfuse(call: Call) -> dict:
    """The call as a generation of Langfuse, whose buckets do not overlap."""
    usage = {
        "input": call.input - call.read - call.written,
        "input_cached_tokens": call.read,
        "cache_creation_input_tokens": call.written,
        "output": call.output - call.reasoning,
        "output_reasoning_tokens": call.reasoning,
    }
    head = {"id": call.id, "traceId": "t", "type": "GENERATION", "startTime": call.at, "endTime": call.at}
    return {**head, "model": call.model, "usageDetails": usage}


def buckets(rows: pl.DataFrame) -> list[tuple]:
    """Of each call the tokens in buckets that do not overlap: uncached, read, written, visible output, reasoning."""
    read, written = (pl.col(f"cache_{way}_token_count").fill_null(0) for way in ("read", "write"))
    uncached = (
        pl.when(pl.col("token_rule_code") == "excluded")
        .then(pl.col("input_token_count"))
        .otherwise(pl.col("input_token_count") - read - written)
    )
    reasoning = pl.col("reasoning_token_count").fill_null(0)
    visible = pl.col("output_token_count") - reasoning
    return sorted(rows.select("call_id", uncached.alias("u"), read, written, visible.alias("v"), reasoning).rows())
