"""How much work is coming: order lines, orders, purchase lines, shipments and exceptions of the next 36 months, as paths.

Each driver is forecast at its own level: summing paths of SKUs that know nothing of each other would understate the spread.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from models.model import BACKTEST, RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty, verdict
from models.months import month_after

MONTHS, PATHS, YEAR = 36, 500, 12
LEAST_MONTHS, JUDGED_MONTHS = 9, 3
PAST_MONTHS, PAST_PATHS = 12, 250
# A company's level is misjudged for all months of a path alike; drawn from there until its own history says otherwise.
DEPENDENCE = (0.5, 0.5)
RIVAL = "seasonal naive"
# Three years are long against the histories that there are: of a trend nine tenths are left after a month. Picked on the monthly training
# parts of the M3 competition, cut to 14, 24 and 36 months and asked for the 36 that followed; never on a company's months.
TREND_KEPT, UNDAMPED = 0.9, 1


def score(frames: Frames, asked: Asked) -> Scored:
    """500 paths of each driver, what would have been drawn at the end of each month of the last year, and what that was worth."""
    months = frames["marts.driver_months"].sort("driver_name", "month_date")
    series = {
        str(name): group["units"].cast(pl.Float64).to_numpy()
        for (name,), group in months.group_by("driver_name", maintain_order=True)
        if group.height >= LEAST_MONTHS
    }
    if not series:
        return Scored(empty(MODEL), because=f"It needs {LEAST_MONTHS} whole months of history, and there are fewer.")
    last: dt.date = months["month_date"].max()  # type: ignore[assignment]  # dates have a latest date
    drawn, told = _ahead(series, last, asked, months=MONTHS, count=PATHS)
    pasts = [_past(series, last, asked, ago) for ago in range(1, PAST_MONTHS + 1)]
    known = [one for one in pasts if one.height]
    past = pl.concat(known) if known else empty(MODEL)["scores.driver_past_paths"]
    return replace(
        told, tables={"scores.driver_paths": drawn, "scores.driver_past_paths": past}, trained_rows=months.height
    )


def _past(series: Mapping[str, np.ndarray], last: dt.date, asked: Asked, ago: int) -> pl.DataFrame:
    """What would have been drawn so many months ago for the months since, knowing nothing of them."""
    before = {name: one[:-ago] for name, one in series.items() if one.size - ago >= LEAST_MONTHS}
    if not before:
        return pl.DataFrame()
    known = month_after(last, 1 - ago) - dt.timedelta(days=1)
    drawn, _ = _ahead(before, month_after(last, -ago), replace(asked, as_of=known), months=ago, count=PAST_PATHS)
    return drawn.select(pl.lit(known).alias("origin_date"), pl.all())


def _ahead(
    series: Mapping[str, np.ndarray], last: dt.date, asked: Asked, *, months: int, count: int
) -> tuple[pl.DataFrame, Scored]:
    """Paths of each driver in the months after the last one, and what the forecast of three months before was worth."""
    from models import paths
    from models.demand.blend import blended
    from models.demand.dependence import dependence
    from models.demand.intervals import quantiles
    from models.quantile_grid import LEVELS

    kept = 1.0 if asked.version == UNDAMPED else TREND_KEPT
    looked_back, model_error, rival_error = _looked_back(series, asked.as_of, kept)
    falls_back, because = verdict(model_error, rival_error, rival=RIVAL, margin=0.02)
    speaks_naive = falls_back or asked.version == RIVAL_ONLY
    values = list(series.values())
    blend = blended(values, season_length=YEAR, horizon=months, only=RIVAL if speaks_naive else None, trend_kept=kept)
    bands = quantiles(values, blend)
    hang = dependence(blend.residuals, ["driver"] * len(values), prior=DEPENDENCE, names=("driver",)).row(0)
    ahead = pl.Series([month_after(last, at) for at in range(1, months + 1)])
    drawn = []
    for place, name in enumerate(series):
        said = paths.sample_paths(
            bands[place], blend.points[place], np.array(LEVELS), common_share=hang[1], serial=hang[2],
            seed=paths.seed_of(asked.seed, name), count=count,
        )  # fmt: skip
        drawn.append(
            pl.DataFrame(
                {
                    "driver_name": [name] * said.size,
                    "month_date": ahead.gather(np.tile(np.arange(months), count)),
                    "path_no": np.repeat(np.arange(1, count + 1), months),
                    "units": said.reshape(-1).round(2),
                }
            )
        )
    told = Scored(
        {},
        measure_name="wape",
        model_error=model_error,
        rival_error=rival_error,
        because=because,
        is_fallback=falls_back,
        backtests=looked_back,
    )
    return pl.concat(drawn), told


def _looked_back(
    series: Mapping[str, np.ndarray], as_of: dt.date, kept: float
) -> tuple[pl.DataFrame, float | None, float | None]:
    """What would have been said three months ago, and how far it lay off: the mean over drivers decides."""
    from models.demand.blend import blended

    judged = {name: one for name, one in series.items() if one.size >= LEAST_MONTHS + JUDGED_MONTHS}
    if not judged:
        return pl.DataFrame(schema=BACKTEST), None, None
    before = [one[:-JUDGED_MONTHS] for one in judged.values()]
    came = np.array([one[-JUDGED_MONTHS:] for one in judged.values()])
    origin, rows, means = as_of - dt.timedelta(days=30 * JUDGED_MONTHS), [], []
    for variant in ("model", RIVAL):
        only = None if variant == "model" else RIVAL
        said = blended(before, season_length=YEAR, horizon=JUDGED_MONTHS, only=only, trend_kept=kept).points
        total = np.maximum(came.sum(axis=1), 1e-9)
        wape, bias = np.abs(said - came).sum(axis=1) / total, (said - came).sum(axis=1) / total
        means.append(float(wape.mean()))
        rows.append((variant, "all", origin, "wape", means[-1], came.size))
        for name, error, surplus in zip(judged, wape, bias, strict=True):
            rows += [(variant, name, origin, "wape", float(error), JUDGED_MONTHS)]
            rows += [(variant, name, origin, "bias", float(surplus), JUDGED_MONTHS)]
    return pl.DataFrame(rows, schema=BACKTEST, orient="row"), means[0], means[1]


MODEL = Model(
    code="drivers",
    title="Driver forecast",
    question="How many order lines, orders, purchase lines, shipments and exceptions are coming in the next 36 months?",
    reads={"marts.driver_months": ("driver_name", "month_date", "units")},
    writes=(
        Output(
            name="scores.driver_paths",
            answers="Which futures of order lines, orders, purchase lines, shipments and exceptions are possible?",
            grain="one row per driver, month to come and path",
            key=("driver_name", "month_date", "path_no"),
            columns=("driver_name", "month_date", "path_no", "units"),
            checks=("units >= 0",),
        ),
        Output(
            name="scores.driver_past_paths",
            answers="Which futures of the drivers were possible at the end of each month of the last year, for the months since?",
            grain="one row per last day known, driver, month that came and path",
            key=("origin_date", "driver_name", "month_date", "path_no"),
            columns=("origin_date", "driver_name", "month_date", "path_no", "units"),
            checks=("units >= 0", "month_date > origin_date"),
        ),
    ),
    guarantee="Paths are never below nothing, and each driver is forecast at its own level from whole months alone.",
    rival=RIVAL,
    needs=("order_lines",),
    versions={
        UNDAMPED: "The blend of the demand forecast on monthly totals.",
        2: "The same, but trends level off: nine tenths of a trend are left after a month.",
    },
    does_not="It does not know of plans: new customers, closed sites or another price list.",
    trust="Trust the first half year; after that the bands are wide because the future is.",
    score=score,
)
