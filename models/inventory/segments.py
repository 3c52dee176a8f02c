"""Which SKU matters where, how its demand behaves and whether it is young or dying: one row per SKU and site.

Four sortings that planners know by name, each with the figure that it was made from.
"""

from datetime import date, timedelta

import polars as pl
from scipy.special import bdtr

from models.alike import NEW_DAYS
from models.demand_class import DAYS_AT_MOST, FEWEST_DAYS, classes

KEY = ["sku_id", "site_id"]
A_SHARE, B_SHARE = 0.80, 0.95  # of the margin, cumulated from the best SKU
X_MOST, Y_MOST = 0.5, 1.0  # relative error or variation
RECENT_DAYS = 91
EARLIER_DAYS = 365
DYING_RATIO = 0.25
CHANCE = 0.01  # that a SKU whose demand goes on as before is called dying
FEWEST_WEEKS = 8  # of selling life, for a variation of weekly demand

SCHEMA = {
    "sku_id": pl.String,
    "site_id": pl.String,
    "abc_class": pl.String,
    "margin_share": pl.Float64,
    "site_abc_class": pl.String,
    "xyz_class": pl.String,
    "xyz_figure": pl.Float64,
    "xyz_by": pl.String,
    "demand_class": pl.String,
    "interval_days": pl.Float64,
    "size_cv2": pl.Float64,
    "life_stage": pl.String,
    "recent_ratio": pl.Float64,
    "dying_chance": pl.Float64,
}


def segments(
    demand: pl.DataFrame,
    lives: pl.DataFrame,
    margins: pl.DataFrame,
    *,
    as_of: date,
    errors: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """One row per SKU and site on sale by `as_of`: its ABC, XYZ and demand class and its stage of life, with the figures.

    Args:
        demand: `sku_id`, `site_id`, `demand_date`, `demand_qty`, one row per day with demand, as in `core.demand_facts`.
        lives: `sku_id`, `site_id`, `first_date`, `last_date`: the selling life; `last_date` null or not before `as_of`
            while it lasts. Days after `as_of` are not looked at.
        margins: `sku_id`, `site_id`, `margin_amount` over a year; several rows of a key are added up.
        errors: `sku_id`, `site_id`, `relative_error` of forecasts in a backtest (root mean square error or absolute error
            over mean demand), where there are any.

    Returns:
        columns of `SCHEMA`, sorted by SKU and site. `xyz_class` and `life_stage` are null and `demand_class` is "none" where
        the facts are too few; the functions below say when.

    >>> day = lambda n: date(2026, 1, 1) + timedelta(days=n)
    >>> keys = {"sku_id": ["S"] * 200, "site_id": ["X"] * 200}
    >>> demand = pl.DataFrame(keys | {"demand_date": [day(n) for n in range(200)], "demand_qty": [4.0, 6.0] * 100})
    >>> lives = pl.DataFrame({"sku_id": ["S"], "site_id": ["X"], "first_date": [day(0)], "last_date": [None]})
    >>> margins = pl.DataFrame({"sku_id": ["S"], "site_id": ["X"], "margin_amount": [900.0]})
    >>> said = segments(demand, lives, margins, as_of=day(199))
    >>> said.select("abc_class", "xyz_class", "demand_class", "life_stage").row(0)
    ('A', 'X', 'smooth', 'mature')
    """
    lived = _lived(lives, as_of)
    known = demand.filter(pl.col("demand_date") <= as_of, pl.col("demand_qty") > 0).join(lived, on=KEY, how="semi")
    by_sku = abc(margins.group_by("sku_id").agg(pl.col("margin_amount").sum()), by=["sku_id"])
    by_site = abc(margins.group_by(KEY).agg(pl.col("margin_amount").sum()), by=KEY).select(
        *KEY, site_abc_class="abc_class"
    )
    joined = (
        lived.join(by_sku, on="sku_id", how="left")
        .join(by_site, on=KEY, how="left")
        .join(forecastability(known, lived, errors=errors), on=KEY, how="left")
        .join(demand_classes(known, lived), on=KEY, how="left")
        .join(life_stages(known, lived, as_of=as_of), on=KEY, how="left")
    )
    said = joined.with_columns(pl.col("abc_class", "site_abc_class").fill_null("C"))
    return said.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items()).sort(KEY)


def abc(margins: pl.DataFrame, *, by: list[str]) -> pl.DataFrame:
    """`by`, `abc_class` and `margin_share`: A for those that earn the first 80 % of all margin, B to 95 %, C the rest.

    The one that crosses a bound still belongs to the better class, so A is never empty while anything is earned. Whatever
    earns nothing, loses, or has no known margin is C; losses are not set off against what the others earn.

    >>> earned = pl.DataFrame({"sku_id": list("PQRST"), "margin_amount": [704.0, 192.0, 64.0, 64.0, -50.0]})
    >>> abc(earned, by=["sku_id"]).rows()
    [('P', 'A', 0.6875), ('Q', 'A', 0.1875), ('R', 'B', 0.0625), ('S', 'B', 0.0625), ('T', 'C', 0.0)]
    """
    earned = pl.col("margin_amount").cast(pl.Float64).fill_null(0.0).clip(lower_bound=0.0)
    ranked = margins.with_columns(earned=earned).sort(["earned", *by], descending=[True] + [False] * len(by))
    total = pl.col("earned").sum()
    # A hair is taken off, so that a sum of tenths that should be 0.8 is not kept above it by rounding.
    before = pl.when(total > 0).then((pl.col("earned").cum_sum() - pl.col("earned")) / total + 1e-12)
    found = pl.when(pl.col("earned") <= 0).then(pl.lit("C")).when(before < A_SHARE).then(pl.lit("A"))
    named = found.when(before < B_SHARE).then(pl.lit("B")).otherwise(pl.lit("C"))
    share = pl.when(total > 0).then(pl.col("earned") / total)
    return ranked.select(*by, named.alias("abc_class"), share.alias("margin_share"))


def forecastability(demand: pl.DataFrame, lived: pl.DataFrame, *, errors: pl.DataFrame | None = None) -> pl.DataFrame:
    """`xyz_class`, the figure behind it and what it is: X to 0.5, Y to 1, Z beyond; null below `FEWEST_WEEKS` weeks.

    `xyz_by` is "forecast error" where a backtest told one: a season that can be forecast is no uncertainty. Elsewhere it
    is "variation", the standard deviation (n − 1) of the demand of whole weeks, the last one ending with the selling life, over
    their mean.

    Args:
        demand: days with demand, within the selling lives.
        lived: `sku_id`, `site_id`, `first_date`, `end_date`, both inclusive.
    """
    weeks = (pl.col("end_date") - pl.col("first_date")).dt.total_days().add(1) // 7
    back = (pl.col("end_date") - pl.col("demand_date")).dt.total_days() // 7
    weekly = (
        demand.join(lived, on=KEY)
        .with_columns(week=back, weeks=weeks)
        .filter(pl.col("week") >= 0, pl.col("week") < pl.col("weeks"))
        .group_by(*KEY, "week", "weeks")
        .agg(qty=pl.col("demand_qty").cast(pl.Float64).sum())
        .group_by(*KEY, "weeks")
        .agg(total=pl.col("qty").sum(), squares=(pl.col("qty") ** 2).sum())
        .filter(pl.col("weeks") >= FEWEST_WEEKS)
    )
    mean = pl.col("total") / pl.col("weeks")
    variance = (pl.col("squares") - pl.col("total") * mean).clip(lower_bound=0.0) / (pl.col("weeks") - 1)
    found = weekly.select(*KEY, variation=variance.sqrt() / mean)
    told = (
        errors
        if errors is not None
        else pl.DataFrame(schema={"sku_id": pl.String, "site_id": pl.String, "relative_error": pl.Float64})
    )
    error = pl.when(pl.col("relative_error").is_finite()).then(pl.col("relative_error").cast(pl.Float64))
    figure = pl.coalesce(error, "variation")
    source = pl.when(error.is_not_null()).then(pl.lit("forecast error")).when(pl.col("variation").is_not_null())
    return (
        lived.select(KEY)
        .join(found, on=KEY, how="left")
        .join(told.select(*KEY, "relative_error"), on=KEY, how="left")
        .with_columns(xyz_figure=figure, xyz_by=source.then(pl.lit("variation")))
        .select(*KEY, "xyz_figure", "xyz_by", xyz_class=_classed(pl.col("xyz_figure")))
    )


def demand_classes(demand: pl.DataFrame, lived: pl.DataFrame) -> pl.DataFrame:
    """`demand_class` by how often and how evenly a SKU is asked for: smooth, erratic, intermittent or lumpy.

    `interval_days` is days of selling life over days with demand; `size_cv2` the squared coefficient of variation (n) of the
    sizes of the days with demand, over the last three years of that life; both null below two days with demand.
    `models.demand_class` draws the bounds, for the forecast too.

    Args:
        demand: days with demand, within the selling lives.
        lived: `sku_id`, `site_id`, `first_date`, `end_date`, both inclusive.
    """
    earliest = pl.col("end_date") - timedelta(days=DAYS_AT_MOST - 1)
    begins = pl.max_horizontal("first_date", earliest)
    recent = lived.select(*KEY, begins=begins, life_days=(pl.col("end_date") - begins).dt.total_days() + 1)
    qty = pl.col("demand_qty").cast(pl.Float64)
    figures = (
        demand.join(recent, on=KEY)
        .filter(pl.col("demand_date") >= pl.col("begins"))
        .group_by(*KEY, "life_days", maintain_order=True)
        .agg(demand_days=pl.len(), size_cv2=qty.var(ddof=0) / qty.mean() ** 2)
    )
    named = classes(*(figures[name].to_numpy() for name in ("life_days", "demand_days", "size_cv2")))
    is_told = pl.col("demand_days") >= FEWEST_DAYS
    told = figures.with_columns(
        demand_class=pl.Series(named, dtype=pl.String), interval_days=pl.col("life_days") / pl.col("demand_days")
    )
    figure = [pl.when(is_told).then(pl.col(name)).alias(name) for name in ("interval_days", "size_cv2")]
    rest = lived.select(KEY).join(told.select(*KEY, *figure, "demand_class"), on=KEY, how="left")
    return rest.with_columns(pl.col("demand_class").fill_null("none"))


def life_stages(demand: pl.DataFrame, lived: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """`life_stage`: "new" to 91 days of age, "ended", "dying", else "mature"; with the ratio and the chance behind dying.

    Dying is a rate over the last 91 days below a quarter of the rate over up to a year before, that chance alone does not
    bring about: were the days with demand spread evenly, the binomial chance that so few of them fall into the last 91 days
    must be at most 1 %. So a slow mover that pauses is not dying. `recent_ratio` compares quantities, `dying_chance` days
    with demand, which no large order can sway. Both are null without 91 days of history before the last 91.

    Args:
        demand: days with demand, within the selling lives.
        lived: `sku_id`, `site_id`, `first_date`, `end_date`, `is_ended`.
    """
    recent_from = as_of - timedelta(days=RECENT_DAYS - 1)
    earlier_from = recent_from - timedelta(days=EARLIER_DAYS)
    is_recent = pl.col("demand_date") >= recent_from
    is_earlier = (pl.col("demand_date") >= earlier_from) & ~is_recent
    qty = pl.col("demand_qty").cast(pl.Float64)
    sums = demand.group_by(KEY).agg(
        recent_qty=qty.filter(is_recent).sum(),
        earlier_qty=qty.filter(is_earlier).sum(),
        recent_count=is_recent.sum().cast(pl.Int64),
        earlier_count=is_earlier.sum().cast(pl.Int64),
    )
    start = pl.max_horizontal("first_date", pl.lit(earlier_from))
    told = (
        lived.join(sums, on=KEY, how="left")
        .with_columns(earlier_days=(pl.lit(recent_from) - start).dt.total_days())
        .with_columns(has_past=(pl.col("earlier_days") >= RECENT_DAYS) & (pl.col("earlier_qty") > 0))
    )
    rate = pl.col("earlier_qty") / pl.col("earlier_days")
    told = told.with_columns(
        recent_ratio=pl.when("has_past").then(pl.col("recent_qty") / RECENT_DAYS / rate),
        dying_chance=pl.when("has_past").then(_chance(told)),
    )
    is_new = (pl.lit(as_of) - pl.col("first_date")).dt.total_days() < NEW_DAYS
    is_dying = (pl.col("recent_ratio") < DYING_RATIO) & (pl.col("dying_chance") <= CHANCE)
    stage = (
        pl.when("is_ended").then(pl.lit("ended")).when(is_new).then(pl.lit("new")).when(is_dying).then(pl.lit("dying"))
    )
    return told.select(*KEY, "recent_ratio", "dying_chance", life_stage=stage.otherwise(pl.lit("mature")))


def _lived(lives: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The selling lives as seen on the day: from the first demand to the day or to the end; those not begun are left out."""
    last = pl.coalesce("last_date", pl.lit(as_of))
    return lives.filter(pl.col("first_date") <= as_of).select(
        *KEY, "first_date", end_date=pl.min_horizontal(last, pl.lit(as_of)), is_ended=last < as_of
    )


def _classed(figure: pl.Expr) -> pl.Expr:
    named = pl.when(figure <= X_MOST).then(pl.lit("X")).when(figure <= Y_MOST).then(pl.lit("Y"))
    return named.when(figure.is_not_null()).then(pl.lit("Z"))


def _chance(told: pl.DataFrame) -> pl.Series:
    recent, days = told["recent_count"].fill_null(0), told["earlier_days"].clip(lower_bound=1)
    total = recent + told["earlier_count"].fill_null(0)
    share = RECENT_DAYS / (RECENT_DAYS + days.to_numpy())
    return pl.Series("dying_chance", bdtr(recent.to_numpy().astype(float), total.to_numpy(), share))
