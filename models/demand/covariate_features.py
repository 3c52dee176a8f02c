"""What a model may read of each day to come: the demand before it, the calendar, holidays, promotions, prices, signals, lead times."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.demand.outside import SIGNALS_AT_MOST, Outside, day_number

LEVEL_DAYS, LEVEL_PRIOR = 91, 28.0
YEAR, AROUND = 364, 14  # the same weekdays of last year, and so many days to either side of them
STEPS = 28  # later steps are taken for the last of these
NEAR_DAYS, WAKE_DAYS, MEMORY_DAYS = 7, 14, 28
SIGNALS = tuple(f"signal_{k}" for k in range(SIGNALS_AT_MOST))
GROUPS = {
    "history": ("base", "step", "last_7", "last_28", "lifetime", "zero_share", "category"),
    "seasonality": ("last_year",),
    "calendar": ("weekday", "is_working_day", "month_day", "days_to_month_end"),
    "holidays": ("is_holiday", "days_to_holiday", "days_since_holiday"),
    "promotions": ("discount_share", "is_promotion", "days_since_promotion", "promoted_share_28"),
    "prices": ("price_ratio",),
    "signals": SIGNALS,
    "lead times": ("lead_days",),
}
NAMES = tuple(name for names in GROUPS.values() for name in names)
RATIOS = ("base", "last_7", "last_28", "lifetime", "last_year", "price_ratio")
GRAIN, RATIO_AT_LEAST, RATIO_AT_MOST = 16, 1 / 32, 16.0  # ratios are told in sixteenths of a doubling
FLAT = ("last_7", "last_28", "lifetime", "zero_share", "category", "promoted_share_28", "lead_days")


@dataclass(frozen=True)
class Look:
    """What stood at an origin, and what came of it.

    Attributes:
        origin: the last day that was known.
        places: of its series among those of the outside world.
        series: their demand until then, by day.
        base: what the blend says of the days after it, series × step.
        came: what came, in the same shape; nan where it is not known.
        squared: mean square of each series' steps from day to day, in which errors are measured.
    """

    origin: dt.date
    places: np.ndarray
    series: list[np.ndarray]
    base: np.ndarray
    came: np.ndarray
    squared: np.ndarray


def level(series: list[np.ndarray]) -> np.ndarray:
    """What each series asks for on a day of late: the mean of 91 days, drawn towards the mean of its life as if by 28 days more.

    >>> level([np.full(200, 2.0), np.array([0.0, 4.0])]).tolist()
    [2.0, 2.0]
    """
    sums = np.array([one[-LEVEL_DAYS:].sum() for one in series])
    sizes = np.array([min(one.size, LEVEL_DAYS) for one in series])
    life = np.array([one.mean() for one in series])
    return (sums + LEVEL_PRIOR * life) / (sizes + LEVEL_PRIOR)


def features(world: Outside, look: Look) -> np.ndarray:
    """Series × step × feature of `NAMES`, from what was known at the close of the origin; nan where nothing is known."""
    count, horizon = look.base.shape
    usual = level(look.series)
    over = np.where(usual > 0, usual, np.nan)
    at = day_number(look.origin) - world.first
    days = at + np.arange(1, horizon + 1)
    said = {"base": look.base / over[:, None], "step": np.minimum(np.arange(1, horizon + 1), STEPS)}
    said["last_7"] = np.array([one[-7:].mean() for one in look.series]) / over
    said["last_28"] = np.array([one[-28:].mean() for one in look.series]) / over
    said["lifetime"] = np.array([one.mean() for one in look.series]) / over
    said["zero_share"] = np.array([np.mean(one[-LEVEL_DAYS:] == 0) for one in look.series])
    said["category"] = world.category[look.places]
    said["last_year"] = _last_year(world, look, horizon)
    said |= _of_calendar(world, days)
    sites = world.site[look.places]
    said |= {name: told[sites] for name, told in _of_holidays(world, days).items()}
    said |= _of_promotions(world, look.places, at, days)
    usual_price = world.price[:, max(at + 1 - LEVEL_DAYS, 0) : at + 1].mean(axis=1)
    price = world.price[:, np.minimum(days, at + world.price_ahead_days)] / usual_price[:, None]
    said["price_ratio"] = price[world.sku[look.places]]
    for name, readings in zip(SIGNALS, world.signals, strict=False):
        said[name] = np.array([_reading(one, at + world.first, days + world.first) for one in readings])[sites]
    said["lead_days"] = _lead_days(world, at + world.first)[world.sku[look.places]]
    said |= {name: coarse(said[name]) for name in RATIOS}
    out = np.full((count, horizon, len(NAMES)), np.nan, dtype=np.float32)
    for place, name in enumerate(NAMES):
        if name in said:
            out[:, :, place] = said[name][:, None] if name in FLAT else said[name]
    return out


def coarse(ratio: np.ndarray | float) -> np.ndarray:
    """Ratios as sixteenths of a doubling: trees need no more, and find few values faster than many.

    >>> coarse(np.array([0.5, 1.0, 1.01])).tolist()
    [-16.0, 0.0, 0.0]
    """
    return np.rint(GRAIN * np.log2(np.clip(ratio, RATIO_AT_LEAST, RATIO_AT_MOST)))


def _of_calendar(world: Outside, days: np.ndarray) -> dict[str, np.ndarray]:
    numbers = (days + world.first).astype("datetime64[D]")
    months = numbers.astype("datetime64[M]")
    month_day = (numbers - months.astype("datetime64[D]")).astype(int) + 1
    to_end = ((months + 1).astype("datetime64[D]") - numbers).astype(int) - 1
    weekday = (days + world.first + 3) % 7
    return {
        "weekday": weekday, "is_working_day": world.working[days], "month_day": month_day, "days_to_month_end": to_end,
    }  # fmt: skip


def _of_holidays(world: Outside, days: np.ndarray) -> dict[str, np.ndarray]:
    """By site and day: whether it is one, and how far the next and the last are, a week at most."""
    wide = np.pad(world.holiday, ((0, 0), (NEAR_DAYS, NEAR_DAYS)))
    near = np.stack([wide[:, days + NEAR_DAYS + gap] for gap in range(-NEAR_DAYS, NEAR_DAYS + 1)])
    to_next = np.where(near[NEAR_DAYS:].any(axis=0), near[NEAR_DAYS:].argmax(axis=0), NEAR_DAYS + 1)
    back = near[NEAR_DAYS::-1]
    since = np.where(back.any(axis=0), back.argmax(axis=0), NEAR_DAYS + 1)
    return {"is_holiday": near[NEAR_DAYS], "days_to_holiday": to_next, "days_since_holiday": since}


def _of_promotions(world: Outside, places: np.ndarray, at: int, days: np.ndarray) -> dict[str, np.ndarray]:
    """Promotions that had been announced by the origin, their wake, and how many of the last 28 days were promoted."""
    window = np.arange(max(at + 1 - MEMORY_DAYS, 0), days[-1] + 1)
    discount, begins = world.discount[places][:, window], world.begins[places][:, window]
    is_on = ~np.isnan(discount) & (begins <= at + world.first + world.ahead_days)
    past = window <= at
    since = np.full(is_on.shape, WAKE_DAYS + 1)
    for gap in range(WAKE_DAYS, -1, -1):
        since[:, gap:][is_on[:, : is_on.shape[1] - gap]] = gap
    ahead = ~past
    return {
        "discount_share": np.where(is_on, np.maximum(discount, 0.0), 0.0)[:, ahead],
        "is_promotion": is_on[:, ahead],
        "days_since_promotion": since[:, ahead],
        "promoted_share_28": is_on[:, past].mean(axis=1),
    }


def _last_year(world: Outside, look: Look, horizon: int) -> np.ndarray:
    """How the category's demand at this time of last year stood to the quarter before this day of last year."""
    reach = YEAR + LEVEL_DAYS
    old = [k for k, one in enumerate(look.series) if one.size >= reach]
    out = np.full((len(look.series), horizon), np.nan)
    if not old:
        return out
    category = world.category[look.places]
    sums = np.zeros((int(np.nanmax(category, initial=0)) + 2, reach))
    kind = np.where(np.isnan(category), sums.shape[0] - 1, category).astype(int)
    np.add.at(sums, kind[old], np.array([look.series[k][-reach:] for k in old]))
    run = np.concatenate([np.zeros((sums.shape[0], 1)), np.cumsum(sums, axis=1)], axis=1)
    middle = LEVEL_DAYS + np.arange(horizon)
    around = (run[:, middle + AROUND + 1] - run[:, middle - AROUND]) / (2 * AROUND + 1)
    before = run[:, [LEVEL_DAYS]] / LEVEL_DAYS
    ratio = np.divide(around, before, out=np.full_like(around, np.nan), where=before > 0)
    return ratio[kind]


def _reading(readings: np.ndarray, origin: int, days: np.ndarray) -> np.ndarray:
    """The last reading on or before each day among those known at the origin; nan where there is none."""
    known = readings[:, readings[1] <= origin]
    if not known.shape[1]:
        return np.full(days.size, np.nan)
    found = np.searchsorted(known[0], days, side="right") - 1
    return np.where(found >= 0, known[2, np.maximum(found, 0)], np.nan)


def _lead_days(world: Outside, origin: int) -> np.ndarray:
    """Median days from order to arrival of each SKU, over the lines that had come by the origin."""
    out = np.full(world.price.shape[0], np.nan)
    came = world.lead[:, world.lead[1] <= origin]
    if not came.shape[1]:
        return out
    told = pl.DataFrame({"sku": came[0].astype(int), "days": came[2]}).group_by("sku").agg(pl.col("days").median())
    out[told["sku"].to_numpy()] = told["days"].to_numpy()
    return out
