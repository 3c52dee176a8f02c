"""Prices of models: dated, tiered, people's own before the package's, and a gap instead of nought where nobody knows one."""

import datetime as dt
import socket
from typing import Any

import polars as pl
import pytest

from pipelines.ai_catalogue import listed, seller
from pipelines.ai_prices import rows_of
from tests.priced_calls import USD_PER_EUR, call, dollars, priced
from tests.worlds import world


def test_the_published_examples_come_out():
    """genai-prices' own examples: 1,000 in and 100 out of gpt-4o; a cache write of 4,735 of 4,740; a batch of a million each of o3."""
    gpt = {"provider_name": "openai", "served_model_name": "gpt-4o", "output_token_count": 100}
    assert dollars(**gpt) == pytest.approx(0.0035, abs=1e-9)
    claude = {"served_model_name": "claude-sonnet-4-20250514", "input_token_count": 4740, "cache_read_token_count": 0}
    assert dollars(**claude, cache_write_token_count=4735, output_token_count=255) == pytest.approx(
        0.02159625, abs=1e-9
    )
    batch = {
        "provider_name": "openai",
        "served_model_name": "o3",
        "is_batch": True,
        "called_at": "2026-10-14T00:00:00Z",
    }
    assert dollars(**batch, input_token_count=10**6, output_token_count=10**6) == pytest.approx(5.0, abs=1e-9)


@pytest.mark.parametrize(("read", "cost"), [(100_000, 0.0105), (100_001, 0.0525005), (150_000, 0.0775)])
def test_beyond_a_cliff_every_token_is_dearer(read, cost):
    """Claude Haiku 5.5 takes five times the price for all tokens of a call that reads more than 100,000."""
    assert dollars(input_token_count=read) == pytest.approx(cost, abs=1e-10)


@pytest.mark.parametrize(("at", "cost"), [("2026-12-31T23:59:59Z", 0.0045), ("2027-01-01T00:00:00Z", 0.009)])
def test_a_price_that_is_announced_holds_from_its_day(at, cost):
    """Gemini 3.8 flash doubles with the new year of 2027."""
    assert dollars(provider_name="google", served_model_name="gemini-3.8-flash", called_at=at) == pytest.approx(cost)


@pytest.mark.parametrize(
    ("at", "factor"),
    [
        ("2026-11-02T00:59:00Z", 1),
        ("2026-11-02T01:00:00Z", 2),
        ("2026-11-02T04:00:00Z", 1),
        ("2026-11-02T09:59:59Z", 2),
    ],
)
def test_the_hour_of_the_day_counts(at, factor):
    """DeepSeek takes double between one and four, and between six and ten, in UTC."""
    one = dollars(provider_name="deepseek", served_model_name="deepseek-v4-pro", called_at="2026-11-02T12:00:00Z")
    assert dollars(provider_name="deepseek", served_model_name="deepseek-v4-pro", called_at=at) == pytest.approx(
        factor * one
    )


@pytest.mark.parametrize(("at", "cost"), [("2026-10-13T23:59:59Z", 0.0006), ("2026-10-14T00:00:00Z", 0.0003)])
def test_batch_costs_half_from_the_day_that_the_package_knows_it(at, cost):
    """Before that day the package gives the standard price without a word; the table follows it."""
    assert dollars(is_batch=True, called_at=at) == pytest.approx(cost)
    assert dollars(service_tier_code="batch", called_at=at) == pytest.approx(cost)


def test_a_service_tier_has_its_price_and_an_unknown_one_the_standard():
    said = {"provider_name": "openai", "served_model_name": "gpt-6.1-sol"}
    assert [dollars(**said, service_tier_code=tier) for tier in (None, "flex", "Priority", "auto")] == pytest.approx(
        [0.012, 0.006, 0.024, 0.012]
    )


def test_cached_tokens_without_a_price_of_their_own_cost_what_input_costs():
    said = {"provider_name": "groq", "served_model_name": "llama-3.3-70b-versatile"}
    assert dollars(**said) == pytest.approx(dollars(**said, cache_read_token_count=400))


def test_the_tier_looks_at_all_that_was_read_whatever_the_rule():
    """60,000 new tokens and 60,000 from the cache are 120,000 read, beyond the cliff."""
    said = {"input_token_count": 60_000, "cache_read_token_count": 60_000, "token_rule_code": "excluded"}
    assert dollars(**said) == pytest.approx((60_000 * 0.5 + 60_000 * 0.05 + 1000 * 2.5) / 1e6)


def test_a_price_of_the_company_holds_from_its_day_for_every_tier():
    """Own prices in euros from 1 November; what was before costs what the package says, a missing cache price is that of input."""
    own = {
        "provider": "Anthropic",
        "model": "claude-haiku-5-5",
        "valid_from": "2026-11-01",
        "uncached_input_price": "2",
        "output_price": 4,
    }
    calls = [
        call("A", called_at="2026-10-31T23:59:59Z"),
        call("B", called_at="2026-11-01T00:00:00Z", cache_read_token_count=500),
        call("C", is_batch=True, input_token_count=200_000),
    ]
    made = world("core.ai_calls", ai_calls=calls, acts=[priced(own | {"currency": "EUR", "reason": "contract"})])
    found = made.query(
        "select cast(computed_cost as double), price_version_code from core.ai_calls order by call_id"
    ).rows()
    assert found[0] == (pytest.approx(0.0006 / USD_PER_EUR), "genai-prices 0.2.3")
    assert found[1:] == [(pytest.approx(0.006), "own prices"), (pytest.approx(0.404), "own prices")]
    told = made.query(
        "select distinct author_name, reason_text from raw.ai_prices where price_version_code = 'own prices'"
    )
    assert told.rows() == [("cfo", "contract")]


def test_an_unknown_model_gets_its_price_from_the_company():
    own = {
        "model": "draft-small",
        "valid_from": "2026-11-01",
        "uncached_input_price": 1,
        "output_price": 1,
        "currency": "EUR",
    }
    made = world(
        "core.ai_calls", ai_calls=[call(provider_name="us", served_model_name="Draft-Small")], acts=[priced(own)]
    )
    assert made.query("select cast(computed_cost as double) from core.ai_calls").item() == pytest.approx(0.002)


@pytest.mark.parametrize(
    "slip",
    [
        {"uncached_input_price": None, "output_price": None},
        {"valid_from": "soon"},
        {"uncached_input_price": -1, "output_price": "x"},
    ],
)
def test_a_slip_in_an_own_price_is_a_gap_and_never_nought(slip):
    own = {"model": "draft-small", "valid_from": "2026-01-01", "uncached_input_price": 1, "output_price": 1} | slip
    made = world("core.ai_calls", ai_calls=[call(served_model_name="draft-small")], acts=[priced(own)])
    assert made.query("select computed_cost from core.ai_calls").item() is None


def test_of_two_own_prices_each_holds_until_the_next():
    since = [("2026-02-01", 2), ("2026-01-01", 1), ("2026-02-01", 3)]
    acts = [
        priced(
            {"model": "m", "valid_from": day, "uncached_input_price": price, "output_price": 0, "currency": "EUR"}, n
        )
        for n, (day, price) in enumerate(since)
    ]
    calls = [
        call(day, served_model_name="m", called_at=f"{day}T12:00:00Z")
        for day in ("2025-12-31", "2026-01-31", "2026-02-01")
    ]
    made = world("core.ai_calls", ai_calls=calls, acts=acts)
    assert made.query("select cast(computed_cost as double) * 1000 as c from core.ai_calls order by call_id")[
        "c"
    ].to_list() == [None, 1, 3]


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("azure.ai.openai", "azure"),
        ("Microsoft", "azure"),
        ("gcp.vertex_ai", "google"),
        ("x_ai", "x-ai"),
        ("https://api.openai.com/v1", "openai"),
        ("openrouter.ai", "openrouter"),
    ],
)
def test_a_provider_of_many_names_is_one(name, one):
    assert seller(name) == one


def test_what_is_resold_has_the_price_of_the_reseller():
    """On Bedrock the regional model is a tenth dearer than at its maker."""
    at_home, resold = (
        listed(where, what).prices[0].uncached_input_price
        for where, what in (("anthropic", "claude-opus-5-5"), ("aws.bedrock", "anthropic.claude-opus-5-5"))
    )
    assert float(resold) == pytest.approx(1.1 * float(at_home))


def test_nothing_asks_the_network(monkeypatch):
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the price table asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert all(row.is_priced for row in rows_of("anthropic", "claude-sonnet-5-5"))


def test_models_of_use_cases_have_prices_before_the_first_call():
    """A plan can be priced for a company that has not made a call yet."""
    made = world("core.ai_calls")
    assert made.query("select count(*) from core.ai_calls").item() == 0
    known = made.query("select distinct model_name from raw.ai_prices where is_priced")["model_name"].to_list()
    assert {"gpt-6-luna", "claude-sonnet-5-5"} <= set(known)


def test_prices_are_told_per_million_and_in_turn():
    """Days of one model neither overlap nor leave a hole, within each hour, tier and way of processing."""
    for provider, model in (("google", "gemini-3.8-flash"), ("openai", "gpt-6.1-sol"), ("deepseek", "deepseek-v4-pro")):
        rows = pl.DataFrame([vars(row) for row in rows_of(provider, model)], infer_schema_length=None)
        ways = ["day_from_minutes", "is_batch", "service_tier_code", "from_token_count"]
        for _, days in rows.sort("valid_from_date").group_by(ways):
            assert days["valid_from_date"][0] == dt.date(1900, 1, 1)
            assert days["valid_to_date"][:-1].to_list() == days["valid_from_date"][1:].to_list()
            assert days["valid_to_date"][-1] is None
