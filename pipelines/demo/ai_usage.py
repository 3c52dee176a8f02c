"""The demo company's calls to models as two gateways tell them: spans of an OpenTelemetry collector, and spend rows of a LiteLLM proxy."""

import json
from typing import Any

import numpy as np
import polars as pl

from pipelines.demo import ai_models
from pipelines.demo.ai_calls import CUT_OFF, DOCUMENTS, FINE, KINDS, TIMED_OUT, TURNED_AWAY, calls
from pipelines.demo.ai_models import MODELS
from pipelines.demo.columns import in_utc
from pipelines.demo.world import World

SCOPE, SERVICE = "northgate.gateway", "ai-gateway"
ERRORS = {TIMED_OUT: "timeout", TURNED_AWAY: "rate_limit", CUT_OFF: "incomplete"}
ERROR_CLASSES = {TIMED_OUT: "Timeout", TURNED_AWAY: "RateLimitError", CUT_OFF: "APIError"}
PROXY_COLUMNS = (
    "request_id", "call_type", "model", "model_group", "custom_llm_provider", "prompt_tokens", "completion_tokens", "total_tokens",
    "spend", "startTime", "endTime", "completionStartTime", "status", "cache_hit", "team_id", "user", "session_id", "request_tags",
    "metadata",
)  # fmt: skip


def spans(world: World, since: int) -> pl.DataFrame:
    """The collector's file after a day: one line a run, each line a batch with the spans of its calls; one column of JSON.

    Input tokens include cached ones, as the conventions for generative AI have it; what was turned away tells of no tokens.
    """
    found = _of_gateway(calls(world, since), is_proxy=False)
    if not found:
        return pl.DataFrame({"line": []}, schema={"line": pl.String})
    began = _utc_ms(found["began"])
    trace, span = _ids(world, found)
    sites, rows = world.net.sites.code, {name: values.tolist() for name, values in found.items()}
    lines: list[str] = []
    batch: list[dict] = []
    for at in range(len(began)):
        call = {name: values[at] for name, values in rows.items()}
        site = str(sites[call["site"]]) if call["site"] >= 0 else None
        retried = f"{trace[at]}-{span[call['retry_of']]}" if call["retry_of"] >= 0 else None
        said = _attributes(call, site, retried)
        status = {"code": 2, "message": ERRORS[call["status"]]} if call["status"] != FINE else {"code": 0}
        batch.append({
            "traceId": trace[at], "spanId": span[at], "name": f"chat {MODELS[call['model']].requested}", "kind": 3,
            "startTimeUnixNano": f"{began[at]}000000", "endTimeUnixNano": f"{began[at] + call['took']}000000",
            "attributes": [{"key": key, "value": _value(value)} for key, value in said.items() if value is not None],
            "status": status,
        })  # fmt: skip
        if at + 1 == len(began) or rows["run"][at + 1] != call["run"]:
            lines.append(_batch(batch))
            batch = []
    return pl.DataFrame({"line": lines})


def spend(world: World, since: int) -> pl.DataFrame:
    """The proxy's spend rows after a day: the summaries of suppliers' documents, with the spend in USD that it reckoned itself."""
    found = _of_gateway(calls(world, since), is_proxy=True)
    if not found:
        return pl.DataFrame({name: [] for name in PROXY_COLUMNS}, schema=dict.fromkeys(PROXY_COLUMNS, pl.String))
    began, cost, (_, ids) = _utc_ms(found["began"]), ai_models.cost(found), _ids(world, found)
    lines = []
    for at in range(len(began)):
        call = {name: values[at] for name, values in found.items()}
        model, kind = MODELS[call["model"]], KINDS[call["kind"]]
        is_fine = call["status"] == FINE
        details = {
            "use_case": kind.use_case, "case_id": call["case"], "step": _step(call), "site_id": str(world.net.sites.code[call["site"]]),
            "role": kind.role, "error_information": {"error_class": ERROR_CLASSES[call["status"]]} if not is_fine else None,
            "retry_of": f"chatcmpl-{ids[call['retry_of']]}" if call["retry_of"] >= 0 else None,
            "usage_object": {
                "prompt_tokens": int(call["input"]), "completion_tokens": int(call["output"]),
                "prompt_tokens_details": {"cached_tokens": int(call["cached"])},
            },
        }  # fmt: skip
        lines.append((
            f"chatcmpl-{ids[at]}", "acompletion", model.served, model.requested, model.provider, str(call["input"]), str(call["output"]),
            str(call["input"] + call["output"]), f"{cost[at]:.10f}", _moment(began[at]), _moment(began[at] + call["took"]),
            _moment(began[at] + call["first"]) if is_fine else "", "success" if is_fine else "failure", "False", "procurement", kind.role,
            f"run-{call['key'] & 0xFFFFFFFFFFFF:012x}", json.dumps([f"use_case:{kind.use_case}", f"case:{call['case']}"]),
            json.dumps({name: said for name, said in details.items() if said is not None}),
        ))  # fmt: skip
    return pl.DataFrame(lines, schema=dict.fromkeys(PROXY_COLUMNS, pl.String), orient="row")


def _of_gateway(found: dict[str, np.ndarray], *, is_proxy: bool) -> dict[str, np.ndarray]:
    """The calls of one gateway, with the places of their first attempts among themselves."""
    if not found:
        return {}
    mine = (found["kind"] == DOCUMENTS) == is_proxy
    place = np.cumsum(mine) - 1
    chosen = {name: values[mine] for name, values in found.items()}
    chosen["retry_of"] = np.where(chosen["retry_of"] >= 0, place[chosen["retry_of"]], -1)
    return chosen if mine.any() else {}


def _attributes(call: dict[str, Any], site: str | None, retried: str | None) -> dict[str, Any]:
    """What a span says of its call, under the names of the conventions and, for the company's own, under crossdock."""
    model, kind = MODELS[call["model"]], KINDS[call["kind"]]
    said: dict[str, Any] = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": model.provider, "gen_ai.request.model": model.requested,
        "gen_ai.agent.name": kind.workflow, "gen_ai.usage.input_tokens": call["input"], "gen_ai.usage.output_tokens": call["output"],
    }  # fmt: skip
    if call["status"] in (FINE, CUT_OFF):
        said |= {"gen_ai.response.model": model.served, "gen_ai.response.time_to_first_chunk": call["first"] / 1000}
    details = {
        "cache_read.input_tokens": call["cached"], "cache_creation.input_tokens": call["cache_written"],
        "reasoning.output_tokens": call["thought"],
    }  # fmt: skip
    said |= {f"gen_ai.usage.{name}": count for name, count in details.items() if count}
    return said | {
        "error.type": ERRORS.get(call["status"]), "crossdock.use_case": kind.use_case, "crossdock.case_id": call["case"],
        "crossdock.step": _step(call), "crossdock.site_id": site, "crossdock.role": kind.role,
        "crossdock.retry_of": retried, "crossdock.tool_call_count": call["tools"] or None,
    }  # fmt: skip


def _step(call: dict[str, Any]) -> str:
    steps = KINDS[call["kind"]].steps
    if call["is_last"]:
        return steps[-1] if call["turn"] or len(steps) > 2 else steps[0]
    return steps[0] if call["turn"] == 0 else steps[len(steps) // 2]


def _value(value: Any) -> dict[str, Any]:
    """A value as the protocol writes it: whole numbers as texts."""
    if isinstance(value, str):
        return {"stringValue": value}
    return {"intValue": str(value)} if isinstance(value, int) else {"doubleValue": value}


def _batch(batch: list[dict]) -> str:
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": SERVICE}}]}
    scopes = [{"scope": {"name": SCOPE}, "spans": batch}]
    return json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": scopes}]}, separators=(",", ":"))


def _ids(world: World, found: dict[str, np.ndarray]) -> tuple[list[str], list[str]]:
    """Trace and span ids as the protocol has them, 32 and 16 characters."""
    dice, key = world.net.dice, found["key"]
    halves = [dice.bits(f"ai.trace.{half}", key).tolist() for half in ("a", "b")]
    spans_ = dice.bits("ai.span", key, found["turn"], (found["retry_of"] >= 0).astype(np.int64)).tolist()
    return [f"{a:016x}{b:016x}" for a, b in zip(*halves, strict=True)], [f"{number:016x}" for number in spans_]


def _utc_ms(wall: np.ndarray) -> list[int]:
    """Milliseconds since the epoch of what the company's clocks show in milliseconds."""
    return in_utc(pl.Series(wall).cast(pl.Datetime("ms"))).dt.epoch("ms").to_list()


def _moment(ms: int) -> str:
    return f"{np.datetime64(int(ms), 'ms')}Z"
