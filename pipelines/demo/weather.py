"""What happens outside: weather by region and day, and the price of diesel by week; pure functions of the day, so any day can be asked."""

from typing import Any

import numpy as np

from pipelines.demo.dice import Dice

KNOT_DAYS = 6


def severity(dice: Dice, day: int, region_count: int) -> np.ndarray:
    """How bad the weather is by region, 0 to 10; storms last some days and are commoner in winter."""
    regions = np.arange(region_count)
    common, local = _wave(dice, "storm.all", day, 0), _wave(dice, "storm.region", day, regions)
    winter = 0.5 + 0.5 * np.cos(2 * np.pi * (day % 365.25 - 20) / 365.25)
    return np.round(np.clip(3.2 * (0.6 * common + 0.8 * local - 0.9 + 0.9 * winter), 0, 10), 1)


def chill(dice: Dice, day: int, region_count: int) -> np.ndarray:
    """How many degrees colder than usual for the season it is, by region."""
    regions = np.arange(region_count)
    return 3.0 * (_wave(dice, "cold.all", day, 0) + 0.4 * _wave(dice, "cold.region", day, regions))


def temperature(dice: Dice, day: int, region_count: int) -> np.ndarray:
    """Mean temperature of the day by region, degrees Celsius."""
    usual = 10.0 - 9.5 * np.cos(2 * np.pi * (day % 365.25 - 18) / 365.25)
    return np.round(usual - chill(dice, day, region_count), 1)


def diesel_price(dice: Dice, day: int) -> float:
    """Price of diesel in the week of a day, per litre."""
    week = (day + 3) // 7
    slow = 0.14 * np.sin(week / 17.0 + dice.seed) + 0.06 * np.sin(week / 5.3 + 2 * dice.seed)
    return float(np.round(1.62 + slow + 0.015 * dice.normal("diesel", week), 3))


def _wave(dice: Dice, purpose: str, day: int, place: Any) -> Any:
    """Smooth noise: normal numbers on knots some days apart, joined by straight lines."""
    knot, part = day // KNOT_DAYS, day % KNOT_DAYS / KNOT_DAYS
    return (1 - part) * dice.normal(purpose, place, knot) + part * dice.normal(purpose, place, knot + 1)
