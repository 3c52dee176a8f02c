"""What to expect of a SKU that is too new to have a past: what alike SKUs sold at the same age, and ever more its own sales."""

from datetime import date

import polars as pl

KEY = ["sku_id", "site_id"]
NEW_DAYS = 91
FEWEST_DAYS = 28  # of alike SKUs' first days are looked at, however young the new one is
MOST_ALIKE = 20
FEWEST_LAUNCHES = 5
PRICE_SPREAD, PACK_SPREAD = 0.5, 0.7  # distance one, in logarithms: about 1.65 times the price, twice the pack
LONGEST_PRIOR_DAYS = 365.0

WEIGHTS = {
    "sku_id": pl.String,
    "site_id": pl.String,
    "alike_sku_id": pl.String,
    "weight": pl.Float64,
    "alike_by": pl.String,
}
EXPECTED = {
    "sku_id": pl.String,
    "site_id": pl.String,
    "age_days": pl.Int64,
    "own_daily_qty": pl.Float64,
    "alike_daily_qty": pl.Float64,
    "alike_count": pl.Int64,
    "alike_by": pl.String,
    "prior_days": pl.Float64,
    "expected_daily_qty": pl.Float64,
}


def alike(lives: pl.DataFrame, skus: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """For each new SKU at a site the up to twenty most alike SKUs there, with weights that add up to one.

    Alike are SKUs of the same category at the same site that have at least lived as long (28 days at least); the weight is
    `exp(-d² / 2)`, where d² adds the squares of the logarithms of price and pack ratio over 0.5 and 0.7, and one for each that
    is not known. `alike_by` is "launches" where at least five of them were seen to begin, later than 28 days after the first
    demand of all at that site, and only those then count; "any age" where too few were, so that first days are not launches.

    Args:
        lives: `sku_id`, `site_id`, `first_date`, `last_date` (null while it lasts).
        skus: `sku_id`, `category_name`, `list_price`, `units_per_pack`; null where not known.

    >>> lives = pl.DataFrame(
    ...     {
    ...         "sku_id": ["N", "P", "Q"],
    ...         "site_id": ["X"] * 3,
    ...         "last_date": [None] * 3,
    ...         "first_date": [date(2026, 6, 1), date(2026, 1, 5), date(2026, 1, 5)],
    ...     },
    ...     schema_overrides={"last_date": pl.Date},
    ... )
    >>> skus = pl.DataFrame(
    ...     {
    ...         "sku_id": ["N", "P", "Q"],
    ...         "category_name": ["taps"] * 3,
    ...         "list_price": [10.0, 10.0, 80.0],
    ...         "units_per_pack": [6.0, 6.0, 6.0],
    ...     }
    ... )
    >>> alike(lives, skus, as_of=date(2026, 6, 30)).select("alike_sku_id", pl.col("weight").round(3)).rows()
    [('P', 1.0), ('Q', 0.0)]
    """
    known = _aged(lives, as_of).join(skus.select("sku_id", *_features()), on="sku_id", how="left")
    history_from = pl.col("first_date").min().over("site_id")
    known = known.with_columns(is_launch=(pl.col("first_date") - history_from).dt.total_days() > FEWEST_DAYS)
    new = known.filter(pl.col("age_days") <= NEW_DAYS, ~pl.col("is_ended"))
    old = known.rename({"sku_id": "alike_sku_id"})
    pairs = new.join(old, on=["site_id", "category_name"], suffix="_old").filter(
        pl.col("alike_sku_id") != pl.col("sku_id"),
        pl.col("age_days_old") >= pl.max_horizontal("age_days", pl.lit(FEWEST_DAYS)),
        # Those that are new themselves would be measured by each other.
        pl.col("age_days_old") > NEW_DAYS,
    )
    launches = pl.col("is_launch_old").sum().over(KEY) >= FEWEST_LAUNCHES
    kept = pairs.with_columns(has_launches=launches).filter(~pl.col("has_launches") | pl.col("is_launch_old"))
    d2 = _square("log_price", PRICE_SPREAD) + _square("log_pack", PACK_SPREAD)
    nearest = kept.with_columns(raw=(-d2 / 2).exp().clip(lower_bound=1e-9)).sort(
        [*KEY, "raw", "alike_sku_id"], descending=[False, False, True, False]
    )
    named = pl.when("has_launches").then(pl.lit("launches")).otherwise(pl.lit("any age"))
    weighed = nearest.group_by(KEY, maintain_order=True).head(MOST_ALIKE)
    weight = pl.col("raw") / pl.col("raw").sum().over(KEY)
    return weighed.with_columns(weight=weight, alike_by=named).select(
        pl.col(n).cast(kind) for n, kind in WEIGHTS.items()
    )


def expected_of_new(demand: pl.DataFrame, lives: pl.DataFrame, skus: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """For each new SKU at a site the daily demand to expect: alike SKUs' at the same age, shrunk towards its own by its days.

    With m the weighted mean of what alike SKUs sold a day in their first days, as many as the new one is old (28 at least),
    and b days that this is worth, `expected = (b m + own quantity) / (b + own days)`: the mean of a gamma prior after Poisson
    demand. The first day of each, which always sells, is left out. b is the demand's variance over its mean, times m, over
    the variance of the alike SKUs' true rates (the variance of what they sold less the part that chance explains), between
    1 and 365 days: the more alike SKUs differ, the sooner the own sales count. Without alike SKUs it is the own rate, and
    null on the first day.

    Args:
        demand: `sku_id`, `site_id`, `demand_date`, `demand_qty`, one row per day with demand; days after `as_of` are not
            looked at.
        lives, skus: as for `alike`.

    Returns:
        columns of `EXPECTED`, sorted by SKU and site; `age_days` is of days lived through, the first one included.
    """
    new = _aged(lives, as_of).filter(pl.col("age_days") <= NEW_DAYS, ~pl.col("is_ended"))
    sold = demand.filter(pl.col("demand_date") <= as_of).with_columns(pl.col("demand_qty").cast(pl.Float64))
    own = _in_first(sold, new.with_columns(window_days="age_days")).select(*KEY, own_qty="qty")
    windows = new.select(*KEY, window_days=pl.max_horizontal("age_days", pl.lit(FEWEST_DAYS)))
    old = (
        alike(lives, skus, as_of=as_of)
        .join(windows, on=KEY)
        .join(lives.select("site_id", alike_sku_id="sku_id", first_date="first_date"), on=["site_id", "alike_sku_id"])
    )
    rates = _in_first(
        sold,
        old.select("site_id", "window_days", "first_date", sku_id="alike_sku_id").unique(
            ["sku_id", "site_id", "window_days"]
        ),
    )
    keyed = rates.rename({"sku_id": "alike_sku_id"}).select("alike_sku_id", "site_id", "window_days", "qty", "squares")
    prior = _prior(old.join(keyed, on=["alike_sku_id", "site_id", "window_days"]))
    days = pl.col("age_days").cast(pl.Float64) - 1
    shrunk = (pl.col("prior_days") * pl.col("alike_daily_qty") + pl.col("own_qty")) / (pl.col("prior_days") + days)
    own_rate = pl.when(days > 0).then(pl.col("own_qty") / days)
    joined = new.join(own, on=KEY, how="left").join(prior, on=KEY, how="left")
    said = joined.with_columns(
        own_daily_qty=own_rate,
        alike_count=pl.col("alike_count").fill_null(0),
        expected_daily_qty=pl.coalesce(shrunk, own_rate),
    )
    return said.select(pl.col(name).cast(kind) for name, kind in EXPECTED.items()).sort(KEY)


def _prior(weighed: pl.DataFrame) -> pl.DataFrame:
    """Per new SKU the weighted mean rate of the alike ones, and how many days of own sales it is worth."""
    days, w = pl.col("window_days") - 1, pl.col("weight")
    rate = pl.col("qty") / days
    chance = (pl.col("squares") / days - rate**2) * w
    # In one order: joins keep none, and sums of floats differ in their last bit with it.
    sums = (
        weighed.sort(*KEY, "alike_sku_id")
        .group_by(KEY, maintain_order=True)
        .agg(
            alike_daily_qty=(rate * w).sum(),
            square=(rate**2 * w).sum(),
            daily_variance=chance.sum(),
            concentration=(w**2).sum(),
            window=days.first(),
            alike_count=pl.len(),
            alike_by=pl.col("alike_by").first(),
        )
    )
    mean = pl.col("alike_daily_qty")
    spread = (pl.col("square") - mean**2) / (1 - pl.col("concentration"))
    between = (spread - pl.col("daily_variance") / pl.col("window")).clip(lower_bound=0.0)
    worth = pl.when(between > 0).then(pl.col("daily_variance") / between).otherwise(LONGEST_PRIOR_DAYS)
    alone = pl.col("concentration") > 1 - 1e-9
    clipped = worth.clip(1.0, LONGEST_PRIOR_DAYS)
    return sums.select(
        *KEY,
        "alike_daily_qty",
        "alike_count",
        "alike_by",
        prior_days=pl.when(alone).then(float(FEWEST_DAYS)).otherwise(clipped),
    )


def _in_first(sold: pl.DataFrame, lived: pl.DataFrame) -> pl.DataFrame:
    """The lives with `qty` and `squares`, sums over the first `window_days` days but the very first; nought where none sold.

    A life begins with the first demand, so that day always sells: counted in, it makes every young SKU look better than it is.
    """
    keys = [*KEY, "window_days"]
    age = (pl.col("demand_date") - pl.col("first_date")).dt.total_days()
    sums = (
        lived.join(sold, on=KEY)
        .filter(age > 0, age < pl.col("window_days"))
        .sort(*keys, "demand_date")
        .group_by(keys, maintain_order=True)
        .agg(qty=pl.col("demand_qty").sum(), squares=(pl.col("demand_qty") ** 2).sum())
    )
    return lived.join(sums, on=keys, how="left").with_columns(pl.col("qty", "squares").fill_null(0.0))


def _aged(lives: pl.DataFrame, as_of: date) -> pl.DataFrame:
    begun = lives.filter(pl.col("first_date") <= as_of)
    return begun.select(
        *KEY,
        "first_date",
        age_days=(pl.lit(as_of) - pl.col("first_date")).dt.total_days() + 1,
        is_ended=(pl.col("last_date") < as_of).fill_null(value=False),
    )


def _features() -> list[pl.Expr]:
    price, pack = pl.col("list_price").cast(pl.Float64), pl.col("units_per_pack").cast(pl.Float64)
    return [
        pl.col("category_name"),
        pl.when(price > 0).then(price.log()).alias("log_price"),
        pl.when(pack > 0).then(pack.log()).alias("log_pack"),
    ]


def _square(name: str, spread: float) -> pl.Expr:
    return (((pl.col(name) - pl.col(f"{name}_old")) / spread) ** 2).fill_null(1.0)
