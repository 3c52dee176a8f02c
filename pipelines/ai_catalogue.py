"""What one model costs according to the pinned package genai-prices, laid out flat: from which day and hour, in which tier, batch or not.

Nothing here asks the network: the prices are those that the package was shipped with, so the same build gives the same cost.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from itertools import pairwise
from typing import Any

# What telemetry calls a provider where the package knows another name (OpenTelemetry's list, and LiteLLM's).
ALSO_CALLED = {
    "azure.ai.inference": "azure",
    "azure.ai.openai": "azure",
    "azure_openai": "azure",
    "microsoft": "azure",
    "gcp.gen_ai": "google",
    "gcp.gemini": "google",
    "x_ai": "x-ai",
    "fireworks_ai": "fireworks",
}
DAWN, DAY_MINUTES = date(1900, 1, 1), 1440.0
USD = "USD"


@dataclass(frozen=True)
class Price:
    """Prices of one model per million tokens, and when they hold: from a day to before another, between two times of the UTC day.

    `from_token_count` to before `to_token_count` are the input tokens of a call, cached ones counted, that the tier is for; the
    tier's prices then hold for all tokens of the call. A service tier of "" is the standard one. None is a price that is not known.
    """

    valid_from_date: date
    valid_to_date: date | None
    day_from_minutes: float
    day_to_minutes: float
    is_batch: bool
    service_tier_code: str
    from_token_count: int
    to_token_count: int | None
    uncached_input_price: Decimal | None
    cache_read_price: Decimal | None
    cache_write_price: Decimal | None
    output_price: Decimal | None
    reasoning_price: Decimal | None
    per_call_price: Decimal | None = None
    currency_code: str = USD


@dataclass(frozen=True)
class Listed:
    """A provider and model as the package knows them, with all their prices; or, without prices, why there are none."""

    provider_name: str = ""
    model_name: str = ""
    prices: tuple[Price, ...] = ()
    gap_text: str = ""


@cache
def price_version() -> str:
    """The package and its version, as it stands with every price.

    >>> price_version()
    'genai-prices 0.2.3'
    """
    return f"genai-prices {version('genai-prices')}"


def listed(provider: str, model: str) -> Listed:
    """All prices of a model at a provider, both as a log names them; an unknown one comes back without prices, never with nought.

    Args:
        provider: id, usual name or host of the provider; "" where the log does not say, and the model's name alone must tell.
        model: the model's name, with or without date.

    >>> listed("anthropic", "claude-haiku-5-5").prices[0].uncached_input_price
    Decimal('0.1')
    >>> listed("anthropic", "draft-small").gap_text
    'The price table knows no model draft-small of anthropic.'
    """
    from genai_prices import data_snapshot  # half a second and a network library: only for who has calls

    snapshot = data_snapshot.get_snapshot()
    if not model:
        return Listed(gap_text="The call does not say which model it went to.")
    is_provider_known = not provider
    for provider_id, url in _ways(provider):
        try:
            snapshot.find_provider(model, provider_id, url)
        except LookupError:
            continue
        is_provider_known = True
        for name in dict.fromkeys((model, model.rpartition("/")[2])):
            try:
                seller, found = snapshot.find_provider_model(name, None, provider_id, url)
            except LookupError:
                continue
            prices = tuple(_prices(seller, found))
            gap = "" if prices else f"The price table has no price per token for {found.id} of {seller.id}."
            return Listed(seller.id, found.id, prices, gap)
    if not provider:
        return Listed(gap_text=f"The price table knows no model {model}.")
    what = f"no model {model} of {provider}" if is_provider_known else f"no provider {provider}"
    return Listed(gap_text=f"The price table knows {what}.")


def seller(provider: str) -> str:
    """One name for whoever sells the model, so that a log and a bill of the same provider meet; an unknown one keeps its own.

    >>> seller("aws.bedrock"), seller("Amazon Web Services"), seller("api.openai.com"), seller("Our gateway")
    ('aws', 'aws', 'openai', 'our gateway')
    """
    from genai_prices import data_snapshot

    name = provider.strip().lower()
    for provider_id, url in _ways(name):
        try:
            return data_snapshot.get_snapshot().find_provider(None, provider_id, url).id
        except LookupError:
            continue
    return name


def _ways(provider: str) -> Iterator[tuple[str | None, str | None]]:
    """The ways to ask the package for a provider: by id or usual name, then by its host."""
    if not provider:
        yield None, None
        return
    yield ALSO_CALLED.get(provider, provider), None
    if "://" in provider or "." in provider:
        yield None, provider if "://" in provider else f"https://{provider}"


def _prices(seller: Any, model: Any) -> Iterator[Price]:
    """Every price of a model: the package is asked at the start of each stretch of days and hours in which nothing changes."""
    days, minutes = _turns(model)
    said = [variant.when for variant in model.price_variants or ()]
    tiers = sorted({when.get("service_tier") or when.get("speed") or "" for when in said} - {"default", ""})
    # Of a model that is only resold here the package knows no variants.
    is_own = any(model is one for one in seller.models)
    for is_batch in (False, True):
        standard: list[Price] = []
        for tier in ("", *tiers) if is_own else ("",):
            context = _context(tier, is_batch=is_batch) if is_own else {}
            found = [
                replace(price, is_batch=is_batch, service_tier_code=tier)
                for span in pairwise(minutes)
                for price in _over_days(model, days, span, context)
            ]
            if tier == "":
                standard = found
            if tier == "" or [replace(one, service_tier_code="") for one in found] != standard:
                yield from found


def _context(tier: str, *, is_batch: bool) -> dict[str, str]:
    said = {"processing": "batch"} if is_batch else {}
    # One provider calls its dear and quick tier a speed, the others a tier.
    return said | ({"service_tier": tier} if tier else {}) | ({"speed": "fast"} if tier == "fast" else {})


def _turns(model: Any) -> tuple[list[date], list[float]]:
    """The days on which a price may change, and the minutes of the day."""
    listed_prices = model.prices if isinstance(model.prices, list) else []
    rules = [one.constraint for one in (*listed_prices, *(model.price_variants or ())) if one.constraint is not None]
    days = {rule.start_date for rule in rules if hasattr(rule, "start_date")}
    hours = {moment for rule in rules if hasattr(rule, "start_time") for moment in (rule.start_time, rule.end_time)}
    return [DAWN, *sorted(days)], sorted({0.0, DAY_MINUTES, *map(_minute, hours)})


def _minute(moment: time) -> float:
    """Minutes after midnight UTC; a time without a zone is UTC."""
    if moment.tzinfo is not None:
        moment = datetime.combine(date(1970, 1, 1), moment).astimezone(UTC).timetz()
    return moment.hour * 60 + moment.minute + moment.second / 60


def _over_days(model: Any, days: list[date], span: tuple[float, float], said: dict[str, str]) -> Iterator[Price]:
    """The prices of one stretch of the day from the first day on; days on which nothing changes are run together."""
    before: list[Price] = []
    for day in days:
        at = datetime.combine(day, time(), UTC) + timedelta(minutes=span[0])
        now = _tiers(model.get_prices(at, said), day, span)
        if before and [replace(one, valid_from_date=before[0].valid_from_date) for one in now] == before:
            continue
        yield from (replace(one, valid_to_date=day) for one in before)
        before = now
    yield from before


def _tiers(said: Any, day: date, span: tuple[float, float]) -> list[Price]:
    """One price for each tier by input tokens; none where the model is not priced by tokens."""
    into, out = said.input_mtok, said.output_mtok
    keys = (
        into,
        # Without a price of their own, cached tokens stay among the input tokens and cost what those cost.
        said.cache_read_mtok if said.cache_read_mtok is not None else into,
        said.cache_write_mtok if said.cache_write_mtok is not None else into,
        out,
        said.output_reasoning_mtok if said.output_reasoning_mtok is not None else out,
    )
    if into is None and out is None:
        return []
    starts = sorted({tier.start + 1 for key in keys for tier in getattr(key, "tiers", ())})
    per_call = said.requests_kcount / 1000 if said.requests_kcount is not None else None
    bands = pairwise([0, *starts, None])
    return [_tier(keys, per_call, low or 0, high, day, span) for low, high in bands]


def _tier(
    keys: tuple[Any, ...],
    per_call: Decimal | None,
    low: int,
    high: int | None,
    day: date,
    span: tuple[float, float],
) -> Price:
    into, read, write, out, thought = (_of_tier(key, low) for key in keys)
    return Price(day, None, *span, False, "", low, high, into, read, write, out, thought, per_call)


def _of_tier(price: Any, input_tokens: int) -> Decimal | None:
    """The price that holds for a call with so many input tokens."""
    if price is None or isinstance(price, Decimal):
        return price
    reached = [tier.price for tier in price.tiers if input_tokens > tier.start]
    return reached[-1] if reached else price.base
