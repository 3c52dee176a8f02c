"""The master data of a demo world, as rows in Crossdock's own words."""

import numpy as np
import polars as pl

from pipelines.demo import parties, words
from pipelines.demo.clock import date_of
from pipelines.demo.columns import coded, dates
from pipelines.demo.goods import COST_RISE, NEVER, NEW_YEAR
from pipelines.demo.network import Network
from pipelines.demo.world import World

TERMS_FROM = NEW_YEAR - 730


def skus(world: World, _since: int) -> pl.DataFrame:
    """All articles, those that are gone and those to come among them."""
    net, goods = world.net, world.net.goods
    substitute = pl.Series([goods.code[i] if i >= 0 else None for i in goods.substitute_of], dtype=pl.String)
    return pl.DataFrame(
        {
            "sku_id": goods.code.tolist(),
            "sku_name": goods.name.tolist(),
            "category_name": coded([row[0] for row in words.CATEGORIES], goods.category),
            "base_unit_code": pl.Series(["EA"]).new_from_index(0, goods.count),
            "units_per_pack": goods.pack,
            "weight_kg": goods.weight,
            "volume_m3": np.round(goods.weight * 0.0021, 5),
            "unit_cost": goods.cost_on(net.size.history_end),
            "list_price": goods.price_on(net.size.history_end),
            "launched_date": dates(goods.launched),
            "discontinued_date": dates(np.where(goods.discontinued == NEVER, 0, goods.discontinued)),
            "substitute_of": substitute,
        }
    )


def sites(world: World, _since: int) -> pl.DataFrame:
    """All sites."""
    columns = (
        "site_id",
        "site_name",
        "kind_code",
        "region_name",
        "country_code",
        "latitude",
        "longitude",
        "timezone_name",
    )
    rows = parties.site_rows(world.net.size)
    return pl.DataFrame({name: [row[at] for row in rows] for at, name in enumerate(columns)})


def customers(world: World, _since: int) -> pl.DataFrame:
    """All customers with what they may owe and what they are owed."""
    net, buyers = world.net, world.net.customers
    return pl.DataFrame(
        {
            "customer_id": buyers.code.tolist(),
            "customer_name": buyers.name.tolist(),
            "tier_code": coded(parties.TIERS, buyers.tier),
            "region_name": coded([row[3] for row in parties.site_rows(net.size)], buyers.site),
            "credit_limit_amount": net.credit_limit,
            "minimum_fill_share": [share or None for share in buyers.minimum_fill.tolist()],
            "late_penalty_share": [share or None for share in buyers.penalty_share.tolist()],
        }
    )


def suppliers(world: World, _since: int) -> pl.DataFrame:
    """All suppliers."""
    makers = world.net.suppliers
    columns = {
        "supplier_id": makers.code,
        "supplier_name": makers.name,
        "country_code": makers.country,
        "calendar_name": makers.country,
    }
    return pl.DataFrame({name: values.tolist() for name, values in columns.items()})


def supplier_terms(world: World, _since: int) -> pl.DataFrame:
    """What each SKU costs at its supplier, before and after the rise of New Year 2026, and how it may be ordered."""
    net, goods = world.net, world.net.goods
    parts = []
    for valid_from, factor in ((TERMS_FROM, 1.0), (NEW_YEAR, COST_RISE)):
        cost = np.round(goods.cost * factor, 4)
        parts.append(
            pl.DataFrame(
                {
                    "supplier_id": coded(net.suppliers.code, goods.supplier),
                    "sku_id": goods.code.tolist(),
                    "valid_from_date": [date_of(valid_from)] * goods.count,
                    "unit_cost": cost,
                    "minimum_order_qty": goods.minimum_order,
                    "pack_qty": goods.pack,
                    "price_breaks": [
                        f"{40 * q}: {c * 0.97:.2f}; {200 * q}: {c * 0.94:.2f}" if c >= 1 else None
                        for q, c in zip(goods.pack, cost, strict=True)
                    ],
                    "promised_lead_days": net.suppliers.promised_days[goods.supplier],
                }
            )
        )
    return pl.concat(parts)


def carriers(world: World, _since: int) -> pl.DataFrame:
    """All carriers."""
    rows = words.CARRIERS[: world.net.size.carrier_count]
    return pl.DataFrame(
        {name: [row[at] for row in rows] for at, name in enumerate(("carrier_id", "carrier_name", "mode_code"))}
    )


def lanes(world: World, _since: int) -> pl.DataFrame:
    """From where to which region by whom, at what cost and how fast."""
    net, ways = world.net, world.net.lanes
    return pl.DataFrame(
        {
            "from_site_id": coded(net.sites.code, ways.site),
            "to_place": coded([row[3] for row in parties.site_rows(net.size)], ways.region),
            "carrier_id": coded([row[0] for row in words.CARRIERS], ways.carrier),
            "cost_amount_per_shipment": ways.cost,
            "cost_amount_per_kg": ways.cost_per_kg,
            "promised_hours": ways.transit_days * 24 - 1,
            "capacity_per_day": ways.capacity,
        }
    )


def prices(world: World, _since: int) -> pl.DataFrame:
    """List prices for everybody, before and after New Year 2026, and what was agreed with large customers."""
    net, goods = world.net, world.net.goods
    parts = [_listed(net, TERMS_FROM), _listed(net, NEW_YEAR)]
    who, what = np.nonzero(net.contract_price)
    agreed = {
        "sku_id": coded(goods.code, what),
        "customer_id": coded(net.customers.code, who),
        "valid_from_date": [date_of(TERMS_FROM)] * len(who),
        "unit_price": net.contract_price[who, what],
        "is_contract": [True] * len(who),
    }
    return pl.concat([*parts, pl.DataFrame(agreed)])


def _listed(net: Network, valid_from: int) -> pl.DataFrame:
    count = net.goods.count
    return pl.DataFrame(
        {
            "sku_id": net.goods.code.tolist(),
            "customer_id": pl.Series([None] * count, dtype=pl.String),
            "valid_from_date": [date_of(valid_from)] * count,
            "unit_price": net.goods.price_on(valid_from),
            "is_contract": [False] * count,
        }
    )
