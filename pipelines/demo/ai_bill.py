"""What the demo company's providers of AI bill, month by month, as FOCUS rows: credits bought ahead, use by model and kind of token."""

import json
from datetime import date, timedelta

import numpy as np
import polars as pl

from pipelines.demo import ai_models
from pipelines.demo.ai_calls import KINDS, calls
from pipelines.demo.ai_cases import first_day
from pipelines.demo.ai_models import MODELS
from pipelines.demo.clock import date_of, day_number
from pipelines.demo.world import World

METERS = ("input tokens", "cached input tokens", "cache write tokens", "output tokens")
# Bought ahead from this provider: cash then, cost as it is used. The others send an invoice after the month.
PREPAID, CREDIT_STEP = "anthropic", 25.0
NAMES = {"anthropic": "Anthropic", "openai": "OpenAI"}
SERVICES = {"anthropic": "Claude API", "openai": "OpenAI API"}
HOST_COST = 11.90
UNTAGGED_LEAST, UNTAGGED_MOST = 0.01, 0.05
COLUMNS = {
    **dict.fromkeys(
        (
            "InvoiceId", "ProviderName", "PublisherName", "BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart",
            "ChargePeriodEnd", "ChargeCategory", "ChargeFrequency", "ChargeDescription", "ServiceCategory", "ServiceSubcategory",
            "ServiceName", "SkuId", "SkuMeter",
        ),
        pl.String,
    ),
    "ConsumedQuantity": pl.Float64,
    "ConsumedUnit": pl.String,
    **dict.fromkeys(("BilledCost", "EffectiveCost", "ListCost"), pl.Float64),
    **dict.fromkeys(("BillingCurrency", "Tags"), pl.String),
}  # fmt: skip


def bill(world: World, since: int) -> pl.DataFrame:
    """The bills of the calendar months that ended after a day, USD; the month that still runs has not been billed.

    Billed cost is cash, effective cost is use: credits are billed when they are bought and cost nothing then.
    """
    rows: list[tuple] = []
    months = [month for month in _months(world) if month[1] <= world.day + 1]
    if any(ended - 1 > since for _, ended in months):
        found, bought, used = calls(world, 0), 0.0, 0.0
        for began, ended in months:
            here = (found["day"] >= began) & (found["day"] < ended) if found else np.zeros(0, dtype=bool)
            of_month, costs = _of_month(world, {name: values[here] for name, values in found.items()}, began)
            used += costs.get(PREPAID, 0.0)
            top_up = CREDIT_STEP * np.ceil(max(used - bought, 0.0) / CREDIT_STEP)
            bought += top_up
            if ended - 1 > since:
                rows += [_row(began, ended, **said) for said in [*_fixed(top_up), *of_month]]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def _months(world: World) -> list[tuple[int, int]]:
    """The first day of each month since AI came, and that of the month after."""
    month, found = date_of(min(first_day(world.net), world.day)).replace(day=1), []
    while day_number(month) <= world.day:
        later = (month + timedelta(days=32)).replace(day=1)
        found.append((day_number(month), day_number(later)))
        month = later
    return found if world.day >= first_day(world.net) else []


def _of_month(world: World, found: dict[str, np.ndarray], began: int) -> tuple[list[dict], dict[str, float]]:
    """What was used in a month by model, kind of token and use case, with a little that nobody tagged; and its sum by provider."""
    said, costs = [], {}
    if not found or not len(found["run"]):
        return [], {}
    for provider in NAMES:
        total = 0.0
        for number, model in enumerate(MODELS):
            for case in sorted({kind.use_case for kind in KINDS}):
                kinds = [place for place, kind in enumerate(KINDS) if kind.use_case == case]
                mine = (found["model"] == number) & np.isin(found["kind"], kinds)
                if model.provider != provider or not mine.any():
                    continue
                for meter, (tokens, amounts) in zip(METERS, ai_models.parts(found), strict=True):
                    amount, count = float(amounts[mine].sum()), int(tokens[mine].sum())
                    total += amount
                    if count:
                        tags = {"use_case": case, "env": "prod"}
                        said.append(
                            {
                                "provider": provider,
                                "model": model.requested,
                                "meter": meter,
                                "count": count,
                                "amount": amount,
                                "tags": tags,
                            }
                        )
        untagged = UNTAGGED_LEAST + (UNTAGGED_MOST - UNTAGGED_LEAST) * world.net.dice.uniform(
            "ai.untagged", began, len(provider)
        )
        if total:
            last = {**said[-1], "count": int(said[-1]["count"] * untagged) + 1, "tags": {"env": "trial"}}
            said.append({**last, "amount": total * untagged, "meter": METERS[-1]})
        costs[provider] = total * (1 + untagged)
    return said, costs


def _fixed(top_up: float) -> list[dict]:
    """What is billed whatever is used: the host of the gateway, and credits in the months in which they are bought."""
    rows: list[dict] = [
        {"provider": "", "model": "", "meter": "", "count": 0, "amount": HOST_COST, "tags": {"env": "prod"}}
    ]
    if top_up:
        rows.append({"provider": PREPAID, "model": "", "meter": "", "count": 0, "amount": float(top_up), "tags": {}})
    return rows


def _row(
    began: int, ended: int, *, provider: str, model: str, meter: str, count: int, amount: float, tags: dict
) -> tuple:
    month, after = date_of(began), date_of(ended)
    is_purchase, is_host = bool(provider) and not model, not provider
    name = NAMES.get(provider, "Rheinrechner")
    what = "Prepaid credits" if is_purchase else "Virtual machine of the gateway" if is_host else f"{model}, {meter}"
    billed = amount if is_purchase or provider != PREPAID else 0.0
    kind = (
        ("Compute", "Virtual Machines", "Cloud servers")
        if is_host
        else ("AI and Machine Learning", "Generative AI", SERVICES[provider])
    )
    return (
        f"{name[:3].upper()}-{month:%Y%m}", name, name, _at(month), _at(after), _at(month), _at(after),
        "Purchase" if is_purchase else "Usage", "One-Time" if is_purchase else "Recurring" if is_host else "Usage-Based", what, *kind,
        "credits" if is_purchase else "vm-small" if is_host else f"{model}/{meter.replace(' ', '-')}", meter or None,
        float(count) if count else None, "Tokens" if count else None, round(billed, 6), 0.0 if is_purchase else round(amount, 6),
        round(amount, 6), "USD", json.dumps(tags, sort_keys=True),
    )  # fmt: skip


def _at(day: date) -> str:
    return f"{day:%Y-%m-%d}T00:00:00Z"
