"""The drivers of the next three years: a trend of a short history levels off instead of going on."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.demand import drivers
from models.model import Asked
from models.months import month_after

FIRST, KNOWN = dt.date(2025, 9, 1), 14
AS_OF = month_after(FIRST, KNOWN) - dt.timedelta(days=1)


def rising(a_month: float) -> dict[str, pl.DataFrame]:
    """Fourteen months of exceptions that rise by so many a month, give or take some."""
    units = 110 + a_month * np.arange(KNOWN) + np.random.default_rng(5).normal(0, 12, KNOWN)
    months = [month_after(FIRST, at) for at in range(KNOWN)]
    return {"marts.driver_months": pl.DataFrame({"driver_name": "exceptions", "month_date": months, "units": units})}


def middles(told: dict[str, pl.DataFrame], version: int) -> np.ndarray:
    drawn = drivers.score(told, Asked(AS_OF, version)).tables["scores.driver_paths"]
    return drawn.group_by("month_date").agg(pl.col("units").median()).sort("month_date")["units"].to_numpy()


def test_a_trend_of_fourteen_months_levels_off_over_thirty_six():
    told = rising(10.0)
    found, before = (middles(told, version) for version in (drivers.MODEL.newest, drivers.UNDAMPED))
    assert found.size == drivers.MONTHS
    early, late = found[12] - found[0], found[-1] - found[23]
    assert early > 0, "the trend is not forgotten"
    assert late < 0.2 * early, "in the last year little of it is left"
    assert before[-1] - before[23] > 2 * late, "the version before went on"


def test_a_level_company_is_forecast_level_in_every_version():
    told = rising(0.0)
    for version in drivers.MODEL.versions:
        assert middles(told, version).mean() == pytest.approx(110, rel=0.1)
