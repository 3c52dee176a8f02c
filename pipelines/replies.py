"""Raw replies of model providers out of the envelopes in which they are logged, in one shape of their own."""

from pipelines.json_lines import record_hash
from pipelines.spans import moment

WHEN = (
    *("requested_at", "request_time", "started_at", "start_time", "timestamp", "ts", "time", "logged_at"),
    *("created_at", "created", "date"),
)
ENVELOPES = (("response", "body"), ("result", "message"), ("response",), ("message",), ("body",), ("reply",))
FAILURES = (("response", "body"), ("result",), ("response",), ("body",), ())
OPENAI, ANTHROPIC = "openai", "anthropic"


def reply(record: dict) -> dict | None:
    """A record that holds a provider's raw reply, as `reply.…` (its own fields) and `log.…` (those around it); else None.

    `log.provider` says whose it is, `log.tool_call_count` how many tools it asked for, `log.called_at` when (by the log, or else
    by the reply), and `log.record_id` is made of the whole record where the reply has no id.

    >>> said = reply({"object": "chat.completion", "id": "c-1", "created": 1763107200, "usage": {"prompt_tokens": 5}})
    >>> said["log"]["provider"], said["log"]["called_at"], said["reply"]["usage"]
    ('openai', '2025-11-14T08:00:00.000000Z', {'prompt_tokens': 5})
    """
    for path in ((), *ENVELOPES):
        body = _at(record, path)
        if isinstance(body, dict) and (provider := provider_of(body)):
            has_failed = bool(body.get("error")) or body.get("status") in ("failed", "cancelled")
            log = {"provider": provider, "tool_call_count": _tool_calls(body), "has_failed": has_failed}
            return _laid_open(record, path, body, log)
    return None


def failure(record: dict, provider: str) -> dict | None:
    """A call that came back as an error, laid open like a reply; None for a record that tells of none.

    Only for logs that hold replies too: an error alone does not say that a model was called, nor by which provider.

    >>> failure({"ts": "2026-11-14T08:00:00Z", "error": {"type": "timeout"}}, "openai")["reply"]
    {'error': {'type': 'timeout'}}
    """
    for path in FAILURES:
        inner = _at(record, path)
        error = inner.get("error") if isinstance(inner, dict) else None
        if error and isinstance(error, dict | str):
            said = error if isinstance(error, dict) else {"message": error, "type": error}
            return _laid_open(record, path or ("error",), {"error": said}, {"provider": provider, "has_failed": True})
    return None


def provider_of(body: dict) -> str | None:
    """Whose reply this is, by the words that only one of them uses; None when it is nobody's.

    >>> provider_of({"type": "message", "usage": {}}), provider_of({"object": "response"}), provider_of({"id": 1})
    ('anthropic', 'openai', None)
    """
    kind = body.get("object")
    has_usage = isinstance(body.get("usage"), dict)
    if isinstance(kind, str) and (kind.startswith(("chat.completion", "text_completion")) or kind == "response"):
        return OPENAI
    if kind == "list" and has_usage and "data" in body:
        return OPENAI  # embeddings
    if body.get("type") == "message" and ("stop_reason" in body or has_usage):
        return ANTHROPIC
    return None


def _at(record: dict, path: tuple[str, ...]) -> object:
    body: object = record
    for name in path:
        body = body.get(name) if isinstance(body, dict) else None
    return body


def _laid_open(record: dict, path: tuple[str, ...], body: dict, log: dict) -> dict:
    around = {key: value for key, value in record.items() if path and key != path[0]}
    if len(path) == 2:
        around = {**record[path[0]], **around}
        around.pop(path[1])
    said = around or body
    when = next((found[name] for found in (said, body) for name in WHEN if found.get(name) not in (None, "")), None)
    log |= {
        "called_at": moment(when),
        "is_batch": "custom_id" in record and ("response" in record or "result" in record),
        "record_id": None if body.get("id") else record_hash(record),
    }
    return {"log": {**around, **log}, "reply": body}


def _tool_calls(body: dict) -> int:
    """How many tools a reply asked for, in the ways of the three interfaces."""
    choices = _objects([part.get("message") for part in _objects(body.get("choices"))])
    asked = sum(len(_objects(message.get("tool_calls"))) for message in choices)
    asked += sum(part.get("type") == "tool_use" for part in _objects(body.get("content")))
    return asked + sum(str(part.get("type", "")).endswith("_call") for part in _objects(body.get("output")))


def _objects(said: object) -> list[dict]:
    return [part for part in said if isinstance(part, dict)] if isinstance(said, list) else []
