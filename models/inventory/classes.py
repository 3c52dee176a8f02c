"""What each SKU is at each site: how much it earns, how well it can be forecast, how it is bought, and how old it is."""

import polars as pl

from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored

SEGMENT = (
    "sku_id",
    "site_id",
    "abc_class",
    "margin_share",
    "site_abc_class",
    "xyz_class",
    "xyz_number",
    "xyz_by_name",
    "demand_class_name",
    "interval_days",
    "size_variation_number",
    "life_stage_name",
    "recent_number",
    "dying_share",
    "alike_count",
    "own_daily_qty",
    "alike_daily_qty",
    "expected_daily_qty",
)


def score(frames: Frames, asked: Asked) -> Scored:
    """One row per SKU and site, and for new ones what alike SKUs sold at the same age."""
    from models.alike import expected_of_new
    from models.inventory.segments import segments

    demand = frames["core.demand_facts"]
    lives = frames["marts.selling_lives"].rename({"first_demand_date": "first_date", "last_sale_date": "last_date"})
    came = pl.col("came_28_qty").cast(pl.Float64)
    errors = (
        frames["scores.demand_fits"]
        .filter(came > 0)
        .select("sku_id", "site_id", relative_error=pl.col("error_28_qty").cast(pl.Float64).abs() / came)
    )
    by_error = None if asked.version == RIVAL_ONLY else errors
    told = segments(demand, lives, frames["marts.sku_margins"], as_of=asked.as_of, errors=by_error)
    new = expected_of_new(demand, lives, frames["core.skus"], as_of=asked.as_of)
    joined = told.join(_new(new, frames["scores.demand_fits"]), on=["sku_id", "site_id"], how="left").rename(
        {
            "xyz_figure": "xyz_number",
            "xyz_by": "xyz_by_name",
            "demand_class": "demand_class_name",
            "size_cv2": "size_variation_number",
            "life_stage": "life_stage_name",
            "recent_ratio": "recent_number",
            "dying_chance": "dying_share",
        }
    )
    because = (
        "Classes follow their definitions; there is nothing to be right or wrong about. New SKUs lean on alike ones."
    )
    return Scored({"scores.segments": joined.select(SEGMENT)}, because=because, trained_rows=demand.height)


def _new(expected: pl.DataFrame, fits: pl.DataFrame) -> pl.DataFrame:
    """What new SKUs are expected to sell a day: what the forecast says of the next 28 days, so that there is one number for it.

    Where nothing is forecast it is what alike SKUs and the own sales say together, which the forecast is made of.
    """
    forecast = fits.select("sku_id", "site_id", forecast=pl.col("forecast_28_qty").cast(pl.Float64) / 28)
    told = expected.join(forecast, on=["sku_id", "site_id"], how="left")
    return told.select(
        "sku_id",
        "site_id",
        "alike_count",
        "own_daily_qty",
        "alike_daily_qty",
        expected_daily_qty=pl.coalesce("forecast", "expected_daily_qty"),
    )


MODEL = Model(
    code="segments",
    title="Segments",
    question="What is each SKU at each site: earner or not, forecastable or not, frequent or rare, new or dying?",
    reads={
        "core.demand_facts": ("sku_id", "site_id", "demand_date", "demand_qty"),
        "marts.selling_lives": ("sku_id", "site_id", "first_demand_date", "last_sale_date"),
        "marts.sku_margins": ("sku_id", "site_id", "margin_amount"),
        "scores.demand_fits": ("sku_id", "site_id", "error_28_qty", "came_28_qty", "forecast_28_qty"),
        "core.skus": ("sku_id", "category_name", "list_price", "units_per_pack"),
    },
    writes=(
        Output(
            name="scores.segments",
            answers="Which class is each SKU in at each site, and on which figure does that rest?",
            grain="one row per SKU and site that ever had demand",
            key=("sku_id", "site_id"),
            columns=SEGMENT,
            checks=("abc_class in ('A', 'B', 'C')",),
        ),
    ),
    guarantee="Every class carries the figure that decided it.",
    rival="variation of weekly demand alone",
    needs=("order_lines",),
    versions={
        1: "ABC by margin, XYZ by forecast error, Syntetos-Boylan-Croston classes, life stage by a binomial test."
    },
    does_not="It does not know what a SKU is sold together with, or what it does for a customer.",
    trust="Trust ABC; a new SKU's expected demand is a guess from alike ones until it has eight weeks of its own.",
    score=score,
)
