"""Whatever model, day, hour, tier and usage: our own table of prices gives what the package gives, to the last millionth of a cent."""

import datetime as dt
from dataclasses import astuple, fields
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from genai_prices import Usage, calc_price, data_snapshot
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.ai_prices import Row, rows_of
from tests.worlds import World, world

CONTEXTS = ("", "default", "flex", "priority", "fast", "no such tier")


@cache
def catalogue() -> list[tuple[str, str]]:
    """Every provider and model that is priced by the token alone, and that its own name finds again."""
    found = []
    for provider in data_snapshot.get_snapshot().providers:
        for model in provider.models:
            try:
                _, again = data_snapshot.get_snapshot().find_provider_model(model.id, None, provider.id, None)
            except LookupError:
                continue
            rows = list(rows_of(provider.id, model.id.lower()))
            if again is model and all(row.is_priced and row.uncached_input_price is not None for row in rows):
                found.append((provider.id, model.id.lower()))
    return found


def moments() -> st.SearchStrategy[dt.datetime]:
    """Any minute, more often one at which some price changes."""
    days = st.one_of(
        st.dates(dt.date(2024, 1, 1), dt.date(2027, 6, 1)),
        st.sampled_from([dt.date(2026, 10, 13), dt.date(2026, 10, 14), dt.date(2026, 12, 31), dt.date(2027, 1, 1)]),
    )
    times = st.one_of(
        st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        st.sampled_from(
            [dt.time(0, 0), dt.time(0, 30), dt.time(1, 0), dt.time(4, 0), dt.time(16, 30), dt.time(23, 59)]
        ),
    )
    return st.builds(lambda day, at: dt.datetime.combine(day, at, dt.UTC), days, times)


def tokens(most: int = 600_000) -> st.SearchStrategy[int]:
    cliffs = st.sampled_from([0, 1, 100_000, 100_001, 128_000, 200_000, 200_001, 272_000, 272_001])
    return st.one_of(st.integers(0, most), cliffs)


@st.composite
def calls(draw: st.DrawFn) -> dict[str, Any]:
    """One call to a model of the catalogue; tokens from the cache are part of its input, reasoning of its output."""
    provider, model = draw(st.sampled_from(catalogue()))
    read, write, thought = draw(tokens(200_000)), draw(tokens(50_000)), draw(st.integers(0, 20_000))
    return {
        "provider_name": provider,
        "requested_model_name": model,
        "called_at": draw(moments()),
        "input_token_count": draw(tokens()) + read + write,
        "cache_read_token_count": read,
        "cache_write_token_count": write,
        "output_token_count": draw(tokens(60_000)) + thought,
        "reasoning_token_count": thought,
        "is_batch": draw(st.booleans()),
        "service_tier_code": draw(st.sampled_from(CONTEXTS)),
    }


def of_the_package(call: dict[str, Any]) -> Decimal:
    tier = call["service_tier_code"]
    context = {"processing": "batch"} if call["is_batch"] else {}
    context |= ({"service_tier": tier} if tier else {}) | ({"speed": "fast"} if tier == "fast" else {})
    usage = Usage(
        input_tokens=call["input_token_count"],
        cache_read_tokens=call["cache_read_token_count"],
        cache_write_tokens=call["cache_write_token_count"],
        output_tokens=call["output_token_count"],
        output_reasoning_tokens=call["reasoning_token_count"],
    )
    model, provider = call["requested_model_name"], call["provider_name"]
    at = call["called_at"]
    return calc_price(usage, model, provider_id=provider, genai_request_timestamp=at, price_context=context).total_price


@cache
def empty_world() -> World:
    """A company that reports in dollars, so that nothing is converted."""
    made = world("core.ai_calls")
    made.execute(
        "create or replace table raw.exchange_rates as select 'USD' as currency_code, cast(1 as double) as factor_number, "
        "date '1900-01-01' as valid_from_date, date '9999-12-31' as valid_to_date"
    )
    return made


def of_the_table(some: list[dict[str, Any]]) -> list[tuple[float | None, str | None]]:
    """Computed cost and gap of each call, by the real SQL over the real table of prices."""
    made = empty_world()
    for table in ("raw.ai_prices", "staging.ai_calls"):
        made.execute(f"delete from {table}")
    marks = ", ".join("?" * len(fields(Row)))
    for provider, model in {(call["provider_name"], call["requested_model_name"]) for call in some}:
        for row in rows_of(provider, model):
            made.execute(f"insert into raw.ai_prices values ({marks})", list(astuple(row)))
    for number, call in enumerate(some):
        names = ", ".join(["call_id", *call])
        places = ", ".join("?" * (len(call) + 1))
        made.execute(f"insert into staging.ai_calls ({names}) values ({places})", [f"{number:04}", *call.values()])
    made.execute("drop table core.ai_calls")
    from pipelines.table import tables

    made.execute(f"create table core.ai_calls as {tables()['core.ai_calls'].sql}")
    return made.query("select cast(computed_cost as double), gap_text from core.ai_calls order by call_id").rows()


HAIKU = {
    "provider_name": "anthropic", "requested_model_name": "claude-haiku-5-5", "called_at": dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC),
    "cache_read_token_count": 0, "cache_write_token_count": 0, "reasoning_token_count": 0, "is_batch": False, "service_tier_code": "",
}  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(calls(), min_size=1, max_size=12))
@example([HAIKU | {"input_token_count": count, "output_token_count": 1000} for count in (100_000, 100_001, 150_000)])
def test_the_table_gives_what_the_package_gives(some):
    """Tiers, batch, service tiers, scheduled changes, hours of the day, cache prices and their lack."""
    for call, (cost, gap) in zip(some, of_the_table(some), strict=True):
        if gap == "The price table prices only a part of its tokens.":
            continue  # the package takes what it has no price for as free; here it is a gap
        assert gap is None, call
        assert cost == pytest.approx(float(of_the_package(call)), rel=1e-9, abs=1e-12), call


def test_no_boundary_of_a_day_lies_within_a_minute():
    """The SQL prices by minutes; a price that changes at a second would need more."""
    for provider in data_snapshot.get_snapshot().providers:
        for model in provider.models:
            for row in rows_of(provider.id, model.id):
                assert row.day_from_minutes is None or row.day_from_minutes == int(row.day_from_minutes)


def test_most_of_the_catalogue_is_tried():
    assert len(catalogue()) > 1500
