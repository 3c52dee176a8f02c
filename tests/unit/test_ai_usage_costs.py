"""From a log to core.ai_calls: calls of one provider cost the same in whatever shape they were written down."""

import json
from datetime import UTC, datetime

import pytest

from pipelines import build, flow, force, loads
from store import warehouse
from store.company import create_company
from tests.usage_logs import Call, anthropic, collector_line, collector_span, lines, litellm, openai, span

MODEL = {"anthropic": "claude-haiku-5-5", "openai": "gpt-6-luna"}


def calls(provider: str) -> list[Call]:
    at = "2026-11-14T08:00:00+00:00"
    mixed = [(12_000, 9_000, 0, 800, 300), (500, 0, 0, 20, 0), (150_000, 100_000, 0, 1, 0)]
    return [Call(f"{n}", at, *counts, model=MODEL[provider]) for n, counts in enumerate(mixed)]


def of_provider(record: dict, provider: str) -> dict:
    """The record with the provider that stands for `p` in the logs of the tests."""
    return json.loads(json.dumps(record).replace('"p"', f'"{provider}"'))


def costs(log: str, name: str, tmp_path) -> list[tuple]:
    """What core says of each call of a log: its buckets and its cost by the price table."""
    path = tmp_path / f"{name}.jsonl"
    path.write_text(log)
    company = create_company(name)
    flow.land(company, path, who="tests", is_trusted=True, at=datetime(2026, 11, 20, tzinfo=UTC))
    found = loads.checked_loads(company, flow.ledger_of(company).acts())
    with warehouse.Draft(company) as draft:
        moment = force.Moment(build.last_event(draft, found), cuts=False)
        build.make(draft, company, found, [], moment, progress=loads.quiet, targets=frozenset({"core.ai_calls"}))
        return draft.query(
            "select uncached_input_token_count, cache_read_token_count, visible_output_token_count, reasoning_token_count, "
            "computed_cost from core.ai_calls order by uncached_input_token_count"
        ).rows()


@pytest.mark.parametrize(("provider", "raw"), [("anthropic", anthropic), ("openai", openai)])
def test_the_same_calls_cost_the_same_in_every_shape(tmp_path, provider, raw):
    made = calls(provider)
    shapes = {
        "raw": map(raw, made),
        "spans": [of_provider(span(call), provider) for call in made],
        "collector": [of_provider(collector_line([collector_span(call) for call in made]), provider)],
        "gateway": [litellm(call) | {"custom_llm_provider": provider} for call in made],
    }
    said = {name: costs(lines(records), name, tmp_path) for name, records in shapes.items()}
    by_hand = [(500, 0, 20, 0), (3_000, 9_000, 500, 300), (50_000, 100_000, 1, 0)]
    assert [row[:4] for row in said["raw"]] == by_hand
    assert all(row[4] > 0 for row in said["raw"])
    for name, rows in said.items():
        assert rows == said["raw"], name
