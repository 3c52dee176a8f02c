"""Demand of every SKU at every site for the next thirteen weeks: how much, and how sure."""

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from models.model import BACKTEST, DRIFT, RIVAL_ONLY, Asked, Frames, Model, Output, Scored, verdict

if TYPE_CHECKING:
    from models.demand.backtest import Outcome
    from models.demand.blend import Blend
    from models.demand.covariates import Competed
    from models.demand.history import History

HORIZON, COVARIATES_SINCE = 91, 2
QUANTILES = {
    0.025: "p025_qty",
    0.05: "p05_qty",
    0.1: "p10_qty",
    0.2: "p20_qty",
    0.3: "p30_qty",
    0.4: "p40_qty",
    0.5: "p50_qty",
}
QUANTILES |= {
    0.6: "p60_qty",
    0.7: "p70_qty",
    0.8: "p80_qty",
    0.9: "p90_qty",
    0.95: "p95_qty",
    0.975: "p975_qty",
    0.99: "p99_qty",
}
FIT: tuple[str, ...] = ("sku_id", "site_id", "origin_date", "demand_class_name", "method_name", "history_day_count")
FIT += ("censored_day_count", "lifted_qty", "mean_day_qty", "forecast_28_qty", "looked_back_qty")
FIT += ("came_28_qty", "error_28_qty", "naive_error_28_qty", "rmsse_number", "naive_rmsse_number")
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
    from models.demand.history import WEEK, history
    from models.demand.intervals import quantiles
    from models.demand.levels import coherent

    past = history(
        frames["core.demand_facts"], frames["marts.selling_lives"], frames["core.stock_out_days"], asked.as_of
    )
    is_rival = asked.version == RIVAL_ONLY
    outcomes = (
        [] if is_rival else [found for day in backtest.origins(asked.as_of) if (found := backtest.outcome(past, day))]
    )
    series = past.wanted()
    blend = blended(series, season_length=WEEK, horizon=HORIZON, only=backtest.RIVAL if is_rival else None)
    unlifted = backtest.lifting(past, outcomes[0]) if outcomes else pl.DataFrame(schema=BACKTEST)
    moved = _competed(frames, past, outcomes, blend) if asked.version >= COVARIATES_SINCE else None
    outcomes = moved.spoken(outcomes) if moved else outcomes
    looked_back = pl.concat(
        [
            moved.backtests if moved else pl.DataFrame(schema=BACKTEST),
            *(backtest.rows_of(found, backtest.classes_of(found.history)) for found in outcomes),
        ]
    )
    model_error, rival_error = (_mean(looked_back, name) for name in ("model", backtest.RIVAL))
    falls_back, because = verdict(model_error, rival_error, rival=backtest.RIVAL)
    speaks_naive = falls_back or is_rival
    if falls_back:
        blend = blended(series, season_length=WEEK, horizon=HORIZON, only=backtest.RIVAL)
    bands = quantiles(series, blend)
    if moved and not falls_back:
        blend, bands = replace(blend, points=moved.points), bands * moved.factor[:, :, None]
    classes = backtest.classes_of(past)
    hang = dependence(blend.residuals, classes)
    shapes = {name: (common, serial) for name, common, serial in hang.iter_rows()}
    agreed = coherent(
        past,
        series,
        blend,
        bands,
        categories=frames["core.skus"].select("sku_id", "category_name"),
        hang=[shapes[name] for name in classes],
        outcomes=[] if speaks_naive else outcomes,
        seed=asked.seed,
    )
    blend = replace(blend, points=agreed.points)
    fits = _fits(past, series, blend, classes, outcomes[0] if outcomes else None, speaks_naive)
    return Scored(
        tables={
            "scores.demand_forecasts": _long(past, agreed.points, agreed.bands, speaks_naive),
            "scores.demand_fits": fits,
            "scores.demand_lookbacks": _lookbacks(outcomes, backtest.RIVAL if speaks_naive else "model"),
            "scores.demand_dependence": hang,
            "scores.demand_levels": agreed.weeks,
        },
        measure_name="rmsse",
        model_error=model_error,
        rival_error=rival_error,
        because=f"{because} {moved.because}" if moved else because,
        is_fallback=falls_back,
        trained_rows=sum(one.size for one in series),
        backtests=pl.concat([looked_back, unlifted, agreed.backtests]),
        drift=drift(looked_back),
    )


def _competed(frames: Frames, past: "History", outcomes: list["Outcome"], blend: "Blend") -> "Competed":
    from models.demand.covariates import competed

    return competed(
        past, outcomes, blend, calendar=frames["core.calendar"], promotions=frames["core.promotions"],
        prices=frames["core.prices"], signals=frames["core.external_signals"], skus=frames["core.skus"],
        sites=frames["core.sites"], leads=frames["core.purchase_lines"],
    )  # fmt: skip


def _mean(looked_back: pl.DataFrame, variant: str) -> float | None:
    mine = looked_back.filter(scope_name="all", measure_name="rmsse", variant_name=variant)["measured_number"]
    return float(mine.mean()) if mine.len() else None  # type: ignore[arg-type]  # a mean of floats


def _long(past: "History", points: np.ndarray, bands: np.ndarray, is_rival: bool) -> pl.DataFrame:
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
        **levels, model_code=pl.lit("seasonal naive" if is_rival else "demand"), origin_date=pl.lit(past.end)
    )


def _lookbacks(outcomes: list["Outcome"], speaker: str) -> pl.DataFrame:
    """What would have been said at earlier days, with what came; null where the shelf was empty."""
    frames = [
        _long(found.history, found.said[speaker], found.bands[speaker], speaker != "model").with_columns(
            came_qty=pl.Series(found.came.reshape(-1)).fill_nan(None)
        )
        for found in outcomes
    ]
    if not frames:
        return pl.DataFrame(schema=dict.fromkeys(LOOKBACK, pl.Null))
    return pl.concat(frames)


def _fits(
    past: "History",
    series: list[np.ndarray],
    blend: "Blend",
    classes: list[str],
    latest: "Outcome | None",
    is_rival: bool,
) -> pl.DataFrame:
    """One row per SKU and site: what its forecast rests on, and how the last one did."""
    from models.demand.backtest import DAYS, RIVAL
    from models.demand.pool import METHODS

    lift = [float(a.sum() - np.minimum(a, b).sum()) for a, b in zip(series, past.recorded, strict=True)]
    frame = past.cells.select("sku_id", "site_id").with_columns(
        origin_date=pl.lit(past.end),
        demand_class_name=pl.Series(classes, dtype=pl.String),
        method_name=pl.Series(
            [RIVAL if is_rival else METHODS[k] for k in blend.weights.argmax(axis=1)], dtype=pl.String
        ),
        history_day_count=pl.Series([one.size for one in series], dtype=pl.Int64),
        censored_day_count=pl.Series([int(one.sum()) for one in past.censored], dtype=pl.Int64),
        lifted_qty=pl.Series(np.round(lift, 3), dtype=pl.Float64),
        mean_day_qty=pl.Series([round(float(one[-91:].mean()), 3) for one in past.recorded], dtype=pl.Float64),
        forecast_28_qty=pl.Series(blend.points[:, :DAYS].sum(axis=1).round(3), dtype=pl.Float64),
    )
    names = {"looked_back_qty": pl.Float64, "came_28_qty": pl.Float64, "error_28_qty": pl.Float64}
    names |= {"naive_error_28_qty": pl.Float64, "rmsse_number": pl.Float64, "naive_rmsse_number": pl.Float64}
    if latest is None:
        return frame.with_columns(**{name: pl.lit(None, dtype=kind) for name, kind in names.items()}).select(FIT)
    known = ~np.isnan(latest.came)
    squared = np.array([(np.diff(one) ** 2).mean() for one in latest.history.recorded])
    told = {"came_28_qty": np.nansum(latest.came, axis=1)}
    told["looked_back_qty"] = np.where(known, latest.said["model"], 0.0).sum(axis=1)
    for prefix, variant in (("", "model"), ("naive_", RIVAL)):
        error = np.where(known, latest.said[variant] - np.nan_to_num(latest.came), 0.0)
        told[f"{prefix}error_28_qty"] = error.sum(axis=1)
        mean = (error**2).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        told[f"{prefix}rmsse_number"] = np.sqrt(
            np.divide(mean, squared, out=np.full_like(mean, np.nan), where=squared > 0)
        )
    back = latest.history.cells.select("sku_id", "site_id").with_columns(
        **{name: pl.Series(np.round(column, 4)).fill_nan(None) for name, column in told.items()}
    )
    return frame.join(back, on=["sku_id", "site_id"], how="left", maintain_order="left").select(FIT)


def drift(looked_back: pl.DataFrame) -> pl.DataFrame:
    """Whether the error and the bias of the latest origin have moved from those of the origins before it.

    Drifted: the error a quarter above, or the bias a tenth of demand away.
    """
    rows = []
    mine = looked_back.filter(scope_name="all", variant_name="model").sort("origin_date")
    for name, limit in (("rmsse", 0.25), ("bias", 0.1)):
        said = mine.filter(measure_name=name)["measured_number"].to_list()
        if len(said) < 2:
            continue
        before, now = float(np.mean(said[:-1])), said[-1]
        moved = abs(now - before) if name == "bias" else max(now - before, 0.0) / max(before, 1e-9)
        rows.append((name, "error", before, now, moved, moved > limit))
    return pl.DataFrame(rows, schema=DRIFT, orient="row")


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
        "core.skus": ("sku_id", "category_name"),
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
            columns=FIT,
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
        1: "Twelve methods blended by what each earned on the series' own rolling origins.",
        2: "The same, corrected for calendar, holidays, promotions, prices, signals and lead times where that shows a gain.",
    },
    does_not="It does not know promotions that nobody has uploaded, new customers, or prices of competitors.",
    trust="Trust sums over weeks more than single days, and bands more than the middle line; less below eight weeks of history.",
    score=score,
)
