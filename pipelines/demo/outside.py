"""What the company announces and what happens around it, as rows in Crossdock's own words: promotions, weather, fuel, holidays."""

import polars as pl

from pipelines.demo import parties, weather
from pipelines.demo.clock import date_of, holidays
from pipelines.demo.demand import BLOCK_DAYS, promotions
from pipelines.demo.world import World

ANNOUNCED_DAYS = 21
HOLIDAY_KNOWN_DAYS = 60


def offers(world: World, since: int) -> pl.DataFrame:
    """Promotions that were announced: three weeks before they begin."""
    net = world.net
    after, last = max(since + ANNOUNCED_DAYS, net.size.first_day - 1), world.day + ANNOUNCED_DAYS
    blocks = range(after // BLOCK_DAYS - 1, last // BLOCK_DAYS + 1)
    found = [
        p for block in blocks for p in promotions(net.size.name, net.dice.seed, block) if after < p["first"] <= last
    ]
    rows = [
        (
            net.goods.code[p["sku"]],
            None if p["is_everywhere"] else net.sites.code[p["sites"][0]],
            date_of(p["first"]),
            date_of(p["last"]),
            p["discount"],
        )
        for p in sorted(found, key=lambda p: (p["first"], p["sku"]))
    ]
    types = {
        "sku_id": pl.String,
        "site_id": pl.String,
        "starts_date": pl.Date,
        "ends_date": pl.Date,
        "discount_share": pl.Float64,
    }
    return pl.DataFrame(rows, schema=types, orient="row")


def external_signals(world: World, since: int) -> pl.DataFrame:
    """Weather by region and day, diesel by week, and holidays two months before they come."""
    net, dice = world.net, world.net.dice
    regions = [row[3] for row in parties.site_rows(net.size)]
    begin = max(since + 1, net.size.first_day)
    rows: list[tuple] = []
    for day in range(begin, world.day + 1):
        for name, values in (("weather severity", weather.severity), ("temperature", weather.temperature)):
            rows += [
                (name, place, date_of(day), float(x), date_of(day))
                for place, x in zip(regions, values(dice, day, len(regions)), strict=True)
            ]
        if day % 7 == 4:
            rows.append(("diesel price", "DE", date_of(day), weather.diesel_price(dice, day), date_of(day)))
    soon = range(begin + (HOLIDAY_KNOWN_DAYS if since >= net.size.first_day else 0), world.day + HOLIDAY_KNOWN_DAYS + 1)
    rows += [
        ("holiday", "*", date_of(day), 1.0, date_of(max(day - HOLIDAY_KNOWN_DAYS, net.size.first_day)))
        for day in soon
        if day in holidays(date_of(day).year)
    ]
    types = {
        "signal_name": pl.String,
        "place_name": pl.String,
        "signal_date": pl.Date,
        "signal_number": pl.Float64,
        "known_date": pl.Date,
    }
    return pl.DataFrame(rows, schema=types, orient="row")
