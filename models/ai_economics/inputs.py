"""From rows of a build to the world of a programme: the registry, the assumptions, the forecast of orders, prices and what was measured."""

import datetime as dt
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from models.ai_economics.draws import Draws, Spread, drawn, middle
from models.ai_economics.network import with_second
from models.ai_economics.prompt_tiers import Price
from models.ai_economics.seen import measured
from models.ai_economics.use_case import RANGES, UseCase, use_case
from models.ai_economics.world import World, places
from models.model import Frames
from models.months import month_after

MONTHS = 36
# What a usual month looks like where nothing is known of the company's own season (assumption of the method, section 2.1).
SEASON = (0.92, 0.90, 1.02, 1.03, 1.05, 1.06, 0.98, 1.00, 1.04, 1.08, 1.02, 0.90)
RISE, FALL, JUMP_SPREAD = 1.87, 0.54, 0.25
RATES = "usd_per_"  # dollars for one unit of a currency
READS: dict[str, tuple[str, ...]] = {
    "raw.assumptions": ("assumption_name", "assumed_number", "low_number", "high_number", "distribution_name"),
    "raw.use_cases": ("use_case_id", "definition_text"),
    "raw.ai_prices": (
        "provider_name", "model_name", "is_priced", "valid_from_date", "valid_to_date", "is_batch", "service_tier_code", "from_token_count",
        "day_from_minutes", "uncached_input_price", "cache_read_price", "output_price", "currency_code",
    ),
    "raw.company": ("reporting_currency",),
    "scores.driver_paths": ("driver_name", "month_date", "path_no", "units"),
    "marts.driver_months": ("driver_name", "month_date", "units"),
    "marts.ai_scale": ("sku_count", "site_id", "order_line_share"),
    "marts.ai_volumes": (
        "use_case_id", "month_date", "is_over", "case_count", "priced_case_count", "priced_usage_cost", "error_count", "error_cost_amount",
        "wrong_commitment_count", "commitment_cost_amount",
    ),
    "marts.ai_usage": ("called_date", "use_case_id", "token_count", "unpriced_token_count", "usage_cost"),
    "marts.value_rows": ("earning_source_name", "use_case_id", "month_date", "benefit_amount", "error_cost_amount"),
    "scores.ai_effects": ("use_case_id", "measure_name", "evidence_grade", "effect_number", "low_number", "high_number", "baseline_number"),
}  # fmt: skip


def registry(frames: Frames) -> list[UseCase]:
    """Every use case of the registry, in the order of their ids."""
    rows = frames["raw.use_cases"].sort("use_case_id")
    return [use_case(json.loads(text)) for text in rows["definition_text"]]


def spreads(frames: Frames, cases: list[UseCase]) -> dict[str, Spread]:
    """What is known of every number: assumptions by name, those of use cases as `UC3.review_share`."""
    found = {
        name: Spread(low, value, high, law)
        for name, value, low, high, law in frames["raw.assumptions"].select(READS["raw.assumptions"]).iter_rows()
    }
    for case in cases:
        for name in RANGES:
            low, value, high = case.range(name)
            found[f"{case.use_case_id}.{name}"] = Spread(low, value, high)
    return found


def world_of(
    frames: Frames,
    as_of: dt.date,
    *,
    use_cases: list[UseCase] | None = None,
    count: int,
    seed: int,
    months: int = MONTHS,
    is_certain: bool = False,
) -> World | None:
    """The world of a programme on `count` paths; None where no month of orders is known.

    Args:
        frames: tables as in `READS`.
        use_cases: those of the programme; those that run, or were stopped, where none are given.
        is_certain: one path at the expected values instead of draws.
    """
    chosen = use_cases if use_cases is not None else programme(registry(frames))
    known = spreads(frames, chosen)
    first = month_after(as_of, 1)
    drivers = _drivers(frames, first, months, 1 if is_certain else count)
    if drivers is None:
        return None
    numbers = middle(known) if is_certain else drawn(known, count=count, seed=seed)
    scale = frames["marts.ai_scale"]
    shares = dict(scale.select("site_id", "order_line_share").drop_nulls().iter_rows())
    made = World(
        months=months,
        first_month=first,
        numbers=numbers,
        drivers=drivers,
        disruption=_disruption(drivers, frames["marts.driver_months"]),
        prices=prices(frames, chosen, first, months, known),
        jumps=np.ones((1, months)) if is_certain else _jumps(numbers, months, count, seed),
        use_cases=tuple(chosen),
        sku_count=int(scale["sku_count"].max() or 0) if scale.height else 0,  # type: ignore[arg-type]  # a count
        sites=shares,
        measured=measured(
            frames,
            chosen,
            drivers,
            moves=numbers["ai_model_changes_per_year"],
            count=1 if is_certain else count,
            seed=seed,
        ),
    )
    single = {
        place
        for case in (*registry(frames), *chosen)
        if case.second_line is not None
        for place in places(made, case)
        if with_second(case.second_line.before(place)) != case.second_line.before(place)
    }
    return replace(made, single_lines=frozenset(single))


def programme(cases: list[UseCase]) -> list[UseCase]:
    """The use cases that somebody took up: those that run or were stopped."""
    return [case for case in cases if case.stage != "candidate"]


def _drivers(frames: Frames, first: dt.date, months: int, count: int) -> dict[str, np.ndarray] | None:
    """Units of each driver by month, (paths × months): forecast paths where there are, else the level of late with a usual season."""
    history, paths = frames["marts.driver_months"], frames["scores.driver_paths"]
    found: dict[str, np.ndarray] = {}
    ahead = [month_after(first, place) for place in range(months)]
    for (name,), rows in paths.filter(pl.col("month_date") >= first).group_by("driver_name", maintain_order=True):
        wide = rows.sort("path_no", "month_date")
        steps = wide["month_date"].n_unique()
        values = wide["units"].cast(pl.Float64).to_numpy().reshape(-1, steps)
        values = np.column_stack([values, *[values[:, -12:]] * (months // 12 + 1)])[:, :months]
        found[str(name)] = values.mean(axis=0, keepdims=True) if count == 1 else values[np.arange(count) % len(values)]
    for (name,), rows in history.sort("month_date").group_by("driver_name", maintain_order=True):
        if str(name) not in found:
            level = float(rows["units"].tail(6).cast(pl.Float64).mean() or 0.0)  # type: ignore[arg-type]  # a mean of numbers
            found[str(name)] = level * np.array([[SEASON[month.month - 1] for month in ahead]])
    if "orders" not in found or "order_lines" not in found:
        return None
    found["working_days"] = np.array([[float(_working_days(month)) for month in ahead]])
    for name in ("purchase_lines", "shipments", "exceptions"):
        found.setdefault(name, np.zeros((1, months)))
    return found


def _disruption(drivers: Mapping[str, np.ndarray], history: pl.DataFrame) -> np.ndarray:
    """By how much exceptions exceed their usual share of order lines in each month, at most threefold."""
    past = dict(history.group_by("driver_name").agg(pl.col("units").cast(pl.Float64).sum()).iter_rows())
    usual = past.get("exceptions", 0.0) / past["order_lines"] if past.get("order_lines") else 0.0
    if not usual:
        return np.zeros((1, 1))
    share = np.divide(drivers["exceptions"], np.maximum(drivers["order_lines"], 1e-9))
    return np.clip(share / usual - 1, -0.9, 3.0)


def prices(
    frames: Frames, cases: Iterable[UseCase], first: dt.date, months: int, known: Mapping[str, Spread]
) -> dict[tuple[str, str, bool], Price]:
    """What a token costs in each month to come, by known steps alone, with a price of its own for each length of a call's prompt."""
    currency = frames["raw.company"]["reporting_currency"].item() if frames["raw.company"].height else "USD"
    listed = frames["raw.ai_prices"].filter(pl.col("is_priced"))
    ahead = [month_after(first, place) for place in range(months)]
    found: dict[tuple[str, str, bool], Price] = {}
    for provider, model, is_batch in dict.fromkeys((*one[:2], case.batch) for case in cases for one in case.models):
        rows = listed.filter(
            (pl.col("provider_name") == provider.lower()) & (pl.col("model_name") == model.lower())
            & (pl.col("service_tier_code").fill_null("") == "")
        ).with_columns(pl.col("from_token_count").fill_null(0))  # fmt: skip
        tiers = [
            (since, _price_of(rows.filter(pl.col("from_token_count") <= since), ahead, is_batch, known, currency))
            for since in sorted({0, *rows["from_token_count"]})
        ]
        usual, *longer = tiers
        # A long prompt without a price would be a gap of the model, not a call at the usual price.
        if all(price is not None for _, price in tiers) and usual[1] is not None:
            found[provider, model, is_batch] = replace(
                usual[1], above=tuple((float(since), price) for since, price in longer if price is not None)
            )
    return found


def _price_of(
    rows: pl.DataFrame, ahead: Sequence[dt.date], is_batch: bool, known: Mapping[str, Spread], currency: str
) -> Price | None:
    """What a token costs in each month by the rows of one length of prompts; None where a month has no price."""
    # A price moves only on the days that its rows name; between two of them it is looked up once.
    steps = sorted({*rows["valid_from_date"], *rows["valid_to_date"]} - {None})
    since = [bisect_right(steps, month) for month in ahead]
    at = {step: _price_on(rows, ahead[since.index(step)], is_batch, known, currency) for step in set(since)}
    said = [at[step] for step in since]
    if not said or any(one is None for one in said):
        return None
    read, held, written = np.array(said, dtype=float).T[:, None, :]
    return Price(read, held, written)


def _price_on(
    rows: pl.DataFrame, day: dt.date, is_batch: bool, known: Mapping[str, Spread], currency: str
) -> tuple[float, float, float] | None:
    """What a token read, read from a cache and written costs on a day; a batch price before the usual one where a batch was asked for."""
    now = rows.filter(
        (pl.col("valid_from_date") <= day) & (pl.col("valid_to_date").is_null() | (pl.col("valid_to_date") > day))
    )
    for wanted in (True, False) if is_batch else (False,):
        fit = now.filter(pl.col("is_batch").fill_null(value=False) == wanted).sort(
            "from_token_count", "day_from_minutes", descending=[True, False], nulls_last=True
        )
        if fit.height:
            row = fit.row(0, named=True)
            rate = _rate(row["currency_code"], currency, known)
            if rate is None or row["uncached_input_price"] is None:
                return None
            read, out = float(row["uncached_input_price"]), float(row["output_price"] or 0)
            held = float(row["cache_read_price"]) if row["cache_read_price"] is not None else read
            return read * rate / 1e6, held * rate / 1e6, out * rate / 1e6
    return None


def _rate(of: str | None, into: str, known: Mapping[str, Spread]) -> float | None:
    """Units of one currency for one of another, by dollars; None where a rate is not known."""
    here, there = _dollars(of or "USD", known), _dollars(into, known)
    return here / there if here and there else None


def _dollars(currency: str, known: Mapping[str, Spread]) -> float | None:
    name = RATES + currency.lower()
    if name in known:
        return known[name].value
    return 1.0 if currency.upper() == "USD" else None


def _jumps(numbers: Draws, months: int, count: int, seed: int) -> np.ndarray:
    """Factors of unannounced price changes since the first month: so many a year, some up and some down (assumption `ai_price_jumps…`)."""
    dice = np.random.default_rng([seed, 71])
    happens = dice.random((count, months)) < numbers["ai_price_jumps_per_year"] / 12
    rises = dice.random((count, months)) < numbers["ai_price_rise_share"]
    size = np.log(np.where(rises, RISE, FALL)) + JUMP_SPREAD * dice.standard_normal((count, months))
    return np.exp(np.cumsum(np.where(happens, size, 0.0), axis=1))


def _working_days(month: dt.date) -> int:
    after = month_after(month, 1)
    return sum((month + dt.timedelta(days=day)).weekday() < 5 for day in range((after - month).days))
