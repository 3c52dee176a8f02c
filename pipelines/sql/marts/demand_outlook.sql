-- answers: What is expected of each SKU at each site, how good was the last forecast, and what did its miss cost?
-- grain: one row per SKU and site on sale
-- key: sku_id, site_id
-- kind: table
-- checks:
--   abs_error_28_qty is null or abs_error_28_qty >= 0
-- why: A miss is what the forecast of four weeks ago, of whoever speaks now, lay off by, in four-week sums, on days with stock.
--   Its money is that quantity at what customers pay: sales not prepared for, or stock brought in for nobody.
with demand_outlook as (
    select
        fits.sku_id,
        skus.sku_name,
        skus.category_name,
        fits.site_id,
        sites.site_name,
        sites.region_name,
        segments.abc_class,
        segments.xyz_class,
        segments.life_stage_name,
        fits.demand_class_name,
        fits.method_name,
        fits.history_day_count,
        fits.censored_day_count,
        fits.lifted_qty,
        fits.forecast_28_qty,
        fits.looked_back_qty,
        fits.came_28_qty,
        fits.error_28_qty,
        cast(abs(fits.error_28_qty) as decimal(18, 3)) as abs_error_28_qty,
        cast(abs(fits.naive_error_28_qty) as decimal(18, 3)) as naive_abs_error_28_qty,
        fits.rmsse_number,
        fits.naive_rmsse_number,
        cast(abs(fits.error_28_qty) * margins.unit_net_amount as decimal(18, 4)) as miss_amount,
        fits.origin_date as as_of_date
    from scores.demand_fits as fits
    left join scores.segments as segments on segments.sku_id = fits.sku_id and segments.site_id = fits.site_id
    left join core.skus as skus on skus.sku_id = fits.sku_id
    left join core.sites as sites on sites.site_id = fits.site_id
    left join marts.sku_margins as margins on margins.sku_id = fits.sku_id and margins.site_id = fits.site_id
)
select * from demand_outlook
