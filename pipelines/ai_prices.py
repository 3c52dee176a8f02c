"""The dated table of AI prices that a build keeps: people's own, and before them those of the pinned package for every model in use."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

import orjson

from pipelines import ai_made_calls
from pipelines.ai_catalogue import DAWN, DAY_MINUTES, USD, Listed, Price, listed, price_version, seller
from pipelines.assumptions import DUSK
from store.warehouse import Draft

Acts = Iterable[Mapping[str, Any]]
OWN_PRICES = "own prices"
CALLS = ("staging.ai_calls", "raw.ai_made_calls")
_KEY = "coalesce(lower(trim(provider_name)), '') as seller, coalesce(lower(trim({model})), '') as model"


@dataclass(frozen=True)
class Row:
    """One row of `raw.ai_prices`: a provider and model as calls name them, and one of their prices, or why there is none."""

    provider_name: str
    model_name: str
    listed_provider_name: str
    listed_model_name: str
    is_priced: bool
    gap_text: str
    price_version_code: str
    author_name: str
    reason_text: str
    valid_from_date: date | None = None
    valid_to_date: date | None = None
    day_from_minutes: float | None = None
    day_to_minutes: float | None = None
    is_batch: bool | None = None
    service_tier_code: str | None = None
    from_token_count: int | None = None
    to_token_count: int | None = None
    uncached_input_price: Decimal | None = None
    cache_read_price: Decimal | None = None
    cache_write_price: Decimal | None = None
    output_price: Decimal | None = None
    reasoning_price: Decimal | None = None
    per_call_price: Decimal | None = None
    currency_code: str | None = None


def make(draft: Draft, acts: Acts) -> None:
    """`raw.ai_prices` and what goes with it (own calls, sellers, exchange rates), made in the draft after staging.

    A company without calls and use cases pays nothing for it: the price list is opened only for a model that somebody uses.
    """
    acts = list(acts)
    ai_made_calls.make(draft, acts)
    empty(draft)
    _exchange_rates(draft)
    _sellers(draft)
    own = [price for act in acts if act["kind"] == "set_price" and (price := _own_price(act))]
    rows = (row for provider, model in sorted(_in_use(draft, own)) for row in rows_of(provider, model, own))
    draft.fill("raw.ai_prices", (astuple(row) for row in rows))


def _exchange_rates(draft: Draft) -> None:
    """`raw.exchange_rates`: what a unit of each known currency is worth in the reporting currency, by the assumptions of each month."""
    draft.execute(
        "insert into raw.exchange_rates with usd as ("
        "select 'USD' as code, 1.0 as worth, cast(? as date) as since, cast(? as date) as until union all "
        "select upper(substring(assumption_name, 9)), assumed_number, valid_from_date, valid_to_date "
        "from raw.assumption_history where starts_with(assumption_name, 'usd_per_')) "
        "select usd.code, usd.worth / home.worth, greatest(usd.since, home.since), least(usd.until, home.until) "
        "from usd cross join raw.company inner join usd as home on home.code = upper(reporting_currency) "
        "and home.since < usd.until and usd.since < home.until where home.worth > 0 "
        "union all select upper(reporting_currency), 1.0, cast(? as date), cast(? as date) from raw.company "
        "where upper(reporting_currency) not in (select code from usd)",
        [DAWN, DUSK, DAWN, DUSK],
    )


def _sellers(draft: Draft) -> None:
    """`raw.ai_sellers`: each provider as logs and bills write it, and the one name under which both are counted."""
    places = [(table, "provider_name") for table in CALLS]
    places += [("staging.ai_bills", name) for name in ("provider_name", "publisher_name", "host_provider_name")]
    asked = " union ".join(f"select lower(trim({name})) as told from {table}" for table, name in places)  # noqa: S608  names of ours
    found = draft.query(f"{asked} order by told")["told"]
    draft.fill("raw.ai_sellers", ((told, seller(told)) for told in found if told))


def empty(draft: Draft) -> None:
    """`raw.ai_prices`, `raw.ai_sellers` and `raw.exchange_rates` without a row."""
    draft.execute(
        "create table raw.exchange_rates (currency_code varchar, factor_number double, valid_from_date date, valid_to_date date)"
    )
    draft.execute("create table raw.ai_sellers (provider_name varchar, seller_name varchar)")
    draft.execute(
        "create table raw.ai_prices (provider_name varchar, model_name varchar, listed_provider_name varchar, "
        "listed_model_name varchar, is_priced boolean, gap_text varchar, price_version_code varchar, author_name varchar, "
        "reason_text varchar, valid_from_date date, valid_to_date date, day_from_minutes double, day_to_minutes double, "
        "is_batch boolean, service_tier_code varchar, from_token_count bigint, to_token_count bigint, "
        "uncached_input_price decimal(24, 12), cache_read_price decimal(24, 12), cache_write_price decimal(24, 12), "
        "output_price decimal(24, 12), reasoning_price decimal(24, 12), per_call_price decimal(24, 12), currency_code varchar)"
    )


@dataclass(frozen=True)
class OwnPrice:
    """A price that somebody of the company set: for which provider ("" for any) and model, from when, and why."""

    provider: str
    model: str
    price: Price
    author: str
    reason: str


def rows_of(provider: str, model: str, own: Iterable[OwnPrice] = ()) -> Iterator[Row]:
    """The rows of one provider and model: the package's prices up to the day from which the company's own hold.

    >>> [row.is_priced for row in rows_of("anthropic", "draft-small")]
    [False]
    """
    found = listed(provider, model)
    said: dict[str, Any] = {"provider_name": provider, "model_name": model}
    said |= {"listed_provider_name": found.provider_name, "listed_model_name": found.model_name}
    mine = _in_turn(one for one in own if _is_meant(one, provider, model, found))
    until = mine[0].price.valid_from_date if mine else None
    packaged: dict[str, Any] = {"is_priced": True, "gap_text": "", "author_name": "", "reason_text": ""}
    packaged["price_version_code"] = price_version()
    for price in found.prices:
        if until is None or price.valid_from_date < until:
            ends = [day for day in (price.valid_to_date, until) if day]
            yield Row(**said, **packaged, **vars(replace(price, valid_to_date=min(ends, default=None))))
    for one in mine:
        told = {"price_version_code": OWN_PRICES, "author_name": one.author, "reason_text": one.reason}
        yield Row(**said, **(packaged | told), **vars(one.price))
    if not found.prices and not mine:
        yield Row(**said, **(packaged | {"is_priced": False, "gap_text": found.gap_text}))


def _in_turn(own: Iterable[OwnPrice]) -> list[OwnPrice]:
    """Own prices by day, each until the next one begins; of two for the same day the later act holds."""
    last = {one.price.valid_from_date: one for one in own}
    return [
        replace(last[day], price=replace(last[day].price, valid_to_date=end))
        for day, end in pairwise([*sorted(last), None])
        if day
    ]


def _is_meant(own: OwnPrice, provider: str, model: str, found: Listed) -> bool:
    return own.model in (model, found.model_name.lower()) and own.provider in (
        "",
        provider,
        found.provider_name.lower(),
    )


def _own_price(act: Mapping[str, Any]) -> OwnPrice | None:
    """The price that an act sets; None where it names no model or no price, so that a slip stays a gap and is never nought."""
    said = act["payload"]
    into, out = _money(said.get("uncached_input_price")), _money(said.get("output_price"))
    model = _plain(said.get("model"))
    if not model or (into is None and out is None):
        return None
    try:
        since = date.fromisoformat(str(said.get("valid_from") or DAWN)[:10])
    except ValueError:
        return None
    read, write = _money(said.get("cache_read_price")), _money(said.get("cache_write_price"))
    price = Price(
        since, None, 0.0, DAY_MINUTES, False, "", 0, None,
        into, into if read is None else read, into if write is None else write, out, out,
        currency_code=str(said.get("currency") or USD).upper(),
    )  # fmt: skip
    return OwnPrice(_plain(said.get("provider")), model, price, act["who"], str(said.get("reason") or ""))


def _money(said: Any) -> Decimal | None:
    try:
        price = Decimal(str(said))
    except InvalidOperation:
        return None
    return price if price.is_finite() and price >= 0 else None


def _plain(name: Any) -> str:
    return str(name or "").strip().lower()


def _in_use(draft: Draft, own: Iterable[OwnPrice]) -> set[tuple[str, str]]:
    """Every provider and model that a call went to, a use case names, or somebody set a price for."""
    sides = [(table, model) for table in CALLS for model in ("requested_model_name", "served_model_name")]
    asked = " union ".join(f"select {_KEY.format(model=model)} from {table}" for table, model in sides)  # noqa: S608  names of ours
    found = {(provider, model) for provider, model in draft.query(asked).rows() if model}
    for (definition,) in draft.query("select definition_text from raw.use_cases").rows():
        for one in orjson.loads(definition or "{}").get("models") or ():
            found.add((_plain(one.get("provider")), _plain(one.get("model"))))
    return {pair for pair in found | {(one.provider, one.model) for one in own} if pair[1]}
