"""Demand of every SKU at every site for the next thirteen weeks: how much, and how sure."""

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from models.demand.fits import COLUMNS
from models.demand_class import classes_of
from models.model import BACKTEST, RIVAL_ONLY, Asked, Frames, Model, Output, Scored, verdict
from models.quantile_grid import COLUMNS as QUANTILES

if TYPE_CHECKING:
    from models.demand.backtest import Outcome
    from models.demand.blend import Blend
    from models.demand.history import History

HORIZON = 91
LEVEL: tuple[str, ...] = ("level_name", "sku_id", "site_id", "category_name", "week_date", "mean_qty")
LEVEL += ("p025_qty", "p10_qty", "p25_qty", "p50_qty", "p75_qty", "p90_qty", "p975_qty")
LEVEL += ("came_qty", "censored_day_count", "method_name", "origin_date")
LOOKBACK: tuple[str, ...] = ("sku_id", "site_id", "origin_date", "target_date", "mean_qty")
LOOKBACK += (*QUANTILES.values(), "came_qty", "model_code")


def score(frames: Frames, asked: Asked) -> Scored:
    """Forecasts, how they came about, how their errors hang together, and what they would have been worth before."""
    from models.demand import backtest
    from models.demand.blend import blended
    from models.demand.dependence import dependence
    from models.demand.drift import drift
    from models.demand.fits import fits
    from models.demand.history import WEEK, history
    from models.demand.judged import judged
    from models.demand.levels import WAYS, coherent

    past = history(
        frames["core.demand_facts"], frames["marts.selling_lives"], frames["core.stock_out_days"], asked.as_of
    )
    series = past.wanted()
    said = None if asked.version == RIVAL_ONLY else judged(frames, past, series, asked, horizon=HORIZON)
    outcomes = said.outcomes if said else []
    looked_back = pl.concat(
        [pl.DataFrame(schema=BACKTEST), *(backtest.rows_of(one, classes_of(one.history.recorded)) for one in outcomes)]
    )
    falls_back, because = _verdict(looked_back)
    if said and not falls_back:
        speaker, blend, way_name, is_new = "model", said.blend, said.way_name, said.is_new
    else:
        speaker, way_name, is_new = backtest.RIVAL, WAYS[0], np.zeros(len(series), dtype=bool)
        blend = blended(series, season_length=WEEK, horizon=HORIZON, only=backtest.RIVAL)
    classes = classes_of(past.recorded)
    hang = dependence(blend.residuals, classes)
    shapes = {name: (common, serial) for name, common, serial in hang.iter_rows()}
    agreed = coherent(
        past, series, blend, categories=frames["core.skus"].select("sku_id", "category_name"),
        hang=[shapes[name] for name in classes], way_name=way_name, seed=asked.seed,
    )  # fmt: skip
    told = fits(
        past, series, agreed.points, methods=_methods(blend, is_new), classes=classes,
        latest=outcomes[0] if outcomes else None, speaker=speaker,
    )  # fmt: skip
    return Scored(
        tables={
            "scores.demand_forecasts": _long(past, agreed.points, agreed.bands, speaker),
            "scores.demand_fits": told,
            "scores.demand_lookbacks": _lookbacks(outcomes, speaker),
            "scores.demand_dependence": hang,
            "scores.demand_levels": agreed.weeks,
        },
        measure_name="rmsse",
        model_error=_mean(looked_back, "model", "rmsse"),
        rival_error=_mean(looked_back, backtest.RIVAL, "rmsse"),
        because=f"{because} {said.because}".strip() if said else because,
        is_fallback=falls_back,
        trained_rows=sum(one.size for one in series),
        backtests=pl.concat([looked_back, said.backtests]) if said else looked_back,
        drift=drift(looked_back, past, promotions=frames["core.promotions"], prices=frames["core.prices"]),
    )


def _verdict(looked_back: pl.DataFrame) -> tuple[bool, str]:
    """Whether seasonal naive should speak: where the model falls behind it in points (rmsse) or in bands (pinball)."""
    from models.demand.backtest import RIVAL

    falls_back, because = verdict(_mean(looked_back, "model", "rmsse"), _mean(looked_back, RIVAL, "rmsse"), rival=RIVAL)
    ours, theirs = (_mean(looked_back, name, "pinball") for name in ("model", RIVAL))
    if ours is None or theirs is None:
        return falls_back, because
    said = f"pinball loss {ours:.3g} against {theirs:.3g}"
    if ours > theirs and not falls_back:
        return True, f"Its bands fell behind those of {RIVAL} on the last origins ({said}), so {RIVAL} speaks."
    return falls_back, f"{because[:-1]}; {said}."


def _methods(blend: "Blend", is_new: np.ndarray) -> list[str]:
    """The method that weighs most in each forecast."""
    from models.demand.newcomers import METHOD
    from models.demand.pool import METHODS

    best = [METHODS[place] for place in blend.weights.argmax(axis=1)] if len(is_new) else []
    return [METHOD if new else name for name, new in zip(best, is_new, strict=True)]


def _mean(looked_back: pl.DataFrame, variant: str, measure: str) -> float | None:
    mine = looked_back.filter(scope_name="all", measure_name=measure, variant_name=variant)["measured_number"]
    return float(mine.mean()) if mine.len() else None  # type: ignore[arg-type]  # a mean of floats


def _long(past: "History", points: np.ndarray, bands: np.ndarray, speaker: str) -> pl.DataFrame:
    """One row per SKU, site and day to come."""
    count, horizon = points.shape
    days = [past.end + dt.timedelta(days=step) for step in range(1, horizon + 1)]
    frame = pl.DataFrame(
        {
            "sku_id": past.cells["sku_id"].gather(np.repeat(np.arange(count), horizon)),
            "site_id": past.cells["site_id"].gather(np.repeat(np.arange(count), horizon)),
            "target_date": pl.Series(days, dtype=pl.Date).gather(np.tile(np.arange(horizon), count)),
            "mean_qty": points.reshape(-1).round(3),
        }
    )
    levels = {name: bands[:, :, place].reshape(-1).round(3) for place, name in enumerate(QUANTILES.values())}
    return frame.with_columns(
        **levels, model_code=pl.lit("demand" if speaker == "model" else speaker), origin_date=pl.lit(past.end)
    )


def _lookbacks(outcomes: list["Outcome"], speaker: str) -> pl.DataFrame:
    """What would have been said at earlier days, with what came; null where the shelf was empty."""
    frames = [
        _long(found.history, found.said[speaker], found.bands[speaker], speaker).with_columns(
            came_qty=pl.Series(found.came.reshape(-1)).fill_nan(None)
        )
        for found in outcomes
    ]
    if not frames:
        return pl.DataFrame(schema=dict.fromkeys(LOOKBACK, pl.Null))
    return pl.concat(frames)


MODEL = Model(
    code="demand",
    title="Demand forecast",
    question="How much of each SKU will be asked for at each site, day by day, and how sure is that?",
    reads={
        "core.demand_facts": ("sku_id", "site_id", "demand_date", "demand_qty"),
        "core.stock_out_days": ("sku_id", "site_id", "demand_date", "is_censored"),
        "core.calendar": ("day_date", "is_working_day"),
        "core.promotions": ("sku_id", "site_id", "starts_date", "ends_date", "discount_share"),
        "core.prices": ("sku_id", "customer_id", "valid_from_date", "unit_price"),
        "core.external_signals": ("signal_name", "place_name", "signal_date", "signal_number", "known_date"),
        "core.sites": ("site_id", "region_name", "country_code"),
        "core.purchase_lines": ("sku_id", "ordered_date", "last_received_date"),
        "core.skus": ("sku_id", "category_name", "list_price", "units_per_pack"),
        "marts.selling_lives": ("sku_id", "site_id", "first_demand_date", "last_sale_date"),
    },
    writes=(
        Output(
            name="scores.demand_forecasts",
            answers="How much of each SKU will be asked for where on each of the next 91 days, with quantiles?",
            grain="one row per SKU and site on sale and day to come",
            key=("sku_id", "site_id", "target_date"),
            columns=("sku_id", "site_id", "target_date", "mean_qty", *QUANTILES.values(), "model_code", "origin_date"),
            checks=(
                "mean_qty >= 0 and p025_qty >= 0",
                "p10_qty <= p50_qty and p50_qty <= p90_qty and p90_qty <= p99_qty",
            ),
        ),
        Output(
            name="scores.demand_fits",
            answers="What does the forecast of each SKU at each site rest on, and how did the one before do?",
            grain="one row per SKU and site on sale",
            key=("sku_id", "site_id"),
            columns=COLUMNS,
        ),
        Output(
            name="scores.demand_lookbacks",
            answers="What would have been said for the last twelve weeks, and what came?",
            grain="one row per SKU, site, origin and day that followed it",
            key=("sku_id", "site_id", "origin_date", "target_date"),
            columns=LOOKBACK,
            checks=("target_date > origin_date",),
        ),
        Output(
            name="scores.demand_levels",
            answers="How much will be asked for each week, of each SKU at each site, of each SKU, category and site, and in all?",
            grain="one row per level, its SKU, site or category (* where not told apart), and week: the last 52, and 13 to come",
            key=("level_name", "sku_id", "site_id", "category_name", "week_date"),
            columns=LEVEL,
            checks=("p10_qty <= p50_qty and p50_qty <= p90_qty",),
        ),
        Output(
            name="scores.demand_dependence",
            answers="How do the errors of a forecast hang together over its days?",
            grain="one row per class of demand",
            key=("demand_class_name",),
            columns=("demand_class_name", "common_share", "serial_correlation_number"),
            checks=(
                "common_share >= 0 and common_share <= 1",
                "serial_correlation_number >= -1 and serial_correlation_number <= 1",
            ),
        ),
    ),
    guarantee="Quantiles rise with their level, are never below nothing, and rest on days up to the as-of day alone.",
    rival="seasonal naive",
    needs=("order_lines",),
    versions={
        1: "Twelve methods blended by what each earned on the series' own rolling origins; new SKUs lean on alike ones.",
        2: "The same, corrected for calendar, holidays, promotions, prices, signals and lead times where that shows a gain.",
    },
    does_not="It does not know promotions that nobody has uploaded, new customers, or prices of competitors.",
    trust="Trust sums over weeks more than single days, and bands more than the middle line; less below eight weeks of history.",
    score=score,
)
