-- answers: Which shelf is likely to run out before a new order could come, with names, and what would be lost?
-- grain: one row per SKU and site on sale with known stock
-- key: sku_id, site_id
-- kind: table
-- checks:
--   stockout_share >= 0 and stockout_share <= 1
with stockout_outlook as (
    select
        risks.sku_id,
        skus.sku_name,
        skus.category_name,
        risks.site_id,
        sites.site_name,
        sites.region_name,
        segments.abc_class,
        risks.on_hand_qty,
        risks.open_qty,
        risks.next_due_date,
        risks.lead_time_days,
        risks.stockout_share,
        risks.first_likely_date,
        risks.expected_lost_qty,
        risks.expected_lost_amount,
        risks.because_text,
        risks.as_of_date
    from scores.stockout_outlook as risks
    left join scores.segments as segments on segments.sku_id = risks.sku_id and segments.site_id = risks.site_id
    left join core.skus as skus on skus.sku_id = risks.sku_id
    left join core.sites as sites on sites.site_id = risks.site_id
)
select * from stockout_outlook
